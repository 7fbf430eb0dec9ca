//! What `go run` takes from the network (`go help run`, `go help packages`).

use super::grammar::{GO_FLAGS, GRAMMARS};
use super::{Manager, Package, operands, package};
use crate::model::Model;
use crate::shell::Command;

impl Model<'_> {
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
