//! What a RUN reads and writes, where all of its commands tell: installs, downloads, and changes of files that they name.

use std::collections::BTreeSet;

use super::super::installs::compile::compiles;
use crate::model::files::paths::path_in;
use crate::model::{Alone, Inputs, Model};
use crate::shell::{Command, Connector, ShellWord};
use crate::syntax::MountType;

/// What a RUN touches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts, read one at a time")]
pub struct Touches {
    /// The paths that commands name, absolute, with wildcards as they are written.
    pub paths: BTreeSet<String>,
    /// The programs that it calls, by name.
    pub programs: BTreeSet<String>,
    /// Whether packages of the system are installed, removed or looked up.
    pub system: bool,
    /// Installs of other packages that their commands name, by index in [`Model::installs`].
    pub tools: Vec<usize>,
    /// Installs that read manifests and nothing else of the project, by index.
    pub manifests: Vec<usize>,
    /// Whether the project is built, which may read all of it.
    pub builds: bool,
    /// Whether something is installed by a script from the network.
    pub scripts: bool,
    /// Whether the directory in which it runs matters.
    pub uses_directory: bool,
}

/// Commands that read the paths that they name; those of the second list take something else as their first word. Sorted.
const READERS: &[&str] = &[
    "[",
    "basename",
    "cat",
    "command",
    "dirname",
    "head",
    "ls",
    "sha256sum",
    "sha512sum",
    "sort",
    "tail",
    "test",
    "wc",
    "which",
];
const SEEKERS: &[&str] = &["awk", "cut", "egrep", "grep", "jq", "sed", "tr"];

/// Commands that change the paths that they name; those of the second list take something else as their first word. Sorted.
const CHANGERS: &[&str] = &[
    "apt-key", "cp", "gpg", "gunzip", "install", "ln", "mkdir", "mv", "rm", "rmdir", "tar", "tee",
    "touch", "unlink", "unzip", "xz",
];
const OWNERS: &[&str] = &["chgrp", "chmod", "chown"];

/// Commands that read no file. Sorted.
const WORDS: &[&str] = &[
    ":", "arch", "date", "echo", "exit", "export", "false", "getconf", "id", "nproc", "printf",
    "set", "sleep", "true", "umask", "uname", "unset",
];

/// Commands that change accounts. Sorted.
const ACCOUNTS: &[&str] =
    &["addgroup", "adduser", "groupadd", "groupdel", "groupmod", "useradd", "userdel", "usermod"];

/// Commands that set up what the system's packages brought, by names. Sorted.
const SETUP: &[&str] = &[
    "a2dismod",
    "a2enmod",
    "add-apt-repository",
    "docker-php-ext-configure",
    "docker-php-ext-enable",
    "docker-php-ext-install",
    "ldconfig",
    "locale-gen",
    "update-alternatives",
];

/// Shells and interpreters that may run what a download gives them.
const INTERPRETERS: &[&str] = &["ash", "bash", "dash", "php", "python", "python3", "sh"];

/// The runners of scripts of a project.
const RUNNERS: &[&str] = &["bun", "npm", "pnpm", "yarn"];

impl Model<'_> {
    /// What a RUN touches; none where one of its commands may touch anything.
    pub fn touches(&self, run: usize) -> Option<Touches> {
        let it = &self.runs[run];
        let binds = it.mounts.iter().any(|it| it.kind == MountType::Bind);
        if it.onbuild || binds || !it.script.complete || !it.script.dialect.is_bourne() {
            return None;
        }
        let mut found = Touches::default();
        for (at, command) in it.script.commands.iter().enumerate() {
            Look { model: self, run, at, command, found: &mut found }.command()?;
        }
        Some(found)
    }
}

/// A command that is looked at.
struct Look<'l, 'm> {
    model: &'l Model<'m>,
    run: usize,
    at: usize,
    command: &'l Command,
    found: &'l mut Touches,
}

impl Look<'_, '_> {
    /// None where it may touch anything.
    fn command(&mut self) -> Option<()> {
        let command = self.command;
        let plain = ["sudo", "env", "exec", "command", "time", "nice", "sh"];
        if command.inside.function
            || command.wrappers.iter().any(|it| !plain.contains(&it.name.as_str()))
        {
            return None;
        }
        self.redirects()?;
        let name = command.name.as_str();
        if name.is_empty() {
            // Nothing but variables: what they hold is looked at where it is used.
            return (!command.assignments.is_empty()).then_some(());
        }
        self.found.programs.insert(name.to_owned());
        let is = |list: &[&str]| list.contains(&name);
        if is(WORDS) || name == "dpkg" && command.has_flag("print-architecture") {
            return Some(());
        }
        if is(READERS) || is(CHANGERS) {
            let into = match name {
                "tar" => &["-C", "--directory"][..],
                "unzip" => &["-d"],
                _ => return self.paths(0),
            };
            let is_into = |it: &ShellWord| into.iter().any(|name| it.text.starts_with(name));
            if !command.args.iter().any(is_into) {
                self.here()?;
            }
            return self.paths(0);
        }
        if is(SEEKERS) || is(OWNERS) {
            return self.paths(1);
        }
        match name {
            "cd" => self.paths(0),
            "curl" | "wget" => self.download(),
            "corepack" => command.args.iter().all(|it| it.text == "enable").then_some(()),
            "update-ca-certificates" => self.add("/usr/local/share/ca-certificates".to_owned()),
            _ if is(ACCOUNTS) => {
                self.add("/etc/passwd".to_owned())?;
                self.add("/etc/group".to_owned())?;
                self.absolute()
            }
            _ if is(SETUP) => {
                self.found.system = true;
                self.absolute()
            }
            _ if is(INTERPRETERS) => self.piped_script(),
            _ => self.packages(),
        }
    }

    fn add(&mut self, path: String) -> Option<()> {
        self.found.paths.insert(path);
        Some(())
    }

    /// Adds what a word means in the directory of the command.
    fn word(&mut self, word: &ShellWord) -> Option<()> {
        let id = self.model.runs[self.run].id();
        let directory = self.model.directory_at(self.run, self.at);
        let path = self.model.shell_path(id, directory, word);
        let path = path.or_else(|| self.model.assigned_path(self.run, self.at, directory, word))?;
        let text = word.text.as_str();
        self.found.uses_directory |= !text.starts_with(['/', '~', '$']);
        path.starts_with('/').then(|| self.add(path))?
    }

    /// Adds the directory of the command.
    fn here(&mut self) -> Option<()> {
        let directory = self.model.directory_at(self.run, self.at)?.to_owned();
        self.found.uses_directory = true;
        self.add(directory)
    }

    /// Adds all operands but the first ones, and what options name with a slash.
    fn paths(&mut self, skipped: usize) -> Option<()> {
        let command = self.command;
        let mut operands = 0;
        for word in &command.args {
            if word.text.starts_with('-') {
                self.option(word)?;
                continue;
            }
            operands += 1;
            let is_test = matches!(word.text.as_str(), "]" | "!" | "=" | "");
            if operands > skipped && !is_test {
                self.word(word)?;
            }
        }
        Some(())
    }

    /// Adds the path in `--option=/path` or `-C/path`.
    fn option(&mut self, word: &ShellWord) -> Option<()> {
        let text = word.text.as_str();
        let Some(at) = text.find('/').filter(|_| !text.contains("://")) else { return Some(()) };
        let start = text.find('=').map_or(at, |it| it + 1);
        self.word(&ShellWord { text: text[start..].to_owned(), ..word.clone() })
    }

    /// Adds all words that are absolute paths.
    fn absolute(&mut self) -> Option<()> {
        let command = self.command;
        for word in &command.args {
            match word.text.as_str() {
                it if it.starts_with('-') => self.option(word)?,
                it if it.starts_with(['/', '~', '.']) => self.word(word)?,
                _ => {}
            }
        }
        Some(())
    }

    fn redirects(&mut self) -> Option<()> {
        let command = self.command;
        for it in command.redirects.iter().filter(|it| !it.operator.starts_with("<<")) {
            let text = it.target.text.as_str();
            let is_descriptor = it.operator.contains('&')
                && text.bytes().all(|it| it.is_ascii_digit() || it == b'-');
            if !is_descriptor && text != "/dev/null" {
                self.word(&it.target)?;
            }
        }
        Some(())
    }

    /// A download: where it goes is known.
    fn download(&mut self) -> Option<()> {
        let command = self.command;
        let (run, at) = (self.run, self.at);
        let mut found =
            self.model.downloads.iter().filter(|it| (it.run, it.command) == (run, at)).peekable();
        found.peek()?;
        for it in found {
            let Some(output) = it.output.as_deref().filter(|it| *it != "/dev/null") else {
                continue;
            };
            let directory = self.model.directory_at(run, at);
            let word = command.args.iter().find(|it| it.text == output);
            match word {
                Some(word) => self.word(word)?,
                None => {
                    let path = path_in(directory, output);
                    self.found.uses_directory |= !output.starts_with('/');
                    (!output.contains('$') && path.starts_with('/')).then(|| self.add(path))??;
                }
            }
        }
        // What is sent or read as a setting.
        if command
            .args
            .iter()
            .any(|it| it.text.starts_with('@') || matches!(it.text.as_str(), "-K" | "-T" | "-i"))
        {
            return None;
        }
        let is_url = |it: &ShellWord| it.text.contains("://");
        for word in command.args.iter().filter(|it| !is_url(it)) {
            match word.text.as_str() {
                it if it.starts_with('-') => self.option(word)?,
                it if it.starts_with(['/', '~']) => self.word(word)?,
                _ => {}
            }
        }
        Some(())
    }

    /// An interpreter that runs what a download gives it.
    fn piped_script(&mut self) -> Option<()> {
        let command = self.command;
        let first = command.args.first().map_or("-s", |it| it.text.as_str());
        let commands = &self.model.runs[self.run].script.commands;
        let before = self.at.checked_sub(1).and_then(|it| commands.get(it))?;
        let is_fed =
            command.connector == Connector::Pipe && matches!(before.name.as_str(), "curl" | "wget");
        let reads_input = first == "--" || first.starts_with('-') && !first.contains('c');
        if !is_fed || !reads_input {
            return None;
        }
        self.found.scripts = true;
        self.absolute()
    }

    /// Commands of package managers, and of builds.
    fn packages(&mut self) -> Option<()> {
        let (model, command) = (self.model, self.command);
        let name = command.name.as_str();
        if let Some(install) = model.install_of(self.run, self.at) {
            let index = model.installs.iter().position(|it| std::ptr::eq(it, install))?;
            let is_global = || ["g", "global"].iter().any(|it| command.has_flag(it));
            match model.inputs(install) {
                Inputs::Named if install.manager.is_system() => self.found.system = true,
                // An install of a package into the project changes its manifest.
                Inputs::Named
                    if install.manager.fills.is_some() && !is_global() && !self.says("global") =>
                {
                    return None;
                }
                Inputs::Named => self.found.tools.push(index),
                Inputs::Manifests { .. } if compiles(command).is_some() => self.found.builds = true,
                Inputs::Manifests { .. } if self.only_installs(install.manager.alone) => {
                    self.found.manifests.push(index);
                    self.found.uses_directory = true;
                }
                Inputs::Manifests { .. } => self.found.builds = true,
                Inputs::Unknown => return None,
            }
            return self.absolute();
        }
        if model.is_about_packages(self.run, self.at, command) {
            let manager = crate::model::Manager::of_program(name);
            self.found.system |= manager.is_some_and(crate::model::Manager::is_system);
            return self.absolute();
        }
        let runs_script = RUNNERS.contains(&name) && (self.says("run") || self.says("build"));
        if runs_script || name != "make" && compiles(command).is_some() {
            self.found.builds = true;
            return Some(());
        }
        None
    }

    /// Whether a command reads its manifests and nothing else of the project.
    fn only_installs(&self, alone: Alone) -> bool {
        match alone {
            Alone::Always => true,
            Alone::Download(whole) => {
                let words = self.command.operands().map(|it| it.text.as_str());
                std::iter::once(self.command.name.as_str()).chain(words).eq(whole.split(' '))
            }
            Alone::Never => false,
        }
    }

    /// Whether the verb of the command is this.
    fn says(&self, verb: &str) -> bool {
        self.command.verb().is_some_and(|it| it.text == verb)
    }
}

#[cfg(test)]
mod tests {
    use super::{CHANGERS, READERS, SEEKERS, SETUP, WORDS};
    use crate::model::tests::of;

    /// What the only RUN touches: paths, and a letter for each kind of work.
    fn touches(run: &str) -> Option<(Vec<String>, String)> {
        let text = format!("FROM node:22\nWORKDIR /app\nRUN {run}\n");
        of(&text, |model| {
            let found = model.touches(0)?;
            let kinds = [
                (found.system, 's'),
                (!found.tools.is_empty(), 't'),
                (!found.manifests.is_empty(), 'm'),
                (found.builds, 'b'),
                (found.scripts, 'n'),
                (found.uses_directory, 'd'),
            ];
            let kinds = kinds.iter().filter(|it| it.0).map(|it| it.1).collect();
            Some((found.paths.into_iter().collect(), kinds))
        })
    }

    fn is(run: &str, paths: &[&str], kinds: &str) {
        let paths = paths.iter().map(|&it| it.to_owned()).collect();
        assert_eq!(touches(run), Some((paths, kinds.to_owned())), "{run}");
    }

    #[test]
    fn the_tables_are_sorted() {
        assert!([CHANGERS, READERS, SEEKERS, SETUP, WORDS].iter().all(|it| it.is_sorted()));
    }

    #[test]
    fn installs_touch_what_they_name() {
        is(
            "apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*",
            &["/var/lib/apt/lists/*"],
            "s",
        );
        is("npm install -g pnpm@9", &[], "t");
        is("cargo install --locked cargo-auditable", &[], "t");
        is("npm ci", &[], "md");
        is("npm ci && npm run build", &[], "mbd");
        is("mix deps.get", &[], "md");
        is("mix do deps.get, deps.compile", &[], "b");
        is("pip install --target /opt/x flask", &["/opt/x"], "t");
    }

    #[test]
    fn downloads_touch_where_they_go() {
        let run = "curl -fsSLo /tmp/a.zip https://a.b/$(uname -m).zip && unzip /tmp/a.zip -d /opt/a && rm /tmp/a.zip";
        is(run, &["/opt/a", "/tmp/a.zip"], "");
        is(
            "wget https://a.b/c.tar.gz && tar xzf c.tar.gz -C /opt",
            &["/app/c.tar.gz", "/app/xzf", "/opt"],
            "d",
        );
        is("curl https://a.b/c.tar.gz | tar xz", &["/app", "/app/xz"], "d");
        is("curl https://a.b/install.sh | sh -s -- -b /usr/local/bin", &["/usr/local/bin"], "n");
        is("tar -xf /tmp/a.tar --directory=/srv/a", &["/srv/a", "/tmp/a.tar"], "");
        is("tar -xf /tmp/a.tar -C/srv/a", &["/srv/a", "/tmp/a.tar"], "");
    }

    #[test]
    fn files_and_accounts_are_named() {
        is(
            "mkdir -p data && chown -R node:node /srv/x > /dev/null 2>&1",
            &["/app/data", "/srv/x"],
            "d",
        );
        is(
            "addgroup -S web && adduser -S -h /home/w web",
            &["/etc/group", "/etc/passwd", "/home/w"],
            "",
        );
        is("echo a > /etc/apt/sources.list.d/a.list", &["/etc/apt/sources.list.d/a.list"], "");
        is("D=/opt/d && mkdir $D/x", &["/opt/d/x"], "");
    }

    #[test]
    fn what_is_not_known_may_touch_anything() {
        for run in [
            "./setup.sh",
            "make",
            "sh setup.sh",
            "npm install express",
            "pip install .",
            "apt-get install -y $PACKAGES",
            "rm -rf $WHAT",
            "curl https://a.b/c | tar x | sh x",
            "cat list | xargs rm",
            "find . -delete",
            "curl -K settings https://a.b/c",
            "--mount=type=bind,target=/x apt-get install -y curl",
        ] {
            assert_eq!(touches(run), None, "{run}");
        }
    }
}
