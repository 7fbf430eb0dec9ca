//! Variables that RUN and EXPOSE use and that are empty there, because the stage does not declare them.

use std::collections::HashSet;

use super::undefined::COMMON_IN_IMAGES;
use crate::model::{Evidence, Model, PREDEFINED, Run};
use crate::shell::uses_in;
use crate::source::Span;
use crate::syntax::{Form, Instruction, Kind};

/// A use of a variable that is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unset {
    /// The name.
    pub name: String,
    /// The use.
    pub span: Span,
    /// Where an ARG before the first FROM declares it, which stages do not see; none for an argument of the builder, and
    /// where nothing declares it.
    pub global: Option<Span>,
    /// Whether it is in an EXPOSE.
    pub exposes: bool,
}

/// Official images that set no variable but those in [`COMMON_IN_IMAGES`] and others that no port is named after.
const LANGUAGES: &[&str] = &[
    "alpine",
    "amazoncorretto",
    "busybox",
    "debian",
    "eclipse-temurin",
    "golang",
    "gradle",
    "maven",
    "node",
    "openjdk",
    "php",
    "python",
    "ruby",
    "rust",
    "ubuntu",
];

/// Commands after which nobody knows which variables are set.
const SETS_ANY: &[&str] = &[".", "eval", "source"];

impl Model<'_> {
    /// The first use of each such variable in each stage, in order.
    pub fn unset_variables(&self) -> Vec<Unset> {
        let mut found = Vec::new();
        for stage in &self.stages {
            let mut told = HashSet::new();
            for instruction in &self.doc.instructions[stage.instructions.clone()] {
                let uses = match &instruction.kind {
                    Kind::Expose(_) => self.unset_ports(instruction),
                    Kind::Run(_) => self
                        .run_at(instruction.id)
                        .map_or_else(Vec::new, |run| self.unset_in_run(&self.runs[run])),
                    _ => continue,
                };
                found.extend(uses.into_iter().filter(|it| told.insert(it.name.clone())));
            }
        }
        found
    }

    fn unset_ports(&self, instruction: &Instruction<'_>) -> Vec<Unset> {
        let root = self.stage_of(instruction.id).and_then(|it| self.root_image(it.id));
        let known = root.is_some_and(|image| LANGUAGES.iter().any(|it| image.is_official(it)));
        let unset = self.undefined_ports(instruction).into_iter().filter(|it| {
            let common = COMMON_IN_IMAGES.contains(&it.variable.name.as_str());
            known && !common || it.evidence != Evidence::Nothing
        });
        unset.map(|it| self.unset(&it.variable.name, it.variable.span, true)).collect()
    }

    fn unset_in_run(&self, run: &Run<'_>) -> Vec<Unset> {
        let script = &run.script;
        let commands = || script.commands.iter();
        if run.onbuild
            || matches!(run.form, Form::Json(_))
            || !script.dialect.is_bourne()
            || commands().any(|it| SETS_ANY.contains(&it.name.as_str()))
        {
            return Vec::new();
        }
        let mut found = Vec::new();
        for command in commands() {
            let values = command.assignments.iter().map(|it| &it.value);
            let targets = command.redirects.iter().map(|it| &it.target);
            let words = command.words().chain(values).chain(targets);
            for word in words.filter(|it| !it.is_static) {
                let uses = uses_in(self.doc.source.slice(word.span), |_| false);
                for it in uses.iter().filter(|it| it.is_plain) {
                    let start = word.span.start as usize + it.at;
                    let span = Span::new(start, start + it.name.len());
                    if self.is_empty_in(run, it.name) {
                        found.push(self.unset(it.name, span, false));
                    }
                }
            }
        }
        found
    }

    /// Whether a name is that of an argument that the stage does not declare, and the script does not set either.
    fn is_empty_in(&self, run: &Run<'_>, name: &str) -> bool {
        let predefined = PREDEFINED.contains(&name);
        let global = self.scopes.global_named(name).next().is_some();
        if !(predefined || global && !COMMON_IN_IMAGES.contains(&name))
            || self.scopes.look_up(run.id(), name).is_some()
            || !predefined && self.may_be_of_base(run, name)
        {
            return false;
        }
        // Also `export NAME`, `read NAME`, `env NAME=…` and loops.
        let sets = |it: &crate::shell::Command| {
            it.assignments.iter().any(|it| it.name == name)
                || it.words().any(|word| {
                    word.text
                        .strip_prefix(name)
                        .is_some_and(|it| it.is_empty() || it.starts_with('='))
                })
        };
        let text = &run.script.view.text;
        let in_loop = text.match_indices("for ").any(|(at, _)| {
            let rest = text[at + 4..].trim_start();
            rest.strip_prefix(name).is_some_and(|it| it.starts_with(char::is_whitespace))
        });
        !in_loop && !run.script.commands.iter().any(sets)
    }

    /// Whether the base image may set the variable: it is named after the image, as `DEBEZIUM_VERSION` in
    /// `debezium/connect`.
    fn may_be_of_base(&self, run: &Run<'_>, name: &str) -> bool {
        let root = run.stage.and_then(|it| self.root_stage(it));
        let Some(text) = root.map(|it| it.from.image.text.to_ascii_lowercase()) else {
            return false;
        };
        let subject = name.split('_').find(|it| it.len() > 1).unwrap_or(name).to_ascii_lowercase();
        let path = text.split(['$', '@']).next().unwrap_or_default();
        path.split(['/', '-', '_', '.', ':']).any(|it| it == subject)
    }

    fn unset(&self, name: &str, span: Span, exposes: bool) -> Unset {
        let mut globals = self.scopes.global_named(name);
        let global = globals.next().and_then(|it| {
            let instruction = self.doc.instructions.get(it.instruction)?;
            let names = instruction.variable_names();
            names.into_iter().find(|it| it.text == name).map(|it| it.span)
        });
        Unset { name: name.to_owned(), span, global, exposes }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    /// The names that are unset, with what declares them before the first FROM.
    fn unset(text: &str) -> Vec<String> {
        of(text, |model| model.unset_variables().into_iter().map(|it| it.name).collect())
    }

    #[test]
    fn arguments_that_the_stage_does_not_declare_are_empty() {
        assert_eq!(unset("FROM a\nRUN make ARCH=$TARGETOS\nRUN echo $TARGETOS\n"), ["TARGETOS"]);
        assert_eq!(unset("ARG V=1\nFROM a\nRUN get x-${V}.tgz && tar xf \"x-$V\"\n"), ["V"]);
        assert_eq!(unset("ARG V=1\nFROM a\nRUN x > /v-$V\nFROM b\nRUN A=$V x\n"), ["V", "V"]);
        let other = "ARG APP_VERSION\nFROM team/connect:$APP_VERSION\nRUN x $APP_VERSION\n";
        assert_eq!(unset(other), ["APP_VERSION"]);
        assert_eq!(unset("ARG v=1\nFROM a\nRUN sh -c \"get $v\"\n"), ["v"]);
    }

    #[test]
    fn what_something_sets_is_not() {
        for good in [
            "ARG V=1\nFROM a\nARG V\nRUN x $V\n",
            "ARG V=1\nFROM a AS b\nARG V\nFROM b\nRUN x $V\n",
            "ARG V=1\nFROM a\nENV V=2\nRUN x $V\n",
            "ARG V=1\nFROM a\nRUN V=2 && x $V\n",
            "ARG V=1\nFROM a\nRUN export V=2; x $V\n",
            "ARG V=1\nFROM a\nRUN for V in 1 2; do x $V; done\n",
            "ARG V=1\nFROM a\nRUN x ${V:-2}\n",
            "ARG V=1\nFROM a\nRUN . ./env && x $V\n",
            "ARG V=1\nFROM a\nRUN x '$V'\n",
            "ARG NODE_VERSION=1\nFROM node:$NODE_VERSION\nRUN x $NODE_VERSION\n",
            "FROM a\nRUN x $OTHER\n",
            "ARG DEBEZIUM_VERSION\nFROM quay.io/debezium/connect:${DEBEZIUM_VERSION}\nRUN x $DEBEZIUM_VERSION\n",
            "ARG KAFKA_HOME=/k\nFROM team/kafka-base AS a\nFROM a\nRUN x $KAFKA_HOME\n",
            "FROM a\nRUN [\"x\", \"$TARGETOS\"]\n",
        ] {
            assert_eq!(unset(good), [""; 0], "{good}");
        }
    }

    #[test]
    fn ports_need_a_value() {
        assert_eq!(unset("FROM node:22\nEXPOSE ${PORT}\n"), ["PORT"]);
        assert_eq!(unset("ARG PORT=80\nFROM team/a\nEXPOSE $PORT\n"), ["PORT"]);
        assert_eq!(unset("FROM team/a\nEXPOSE $PORT\n"), [""; 0]);
        assert_eq!(unset("FROM node:22\nEXPOSE ${PORT:-80}\n"), [""; 0]);
        assert_eq!(unset("FROM node:22\nENV PORT=80\nEXPOSE $PORT\n"), [""; 0]);
        assert_eq!(unset("FROM node:22 AS a\nARG PORT=1\nFROM a\nEXPOSE $PORT\n"), [""; 0]);
    }
}
