//! `textDocument/prepareRename` and `textDocument/rename`: of stages, variables and heredocs, everywhere in the file.

use gen_lsp_types::{
    PrepareRenameParams, PrepareRenamePlaceholder, RenameParams, TextEdit, WorkspaceEdit,
};

use crate::lsp::actions::workspace_edit;
use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::names::{Name, Names, Occurrence, heredoc_of, is_name};
use crate::lsp::position::narrow;
use crate::model::{Model, PREDEFINED};
use crate::syntax::Kind;

/// Names that no stage can have.
const RESERVED: &[&str] = &["context", "scratch"];

pub(in crate::lsp) fn prepare(
    ask: &Ask,
    params: &PrepareRenameParams,
) -> Result<Option<PrepareRenamePlaceholder>, Failure> {
    let offset = ask.document.offset(params.text_document_position_params.position);
    Ok(ask.with_model(|model| {
        let names = Names::find(model);
        let here = names.at(offset).filter(|it| is_ours(model, &names, it))?;
        let placeholder = model.doc.source.slice(here.span).to_owned();
        Some(PrepareRenamePlaceholder { range: ask.document.range(here.span), placeholder })
    }))
}

pub(in crate::lsp) fn answer(ask: &Ask, params: &RenameParams) -> Result<WorkspaceEdit, Failure> {
    let offset = ask.document.offset(params.text_document_position_params.position);
    let new = &params.new_name;
    let edits = ask.with_model(|model| {
        let names = Names::find(model);
        let here = names.at(offset).filter(|it| is_ours(model, &names, it));
        let Some(here) = here else {
            return Err("you can rename only stages, variables and heredocs that the file defines"
                .to_owned());
        };
        match &here.name {
            Name::Stage(id) => check_stage(ask, model, *id, new)?,
            Name::Variable(old, _) => check_variable(ask, &names, old, new)?,
            Name::Heredoc(_) => check_heredoc(ask, model, here, new)?,
        }
        let written = names.same(&here.name).filter(|it| is_written(model, it));
        let edit = |it: &Occurrence| TextEdit {
            range: ask.document.range(it.span),
            new_text: new.clone(),
        };
        Ok(written.map(edit).collect())
    });
    let edits: Vec<TextEdit> = edits.map_err(Failure::refused)?;
    Ok(workspace_edit(&ask.client, &ask.document, edits))
}

/// Whether the file gives the name, so that it may give another.
fn is_ours(model: &Model<'_>, names: &Names, here: &Occurrence) -> bool {
    is_written(model, here) && names.same(&here.name).any(|it| it.defines)
}

/// Whether it is there by its name: a stage may be meant by its number.
fn is_written(model: &Model<'_>, it: &Occurrence) -> bool {
    let is_number = model.doc.source.slice(it.span).parse::<usize>().is_ok();
    !is_number || !matches!(it.name, Name::Stage(_))
}

fn check_stage(ask: &Ask, model: &Model<'_>, id: usize, new: &str) -> Result<(), String> {
    let lower = new.to_lowercase();
    let is_valid = lower.starts_with(|it: char| it.is_ascii_lowercase())
        && lower.chars().all(|it| it.is_ascii_alphanumeric() || "-_.".contains(it));
    if !is_valid || RESERVED.contains(&lower.as_str()) {
        return Err(format!("`{new}` is not a valid stage name"));
    }
    let other = model.stages.iter().find(|it| it.id != id && it.name.as_ref() == Some(&lower));
    if let Some(other) = other {
        let line = ask.document.line(other.instruction.span.start) + 1;
        return Err(format!("the stage in line {line} already has that name"));
    }
    // Uses by the words of an image would become uses of the stage.
    let taken = model.stages.iter().find(|it| it.from.image.text == lower);
    match taken {
        Some(it) => {
            let line = ask.document.line(it.instruction.span.start) + 1;
            Err(format!("line {line} builds on an image of that name"))
        }
        None => Ok(()),
    }
}

fn check_heredoc(ask: &Ask, model: &Model<'_>, here: &Occurrence, new: &str) -> Result<(), String> {
    let is_valid = new.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && new.chars().all(|it| it.is_ascii_alphanumeric() || "-_.".contains(it));
    if !is_valid {
        return Err(format!("`{new}` is not a valid heredoc name"));
    }
    let Some(heredoc) = heredoc_of(model, here) else { return Ok(()) };
    if names_file(model, here) {
        let name = &heredoc.name;
        return Err(format!("`{name}` may also be the name of the file in the image"));
    }
    let mut at = heredoc.body.start as usize;
    for line in model.doc.source.slice(heredoc.body).split_inclusive('\n') {
        let text = line.trim_end_matches(['\n', '\r']);
        let text = if heredoc.strip_tabs { text.trim_start_matches('\t') } else { text };
        if text == new {
            let line = ask.document.line(narrow(at)) + 1;
            return Err(format!("line {line} would end the heredoc"));
        }
        at += line.len();
    }
    Ok(())
}

/// Whether a heredoc is copied into a folder, as far as is known: its file there has its name.
fn names_file(model: &Model<'_>, here: &Occurrence) -> bool {
    let instruction = &model.doc.instructions[here.instruction];
    let kind =
        if let Kind::Onbuild(inner) = &instruction.kind { &inner.kind } else { &instruction.kind };
    let (Kind::Copy(copy) | Kind::Add(copy)) = kind else { return false };
    let to = &copy.destination.text;
    let last = to.rsplit('/').next().unwrap_or_default();
    copy.sources.len() > 1 || matches!(last, "" | "." | "..") || to.contains('$')
}

fn check_variable(ask: &Ask, names: &Names, old: &str, new: &str) -> Result<(), String> {
    if !is_name(new) {
        return Err(format!("`{new}` is not a valid variable name"));
    }
    if PREDEFINED.contains(&new) {
        return Err(format!("`{new}` is set by the builder"));
    }
    let is_new = |it: &&Occurrence| matches!(&it.name, Name::Variable(name, _) if name == new);
    if let Some(it) = names.list.iter().find(is_new) {
        let line = ask.document.line(it.span.start) + 1;
        return Err(format!("line {line} uses that name"));
    }
    match names.reset.iter().find(|it| it.0 == old) {
        Some((_, span)) => {
            let line = ask.document.line(span.start) + 1;
            Err(format!("the RUN in line {line} sets `{old}` itself"))
        }
        None => Ok(()),
    }
}
