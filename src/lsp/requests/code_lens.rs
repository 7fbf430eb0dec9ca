//! `textDocument/codeLens`: above each FROM, what becomes of the stage.

use std::collections::HashMap;

use gen_lsp_types::{CodeLens, CodeLensParams, Command};

use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::names::{Name, Names};
use crate::model::{Base, Layer, Model};

pub(in crate::lsp) fn answer(ask: &Ask, _: &CodeLensParams) -> Result<Vec<CodeLens>, Failure> {
    Ok(ask.with_model(|model| {
        let mut uses: HashMap<usize, usize> = HashMap::new();
        for it in Names::find(model).list.iter().filter(|it| !it.defines) {
            if let Name::Stage(id) = it.name {
                *uses.entry(id).or_default() += 1;
            }
        }
        let lens = |(id, layers): (usize, usize)| CodeLens {
            range: ask.document.range(model.stages[id].instruction.keyword_span),
            // There is nothing to do but to read it.
            command: Some(Command {
                title: title(model, id, layers, uses.get(&id).copied().unwrap_or(0)),
                tooltip: None,
                command: String::new(),
                arguments: None,
            }),
            data: None,
        };
        layers(model).into_iter().enumerate().map(lens).collect()
    }))
}

/// How many layers the file makes for each stage. Those of the stages that it is built on are its own.
fn layers(model: &Model<'_>) -> Vec<usize> {
    let mut counts: Vec<usize> = Vec::with_capacity(model.stages.len());
    for stage in &model.stages {
        let own = model.layers.get(stage.instructions.clone()).unwrap_or_default();
        let own = own.iter().filter(|it| **it == Layer::Files).count();
        let below = if let Base::Stage(base) = stage.base { counts.get(base) } else { None };
        counts.push(own + below.copied().unwrap_or(0));
    }
    counts
}

/// Whether it ships, its layers, and how often it is used.
fn title(model: &Model<'_>, id: usize, layers: usize, uses: usize) -> String {
    let stage = &model.stages[id];
    let what = match (model.final_stage == Some(id), stage.ships, stage.needed) {
        (true, ..) => "final image",
        (_, true, _) => "ships",
        (_, _, true) => "build only",
        (_, _, false) => "not built",
    };
    let count = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    let mut parts = vec![what.to_owned(), count(layers, "layer")];
    if uses > 0 {
        parts.push(count(uses, "use"));
    }
    parts.join(" · ")
}
