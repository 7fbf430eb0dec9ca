//! `textDocument/codeLens`: above each FROM, what becomes of the stage.

use std::collections::HashMap;

use gen_lsp_types::{CodeLens, CodeLensParams, Command};

use crate::lint::size;
use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::names::{Name, Names};
use crate::model::{Base, Layer, Model};
use crate::report::MeasuredLine;

pub(in crate::lsp) fn answer(ask: &Ask, _: &CodeLensParams) -> Result<Vec<CodeLens>, Failure> {
    let measured = ask.engine.measured(&ask.document);
    Ok(ask.with_model(|model| {
        let mut uses: HashMap<usize, usize> = HashMap::new();
        for it in Names::find(model).list.iter().filter(|it| !it.defines) {
            if let Name::Stage(id) = it.name {
                *uses.entry(id).or_default() += 1;
            }
        }
        let lens = |(id, made): (usize, Made)| CodeLens {
            range: ask.document.range(model.stages[id].instruction.keyword_span),
            // There is nothing to do but to read it.
            command: Some(Command {
                title: title(model, id, made, uses.get(&id).copied().unwrap_or(0)),
                tooltip: None,
                command: String::new(),
                arguments: None,
            }),
            data: None,
        };
        made(model, &measured).into_iter().enumerate().map(lens).collect()
    }))
}

/// What the file makes for a stage, with the stages that it is built on.
#[derive(Clone, Copy, Default)]
struct Made {
    layers: usize,
    /// What the layers hold; none where none of them was measured.
    bytes: Option<u64>,
}

fn made(model: &Model<'_>, measured: &[MeasuredLine]) -> Vec<Made> {
    let bytes = |at: usize| {
        let line = model.doc.source.line(model.doc.instructions[at].span.start);
        measured.iter().find(|it| it.line == line).map(|it| it.bytes)
    };
    let mut all: Vec<Made> = Vec::with_capacity(model.stages.len());
    for stage in &model.stages {
        let own = model.layers.get(stage.instructions.clone()).unwrap_or_default();
        let own = own.iter().filter(|it| **it == Layer::Files).count();
        let below = if let Base::Stage(base) = stage.base { all.get(base) } else { None };
        let below = below.copied().unwrap_or_default();
        let added = stage.instructions.clone().filter_map(bytes).chain(below.bytes);
        all.push(Made { layers: own + below.layers, bytes: added.reduce(u64::saturating_add) });
    }
    all
}

/// Whether it ships, its layers and what they add, and how often it is used.
fn title(model: &Model<'_>, id: usize, made: Made, uses: usize) -> String {
    let stage = &model.stages[id];
    let what = match (model.final_stage == Some(id), stage.ships, stage.needed) {
        (true, ..) => "final image",
        (_, true, _) => "ships",
        (_, _, true) => "build only",
        (_, _, false) => "not built",
    };
    let count = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    let mut parts = vec![what.to_owned(), count(made.layers, "layer")];
    parts.extend(made.bytes.map(|it| format!("adds {}", size(it))));
    if uses > 0 {
        parts.push(count(uses, "use"));
    }
    parts.join(" · ")
}
