//! What is too much for the shell crates: they are given no text that would take them too long or too deep.
//!
//! Both were measured on texts that repeat one construct; the figures are at each bound. Real files stay far below:
//! the longest RUN among 100,000 has 84 kB and some 1,000 commands.

use std::cell::Cell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use shuck_parser::parser::{ParseResult, Parser, ShellDialect};

use super::{Script, ShellWord};

/// What was too much of a text to be read or checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Its length.
    Length,
    /// The depth of its brackets.
    Brackets,
    /// The depth of its `${`.
    Expansions,
    /// The number of its `time` and `coproc`.
    Prefixes,
    /// The number of its backticks.
    Backticks,
    /// What its checks would cost; its commands were read.
    Checks,
    /// How many texts its file has before it.
    Texts,
    /// The parser failed on it.
    Fault,
    /// The linter failed on it; its commands were read.
    LinterFault,
}

impl Bound {
    /// What to say of a text, behind "shell text that".
    pub fn message(self) -> &'static str {
        match self {
            Self::Length => "is longer than 256 kB: its commands were not read",
            Self::Brackets => "nests more than 60 brackets: its commands were not read",
            Self::Expansions => "nests more than 10 `${`: its commands were not read",
            Self::Prefixes => {
                "has more than 20 `time` or `coproc` keywords: its commands were not read"
            }
            Self::Backticks => "has more than 1,000 backticks: its commands were not read",
            Self::Checks => "is too large for ShellCheck's rules, which were left out for it",
            Self::Fault => "makes the shell parser fail: its commands were not read",
            Self::LinterFault => {
                "makes the shell linter fail: ShellCheck's rules were left out for it"
            }
            Self::Texts => {
                "comes after 1,000 others: from there on, commands were not read, and nothing can be fixed"
            }
        }
    }
}

/// Some constructs take the parser a time that grows with the square of their number.
const LONGEST: usize = 256 << 10;

/// Deeper brackets are not read: the time for a text grows with their depth. Real files have up to 5.
const DEEPEST: usize = 60;

/// Deeper `${` are not read: for each, the parser looks at all that is in it several times. Real files have up to 2.
const DEEPEST_EXPANSIONS: usize = 10;

/// The parser calls itself for the command behind these keywords without counting the depth: each takes 11 kB of stack in
/// an optimized build.
const PREFIXES: [&[u8]; 2] = [b"time", b"coproc"];
const MOST_PREFIXES: usize = 20;

/// The parser looks for the place of each from the start of the text.
const MOST_BACKTICKS: usize = 1000;

/// Longer texts are not linted.
const LONGEST_LINTED: usize = 96 << 10;

/// What the linter may cost in one file: some of its checks look at all commands for each command. A unit takes up to
/// 0.3 µs and 80 bytes. Real files have up to 360,000, nearly all below 100,000.
const MOST_UNITS: u64 = 400_000;

/// More texts of one file are not read. Real files have up to 120, and engines build no image with more than 127 layers.
pub const MOST_TEXTS: usize = 1000;

/// Parses as Bash: the crates' POSIX mode gives up on what Bash adds.
pub(super) fn parse(text: &str) -> Result<ParseResult, Bound> {
    match of_text(text) {
        Some(bound) => Err(bound),
        None => {
            guarded(|| Parser::with_dialect(text, ShellDialect::Bash).parse()).ok_or(Bound::Fault)
        }
    }
}

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread runs the shell parser or linter, whose panics are caught: a panic hook has nothing to print.
pub fn is_guarded() -> bool {
    IS_GUARDED.get()
}

/// Runs the shell parser or linter; `None` if it panics, so that its faults cost one text and not the whole file.
pub(super) fn guarded<T>(parse: impl FnOnce() -> T) -> Option<T> {
    let before = IS_GUARDED.replace(true);
    let parsed = catch_unwind(AssertUnwindSafe(parse)).ok();
    IS_GUARDED.set(before);
    parsed
}

/// What is too much of a text for the parser. Quotes do not count, so that it can only be too strict.
fn of_text(text: &str) -> Option<Bound> {
    if text.len() > LONGEST {
        return Some(Bound::Length);
    }
    let (mut backticks, mut prefixes, mut expansions) = (0, 0, 0);
    // The open brackets, each with whether it is that of a `${`.
    let mut open = Vec::new();
    let mut before = b' ';
    // The word so far, as long as it may be one of the keywords.
    let (mut word, mut length) = ([0; 6], 0);
    let mut bytes = text.bytes().chain([b'\n']).peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'\\' && bytes.next_if_eq(&b'\n').is_some() {
            continue;
        }
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/') {
            if let Some(at) = word.get_mut(length) {
                *at = byte;
            }
            length += 1;
            continue;
        }
        prefixes += usize::from(word.get(..length).is_some_and(|it| PREFIXES.contains(&it)));
        let is_expansion = before == b'$' && length == 0 && byte == b'{';
        (length, before) = (0, byte);
        match byte {
            b'`' => backticks += 1,
            b'(' | b'{' => {
                open.push(is_expansion);
                expansions += usize::from(is_expansion);
            }
            b')' | b'}' => expansions -= usize::from(open.pop() == Some(true)),
            _ => continue,
        }
        if open.len() > DEEPEST {
            return Some(Bound::Brackets);
        }
        if expansions > DEEPEST_EXPANSIONS {
            return Some(Bound::Expansions);
        }
    }
    let many = [
        (prefixes > MOST_PREFIXES, Bound::Prefixes),
        (backticks > MOST_BACKTICKS, Bound::Backticks),
    ];
    many.into_iter().find_map(|(is, bound)| is.then_some(bound))
}

/// Words behind which the linter looks at all words of their command once more. Sorted.
const LOOKED_BEHIND: &[&str] =
    &["-exec", "-execdir", "builtin", "command", "doas", "env", "eval", "exec", "sudo", "xargs"];

/// What a command with so many assignments adds to the cost of linting.
pub(super) fn of_command(words: &[ShellWord], assignments: usize) -> u64 {
    let again = words.iter().filter(|it| LOOKED_BEHIND.binary_search(&&*it.text).is_ok()).count();
    let removes = words.iter().any(|it| it.text.ends_with("rm"));
    let braces = words.iter().filter(|_| removes).map(|it| expansions(&it.text));
    let braces = braces.fold(0, u64::saturating_add);
    let looks = (again * words.len()) as u64 / 8 + square(assignments) / 8;
    looks.saturating_add(braces.saturating_mul(3))
}

/// How many words the braces of a word stand for; none where they stand for one. The linter tries all that
/// `rm` is given.
fn expansions(text: &str) -> u64 {
    let (mut product, mut open) = (1_u64, Vec::new());
    for byte in text.bytes() {
        match byte {
            b'{' => open.push(1_u64),
            b',' => open.last_mut().into_iter().for_each(|it| *it += 1),
            b'}' => product = product.saturating_mul(open.pop().unwrap_or(1)),
            _ => {}
        }
    }
    if product > 1 { product } else { 0 }
}

/// What a script costs however short it is.
const SCRIPT: u64 = 100;

/// What a `case` with so many patterns adds to it.
pub(super) fn of_case(patterns: usize) -> u64 {
    square(patterns) / 4
}

/// What a whole text adds to it: that its commands are many, and its lines long where it could not be read to its end, and
/// its words where they hold many wildcards.
pub(super) fn of_script(text: &str, commands: usize, complete: bool) -> u64 {
    let longest = text.lines().map(str::len).max().filter(|_| !complete).unwrap_or(0);
    let words = text.split_ascii_whitespace();
    let wildcards = words.map(|it| square(it.bytes().filter(|it| b"?*[".contains(it)).count()));
    let own = square(commands) + square(longest) / 120 + wildcards.sum::<u64>() / 10;
    own.saturating_add(of_values(text))
}

/// Shorter values cost nothing on their own.
const SHORT_VALUE: u64 = 256;

/// The most bytes of all values together.
const MOST_VALUE_BYTES: u64 = 1 << 20;

/// What the values of a text's variables add to it. The linter puts each together of those before it, so that
/// `A=$A$A` doubles it every time. An element of an array counts for the array; one whose name is not known, under no
/// name, counts for all.
fn of_values(text: &str) -> u64 {
    let mut lengths: HashMap<&str, u64> = HashMap::new();
    let (mut sum, mut rest) = (0_u64, text);
    while let Some((before, after)) = rest.split_once('=') {
        let before = before.trim_end_matches([':', '+']);
        let (before, mut is_element) = match before.strip_suffix(']') {
            Some(inner) => (array_of(inner), true),
            None => (before, false),
        };
        let name = &before[before.trim_end_matches(is_of_name).len()..];
        let value = &after[..end_of_value(after)];
        rest = &after[value.len()..];
        let holds_element = value.contains("]=") || value.contains("]+=");
        is_element |= holds_element;
        if name.is_empty() && !is_element {
            continue;
        }
        let length = value.match_indices('$').fold(value.len() as u64, |length, (at, _)| {
            let used = value[at + 1..].trim_start_matches('{');
            let used = &used[..used.find(|it| !is_of_name(it)).unwrap_or(used.len())];
            let of = |name| lengths.get(name).copied().unwrap_or(0);
            length.saturating_add(of(used).max(of("")))
        });
        for name in std::iter::once(name).chain(holds_element.then_some("")) {
            let known = lengths.entry(name).or_default();
            *known = length.max(*known);
        }
        sum = sum.saturating_add(if length > SHORT_VALUE { length } else { 0 });
    }
    if sum > MOST_VALUE_BYTES { u64::MAX / 2 } else { sum / 64 }
}

/// What is before the bracket that an index starts with; nothing where there is none.
fn array_of(inner: &str) -> &str {
    let mut depth = 1_usize;
    let open = inner.char_indices().rev().find(|(_, character)| {
        match character {
            ']' => depth += 1,
            '[' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    open.map_or("", |(at, _)| &inner[..at])
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// Where the word ends that a value is.
fn end_of_value(text: &str) -> usize {
    let (mut quote, mut escaped, mut depth) = (None, false, 0_usize);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            _ if escaped => escaped = false,
            (None | Some('"'), '\\') => escaped = true,
            (Some(open), it) if open == it => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (_, '{') => depth += 1,
            (_, '}') if depth > 0 => depth -= 1,
            (None, ';' | '&' | '|' | ')' | '}') => return at,
            (None, it) if it.is_whitespace() => return at,
            _ => {}
        }
    }
    text.len()
}

fn square(count: usize) -> u64 {
    (count as u64).saturating_mul(count as u64)
}

/// What linting the scripts of one file may still cost.
#[derive(Debug)]
pub struct LintBudget(u64);

impl Default for LintBudget {
    fn default() -> Self {
        Self(MOST_UNITS)
    }
}

impl LintBudget {
    /// Takes the cost of a script from it; where it is too much, the script will not be linted.
    pub fn take(&mut self, script: &mut Script<'_>) {
        if script.beyond.is_some() || script.parsed.is_none() {
            return;
        }
        match self.0.checked_sub(script.units.saturating_add(SCRIPT)) {
            Some(rest) if script.view.text.len() <= LONGEST_LINTED => self.0 = rest,
            _ => {
                script.beyond = Some(Bound::Checks);
                // Only the linter needs the tree, and that of a `case` takes 1 kB per item.
                script.parsed = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::{Dialect, View};
    use crate::source::Span;

    fn script(text: &str) -> Script<'_> {
        let view = View::new(text, Span::new(0, text.len()), 0, '\\');
        Script::parse(view, Dialect::Bash)
    }

    /// What a text is beyond, and its commands that were read.
    fn read(text: &str) -> (Option<Bound>, usize) {
        let script = script(text);
        (script.beyond, script.commands.len())
    }

    #[test]
    fn a_fault_of_the_parser_costs_one_text() {
        assert_eq!(guarded(|| assert!(is_guarded())), Some(()));
        assert_eq!(guarded(|| -> u8 { std::panic::panic_any("a fault") }), None);
        assert!(!is_guarded());
    }

    #[test]
    fn the_words_are_sorted() {
        assert!(LOOKED_BEHIND.is_sorted());
    }

    #[test]
    fn a_text_at_a_bound_is_read_and_one_beyond_is_not() {
        let times = |n: usize| format!("{}a", "time ".repeat(n));
        assert_eq!(read(&times(20)), (None, 1));
        assert_eq!(read(&times(21)), (Some(Bound::Prefixes), 0));
        let ticks = |n: usize| "echo `a`; ".repeat(n / 2);
        assert_eq!(read(&ticks(1000)), (None, 1000));
        assert_eq!(read(&ticks(1002)), (Some(Bound::Backticks), 0));
        let long = |n: usize| format!("echo {}", "a".repeat(n - 5));
        assert_eq!(read(&long(256 << 10)), (None, 1));
        assert_eq!(read(&long((256 << 10) + 1)), (Some(Bound::Length), 0));
        assert_eq!(read(&"(".repeat(60)).0, None);
        assert_eq!(read(&"(".repeat(61)).0, Some(Bound::Brackets));
        let nested = |n: usize| format!("echo {}b{}", "${a:-".repeat(n), "}".repeat(n));
        assert_eq!(read(&nested(10)), (None, 1));
        assert_eq!(read(&nested(11)), (Some(Bound::Expansions), 0));
        assert_eq!(read(&"echo ${a:-b}${c[${d}]} {e} ".repeat(50)), (None, 1));
    }

    #[test]
    fn keywords_count_however_they_are_written() {
        for text in ["coproc ", "time -p ", "ti\\\nme ", "time;", "\"time\" ", "(time\n) "] {
            assert_eq!(read(&text.repeat(21)), (Some(Bound::Prefixes), 0), "{text}");
        }
        for text in ["times ", "--time ", "time.txt ", "/bin/time ", "TIME "] {
            assert_eq!(read(&format!("a {}", text.repeat(100))), (None, 1), "{text}");
        }
    }

    #[test]
    fn a_script_within_a_script_is_bounded_too() {
        let text = format!("sh -c '{}a'", "time ".repeat(21));
        assert_eq!(read(&text), (Some(Bound::Prefixes), 0));
        let words = [("sh", 0), ("-c", 0), (&*"time ".repeat(21), 0)];
        let words = words.map(|(it, _)| (it.into(), Span::at(0)));
        assert_eq!(Script::from_words(&words).beyond, Some(Bound::Prefixes));
    }

    #[test]
    fn the_scripts_of_a_file_share_what_linting_may_cost() {
        let text = "echo a; ".repeat(440);
        let mut budget = LintBudget::default();
        let mut beyond = || {
            let mut script = script(&text);
            budget.take(&mut script);
            (script.beyond, script.commands.len(), script.parsed.is_some())
        };
        let linted = (None, 440, true);
        assert_eq!(
            [beyond(), beyond(), beyond()],
            [linted, linted, (Some(Bound::Checks), 440, false)]
        );
    }

    #[test]
    fn scripts_cost_something_however_short_they_are() {
        let mut budget = LintBudget::default();
        let linted = (0..20_000).take_while(|_| {
            let mut script = script("a");
            budget.take(&mut script);
            script.beyond.is_none()
        });
        assert_eq!(linted.count() as u64, MOST_UNITS / (SCRIPT + 1));
    }

    #[test]
    fn values_that_double_are_not_put_together() {
        let beyond = |part: &str| {
            let text = format!("A=aa; {}cd $A; rm -rf $A/b", part.repeat(60));
            let mut script = script(&text);
            LintBudget::default().take(&mut script);
            script.beyond
        };
        for part in [
            "A=$A$A; ",
            "A=\"$A $A\"; ",
            "export A=${A}x${A}; ",
            "A+=$A; B=$A; A=$A$B; ",
            "B=$A$A; A=$B; ",
            "A=$A'; '$A\n",
            "A=${A//a/aa}$A; ",
            ": ${A:=$B$B}; : ${B:=$A$A}; ",
            ": ${A=$B$B} \"${B=$A$A}\"; ",
            "A[0]=$A$A; ",
            "A[B[0]]+=\"$A$A\"; ",
            "declare A[$(a b)]=$A$A; ",
            "A[ B=0 ]=$A$A; ",
            "A[B=0]=$A$A; ",
            "A[\"a b\"=1]=$A$A; ",
            "B[0]=$A$A; A=$B; ",
            "A=([0]=$A$A); ",
        ] {
            assert_eq!(beyond(part), Some(Bound::Checks), "{part}");
        }
        for part in [
            "A=$A:b; ",
            "B=$A$A; ",
            "A=x; ",
            "A=$C$C; ",
            "echo ${A}${A}; ",
            "[ $A$A = $A$A ]; ",
            "B[0]=$A$A; ",
        ] {
            assert_eq!(beyond(part), None, "{part}");
        }
    }

    #[test]
    fn what_takes_the_linter_long_costs_much() {
        let units = |text: String| script(&text).units;
        assert_eq!(units("a=b ".repeat(4000) + "c"), 4000 * 4000 / 8 + 1);
        assert_eq!(units(format!("case a in {}b) c;; esac", "b|".repeat(1999))), 1_000_001);
        assert_eq!(units("env a=b ".repeat(1000) + "c"), 1000 * 2001 / 8 + 1);
        assert_eq!(units("find -exec ".repeat(1000)), 1000 * 2000 / 8 + 1);
        assert_eq!(units(format!("echo {}", "?".repeat(1000))), 1_000_000 / 10 + 1);
        assert_eq!(units(format!("rm {}", "{a,b}".repeat(20))), 3 * (1 << 20) + 1);
        assert_eq!(units("sudo rm {a,{b,c}}/{d,e,f} ${a} {b}".to_owned()), 3 * 12 + 1);
        assert_eq!(units(format!("echo '{}'", "{1,2}".repeat(20))), 1);
        assert!(units(format!("rm {}", "{a,b}".repeat(100))) >= u64::MAX / 2);
        assert_eq!(units("if ".repeat(4000)), 12_000 * 12_000 / 120);
    }
}
