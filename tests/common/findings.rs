//! Whole findings as text that can be read and compared, and files of them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use layerwise::fix;
use layerwise::lint::{Finding, Fix, Impact, Profile};
use layerwise::source::{Source, Span};
use similar::{ChangeTag, TextDiff};

use super::update;

/// Where a text is: its lines may be others in its file.
pub(crate) struct Place<'s> {
    pub(crate) source: &'s Source,
    pub(crate) line: &'s dyn Fn(u32) -> u32,
}

impl Place<'_> {
    fn of(&self, span: Span) -> String {
        let at = |offset| {
            let position = self.source.position(offset);
            format!("{}:{}", (self.line)(position.line), position.column)
        };
        format!("{}-{}", at(span.start), at(span.end))
    }
}

/// The profiles that a person can choose.
pub(crate) const PROFILES: [Profile; 3] = [Profile::Default, Profile::Strict, Profile::Audit];

/// A profile that shows a finding, and the other codes that it names next to it.
pub(crate) type Shown = (&'static str, Vec<&'static str>);

/// What several profiles show of one text; what they share is written once.
#[derive(Default)]
pub(crate) struct Found(pub(crate) Vec<(Finding, Vec<Shown>)>);

impl Found {
    pub(crate) fn add(&mut self, profile: Profile, findings: impl Iterator<Item = Finding>) {
        for mut finding in findings {
            finding.group = None;
            let shown = (profile.name(), std::mem::take(&mut finding.also));
            match self.0.iter_mut().find(|(it, _)| *it == finding) {
                Some((_, profiles)) => profiles.push(shown),
                None => self.0.push((finding, vec![shown])),
            }
        }
    }

    /// All findings, in order of place.
    pub(crate) fn blocks(&mut self, place: &Place<'_>) -> String {
        self.0.sort_by_key(|(it, _)| (it.span.start, it.meta.code, it.span.end));
        let blocks: Vec<String> =
            self.0.iter().map(|(it, shown)| block(it, shown, place)).collect();
        blocks.join("\n")
    }
}

/// A finding with everything that it says.
fn block(finding: &Finding, shown: &[Shown], place: &Place<'_>) -> String {
    let Finding { meta, severity, span, message, .. } = finding;
    let profiles = shown.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let at = place.of(*span);
    let mut text = format!("{at} {} {} in {profiles}\n", meta.code, severity.name());
    let mut line = |name: &str, value: &str| {
        writeln!(text, "  {name}{}", escaped(value).replace('\n', "\n    ")).unwrap();
    };
    line("", message);
    for label in &finding.labels {
        line("label: ", &format!("{} {}", place.of(label.span), label.message));
    }
    let or_none = |list: &[String]| (!list.is_empty()).then(|| list.join(", "));
    for (name, value) in [
        ("help: ", finding.help.clone()),
        ("also: ", also(shown)),
        ("subject: ", finding.subject.clone()),
        ("causes: ", or_none(&finding.causes)),
        ("impact: ", finding.impact.map(impact)),
        ("", finding.fix.as_ref().map(|it| fix_text(it, &place.source.text))),
    ] {
        if let Some(value) = value {
            line(name, &value);
        }
    }
    text
}

/// A text whose control characters can be seen.
fn escaped(text: &str) -> String {
    let mut shown = String::new();
    for it in text.chars() {
        match it.is_control() && it != '\n' {
            true => shown.extend(it.escape_debug()),
            false => shown.push(it),
        }
    }
    shown
}

/// The codes that are named next to it, and in which profiles if not in all.
fn also(shown: &[Shown]) -> Option<String> {
    let mut lists: Vec<(&[&str], Vec<&str>)> = Vec::new();
    for (profile, codes) in shown {
        match lists.iter_mut().find(|(it, _)| it == codes) {
            Some((_, profiles)) => profiles.push(profile),
            None => lists.push((codes, vec![profile])),
        }
    }
    let is_same = lists.len() == 1;
    lists.retain(|(codes, _)| !codes.is_empty());
    let text = lists.iter().map(|(codes, profiles)| match is_same {
        true => codes.join(", "),
        false => format!("{} in {}", codes.join(", "), profiles.join(", ")),
    });
    (!lists.is_empty()).then(|| text.collect::<Vec<_>>().join("; "))
}

fn impact(it: Impact) -> String {
    let bytes = it.bytes.map(|it| format!("{it} bytes"));
    let layers = it.layers.map(|it| format!("{it} layers"));
    let how = Some(if it.measured { "measured" } else { "estimated" }.to_owned());
    [bytes, layers, how].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What a fix says, and the lines that it changes.
fn fix_text(it: &Fix, before: &str) -> String {
    let after = fix::apply(before, it.edits.iter());
    let name = it.applicability.name();
    let effect = format!("{:?}", it.effect).to_lowercase();
    let mut text = format!("fix: {} ({name}, {effect})", it.title);
    if !it.reveals.is_empty() {
        write!(text, ", reveals {}", it.reveals.join(", ")).unwrap();
    }
    for change in TextDiff::from_lines(before, &after).iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Equal => continue,
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        };
        let value = change.value();
        let end = if value.ends_with('\n') { "" } else { "\\" };
        write!(text, "\n{sign} {}{end}", value.trim_end_matches('\n')).unwrap();
    }
    text
}

/// Compares files with what they must say, or writes them. A file of the same ending that nothing expects is left over.
pub(crate) fn compare(root: &Path, files: &BTreeMap<PathBuf, String>, target: &str) {
    let mut present = Vec::new();
    collect(root, &mut present);
    present.retain(|it| !files.contains_key(it));
    if update() {
        present.iter().for_each(|it| std::fs::remove_file(it).unwrap());
    }
    let mut wrong: Vec<String> =
        present.into_iter().map(|it| format!("{}: nothing has this name", it.display())).collect();
    for (path, text) in files {
        let found = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
        if found == *text {
            continue;
        }
        if update() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
            continue;
        }
        let diff = TextDiff::from_lines(&found, text);
        wrong.push(format!("{}\n{}", path.display(), diff.unified_diff().context_radius(2)));
    }
    let how = format!("`UPDATE=1 cargo test {target}` writes what is found");
    assert!(update() || wrong.is_empty(), "{}\n{how}", wrong.join("\n"));
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|it| it == "expected") {
            found.push(path);
        }
    }
}
