//! Real editors as clients of the language server: Neovim and Emacs, where they are installed.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

mod common;

use std::path::Path;
use std::process::{Command, Stdio};

use common::{folder, may_start};

const FILE: &str = "\
FROM debian:12 AS base
RUN apt-get update && apt-get install curl && rm -rf /var/lib/apt/lists/*
FROM scratch
COPY --from=base /x /x
CMD [\"/x\"]
";

/// What an editor shows, step by step; none where it is not installed.
fn shown(editor: &str, arguments: &[&str]) -> Option<String> {
    if !may_start(editor) {
        return None;
    }
    let is_installed = Command::new(editor).arg("--version").stdout(Stdio::null()).status().is_ok();
    if !is_installed {
        eprintln!("skipped: {editor} is not installed");
        return None;
    }
    let folder = folder(&[
        ("Dockerfile", FILE),
        ("layerwise.yaml", "select: [DL3014]\n"),
        (".git/HEAD", ""),
    ]);
    let result = folder.path().join("result");
    let output = Command::new(editor)
        .args(arguments)
        .arg("Dockerfile")
        .current_dir(folder.path())
        .env("LAYERWISE", assert_cmd::cargo::cargo_bin("layerwise"))
        .env("RESULT", &result)
        .env("HOME", folder.path())
        .output()
        .unwrap();
    let text = std::fs::read_to_string(&result).unwrap_or_default();
    Some(if text.is_empty() { format!("{output:?}") } else { text })
}

/// The path of a script.
fn script(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/editors").join(name).display().to_string()
}

/// What both have to show; `finding` as the editor writes it.
fn expected(finding: &str) -> String {
    let fixed = FILE.replace("install curl", "install -y curl");
    let renamed = fixed.replace("base", "builder");
    format!(
        "== diagnostics\n{finding}\n== fixed\n{fixed}== diagnostics\n== completion\nbase\n== renamed\n{renamed}== formats\nfalse\n\
         == formatted\n{renamed}\n  WORKDIR   /x  \n"
    )
}

#[test]
fn neovim_shows_fixes_completes_and_renames() {
    let command = format!("luafile {}", script("neovim.lua"));
    let arguments = ["--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", command.as_str()];
    if let Some(text) = shown("nvim", &arguments) {
        assert_eq!(
            text,
            expected("2:31 DL3014 `apt-get install` waits for an answer and stops the build")
        );
    }
}

#[test]
fn emacs_shows_fixes_completes_and_renames() {
    let script = script("emacs.el");
    if let Some(text) = shown("emacs", &["--batch", "-l", script.as_str()]) {
        if text.contains("Cannot open load file") && text.contains("eglot") {
            eprintln!("skipped: eglot is not installed");
            return;
        }
        assert_eq!(
            text,
            expected(
                "2 layerwise [DL3014]: `apt-get install` waits for an answer and stops the build"
            )
        );
    }
}
