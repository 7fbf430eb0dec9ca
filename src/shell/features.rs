//! What each shell can do beyond POSIX: one table, tried with the shells themselves.

use std::sync::LazyLock;

use super::lint::ShellFinding;
use super::{Command, Script};

/// A shell as a program. Those that are all called `sh` differ in what they can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Program {
    /// dash up to 0.5.12, the `/bin/sh` of Debian up to 13 and of Ubuntu up to 25.10.
    Dash,
    /// A later dash, of which it is not certain that it refuses `-o pipefail`.
    RecentDash,
    /// BusyBox's shell, the `/bin/sh` of Alpine.
    Ash,
    /// Bash that was started as `sh`, as on Red Hat's systems.
    BashAsSh,
    /// Bash.
    Bash,
    /// The KornShell.
    Ksh,
    /// zsh.
    Zsh,
}

/// All shells that are at `/bin/sh` in some image.
pub const EVERY_SH: [Program; 3] = [Program::Dash, Program::Ash, Program::BashAsSh];

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// ShellCheck's code for its use in `sh`.
    pub code: &'static str,
    /// Which of several that one code reports: an option, a command, or both; `*` where there is one only.
    pub word: &'static str,
    /// What it is, for messages.
    pub what: &'static str,
    /// The columns of the shells that have it.
    shells: &'static str,
    /// A script that prints `ok`, and nothing else, in the shells that have it; `⏎` is a line end.
    pub script: &'static str,
}

/// All features, sorted by code and word. Tried with dash 0.5.12, BusyBox 1.35, Bash 5.2 (also as `sh`), ksh93u+m and
/// zsh 5.9; a test tries them again with those that are installed.
const TABLE: &str = include_str!("features.tsv");

static FEATURES: LazyLock<Vec<Feature>> = LazyLock::new(|| TABLE.lines().filter_map(row).collect());

fn row(line: &'static str) -> Option<Feature> {
    let mut columns = line.split('\t');
    let mut next = || columns.next();
    Some(Feature { code: next()?, word: next()?, what: next()?, shells: next()?, script: next()? })
}

/// All features.
pub fn features() -> &'static [Feature] {
    &FEATURES
}

impl Program {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dash | Self::RecentDash => "dash",
            Self::Ash => "BusyBox's shell",
            Self::BashAsSh | Self::Bash => "Bash",
            Self::Ksh => "ksh",
            Self::Zsh => "zsh",
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Dash | Self::RecentDash => "dash",
            Self::Ash => "ash",
            Self::BashAsSh => "sh",
            Self::Bash => "bash",
            Self::Ksh => "ksh",
            Self::Zsh => "zsh",
        }
    }

    /// Whether the shell has the option `-o pipefail`.
    pub fn has_pipefail(self) -> bool {
        let found = FEATURES.iter().find(|it| it.code == "SC3040" && it.word == "pipefail");
        found.is_none_or(|it| self.has(it))
    }

    /// Whether the shell has a feature.
    pub fn has(self, feature: &Feature) -> bool {
        self == Self::RecentDash && feature.word == "pipefail"
            || feature.shells.split(',').any(|it| it == self.column())
    }

    /// What a finding reports that the shell lacks; none where it has all of that, or where that is not known.
    pub fn lacks(self, finding: &ShellFinding, script: &Script<'_>) -> Option<&'static str> {
        let rows = FEATURES.iter().filter(|it| it.code == finding.code);
        let rows: Vec<&Feature> = rows.collect();
        let lacking = |feature: &&&Feature| !self.has(feature);
        let general = rows.iter().find(|it| it.word == "*");
        let in_general = || general.filter(lacking).map(|it| it.what);
        let around = script.commands.iter().filter(|it| it.span.contains(finding.span));
        let command = around.min_by_key(|it| it.span.len()).filter(|_| rows.len() > 1);
        let Some(command) = command else { return in_general() };
        // A program with a folder before its name is none of the shell's own commands.
        if general.is_none() && script.view.slice(command.name_span).contains('/') {
            return None;
        }
        let words = words(finding.code, command);
        let spoken_of = rows.iter().filter(|it| words.iter().any(|word| word == it.word));
        spoken_of.into_iter().find(lacking).map(|it| it.what).or_else(in_general)
    }
}

/// Whether the table knows the code.
pub fn is_of_shells(code: &str) -> bool {
    FEATURES.binary_search_by(|it| it.code.cmp(code)).is_ok()
}

/// What a code that reports several features can mean in a command.
fn words(code: &str, command: &Command) -> Vec<String> {
    let options = || command.args.iter().take_while(|it| it.text.starts_with(['-', '+']));
    let letters = || options().flat_map(|it| it.text.chars().skip(1));
    match code {
        "SC3020" => command.redirects.iter().map(|it| it.operator.to_owned()).collect(),
        "SC3037" => letters().map(|letter| format!("-{letter}")).collect(),
        "SC3040" => {
            let pairs = command.args.windows(2).filter(|it| it[0].text.ends_with('o'));
            pairs.map(|it| it[1].text.clone()).collect()
        }
        "SC3045" => letters().map(|letter| format!("{} -{letter}", command.name)).collect(),
        _ => vec![command.name.clone()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_whole() {
        assert!(features().is_sorted_by_key(|it| (it.code, it.word)));
        assert_eq!(features().len(), TABLE.lines().count());
        for it in features() {
            assert!(crate::shell::code(it.code).is_some(), "{}", it.code);
            let known = ["-", "dash", "ash", "sh", "bash", "ksh", "zsh"];
            assert!(it.shells.split(',').all(|shell| known.contains(&shell)), "{}", it.what);
        }
    }

    #[test]
    fn pipefail_is_an_option_of_all_but_the_old_dash() {
        assert!(!Program::Dash.has_pipefail());
        for program in [Program::RecentDash, Program::Ash, Program::BashAsSh, Program::Ksh] {
            assert!(program.has_pipefail(), "{program:?}");
        }
    }
}
