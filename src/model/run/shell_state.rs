//! What a RUN leaves behind in its shell, which another command joined to it would see.

use crate::model::Run;
use crate::shell::Connector;
use crate::source::Span;
use crate::syntax::Form;

/// Commands that change the shell in which they run (POSIX, "Special Built-In Utilities", and Bash's own).
const CHANGE_THE_SHELL: &[&str] = &[
    ".", "alias", "cd", "declare", "eval", "exec", "exit", "export", "local", "popd", "pushd",
    "readonly", "return", "set", "shopt", "source", "trap", "typeset", "ulimit", "umask",
    "unalias", "unset",
];

impl Run<'_> {
    /// The first thing in the RUN that would change how a command joined to its end runs: `cd`, `export`, `set`,
    /// an assignment, a background job, a function; or the whole where it is not a plain shell text.
    pub fn left_state(&self) -> Option<Span> {
        if matches!(self.form, Form::Json(_))
            || !self.instruction.heredocs.is_empty()
            || !self.script.complete
            || !self.script.dialect.is_bourne()
        {
            return Some(self.instruction.span);
        }
        let changing = self.script.commands.iter().find(|command| {
            let inside = &command.inside;
            if inside.function || command.connector == Connector::Background {
                return true;
            }
            if inside.subshell || inside.substitution || inside.nested_script {
                return false;
            }
            let only_assigns = command.name.is_empty() && !command.assignments.is_empty();
            only_assigns
                || command.is_behind("exec")
                || (CHANGE_THE_SHELL.contains(&command.name.as_str()))
        });
        changing.map(|command| command.span)
    }
}

#[cfg(test)]
mod tests {
    use super::CHANGE_THE_SHELL;

    #[test]
    fn the_table_is_sorted() {
        assert!(CHANGE_THE_SHELL.is_sorted());
    }
}
