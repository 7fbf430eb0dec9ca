//! Comments that say something to a program: suppressions and parser directives.

use gen_lsp_types::CompletionItemKind as Is;

use super::Proposal;
use crate::lint::{Family, Meta};
use crate::rules;

/// What a comment of ours can begin with.
const OURS: &[(&str, &str)] = &[
    ("layerwise ignore=", "Suppresses codes in the instruction below."),
    ("layerwise stage-ignore=", "Suppresses codes in the stage that starts below."),
    ("layerwise file-ignore=", "Suppresses codes in the file."),
    ("hadolint ignore=", "Suppresses hadolint's codes in the instruction below."),
    ("check=skip=", "Suppresses BuildKit's checks."),
];

/// What only the top of a file takes.
const DIRECTIVES: &[(&str, &str)] = &[
    (
        "syntax=docker/dockerfile:1",
        "The frontend that builds the file; `:1` is its latest release.",
    ),
    ("escape=`", "The character that continues lines and escapes other characters."),
    ("check=error=true", "Makes BuildKit's checks fail the build."),
];

/// The proposals for a comment up to the cursor, and how much of it they take the place of.
pub(super) fn proposals(comment: &str, is_first: bool) -> Option<(usize, Vec<Proposal>)> {
    let text = comment.trim_start_matches('#').trim_start();
    if let Some((head, list)) = text.rsplit_once("ignore=").or_else(|| text.rsplit_once("skip=")) {
        let family = match head.trim() {
            it if it.starts_with("hadolint") => Some(Family::Hadolint),
            it if it.starts_with("check=") => Some(Family::Buildkit),
            it if it.starts_with("layerwise") => None,
            _ => return None,
        };
        let word = list.rsplit(',').next().unwrap_or_default();
        return (!list.contains(char::is_whitespace)).then(|| (word.len(), codes(family)));
    }
    let known = OURS.iter().chain(DIRECTIVES.iter().filter(|_| is_first));
    let fits = |it: &&(&str, &str)| it.0.starts_with(text);
    let proposal = |it: &(&str, &str)| Proposal::new(it.0, Is::Snippet).text(it.1);
    Some((text.len(), known.filter(fits).map(proposal).collect()))
}

/// The codes that can be silenced.
fn codes(family: Option<Family>) -> Vec<Proposal> {
    let mut metas: Vec<&Meta> =
        rules::catalogue().filter(|it| family.is_none_or(|family| it.family == family)).collect();
    // Those of ShellCheck are many, and few of them are met.
    metas.sort_by_key(|it| (it.family == Family::Shellcheck, it.code));
    let proposal =
        |it: &Meta| Proposal::new(it.code, Is::EnumMember).detail(it.name).text(it.summary);
    metas.into_iter().map(proposal).collect()
}
