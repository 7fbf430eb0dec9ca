//! go (`go help build`, `go help run`, `go help packages`).

use super::description::{Alone, Cache, CachePath, Description, Ecosystem, Known, Mounts};
use super::inputs::{Reading, Reads};
use super::{Grammar, Install, Package, VersionStyle, operands, package};
use crate::model::Model;
use crate::shell::Command;
use crate::syntax::Kind;

/// Options whose value is the next word (`go help build`).
const FLAGS: &[&str] = &[
    "-o",
    "-ldflags",
    "-tags",
    "-gcflags",
    "-asmflags",
    "-mod",
    "-modfile",
    "-p",
    "-buildmode",
    "-C",
    "-exec",
];

pub(super) static DESCRIPTION: Description = Description {
    name: "go",
    programs: &["go"],
    installs: &[
        Grammar {
            verbs: &["install", "get", "build"],
            value_flags: FLAGS,
            version: VersionStyle::At,
            ..Grammar::NONE
        },
        Grammar {
            prefix: &["mod"],
            verbs: &["download", "vendor"],
            version: VersionStyle::At,
            ..Grammar::NONE
        },
    ],
    pins: is_pinned,
    names_have_slashes: true,
    cache: Cache {
        folders: &[
            CachePath { path: "/root/.cache/go-build", what: "build cache" },
            CachePath { path: "/go/pkg/mod", what: "modules" },
        ],
        measured: &["go/pkg/mod/cache/", "root/go/pkg/mod/cache/"],
        is_used_later: true,
        filled_by: &["go"],
        ..Cache::NONE
    },
    mounts: Mounts { is_advised: true, known: Known::In("golang"), ..Mounts::NONE },
    inputs,
    alone: Alone::Download("go mod download"),
    downloads: &[("go build", "go mod download")],
    project: Some(Ecosystem {
        manifests: &["go.mod", "go.sum"],
        others: &["go.work", "vendor"],
        member: "go.mod",
        how: "run `go mod download`",
        needs_nothing: |model, project| model.has_go_modules(project),
        ..Ecosystem::NONE
    }),
    seconds: &[("go", 30.0)],
    ..Description::NONE
};

fn inputs(it: &Reading<'_, '_>) -> Reads {
    if it.installs_a_tool(|package| package.text.contains('@')) {
        return Reads::Named;
    }
    let vendored = it.command.args.iter().any(|word| word.text.contains("mod=vendor"));
    let downloads = match it.command.verb().map_or("", |word| word.text.as_str()) {
        "mod" => true,
        "build" => it.model.go_has_modules(it.install),
        _ => false,
    };
    if downloads && !vendored && !it.operand("vendor") { Reads::Manifests } else { Reads::Unknown }
}

/// A version other than the one that moves, or what is in the module or the standard library: the first part of
/// an import path that can be fetched has a dot (`go help importpath`).
fn is_pinned(word: &str, version: Option<&str>) -> bool {
    let host = word.split('/').next().unwrap_or(word);
    let is_here = word.starts_with(['.', '/']) || !host.contains(['.', '$']);
    is_here || version.is_some_and(|it| !matches!(it, "latest" | "none" | "upgrade" | "patch"))
}

impl Model<'_> {
    /// Whether a `go.mod` may be where an install runs: the file copies one, or a folder from the build context.
    pub fn may_be_in_module(&self, install: &Install) -> bool {
        let beneath = self.beneath(self.runs[install.run].id());
        beneath.iter().any(|id| match &self.doc.instructions[id].kind {
            Kind::Copy(it) | Kind::Add(it) => it.sources.iter().any(|source| {
                let text = source.word.text.as_ref();
                text.ends_with("go.mod") || text.contains("go.*") || matches!(text, "." | "./")
            }),
            _ => false,
        })
    }

    /// Whether a `go build` surely downloads modules: Go 1.16 or later, no vendor folder, outside GOPATH.
    fn go_has_modules(&self, install: &Install) -> bool {
        let run = &self.runs[install.run];
        let Some(image) = run.stage.and_then(|stage| self.root_image(stage)) else { return false };
        let tag = image.tag.as_deref().unwrap_or("latest");
        // `1`, `alpine` and `trixie` follow the newest; `1.12-alpine` says which.
        let minor = tag.strip_prefix("1.").map(|rest| {
            let end = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
            rest[..end].parse::<u32>().unwrap_or(0)
        });
        let modern = minor.is_none_or(|it| it >= 16);
        let directory = self.directory_at(install.run, install.command).unwrap_or_default();
        let off = self
            .scopes
            .look_up(run.id(), "GO111MODULE")
            .is_some_and(|it| it.value.as_deref() == Some("off"));
        image.name() == "golang"
            && modern
            && !off
            && !directory.contains("/src/")
            && self.scopes.look_up(run.id(), "GOFLAGS").is_none()
    }

    /// The package that a `go run` runs; none for files of Go sources.
    pub fn go_run_package(&self, command: &Command) -> Option<Package> {
        let words = operands(command, FLAGS);
        let (first, rest) = words.split_first()?;
        let word = rest.first()?;
        let fits = command.is("go") && first.text == "run" && !word.text.ends_with(".go");
        fits.then(|| package(word, &DESCRIPTION, VersionStyle::At))
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    #[test]
    fn go_run_takes_one_package() {
        let package = |text: &str| {
            of(&format!("FROM a\nRUN {text}\n"), |model| {
                let package = model.go_run_package(&model.runs[0].script.commands[0]);
                package.map(|it| (it.text, it.pinned))
            })
        };
        assert_eq!(package("go run -tags x a.b/c@v1 d"), Some(("a.b/c@v1".to_owned(), true)));
        assert_eq!(package("go run a.b/c"), Some(("a.b/c".to_owned(), false)));
        assert_eq!(package("go run main.go"), None);
        assert_eq!(package("go build a.b/c"), None);
    }
}
