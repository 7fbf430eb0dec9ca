//! How one rule is run on its examples and fixtures.

use std::sync::OnceLock;

use layerwise::context::{BuildContext, IgnoreFile};
use layerwise::lint::{
    Family, Finding, LabelType, Mask, Meta, Options, Profile, Rule, RuleOptions, Selection,
    Selector, weigh,
};
use layerwise::model::{BuildOptions, MeasuredWaste, Model};
use layerwise::rules;
use layerwise::source::Source;
use layerwise::syntax;

use crate::common::folder;
use tempfile::TempDir;

/// What is reported about suppressions depends on what the other rules say.
pub(crate) fn is_about_comments(code: &str) -> bool {
    matches!(code, "LW001" | "LW004")
}

/// Everything that one rule has to say.
pub(crate) fn options(code: &str) -> Options {
    let select = match code {
        code if is_about_comments(code) => Vec::new(),
        code => vec![Selector::Code(code.to_owned())],
    };
    Options {
        selection: Selection { select, ..Selection::default() },
        ..whole(code, Profile::Strict)
    }
}

/// All that a profile has to say, with the options that one rule needs.
pub(crate) fn whole(code: &str, profile: Profile) -> Options {
    let needs_options = metas().any(|it| it.code == code && !it.options.is_empty());
    Options {
        profile,
        rules: if needs_options { example_options() } else { RuleOptions::default() },
        require_reason: is_about_comments(code),
        ..Options::default()
    }
}

static FOLDER: OnceLock<TempDir> = OnceLock::new();

/// The build context of examples and fixtures of rules that need one; the examples say what is in it.
fn context(code: &str) -> Option<BuildContext> {
    let meta = metas().find(|it| it.code == code);
    if code != "CopyIgnoredFile" && !meta.is_some_and(|it| it.reads_context) {
        return None;
    }
    let folder = FOLDER.get_or_init(|| {
        let key = "-----BEGIN OPENSSH PRIVATE KEY-----\n";
        folder(&[
            ("project/.env", "DB_PASSWORD=correct-horse\n"),
            ("project/.git/HEAD", "ref: refs/heads/main\n"),
            ("project/README.md", "text\n"),
            ("project/app.log", "line\n"),
            ("project/deploy/id_rsa", key),
            ("project/node_modules/a/index.js", "1\n"),
            ("project/secrets/key.txt", "1\n"),
            ("project/src/main.c", "1\n"),
            ("project/web/cache/y", "1\n"),
            ("project/web/node_modules/x.js", "1\n"),
            ("project/web/src/index.js", "1\n"),
        ])
    });
    let context = BuildContext::open(folder.path().join("project"), None)?;
    let patterns = match code {
        "LW401" => return Some(context),
        "LW406" => "*.log\nnode_modules\n",
        "CopyIgnoredFile" => "*.log\nsecrets/\n**/node_modules\n",
        _ => "*.log\nsecrets/\n/node_modules\n",
    };
    Some(context.with(".dockerignore".into(), IgnoreFile::parse(patterns).unwrap()))
}

/// What was measured of a bad example of a rule that reports it: its first layer holds what its last one takes away.
fn measured(model: &Model<'_>, code: &str, text: &str) -> Vec<MeasuredWaste> {
    let Some(class) = code.strip_prefix("LM").and_then(|it| it.parse().ok()) else {
        return Vec::new();
    };
    // The same file is good where nothing was measured.
    let is_good = metas().any(|it| it.code == code && it.good.contains(&text));
    let layers: Vec<usize> = (0..model.layers.len())
        .filter(|it| !is_good && model.layers[*it] == layerwise::model::Layer::Files)
        .collect();
    let ends = layers.first().zip(layers.last());
    let waste = ends.map(|(made, fix)| MeasuredWaste {
        item: 0,
        class,
        bytes: 38_200_000,
        made: *made,
        fix: *fix,
        paths: vec![("srv/data".to_owned(), 38_200_000)],
        change: None,
    });
    waste.into_iter().collect()
}

/// A rule and those that may cover it or silence it, directly or through others. The rest does not change what is
/// found of it, and ShellCheck's checks take longer than all others.
fn relatives(code: &str) -> Vec<&'static Rule> {
    if is_about_comments(code) {
        return rules::all().collect();
    }
    // One rule reports all of ShellCheck's codes.
    let is_same = |a: &str, b: &str| a == b || a.starts_with("SC") && b.starts_with("SC");
    let mut codes = vec![code];
    let mut at = 0;
    while let Some(code) = codes.get(at).copied() {
        at += 1;
        for meta in metas() {
            let links = || meta.absorbs.iter().chain(meta.outweighs).copied();
            if is_same(meta.code, code) || links().any(|it| is_same(it, code)) {
                let new = [meta.code].into_iter().chain(links());
                let new: Vec<&str> = new.filter(|it| !codes.contains(it)).collect();
                codes.extend(new);
            }
        }
    }
    let is_meant = |rule: &&Rule| match rule.meta.family {
        Family::Shellcheck => codes.iter().any(|it| it.starts_with("SC")),
        _ => codes.contains(&rule.meta.code),
    };
    rules::all().filter(is_meant).collect()
}

/// Checks a text the way a person's run does, with what examples of one rule are checked with.
pub(crate) fn find(text: &str, code: &str, options: &Options) -> (Source, Vec<Finding>) {
    let source = Source::new("Dockerfile", text);
    let doc = syntax::parse(&source);
    let mut model = Model::build(&doc, &BuildOptions::default());
    model.context = context(code);
    model.measured = measured(&model, code, text);
    let rules = relatives(code);
    let mut findings = layerwise::lint::lint(&model, rules.into_iter(), options);
    weigh(&model, &mut findings);
    let mask = Mask::new(&model, &[]);
    findings.iter_mut().for_each(|it| mask.apply(it));
    if let Some(folder) = FOLDER.get() {
        let folder = format!("{}/", folder.path().display());
        let causes = findings.iter_mut().flat_map(|it| &mut it.causes);
        causes.for_each(|it| *it = it.replace(&folder, ""));
    }
    (source, findings)
}

/// Lints a text with every rule of one code, suppressions included.
pub(crate) fn lint_with(text: &str, code: &str) -> Vec<(Finding, u32)> {
    let (source, findings) = find(text, code, &options(code));
    findings
        .into_iter()
        .filter(|it| !is_about_comments(code) || it.meta.code == code)
        .map(|it| (source.line(it.span.start), it))
        .map(|(line, it)| (it, line))
        .collect()
}

/// What examples and fixtures of rules with options are checked with.
fn example_options() -> RuleOptions {
    let label = |(name, kind): (&str, LabelType)| (name.to_owned(), kind);
    let labels = [
        ("team", LabelType::Text),
        ("docs", LabelType::Url),
        ("built", LabelType::Rfc3339),
        ("license", LabelType::Spdx),
        ("commit", LabelType::Hash),
        ("version", LabelType::Semver),
        ("contact", LabelType::Email),
    ];
    RuleOptions {
        trusted_registries: vec!["registry.example.com".to_owned(), "*.example.org".to_owned()],
        label_schema: labels.map(label).into_iter().collect(),
        strict_labels: true,
        max_layers: None,
    }
}

pub(crate) fn metas() -> impl Iterator<Item = &'static Meta> {
    rules::all().map(|rule| &rule.meta)
}
