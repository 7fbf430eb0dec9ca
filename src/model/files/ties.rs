//! Which instructions of a stage may not change places, because one needs what the other does.

use super::paths::covers;
use super::source_folders::is_neutral;
use crate::context::clean;
use crate::model::{How, Inputs, LateInstall, Model, Placed, Shape, Touches, Write};
use crate::syntax::{Instruction, Kind};

/// Folders that packages of the system fill.
const OF_SYSTEM: &[&str] =
    &["/bin", "/etc", "/lib", "/lib64", "/sbin", "/usr", "/var/cache", "/var/lib"];

/// Folders in these that they do not fill.
const NOT_OF_SYSTEM: &[&str] = &["/usr/local", "/usr/src"];

/// Knows which instructions depend on each other.
#[derive(Debug)]
pub struct Ties<'m> {
    model: &'m Model<'m>,
    /// What each RUN touches.
    touches: Vec<Option<Touches>>,
}

impl<'m> Ties<'m> {
    /// For all instructions of a file.
    pub fn new(model: &'m Model<'m>) -> Self {
        let touches = (0..model.runs.len()).map(|it| model.touches(it)).collect();
        Self { model, touches }
    }

    /// What a RUN touches, by its instruction; none where that is not known.
    pub fn touches(&self, instruction: usize) -> Option<&Touches> {
        self.touches.get(self.model.run_at(instruction)?)?.as_ref()
    }

    /// Whether two instructions of a stage may not change places: the second may need what the first does, or undo it.
    pub fn are_tied(&self, first: usize, second: usize) -> bool {
        let doc = self.model.doc;
        let (a, b) = (&doc.instructions[first], &doc.instructions[second]);
        let text = |it: &Instruction<'_>| {
            let heredocs = it.heredocs.iter().map(|it| doc.source.slice(it.body));
            std::iter::once(doc.source.slice(it.span)).chain(heredocs).any(|it| it.contains('$'))
        };
        let is_transfer = |kind: &Kind<'_>| matches!(kind, Kind::Copy(_) | Kind::Add(_));
        match (&a.kind, &b.kind) {
            (it, Kind::Run(_)) if is_transfer(it) => self.is_copy_tied(a, b, true),
            (Kind::Run(_), it) if is_transfer(it) => self.is_copy_tied(b, a, false),
            (one, other) if is_transfer(one) && is_transfer(other) => self.are_copies_tied(a, b),
            (Kind::Run(_), Kind::Run(_)) => self.are_runs_tied(first, second),
            (Kind::Env(_) | Kind::Arg(_), Kind::Run(_))
            | (Kind::Run(_), Kind::Env(_) | Kind::Arg(_))
            | (Kind::User(_), Kind::Run(_) | Kind::User(_) | Kind::Workdir(_))
            | (Kind::Run(_) | Kind::Workdir(_), Kind::User(_))
            | (Kind::Workdir(_), Kind::Workdir(_))
            | (Kind::Env(_) | Kind::Arg(_), Kind::Env(_) | Kind::Arg(_)) => true,
            (Kind::Env(_) | Kind::Arg(_), _) => text(b),
            (_, Kind::Env(_) | Kind::Arg(_)) => text(a),
            (Kind::Workdir(_), Kind::Run(_)) => self.uses_directory(second),
            (Kind::Run(_), Kind::Workdir(_)) => self.uses_directory(first),
            (Kind::Workdir(_), Kind::Copy(it) | Kind::Add(it))
            | (Kind::Copy(it) | Kind::Add(it), Kind::Workdir(_)) => {
                !doc.source.slice(it.destination.span).starts_with('/')
            }
            (one, other) => Part::of(one).is_tied_to(Part::of(other)),
        }
    }

    fn uses_directory(&self, instruction: usize) -> bool {
        self.touches(instruction).is_none_or(|it| it.uses_directory || self.reads_here(it))
    }

    /// Whether one of the tools that are installed looks for settings in the directory.
    fn reads_here(&self, touches: &Touches) -> bool {
        let installs = &self.model.installs;
        touches.tools.iter().any(|it| !installs[*it].manager.read_here.is_empty())
    }

    /// Whether a COPY or ADD and a RUN depend on each other.
    fn is_copy_tied(
        &self,
        copy: &Instruction<'_>,
        run: &Instruction<'_>,
        copy_is_first: bool,
    ) -> bool {
        let Some(touches) = self.touches(run.id).filter(|it| !it.builds) else { return true };
        // The owner of what is copied may be an account that the RUN makes.
        if !copy_is_first && copy.flag("chown").is_some() {
            return true;
        }
        let mut writes = self.model.writes_of(copy.id).peekable();
        writes.peek().is_none() || writes.any(|it| self.is_write_tied(it, touches, run.id))
    }

    fn is_write_tied(&self, write: &Write, touches: &Touches, run: usize) -> bool {
        let path = clean(&write.path);
        let path = path.as_str();
        let is_file = matches!(write.shape, Shape::File | Shape::BigFile);
        let named = touches.paths.iter().any(|it| overlap(it, path));
        if !path.starts_with('/')
            || named
            || touches.programs.iter().any(|it| self.is_called(write, it))
        {
            return true;
        }
        let installs = touches.system
            || touches.scripts
            || !touches.tools.is_empty()
            || !touches.manifests.is_empty();
        installs
            && (!is_neutral(path)
                || is_of_system(path)
                || (covers("/usr/local", path) && !is_file)
                || self.is_home(path, run)
                || touches.tools.iter().any(|it| self.is_read_here(*it, write, is_file))
                || touches.manifests.iter().any(|it| self.is_read_by(*it, write)))
    }

    /// The source of a copy, as it is written but for quotes.
    fn source(&self, write: &Write) -> &'m str {
        self.model.doc.source.slice(write.span).trim_matches(['"', '\''])
    }

    /// Whether what is copied, or what it becomes, has a name; the names may have wildcards.
    fn is_called(&self, write: &Write, name: &str) -> bool {
        let source = self.source(write);
        let last =
            |it: &str| format!("/{}", it.trim_end_matches('/').rsplit('/').next().unwrap_or(it));
        let name = format!("/{name}");
        [last(source), last(&write.path)].iter().any(|it| covers(&name, it) || covers(it, &name))
    }

    /// Whether a path is the home folder, above it, or holds settings in it.
    fn is_home(&self, path: &str, run: usize) -> bool {
        let home = self.model.home(run);
        let inside = path.strip_prefix(home.as_str()).or_else(|| path.strip_prefix("/root"));
        covers(path, &home) || inside.is_some_and(|it| it.is_empty() || it.starts_with("/."))
    }

    /// Whether what is copied holds settings of a tool's install in the directory where that runs.
    fn is_read_here(&self, install: usize, write: &Write, is_file: bool) -> bool {
        let model = self.model;
        let install = &model.installs[install];
        let names = install.manager.read_here;
        if names.is_empty() {
            return false;
        }
        let Some(here) = model.directory_at(install.run, install.command) else { return true };
        if is_file {
            return names.iter().any(|it| self.is_called(write, it));
        }
        // A tool looks for its settings in the folders above too.
        let is_above = write.path == here
            || covers(&write.path, here)
            || covers(here, &write.path) && here == "/";
        is_above && !self.is_known_without(write, names)
    }

    /// Whether a folder of the build context is copied that is known to hold none of these names.
    fn is_known_without(&self, write: &Write, names: &[&str]) -> bool {
        let model = self.model;
        let source = self.source(write);
        let is_plain = is_plain(source);
        let local = matches!(write.how, How::Copied { from: false, .. });
        let source = clean(&format!("/{source}"));
        let source = source.trim_matches('/');
        let below = |name: &&str| {
            if source.is_empty() { (*name).to_owned() } else { format!("{source}/{name}") }
        };
        is_plain
            && local
            && model.is_in_context(source)
            && names.iter().all(|it| model.paths_in_context(&below(it)).is_empty())
    }

    /// Whether an install from manifests may read what is copied.
    fn is_read_by(&self, install: usize, write: &Write) -> bool {
        let model = self.model;
        let it = &model.installs[install];
        let inputs = model.inputs(it);
        let (Inputs::Manifests { names, folder }, Some(ecosystem)) = (&inputs, &it.manager.project)
        else {
            return true;
        };
        let own = names.iter().map(String::as_str);
        let settings = ecosystem.settings.iter().chain(ecosystem.others).copied();
        // A file may be put into the folder of its destination.
        let is_around = write.path == *folder || covers(&write.path, folder);
        if is_around
            || !folder.starts_with('/')
            || own.chain(settings).any(|it| self.is_called(write, it))
        {
            return true;
        }
        let Some(project) = self.project(install, names) else { return true };
        let late = LateInstall {
            install,
            inputs: inputs.clone(),
            placed: Placed::Part,
            source: write.span,
            path: write.path.clone(),
            project: Some(project),
            copies: vec![write.instruction],
            compiles: false,
        };
        model.context.is_none() || !model.surely_works_alone(&late)
    }

    /// The folder of the build context from which the manifests of an install are copied by their names.
    fn project(&self, install: usize, names: &[String]) -> Option<String> {
        let model = self.model;
        let run = model.runs[model.installs[install].run].id();
        let stage = model.stage_of(run)?;
        let first = names.first()?;
        let mut copied = (stage.instructions.start..run).flat_map(|it| model.writes_of(it));
        let found = copied.find(|it| {
            matches!(it.how, How::Copied { from: false, .. }) && self.is_called(it, first)
        })?;
        let path = clean(&format!("/{}", self.source(found)));
        let (folder, _) = path.trim_matches('/').rsplit_once('/').unwrap_or_default();
        is_plain(folder).then(|| folder.to_owned())
    }

    /// Whether two copies put something at one path, and not the same.
    fn are_copies_tied(&self, a: &Instruction<'_>, b: &Instruction<'_>) -> bool {
        let flags = |it: &Instruction<'_>| {
            let source = self.model.doc.source;
            it.flags.iter().map(|it| source.slice(it.span).to_owned()).collect::<Vec<_>>()
        };
        let alike = a.keyword == b.keyword && flags(a) == flags(b);
        let (one, other): (Vec<_>, Vec<_>) =
            (self.model.writes_of(a.id).collect(), self.model.writes_of(b.id).collect());
        let is_tied = |a: &Write, b: &Write| {
            let (x, y) = (clean(&a.path), clean(&b.path));
            let is_known = x.starts_with('/') && y.starts_with('/');
            !is_known || overlap(&x, &y) && !(alike && self.is_same_part(a, b))
        };
        one.is_empty()
            || other.is_empty()
            || one.iter().any(|a| other.iter().any(|b| is_tied(a, b)))
    }

    /// Whether two sources of the build context come to one place as they lie in each other there.
    fn is_same_part(&self, a: &Write, b: &Write) -> bool {
        let source = |it: &Write| {
            let text = self.source(it);
            let is_known = is_plain(text) && it.shape != Shape::Unsure;
            let is_local = matches!(it.how, How::Copied { from: false, .. });
            (is_known && is_local).then(|| clean(&format!("/{text}")))
        };
        let (Some(x), Some(y)) = (source(a), source(b)) else { return false };
        let below = |whole: &str, part: &str| {
            let rest = if whole == "/" { Some(part) } else { part.strip_prefix(whole) };
            rest.filter(|it| it.is_empty() || it.starts_with('/')).map(str::to_owned)
        };
        let fits = |whole: &str, part: &str, to: &Write, at: &Write| {
            let rest = below(whole, part);
            rest.is_some_and(|it| {
                format!("{}{it}", clean(&to.path).trim_end_matches('/')) == clean(&at.path)
            })
        };
        fits(&x, &y, a, b) || fits(&y, &x, b, a)
    }

    /// Whether two RUNs depend on each other.
    fn are_runs_tied(&self, first: usize, second: usize) -> bool {
        let (Some(a), Some(b)) = (self.touches(first), self.touches(second)) else { return true };
        let only_system =
            b.system && b.tools.is_empty() && b.manifests.is_empty() && !b.builds && !b.scripts;
        let of_project = |it: &Touches| !it.system && it.tools.is_empty() && !it.scripts;
        let fills = |it: &usize| self.model.installs[*it].manager.fills.is_some();
        let in_folder =
            |it: &Touches| of_project(it) && !it.builds && it.manifests.iter().all(fills);
        let only_tools =
            !b.tools.is_empty() && !b.system && b.manifests.is_empty() && !b.builds && !b.scripts;
        let apart = !a
            .paths
            .iter()
            .any(|it| is_of_system(it) || b.paths.iter().any(|other| overlap(it, other)));
        // Work on a project neither brings packages nor says where they come from.
        let is_free =
            only_system && of_project(a) || only_tools && in_folder(a) && !a.manifests.is_empty();
        !(is_free && apart)
    }
}

/// What an instruction is for, as far as nothing else decides.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// It makes files, or says as whom and where.
    Step,
    /// It says what a container runs.
    Entry,
    /// It only says something about the image.
    Label,
    /// What follows depends on it.
    Other,
}

impl Part {
    fn of(kind: &Kind<'_>) -> Self {
        match kind {
            Kind::Run(_) | Kind::Copy(_) | Kind::Add(_) | Kind::Workdir(_) | Kind::User(_) => {
                Self::Step
            }
            Kind::Cmd(_) | Kind::Entrypoint(_) | Kind::Healthcheck(_) => Self::Entry,
            Kind::Label(_) | Kind::Expose(_) | Kind::Stopsignal(_) | Kind::Maintainer(_) => {
                Self::Label
            }
            _ => Self::Other,
        }
    }

    fn is_tied_to(self, other: Self) -> bool {
        let has = |part| self == part || other == part;
        has(Self::Other) || self == other && self != Self::Step
    }
}

/// Whether a path has no variables or wildcards.
fn is_plain(path: &str) -> bool {
    !path.contains(['$', '*', '?', '['])
}

/// Whether one path is the other or holds it.
fn overlap(one: &str, other: &str) -> bool {
    one == other || one == "/" || other == "/" || covers(one, other) || covers(other, one)
}

/// Whether packages of the system may put something at a path.
fn is_of_system(path: &str) -> bool {
    let any = |list: &[&str]| list.iter().any(|it| path == *it || covers(it, path));
    any(OF_SYSTEM) && !any(NOT_OF_SYSTEM)
}

#[cfg(test)]
mod tests;
