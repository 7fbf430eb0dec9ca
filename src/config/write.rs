//! Settings to the text of a `layerwise.yaml`.

use super::file::Config;
use super::layer::{FailOn, Layer};
use crate::escape;
use crate::lint::{LabelType, Profile, Selector};

/// A longer key needs a `?` in front of it: YAML allows 1024 characters without
/// (<https://yaml.org/spec/1.1/#id877259>).
const LONGEST_KEY: usize = 1000;

/// The text of a file that says the same. Reading it gives the same settings.
pub fn write(config: &Config) -> String {
    let mut text = String::new();
    if let Some(base) = &config.extends {
        text += &format!("extends: {}\n", quoted(base));
    }
    layer(&mut text, "", &config.layer);
    texts(&mut text, "", "include", &config.include);
    texts(&mut text, "", "exclude", &config.exclude);
    if !config.per_path.is_empty() {
        text += "per-path:\n";
    }
    for entry in &config.per_path {
        let mut lines = String::new();
        texts(&mut lines, "    ", "path", &entry.paths);
        layer(&mut lines, "    ", &entry.layer);
        text += &lines.replacen("    ", "  - ", 1);
    }
    text
}

fn layer(text: &mut String, indent: &str, layer: &Layer) {
    let selectors = |list: &[Selector]| list.iter().map(word).collect::<Vec<_>>();
    let mut line = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            *text += &format!("{indent}{name}: {value}\n");
        }
    };
    line("profile", layer.profile.map(Profile::name));
    if layer.select.as_ref().is_some_and(Vec::is_empty) {
        line("select", Some("[]"));
    }
    line("fail-on", layer.fail_on.map(FailOn::name));
    line("max-layers", layer.max_layers.map(|it| it.to_string()).as_deref());
    let gates = &layer.gates;
    line("max-size", gates.max_size.as_ref().map(|it| quoted(&it.1)).as_deref());
    line("max-waste", gates.max_waste.as_ref().map(|it| quoted(&it.1)).as_deref());
    line("min-efficiency", gates.min_efficiency.as_ref().map(|it| quoted(&it.1)).as_deref());
    line("max-growth", gates.max_growth.as_ref().map(|it| quoted(&it.1)).as_deref());
    let baseline = layer.baseline.as_ref().map(|it| quoted(&it.to_string_lossy()));
    line("baseline", baseline.as_deref());
    line("target", layer.target.as_deref().map(quoted).as_deref());
    for (name, value) in [
        ("strict-labels", layer.strict_labels),
        ("require-reason", layer.require_reason),
        ("disable-ignore-comments", layer.disable_ignore_comments),
    ] {
        line(name, value.map(|value| if value { "true" } else { "false" }));
    }
    texts(text, indent, "select", &selectors(layer.select.as_deref().unwrap_or_default()));
    texts(text, indent, "extend-select", &selectors(&layer.extend_select));
    texts(text, indent, "ignore", &selectors(&layer.ignore));
    // A map has each key once: of a rule's severities the last counts.
    let later = |at: usize| layer.severity[at + 1..].iter().map(|(it, _)| it);
    let last = layer.severity.iter().enumerate();
    let last = last.filter(|(at, (it, _))| !later(*at).any(|other| other == it));
    map(text, indent, "severity", last.map(|(_, (it, severity))| (word(it), severity.name())));
    texts(text, indent, "ignore-paths", &layer.gates.ignore_paths);
    texts(text, indent, "trusted-registries", &layer.trusted_registries);
    let labels =
        layer.label_schema.iter().map(|(name, kind)| (name.clone(), LabelType::name(*kind)));
    map(text, indent, "label-schema", labels);
    let arguments = layer.build_args.iter().map(|(name, value)| (name.clone(), value.as_str()));
    map(text, indent, "build-args", arguments);
}

fn texts(text: &mut String, indent: &str, name: &str, list: &[String]) {
    if !list.is_empty() {
        *text += &format!("{indent}{name}:\n");
        text.extend(list.iter().map(|it| format!("{indent}  - {}\n", quoted(it))));
    }
}

fn map<'t>(
    text: &mut String,
    indent: &str,
    name: &str,
    entries: impl Iterator<Item = (String, &'t str)>,
) {
    let lines = entries.map(|(key, value)| {
        let (key, value) = (quoted(&key), quoted(value));
        if key.len() > LONGEST_KEY {
            format!("{indent}  ? {key}\n{indent}  : {value}\n")
        } else {
            format!("{indent}  {key}: {value}\n")
        }
    });
    let lines: String = lines.collect();
    if !lines.is_empty() {
        *text += &format!("{indent}{name}:\n{lines}");
    }
}

/// A selector as people write it.
fn word(selector: &Selector) -> String {
    match selector {
        Selector::All => "ALL".to_owned(),
        Selector::Default => "DEFAULT".to_owned(),
        Selector::Family(family) => family.name().to_owned(),
        Selector::Category(category) => category.name().to_owned(),
        Selector::Code(text) | Selector::Prefix(text) => text.clone(),
    }
}

/// A text that YAML reads as that text. In doubt it is put into quotes: those of JSON are those of YAML.
fn quoted(text: &str) -> String {
    let is_word = text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text.chars().all(|it| it.is_ascii_alphanumeric() || "._-/".contains(it));
    let is_special = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|it| text.eq_ignore_ascii_case(it));
    if is_word && !is_special {
        text.to_owned()
    } else {
        escape::json(serde_json::Value::from(text).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::super::file::PerPath;
    use super::*;
    use crate::amount::Amount;
    use crate::config::Gates;
    use crate::lint::Severity;
    use std::path::Path;

    #[test]
    fn what_is_written_is_read_as_the_same() {
        let selector = |word: &str| {
            let Ok(selector) = word.parse::<Selector>();
            Ok(selector)
        };
        let selectors = |words: &str| -> Vec<Selector> {
            words.split(',').map(|word| word.parse().unwrap()).collect()
        };
        let layer = Layer {
            profile: Some(Profile::Strict),
            select: Some(selectors("hadolint,DL3,ALL,DEFAULT,base-image")),
            extend_select: selectors("LW101"),
            ignore: selectors("StageNameCasing"),
            severity: vec![(Selector::All, Severity::Error)],
            fail_on: Some(FailOn::Never),
            trusted_registries: vec!["*.io:5000".to_owned(), "".to_owned() + "docker.io"],
            label_schema: [
                ("org.x y: z".to_owned(), LabelType::Url),
                ("é".repeat(900), LabelType::Text),
            ]
            .into(),
            strict_labels: Some(false),
            max_layers: Some(60),
            gates: Gates {
                max_size: Some((200, "200".to_owned())),
                max_waste: Some((Amount::Percent(5.0), "5%".to_owned())),
                min_efficiency: Some((0.5, "0.5".to_owned())),
                max_growth: Some((Amount::Bytes(1_000_000), "1 MB".to_owned())),
                ignore_paths: vec!["!*.log".to_owned()],
            },
            require_reason: Some(true),
            disable_ignore_comments: Some(true),
            build_args: vec![
                ("A".to_owned(), "3.10".to_owned()),
                ("no".to_owned(), "a\n\"b\" # ü".to_owned()),
                ("E".to_owned(), String::new()),
                (":".repeat(2000), "long".to_owned()),
            ],
            target: Some("true".to_owned()),
            context: None,
            baseline: Some("a b/c.json".into()),
        };
        let entry = Layer { baseline: None, ..layer.clone() };
        let some = PerPath { paths: vec!["!a/**".to_owned(), "b".to_owned()], layer: entry };
        let other = Layer { select: Some(Vec::new()), ..Layer::default() };
        let other = PerPath { paths: vec!["c".to_owned()], layer: other };
        let config = Config {
            extends: Some("../a.yaml".to_owned()),
            layer,
            include: vec!["*.y".to_owned()],
            exclude: vec!["*.x".to_owned()],
            per_path: vec![some, other],
        };
        let text = write(&config);
        assert_eq!(Config::read(Path::new("x"), text.as_bytes(), &selector), Ok(config), "{text}");
        assert_eq!(write(&Config::default()), "");
    }
}
