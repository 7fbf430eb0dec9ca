//! What is printed of settings, and where they are described.

use super::*;

#[test]
fn the_settings_in_force_are_printed() {
    let work = folder(&[("layerwise.yaml", "ignore: DL3015\n"), ("a/x", ""), (".git/HEAD", "")]);
    let (code, out, _) = run(layerwise(work.path().join("a")).arg("config"));
    assert!(code == 0 && out.contains("layerwise.yaml.\nprofile: default\n"), "{out}");
    assert!(out.ends_with("fail-on: info\nignore:\n  - DL3015\n"), "{out}");
    let (_, out, _) = run(layerwise(work.path()).args(["config", "--no-config"]));
    assert_eq!(out, "# No configuration file: the defaults.\nprofile: default\nfail-on: info\n");
    let hadolint = folder(&[(".hadolint.yaml", "no-fail: true\n")]);
    let mut command = layerwise(hadolint.path());
    let (_, out, _) = run(command.env("HADOLINT_IGNORE", "DL3015").arg("config"));
    assert!(out.starts_with("# From .hadolint.yaml, HADOLINT_IGNORE.\n"), "{out}");
    assert!(out.contains("fail-on: never\nignore:\n  - DL3015\n"), "{out}");
}

#[test]
fn what_holds_for_a_file_is_printed_with_its_origin() {
    let folder = folder(&[
        ("base.yaml", "ignore: DL3008\nfail-on: error\n"),
        (
            "layerwise.yaml",
            "extends: base.yaml\nignore: [DL3009]\nexclude: old/\nper-path:\n  - path: [old/, x]\n    profile: strict\n",
        ),
        ("a/layerwise.yaml", ""),
    ]);
    let config = |arguments: &[&str]| run(layerwise(folder.path()).arg("config").args(arguments));
    let (code, out, _) = config(&["Dockerfile"]);
    let expected = "# Dockerfile\nprofile: default  # default\nfail-on: error    # base.yaml\n\
                    ignore:\n  - DL3008        # base.yaml\n  - DL3009        # layerwise.yaml\n";
    assert_eq!((code, out.as_str()), (0, expected));
    let (_, out, _) = config(&["old/Dockerfile"]);
    let head = "# old/Dockerfile\n# layerwise.yaml excludes it when folders are searched.\n\
                profile: strict  # layerwise.yaml, per-path old/ x\n";
    assert!(out.starts_with(head), "{out}");
    let (_, out, _) = config(&["a/Dockerfile"]);
    assert_eq!(out, "# a/Dockerfile\nprofile: default  # default\nfail-on: info     # default\n");
    assert_eq!(config(&["Dockerfile", "--schema"]).0, 2);
}

#[test]
fn a_commented_file_can_be_written() {
    let folder = folder(&[("Dockerfile", IMAGE)]);
    let init =
        |arguments: &[&str]| run(layerwise(folder.path()).args(["init", "config"]).args(arguments));
    let (_, text, _) = init(&["--stdout"]);
    let wrote = "Wrote ./layerwise.yaml, with every setting commented out.\n";
    assert_eq!(init(&[]), (0, String::new(), wrote.to_owned()));
    assert_eq!(std::fs::read_to_string(folder.path().join("layerwise.yaml")).unwrap(), text);
    assert_eq!(one(folder.path(), &[]), one(folder.path(), &["--no-config"]));
    let (code, _, err) = init(&[]);
    assert!(code == 2 && err.contains("./layerwise.yaml already exists"), "{err}");
    assert_eq!(init(&["no/such"]).0, 2);
}

/// Whether a value is as a schema says, in the few words of JSON Schema that ours has.
pub(super) fn validate(schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let of_type = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("unknown type {other}"),
    };
    let good = match &schema["type"] {
        Value::String(name) => of_type(name),
        Value::Array(names) => names.iter().any(|name| of_type(name.as_str().unwrap())),
        _ => true,
    };
    let listed = schema["enum"].as_array().is_none_or(|all| all.contains(value));
    if !good || !listed {
        faults.push(format!("{at}: {value}"));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        validate(&schema["items"], item, &format!("{at}/{index}"), faults);
    }
    for (key, item) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{key}");
        match (&schema["properties"][key], &schema["additionalProperties"]) {
            (Value::Null, Value::Bool(false)) => faults.push(at),
            (Value::Null, others) => validate(others, item, &at, faults),
            (own, _) => validate(own, item, &at, faults),
        }
    }
    for key in schema["required"].as_array().into_iter().flatten() {
        if value.get(key.as_str().unwrap()).is_none() {
            faults.push(format!("{at}: no {key}"));
        }
    }
}

#[test]
fn the_schema_is_that_of_the_reader() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/layerwise.schema.json");
    let (_, out, _) =
        run(layerwise(Path::new(env!("CARGO_MANIFEST_DIR"))).args(["config", "--schema"]));
    if common::update() {
        std::fs::write(&path, &out).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    assert!(committed == out, "docs/layerwise.schema.json is stale; run with UPDATE=1");

    let schema: Value = serde_json::from_str(&out).unwrap();
    let full: Value = serde_yaml::from_str(&fixture("full.yaml")).unwrap();
    let faults = |value: &Value| {
        let mut faults = Vec::new();
        validate(&schema, value, "", &mut faults);
        faults
    };
    assert_eq!(faults(&full), Vec::<String>::new());
    // The example has every key, and the reader takes it.
    let keys = |it: &Value| it.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&full), keys(&schema["properties"]));
    let entries = full["per-path"].as_array().unwrap().iter().flat_map(keys);
    let mut entries: Vec<String> = entries.collect();
    entries.sort();
    entries.dedup();
    assert_eq!(entries, keys(&schema["properties"]["per-path"]["items"]["properties"]));
    let folder = folder(&[("layerwise.yaml", fixture("full.yaml").as_str()), ("base.yaml", "")]);
    let (code, _, err) = run(layerwise(folder.path()).arg("config"));
    assert_eq!((code, err.as_str()), (0, ""));

    for (text, at) in [
        ("profil: strict", "/profil"),
        ("profile: named", "/profile: \"named\""),
        ("strict-labels: 1", "/strict-labels: 1"),
        ("per-path: [{ignore: a}]", "/per-path/0: no \"path\""),
        ("per-path: [{path: a, exclude: b}]", "/per-path/0/exclude"),
        ("extends: [a]", "/extends: [\"a\"]"),
        ("severity: {a: b}", "/severity/a: \"b\""),
    ] {
        assert_eq!(faults(&serde_yaml::from_str(text).unwrap()), [at], "{text}");
    }
}

#[test]
fn the_pages_name_every_key() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/configuration.md")).unwrap();
    let full: Value = serde_yaml::from_str(&fixture("full.yaml")).unwrap();
    for key in full.as_object().unwrap().keys() {
        assert!(page.contains(&format!("| `{key}` |")), "docs/configuration.md lacks `{key}`");
    }
}
