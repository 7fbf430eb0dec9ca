//! What a step depends on besides files: its text after expansion, variables, user, directory, mounts and flags.

use super::builder::Traits;
use super::key::{Key, Mixer};
use super::origins::{Origins, Written};
use super::plan::Fact;
use crate::model::{Definition, Model, Origin, Stage, join, variables_in};
use crate::syntax::{Form, Healthcheck, Instruction, Kind, Transfer, Word};

pub(super) struct Facts<'m> {
    pub(super) model: &'m Model<'m>,
    pub(super) traits: &'static Traits,
}

impl Facts<'_> {
    pub(super) fn line(&self, at: usize) -> u32 {
        let doc = self.model.doc;
        doc.instructions.get(at).map_or(1, |it| doc.source.line(it.span.start))
    }

    pub(super) fn text(&self, at: usize, word: &Word<'_>) -> String {
        self.model.scopes.resolve(at, word).text
    }

    /// What a stage is built on.
    pub(super) fn base(&self, stage: &Stage<'_>) -> Fact {
        let at = stage.instruction.id;
        let platform = stage.from.platform.as_ref().map(|it| self.text(at, it));
        let image = self.text(at, &stage.from.image);
        let key = Key::of(&["base", &image, &platform.unwrap_or_default()]);
        Fact { line: self.line(at), about: "base".to_owned(), key, origins: self.from(stage) }
    }

    /// The FROM of a stage as it is written, without the name of the stage, and the variables in it.
    fn from(&self, stage: &Stage<'_>) -> Vec<Written> {
        let platform = stage.from.platform.as_ref().map_or("", |it| &*it.text);
        let texts = [&*stage.from.image.text, platform];
        Origins::of(self.model).text(stage.instruction.id, &texts).done()
    }

    /// All of an instruction.
    pub(super) fn of(&self, at: usize) -> Vec<Fact> {
        let instruction = &self.model.doc.instructions[at];
        let mut facts = Vec::new();
        let line = self.line(at);
        let key = match &instruction.kind {
            Kind::Run(run) => {
                self.variables(at, &mut facts);
                self.settings(instruction, &run.form, &mut facts);
                self.mounts(instruction, &run.mounts, &mut facts);
                self.bodies(instruction, false, &mut facts);
                self.run(instruction, &run.form)
            }
            Kind::Copy(transfer) | Kind::Add(transfer) => {
                self.bodies(instruction, true, &mut facts);
                self.transfer(instruction, transfer, true)
            }
            Kind::Workdir(word) => {
                let text = self.text(at, word);
                let full = join(self.model.states[at].workdir.as_deref(), &text).unwrap_or(text);
                Key::of(&["workdir", &full])
            }
            kind => self.metadata(instruction, kind),
        };
        let about = instruction.keyword.name().to_owned();
        facts.insert(0, Fact { line, about, key, origins: self.written(instruction) });
        facts
    }

    /// What an instruction says as it is written, and where its variables and its directory come from.
    fn written(&self, instruction: &Instruction<'_>) -> Vec<Written> {
        let (at, doc) = (instruction.id, self.model.doc);
        let mut texts = vec![&*instruction.body.value];
        texts.extend(instruction.flags.iter().filter_map(|it| Some(&*it.value.as_ref()?.text)));
        let bodies = instruction.heredocs.iter().filter(|it| it.expand);
        texts.extend(bodies.map(|it| doc.source.slice(it.body)));
        let origins = Origins::of(self.model);
        match &instruction.kind {
            // The shell expands it, and gets its variables as facts of their own.
            Kind::Run(_) => Vec::new(),
            Kind::Workdir(_) => origins.text(at, &texts).directory(at).done(),
            Kind::Copy(transfer) | Kind::Add(transfer)
                if !self.text(at, &transfer.destination).starts_with('/') =>
            {
                origins.text(at, &texts).directory(at).done()
            }
            _ => origins.text(at, &texts).done(),
        }
    }

    fn run(&self, instruction: &Instruction<'_>, form: &Form<'_>) -> Key {
        let mut mixer = Mixer::new("run");
        match form {
            Form::Json(_) if self.traits.written_array => mixer.text(&instruction.body.value),
            Form::Json(words) => words.iter().for_each(|it| mixer.text(&it.text)),
            Form::Shell(_) => {
                mixer.text("shell");
                mixer.text(&instruction.body.value);
            }
        }
        for flag in instruction.flags.iter().filter(|it| it.name != "mount") {
            mixer.text(&flag.name);
            mixer.text(flag.value.as_ref().map_or("", |it| &it.text));
        }
        mixer.done()
    }

    /// The bodies of heredocs; those of COPY are expanded unless a part of the delimiter is quoted.
    pub(super) fn heredocs(&self, instruction: &Instruction<'_>, expands: bool, mixer: &mut Mixer) {
        for heredoc in &instruction.heredocs {
            let body = self.model.doc.source.slice(heredoc.body);
            mixer.text(&heredoc.name);
            match heredoc.strip_tabs {
                true => body.lines().for_each(|it| mixer.text(it.trim_start_matches('\t'))),
                false => mixer.text(body),
            }
            if expands && heredoc.expand {
                for name in variables_in(body) {
                    let found = self.model.scopes.look_up(instruction.id, name);
                    mixer.text(found.and_then(|it| it.value.as_deref()).unwrap_or_default());
                }
            }
        }
    }

    /// The variables that a command gets: each with the line that sets it.
    fn variables(&self, at: usize, facts: &mut Vec<Fact>) {
        let mut seen: Vec<&Definition> = self.model.scopes.visible(at).collect();
        seen.reverse();
        let mut names: Vec<(&str, Origin)> = Vec::new();
        for definition in seen {
            let it = (definition.name.as_str(), definition.origin);
            if !names.contains(&it) {
                names.push(it);
            }
        }
        // ENV goes first, in the order in which the names were first set.
        names.sort_by_key(|it| it.1 == Origin::Arg);
        for (name, origin) in names {
            let Some(found) = self.model.scopes.look_up(at, name) else { continue };
            let is_env = origin == Origin::Env;
            let counts = if is_env { !self.traits.metadata } else { found.has_value };
            if found.origin != origin || !counts {
                continue;
            }
            let value = found.value.as_deref().unwrap_or("?");
            let about = format!("{} {name}", if is_env { "ENV" } else { "ARG" });
            let line = self.line(found.instruction);
            let origins = Origins::of(self.model).definition(found).done();
            facts.push(Fact { line, key: Key::of(&[&about, value]), about, origins });
        }
    }

    /// The destination as an absolute path, if it is known.
    pub(super) fn destination(&self, at: usize, transfer: &Transfer<'_>) -> Option<String> {
        let text = self.text(at, &transfer.destination);
        join(self.model.states[at].workdir.as_deref(), &text)
    }

    /// Whether `--link` is in force.
    pub(super) fn is_linked(&self, at: usize) -> bool {
        let flag = self.model.doc.instructions[at].flag("link");
        flag.is_some_and(|it| it.value.as_ref().is_none_or(|it| it.text != "false"))
    }

    /// What a COPY or ADD puts where, however that is written.
    pub(super) fn placed(&self, at: usize, transfer: &Transfer<'_>) -> Key {
        self.transfer(&self.model.doc.instructions[at], transfer, false)
    }

    fn transfer(
        &self,
        instruction: &Instruction<'_>,
        transfer: &Transfer<'_>,
        as_written: bool,
    ) -> Key {
        let at = instruction.id;
        let mut mixer = Mixer::new(instruction.keyword.name());
        let text = self.text(at, &transfer.destination);
        if as_written && self.traits.written_destination {
            mixer.text(&text);
        } else {
            let is_folder = text.ends_with('/') || text.ends_with("/.") || text == ".";
            mixer.text(&self.destination(at, transfer).unwrap_or(text));
            mixer.number(u64::from(is_folder));
        }
        let parents = instruction.flag("parents").is_some();
        for source in transfer.sources.iter().filter(|it| it.heredoc.is_none()) {
            let path = self.text(at, &source.word);
            let is_remote = path.contains("://") || path.starts_with("git@");
            if is_remote || parents {
                mixer.text(&path);
            } else if self.traits.source_name {
                let path = path.trim_end_matches("/.").trim_end_matches('/');
                mixer.text(path.rsplit('/').next().unwrap_or(path));
            }
        }
        self.heredocs(instruction, true, &mut mixer);
        for flag in &instruction.flags {
            let value = flag.value.as_ref().map(|it| self.text(at, it)).unwrap_or_default();
            match &*flag.name {
                "link" if !as_written => {}
                "link" => mixer.number(u64::from(self.traits.links && self.is_linked(at))),
                // A stage counts by what is in it, whatever its name.
                "from" if self.is_stage(at, &value) => {}
                "chown" if !self.traits.chown_root && is_root(&value) => {}
                name => {
                    mixer.text(name);
                    mixer.text(&value);
                }
            }
        }
        mixer.done()
    }

    pub(super) fn is_stage(&self, at: usize, name: &str) -> bool {
        self.model.stage_called(at, name).is_some()
            || name.parse::<usize>().is_ok_and(|it| it < self.model.stages.len())
    }

    /// An instruction that only says something about the image.
    fn metadata(&self, instruction: &Instruction<'_>, kind: &Kind<'_>) -> Key {
        let at = instruction.id;
        let mut mixer = Mixer::new(instruction.keyword.name());
        let mut words = |list: &[&Word<'_>]| {
            list.iter().for_each(|it| mixer.text(&self.text(at, it)));
        };
        match kind {
            Kind::Env(pairs) | Kind::Label(pairs) => {
                pairs.pairs.iter().for_each(|it| words(&[&it.key, &it.value]));
            }
            Kind::Arg(list) => {
                for it in list {
                    words(&[&it.name]);
                    if let Some(value) = it.value.as_ref().filter(|_| self.traits.arg_default) {
                        words(&[value]);
                    }
                }
            }
            Kind::User(word) | Kind::Stopsignal(word) | Kind::Maintainer(word) => words(&[word]),
            Kind::Expose(list)
            | Kind::Shell(list)
            | Kind::Volume(list)
            | Kind::Cmd(Form::Json(list))
            | Kind::Entrypoint(Form::Json(list))
            | Kind::Healthcheck(Healthcheck::Cmd(_, Form::Json(list))) => {
                words(&list.iter().collect::<Vec<_>>());
            }
            _ => mixer.text(&instruction.body.value),
        }
        for flag in &instruction.flags {
            mixer.text(&flag.name);
            mixer.text(flag.value.as_ref().map_or("", |it| &it.text));
        }
        mixer.done()
    }
}

/// Whether an owner is user 0 of group 0.
fn is_root(owner: &str) -> bool {
    let (user, group) = owner.split_once(':').unwrap_or((owner, owner));
    [user, group].iter().all(|it| matches!(*it, "0" | "root"))
}
