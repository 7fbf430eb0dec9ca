//! `textDocument/hover`: what an instruction, a flag or a code means, what a variable is here, what uses a stage.

use gen_lsp_types::{Contents, Hover, HoverParams, MarkupContent, MarkupKind};

use crate::lint::{Meta, shorten};
use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::names::{Name, Names, Occurrence, heredoc_of};
use crate::lsp::reference;
use crate::lsp::words::word_at;
use crate::model::{Base, Model, Origin, PREDEFINED};
use crate::report::{self, ReplayedLine};
use crate::rules;
use crate::source::Span;
use crate::syntax::{Instruction, Kind, MountType};

/// How long a value may be.
const MOST_VALUE: usize = 200;

/// A text, and the place that it is about.
type Found = (String, Span);

pub(in crate::lsp) fn answer(ask: &Ask, params: &HoverParams) -> Result<Option<Hover>, Failure> {
    let offset = ask.document.offset(params.text_document_position_params.position);
    let found = ask.with_model(|model| look(ask, model, offset));
    Ok(found.map(|(value, span)| Hover {
        contents: Contents::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value }),
        range: Some(ask.document.range(span)),
    }))
}

fn look(ask: &Ask, model: &Model<'_>, offset: u32) -> Option<Found> {
    let comments = &model.doc.comments;
    if let Some(comment) = comments.iter().find(|it| it.span.contains_offset(offset)) {
        return code(model, comment.span, offset);
    }
    if let Some(it) = model.doc.directives.iter().find(|it| it.span.contains_offset(offset)) {
        return code(model, it.span, offset);
    }
    let at = model.doc.instructions.partition_point(|it| it.span.start <= offset);
    let instruction = model.doc.instructions.get(at.checked_sub(1)?)?;
    if let Some(occurrence) = Names::find(model).at(offset) {
        return Some((name(ask, model, occurrence), occurrence.span));
    }
    let wrapped = if let Kind::Onbuild(inner) = &instruction.kind { Some(&**inner) } else { None };
    let found = [Some(instruction), wrapped].into_iter().flatten();
    let found = found.into_iter().find_map(|it| own(model, it, offset));
    let replayed = ask.engine.replayed(&ask.document);
    let line = ask.document.line(instruction.span.start) + 1;
    let reruns = replayed.as_ref().and_then(|it| it.line(line)).map(ReplayedLine::story);
    let last = ask.document.line(instruction.span.end.saturating_sub(1)) + 1;
    let measured = ask.engine.measured(&ask.document);
    let measured = measured.iter().find(|it| it.line == line).map(|it| it.story(last));
    let story = [reruns, measured].into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    match found {
        found if story.is_empty() => found,
        Some((text, span)) if span == instruction.keyword_span => {
            Some((format!("{text}\n\n{story}"), span))
        }
        None if instruction.span.contains_offset(offset) => Some((story, instruction.span)),
        found => found,
    }
}

/// The rule whose code or name is there in a comment.
fn code(model: &Model<'_>, comment: Span, offset: u32) -> Option<Found> {
    let span =
        word_at(&model.doc.source.text, offset, |it| it.is_ascii_alphanumeric() || it == '-');
    let word = model.doc.source.slice(span);
    if !comment.contains(span) || word.len() < 4 {
        return None;
    }
    let is = |it: &&Meta| it.code.eq_ignore_ascii_case(word) || it.name == word;
    let meta = rules::catalogue().find(is)?;
    Some((page(meta), span))
}

/// What a rule finds, and why that matters.
fn page(meta: &Meta) -> String {
    let mut text = format!("**{}** {}\n\n{}", meta.code, meta.name, sentence(meta.summary));
    if !meta.why.is_empty() && meta.why != meta.summary {
        text += &format!("\n\n{}", meta.why);
    }
    if let (Some(bad), Some(good)) = (meta.bad.first(), meta.good.first()) {
        text += &format!("\n\nBad:\n```dockerfile\n{bad}```\nGood:\n```dockerfile\n{good}```");
    }
    if let Some(home) = report::home(meta) {
        text += &format!("\n\n<{home}>");
    }
    text
}

fn sentence(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

/// The keyword, a flag or a mount option of an instruction.
fn own(model: &Model<'_>, instruction: &Instruction<'_>, offset: u32) -> Option<Found> {
    let touches = |span: Span| span.start <= offset && offset <= span.end;
    if touches(instruction.keyword_span) {
        let it = reference::instruction(instruction.keyword)?;
        let forms = it.forms.join("\n");
        let text = format!("```dockerfile\n{forms}\n```\n{}", it.text);
        return Some((text, instruction.keyword_span));
    }
    if let Kind::Run(run) = &instruction.kind {
        let options = run.mounts.iter().flat_map(|it| it.options.iter().map(move |o| (it.kind, o)));
        for (kind, option) in options.filter(|it| touches(it.1.span)) {
            let written = model.doc.source.slice(option.span);
            let value = option.value.as_ref().and_then(crate::syntax::Word::literal);
            let described = match value.filter(|_| option.key == "type") {
                Some(value) => {
                    reference::mount_type(&value).map(|it| format!("`{value}` mount: {it}"))
                }
                None => reference::mount_key(type_name(kind), &option.key)
                    .map(|it| format!("`{}`: {it}", option.key)),
            };
            if !written.is_empty()
                && let Some(text) = described
            {
                return Some((text, option.span));
            }
        }
    }
    let flag = instruction.flags.iter().find(|it| touches(it.span))?;
    let text = reference::flag(instruction.keyword, &flag.name)?;
    Some((format!("`--{}`: {text}", flag.name), flag.span))
}

pub(super) fn type_name(kind: MountType) -> &'static str {
    match kind {
        MountType::Bind | MountType::Unknown => "bind",
        MountType::Cache => "cache",
        MountType::Tmpfs => "tmpfs",
        MountType::Secret => "secret",
        MountType::Ssh => "ssh",
    }
}

/// What a name stands for.
fn name(ask: &Ask, model: &Model<'_>, occurrence: &Occurrence) -> String {
    match &occurrence.name {
        Name::Stage(id) => stage(ask, model, *id),
        Name::Variable(name, _) => variable(ask, model, occurrence, name),
        Name::Heredoc(_) => heredoc(ask, model, occurrence),
    }
}

fn stage(ask: &Ask, model: &Model<'_>, id: usize) -> String {
    let stage = &model.stages[id];
    let line =
        |instruction: usize| ask.document.line(model.doc.instructions[instruction].span.start) + 1;
    let name =
        stage.from.alias.as_ref().map_or_else(|| id.to_string(), |it| it.name.text.to_string());
    let base = match &stage.base {
        Base::Stage(base) => {
            let base = &model.stages[*base];
            format!("stage `{}`", base.name.clone().unwrap_or_else(|| base.id.to_string()))
        }
        Base::Scratch => "nothing (`scratch`)".to_owned(),
        Base::Image(_) | Base::Unknown => format!("`{}`", stage.from.image.text),
    };
    let from = line(stage.instruction.id);
    let mut text = format!("Stage **{name}**, line {from}, built on {base}.");
    let names = Names::find(model);
    let own = Name::Stage(id);
    let mut lines: Vec<u32> =
        names.same(&own).filter(|it| !it.defines).map(|it| line(it.instruction)).collect();
    lines.dedup();
    let lines: Vec<String> = lines.iter().map(u32::to_string).collect();
    let is_final = model.final_stage == Some(id);
    text += &match (lines.as_slice(), is_final) {
        ([], true) => " It becomes the image.".to_owned(),
        ([], false) => " Nothing uses it.".to_owned(),
        ([one], _) => format!(" Used in line {one}."),
        (more, _) => format!(" Used in lines {}.", more.join(", ")),
    };
    if !is_final {
        text += if stage.ships {
            " Its layers are part of a published image."
        } else {
            " None of its layers are in the final image."
        };
    }
    text
}

/// The lines of a heredoc, and what happens to variables in it.
fn heredoc(ask: &Ask, model: &Model<'_>, occurrence: &Occurrence) -> String {
    let Some(it) = heredoc_of(model, occurrence) else { return String::new() };
    let name = &it.name;
    let lines = model.doc.source.slice(it.body).lines().count();
    let first = ask.document.line(it.body.start) + 1;
    let place = match lines {
        0 => "empty".to_owned(),
        1 => format!("line {first}"),
        more => format!("lines {first} to {}", first as usize + more - 1),
    };
    let kept = "Because its name is quoted, variables in it are not replaced.";
    let instruction = &model.doc.instructions[occurrence.instruction];
    // A script is read by the shell in any case.
    let is_kept = !it.expand && !instruction.is_heredoc_script();
    let note = if is_kept { format!(" {kept}") } else { String::new() };
    format!("Heredoc **{name}**, {place}.{note}")
}

fn variable(ask: &Ask, model: &Model<'_>, occurrence: &Occurrence, name: &str) -> String {
    // A definition is seen from what follows it.
    let at = occurrence.instruction;
    let list = model.doc.instructions.get(at).map(|it| it.id..it.id + 1).unwrap_or_default();
    let found = match occurrence.defines {
        true => model.scopes.everywhere(name).filter(|it| list.contains(&it.instruction)).last(),
        false => model.scopes.look_up(at, name),
    };
    let Some(found) = found else {
        return match PREDEFINED.contains(&name) {
            true => format!(
                "`{name}`: an argument that the builder sets; a stage must declare it with `ARG {name}`."
            ),
            false => format!(
                "`{name}`: nothing in this file sets it before this line; the base image may."
            ),
        };
    };
    let line = ask.document.line(model.doc.instructions[found.instruction].span.start) + 1;
    let keyword = if found.origin == Origin::Arg { "ARG" } else { "ENV" };
    let mut text = format!("`{keyword} {name}`, set in line {line}");
    text += &match &found.value {
        Some(value) if value.is_empty() => ": empty.".to_owned(),
        Some(value) => format!(": `{}`", shorten(value, MOST_VALUE).replace('`', "'")),
        None if found.has_value => ": the value is known only at build time.".to_owned(),
        None => ", without a default.".to_owned(),
    };
    if found.origin == Origin::Arg {
        text += &format!("\n\n`--build-arg {name}=…` sets another value.");
    }
    text
}
