//! `layerwise.yaml` to settings. Whatever is not understood is an error with its place: a setting that silently
//! does nothing is worse than none.

use std::path::Path;

use ignore::gitignore::GitignoreBuilder;
use semver::{Version, VersionReq};

use super::ReadSelector;
use super::layer::{FailOn, Layer};
use super::schema::{KEYS, PATH, profiles};
use super::yaml::{Document, Entry, Node, Problem, Value};
use crate::amount;
use crate::error::Error;
use crate::lint::{LabelType, Profile, Selector, Severity, did_you_mean};

/// A configuration file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// The file that this one adds to, as it is written.
    pub extends: Option<String>,
    /// What it says of all files.
    pub layer: Layer,
    /// Patterns of what is checked whatever its name is when folders are searched.
    pub include: Vec<String>,
    /// Patterns of what is left out when folders are searched.
    pub exclude: Vec<String>,
    /// What it says of some files. Later entries count more.
    pub per_path: Vec<PerPath>,
}

/// What a configuration file says of some files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PerPath {
    /// Patterns of the files.
    pub paths: Vec<String>,
    /// What it says.
    pub layer: Layer,
}

impl Config {
    /// Reads our own file.
    pub fn read(path: &Path, bytes: &[u8], selector: ReadSelector<'_>) -> Result<Self, Error> {
        let document = Document::read(bytes).map_err(|problem| problem.of(path))?;
        config(&document.root(), selector).map_err(|problem| problem.of(path))
    }

    /// Lays another file over this one: what it says counts more.
    pub fn add(&mut self, over: Self) {
        self.layer.add(&over.layer);
        self.include.extend(over.include);
        self.exclude.extend(over.exclude);
        self.per_path.extend(over.per_path);
    }
}

/// Keys of the file as a whole, which entries of `per-path` cannot have.
const TOP_LEVEL: [&str; 6] =
    ["required-version", "extends", "baseline", "include", "exclude", "per-path"];

fn config(root: &Node<'_>, selector: ReadSelector<'_>) -> Result<Config, Problem> {
    let mut config = Config::default();
    let entries = root.map()?;
    // First of all: another version may know other keys.
    for entry in entries.iter().filter(|it| it.key == "required-version") {
        required_version(&entry.value, env!("CARGO_PKG_VERSION"))?;
    }
    for entry in entries {
        match entry.key {
            "required-version" => {}
            "extends" => {
                config.extends = Some(text(&entry.value, "the path of a file")?.to_owned());
            }
            "baseline" => {
                config.layer.baseline = Some(text(&entry.value, "the path of a file")?.into());
            }
            "include" => config.include = patterns(&entry.value)?,
            "exclude" => config.exclude = patterns(&entry.value)?,
            "per-path" => {
                let items = match entry.value.value {
                    Value::Null => Some(Vec::new()),
                    _ => entry.value.list(),
                };
                let wrong = || entry.value.expected("a list of entries with `path`");
                for item in items.ok_or_else(wrong)? {
                    config.per_path.push(per_path(&item, selector)?);
                }
            }
            _ => setting(&mut config.layer, &entry, selector, &TOP_LEVEL)?,
        }
    }
    Ok(config)
}

/// Refuses to go on with a version that the file does not want.
fn required_version(node: &Node<'_>, version: &str) -> Result<(), Problem> {
    let what = "versions of layerwise, such as \">=0.2, <0.3\"";
    let (Value::Text(wanted) | Value::Integer(wanted) | Value::Float(wanted)) = node.value else {
        return Err(node.expected(what));
    };
    let requirement = VersionReq::parse(wanted).map_err(|_| node.expected(what))?;
    let matches = Version::parse(version).is_ok_and(|it| requirement.matches(&it));
    let wrong =
        || node.problem(format!("this needs layerwise {requirement}, and this is {version}"));
    matches.then_some(()).ok_or_else(wrong)
}

fn per_path(node: &Node<'_>, selector: ReadSelector<'_>) -> Result<PerPath, Problem> {
    let mut found = PerPath::default();
    for entry in node.map()? {
        match entry.key {
            PATH => found.paths = patterns(&entry.value)?,
            name if KEYS.iter().any(|key| key.name == name && !key.per_path) => {
                return Err(entry.key_problem(format!("`{name}` cannot be set per path")));
            }
            _ => setting(&mut found.layer, &entry, selector, &[PATH])?,
        }
    }
    if found.paths.is_empty() {
        return Err(node.problem("`path` is missing"));
    }
    Ok(found)
}

/// Reads a key that files and entries of `per-path` have in common. `others` are the keys that the caller
/// reads itself.
fn setting(
    layer: &mut Layer,
    entry: &Entry<'_>,
    selector: ReadSelector<'_>,
    others: &[&str],
) -> Result<(), Problem> {
    let node = &entry.value;
    match entry.key {
        "profile" => layer.profile = Some(one_of(node, "a profile", profiles(), Profile::name)?),
        "select" => layer.select = Some(selectors(node, selector)?),
        "extend-select" => layer.extend_select = selectors(node, selector)?,
        "ignore" => layer.ignore = selectors(node, selector)?,
        "severity" => {
            for entry in node.map()? {
                let who = selector(entry.key).map_err(|message| entry.key_problem(message))?;
                layer.severity.push((who, severity(&entry.value)?));
            }
        }
        "fail-on" => {
            let all = Severity::ALL.into_iter().map(FailOn::Severity).chain([FailOn::Never]);
            layer.fail_on = Some(one_of(node, "a severity or never", all, FailOn::name)?);
        }
        "trusted-registries" => layer.trusted_registries = words(node, "registries")?,
        "label-schema" => layer.label_schema = labels(node)?,
        "strict-labels" => layer.strict_labels = Some(flag(node)?),
        "max-layers" => layer.max_layers = Some(number(node)?),
        "max-size" => layer.gates.max_size = Some(amount(node, amount::bytes)?),
        "max-waste" => layer.gates.max_waste = Some(amount(node, amount::amount)?),
        "min-efficiency" => layer.gates.min_efficiency = Some(amount(node, amount::efficiency)?),
        "max-growth" => layer.gates.max_growth = Some(amount(node, amount::amount)?),
        "ignore-paths" => layer.gates.ignore_paths = patterns(node)?,
        "require-reason" => layer.require_reason = Some(flag(node)?),
        "disable-ignore-comments" => layer.disable_ignore_comments = Some(flag(node)?),
        "build-args" => {
            for entry in node.map()? {
                layer.build_args.push((entry.key.to_owned(), argument(&entry.value)?));
            }
        }
        "target" => layer.target = Some(text(node, "the name of a stage")?.to_owned()),
        other => {
            let shared = KEYS.iter().filter(|key| key.per_path).map(|key| key.name);
            let hint = did_you_mean(other, shared.chain(others.iter().copied()));
            return Err(entry.key_problem(format!("unknown setting `{other}`{hint}")));
        }
    }
    Ok(())
}

/// One of a few names.
pub(super) fn one_of<T: Copy>(
    node: &Node<'_>,
    what: &str,
    all: impl Iterator<Item = T>,
    name: fn(T) -> &'static str,
) -> Result<T, Problem> {
    let all: Vec<T> = all.collect();
    let names: Vec<&str> = all.iter().map(|it| name(*it)).collect();
    let expected = format!("{what} ({})", names.join(", "));
    let word = text(node, &expected)?;
    match all.iter().find(|it| name(**it) == word) {
        Some(found) => Ok(*found),
        None => {
            let hint = did_you_mean(word, names.into_iter());
            Err(node.problem(format!("expected {expected}, found `{word}`{hint}")))
        }
    }
}

fn severity(node: &Node<'_>) -> Result<Severity, Problem> {
    one_of(node, "a severity", Severity::ALL.into_iter(), Severity::name)
}

/// The labels of a schema. hadolint takes no type for text, and so do we.
pub(super) fn labels(
    node: &Node<'_>,
) -> Result<std::collections::BTreeMap<String, LabelType>, Problem> {
    let label = |entry: Entry<'_>| {
        let no_type = match entry.value.value {
            Value::Null => true,
            Value::Text(text) => text.is_empty(),
            _ => false,
        };
        let kind = if no_type {
            LabelType::Text
        } else {
            let all = LabelType::ALL.into_iter();
            one_of(&entry.value, "a type of labels", all, LabelType::name)?
        };
        Ok((entry.key.to_owned(), kind))
    };
    node.map()?.into_iter().map(label).collect()
}

/// A size or a share, with the words in which it was written.
fn amount<T>(node: &Node<'_>, read: fn(&str) -> Result<T, String>) -> Result<(T, String), Problem> {
    let text = match node.value {
        Value::Float(number) => number.to_string(),
        _ => argument(node)?,
    };
    let value = read(&text).map_err(|message| node.problem(message))?;
    Ok((value, text))
}

fn flag(node: &Node<'_>) -> Result<bool, Problem> {
    match node.value {
        Value::Bool(value) => Ok(*value),
        _ => Err(node.expected("true or false")),
    }
}

fn number(node: &Node<'_>) -> Result<u32, Problem> {
    let number =
        if let Value::Integer(number) = node.value { number.parse::<u32>().ok() } else { None };
    number.filter(|it| *it > 0).ok_or_else(|| node.expected("a number of at least 1"))
}

/// A text that is not empty.
pub(super) fn text<'d>(node: &Node<'d>, what: &str) -> Result<&'d str, Problem> {
    match node.value {
        Value::Text(text) if !text.trim().is_empty() => Ok(text),
        _ => Err(node.expected(what)),
    }
}

/// A text or a list of texts.
pub(super) fn texts<'d>(node: &Node<'d>, what: &str) -> Result<Vec<Node<'d>>, Problem> {
    match node.value {
        Value::Text(_) => Ok(vec![node.clone()]),
        Value::Null => Ok(Vec::new()),
        _ => node.list().ok_or_else(|| node.expected(&format!("a list of {what}"))),
    }
}

pub(super) fn words(node: &Node<'_>, what: &str) -> Result<Vec<String>, Problem> {
    let items = texts(node, what)?;
    items.iter().map(|it| text(it, "a string").map(str::to_owned)).collect()
}

fn selectors(node: &Node<'_>, selector: ReadSelector<'_>) -> Result<Vec<Selector>, Problem> {
    let read = |item: &Node<'_>| {
        let word = text(item, "a code, a prefix, a family or a category")?;
        selector(word).map_err(|message| item.problem(message))
    };
    texts(node, "codes, prefixes, families or categories")?.iter().map(read).collect()
}

fn patterns(node: &Node<'_>) -> Result<Vec<String>, Problem> {
    let read = |item: &Node<'_>| {
        let pattern = text(item, "a pattern of paths")?;
        check_pattern(pattern)
            .map_err(|reason| item.problem(format!("`{pattern}` is {reason}")))?;
        Ok(pattern.to_owned())
    };
    texts(node, "patterns")?.iter().map(read).collect()
}

/// More than any path has; the matcher fails on some that are longer still.
const LONGEST_PATTERN: usize = 4096;

/// Whether a text is a pattern as in .gitignore, or why it is not.
pub fn check_pattern(pattern: &str) -> Result<(), String> {
    if pattern.len() > LONGEST_PATTERN {
        return Err(format!("not a pattern: longer than {LONGEST_PATTERN} bytes"));
    }
    // git takes a bracket without an end for a letter; it is a mistake all the same.
    globset::Glob::new(pattern).map_err(|error| format!("not a pattern: {}", error.kind()))?;
    let mut builder = GitignoreBuilder::new("");
    builder.add_line(None, pattern).map_err(|error| format!("not a pattern: {error}"))?;
    Ok(())
}

/// The value of a build argument. A number with a point has lost its last zeros (`3.10`) before we see it.
fn argument(node: &Node<'_>) -> Result<String, Problem> {
    match node.value {
        Value::Text(text) | Value::Integer(text) => Ok(text.clone()),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Float(_) => Err(node.problem("expected a string: put the number in quotes")),
        _ => Err(node.expected("a string")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, (u32, u32, String)> {
        let selector = |word: &str| match word.parse::<Selector>() {
            Ok(Selector::Code(code)) if !code.starts_with("DL") => Err(format!("no `{code}`")),
            Ok(selector) => Ok(selector),
        };
        Config::read(Path::new("x"), text.as_bytes(), &selector).map_err(|error| match error {
            Error::Config { line, column, message, .. } => (line, column, message),
            other => (0, 0, other.to_string()),
        })
    }

    #[test]
    fn the_reader_knows_the_keys_of_the_table() {
        for key in KEYS {
            // Whatever it says of the value, it knows the key.
            let message = read(&format!("{}: [[1]]\n", key.name)).unwrap_err().2;
            assert!(message.starts_with("expected "), "{}: {message}", key.name);
            let entry = format!("per-path: [{{path: x, {}: [[1]]}}]\n", key.name);
            let message = read(&entry).unwrap_err().2;
            assert_eq!(message.starts_with("expected "), key.per_path, "{}: {message}", key.name);
        }
    }

    #[test]
    fn one_text_stands_for_a_list() {
        let config = read("ignore: DL3008\nexclude: vendor/\nper-path: []\n").unwrap();
        assert_eq!(config.layer.ignore, [Selector::Code("DL3008".to_owned())]);
        assert_eq!(config.exclude, ["vendor/"]);
    }

    #[test]
    fn faults_have_places() {
        for (text, line, column, part) in [
            ("a: 1", 1, 1, "unknown setting `a`"),
            ("\nprofil: strict", 2, 1, "(did you mean `profile`?)"),
            ("profile: stric", 1, 10, "(did you mean `strict`?)"),
            ("profile: named", 1, 10, "found `named`"),
            ("ignore:\n  - DL3008\n  - nosuch", 3, 5, "no `nosuch`"),
            ("ignore: {DL3008: 1}", 1, 9, "expected a list of codes"),
            ("severity:\n  nosuch: error", 2, 3, "no `nosuch`"),
            ("severity:\n  DL3008: eror", 2, 11, "(did you mean `error`?)"),
            ("fail-on: none", 1, 10, "error, warning, info, style, never"),
            ("strict-labels: yes", 1, 16, "expected true or false, found the string `yes`"),
            ("exclude: ['a', 'b[']", 1, 16, "`b[` is not a pattern"),
            ("label-schema:\n  a: txt", 2, 6, "(did you mean `text`?)"),
            ("build-args: {A: 3.10}", 1, 17, "put the number in quotes"),
            ("build-args: {A: }", 1, 17, "expected a string, found nothing"),
            ("target: [a]", 1, 9, "expected the name of a stage, found a list"),
            ("ignore: DL1\nignore: DL2", 2, 1, "duplicate key `ignore`"),
            ("per-path: {path: a}", 1, 11, "expected a list of entries"),
            ("per-path:\n  - ignore: DL1", 2, 5, "`path` is missing"),
            ("per-path:\n  - path: a\n    exclude: b", 3, 5, "cannot be set per path"),
            ("per-path:\n  - paths: a", 2, 5, "(did you mean `path`?)"),
            ("- profile", 1, 1, "expected a map of keys and values, found a list"),
            ("profile", 1, 1, "found the string `profile`"),
        ] {
            let (found_line, found_column, message) = read(text).unwrap_err();
            assert_eq!((found_line, found_column), (line, column), "{text}: {message}");
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
