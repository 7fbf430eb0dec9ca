//! Shell, user and working directory in force at each instruction.

use std::sync::Arc;

use crate::model::{Base, Scopes, Stage};
use crate::shell::{Dialect, ShellState};
use crate::syntax::{Dockerfile, Instruction, Kind};

/// What is in force just before an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The shell for shell forms.
    pub shell: Arc<ShellInForce>,
    /// What USER said last in this stage or the stages it is built on; none where only the base image decides.
    pub user: Option<Arc<str>>,
    /// Whether that is so whatever the caller of the build chooses.
    pub user_is_certain: bool,
    /// The working directory, absolute, where it is known; none where the base image or a variable decides.
    pub workdir: Option<Arc<str>>,
    /// Whether a WORKDIR of this stage or of the stages it is built on is in force, known or not.
    pub has_workdir: bool,
}

/// The shell for shell forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellInForce {
    /// Its dialect.
    pub dialect: Dialect,
    /// The words of the SHELL instruction; empty where none is in force.
    pub words: Vec<String>,
    /// The shell for which the text is checked: that one with its options, or what a later
    /// `# hadolint shell=…` comment says.
    pub checked: ShellState,
    /// Whether the words have the option `-o pipefail`.
    has_pipefail: bool,
}

impl Default for ShellInForce {
    /// `/bin/sh -c`.
    fn default() -> Self {
        let checked = ShellState::default();
        Self { dialect: Dialect::Sh, words: Vec::new(), checked, has_pipefail: false }
    }
}

impl ShellInForce {
    /// What Windows images start with: `cmd /S /C`.
    fn cmd() -> Self {
        let checked = ShellState { dialect: Dialect::Cmd, ..ShellState::default() };
        Self { dialect: Dialect::Cmd, checked, ..Self::default() }
    }

    /// What a SHELL instruction sets.
    fn from_words(words: Vec<String>) -> Self {
        let names: Vec<&str> = words.iter().map(String::as_str).collect();
        let checked = ShellState::from_shell_words(&names);
        let mut pairs = words.windows(2);
        let has_pipefail =
            pairs.any(|it| it[0].starts_with('-') && it[0].contains('o') && it[1] == "pipefail");
        Self { dialect: checked.dialect, words, checked, has_pipefail }
    }

    /// Takes what a comment says. It says for which shell the text is written, not how that is started; but
    /// text for a shell that is none of the Bourne family is not read at all.
    fn take_comment(&mut self, dialect: Dialect) {
        self.checked = ShellState { dialect, ..ShellState::default() };
        if !dialect.is_bourne() {
            self.dialect = dialect;
        }
    }

    /// Whether a pipe fails when any of its commands fails: an option `-o pipefail` of the SHELL instruction.
    pub fn pipefail(&self) -> bool {
        self.has_pipefail
    }
}

impl State {
    /// Changes what an instruction changes.
    fn take(&mut self, instruction: &Instruction<'_>, scopes: &Scopes) {
        match &instruction.kind {
            Kind::Shell(words) => {
                let words = words.iter().map(|word| word.text.to_string()).collect();
                self.shell = Arc::new(ShellInForce::from_words(words));
            }
            Kind::User(word) => {
                let user = scopes.resolve(instruction.id, word);
                self.user_is_certain = user.certain;
                self.user = Some(user.text.into());
            }
            Kind::Workdir(word) => {
                let to = scopes.resolve(instruction.id, word);
                self.workdir = if to.certain || !to.text.contains("${") {
                    join(self.workdir.as_deref(), &to.text).map(Arc::from)
                } else {
                    None
                };
                self.has_workdir = true;
            }
            _ => {}
        }
    }

    /// What holds at the start of a stage on an image.
    fn initial() -> Self {
        Self {
            shell: Arc::default(),
            user: None,
            user_is_certain: false,
            workdir: None,
            has_workdir: false,
        }
    }

    /// Whether the user is root as far as the file says: no USER, or one that names root.
    pub fn is_root(&self) -> bool {
        let name = self.user.as_deref().map(|user| user.split(':').next().unwrap_or(user));
        matches!(name, None | Some("root" | "0"))
    }
}

/// Finds the state before each instruction.
pub(in crate::model) fn find(
    doc: &Dockerfile<'_>,
    stages: &[Stage<'_>],
    scopes: &Scopes,
) -> Vec<State> {
    let mut states = Vec::with_capacity(doc.instructions.len());
    let mut at_end: Vec<State> = Vec::with_capacity(stages.len());
    let mut initial = State::initial();
    let mut now = State::initial();
    let mut started = 0;
    let mut comments = doc.comments.iter().filter(|it| it.inside.is_none()).peekable();
    for instruction in &doc.instructions {
        while let Some(comment) = comments.next_if(|it| it.span.start < instruction.span.start) {
            let Some(dialect) = shell_comment(doc.source.slice(comment.span)) else { continue };
            Arc::make_mut(&mut now.shell).take_comment(dialect);
            // Before the first FROM, it applies to all stages.
            if started == 0 {
                initial.shell = now.shell.clone();
            }
        }
        if !matches!(instruction.kind, Kind::From(_)) {
            states.push(now.clone());
            now.take(instruction, scopes);
            continue;
        }
        if started > 0 {
            at_end.push(now.clone());
        }
        states.push(initial.clone());
        now = match stages.get(started).map(|stage| &stage.base) {
            Some(Base::Stage(base)) => at_end.get(*base).unwrap_or(&initial).clone(),
            Some(Base::Scratch) => State { workdir: Some(Arc::from("/")), ..initial.clone() },
            _ => initial.clone(),
        };
        let has_cmd = stages.get(started).is_some_and(|it| it.is_on_windows(doc));
        if has_cmd && *now.shell == ShellInForce::default() {
            now.shell = Arc::new(ShellInForce::cmd());
        }
        started += 1;
    }
    states
}

/// The shell that a comment `# hadolint shell=…` names.
fn shell_comment(comment: &str) -> Option<Dialect> {
    let rest = comment.trim_start_matches('#').trim_start().strip_prefix("hadolint")?;
    let rest = rest.strip_prefix(char::is_whitespace)?.trim_start().strip_prefix("shell")?;
    let words: Vec<&str> = rest.trim_start().strip_prefix('=')?.split_whitespace().collect();
    Some(Dialect::from_shell_words(&words))
}

/// A directory longer than this is taken for unknown: no real one is, and a file of many `WORKDIR` or `cd` would make them
/// longer and longer.
const LONGEST_DIRECTORY: usize = 256;

/// The absolute path of `path` seen from `directory`, `.` and `..` resolved; none where that is not known.
pub fn join(directory: Option<&str>, path: &str) -> Option<String> {
    let full = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{}/{path}", directory.filter(|it| it.len() <= LONGEST_DIRECTORY)?)
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in full.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(format!("/{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BuildOptions, Model};
    use crate::source::Source;

    /// The shell for which the RUN of each stage is checked.
    fn checked(text: &str) -> Vec<Dialect> {
        let source = Source::new("Dockerfile", text);
        let doc = crate::syntax::parse(&source);
        let model = Model::build(&doc, &BuildOptions::default());
        model.runs.iter().map(|run| model.states[run.id()].shell.checked.dialect).collect()
    }

    #[test]
    fn a_comment_before_the_first_stage_speaks_of_all() {
        let text = "# hadolint shell=/bin/bash\nFROM a\nRUN x\nFROM b\nRUN x\n";
        assert_eq!(checked(text), [Dialect::Bash, Dialect::Bash]);
    }

    #[test]
    fn a_comment_in_a_stage_ends_with_it() {
        let text = "FROM a\nRUN x\n#hadolint  shell = ksh\nRUN x\nFROM b\nRUN x\n";
        assert_eq!(checked(text), [Dialect::Sh, Dialect::Ksh, Dialect::Sh]);
    }

    #[test]
    fn of_comment_and_shell_the_later_counts() {
        let shell = "SHELL [\"/bin/sh\", \"-c\"]\n";
        let comment = "# hadolint shell=bash\n";
        assert_eq!(checked(&format!("FROM a\n{shell}{comment}RUN x\n")), [Dialect::Bash]);
        assert_eq!(checked(&format!("FROM a\n{comment}{shell}RUN x\n")), [Dialect::Sh]);
    }

    #[test]
    fn a_stage_keeps_the_shell_of_its_base() {
        let text = "FROM a AS b\nSHELL [\"bash\", \"-c\"]\nFROM b\nRUN x\n";
        assert_eq!(checked(text), [Dialect::Bash]);
    }

    #[test]
    fn pipefail_is_an_option_of_the_shell() {
        let shell = |words: &[&str]| {
            ShellInForce::from_words(words.iter().map(|&it| it.to_owned()).collect()).pipefail()
        };
        assert!(shell(&["/bin/bash", "-euxo", "pipefail", "-c"]));
        assert!(shell(&["env", "bash", "-o", "errexit", "-o", "pipefail", "-c"]));
        assert!(!shell(&["/bin/bash", "-c", "set -o pipefail"]));
        assert!(!shell(&["/bin/bash", "-e", "-c"]));
    }
}
