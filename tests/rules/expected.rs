//! Every finding of a fixture or an example as a whole: place, texts, labels, fix and cost, in each profile.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use layerwise::lint::{Family, Finding, Meta};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::common::cases::quoted;
use crate::common::findings::{Found, PROFILES, Place, compare};
use crate::fixture::{Cases, cases, fixtures, root};
use crate::one_rule::{find, lint_with, metas, whole};

/// What is found of a rule in a text: under its own name, or under that of a rule that absorbs it. A block that several
/// profiles share is written once; `alone` marks what only a selection of the rule shows.
fn blocks(meta: &Meta, text: &str, line: impl Fn(u32) -> u32) -> String {
    let is_of_rule = |it: &Finding| match meta.family {
        // One rule stands for the whole catalogue.
        Family::Shellcheck => it.meta.family == Family::Shellcheck,
        _ => it.meta.code == meta.code || it.also.contains(&meta.code),
    };
    let mut found = Found::default();
    let mut source = None;
    for profile in PROFILES {
        let (read, findings) = find(text, meta.code, &whole(meta.code, profile));
        found.add(profile, findings.into_iter().filter(is_of_rule));
        source = Some(read);
    }
    for (finding, _) in lint_with(text, meta.code) {
        let is_same = |it: &Finding| it.span == finding.span && it.meta.code == finding.meta.code;
        if is_of_rule(&finding) && !found.0.iter().any(|(it, _)| is_same(it)) {
            found.0.push((finding, vec![("alone", Vec::new())]));
        }
    }
    let place = Place { source: &source.unwrap(), line: &line };
    let blocks = found.blocks(&place);
    if blocks.is_empty() { "no findings\n".to_owned() } else { blocks }
}

/// Texts below their titles, and what is found in each.
fn of_texts<'t>(meta: &Meta, texts: impl Iterator<Item = (String, &'t str)>) -> String {
    let mut all = String::new();
    for (title, text) in texts {
        let gap = if all.is_empty() { "" } else { "\n" };
        writeln!(all, "{gap}# {title}\n{}", quoted(text)).unwrap();
        all.push_str(&blocks(meta, text, |line| line));
    }
    all
}

/// What the bad examples of a rule show.
fn of_examples(meta: &Meta) -> String {
    let title = |number| format!("bad example {number}");
    of_texts(meta, meta.bad.iter().zip(1..).map(|(text, number)| (title(number), *text)))
}

#[test]
fn findings_are_as_expected() {
    let metas: Vec<&'static Meta> = metas().collect();
    let of_rule = |meta: &'static Meta| {
        let fixtures = fixtures(meta).into_iter().map(|it| {
            let last = it.lines.last().map_or(1, |line| line + 1);
            let line = |line: u32| it.lines.get(line as usize - 1).copied().unwrap_or(last);
            (it.path.with_extension("Dockerfile.expected"), blocks(meta, &it.text, line))
        });
        let mut files: Vec<(PathBuf, String)> = fixtures.collect();
        for Cases { path, list } in cases(meta) {
            let texts = list.iter().map(|(title, text)| (title.clone(), text.as_str()));
            files.push((path.with_extension("cases.expected"), of_texts(meta, texts)));
        }
        files.push((root().join(meta.name).join("examples.expected"), of_examples(meta)));
        files
    };
    let files: BTreeMap<PathBuf, String> =
        metas.into_par_iter().map(of_rule).collect::<Vec<_>>().into_iter().flatten().collect();
    compare(&root(), &files, "--test rules");
}
