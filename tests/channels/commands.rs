//! Commands in these files and in their guides have only options that exist, and formats that exist.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{layerwise, run};
use crate::{PLUGIN, text, words, yaml};

/// Files with commands, and at least how many each has: none is overlooked.
const FILES: &[(&str, usize)] = &[
    ("README.md", 16),
    ("docs/ci.md", 12),
    ("docs/install.md", 2),
    ("plugin.yaml", 1),
    (PLUGIN, 3),
    ("templates/layerwise/template.yml", 2),
    (".pre-commit-hooks.yaml", 2),
    ("packaging/action/run", 1),
    ("packaging/try", 1),
];

/// `--name` of each option that a help text lists, and the possible values of `--format`.
fn help(subcommand: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (code, help, _) = run(layerwise(".").args([subcommand, "--help"]));
    assert_eq!(code, 0, "{subcommand}");
    let (mut options, mut formats) = (BTreeSet::new(), BTreeSet::new());
    let mut in_format = false;
    for line in help.lines().map(str::trim) {
        let names = line.split([' ', ',', '=', '[']).filter(|it| it.starts_with("--"));
        if line.starts_with('-') && !line.starts_with("- ") {
            in_format = line.starts_with("--format ");
            options.extend(names.take(1).map(str::to_owned));
        } else if let Some(value) = line.strip_prefix("- ").filter(|_| in_format) {
            formats.insert(value.split(':').next().unwrap().trim().to_owned());
        }
    }
    (options, formats)
}

/// The commands of a text: the subcommand and the words after it, up to the end of the command.
fn commands(text: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for line in text.replace("\\\n", " ").lines() {
        for part in line.split(['`', '|', '&', ';', '#', '"']) {
            let words: Vec<_> = part.split_whitespace().collect();
            let Some(at) =
                words.iter().position(|it| *it == "layerwise" || it.ends_with("/layerwise"))
            else {
                continue;
            };
            let Some(subcommand) = words.get(at + 1) else { continue };
            if ["check", "measure", "image", "store", "cache"].contains(subcommand) {
                let rest = words[at + 2..].iter().take_while(|it| **it != "--");
                found.push(((*subcommand).to_owned(), rest.map(|it| (*it).to_owned()).collect()));
            }
        }
    }
    found
}

#[test]
fn commands_have_options_and_formats_that_exist() {
    let mut helps: BTreeMap<String, _> = BTreeMap::new();
    let mut faults = Vec::new();
    for (file, least) in FILES {
        let mut commands = commands(&text(file));
        if *file == PLUGIN {
            let linter = &yaml(file)["linters"][0];
            let mut all = words(&linter["cli_lint_extra_args"]);
            all.extend(words(&linter["cli_sarif_args"]));
            all.push(linter["cli_lint_fix_arg_name"].as_str().unwrap().to_owned());
            commands.push((all.remove(0), all));
        }
        assert!(commands.len() >= *least, "{file}: {commands:?}");
        for (subcommand, words) in commands {
            let (options, formats) =
                helps.entry(subcommand.clone()).or_insert_with(|| help(&subcommand));
            for (at, word) in words.iter().enumerate() {
                let (name, value) = word.split_once('=').unwrap_or((word, ""));
                if name.starts_with("--") && !options.contains(name) {
                    faults.push(format!("{file}: `layerwise {subcommand}` has no `{name}`"));
                }
                let next = words.get(at + 1).map_or("", String::as_str);
                let format = if value.is_empty() { next } else { value };
                if name == "--format" && !formats.contains(format) {
                    faults
                        .push(format!("{file}: `layerwise {subcommand}` has no format `{format}`"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn options_and_commands_are_found() {
    let (options, formats) = help("check");
    assert!(options.contains("--diff-base") && options.contains("--force-exclude"), "{options:?}");
    assert!(!options.contains("--max-size") && help("measure").0.contains("--max-size"));
    assert!(formats.contains("sarif") && formats.contains("rdjson"), "{formats:?}");
    assert!(!formats.contains("auto"), "{formats:?}");
    let found =
        commands("x && layerwise check --a \\\n  --format b -- --c # --d\n`/x/layerwise cache`");
    let words = ["--a", "--format", "b"].map(str::to_owned).to_vec();
    assert_eq!(found, [("check".to_owned(), words), ("cache".to_owned(), vec![])]);
}
