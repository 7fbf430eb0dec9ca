//! hadolint's configuration file and environment variables to settings.
//!
//! hadolint goes on with its defaults when its file cannot be read, and ignores keys it does not know. Here the
//! first is an error and the second a note.

use std::cmp::Reverse;
use std::path::Path;

use super::ReadSelector;
use super::file::{labels, one_of, text, texts, words};
use super::layer::{FailOn, Layer};
use super::yaml::{Document, Entry, Node, Problem, Value};
use crate::error::Error;
use crate::lint::{LabelType, Selector, Severity, did_you_mean};

/// What hadolint's configuration says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hadolint {
    /// What we have settings for.
    pub layer: Layer,
    /// Names of hadolint's output formats.
    pub formats: Vec<String>,
    /// Whether output has no colours.
    pub no_color: bool,
    /// What was left aside, each with its place.
    pub notes: Vec<String>,
}

/// The environment variables that hadolint reads, apart from `NO_COLOR`.
pub const VARIABLES: &[&str] = &[
    "HADOLINT_DISABLE_IGNORE_PRAGMA",
    "HADOLINT_FAILURE_THRESHOLD",
    "HADOLINT_FORMAT",
    "HADOLINT_IGNORE",
    "HADOLINT_NOFAIL",
    "HADOLINT_OVERRIDE_ERROR",
    "HADOLINT_OVERRIDE_INFO",
    "HADOLINT_OVERRIDE_STYLE",
    "HADOLINT_OVERRIDE_WARNING",
    "HADOLINT_REQUIRE_LABELS",
    "HADOLINT_STRICT_LABELS",
    "HADOLINT_TRUSTED_REGISTRIES",
    "HADOLINT_VERBOSE",
];

/// The keys of hadolint's file.
const KEYS: &[&str] = &[
    "disable-ignore-pragma",
    "failure-threshold",
    "format",
    "formats",
    "ignored",
    "label-schema",
    "no-color",
    "no-fail",
    "override",
    "strict-labels",
    "trustedRegistries",
    "verbose",
];

impl Hadolint {
    /// Reads a file.
    pub fn read(path: &Path, bytes: &[u8], selector: ReadSelector<'_>) -> Result<Self, Error> {
        let document = Document::read(bytes).map_err(|problem| problem.of(path))?;
        let mut found = Self::default();
        let mut notes = Notes::default();
        let result = found.read_keys(&document.root(), selector, &mut notes);
        result.map_err(|problem| problem.of(path))?;
        let more = notes.more;
        found.notes = notes.list.into_iter().map(|note| format!("{}", note.of(path))).collect();
        if more > 0 {
            found.notes.push(format!("{}: {more} more keys and codes are unknown", path.display()));
        }
        Ok(found)
    }

    fn read_keys(
        &mut self,
        root: &Node<'_>,
        selector: ReadSelector<'_>,
        notes: &mut Notes,
    ) -> Result<(), Problem> {
        let mut no_fail = false;
        for entry in root.map()? {
            let node = &entry.value;
            match entry.key {
                "ignored" => self.layer.ignore = codes(node, selector, notes)?,
                "override" => {
                    for entry in node.map()? {
                        let mut severities = Severity::ALL.into_iter();
                        let Some(severity) = severities.find(|it| it.name() == entry.key) else {
                            let names = Severity::ALL.into_iter().map(Severity::name);
                            notes.add(|| unknown(&entry, names));
                            continue;
                        };
                        let codes = codes(&entry.value, selector, notes)?;
                        self.layer.severity.extend(codes.into_iter().map(|it| (it, severity)));
                    }
                }
                "trustedRegistries" => self.layer.trusted_registries = words(node, "registries")?,
                "label-schema" => self.layer.label_schema = labels(node)?,
                "strict-labels" => self.layer.strict_labels = Some(flag(node)?),
                "disable-ignore-pragma" => self.layer.disable_ignore_comments = Some(flag(node)?),
                "no-fail" => no_fail = flag(node)?,
                "no-color" => self.no_color = flag(node)?,
                // Says on what it would do; `layerwise config` does.
                "verbose" => _ = flag(node)?,
                "failure-threshold" => {
                    let name = |(name, _): (&'static str, Severity)| name;
                    let all = THRESHOLDS.iter().copied();
                    let (_, severity) = one_of(node, "a severity", all, name)?;
                    self.layer.fail_on = Some(FailOn::Severity(severity));
                }
                "format" => self.formats.push(text(node, "the name of a format")?.to_owned()),
                "formats" => self.formats.extend(words(node, "names of formats")?),
                _ => notes.add(|| unknown(&entry, KEYS.iter().copied())),
            }
        }
        if no_fail {
            self.layer.fail_on = Some(FailOn::Never);
        }
        self.worst_severity_wins();
        Ok(())
    }

    /// Reads the environment. hadolint skips what it does not understand there; a note says.
    pub fn of_environment(
        variable: &dyn Fn(&str) -> Option<String>,
        selector: ReadSelector<'_>,
    ) -> Self {
        let mut found = Self::default();
        let items = |name: &str| -> Vec<String> {
            let text = variable(name).unwrap_or_default();
            let items = text.split(',').map(str::trim).filter(|it| !it.is_empty());
            items.map(str::to_owned).collect()
        };
        let mut notes = Vec::new();
        let mut codes = |name: &str| -> Vec<Selector> {
            let read = |word: String| selector(&word).map_err(|text| format!("{name}: {text}"));
            let (good, bad): (Vec<_>, Vec<_>) =
                items(name).into_iter().map(read).partition(Result::is_ok);
            notes.extend(bad.into_iter().filter_map(Result::err));
            good.into_iter().flatten().collect()
        };
        let layer = &mut found.layer;
        layer.ignore = codes("HADOLINT_IGNORE");
        for severity in Severity::ALL {
            let name = format!("HADOLINT_OVERRIDE_{}", severity.name().to_uppercase());
            layer.severity.extend(codes(&name).into_iter().map(|it| (it, severity)));
        }
        layer.trusted_registries = items("HADOLINT_TRUSTED_REGISTRIES");
        for item in items("HADOLINT_REQUIRE_LABELS") {
            let (label, kind) = item.split_once(':').unwrap_or((&item, ""));
            let kind = if kind.is_empty() { "text" } else { kind };
            match LabelType::ALL.into_iter().find(|it| it.name() == kind) {
                Some(kind) => _ = layer.label_schema.insert(label.to_owned(), kind),
                None => notes.push(format!("HADOLINT_REQUIRE_LABELS: unknown type `{kind}`")),
            }
        }
        let flag = |name: &str| variable(name).map(|text| is_true(&text));
        layer.strict_labels = flag("HADOLINT_STRICT_LABELS");
        layer.disable_ignore_comments = flag("HADOLINT_DISABLE_IGNORE_PRAGMA");
        if let Some(word) = variable("HADOLINT_FAILURE_THRESHOLD") {
            match THRESHOLDS.iter().find(|(name, _)| *name == word) {
                Some((_, severity)) => layer.fail_on = Some(FailOn::Severity(*severity)),
                None => {
                    notes.push(format!("HADOLINT_FAILURE_THRESHOLD: `{word}` is not a severity"));
                }
            }
        }
        if flag("HADOLINT_NOFAIL") == Some(true) {
            layer.fail_on = Some(FailOn::Never);
        }
        found.formats = items("HADOLINT_FORMAT");
        found.notes = notes;
        found.worst_severity_wins();
        found
    }

    /// Lays a source over this one, as hadolint does: lists add up.
    pub fn add(&mut self, over: Self) {
        // `no-fail` and a threshold are two settings of hadolint's: one does not undo the other.
        let never = self.layer.fail_on == Some(FailOn::Never);
        self.layer.add(&over.layer);
        if never {
            self.layer.fail_on = Some(FailOn::Never);
        }
        self.formats.extend(over.formats);
        self.no_color |= over.no_color;
        self.notes.extend(over.notes);
        self.worst_severity_wins();
    }

    /// Of the severities that a rule is given, hadolint takes the worst and we the last.
    fn worst_severity_wins(&mut self) {
        self.layer.severity.sort_by_key(|(_, severity)| Reverse(*severity));
    }
}

/// hadolint's names of thresholds. `ignore` and `none` mean that any finding fails.
const THRESHOLDS: &[(&str, Severity)] = &[
    ("error", Severity::Error),
    ("warning", Severity::Warning),
    ("info", Severity::Info),
    ("style", Severity::Style),
    ("ignore", Severity::Style),
    ("none", Severity::Style),
];

/// What was overlooked in a file.
#[derive(Default)]
struct Notes {
    list: Vec<Problem>,
    /// How many there are beyond those.
    more: usize,
}

/// More is counted but not reported: to find the place of one, the file is read again.
const MOST_NOTES: usize = 10;

impl Notes {
    fn add(&mut self, problem: impl FnOnce() -> Problem) {
        if self.list.len() < MOST_NOTES {
            self.list.push(problem());
        } else {
            self.more += 1;
        }
    }
}

fn unknown<'w>(entry: &Entry<'_>, words: impl Iterator<Item = &'w str>) -> Problem {
    let hint = did_you_mean(entry.key, words);
    entry.key_problem(format!("`{}` is not a hadolint setting and has no effect{hint}", entry.key))
}

/// Codes. Those that we do not know are noted: hadolint may have more of them.
fn codes(
    node: &Node<'_>,
    selector: ReadSelector<'_>,
    notes: &mut Notes,
) -> Result<Vec<Selector>, Problem> {
    let mut found = Vec::new();
    for item in texts(node, "codes")? {
        match selector(text(&item, "a code")?) {
            Ok(selector) => found.push(selector),
            Err(message) => notes.add(|| item.problem(message)),
        }
    }
    Ok(found)
}

/// A truth value in the words of YAML 1.1, which hadolint reads.
fn flag(node: &Node<'_>) -> Result<bool, Problem> {
    match node.value {
        Value::Bool(value) => Ok(*value),
        Value::Text(text) if is_true(text) => Ok(true),
        Value::Text(text) if is_false(text) => Ok(false),
        _ => Err(node.expected("true or false")),
    }
}

fn is_true(text: &str) -> bool {
    ["1", "y", "on", "true", "yes"].iter().any(|it| text.eq_ignore_ascii_case(it))
}

fn is_false(text: &str) -> bool {
    ["0", "n", "off", "false", "no"].iter().any(|it| text.eq_ignore_ascii_case(it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Meta;

    fn selector(word: &str) -> Result<Selector, String> {
        if word == "DL9999" {
            return Err("no DL9999".to_owned());
        }
        let Ok(selector) = word.parse();
        Ok(selector)
    }

    fn read(text: &str) -> Result<Hadolint, String> {
        let result = Hadolint::read(Path::new("h"), text.as_bytes(), &selector);
        result.map_err(|error| error.to_string())
    }

    fn severity(found: &Hadolint, code: &'static str) -> Option<Severity> {
        found.layer.clone().settings().lint.severity_of(&Meta { code, ..Meta::HADOLINT })
    }

    #[test]
    fn the_worst_override_wins() {
        let found = read("override:\n  error: [DL3008]\n  style: [DL3008, DL3009]\n").unwrap();
        assert_eq!(severity(&found, "DL3008"), Some(Severity::Error));
        assert_eq!(severity(&found, "DL3009"), Some(Severity::Style));
        let variable = |name: &str| {
            let text = "DL3009, DL9999,";
            (name == "HADOLINT_OVERRIDE_WARNING").then(|| text.to_owned())
        };
        let mut both = Hadolint::of_environment(&variable, &selector);
        both.add(found);
        assert_eq!(severity(&both, "DL3009"), Some(Severity::Warning));
        assert_eq!(both.notes, ["HADOLINT_OVERRIDE_WARNING: no DL9999"]);
    }

    #[test]
    fn every_key_is_known() {
        for key in KEYS {
            let result = read(&format!("{key}: 1.5"));
            assert!(result.is_err_and(|it| it.contains("expected ")), "{key}");
        }
        for (text, never) in [("no-fail: yes", true), ("no-fail: off", false)] {
            let fail_on = read(text).unwrap().layer.fail_on;
            assert_eq!(fail_on == Some(FailOn::Never), never);
        }
        for word in ["ignore", "none", "style"] {
            let fail_on = read(&format!("failure-threshold: {word}")).unwrap().layer.fail_on;
            assert_eq!(fail_on, Some(FailOn::Severity(Severity::Style)));
        }
        let registries = |text: &str| read(text).unwrap().layer.trusted_registries;
        assert_eq!(registries("trustedRegistries: a.io"), registries("trustedRegistries: [a.io]"));
    }

    #[test]
    fn what_hadolint_ignores_is_noted() {
        let found =
            read("ignore: [DL3008]\noverride:\n  ignore: [DL1]\nignored: [DL9999]\n").unwrap();
        assert_eq!(
            found.notes,
            [
                "h:1:1: `ignore` is not a hadolint setting and has no effect (did you mean `ignored`?)",
                "h:3:3: `ignore` is not a hadolint setting and has no effect",
                "h:4:11: no DL9999",
            ]
        );
        assert_eq!(found.layer.ignore, []);
    }

    #[test]
    fn the_environment() {
        let variable = |name: &str| {
            Some(match name {
                "HADOLINT_IGNORE" => "DL3008, DL3009".to_owned(),
                "HADOLINT_REQUIRE_LABELS" => "a:url,b:,c:x,d".to_owned(),
                "HADOLINT_FAILURE_THRESHOLD" => "worst".to_owned(),
                "HADOLINT_STRICT_LABELS" => "YES".to_owned(),
                "HADOLINT_NOFAIL" => "maybe".to_owned(),
                _ => return None,
            })
        };
        let found = Hadolint::of_environment(&variable, &selector);
        assert_eq!(found.layer.ignore.len(), 2);
        let labels: Vec<_> = found.layer.label_schema.keys().collect();
        assert_eq!(labels, ["a", "b", "d"]);
        assert_eq!((found.layer.strict_labels, found.layer.fail_on), (Some(true), None));
        assert_eq!(found.notes.len(), 2);
    }
}
