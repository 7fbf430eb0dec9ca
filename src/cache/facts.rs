//! What a step depends on besides files: its text after expansion, variables, user, directory, mounts and flags.

use super::builder::Traits;
use super::flags::numbered;
use super::key::{Key, Mixer};
use super::origins::{Origins, Written};
use super::plan::Fact;
use crate::context::clean;
use crate::model::{Definition, Model, Origin, Stage, join};
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
        let key = match image.as_str() {
            "scratch" => nothing(),
            image => Key::of(&["base", image, &platform.unwrap_or_default()]),
        };
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
            Kind::Workdir(word) => Key::of(&["workdir", &self.folder(at, word), &self.owner(at)]),
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
                // Where the body of a heredoc is the script, the builder does not pass on how it is marked.
                if !instruction.is_heredoc_script() {
                    mixer.text(&instruction.body.value);
                }
            }
        }
        for flag in instruction.flags.iter().filter(|it| it.name != "mount") {
            let value = flag.value.as_ref().map_or("", |it| &it.text);
            // What holds without the flag is nothing new.
            let is_usual =
                matches!((&*flag.name, value), ("network", "default") | ("security", "sandbox"));
            if self.traits.written_flags || !is_usual {
                mixer.text(&flag.name);
                mixer.text(value);
            }
        }
        mixer.done()
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

    /// The folder of a WORKDIR, as an absolute path where that is known.
    pub(super) fn folder(&self, at: usize, word: &Word<'_>) -> String {
        let text = self.text(at, word);
        join(self.model.states[at].workdir.as_deref(), &text).unwrap_or(text)
    }

    /// Who gets the folder of a WORKDIR: the user, for a builder that makes the folder in a step that depends on that.
    fn owner(&self, at: usize) -> String {
        let user = self.model.states[at].user.as_deref().filter(|_| !self.traits.metadata);
        numbered(user.unwrap_or_default())
    }

    /// The destination as an absolute path, if it is known.
    pub(super) fn destination(&self, at: usize, transfer: &Transfer<'_>) -> Option<String> {
        let text = self.text(at, &transfer.destination);
        join(self.model.states[at].workdir.as_deref(), &text)
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
        // A builder that reads what flags mean distinguishes ADD and COPY by whether they unpack.
        let mut mixer = Mixer::new(match self.unpacks(at, transfer) {
            _ if self.traits.written_flags => instruction.keyword.name(),
            true => "ADD",
            false => "COPY",
        });
        let text = self.text(at, &transfer.destination);
        if as_written && self.traits.written_destination {
            mixer.text(&text);
        } else {
            // The folder itself, written `/srv/.`, is another destination than `/srv/`, though it is the same place.
            let end = match text.as_str() {
                it if it.ends_with("/.") && as_written => 2,
                it if it.ends_with('/') || it.ends_with("/.") || it == "." => 1,
                _ => 0,
            };
            mixer.text(&self.destination(at, transfer).unwrap_or(text));
            mixer.number(end);
        }
        let parents = self.is_set(at, "parents");
        for source in transfer.sources.iter().filter(|it| it.heredoc.is_none()) {
            let path = self.text(at, &source.word);
            let is_remote = path.contains("://") || path.starts_with("git@");
            if is_remote {
                mixer.text(&path);
            } else if parents {
                // The paths below the folder are a part of what is copied.
                let (folder, pattern) = from_parent(&path);
                mixer.text(folder.rsplit('/').next().unwrap_or_default());
                mixer.text(if as_written { &pattern } else { "" });
            } else if self.traits.source_name {
                let path = clean(&format!("/{path}"));
                mixer.text(path.rsplit('/').next().unwrap_or(&path));
            }
        }
        self.heredocs(instruction, true, &mut mixer);
        self.flags(instruction, as_written, &mut mixer);
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

/// The image of `FROM scratch`: what is built on it depends on nothing.
pub(super) fn nothing() -> Key {
    Key::of(&["base", "scratch", ""])
}

/// What `--parents` makes of a source: the folder that paths are kept from, which `/./` ends, and the pattern of these paths.
pub(super) fn from_parent(source: &str) -> (String, String) {
    let (folder, pattern) = source.split_once("/./").unwrap_or(("", source));
    let plain = |it: &str| clean(&format!("/{it}")).trim_start_matches('/').to_owned();
    (plain(folder), plain(pattern))
}
