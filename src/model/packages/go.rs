//! What `go run` takes from the network (`go help run`, `go help packages`).

use super::grammar::{GO_FLAGS, GRAMMARS};
use super::{Install, Manager, Package, operands, package};
use crate::model::Model;
use crate::shell::Command;
use crate::syntax::Kind;

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

    /// The package that a `go run` runs; none for files of Go sources.
    pub fn go_run_package(&self, command: &Command) -> Option<Package> {
        let grammar = GRAMMARS.iter().find(|it| it.manager == Manager::Go)?;
        let words = operands(command, GO_FLAGS);
        let (first, rest) = words.split_first()?;
        let word = rest.first()?;
        let fits = command.is("go") && first.text == "run" && !word.text.ends_with(".go");
        fits.then(|| package(word, grammar))
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
