//! What the manifests of a project say about what else an install needs: scripts, members, and files of the project.

use std::collections::HashSet;

use serde_json::Value;

use super::BuildContext;
use super::folders::{full, repository};
use super::git::Tracked;

/// What a `package.json` asks of an install.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NodeProject {
    /// Whether an install runs scripts of the project, which may read its sources.
    pub scripts: bool,
    /// Whether it names members of a workspace.
    pub members: bool,
    /// Whether a dependency is a folder of the project or a member of its workspace.
    pub local: bool,
}

/// The scripts that npm, Yarn, pnpm and Bun run when the dependencies of a project are installed.
const LIFECYCLE: &[&str] =
    &["install", "postinstall", "postprepare", "preinstall", "prepare", "preprepare", "prepublish"];

/// Packages that read files of the project when they are installed: the client is generated from `prisma/schema.prisma`, and
/// patches are in `patches/`.
const READERS: &[&str] = &["@prisma/client", "patch-package"];

/// Where the dependencies are.
const DEPENDENCIES: &[&str] = &["dependencies", "devDependencies", "optionalDependencies"];

/// Beginnings of versions that stand for something in the project.
const LOCAL: &[&str] = &["catalog:", "file:", "link:", "patch:", "portal:", "workspace:"];

/// How many folders above the build context are looked at.
const MOST_PARENTS: usize = 8;

impl BuildContext {
    /// What a `package.json` asks of an install; none where it cannot be read.
    pub fn node_project(&self, path: &str) -> Option<NodeProject> {
        node_project(&self.text(path)?)
    }

    /// Whether a folder of the context, or one above it in the repository, is the root of a workspace.
    pub fn is_in_workspace(&self, folder: &str) -> bool {
        let start = full(&self.folder.join(folder));
        let context = full(&self.folder);
        let bound = repository(&context).unwrap_or(&context);
        let folders = start.ancestors().take_while(|it| it.starts_with(bound));
        folders.take(MOST_PARENTS).any(|it| {
            let has_members = || {
                let text =
                    super::side_file::read_text(&it.join("package.json"), self.tree.finder())
                        .ok()
                        .flatten();
                text.and_then(|it| node_project(&it)).is_some_and(|it| it.members)
            };
            it.join("pnpm-workspace.yaml").symlink_metadata().is_ok() || has_members()
        })
    }

    /// Whether git tracks all these files of the context: then everyone who has the repository has them too. The index is
    /// read once.
    pub fn tracks_all<'p>(&self, paths: impl Iterator<Item = &'p str>) -> bool {
        let files: Vec<_> = paths.map(|it| full(&self.folder.join(it))).collect();
        let Some(root) = files.first().and_then(|it| repository(it)) else { return false };
        let names: HashSet<_> =
            files.iter().filter_map(|it| Some(it.file_name()?.as_encoded_bytes())).collect();
        let tracked = Tracked::read(root, |it| names.contains(it)).unwrap_or_default();
        files.iter().all(|it| it.strip_prefix(root).is_ok_and(|it| tracked.has(it)))
    }

    /// Whether a manifest or a list of requirements names other files of the project.
    pub fn manifest_names_files(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.text(path).is_some_and(|it| names_files(name, &it))
    }
}

fn node_project(text: &str) -> Option<NodeProject> {
    let json: Value = serde_json::from_str(text).ok()?;
    let object = |key: &str| json.get(key).and_then(Value::as_object);
    let scripts = object("scripts");
    let dependencies = DEPENDENCIES.iter().filter_map(|it| object(it));
    let names: Vec<&str> =
        dependencies.clone().flat_map(|it| it.keys().map(String::as_str)).collect();
    let versions = dependencies.flat_map(|it| it.values());
    let is_local =
        |it: &Value| it.as_str().is_some_and(|it| LOCAL.iter().any(|start| it.starts_with(start)));
    Some(NodeProject {
        scripts: scripts.is_some_and(|it| LIFECYCLE.iter().any(|name| it.contains_key(*name)))
            || names.iter().any(|it| READERS.contains(it)),
        members: json.get("workspaces").is_some(),
        local: versions.into_iter().any(is_local),
    })
}

fn names_files(name: &str, text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    match name.rsplit_once('.').map_or(name, |it| it.1) {
        "csproj" | "fsproj" | "vbproj" => {
            ["<ProjectReference", "<Import"].iter().any(|it| text.contains(it))
        }
        "txt" => lines.any(|it| {
            ["-r", "-e", "-c", "--requirement", "--editable", "--constraint", ".", "file:"]
                .iter()
                .any(|start| it.starts_with(start))
                || it.contains("@ file:")
        }),
        "mod" => lines.any(|it| it.contains("=> .")),
        _ if name == "Gemfile" => lines.any(|it| {
            !it.starts_with('#')
                && ["gemspec", "eval_gemfile", "path:", ":path", "require_relative", "File."]
                    .iter()
                    .any(|word| it.contains(word))
        }),
        _ if name == "Cargo.toml" => text.contains("path = \"../"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{NodeProject, names_files, node_project};

    #[test]
    fn scripts_and_members_are_read() {
        let nothing = NodeProject::default();
        let of = |text: &str| node_project(text).unwrap_or_default();
        let plain = r#"{"scripts": {"build": "tsc"}, "dependencies": {"a": "^1"}}"#;
        assert_eq!(of(plain), nothing);
        for name in ["preinstall", "install", "postinstall", "prepare"] {
            let text = format!(r#"{{"scripts": {{"{name}": "x"}}}}"#);
            assert_eq!(of(&text), NodeProject { scripts: true, ..nothing }, "{name}");
        }
        let members = r#"{"workspaces": ["packages/*"]}"#;
        assert_eq!(of(members), NodeProject { members: true, ..nothing });
        for version in ["workspace:*", "file:../a", "link:./b", "catalog:"] {
            let text = format!(r#"{{"devDependencies": {{"a": "{version}"}}}}"#);
            assert_eq!(of(&text), NodeProject { local: true, ..nothing }, "{version}");
        }
        assert_eq!(node_project("{"), None);
    }

    #[test]
    fn manifests_that_name_files_are_known() {
        for (name, text) in [
            ("a.csproj", "<ProjectReference Include=\"../b/b.csproj\" />"),
            ("a.fsproj", "<Import Project=\"../c.props\" />"),
            ("a.vbproj", "<ProjectReference Include=\"../b/b.csproj\" />"),
            ("requirements.txt", "flask\n-r base.txt\n"),
            ("requirements.txt", "-e .\n"),
            ("requirements.txt", "  -c constraints.txt\n"),
            ("requirements.txt", "--requirement base.txt\n"),
            ("requirements.txt", "--editable ../a\n"),
            ("requirements.txt", "--constraint c.txt\n"),
            ("requirements.txt", "./wheels/a.whl\n"),
            ("requirements.txt", "file:wheels/a.whl\n"),
            ("requirements.txt", "a @ file:///a.whl\n"),
            ("go.mod", "replace example.com/a => ../a\n"),
            ("go.mod", "replace example.com/a => ./a\n"),
            ("Gemfile", "gem 'a', path: 'engines/a'\n"),
            ("Gemfile", "gem 'a', :path => 'engines/a'\n"),
            ("Gemfile", "gemspec\n"),
            ("Gemfile", "eval_gemfile 'x'\n"),
            ("Gemfile", "require_relative 'x'\n"),
            ("Gemfile", "ruby File.read('.ruby-version')\n"),
            ("Cargo.toml", "a = { path = \"../a\" }\n"),
        ] {
            assert!(names_files(name, text), "{name}: {text}");
        }
        for (name, text) in [
            ("a.csproj", "<PackageReference Include=\"A\" Version=\"1\" />"),
            ("requirements.txt", "flask==3.0\n# -r base.txt\n"),
            ("go.mod", "replace example.com/a => example.com/b v1.0.0\n"),
            ("Gemfile", "gem 'rails'\n# gemspec\n"),
            ("Cargo.toml", "a = { path = \"a\" }\nb = \"../b\"\n"),
            ("b/Cargo.lock", "a = { path = \"../a\" }\n"),
            ("a.props", "<Import Project=\"../c.props\" />"),
            ("pom.xml", "<project/>"),
        ] {
            assert!(!names_files(name, text), "{name}: {text}");
        }
    }
}
