//! What a dependency install reads: a few manifests, or only what its command names.

use super::paths::path_in;
use super::writes::value_of;
use super::{Install, Manager, Model};

/// What a dependency install reads from the image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inputs {
    /// Nothing: the packages are named in the command.
    Named,
    /// Manifests in a folder.
    Manifests {
        /// Their names, the most telling first.
        names: Vec<String>,
        /// The folder: absolute where the working directory is known.
        folder: String,
    },
    /// The sources themselves, or it is not known.
    Unknown,
}

impl Model<'_> {
    /// What an install reads.
    pub fn inputs(&self, install: &Install) -> Inputs {
        let all = self.inputs.get_or_init(|| {
            self.installs.iter().map(|install| self.find_inputs(install)).collect()
        });
        let at = self
            .installs
            .binary_search_by_key(&(install.run, install.command), |it| (it.run, it.command));
        at.map_or(Inputs::Unknown, |at| all[at].clone())
    }

    fn find_inputs(&self, install: &Install) -> Inputs {
        let run = &self.runs[install.run];
        let command = &run.script.commands[install.command];
        let directory = self.known_directory(install);
        let folder_of = |text: &str| match directory.as_deref() {
            Some(".") => format!("./{}", path_in(None, text)),
            directory => path_in(directory, text),
        };
        let has = |name: &str| command.has_flag(name);
        let operand = |name: &str| command.operands().any(|word| word.text == name);
        // `@scope/name` and `vendor/name` are not paths.
        let has_scopes = matches!(
            install.manager,
            Manager::Npm | Manager::Yarn | Manager::Pnpm | Manager::Bun | Manager::Composer
        );
        let local = |text: &str| {
            text.starts_with(['.', '/', '~'])
                || (text.contains('/') && !has_scopes)
                || text.starts_with("file:")
                || [".deb", ".rpm", ".tgz"].iter().any(|it| text.ends_with(it))
        };
        let named = || {
            let sure = install.packages.iter().all(|it| it.is_static && !local(&it.text));
            if sure { Inputs::Named } else { Inputs::Unknown }
        };
        match install.manager {
            Manager::Apt
            | Manager::Apk
            | Manager::Dnf
            | Manager::Zypper
            | Manager::Pacman
            | Manager::Gem
            | Manager::Pecl
            | Manager::Pipx => {
                return if install.packages.is_empty() { Inputs::Unknown } else { named() };
            }
            // The browsers are those of the version that is installed.
            Manager::Playwright => return named(),
            Manager::Uv if operand("tool") => {
                return if install.packages.is_empty() { Inputs::Unknown } else { named() };
            }
            Manager::Uv if operand("pip") && install.verb_name == "sync" => {
                let names: Vec<&str> = install.packages.iter().map(|it| it.text.as_str()).collect();
                return match (names.first(), install.packages.iter().all(|it| it.is_static)) {
                    (Some(first), true) => Self::in_folder(&names, &folder_of(first)),
                    _ => Inputs::Unknown,
                };
            }
            Manager::Pip | Manager::Uv
                if command.args.iter().any(|it| {
                    it.text.starts_with("-r") || it.text.starts_with("--requirement")
                }) =>
            {
                return self.requirements(install, &folder_of);
            }
            Manager::Pip | Manager::Uv if install.manager == Manager::Pip || operand("pip") => {
                let editable =
                    ["c", "constraint", "e", "editable", "group"].iter().any(|flag| has(flag));
                return if install.packages.is_empty() || editable {
                    Inputs::Unknown
                } else {
                    named()
                };
            }
            Manager::Uv if !operand("sync") => return Inputs::Unknown,
            Manager::Conda => {
                let file = value_of(command, &["-f", "--file"]);
                if file.is_none() && install.verb_name == "install" && !install.packages.is_empty()
                {
                    return named();
                }
                let Some(file) = file.filter(|it| it.is_static) else { return Inputs::Unknown };
                return Self::in_folder(&[file.text.as_str()], &folder_of(&file.text));
            }
            Manager::Npm | Manager::Yarn | Manager::Pnpm | Manager::Bun => {
                let moved = [
                    "prefix",
                    "cwd",
                    "dir",
                    "C",
                    "workspace",
                    "w",
                    "filter",
                    "workspaces",
                    "recursive",
                    "r",
                ];
                if has("g") || has("global") || operand("global") || !install.packages.is_empty() {
                    return if install.packages.is_empty() { Inputs::Unknown } else { named() };
                }
                if moved.iter().any(|flag| has(flag)) || operand("link") {
                    return Inputs::Unknown;
                }
            }
            Manager::Go | Manager::Cargo if self.installs_a_tool(install) => return Inputs::Named,
            Manager::Go => {
                let verb = command.verb().map_or("", |word| word.text.as_str());
                let vendored = command.args.iter().any(|word| word.text.contains("mod=vendor"));
                if vendored
                    || operand("vendor")
                    || !matches!(verb, "mod" | "build")
                    || (verb == "build" && !self.go_has_modules(install))
                {
                    return Inputs::Unknown;
                }
            }
            Manager::Cargo => {
                let elsewhere = ["manifest-path", "p", "package", "workspace", "offline"];
                if operand("install") || operand("chef") || elsewhere.iter().any(|flag| has(flag)) {
                    return Inputs::Unknown;
                }
            }
            Manager::Maven => {
                let elsewhere = ["f", "file", "pl", "projects", "am", "o", "offline"];
                let named = |name: &str| {
                    command
                        .args
                        .iter()
                        .any(|it| it.text == format!("-{name}") || it.text == format!("--{name}"))
                };
                if elsewhere.iter().any(|flag| named(flag))
                    || !install
                        .packages
                        .iter()
                        .all(|it| !it.text.contains("clean") || install.packages.len() > 1)
                {
                    return Inputs::Unknown;
                }
            }
            Manager::Gradle
                if ["p", "project-dir", "b", "offline"].iter().any(|flag| has(flag))
                    || command.args.iter().any(|it| it.text.contains(':')) =>
            {
                return Inputs::Unknown;
            }
            Manager::Dotnet => {
                let is_global = has("g") || has("global") || has("tool-path");
                if operand("tool") {
                    return if is_global && !install.packages.is_empty() {
                        named()
                    } else {
                        Inputs::Unknown
                    };
                }
                // The projects of a solution are not known, and settings may be anywhere.
                let names: Vec<&str> = install.packages.iter().map(|it| it.text.as_str()).collect();
                let is_project = |it: &&str| {
                    it.rsplit_once('.')
                        .is_some_and(|it| matches!(it.1, "csproj" | "fsproj" | "vbproj"))
                };
                if has("no-restore") || has("configfile") || !names.iter().all(is_project) {
                    return Inputs::Unknown;
                }
                if let Some(first) = names.first() {
                    return match install.packages.iter().all(|it| it.is_static) {
                        true => Self::in_folder(&names, &folder_of(first)),
                        false => Inputs::Unknown,
                    };
                }
            }
            Manager::Composer if operand("global") => {
                return if install.packages.is_empty() { Inputs::Unknown } else { named() };
            }
            Manager::Composer if !operand("install") => return Inputs::Unknown,
            Manager::Cpanm if command.is("cpanm") && !has("installdeps") => {
                return if install.packages.is_empty() { Inputs::Unknown } else { named() };
            }
            Manager::Cpanm if !install.packages.iter().all(|it| it.text == ".") => {
                return Inputs::Unknown;
            }
            Manager::Cabal | Manager::Stack if !install.packages.is_empty() => {
                return Inputs::Unknown;
            }
            Manager::Deno if !install.packages.is_empty() => return Inputs::Unknown,
            _ => {}
        }
        let names = install.manager.ecosystem().map_or(&[][..], |it| it.manifests);
        match directory {
            Some(directory) if !names.is_empty() => {
                let names = names.iter().map(|&it| it.to_owned()).collect();
                Inputs::Manifests { names, folder: directory.to_owned() }
            }
            _ => Inputs::Unknown,
        }
    }

    /// The directory of an install: `.` where only the base image decides it, which is then that of COPY too.
    pub(super) fn known_directory(&self, install: &Install) -> Option<String> {
        let run = &self.runs[install.run];
        let found = self.directory_at(install.run, install.command).map(str::to_owned);
        let is_given = self.states[run.id()].workdir.is_some() || self.has_workdir(run.id());
        let moves =
            |it: &crate::shell::Command| matches!(it.name.as_str(), "cd" | "pushd" | "popd" | "");
        let before = run.script.commands.get(..install.command).unwrap_or_default();
        found.or_else(|| (!is_given && !before.iter().any(moves)).then(|| ".".to_owned()))
    }

    /// Whether Go or cargo installs a program by its name: `go install x@v`, `cargo install x`.
    fn installs_a_tool(&self, install: &Install) -> bool {
        let command = &self.runs[install.run].script.commands[install.command];
        let mut packages = install.packages.iter();
        let all = |test: fn(&super::Package) -> bool| {
            !install.packages.is_empty() && install.packages.iter().all(test)
        };
        install.verb_name == "install"
            && packages.all(|it| it.is_static && !it.text.starts_with(['.', '/']))
            && match install.manager {
                Manager::Go => all(|it| it.text.contains('@')),
                _ => all(|it| !it.text.contains('/')) && !command.has_flag("path"),
            }
    }

    /// The inputs of `pip install -r file …`.
    fn requirements(&self, install: &Install, folder_of: &impl Fn(&str) -> String) -> Inputs {
        let command = &self.runs[install.run].script.commands[install.command];
        let mut files = Vec::new();
        let mut words = command.args.iter();
        while let Some(word) = words.next() {
            let text = word.text.as_str();
            let file = match text.strip_prefix("--requirement=").or_else(|| text.strip_prefix("-r"))
            {
                Some("") => words.next(),
                _ if matches!(text, "--requirement" | "-c" | "--constraint") => words.next(),
                Some(rest) if !rest.is_empty() && !text.starts_with("--") => {
                    files.push(rest.to_owned());
                    continue;
                }
                _ => None,
            };
            match file {
                Some(file) if file.is_static => files.push(file.text.clone()),
                Some(_) => return Inputs::Unknown,
                None if text == "-e" || text == "--editable" => return Inputs::Unknown,
                None => {}
            }
        }
        let local = |text: &str| text.starts_with(['.', '/']);
        if files.is_empty() || install.packages.iter().any(|it| !it.is_static || local(&it.text)) {
            return Inputs::Unknown;
        }
        let names: Vec<&str> = files.iter().map(String::as_str).collect();
        Self::in_folder(&names, &folder_of(&files[0]))
    }

    /// Manifests whose first is at the path.
    fn in_folder(names: &[&str], path: &str) -> Inputs {
        let Some((folder, _)) = path.rsplit_once('/') else { return Inputs::Unknown };
        let folder = folder.strip_prefix("./").unwrap_or(folder);
        let folder = if folder.is_empty() { "/" } else { folder }.to_owned();
        let names = names.iter().map(|it| it.rsplit('/').next().unwrap_or(it).to_owned()).collect();
        Inputs::Manifests { names, folder }
    }

    /// Whether a `go build` surely downloads modules: Go 1.16 or later, no vendor folder, outside GOPATH.
    fn go_has_modules(&self, install: &Install) -> bool {
        let run = &self.runs[install.run];
        let Some(image) = run.stage.and_then(|stage| self.root_image(stage)) else { return false };
        let tag = image.tag.as_deref().unwrap_or("latest");
        // `1`, `alpine` and `trixie` follow the newest; `1.12-alpine` says which.
        let minor = tag.strip_prefix("1.").map(|rest| {
            let end = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
            rest[..end].parse::<u32>().unwrap_or(0)
        });
        let modern = minor.is_none_or(|it| it >= 16);
        let directory = self.directory_at(install.run, install.command).unwrap_or_default();
        let off = self
            .scopes
            .look_up(run.id(), "GO111MODULE")
            .is_some_and(|it| it.value.as_deref() == Some("off"));
        image.name() == "golang"
            && modern
            && !off
            && !directory.contains("/src/")
            && self.scopes.look_up(run.id(), "GOFLAGS").is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::Inputs;
    use crate::model::tests::of;

    /// What the only install of a file reads.
    fn inputs(text: &str) -> Inputs {
        of(text, |model| model.inputs(&model.installs[0]))
    }

    fn manifests(names: &[&str], folder: &str) -> Inputs {
        let names = names.iter().map(|&it| it.to_owned()).collect();
        Inputs::Manifests { names, folder: folder.to_owned() }
    }

    #[test]
    fn named_packages_need_no_file() {
        assert_eq!(inputs("FROM a\nRUN apt-get install -y curl git\n"), Inputs::Named);
        assert_eq!(inputs("FROM a\nRUN pip install flask\n"), Inputs::Named);
        assert_eq!(inputs("FROM a\nRUN npm install -g pm2\n"), Inputs::Named);
    }

    #[test]
    fn manifests_stand_in_the_working_directory() {
        let text = "FROM a\nWORKDIR /app\nRUN npm ci\n";
        assert_eq!(inputs(text), manifests(&["package*.json"], "/app"));
        let text = "FROM a\nWORKDIR /app\nRUN cd web && yarn\n";
        assert_eq!(inputs(text), manifests(&["package.json", "yarn.lock"], "/app/web"));
        let text = "FROM a\nRUN pip install -r /srv/requirements/prod.txt\n";
        assert_eq!(inputs(text), manifests(&["prod.txt"], "/srv/requirements"));
    }

    #[test]
    fn local_and_unknown_packages_may_read_anything() {
        for command in [
            "pip install .",
            "pip install -e .",
            "apt-get install -y ./tool.deb",
            "pip install $PACKAGE",
            "pip install -r $FILE",
            "npm install --prefix web",
            "dotnet restore src/Shop.sln",
        ] {
            let text = format!("FROM a\nWORKDIR /app\nRUN {command}\n");
            assert_eq!(inputs(&text), Inputs::Unknown, "{command}");
        }
    }

    #[test]
    fn go_build_reads_modules_since_they_are_the_default() {
        let text = |tag: &str| format!("FROM golang:{tag}\nWORKDIR /app\nRUN go build\n");
        assert_eq!(inputs(&text("1.23")), manifests(&["go.mod", "go.sum"], "/app"));
        assert_eq!(inputs(&text("1.11")), Inputs::Unknown);
    }
}
