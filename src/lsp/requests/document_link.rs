//! `textDocument/documentLink`: pages of images, copied files, and addresses.

use gen_lsp_types::{DocumentLink, DocumentLinkParams, Uri};

use crate::context::{EntryKind, Found, absolute};
use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::uri;
use crate::model::{ImageRef, Model};
use crate::source::Span;
use crate::syntax::Kind;

pub(in crate::lsp) fn answer(
    ask: &Ask,
    _: &DocumentLinkParams,
) -> Result<Vec<DocumentLink>, Failure> {
    Ok(ask.with_model(|model| {
        let mut found = images(model);
        found.extend(addresses(model));
        found.extend(files(ask, model));
        found.sort_by_key(|it| it.0);
        let link = |(span, target, tooltip): (Span, String, &str)| DocumentLink {
            range: ask.document.range(span),
            target: Some(Uri(target)),
            tooltip: Some(tooltip.to_owned()),
            data: None,
        };
        found.into_iter().map(link).collect()
    }))
}

type Link = (Span, String, &'static str);

fn images(model: &Model<'_>) -> Vec<Link> {
    let stages = model.stages.iter();
    let link = |it: &crate::model::Stage<'_>| {
        Some((it.from.image.span, page(it.image()?)?, "the image's page"))
    };
    stages.filter_map(link).collect()
}

/// Where an image is described; none where the registry has no pages that are known.
fn page(image: &ImageRef) -> Option<String> {
    let path = &image.repository;
    if path.contains('$') {
        return None;
    }
    match image.registry.as_deref() {
        None | Some("docker.io") => Some(match path.strip_prefix("library/").unwrap_or(path) {
            official if !official.contains('/') => format!("https://hub.docker.com/_/{official}"),
            other => format!("https://hub.docker.com/r/{other}"),
        }),
        Some("quay.io") => Some(format!("https://quay.io/repository/{path}")),
        Some(host @ ("ghcr.io" | "gcr.io")) => Some(format!("https://{host}/{path}")),
        Some(_) => None,
    }
}

fn addresses(model: &Model<'_>) -> Vec<Link> {
    let adds = model.doc.instructions.iter().filter_map(|it| match &it.kind {
        Kind::Add(add) => Some(add),
        _ => None,
    });
    let words = adds.flat_map(|it| it.sources.iter().map(|it| &it.word));
    let literal = words.filter_map(|it| Some((it.span, it.literal()?.into_owned())));
    let is_address =
        |it: &(Span, String)| it.1.starts_with("https://") || it.1.starts_with("http://");
    literal.filter(is_address).map(|(span, text)| (span, text, "the file to add")).collect()
}

/// Files that are copied from the build context.
fn files(ask: &Ask, model: &Model<'_>) -> Vec<Link> {
    let context = ask.engine.job(&ask.document).ok().flatten().and_then(|it| it.context(model));
    let Some(context) = context else { return Vec::new() };
    let mut found = Vec::new();
    for instruction in &model.doc.instructions {
        let list = match &instruction.kind {
            Kind::Copy(it) if instruction.flag("from").is_none() => it,
            Kind::Add(it) => it,
            _ => continue,
        };
        for source in list.sources.iter().filter(|it| it.heredoc.is_none()) {
            let resolved = model.scopes.resolve(instruction.id, &source.word);
            let path = resolved.text.trim_start_matches("./").trim_start_matches('/');
            let Found::Entry(entry) = context.tree.find(path) else { continue };
            if resolved.certain && entry.kind == EntryKind::File {
                let target = uri::from_path(&absolute(&context.folder.join(path)));
                found.push((source.word.span, target, "the file to copy"));
            }
        }
    }
    found
}
