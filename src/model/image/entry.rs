//! What a container of the final image runs.

use crate::model::{Base, Model};
use crate::shell::Command;
use crate::syntax::{Instruction, Kind};

/// A command that the entry point of an image runs.
#[derive(Debug, Clone)]
pub struct Entry<'s> {
    /// The ENTRYPOINT or CMD.
    pub instruction: &'s Instruction<'s>,
    /// The command.
    pub command: Command,
    /// The program as it is written, with its folder.
    pub program: String,
}

/// Commands that only set the scene for the program, and the words of init programs.
const SCENERY: &[&str] = &[
    "",
    ".",
    ":",
    "[",
    "cd",
    "dumb-init",
    "echo",
    "env",
    "exec",
    "export",
    "mkdir",
    "printenv",
    "set",
    "sleep",
    "source",
    "test",
    "tini",
    "true",
    "ulimit",
    "umask",
];

/// Programs that say that a person, not a service, is meant to work in the container.
const SHELLS: &[&str] = &[
    "ash",
    "bash",
    "byobu",
    "dash",
    "fish",
    "screen",
    "sh",
    "tail",
    "tailf",
    "tmux",
    "tmuxinator",
    "zsh",
];

/// The instructions that say what a container of a stage runs.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::model) struct EntryPoint {
    entrypoint: Option<usize>,
    cmd: Option<usize>,
}

impl<'s> Model<'s> {
    /// For each stage, the last ENTRYPOINT and the last CMD that are in force in it.
    fn find_entry_points(&self) -> Vec<EntryPoint> {
        let mut points: Vec<EntryPoint> = Vec::with_capacity(self.stages.len());
        for stage in &self.stages {
            let mut own = EntryPoint::default();
            for it in &self.doc.instructions[stage.instructions.clone()] {
                match it.kind {
                    Kind::Entrypoint(_) => own.entrypoint = Some(it.id),
                    Kind::Cmd(_) => own.cmd = Some(it.id),
                    _ => {}
                }
            }
            let base = match stage.base {
                Base::Stage(base) => points.get(base).copied().unwrap_or_default(),
                _ => EntryPoint::default(),
            };
            // An ENTRYPOINT takes the CMD of the base away.
            let inherited = base.cmd.filter(|_| own.entrypoint.is_none());
            points.push(EntryPoint {
                entrypoint: own.entrypoint.or(base.entrypoint),
                cmd: own.cmd.or(inherited),
            });
        }
        points
    }

    /// The commands of a stage's entry point: of its ENTRYPOINT, then of its CMD. Empty where the base image
    /// decides, and where it is not known (a shell, a variable).
    pub fn entry(&self, stage: usize) -> Vec<Entry<'s>> {
        let points = self.found.entry_points.get_or_init(|| self.find_entry_points());
        let EntryPoint { entrypoint, cmd } = points.get(stage).copied().unwrap_or_default();
        let mut found = Vec::new();
        for id in entrypoint.into_iter().chain(cmd) {
            let instruction = &self.doc.instructions[id];
            let Some(script) = self.entry_script(instruction) else { continue };
            let commands: Vec<_> =
                script.commands.into_iter().filter(|it| !it.inside.substitution).collect();
            // `sh -c` is next to the commands of its text.
            let has_nested = commands.iter().any(|it| it.inside.nested_script);
            for command in commands {
                let is_option = command.name.starts_with('-') && entrypoint.is_some();
                let opens_nested = has_nested && SHELLS.contains(&command.name.as_str());
                let only_assigns = command.name.is_empty() && !command.assignments.is_empty();
                if is_option
                    || opens_nested
                    || only_assigns
                    || (SCENERY.contains(&command.name.as_str()) && !command.name.is_empty())
                {
                    continue;
                }
                if command.name.is_empty() || SHELLS.contains(&command.name.as_str()) {
                    return Vec::new();
                }
                let written = self.doc.source.slice(command.name_span).trim_matches(['"', '\'']);
                let program = written.to_owned();
                found.push(Entry { instruction, command, program });
            }
        }
        found
    }
}

impl Entry<'_> {
    /// Whether the program is a script, or its name says that it may be one: nobody knows what it runs.
    pub fn may_be_script(&self) -> bool {
        let name = self.command.name.as_str();
        let has_ending =
            [".sh", ".bash", ".py", ".rb", ".pl", ".js", ".ts", ".php", ".bat", ".cmd"]
                .iter()
                .any(|it| name.ends_with(it));
        let says_so = [
            "entrypoint",
            "entry",
            "start",
            "run",
            "init",
            "launch",
            "boot",
            "wrapper",
            "setup",
            "prep",
            "script",
            "cmd",
            "docker",
        ]
        .iter()
        .any(|it| name.to_ascii_lowercase().contains(it));
        (has_ending && name != "catalina.sh") || says_so
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    /// The programs that the last stage of a file runs.
    fn programs(text: &str) -> Vec<String> {
        of(text, |model| {
            let last = model.final_stage.unwrap_or_default();
            model.entry(last).into_iter().map(|it| it.program).collect()
        })
    }

    #[test]
    fn the_last_instruction_of_each_kind_counts() {
        assert_eq!(programs("FROM a\nCMD [\"one\"]\nCMD [\"/bin/two\", \"x\"]\n"), ["/bin/two"]);
        assert_eq!(programs("FROM a\nENTRYPOINT [\"tini\", \"--\", \"/srv\"]\n"), ["/srv"]);
        assert_eq!(programs("FROM a\nCMD cd /app && ./serve\n"), ["./serve"]);
    }

    #[test]
    fn an_entrypoint_takes_the_base_command_away() {
        let text = "FROM a AS base\nCMD [\"old\"]\nFROM base\nENTRYPOINT [\"new\"]\n";
        assert_eq!(programs(text), ["new"]);
        assert_eq!(programs("FROM a AS base\nCMD [\"old\"]\nFROM base\n"), ["old"]);
    }

    #[test]
    fn nobody_knows_what_a_shell_or_a_variable_runs() {
        assert!(programs("FROM a\nCMD [\"bash\"]\n").is_empty());
        assert!(programs("FROM a\nCMD $PROGRAM\n").is_empty());
        assert!(programs("FROM a\n").is_empty());
    }

    #[test]
    fn scripts_are_told_by_their_names() {
        let told =
            |text: &str| of(text, |model| model.entry(0).iter().all(super::Entry::may_be_script));
        assert!(told("FROM a\nCMD [\"/docker-entrypoint\"]\n"));
        assert!(told("FROM a\nCMD [\"./go.sh\"]\n"));
        assert!(!told("FROM a\nCMD [\"/usr/bin/nginx\"]\n"));
    }
}
