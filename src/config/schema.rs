//! The keys of `layerwise.yaml`: one table that the reader, the JSON Schema and the hints for misspelt keys share.

use serde_json::{Map, Value, json};

use crate::lint::{LabelType, Profile, Severity};

/// A key.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether an entry of `per-path` may have it.
    pub(super) per_path: bool,
    /// One sentence for editors.
    about: &'static str,
}

/// What the value of a key is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Profile,
    FailOn,
    Flag,
    /// A whole number of 1 or more.
    Number,
    Text,
    /// A text or a number.
    Scalar,
    /// Selectors, patterns or names: one or a list.
    Texts,
    Severities,
    Labels,
    Arguments,
    PerPath,
}

const fn key(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key { name, kind, per_path: true, about }
}

/// The key of an entry of `per-path` that says which files it is about.
pub(super) const PATH: &str = "path";

/// All keys, in the order in which people read them.
pub(super) const KEYS: &[Key] = &[
    Key {
        name: "required-version",
        kind: Kind::Scalar,
        per_path: false,
        about: "The versions of layerwise that may read this file, such as \">=0.2, <0.3\"; others refuse it.",
    },
    Key {
        name: "extends",
        kind: Kind::Text,
        per_path: false,
        about: "A file to build on, relative to this file.",
    },
    key("profile", Kind::Profile, "How much to report."),
    key("select", Kind::Texts, "Only these rules: codes, prefixes, families, categories."),
    key("extend-select", Kind::Texts, "Also these rules."),
    key("ignore", Kind::Texts, "Never these rules."),
    key("severity", Kind::Severities, "The severity of rules."),
    key("fail-on", Kind::FailOn, "The lowest severity that makes the exit code 1."),
    Key {
        name: "baseline",
        kind: Kind::Text,
        per_path: false,
        about: "The file with known findings, which are not reported; relative to this file.",
    },
    Key {
        name: "include",
        kind: Kind::Texts,
        per_path: false,
        about: "Files to check in folders, whatever their names are; patterns as in .gitignore.",
    },
    Key {
        name: "exclude",
        kind: Kind::Texts,
        per_path: false,
        about: "Files and folders to skip; patterns as in .gitignore.",
    },
    key("trusted-registries", Kind::Texts, "The only registries that images may come from."),
    key("label-schema", Kind::Labels, "Labels that a stage must have, with the type of the value."),
    key("strict-labels", Kind::Flag, "Whether labels outside the schema are findings."),
    key(
        "max-layers",
        Kind::Number,
        "How many layers the Dockerfile may add to the final image; also a gate of measure.",
    ),
    key(
        "max-size",
        Kind::Scalar,
        "The maximum file bytes of the image, such as 200MB: a gate of measure.",
    ),
    key(
        "max-waste",
        Kind::Scalar,
        "Maximum waste in the image's own layers, such as 5MB or 5%: a gate of measure.",
    ),
    key(
        "min-efficiency",
        Kind::Scalar,
        "Minimum share of useful bytes, such as 0.95: a gate of measure.",
    ),
    key(
        "max-growth",
        Kind::Scalar,
        "How much larger than its baseline the image may be: a gate of measure.",
    ),
    key(
        "ignore-paths",
        Kind::Texts,
        "Paths that measure never counts as waste; patterns as in .gitignore.",
    ),
    key("require-reason", Kind::Flag, "Whether a suppression must give a reason."),
    key("disable-ignore-comments", Kind::Flag, "Whether to ignore suppression comments."),
    key(
        "build-args",
        Kind::Arguments,
        "Values of build arguments, as in docker build --build-arg.",
    ),
    key("target", Kind::Text, "The stage to build, as in docker build --target."),
    Key {
        name: "per-path",
        kind: Kind::PerPath,
        per_path: false,
        about: "Settings for some files; later entries override earlier ones.",
    },
];

/// The profiles that can be chosen.
pub(super) fn profiles() -> impl Iterator<Item = Profile> {
    Profile::ALL.into_iter().filter(|it| *it != Profile::Named)
}

/// The JSON Schema of `layerwise.yaml`, for editors.
pub fn schema() -> String {
    let mut root = object(KEYS.iter());
    let entry = {
        let mut entry = object(KEYS.iter().filter(|it| it.per_path));
        let about = "The files: patterns as in .gitignore, relative to the folder of this file.";
        entry["properties"][PATH] = described(texts(), about);
        entry["required"] = json!([PATH]);
        entry
    };
    root["properties"]["per-path"]["items"] = entry;
    root["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    root["title"] = json!("layerwise.yaml");
    root["description"] = json!("Settings of layerwise, a Dockerfile linter.");
    format!("{root:#}\n")
}

fn object<'k>(keys: impl Iterator<Item = &'k Key>) -> Value {
    let properties = keys.map(|key| (key.name.to_owned(), described(of(key.kind), key.about)));
    let properties: Map<String, Value> = properties.collect();
    json!({ "type": ["object", "null"], "additionalProperties": false, "properties": properties })
}

fn described(mut schema: Value, about: &str) -> Value {
    schema["description"] = json!(about);
    schema
}

fn texts() -> Value {
    json!({ "type": ["string", "array"], "items": { "type": "string" } })
}

fn of(kind: Kind) -> Value {
    let severities: Vec<_> = Severity::ALL.into_iter().map(Severity::name).collect();
    let map = |values: Value| json!({ "type": ["object", "null"], "additionalProperties": values });
    match kind {
        Kind::Profile => {
            json!({ "type": "string", "enum": profiles().map(Profile::name).collect::<Vec<_>>() })
        }
        Kind::FailOn => {
            let names: Vec<_> = severities.into_iter().chain(["never"]).collect();
            json!({ "type": "string", "enum": names })
        }
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Number => json!({ "type": "integer", "minimum": 1 }),
        Kind::Text => json!({ "type": "string" }),
        Kind::Scalar => json!({ "type": ["string", "number"] }),
        Kind::Texts => texts(),
        Kind::Severities => map(json!({ "type": "string", "enum": severities })),
        Kind::Labels => {
            let names: Vec<_> = LabelType::ALL.into_iter().map(LabelType::name).collect();
            map(json!({ "type": "string", "enum": names }))
        }
        Kind::Arguments => map(json!({ "type": ["string", "integer", "boolean"] })),
        Kind::PerPath => json!({ "type": "array" }),
    }
}
