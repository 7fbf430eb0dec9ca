//! Which shell a text is for, and what options it starts with.

use super::Dialect;

/// The shell that runs a text and the options that it starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ShellState {
    /// Which shell it is.
    pub dialect: Dialect,
    /// Whether it stops at the first failing command (`-e`).
    pub errexit: bool,
    /// Whether a pipe fails when any of its commands fails (`-o pipefail`).
    pub pipefail: bool,
}

impl Default for ShellState {
    /// `/bin/sh -c`, with which every stage starts.
    fn default() -> Self {
        Self { dialect: Dialect::Sh, errexit: false, pipefail: false }
    }
}

impl ShellState {
    /// The shell that `SHELL` sets with these words.
    pub fn from_shell_words(words: &[&str]) -> Self {
        let at = words.iter().position(|word| Dialect::from_name(word) != Dialect::Other);
        let Some(at) = at else { return Self { dialect: Dialect::Other, ..Self::default() } };
        let mut state = Self { dialect: Dialect::from_name(words[at]), ..Self::default() };
        let mut rest = words[at + 1..].iter();
        while let Some(word) = rest.next() {
            if !word.starts_with('-') || word.starts_with("--") {
                continue;
            }
            state.errexit |= word.contains('e');
            if word.ends_with('o') {
                match rest.next().copied() {
                    Some("pipefail") => state.pipefail = true,
                    Some("errexit") => state.errexit = true,
                    _ => {}
                }
            }
        }
        state
    }
}

impl Dialect {
    /// The shell of that name, with or without folder and `.exe`; [`Dialect::Other`] for what is not a shell.
    pub fn from_name(name: &str) -> Self {
        let base = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
        match base.strip_suffix(".exe").unwrap_or(&base) {
            "sh" | "ash" | "dash" => Self::Sh,
            "bash" => Self::Bash,
            "ksh" | "ksh93" | "mksh" => Self::Ksh,
            "zsh" => Self::Zsh,
            "pwsh" | "powershell" => Self::PowerShell,
            "cmd" => Self::Cmd,
            _ => Self::Other,
        }
    }

    /// The shell that `SHELL` sets with these words: the first that names one, so that
    /// `conda run -n x /bin/bash -c` is Bash.
    pub fn from_shell_words(words: &[&str]) -> Self {
        ShellState::from_shell_words(words).dialect
    }

    /// The interpreter of a script by its first line (`#!/bin/bash -e`, `#!/usr/bin/env python3`); none
    /// where the line is not a shebang.
    pub fn from_shebang(line: &str) -> Option<Self> {
        let mut words = line.strip_prefix("#!")?.split_whitespace();
        let first = words.next()?;
        if !first.ends_with("/env") {
            return Some(Self::from_name(first));
        }
        let name = words.find(|word| !word.starts_with('-') && !word.contains('='));
        Some(name.map_or(Self::Other, Self::from_name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shell_words_give_dialect_and_options() {
        let state = ShellState::from_shell_words(&["/bin/bash", "-euxo", "pipefail", "-c"]);
        assert_eq!(state, ShellState { dialect: Dialect::Bash, errexit: true, pipefail: true });
        let dialect = |words: &[&str]| Dialect::from_shell_words(words);
        assert_eq!(dialect(&["conda", "run", "-n", "x", "/bin/bash", "-c"]), Dialect::Bash);
        assert_eq!(dialect(&["C:\\Windows\\PowerShell.exe", "-c"]), Dialect::PowerShell);
        assert_eq!(dialect(&["cmd", "/S", "/C"]), Dialect::Cmd);
        assert_eq!(dialect(&["python3", "-c"]), Dialect::Other);
    }

    #[test]
    fn shebangs_give_the_interpreter() {
        assert_eq!(Dialect::from_shebang("#!/bin/bash -e"), Some(Dialect::Bash));
        assert_eq!(Dialect::from_shebang("#! /usr/bin/env -S A=1 zsh"), Some(Dialect::Zsh));
        assert_eq!(Dialect::from_shebang("#!/usr/bin/python3"), Some(Dialect::Other));
        assert_eq!(Dialect::from_shebang("# x"), None);
    }
}
