//! Commands that run scripts of the project, which may read any file and any variable.

use crate::model::Manager;
use crate::model::packages::{Scripts, operands_of};
use crate::shell::Command;

/// Whether a command runs a script of the project: what `package.json` calls `build`, or a program in a language.
pub fn runs_scripts(command: &Command) -> bool {
    let manager = Manager::of_program(&command.name);
    manager.is_some_and(|it| runs_scripts_of(it, command)) || is_interpreted(command)
}

fn runs_scripts_of(manager: Manager, command: &Command) -> bool {
    let verb = operands_of(command).first().map_or("", |it| it.text.as_str());
    match manager.commands.scripts {
        Scripts::Never => false,
        Scripts::Always => true,
        Scripts::With(verbs) => verbs.contains(&verb),
        Scripts::Without(verbs) => {
            let installs = manager.installs.iter().any(|it| it.verbs.contains(&verb));
            let removes = manager.commands.removes.contains(&verb);
            !verb.is_empty() && !installs && !removes && !verbs.contains(&verb)
        }
    }
}

/// Whether a command runs a program of an interpreted language.
fn is_interpreted(command: &Command) -> bool {
    match command.name.as_str() {
        "npx" | "nx" | "php" | "turbo" => true,
        "node" | "python" | "python3" | "ruby" => {
            command.operands().any(|it| it.text.contains('.')) && !command.has_flag("m")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{BuildOptions, Model};
    use crate::source::Source;

    fn runs_scripts(text: &str) -> bool {
        let source = Source::new("Dockerfile", format!("FROM a\nRUN {text}\n"));
        let doc = crate::syntax::parse(&source);
        let model = Model::build(&doc, &BuildOptions::default());
        super::runs_scripts(&model.runs[0].script.commands[0])
    }

    #[test]
    fn verbs_of_managers_run_scripts() {
        for text in [
            "npm run build",
            "npm t",
            "npm --prefix web run-script x",
            "yarn build",
            "yarn run x",
            "pnpm -r build",
            "bun test",
            "composer run-script x",
            "composer exec x",
            "bundle exec rake x",
            "poetry run x",
            "uv run x",
            "pdm run x",
            "pipenv run x",
            "dotnet test",
            "gradle help",
            "./mvnw test",
            "sbt test",
            "npx x",
            "node a.js",
            "python3 a.py",
        ] {
            assert!(runs_scripts(text), "{text}");
        }
        for text in [
            "npm ci",
            "npm cache clean",
            "npm uninstall x",
            "npm audit",
            "yarn",
            "yarn add x",
            "yarn config set a b",
            "yarn remove x",
            "pnpm fetch",
            "pnpm un x",
            "bun pm cache rm",
            "composer install",
            "bundle install",
            "poetry install",
            "uv sync",
            "apt-get run",
            "node --version",
            "python -m pip.x",
            "echo run",
        ] {
            assert!(!runs_scripts(text), "{text}");
        }
    }
}
