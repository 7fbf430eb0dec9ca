//! The layers of the house and what is said about them in ARCHITECTURE.md.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};

/// What each module may not reach above: it imports from lower layers only.
const LAYERS: &[(&str, u8)] = &[
    ("main", 8),
    ("cli", 7),
    ("lsp", 6),
    ("report", 5),
    ("session", 5),
    ("rules", 4),
    ("config", 4),
    ("measure", 4),
    ("cache", 4),
    ("fix", 3),
    ("lint", 3),
    ("build", 2),
    ("image", 2),
    ("model", 2),
    ("store", 3),
    ("context", 1),
    ("shell", 1),
    ("syntax", 1),
    ("amount", 0),
    ("escape", 0),
    ("error", 1),
    ("secrets", 0),
    ("source", 0),
];

/// Modules of one layer do not know each other, but for these: (who, whom).
const NEIGHBOURS: &[(&str, &str)] = &[("fix", "lint"), ("report", "session")];

/// No file is longer.
const MAX_LINES: usize = 500;

struct Code {
    /// The path from the root of the project, with `/`.
    path: String,
    /// `model` for `src/model/run.rs`; `rules` for all below `rules/`.
    module: String,
    /// The text without comments.
    text: String,
    lines: usize,
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
}

/// All code of the library and the program.
fn code() -> Vec<Code> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join("src"), &mut files);
    collect(&root.join("rules"), &mut files);
    let code = files.iter().map(|file| {
        let path = file.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(file).unwrap();
        let module = match path.strip_prefix("src/") {
            None => "rules",
            Some(rest) => rest.split(['/', '.']).next().unwrap(),
        };
        let is_comment = |line: &&str| line.trim_start().starts_with("//");
        Code {
            module: module.to_owned(),
            lines: text.lines().count(),
            text: text.lines().filter(|line| !is_comment(line)).collect::<Vec<_>>().join("\n"),
            path,
        }
    });
    code.collect()
}

/// The modules that a text names as `crate::module` or in `crate::{module, …}`.
fn imports(text: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').collect()
    };
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let Some(list) = rest.strip_prefix('{') else {
            found.push(word(rest));
            continue;
        };
        let (mut depth, mut item) = (0, String::new());
        for character in list.chars() {
            match character {
                '}' if depth == 0 => break,
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => found.push(word(std::mem::take(&mut item).trim())),
                _ if depth == 0 => item.push(character),
                _ => {}
            }
        }
        found.push(word(item.trim()));
    }
    found.retain(|it| !it.is_empty());
    found
}

fn layer(module: &str) -> Option<u8> {
    LAYERS.iter().find(|(name, _)| *name == module).map(|(_, layer)| *layer)
}

#[test]
fn imports_are_read() {
    let text = "use crate::a::B;\nuse crate::{c, d::{e, f}, g};\nlet x = crate::h::i();";
    assert_eq!(imports(text), ["a", "c", "d", "g", "h"]);
}

#[test]
fn imports_go_downward() {
    let mut wrong = Vec::new();
    for file in code() {
        if file.module == "lib" {
            continue;
        }
        let Some(own) = layer(&file.module) else {
            wrong.push(format!("{}: `{}` has no layer", file.path, file.module));
            continue;
        };
        for other in imports(&file.text) {
            let pair = (file.module.as_str(), other.as_str());
            let good = match layer(&other) {
                _ if other == file.module => true,
                None => false,
                Some(layer) => layer < own || NEIGHBOURS.contains(&pair),
            };
            if !good {
                wrong.push(format!("{} imports `{other}`", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Fails where a file names one of the words and is not one of those that may.
fn only(words: &[&str], may: impl Fn(&str) -> bool) {
    let mut wrong = Vec::new();
    for file in code().iter().filter(|file| !may(&file.path)) {
        let named = words.iter().filter(|word| file.text.contains(**word));
        wrong.extend(named.map(|word| format!("{} names `{word}`", file.path)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_terminal_report_names_miette() {
    only(&["miette"], |path| path == "src/report/terminal.rs");
}

#[test]
fn only_the_shell_door_names_shuck() {
    only(&["shuck"], |path| path.starts_with("src/shell/"));
}

#[test]
fn only_the_configuration_names_serde_yaml() {
    only(&["serde_yaml"], |path| path.starts_with("src/config/"));
}

#[test]
fn only_the_language_server_names_its_protocol() {
    only(&["gen_lsp_types", "lsp_server", "crossbeam"], |path| path.starts_with("src/lsp/"));
}

#[test]
fn only_its_door_names_the_library_for_git() {
    only(&["gix_"], |path| path.starts_with("src/cache/git/"));
}

#[test]
fn only_the_command_line_prints() {
    let words = ["println!", "print!", "io::stdout", "io::stderr", "stdout()", "stderr()"];
    only(&words, |path| path.starts_with("src/cli/") || path == "src/main.rs");
}

#[test]
fn only_those_who_have_to_read_files() {
    only(&["std::fs", "fs::", " File::"], |path| {
        path.starts_with("src/cli/")
            || path.starts_with("src/build/")
            || path.starts_with("src/store/")
            || path.starts_with("src/measure/builtin/")
            || path.starts_with("src/measure/session/")
            || path.starts_with("src/context/")
            || matches!(path, "src/session.rs" | "src/image/store.rs")
    });
}

#[test]
fn only_the_command_line_reads_the_environment() {
    only(&["env::var"], |path| path.starts_with("src/cli/"));
}

#[test]
fn only_the_builders_run_programs() {
    only(&["std::process::Command", "process::{"], |path| path.starts_with("src/build/"));
}

#[test]
fn rules_are_filters_over_facts() {
    let words =
        ["std::fs", "std::env", "regex", "println", ".source.text", "shuck", "std::process"];
    only(&words, |path| !path.starts_with("rules/"));
}

#[test]
fn files_are_short() {
    let long = code().into_iter().filter(|file| file.lines > MAX_LINES);
    let long: Vec<String> = long.map(|it| format!("{}: {} lines", it.path, it.lines)).collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
