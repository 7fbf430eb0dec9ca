//! What a build needed and the image does not: compilers, and dependencies for development.

use crate::model::{Install, Model, Toolchain};
use crate::source::Span;

/// A compiler that stays in the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOver {
    /// Where the package is named.
    pub package: Span,
    /// Its name.
    pub name: String,
    /// The command that needs it.
    pub used: Span,
    /// Another package of the image that brings the same compilers.
    pub other: Option<(Span, String)>,
    /// The instruction that says what the image runs.
    pub entry: Span,
    /// Whether the package manager can take it away again in one RUN.
    pub can_remove_here: bool,
}

/// Programs that compile while the image runs, or that people work with. Sorted.
const COMPILE_LATER: &[&str] = &[
    "R",
    "Rscript",
    "airflow",
    "ansible",
    "ansible-playbook",
    "code-server",
    "gcc",
    "ghc",
    "go",
    "gotty",
    "iex",
    "ipython",
    "irb",
    "jenkins",
    "julia",
    "jupyter",
    "jupyter-lab",
    "jupyter-notebook",
    "jupyterhub",
    "make",
    "nvcc",
    "rserver",
    "sshd",
    "start-notebook.sh",
    "supervisord",
    "tmux",
    "tmuxinator",
    "tox",
    "ttyd",
    "wetty",
];

/// Whether a program may compile while the image runs, as far as is known.
pub(in crate::model) fn compiles_later(entry: &crate::model::Entry<'_>) -> bool {
    let name = entry.command.name.as_str();
    COMPILE_LATER.binary_search(&name).is_ok()
        || Toolchain::C.has_program(name)
        || entry.may_be_script()
}

/// Package managers and tools of pure JavaScript or Python, which need no compiler. Sorted.
const PURE: &[&str] = &[
    "corepack",
    "http-server",
    "lerna",
    "nodemon",
    "npm",
    "nx",
    "pip",
    "pipenv",
    "pm2",
    "pnpm",
    "poetry",
    "serve",
    "setuptools",
    "ts-node",
    "tsx",
    "turbo",
    "typescript",
    "uv",
    "virtualenv",
    "wheel",
    "yarn",
];

/// Whether an install names only packages that are known to need no compiler.
fn is_only_tools(install: &Install) -> bool {
    let is_pure = |name: &str| PURE.binary_search(&name).is_ok();
    !install.packages.is_empty() && install.packages.iter().all(|it| is_pure(&it.name))
}

impl Model<'_> {
    /// The first compiler that is installed in the image of a stage, that a later install or build there makes use of, and
    /// that neither the RUN nor a later one removes; none where the image may need it, or is a place to work in.
    pub fn build_packages_left(&self, output: usize) -> Option<LeftOver> {
        let last = Some(output).filter(|it| !self.is_workbench(*it))?;
        let image = self.image_of(output);
        let entry = self.entry(last);
        if entry.is_empty() || entry.iter().any(compiles_later) {
            return None;
        }
        let installs = image.installs().filter(|it| it.manager.is_system());
        let mut compilers = installs.flat_map(|install| {
            install
                .packages
                .iter()
                .filter(|it| Toolchain::C.is_package(&it.name))
                .map(move |it| (install, it))
        });
        let (install, package) = compilers.next()?;
        if image.runs().any(|(run, _)| run >= install.run && self.removes_packages(run)) {
            return None;
        }
        let by_language = image.installs().find(|it| {
            (it.run, it.command) > (install.run, install.command)
                && it.manager.compiles_extensions
                && !is_only_tools(it)
        });
        let build = image.builds().find(|it| {
            (it.run, it.command) > (install.run, install.command) && it.toolchain == Toolchain::C
        });
        let command = |run: usize, command: usize| self.runs[run].script.commands[command].span;
        let used = by_language.map(|it| command(it.run, it.command));
        let used = used.or_else(|| build.map(|it| command(it.run, it.command)))?;
        Some(LeftOver {
            package: package.span,
            name: package.name.clone(),
            used,
            other: compilers
                .find(|it| it.1.name != package.name)
                .map(|it| (it.1.span, it.1.name.clone())),
            entry: entry.first()?.instruction.keyword_span,
            can_remove_here: install.manager.system.as_ref().is_some_and(|it| it.removes_all),
        })
    }

    /// The first command that links its program statically: Go without cgo, or Rust for musl.
    pub fn static_build(&self) -> Option<Span> {
        let builds = self.builds();
        let build = builds.iter().find(|it| {
            let run = &self.runs[it.run];
            let command = &run.script.commands[it.command];
            let cgo = run.shell_value(it.command, "CGO_ENABLED").map(str::to_owned);
            let cgo = cgo.or_else(|| self.scopes.look_up(run.id(), "CGO_ENABLED")?.value.clone());
            match it.toolchain {
                Toolchain::Go => cgo.as_deref() == Some("0"),
                Toolchain::Rust => command.args.iter().any(|it| it.text.contains("-musl")),
                _ => false,
            }
        });
        build.map(|it| self.runs[it.run].script.commands[it.command].span)
    }
}

#[cfg(test)]
mod tests {
    use super::{COMPILE_LATER, PURE};

    #[test]
    fn the_tables_are_sorted() {
        assert!(COMPILE_LATER.is_sorted() && PURE.is_sorted());
    }
}
