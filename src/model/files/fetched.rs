//! Downloads whose errors nobody would see.

use std::collections::HashSet;

use crate::model::{Download, Model};
use crate::shell::Command;

/// Commands that take a file as it is, whatever is in it.
const BLIND: &[&str] =
    &["cat", "chmod", "chown", "cp", "install", "ln", "ls", "mkdir", "mv", "rm", "touch"];

/// Endings of files that something reads at once or that are small texts.
const READ: &[&str] = &[".asc", ".deb", ".gpg", ".key", ".list", ".repo", ".rpm", ".sh"];

impl Model<'_> {
    /// The downloads by curl into a file that succeed when the server answers with an error, and that nothing in the file
    /// looks into afterwards; one a command.
    pub fn unchecked_downloads(&self) -> Vec<&Download> {
        let mut named: Option<HashSet<String>> = None;
        let mut last = None;
        let mut found = Vec::new();
        for download in &self.downloads {
            let run = &self.runs[download.run];
            let command = &run.script.commands[download.command];
            let Some(output) = download.output.as_deref() else { continue };
            if !command.is("curl")
                || run.onbuild
                || !run.script.complete
                || command.inside.conditional
                || fails(command)
                || output.contains(['$', '*'])
                || output.starts_with("/dev/")
                || output.starts_with("/etc/")
                || READ.iter().any(|it| output.ends_with(it) || download.url.ends_with(it))
                || last == Some((download.run, download.command))
            {
                continue;
            }
            last = Some((download.run, download.command));
            let named = named.get_or_insert_with(|| self.names_that_are_read());
            let name = output.rsplit('/').next().unwrap_or(output);
            let checked = run.script.commands.iter().skip(download.command + 1).any(|it| {
                it.name.contains("sum")
                    || matches!(it.name.as_str(), "gpg" | "gpgv" | "cosign" | "test" | "[" | "grep")
            });
            if !checked && !named.contains(name) {
                found.push(download);
            }
        }
        found
    }

    /// The last components of all words of commands that look into a file, and of the programs that are run.
    fn names_that_are_read(&self) -> HashSet<String> {
        let mut names = HashSet::new();
        let name = |text: &str| text.rsplit(['/', '=']).next().unwrap_or(text).to_owned();
        for command in self.runs.iter().flat_map(|it| &it.script.commands) {
            names.insert(command.name.clone());
            // `docker buildx` runs the plugin `docker-buildx`; git and kubectl name theirs alike.
            if let Some(verb) = command.verb() {
                names.insert(format!("{}-{}", command.name, verb.text));
            }
            if !BLIND.contains(&command.name.as_str()) && !command.is("curl") && !command.is("wget")
            {
                names.extend(command.args.iter().map(|it| name(&it.text)));
                names.extend(
                    command
                        .redirects
                        .iter()
                        .filter(|it| it.operator == "<")
                        .map(|it| name(&it.target.text)),
                );
            }
        }
        names
    }
}

/// Whether curl fails on an error of the server, or its answer is looked at.
fn fails(command: &Command) -> bool {
    let long = ["fail", "fail-with-body", "fail-early", "write-out", "head"];
    long.iter().any(|it| command.has_flag(it))
        || command.piped
        || command.args.iter().any(|it| {
            let cluster = it.text.strip_prefix('-').filter(|it| !it.starts_with('-')).unwrap_or("");
            cluster.contains(['f', 'w', 'I', 'K'])
        })
}

#[cfg(test)]
mod tests {
    use super::BLIND;
    use crate::model::tests::of;

    #[test]
    fn the_table_is_sorted() {
        assert!(BLIND.is_sorted());
    }

    #[test]
    fn what_is_looked_into_is_no_blind_download() {
        let found = |lines: &str| {
            of(&format!("FROM a\n{lines}\n"), |model| model.unchecked_downloads().len())
        };
        let url = "https://e.org/tool";
        for line in [
            format!("RUN curl -sSL -o /usr/bin/tool {url} && chmod +x /usr/bin/tool"),
            format!("RUN curl -LO {url}"),
            format!("RUN curl -s {url} > /usr/bin/tool"),
        ] {
            assert_eq!(found(&line), 1, "{line}");
        }
        for line in [
            format!("RUN curl -fsSLo /bin/tool {url}"),
            format!("RUN curl --fail -Lo /bin/tool {url}"),
            format!("RUN curl -Lo /bin/tool {url} && sha256sum -c /sums"),
            format!("RUN curl -Lo /bin/tool {url} && chmod +x /bin/tool && tool --version"),
            format!("RUN curl -Lo /tmp/tool {url}\nRUN unzip /tmp/tool"),
            format!("RUN curl -L {url} | tar xz"),
            format!("RUN curl -Lo /etc/apt/keyrings/a {url}"),
            format!("RUN curl -Lo /a.deb {url} && dpkg -i /a.deb"),
        ] {
            assert_eq!(found(&line), 0, "{line}");
        }
    }
}
