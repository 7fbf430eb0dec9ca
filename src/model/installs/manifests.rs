//! What a dependency install reads: a few manifests, or only what its command names.

use crate::model::files::paths::path_in;
use crate::model::packages::{Reading, Reads};
use crate::model::{Install, Model};

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
        let all = self.found.inputs.get_or_init(|| {
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
        let manager = install.manager;
        // `@scope/name` and `vendor/name` are not paths.
        let local = |text: &str| {
            text.starts_with(['.', '/', '~'])
                || (text.contains('/') && !manager.names_have_slashes)
                || text.starts_with("file:")
                || [".deb", ".rpm", ".tgz"].iter().any(|it| text.ends_with(it))
        };
        match (manager.inputs)(&Reading { model: self, install, command }) {
            Reads::Unknown => Inputs::Unknown,
            Reads::Named => {
                let sure = install.packages.iter().all(|it| it.is_static && !local(&it.text));
                if sure { Inputs::Named } else { Inputs::Unknown }
            }
            Reads::Requirements => self.requirements(install, &folder_of),
            Reads::Files(names) => match names.first() {
                Some(first) => Self::in_folder(&names, &folder_of(first)),
                None => Inputs::Unknown,
            },
            Reads::Manifests => {
                let names = manager.project.map_or(&[][..], |it| it.manifests);
                match directory {
                    Some(folder) if !names.is_empty() => {
                        let names = names.iter().map(|&it| it.to_owned()).collect();
                        Inputs::Manifests { names, folder }
                    }
                    _ => Inputs::Unknown,
                }
            }
        }
    }

    /// The directory of an install: `.` where only the base image decides it, which is then that of COPY too.
    pub(in crate::model) fn known_directory(&self, install: &Install) -> Option<String> {
        let run = &self.runs[install.run];
        let found = self.directory_at(install.run, install.command).map(str::to_owned);
        let is_given = self.states[run.id()].workdir.is_some() || self.has_workdir(run.id());
        let moves =
            |it: &crate::shell::Command| matches!(it.name.as_str(), "cd" | "pushd" | "popd" | "");
        let before = run.script.commands.get(..install.command).unwrap_or_default();
        found.or_else(|| (!is_given && !before.iter().any(moves)).then(|| ".".to_owned()))
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
        Self::in_folder(&files, &folder_of(&files[0]))
    }

    /// Manifests whose first is at the path.
    fn in_folder(names: &[String], path: &str) -> Inputs {
        let Some((folder, _)) = path.rsplit_once('/') else { return Inputs::Unknown };
        let folder = folder.strip_prefix("./").unwrap_or(folder);
        let folder = if folder.is_empty() { "/" } else { folder }.to_owned();
        let names = names.iter().map(|it| it.rsplit('/').next().unwrap_or(it).to_owned()).collect();
        Inputs::Manifests { names, folder }
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
