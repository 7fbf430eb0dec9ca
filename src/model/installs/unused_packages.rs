//! Compilers and headers in an image that builds nothing.

use crate::model::{Manager, Model, Toolchain};
use crate::source::Span;
use crate::syntax::Kind;

/// A package that is of use to builds only, in an image without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusedPackage {
    /// Where it is named.
    pub span: Span,
    /// Its name.
    pub name: String,
    /// How many more of them the image has.
    pub others: usize,
    /// The instruction that says what the image runs.
    pub entry: Span,
}

/// Commands that build nothing and need no compiler, as managers of the system's packages. After any other it is not known.
/// Sorted.
const PLAIN: &[&str] = &[
    ":",
    "[",
    "addgroup",
    "adduser",
    "apt-key",
    "apt-mark",
    "cat",
    "cd",
    "chmod",
    "chown",
    "cp",
    "curl",
    "date",
    "dpkg",
    "dpkg-reconfigure",
    "echo",
    "export",
    "find",
    "getent",
    "gpg",
    "grep",
    "groupadd",
    "gunzip",
    "install",
    "ldconfig",
    "ln",
    "locale-gen",
    "mkdir",
    "mv",
    "printf",
    "rm",
    "sed",
    "set",
    "setcap",
    "sha256sum",
    "tar",
    "tee",
    "test",
    "touch",
    "true",
    "unzip",
    "update-alternatives",
    "update-ca-certificates",
    "update-locale",
    "useradd",
    "usermod",
    "wget",
];

/// Packages of headers that programs load at run time by the names that only these bring.
const LOADED: &[&str] = &["libc-dev", "libc6-dev", "libgdiplus-dev"];

/// Whether programs may load what only this package has: MKL asks for LLVM's OpenMP by the name `libiomp5.so`.
fn is_loaded(name: &str) -> bool {
    LOADED.contains(&name) || name.starts_with("libomp-")
}

impl Model<'_> {
    /// The first compiler or package of headers in the image of a stage in which nothing is built, installed from sources,
    /// or compiled while it runs.
    pub fn unused_build_package(&self, output: usize) -> Option<UnusedPackage> {
        if self.is_workbench(output) {
            return None;
        }
        let entry = self.entry(output);
        if entry.is_empty()
            || entry.iter().any(super::left_over::compiles_later)
            || entry.iter().all(|it| crate::model::run::idle::is_version_question(&it.command))
        {
            return None;
        }
        let image = self.image_of(output);
        // An image with nothing but packages is one to build on.
        let copies =
            |id: usize| matches!(self.doc.instructions[id].kind, Kind::Copy(_) | Kind::Add(_));
        if !image.iter().any(copies) {
            return None;
        }
        let is_plain =
            |name: &str| PLAIN.binary_search(&name).is_ok() || Manager::is_system_program(name);
        let plain = image.runs().all(|(index, it)| {
            it.script.complete
                && it.script.commands.iter().all(|it| is_plain(&it.name))
                && !self.removes_packages(index)
        });
        if !plain {
            return None;
        }
        let installs = image.installs();
        let installs = installs
            .filter(|it| it.manager.is_system())
            // What only a branch installs, an argument asks for: it may be there to look into the program.
            .filter(|it| !self.command_of(it).inside.conditional);
        let for_builds = |name: &str| {
            Toolchain::C.is_package(name)
                || (name.ends_with("-dev") || name.ends_with("-devel")) && !is_loaded(name)
        };
        let packages = installs.flat_map(|it| &it.packages);
        let is_explained = |name: &str| {
            self.doc.comments.iter().any(|it| self.doc.source.slice(it.span).contains(name))
        };
        let mut found =
            packages.filter(|it| it.is_static && for_builds(&it.name) && !is_explained(&it.name));
        let first = found.next()?;
        Some(UnusedPackage {
            span: first.span,
            name: first.name.clone(),
            others: found.count(),
            entry: entry.first()?.instruction.keyword_span,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::PLAIN;
    use crate::model::tests::of;

    /// The package of the final image, and how many more.
    fn unused(text: &str) -> Option<(String, usize)> {
        of(text, |model| {
            let found = model.final_stage.and_then(|it| model.unused_build_package(it));
            found.map(|it| (it.name, it.others))
        })
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(PLAIN.is_sorted());
    }

    #[test]
    fn headers_without_a_build_are_unused() {
        let text = "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y libpq-dev gcc\n\
                    COPY --from=build /venv /venv\nCMD [\"gunicorn\", \"app\"]\n";
        assert_eq!(unused(text), Some(("libpq-dev".to_owned(), 1)));
        let base = "FROM alpine:3.20 AS base\nRUN apk add openssl-dev\nFROM base\nCOPY srv /\nCMD [\"/srv\"]\n";
        assert_eq!(unused(base), Some(("openssl-dev".to_owned(), 0)));
    }

    #[test]
    fn what_may_build_is_left_alone() {
        let head = "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y libpq-dev\n";
        for rest in [
            "RUN pip install psycopg2\nCMD [\"gunicorn\", \"app\"]\n",
            "RUN ./install.sh\nCMD [\"gunicorn\", \"app\"]\n",
            "RUN apt-get purge -y libpq-dev\nCMD [\"gunicorn\", \"app\"]\n",
            "CMD [\"/entrypoint.sh\"]\n",
            "CMD [\"make\"]\n",
            "CMD [\"psql\", \"--version\"]\n",
            "# libpq-dev: an extension links to it by that name\nCMD [\"/app\"]\n",
            "CMD [\"bash\"]\n",
            "",
        ] {
            assert_eq!(unused(&format!("{head}COPY a /a\n{rest}")), None, "{rest}");
        }
        assert_eq!(unused("FROM a AS dev\nRUN apk add gcc\nCOPY x /\nCMD [\"x\"]\n"), None);
        assert_eq!(unused(&format!("{head}CMD [\"/app\"]\n")), None);
    }
}
