//! LW306: dependencies for development in an image for production.

use crate::lint::prelude::*;
use crate::model::packages::Development;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW306",
        name: "dev-dependencies-in-final-stage",
        category: Category::Stages,
        severity: Severity::Info,
        shipped_only: true,
        summary: "a production image includes development dependencies",
        why: "Test runners, bundlers and linters are often larger than the program's own dependencies, and \
              are shipped, pulled and scanned with it. Package managers can skip them.",
        bad: &[
            "FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD [\"node\", \"server.js\"]\n",
            "FROM php:8.3-apache\nCOPY . /var/www/html\nRUN composer install --no-interaction\nCMD [\"apache2-foreground\"]\n",
            "FROM python:3.12\nCOPY . .\nRUN pip install -r requirements-dev.txt\nCMD [\"gunicorn\", \"app:app\"]\n",
            "FROM ruby:3.3\nENV RAILS_ENV=production\nCOPY . .\nRUN bundle install\nCMD [\"bundle\", \"exec\", \"puma\"]\n",
        ],
        good: &[
            "FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCMD [\"node\", \"server.js\"]\n",
            "FROM node:22\nENV NODE_ENV=production\nRUN npm ci\nCMD [\"node\", \"server.js\"]\n",
            "FROM node:22\nRUN npm ci\nCMD [\"npm\", \"run\", \"dev\"]\n",
            "FROM node:22\nRUN npm ci\nCOPY . .\nRUN npm run build && npm prune --omit=dev\nCMD [\"node\", \"server.js\"]\n",
            "FROM php:8.3-apache\nRUN composer install --no-dev\nCMD [\"apache2-foreground\"]\n",
            "FROM node:22 AS build\nRUN npm ci && npm run build\nFROM nginx:1.27\nCOPY --from=build /app/dist /usr/share/nginx/html\n",
        ],
        references: &["https://docs.npmjs.com/cli/commands/npm-ci#omit"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let mut told = Vec::new();
    for output in cx.model.outputs().iter().filter(|it| !cx.model.is_workbench(**it)) {
        check_output(cx, findings, *output, &mut told);
    }
}

fn check_output(
    cx: &Context<'_>,
    findings: &mut Findings,
    output: usize,
    told: &mut Vec<(usize, usize)>,
) {
    let model = cx.model;
    let image = model.image_of(output);
    let entry = model.entry(output);
    let Some(first) = entry.first() else { return };
    let programs: Vec<&str> = entry.iter().map(|it| it.command.name.as_str()).collect();
    let runs_any = |names: &[&str]| programs.iter().all(|it| names.contains(it));
    for install in image.installs() {
        let run = cx.run_of(install);
        let command = cx.command_of(install);
        let Some(development) = &install.manager.development else { continue };
        if model.leaves_out_dev(install) {
            continue;
        }
        let by_manifest = !development.by_file;
        let fits = (runs_any(development.programs) && !development.programs.is_empty()
            || is_for_production(cx, run, development))
            && installs_all(cx, install, development)
            && !image.builds().any(|it| development.builder == Some(it.toolchain));
        if !fits {
            continue;
        }
        // What the manifest says is known only where the build context is. A file for development says it by its name.
        if by_manifest && model.dev_dependencies == Some(false) {
            continue;
        }
        if told.contains(&(install.run, install.command)) {
            return;
        }
        if is_tested_after(cx, install) {
            return;
        }
        told.push((install.run, install.command));
        let name = model.install_name(install);
        let finding = findings
            .report(
                Span { end: install.verb.end, ..command.name_span },
                format!("`{name}` also installs development dependencies, which ship"),
            )
            .label(first.instruction.keyword_span, "runs the image in production")
            .help(development.advice);
        if by_manifest && model.dev_dependencies.is_none() {
            finding.only_in(Profile::Strict);
        }
        let Some(option) = development.option else { return };
        if let Some(edit) = cx.option_edit(install, option) {
            let fix = Fix::unsafe_(format!("add `{option}`"), vec![edit]);
            finding.fix(fix.effect(Effect::Words));
        }
        return;
    }
}

/// Whether the image says that it is for production.
fn is_for_production(cx: &Context<'_>, run: &Run<'_>, development: &Development) -> bool {
    development.production.iter().any(|name| {
        let set = cx.model.scopes.look_up(run.id(), name);
        set.is_some_and(|it| it.value.as_deref() == Some("production"))
    })
}

/// Whether an install brings what is for development, where nothing is said against it.
fn installs_all(cx: &Context<'_>, install: &Install, development: &Development) -> bool {
    if development.by_file {
        cx.command_of(install).args.iter().any(|it| is_for_development(&it.text))
    } else if development.verbs.is_empty() {
        installs_project(cx, install)
    } else {
        development.verbs.contains(&install.verb_name)
    }
}

/// Whether an install takes what the manifest of the project says, into the project.
fn installs_project(cx: &Context<'_>, install: &Install) -> bool {
    let command = cx.command_of(install);
    install.packages.is_empty()
        && !command.has_flag("g")
        && !command.args.iter().any(|it| it.text.contains("global"))
}

/// Whether a list of requirements is for developers or tests, as its name says.
fn is_for_development(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.ends_with(".txt")
        && name
            .split(|it: char| !it.is_ascii_alphanumeric())
            .any(|it| matches!(it, "dev" | "test" | "tests" | "testing" | "develop"))
}

/// Whether a later command of the stage runs tests, which need what is for development.
fn is_tested_after(cx: &Context<'_>, install: &Install) -> bool {
    const RUNNERS: &[&str] = &[
        "ava",
        "codecept",
        "cypress",
        "jest",
        "mocha",
        "nose2",
        "nosetests",
        "nox",
        "phpunit",
        "playwright",
        "py.test",
        "pytest",
        "rspec",
        "tox",
        "vitest",
    ];
    let model = cx.model;
    let stage = model.runs[install.run].stage;
    let mut later =
        model.runs.iter().enumerate().skip(install.run).filter(|(_, it)| it.stage == stage);
    later.any(|(index, run)| {
        let first = if index == install.run { install.command + 1 } else { 0 };
        run.script.commands.iter().skip(first).any(|it| {
            // `python -m unittest`, `npm run test:unit`, `bundle exec rspec`, `vendor/bin/phpunit`.
            let is_runner = |text: &str| {
                let name = text.rsplit('/').next().unwrap_or(text);
                RUNNERS.binary_search(&name).is_ok() || name == "unittest"
            };
            let is_task = |text: &str| text == "test" || text.starts_with("test:");
            let runs_tasks = matches!(
                it.name.as_str(),
                "bun" | "composer" | "make" | "npm" | "pnpm" | "rake" | "yarn"
            );
            is_runner(&it.name)
                || it.args.iter().any(|word| is_runner(&word.text))
                || it.operands().any(|word| {
                    is_task(&word.text)
                        && (runs_tasks || it.name.starts_with("python") || it.is("bundle"))
                        || it.is("rails") && is_task(&word.text)
                })
        })
    })
}
