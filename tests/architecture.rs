//! The layers of the house and what is said about them in ARCHITECTURE.md.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
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
    /// `model` for `src/model/run/runs.rs`; `rules` for all below `rules/`.
    module: String,
    /// The text without comments.
    text: String,
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
    // The latter is a test: how long it runs.
    let may = ["src/cli/", "src/lsp/random_edits/mod.rs"];
    only(&["env::var"], |path| may.iter().any(|it| path.starts_with(it)));
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

/// The whole paths that a text names: those of `use`, with their lists spelled out, and those in the code.
fn paths(text: &str) -> Vec<String> {
    let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == ':';
    let mut found = Vec::new();
    // The text before each list that is open.
    let mut open: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|it: char| is_name(it) || "{};".contains(it)) {
        rest = &rest[at..];
        let end = rest.find(|it: char| !is_name(it)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let before = open.last().map_or("", String::as_str);
        match rest.as_bytes()[0] {
            b'{' => open.push(String::new()),
            b'}' => drop(open.pop()),
            b';' => {}
            _ if name.ends_with("::") && after.starts_with('{') => {
                open.push(format!("{before}{name}"));
            }
            _ => found.push(format!("{before}{name}")),
        }
        let is_list = name.ends_with("::") && after.starts_with('{');
        rest = &rest[end.max(1) + usize::from(is_list)..];
    }
    found
}

/// The module at a path as it is written in the file of another, both from the root of the crate; none for what does not
/// start with `crate`, `self` or `super`.
fn resolved(module: &[String], path: &str) -> Option<Vec<String>> {
    let mut names = path.split("::").peekable();
    let mut at = match *names.peek()? {
        "crate" => Vec::new(),
        "self" | "super" => module.to_vec(),
        _ => return None,
    };
    for name in names {
        match name {
            "crate" | "self" => {}
            "super" => drop(at.pop()),
            name => at.push(name.to_owned()),
        }
    }
    Some(at)
}

/// The modules below each folder whose modules must not know each other in a circle.
const WITHOUT_CYCLES: &[&str] = &["build", "cli", "config", "context", "measure", "store"];

/// Which modules of a folder know which others of it, by the text of their files. A name that the folder itself exports
/// is that of the module it comes from.
fn graph(folder: &[String], code: &[(Vec<String>, String)]) -> BTreeMap<String, BTreeSet<String>> {
    let depth = folder.len();
    let inside = || code.iter().filter(|(module, _)| module.starts_with(folder));
    let names: BTreeSet<&str> =
        inside().filter_map(|(it, _)| Some(it.get(depth)?.as_str())).collect();
    let mut exports = BTreeMap::new();
    for (_, text) in inside().filter(|(module, _)| module.len() == depth) {
        for line in
            text.split(';').filter(|it| it.contains("pub use ") || it.contains("pub(super) use "))
        {
            let (_, list) = line.split_once("use ").unwrap();
            for path in paths(list) {
                if let Some((module, name)) = path.split_once("::") {
                    exports.insert(name.to_owned(), module.to_owned());
                }
            }
        }
    }
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, text) in inside().filter(|(module, _)| module.len() > depth) {
        for path in paths(text).iter().filter_map(|it| resolved(module, it)) {
            if !path.starts_with(folder) {
                continue;
            }
            let Some(name) = path.get(depth) else { continue };
            let name = exports.get(name).unwrap_or(name);
            if names.contains(name.as_str()) && *name != module[depth] {
                graph.entry(module[depth].clone()).or_default().insert(name.clone());
            }
        }
    }
    graph
}

/// The modules that know themselves through others.
fn cycles(graph: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let none = BTreeSet::new();
    let known = |name: &str| graph.get(name).unwrap_or(&none);
    let reaches = |start: &String| {
        let (mut open, mut seen) = (vec![start], BTreeSet::new());
        while let Some(name) = open.pop() {
            for next in known(name) {
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        seen
    };
    graph.keys().filter(|name| reaches(name).contains(name)).cloned().collect()
}

/// The code with the path of its module from the root of the crate, without tests.
fn modules() -> Vec<(Vec<String>, String)> {
    let code = code().into_iter().filter(|it| !it.path.ends_with("/tests.rs"));
    let modules = code.filter_map(|it| {
        let path = it.path.strip_prefix("src/")?.strip_suffix(".rs")?;
        let path = path.strip_suffix("/mod").unwrap_or(path);
        let text = it.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        Some((path.split('/').map(str::to_owned).collect(), text.to_owned()))
    });
    modules.collect()
}

#[test]
fn cycles_are_found() {
    let module = |path: &str, text: &str| {
        (path.split("::").map(str::to_owned).collect::<Vec<_>>(), text.to_owned())
    };
    let mut code = vec![
        module("m", "mod a; mod b; mod c;\npub use c::{C, inner::D};"),
        module("m::a", "use super::b::{self, B};\nfn f() {}"),
        module("m::b", "use std::path::Path;\nfn f(c: super::C) {}"),
        module("m::c", "use crate::other::{X, y::Z};"),
        module("m::c::inner", "struct D { b: u8 }"),
    ];
    let folder = ["m".to_owned()];
    let found = graph(&folder, &code);
    let text = format!("{found:?}");
    assert_eq!(text, r#"{"a": {"b"}, "b": {"c"}}"#);
    assert!(cycles(&found).is_empty());
    code[4].1 = "fn f() -> u8 { super::super::a::f(); 0 }".to_owned();
    assert_eq!(cycles(&graph(&folder, &code)), ["a", "b", "c"]);
    code[4].1 = "use crate::{m::{a::{A}}, n};".to_owned();
    assert_eq!(cycles(&graph(&folder, &code)), ["a", "b", "c"]);
}

#[test]
fn modules_of_a_folder_do_not_know_each_other_in_a_circle() {
    let code = modules();
    let is_inside = |folder: &[String]| WITHOUT_CYCLES.contains(&folder[0].as_str());
    let folders: BTreeSet<&[String]> = code
        .iter()
        .flat_map(|(it, _)| (1..it.len()).map(|n| &it[..n]))
        .filter(|it| is_inside(it))
        .collect();
    assert!(folders.len() > 8, "{folders:?}");
    let mut wrong = Vec::new();
    for folder in folders {
        let graph = graph(folder, &code);
        let found = cycles(&graph);
        for name in &found {
            let known: Vec<_> = graph[name].iter().filter(|it| found.contains(it)).collect();
            wrong.push(format!("{}: `{name}` imports {known:?}", folder.join("/")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_short() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    ["src", "rules", "tests", "benches"].iter().for_each(|it| collect(&root.join(it), &mut files));
    assert!(files.len() > 500, "{}", files.len());
    let lines = |path: &PathBuf| std::fs::read_to_string(path).unwrap().lines().count();
    let long = files.iter().map(|path| (path, lines(path))).filter(|it| it.1 > MAX_LINES);
    let long: Vec<String> = long.map(|it| format!("{}: {} lines", it.0.display(), it.1)).collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// No function has more lines, without comments and empty lines.
const MOST_LINES_OF_FUNCTIONS: usize = 60;

/// The functions of a file and their lines, by the indentation of their first and last lines.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().filter(|it| !it.trim().is_empty()).collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indent = &line[..line.len() - code.len()];
        let Some((before, name)) = code.split_once("fn ") else { continue };
        let is_start = before.split_whitespace().all(|it| it == "const" || it.starts_with("pub"));
        if !is_start || !before.is_empty() && !before.ends_with(' ') {
            continue;
        }
        let is_end = |it: &&str| it.strip_prefix(indent).is_some_and(|it| it == "}");
        let end = lines[at..].iter().position(is_end).map_or(1, |it| it + 1);
        let name = name.split(['(', '<']).next().unwrap();
        // What ends on its line, as in a trait, is followed by the next item.
        let is_open = lines[at..at + end].iter().any(|it| it.ends_with('{'));
        let next = lines[at + 1..at + end].iter().position(|it| {
            it.strip_prefix(indent)
                .is_some_and(|it| it.starts_with("fn ") || it.starts_with("pub "))
        });
        if is_open && next.is_none() {
            found.push((name.to_owned(), end));
        }
    }
    found
}

#[test]
fn lines_of_functions_are_counted() {
    let text = "fn a() {\n    b();\n\n}\n\nimpl X {\n    pub(crate) fn c<T>(\n        d: T,\n    ) -> T {\n        d\n    }\n}\n";
    assert_eq!(functions(text), [("a".to_owned(), 3), ("c".to_owned(), 5)]);
}

#[test]
fn functions_are_short() {
    let mut long = Vec::new();
    for file in code() {
        let text = file.text.split("#[cfg(test)]\nmod ").next().unwrap();
        for (name, lines) in functions(text) {
            if lines > MOST_LINES_OF_FUNCTIONS {
                long.push(format!("{}: `{name}` has {lines} lines", file.path));
            }
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}
