//! Whether manifests alone are advised, on projects as they are on disk.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{folder, layerwise, run};

/// What LW201 says of the Dockerfile of a project in a profile.
fn said(files: &[(&str, &str)], profile: &str) -> String {
    let it = folder(files);
    let base = ["check", "--no-config", "--quiet", "--select", "LW201", "--format", "full"];
    let profile = ["--profile", profile, "Dockerfile"];
    run(layerwise(it.path()).args(base).args(profile)).1
}

const NPM: (&str, &str) = ("Dockerfile", "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n");
const PLAIN: &str = r#"{"scripts": {"build": "tsc"}, "dependencies": {"a": "^1"}}"#;

#[test]
fn scripts_of_the_project_may_read_its_sources() {
    assert!(said(&[NPM, ("package.json", PLAIN)], "default").contains("copy only `package.json`"));
    let script = r#"{"scripts": {"postinstall": "node build.js"}}"#;
    let files = [NPM, ("package.json", script)];
    assert_eq!(said(&files, "default"), "");
    let strict = said(&files, "strict");
    assert!(
        strict.contains("mount the package manager's cache") && !strict.contains("copy only"),
        "{strict}"
    );
    let ignored = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci --ignore-scripts\n";
    let files = [("Dockerfile", ignored), ("package.json", script)];
    assert!(said(&files, "default").contains("copy only `package.json`"));
    // The client is generated from the schema, and patches are applied, by the packages themselves.
    for name in ["@prisma/client", "patch-package"] {
        let text = format!(r#"{{"dependencies": {{"{name}": "^5"}}}}"#);
        assert_eq!(said(&[NPM, ("package.json", &text)], "default"), "", "{name}");
    }
    // Of a member too.
    assert_eq!(said(&[NPM, ("package.json", PLAIN), ("web/package.json", script)], "default"), "");
}

#[test]
fn members_of_a_workspace_need_more_than_their_manifest() {
    let pnpm = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN pnpm install\n";
    for (name, text) in [("pnpm-workspace.yaml", "packages: []\n"), ("other.json", "")] {
        let files = [("Dockerfile", pnpm), ("package.json", PLAIN), (name, text)];
        assert_eq!(said(&files, "default").is_empty(), name.starts_with("pnpm"), "{name}");
    }
    for text in [
        r#"{"workspaces": ["packages/*"]}"#,
        r#"{"dependencies": {"a": "workspace:*"}}"#,
        r#"{"dependencies": {"a": "file:./a"}}"#,
    ] {
        assert_eq!(said(&[("Dockerfile", pnpm), ("package.json", text)], "default"), "", "{text}");
    }
}

#[test]
fn a_workspace_above_the_context_counts() {
    let it = folder(&[
        (".git/HEAD", "x"),
        ("pnpm-workspace.yaml", "packages: [web]\n"),
        (
            "web/Dockerfile",
            "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN pnpm install\nCMD [\"node\", \".\"]\n",
        ),
        ("web/package.json", PLAIN),
    ]);
    let base = ["check", "--no-config", "--quiet", "--select", "LW201", "web/Dockerfile"];
    let check = || run(layerwise(it.path()).args(base)).1;
    assert_eq!(check(), "");
    std::fs::remove_file(it.path().join("pnpm-workspace.yaml")).unwrap();
    assert!(check().contains("LW201"));
}

#[test]
fn settings_of_dotnet_are_named() {
    let root = "FROM a\nWORKDIR /src\nCOPY . .\nRUN dotnet restore App.csproj\n";
    let project = "<PackageReference Include=\"A\" />";
    let files = [
        ("Dockerfile", root),
        ("App.csproj", project),
        ("Directory.Packages.props", "x"),
        ("global.json", "{}"),
    ];
    let text = said(&files, "default");
    assert!(text.contains("`App.csproj`, `Directory.Packages.props`, `global.json`"), "{text}");
    // What is above the project is not in the list.
    let below = "FROM a\nWORKDIR /src\nCOPY . .\nRUN dotnet restore app/App.csproj\n";
    let files =
        [("Dockerfile", below), ("app/App.csproj", project), ("Directory.Packages.props", "x")];
    assert_eq!(said(&files, "default"), "");
    assert!(!said(&files[..2], "default").is_empty());
    let other = "<ProjectReference Include=\"../b/b.csproj\" />";
    assert_eq!(said(&[("Dockerfile", below), ("app/App.csproj", other)], "default"), "");
}

#[test]
fn what_is_repeated_anyway_or_missing_is_no_matter_of_the_copy() {
    let volatile =
        "FROM node:22\nARG GIT_SHA\nENV GIT_SHA=$GIT_SHA\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
    assert_eq!(said(&[("Dockerfile", volatile), ("package.json", PLAIN)], "default"), "");
    let missing =
        "FROM oven/bun\nWORKDIR /app\nCOPY . .\nCOPY package.json bun.lockb ./\nRUN bun install\n";
    let files = [("Dockerfile", missing), ("package.json", PLAIN)];
    assert_eq!(said(&files, "default"), "");
    let there = [files[0], files[1], ("bun.lockb", "x")];
    assert!(!said(&there, "default").is_empty());
}

#[test]
fn what_is_made_outside_the_repository_is_unknown() {
    let file = |copied: &str| {
        format!("FROM node:22\nWORKDIR /app\nCOPY {copied} ./\nRUN npm ci\nCMD [\"node\", \".\"]\n")
    };
    let head = (".git/HEAD", "ref: refs/heads/main\n");
    let others = [head, ("src/package.json", PLAIN), ("src/index.js", "1")];
    let said = |copied: &str| {
        let text = file(copied);
        let files: Vec<_> = others.into_iter().chain([("Dockerfile", text.as_str())]).collect();
        said(&files, "default")
    };
    assert!(said("src").contains("copy only `package.json`"));
    for copied in ["dist/app", "./build/", "target/web"] {
        assert_eq!(said(copied), "", "{copied}");
    }
}

#[test]
fn the_manager_itself_is_no_dependency() {
    let file = |install: &str| format!("FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN {install}\n");
    let main = ("main.py", "1");
    let said = |install: &str| said(&[("Dockerfile", &file(install)), main], "default");
    for install in ["pip install -U pip", "pip install --no-cache-dir -U pip setuptools wheel"] {
        assert_eq!(said(install), "", "{install}");
    }
    assert!(said("pip install flask").contains("move the install above the `COPY`"));
}
