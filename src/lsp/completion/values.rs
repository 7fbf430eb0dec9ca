//! The words that instructions take: stages, variables, files, and what only some of them know.

use std::collections::HashSet;

use gen_lsp_types::CompletionItemKind as Is;

use super::place::Argument;
use super::{Proposal, paths};
use crate::lint::shorten;
use crate::lsp::dispatch::Ask;
use crate::model::{Definition, Model, Origin, PREDEFINED};
use crate::syntax::{Keyword, Kind};

/// How long a value may be next to a name.
const MOST_VALUE: usize = 40;

/// Signals that containers are stopped by.
const SIGNALS: &[&str] =
    &["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGKILL"];

/// The proposals for a word behind the flags, and how much of it they take the place of.
pub(super) fn arguments(
    ask: &Ask,
    model: &Model<'_>,
    it: &Argument,
) -> Option<(usize, Vec<Proposal>)> {
    let word = |text: &str| Proposal::new(text, Is::Keyword);
    let operands = it.before.iter().filter(|it| !it.starts_with("--")).count();
    let list = match (it.keyword, operands) {
        (Keyword::From, 0) => {
            let mut list = stages(model, it.instruction);
            list.push(Proposal::new("scratch", Is::Module).detail("nothing"));
            list
        }
        (Keyword::From, 1) => vec![word("AS")],
        (Keyword::Copy | Keyword::Add, _) => {
            let is_json =
                it.word.starts_with('[') || it.before.iter().any(|it| it.starts_with('['));
            let is_from_context = !it.before.iter().any(|it| it.starts_with("--from="));
            if is_json || !is_from_context {
                return None;
            }
            return paths::proposals(ask, model, &it.word);
        }
        (Keyword::Healthcheck, 0) => vec![word("CMD"), word("NONE")],
        (Keyword::Stopsignal, 0) => {
            SIGNALS.iter().map(|it| Proposal::new(*it, Is::Constant)).collect()
        }
        (Keyword::Arg, 0) if !it.word.contains('=') => {
            return Some((it.word.len(), declared(model, it)));
        }
        _ => return None,
    };
    Some((it.word.len(), list))
}

/// The stages above an instruction that have names, the nearest first.
pub(super) fn stages(model: &Model<'_>, instruction: usize) -> Vec<Proposal> {
    let is_from = matches!(model.doc.instructions[instruction].kind, Kind::From(_));
    let own = model.stage_of(instruction).map_or(0, |it| it.id);
    // A line that is not a FROM yet starts no stage.
    let end = if is_from || model.doc.instructions[instruction].keyword != Keyword::From {
        own
    } else {
        model.stages.len()
    };
    let mut seen = HashSet::new();
    let above = model.stages[..end].iter().rev();
    let named = above.filter_map(|it| Some((it, it.from.alias.as_ref()?.name.text.to_string())));
    let fresh = named.filter(|it| seen.insert(it.1.to_lowercase()));
    let proposal = |(stage, name): (&crate::model::Stage<'_>, String)| {
        Proposal::new(name, Is::Module).detail(format!("FROM {}", stage.from.image.text))
    };
    fresh.map(proposal).collect()
}

/// The variables that an instruction sees.
pub(super) fn variables(model: &Model<'_>, instruction: usize) -> Vec<Proposal> {
    let mut seen = HashSet::new();
    let visible = model.scopes.visible(instruction).filter(|it| seen.insert(it.name.clone()));
    let proposal = |it: &Definition| {
        let keyword = if it.origin == Origin::Arg { "ARG" } else { "ENV" };
        let value = it.value.as_ref().map(|it| format!(" = {}", shorten(it, MOST_VALUE)));
        let detail = format!("{keyword}{}", value.unwrap_or_default());
        Proposal::new(it.name.as_str(), Is::Variable).detail(detail)
    };
    let mut list: Vec<Proposal> = visible.map(proposal).collect();
    if matches!(model.doc.instructions[instruction].kind, Kind::From(_))
        || is_first(model, instruction)
    {
        let of_builder = PREDEFINED.iter().filter(|it| seen.insert((**it).to_owned()));
        list.extend(
            of_builder.map(|it| Proposal::new(*it, Is::Constant).detail("set by the builder")),
        );
    }
    list
}

fn is_first(model: &Model<'_>, instruction: usize) -> bool {
    model.stage_of(instruction).is_none()
}

/// What a stage may declare to see it: the ARGs before all stages, and those of the builder.
fn declared(model: &Model<'_>, it: &Argument) -> Vec<Proposal> {
    if is_first(model, it.instruction) {
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let globals = model.scopes.global.iter().filter(|it| seen.insert(it.name.as_str()));
    let global =
        |it: &Definition| Proposal::new(it.name.as_str(), Is::Variable).detail("ARG before FROM");
    let of_builder =
        PREDEFINED.iter().map(|it| Proposal::new(*it, Is::Constant).detail("set by the builder"));
    globals.map(global).chain(of_builder).collect()
}
