//! Which program runs the text of a RUN, and which shell an image has for pipes.

use crate::model::stages::trail::Trail;
use crate::model::{Model, Run, System};
use crate::shell::{Command, Dialect, Program};

impl Model<'_> {
    /// The program that runs a RUN's text; none where the base image is not known, or where a RUN before it has put
    /// another one at `/bin/sh`.
    pub fn shell_program(&self, run: &Run<'_>) -> Option<Program> {
        match self.checked_shell(run).dialect {
            Dialect::Bash => return Some(Program::Bash),
            Dialect::Ksh => return Some(Program::Ksh),
            Dialect::Zsh => return Some(Program::Zsh),
            Dialect::Sh => {}
            Dialect::PowerShell | Dialect::Cmd | Dialect::Other => return None,
        }
        self.sh_program(run.id(), &self.states[run.id()].shell.words)
    }

    /// The program that the words of a SHELL instruction start, where they start a plain `sh`, at an instruction.
    pub fn sh_program(&self, instruction: usize, words: &[String]) -> Option<Program> {
        let name = |word: &String| word.rsplit('/').next().unwrap_or(word).to_owned();
        let mut names = words.iter().map(name);
        let name = names.find(|it| matches!(it.as_str(), "sh" | "ash" | "dash" | "busybox"));
        let stage = self.stage_of(instruction)?.id;
        let system = self.system(stage);
        match (name.as_deref(), system) {
            (Some("ash" | "busybox"), _) => Some(Program::Ash),
            (Some("dash"), Some(System::Debian)) => Some(Program::Dash),
            (Some("dash"), _) => Some(Program::RecentDash),
            _ if self.is_relinked(stage, instruction) => None,
            (_, Some(System::Debian)) => Some(Program::Dash),
            (_, Some(System::RecentDebian)) => Some(Program::RecentDash),
            (_, Some(System::BusyBox)) => Some(Program::Ash),
            (_, Some(System::BashAsSh)) => Some(Program::BashAsSh),
            (_, Some(System::Windows) | None) => None,
        }
    }

    /// The shell with `-o pipefail` that the image of a stage has for certain: by its system, or because the stage
    /// calls the system's package manager.
    pub fn pipefail_shell(&self, stage: usize) -> Option<&'static str> {
        let by_manager = || {
            let all = self.found.shells_by_manager.get_or_init(|| self.find_shells_by_manager());
            all.get(stage).copied().flatten()
        };
        match self.system(stage) {
            Some(System::Debian | System::RecentDebian | System::BashAsSh) => Some("/bin/bash"),
            Some(System::BusyBox) => Some("/bin/ash"),
            Some(System::Windows) => None,
            None => by_manager(),
        }
    }

    /// Whether a RUN of the stage or of those it is built on, before the instruction, puts another shell at `/bin/sh`.
    fn is_relinked(&self, stage: usize, instruction: usize) -> bool {
        let lineage = &self.scopes.lineage;
        let relinked = self.found.relinked.get_or_init(|| {
            let mut found = Trail::default();
            for run in &self.runs {
                let Some(stage) = run.stage else { continue };
                if run.script.commands.iter().any(replaces_sh) {
                    found.push(lineage, stage, run.id(), ());
                }
            }
            found
        });
        relinked.before(lineage, stage, instruction).is_some()
    }

    fn find_shells_by_manager(&self) -> Vec<Option<&'static str>> {
        let mut found = vec![None; self.stages.len()];
        for install in &self.installs {
            let shell = install.manager.system.as_ref().and_then(|it| it.shell);
            let Some(shell) = shell else { continue };
            if let Some(found) = self.runs[install.run].stage.and_then(|it| found.get_mut(it)) {
                found.get_or_insert(shell);
            }
        }
        found
    }
}

/// Whether a command may put another program at `/bin/sh`.
fn replaces_sh(command: &Command) -> bool {
    match command.name.as_str() {
        "ln" | "cp" | "mv" | "install" => command
            .args
            .iter()
            .any(|it| matches!(it.text.as_str(), "/bin/sh" | "/usr/bin/sh" | "sh")),
        "dpkg-reconfigure" => command.args.iter().any(|it| it.text == "dash"),
        "dpkg-divert" | "update-alternatives" => {
            command.args.iter().any(|it| it.text.ends_with("/bin/sh"))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tests::of;

    fn program(text: &str) -> Option<Program> {
        of(text, |model| model.shell_program(&model.runs[model.runs.len() - 1]))
    }

    #[test]
    fn the_base_and_shell_choose_the_program() {
        for (text, expected) in [
            ("FROM debian:12 AS a\nFROM a\nRUN b\n", Some(Program::Dash)),
            ("FROM alpine\nRUN b\n", Some(Program::Ash)),
            ("FROM fedora\nRUN b\n", Some(Program::BashAsSh)),
            ("FROM ubuntu\nRUN b\n", Some(Program::RecentDash)),
            ("ARG T=12\nFROM debian:$T\nRUN b\n", Some(Program::Dash)),
            ("FROM acme/x\nRUN b\n", None),
            ("FROM acme/x\nSHELL [\"/bin/ash\", \"-c\"]\nRUN b\n", Some(Program::Ash)),
            ("FROM acme/x\nSHELL [\"bash\", \"-c\"]\nRUN b\n", Some(Program::Bash)),
            ("FROM debian:12\nRUN <<E\n#!/bin/bash -e\nb\nE\n", Some(Program::Bash)),
            ("FROM debian:12\nRUN ln -sf bash /bin/sh\nRUN b\n", None),
            ("FROM golang:1.23-nanoserver\nRUN b\n", None),
        ] {
            assert_eq!(program(text), expected, "{text}");
        }
    }

    #[test]
    fn windows_has_cmd() {
        let dialect = |text: &str| of(text, |model| model.runs[0].script.dialect);
        for text in [
            "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN b\n",
            "ARG TAG=1.23-nanoserver-1809\nFROM golang:$TAG AS a\nFROM a\nRUN b\n",
            "FROM $REPO:8.0-nanoserver-ltsc2022\nRUN b\n",
            "FROM --platform=windows/amd64 acme/x\nRUN b\n",
            "# escape=`\nFROM $IMAGE\nRUN b\n",
        ] {
            assert_eq!(dialect(text), Dialect::Cmd, "{text}");
        }
        let windows = "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n";
        assert_eq!(dialect(&format!("{windows}SHELL [\"bash\", \"-c\"]\nRUN b\n")), Dialect::Bash);
        assert_eq!(dialect("# escape=`\nFROM debian\nRUN b\n"), Dialect::Sh);
        for command in ["powershell -Command a | b", "pwsh.exe -c a", "C:\\x\\powershell.exe a"] {
            assert_eq!(dialect(&format!("FROM a\nRUN {command}\n")), Dialect::PowerShell);
        }
    }
}
