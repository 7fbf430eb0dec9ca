//! Files that instructions bring into the image: copied, fetched, unpacked, cloned, installed into a folder.
//!
//! Only what the text shows for sure; what a build step writes is not known here.

use super::downloads::for_each;
use super::paths::{covers, name_words, path_in};
use super::transfers::{self, is_tar_name};
use crate::model::{Download, Manager, Model};
use crate::shell::{Command, ShellWord};
use crate::source::Span;
use crate::syntax::{Instruction, Kind, Transfer, TransferSource};

/// Files that one instruction brings into the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// The instruction, by index.
    pub instruction: usize,
    /// The command in the RUN, by index in its script; none for COPY and ADD.
    pub command: Option<usize>,
    /// Where they go: absolute where the working directory is known.
    pub path: String,
    /// How they come.
    pub how: How,
    /// Whether `path` is a folder with many files, as far as the text shows.
    pub shape: Shape,
    /// The words that say so.
    pub span: Span,
    /// The first command after it that deletes it, as RUN and command.
    pub deleted: Option<(usize, usize)>,
}

/// How files come into an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// COPY or ADD from the build context, another stage or an image.
    Copied {
        /// Whether `--chown` is given.
        chown: bool,
        /// Whether `--chmod` is given.
        chmod: bool,
        /// Whether it comes from elsewhere than the build context: another stage, an image, or a URL.
        from: bool,
    },
    /// Fetched from a URL.
    Fetched,
    /// Unpacked from an archive.
    Unpacked,
    /// Cloned with git.
    Cloned,
    /// Put there by a package manager, such as `node_modules`.
    Installed,
    /// Copied or moved inside the image.
    Moved,
}

/// What a written path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A folder.
    Tree,
    /// An archive, package or program: one big file.
    BigFile,
    /// Some other file.
    File,
    /// A file or a folder: the name does not tell.
    Unsure,
}

/// Fewer bytes are not worth a change of the Dockerfile.
pub(in crate::model) const WORTH_BYTES: u64 = 1_000_000;

/// Endings of files that are big as a rule.
const BIG: &[&str] = &[
    ".7z", ".apk", ".bin", ".bz2", ".deb", ".dmp", ".dump", ".ear", ".exe", ".gz", ".iso", ".jar",
    ".msi", ".rpm", ".run", ".sql", ".tar", ".tbz2", ".tgz", ".txz", ".war", ".whl", ".xz", ".zip",
    ".zst",
];

/// Files without an ending in their name that are not folders.
const BARE_FILES: &[&str] = &[
    "bashrc",
    "brewfile",
    "caddyfile",
    "changelog",
    "codeowners",
    "dockerfile",
    "gemfile",
    "gradlew",
    "license",
    "makefile",
    "mvnw",
    "pipfile",
    "procfile",
    "rakefile",
    "readme",
    "vagrantfile",
    "version",
    "vimrc",
    "zshrc",
];

/// Folders that hold other things than what one command puts there.
const SHARED: &[&str] = &[
    "/",
    "/bin",
    "/etc",
    "/home",
    "/lib",
    "/mnt",
    "/opt",
    "/root",
    "/sbin",
    "/srv",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/lib",
    "/usr/local/sbin",
    "/usr/local/share",
    "/usr/local/src",
    "/usr/sbin",
    "/usr/share",
    "/usr/src",
    "/var",
    "/var/lib",
    "/var/tmp",
    "/var/www",
];

impl Shape {
    /// What the last component of a name says.
    pub fn of(name: &str) -> Self {
        let name = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
        if BIG.iter().any(|ending| name.ends_with(ending)) {
            Self::BigFile
        } else if BARE_FILES.contains(&name.as_str())
            || name.contains("entrypoint")
            || has_ending(&name)
            || (name.starts_with('.') && name.ends_with("rc"))
        {
            Self::File
        } else {
            Self::Unsure
        }
    }
}

/// Whether a URL is that of one file of sources, which is small.
fn is_source_url(url: &str) -> bool {
    ["raw.githubusercontent.com", "/blob/", "gist.github"].iter().any(|it| url.contains(it))
}

/// Whether a name ends like that of a file: `.txt`, but no version such as `-1.2.0_amd64` and no folder of settings such
/// as `conf.d`.
fn has_ending(name: &str) -> bool {
    let ending = name.trim_start_matches('.').rsplit_once('.').map(|it| it.1);
    ending.is_some_and(|it| {
        it.starts_with(|first: char| first.is_ascii_alphabetic())
            && !matches!(it, "d" | "app" | "git")
    })
}

/// Whether a folder holds other things than what one command puts there.
pub fn is_shared(path: &str) -> bool {
    SHARED.contains(&path)
}

impl Model<'_> {
    /// What the instructions bring into the image; what deletes it is not known yet.
    pub(in crate::model) fn find_writes(&self) -> Vec<Write> {
        let mut found = Vec::new();
        for instruction in &self.doc.instructions {
            if let Kind::Copy(transfer) | Kind::Add(transfer) = &instruction.kind {
                copied(self, instruction, transfer, &mut found);
            }
        }
        let runs = &self.runs;
        for_each(self, |run, index, command, directory| {
            if runs[run].onbuild || command.inside.function {
                return;
            }
            let mut add = |path: Option<String>, how, shape, span| {
                let instruction = runs[run].id();
                let command = Some(index);
                // What goes into a mount does not reach the layer.
                if let Some(path) =
                    path.filter(|path| !runs[run].has_scratch_mount(|target| covers(target, path)))
                {
                    found.push(Write {
                        instruction,
                        command,
                        path,
                        how,
                        shape,
                        span,
                        deleted: None,
                    });
                }
            };
            written(self, runs[run].id(), command, directory, &mut add);
        });
        found.extend(self.downloads.iter().filter_map(|it| self.fetched(it)));
        found
    }

    /// The file that a download makes, where its name is known.
    fn fetched(&self, download: &Download) -> Option<Write> {
        let run = &self.runs[download.run];
        let output = download.output.as_ref().filter(|it| !it.contains('$'))?;
        if run.onbuild || output == "/dev/null" || output.is_empty() {
            return None;
        }
        let directory = self.directory_at(download.run, download.command);
        let command = &run.script.commands[download.command];
        let prefix = value_of(command, &["-P", "--directory-prefix", "--output-dir"]);
        let directory = match prefix {
            Some(word) => self.shell_path(run.id(), directory, word),
            None => directory.map(str::to_owned),
        };
        Some(Write {
            instruction: run.id(),
            command: Some(download.command),
            path: path_in(directory.as_deref(), output),
            how: How::Fetched,
            // What is a script or a setting by its URL is small under any name.
            shape: match Shape::of(download.url.split(['?', '#']).next().unwrap_or("")) {
                Shape::File => Shape::File,
                Shape::Unsure if is_source_url(&download.url) => Shape::File,
                _ => Shape::of(output),
            },
            span: download.span,
            deleted: None,
        })
    }

    /// Whether what is copied from the build context was measured, and is too small to be worth a word.
    pub fn is_measured_small(&self, write: &Write) -> bool {
        self.copied_up_to(write, WORTH_BYTES).is_some_and(|it| it < WORTH_BYTES)
    }

    /// Whether a copied file or folder is small, as measured or by its names: then it holds only scripts or settings, a few
    /// kilobytes.
    pub fn is_small_copy(&self, write: &Write) -> bool {
        const SMALL: &[&str] = &[
            "conf",
            "config",
            "configs",
            "cron",
            "crontab",
            "crontabs",
            "entry",
            "entrypoint",
            "entrypoints",
            "etc",
            "hook",
            "hooks",
            "init",
            "initdb",
            "install",
            "key",
            "keyring",
            "keyrings",
            "keys",
            "script",
            "scripts",
            "service",
            "setup",
            "ssh",
            "template",
            "templates",
        ];
        let How::Copied { from: false, .. } = write.how else { return false };
        if let Some(bytes) = self.copied_up_to(write, WORTH_BYTES) {
            return bytes < WORTH_BYTES;
        }
        let source = self.doc.source.slice(write.span).to_ascii_lowercase();
        // What is copied together with files is a file too, as it seems.
        let among_files = || match &self.doc.instructions[write.instruction].kind {
            Kind::Copy(it) | Kind::Add(it) => {
                it.sources.iter().any(|it| Shape::of(&it.word.text) == Shape::File)
            }
            _ => false,
        };
        write.shape != Shape::BigFile
            && (write.shape == Shape::Unsure && among_files()
                || write.path.starts_with("/etc/")
                || name_words(&source).any(|it| SMALL.binary_search(&it).is_ok()))
    }

    /// The directory in which a command of a RUN runs, where it is known.
    pub fn directory_at(&self, run: usize, command: usize) -> Option<&str> {
        self.directories.get(run)?.get(command)?.as_deref()
    }
}

/// What a source is as it is written, by its text and the name in it.
fn written_shape(source: &TransferSource<'_>, text: &str, name: &str) -> Shape {
    let is_whole = matches!(text, "." | "./" | "/" | "*" | "./*" | "");
    match source.heredoc {
        Some(_) => Shape::File,
        None if is_whole || text.ends_with('/') => Shape::Tree,
        None => Shape::of(name),
    }
}

/// What a COPY or ADD brings.
fn copied(
    model: &Model<'_>,
    instruction: &Instruction<'_>,
    transfer: &Transfer<'_>,
    found: &mut Vec<Write>,
) {
    let id = instruction.id;
    let destination = model.scopes.resolve(id, &transfer.destination).text;
    if destination.contains("${") {
        return;
    }
    let directory = model.states[id].workdir.as_deref();
    let target = path_in(directory, &destination);
    let has = |name: &str| instruction.flag(name).is_some();
    let (chown, chmod, from) = (has("chown"), has("chmod"), has("from"));
    let is_add = matches!(instruction.kind, Kind::Add(_));
    let into_folder = destination.ends_with('/')
        || destination.ends_with('.')
        || transfer.sources.len() > 1
        || is_shared(&target);
    for (_, source) in transfers::distinct(transfer) {
        let text = model.scopes.resolve(id, &source.word).text;
        let is_url = text.contains("://");
        let how = How::Copied { chown, chmod, from: from || is_url };
        let path = if is_url { text.split(['?', '#']).next().unwrap_or("") } else { &text };
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or("").to_owned();
        let shape = match written_shape(source, &text, &name) {
            // ADD unpacks it.
            Shape::BigFile if is_add && !is_url && is_tar_name(&name) => Shape::Tree,
            shape if from || is_url => shape,
            shape => model.shape_in_context(source).unwrap_or(shape),
        };
        let is_file =
            matches!(shape, Shape::File | Shape::BigFile) || is_url && shape == Shape::Unsure;
        let inside = into_folder && !name.contains('*') && is_file;
        let path = if inside { path_in(Some(&target), &name) } else { target.clone() };
        found.push(Write {
            instruction: id,
            command: None,
            path,
            how,
            shape,
            span: source.word.span,
            deleted: None,
        });
    }
}

/// What a command unpacks.
enum Unpacked<'c> {
    /// Something into this folder.
    Into(&'c ShellWord),
    /// This archive where the command runs.
    Here(&'c ShellWord),
}

fn unpacked(command: &Command) -> Option<Unpacked<'_>> {
    let (into, archive) = match command.name.as_str() {
        "tar" | "bsdtar" if unpacks(command) => {
            let mut words = command.args.iter();
            let archive = words.find(|word| Shape::of(&word.text) == Shape::BigFile);
            (value_of(command, &["-C", "--directory"]), archive)
        }
        "unzip" => (value_of(command, &["-d"]), command.operands().next()),
        _ => return None,
    };
    into.map(Unpacked::Into).or(archive.map(Unpacked::Here))
}

/// The folder that an install fills where it runs.
fn filled(command: &Command) -> Option<&'static str> {
    let fills = Manager::of_program(&command.name)?.fills?;
    let verb = command.verb().map_or("", |word| word.text.as_str());
    let is_elsewhere = ["g", "global", "prefix", "cwd", "working-dir", "dir"]
        .iter()
        .any(|it| command.has_flag(it));
    (fills.verbs.contains(&verb) && !is_elsewhere).then_some(fills.folder)
}

/// The repository that `git clone` fetches, and the folder if one is named.
fn cloned(command: &Command) -> Option<(&ShellWord, Option<&ShellWord>)> {
    let is_url = |word: &&ShellWord| word.text.contains("://") || word.text.starts_with("git@");
    let mut rest = command.args.iter().skip_while(|word| !is_url(word));
    let url = rest.next()?;
    Some((url, rest.find(|word| !word.text.starts_with('-'))))
}

/// What one command brings, other than by curl and wget.
fn written(
    model: &Model<'_>,
    id: usize,
    command: &Command,
    directory: Option<&str>,
    add: &mut impl FnMut(Option<String>, How, Shape, Span),
) {
    let path = |word: &ShellWord| model.shell_path(id, directory, word);
    let below = |name: &str| Some(path_in(directory, name));
    match unpacked(command) {
        Some(Unpacked::Into(word)) => {
            return add(path(word), How::Unpacked, Shape::Tree, word.span);
        }
        // The folder's name is a guess.
        Some(Unpacked::Here(archive)) if archive.is_static => {
            return add(below(stem(&archive.text)), How::Unpacked, Shape::Unsure, archive.span);
        }
        Some(Unpacked::Here(_)) => return,
        None => {}
    }
    match command.name.as_str() {
        "git" if command.verb().is_some_and(|word| word.text == "clone") => {
            let Some((url, to)) = cloned(command) else { return };
            let to = match to {
                Some(word) => path(word),
                None if url.is_static => {
                    let name = url.text.trim_end_matches('/').trim_end_matches(".git");
                    below(name.rsplit('/').next().unwrap_or(name))
                }
                None => None,
            };
            add(to, How::Cloned, Shape::Tree, url.span);
        }
        "cp" | "mv" => {
            let recursive = command.name == "mv"
                || ["r", "R", "a", "recursive", "archive"]
                    .iter()
                    .any(|flag| command.has_flag(flag));
            let operands: Vec<_> = command.operands().collect();
            if let (Some(last), true, true) = (operands.last(), recursive, operands.len() > 1) {
                let shape = Shape::of(&operands[0].text);
                add(path(last), How::Moved, shape, last.span);
            }
        }
        "virtualenv" => {
            if let Some(word) = command.operands().last() {
                add(path(word), How::Installed, Shape::Tree, word.span);
            }
        }
        "python" | "python3" if command.args.iter().any(|word| word.text == "venv") => {
            if let Some(word) = command.operands().last().filter(|word| word.text != "venv") {
                add(path(word), How::Installed, Shape::Tree, word.span);
            }
        }
        _ => {
            if let Some(folder) = filled(command).filter(|_| directory.is_some()) {
                add(below(folder), How::Installed, Shape::Tree, command.span);
            }
        }
    }
}

/// Whether a tar command unpacks: `x` in its first cluster of letters, or a long option.
pub(in crate::model) fn unpacks(command: &Command) -> bool {
    let first = command.args.first().map_or("", |word| word.text.as_str());
    let old_style = !first.starts_with('-') && first.contains('x') && !first.contains(['.', '/']);
    old_style || command.has_flag("x") || command.has_flag("extract") || command.has_flag("get")
}

/// An archive's name without folder and endings.
fn stem(name: &str) -> &str {
    let mut name = name.rsplit('/').next().unwrap_or(name);
    for ending in [".gz", ".bz2", ".xz", ".zst", ".tar", ".tgz", ".tbz2", ".txz", ".zip"] {
        name = name.strip_suffix(ending).unwrap_or(name);
    }
    name
}

/// The value of the first of those options; `-C dir`, `-Cdir`, `--directory dir`, `--directory=dir`.
pub(in crate::model) fn value_of<'a>(
    command: &'a Command,
    names: &[&str],
) -> Option<&'a ShellWord> {
    let at = command.args.iter().position(|word| names.contains(&word.text.as_str()));
    at.and_then(|at| command.args.get(at + 1))
}

#[cfg(test)]
mod tests;
