//! Installs that find everything in place, because another stage ran the same one and its result was copied.

use crate::model::{Install, Model};
use crate::syntax::Kind;

impl Model<'_> {
    /// Whether the stage of an install copied before it from a stage that runs the same install into an environment: then
    /// nothing is downloaded again, as far as is known.
    pub(in crate::model) fn is_installed_already(&self, install: &Install) -> bool {
        let run = &self.runs[install.run];
        let Some(stage) = run.stage.filter(|_| install.manager.makes_environment) else {
            return false;
        };
        let words = |it: &Install| -> Vec<&str> {
            let command = &self.runs[it.run].script.commands[it.command];
            command.args.iter().map(|word| word.text.as_str()).collect()
        };
        let own = words(install);
        let before = self.stages[stage].instructions.start..run.id();
        self.doc.instructions[before].iter().any(|copy| {
            let Kind::Copy(_) = &copy.kind else { return false };
            let from = copy.flag("from").and_then(|it| it.value.as_ref());
            let from = from.and_then(|it| self.stage_called(copy.id, &it.text));
            from.filter(|it| it.id != stage).is_some_and(|from| {
                let image = self.image_of(from.id);
                image.installs().any(|it| it.manager == install.manager && words(it) == own)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    #[test]
    fn an_environment_that_was_copied_is_not_filled_again() {
        let leaves = |from: &str, words: &str| {
            let text = format!(
                "FROM python:3.13 AS build\nCOPY poetry.lock .\nRUN poetry install --only main\n\
                 FROM python:3.13 AS other\nRUN x\n\
                 FROM python:3.13\nCOPY --from={from} /venv /venv\nRUN poetry install {words}\n"
            );
            of(&text, |model| model.leaves_cache(&model.installs[1]))
        };
        assert!(!leaves("build", "--only main"));
        assert!(leaves("other", "--only main") && leaves("build", "--with dev"));
    }
}
