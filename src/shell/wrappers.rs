//! Commands that run another command: what they take for themselves, and where the other one starts.

use super::{Assignment, ShellWord, Wrapper};
use crate::source::Span;

/// What a wrapper takes before the command that it runs.
struct Spec {
    name: &'static str,
    /// Letters of short options with a value.
    short: &'static str,
    /// Long options with a value, without `--`.
    long: &'static [&'static str],
    /// How many operands are before the command.
    operands: usize,
    /// Whether `NAME=value` may be before the command.
    assignments: bool,
    /// Whether hadolint does not look behind it.
    hides: bool,
}

const PLAIN: Spec =
    Spec { name: "", short: "", long: &[], operands: 0, assignments: false, hides: true };

/// Sorted by name. Options as in the manual pages of sudo 1.9, coreutils 9, findutils 4, util-linux 2.40 and bash 5.
const SPECS: &[Spec] = &[
    Spec { name: "builtin", hides: false, ..PLAIN },
    Spec { name: "busybox", hides: false, ..PLAIN },
    Spec { name: "chroot", long: &["groups", "userspec"], operands: 1, ..PLAIN },
    Spec { name: "command", hides: false, ..PLAIN },
    Spec { name: "doas", short: "uCa", ..PLAIN },
    Spec { name: "dumb-init", short: "r", long: &["rewrite"], ..PLAIN },
    Spec { name: "eatmydata", ..PLAIN },
    Spec { name: "env", short: "uC", long: &["unset", "chdir"], assignments: true, ..PLAIN },
    Spec { name: "exec", short: "a", hides: false, ..PLAIN },
    Spec { name: "fakeroot", short: "lisb", long: &["lib", "faked"], ..PLAIN },
    Spec { name: "gosu", operands: 1, ..PLAIN },
    Spec { name: "i386", ..PLAIN },
    Spec { name: "ionice", short: "cnpPu", long: &["class", "classdata", "pid"], ..PLAIN },
    Spec { name: "linux32", ..PLAIN },
    Spec { name: "linux64", ..PLAIN },
    Spec { name: "nice", short: "n", long: &["adjustment"], ..PLAIN },
    Spec { name: "nohup", ..PLAIN },
    Spec { name: "setarch", operands: 1, ..PLAIN },
    Spec {
        name: "setpriv",
        long: &["regid", "reuid", "groups", "inh-caps", "ambient-caps"],
        ..PLAIN
    },
    Spec { name: "setsid", ..PLAIN },
    Spec { name: "stdbuf", short: "ioe", long: &["input", "output", "error"], ..PLAIN },
    Spec { name: "su-exec", operands: 1, ..PLAIN },
    Spec {
        name: "sudo",
        short: "ughpCrtTUDR",
        long: &["user", "group", "host", "prompt", "close-from", "role", "type", "chdir", "chroot"],
        assignments: true,
        ..PLAIN
    },
    Spec { name: "time", short: "fo", long: &["format", "output"], hides: false, ..PLAIN },
    Spec { name: "timeout", short: "sk", long: &["signal", "kill-after"], operands: 1, ..PLAIN },
    Spec { name: "tini", short: "pe", ..PLAIN },
    Spec { name: "unbuffer", ..PLAIN },
    Spec {
        name: "xargs",
        short: "InPLsdaE",
        long: &[
            "replace",
            "max-args",
            "max-procs",
            "max-lines",
            "max-chars",
            "delimiter",
            "arg-file",
        ],
        ..PLAIN
    },
    Spec { name: "xvfb-run", short: "efnpsw", long: &["server-args", "server-num"], ..PLAIN },
];

/// No real command line is wrapped more often.
const MOST_WRAPPERS: usize = 8;

/// A command behind its wrappers.
#[derive(Default)]
pub(super) struct Target {
    pub(super) wrappers: Vec<Wrapper>,
    /// Those given to `env` or `sudo`.
    pub(super) assignments: Vec<Assignment>,
    /// The command's own words.
    pub(super) words: Vec<ShellWord>,
    /// Whether a wrapper hides it from hadolint.
    pub(super) hidden: bool,
}

/// A name without its folder.
pub(super) fn base_name(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, base)| base)
}

/// Takes the wrappers off a command; `find` can run several commands, all others run one.
pub(super) fn unwrap(words: Vec<ShellWord>) -> Vec<Target> {
    unwrap_more(words, 0)
}

/// Takes the wrappers off a command that already is behind some.
fn unwrap_more(words: Vec<ShellWord>, outer: usize) -> Vec<Target> {
    let mut target = Target { words, ..Target::default() };
    for taken in outer..MOST_WRAPPERS {
        let Some(first) = target.words.first().filter(|word| word.is_static) else { break };
        let name = base_name(&first.text);
        if name == "find" {
            return found(target, taken + 1);
        }
        let Ok(index) = SPECS.binary_search_by(|spec| spec.name.cmp(name)) else { break };
        let Some(start) = start_of_command(&SPECS[index], &target.words) else { break };
        take_wrapper(&mut target, &SPECS[index], start);
    }
    vec![target]
}

/// Where the wrapped command starts; none where there is none.
fn start_of_command(spec: &Spec, words: &[ShellWord]) -> Option<usize> {
    let mut at = 1;
    while let Some(word) = words.get(at) {
        let text = word.text.as_str();
        if text == "--" {
            at += 1;
            break;
        }
        if (spec.name == "command" && (text == "-v" || text == "-V"))
            || (spec.name == "env" && (text.starts_with("-S") || text.starts_with("--split")))
        {
            return None;
        }
        if text.len() < 2 || !text.starts_with('-') {
            break;
        }
        at += if takes_next(spec, text) { 2 } else { 1 };
    }
    if spec.name == "setarch" && words.get(1).is_some_and(|word| word.text.starts_with('-')) {
        return words.get(at).map(|_| at);
    }
    at += spec.operands;
    while spec.assignments && words.get(at).is_some_and(|word| assigned_name(&word.text).is_some())
    {
        at += 1;
    }
    words.get(at).map(|_| at)
}

/// Whether an option's value is the next word.
fn takes_next(spec: &Spec, option: &str) -> bool {
    if let Some(long) = option.strip_prefix("--") {
        return spec.long.contains(&long);
    }
    let cluster = &option[1..];
    cluster
        .char_indices()
        .find(|&(_, letter)| spec.short.contains(letter))
        .is_some_and(|(at, letter)| at + letter.len_utf8() == cluster.len())
}

fn take_wrapper(target: &mut Target, spec: &Spec, start: usize) {
    let command = target.words.split_off(start);
    let mut own = std::mem::replace(&mut target.words, command).into_iter();
    let Some(first) = own.next() else { return };
    target.hidden |= spec.hides || first.text.contains('/');
    let (mut args, mut assigned) = (Vec::new(), Vec::new());
    for word in own {
        match assigned_name(&word.text).filter(|_| spec.assignments) {
            Some(length) => assigned.push(assignment(&word, length)),
            None => args.push(word),
        }
    }
    target.assignments.append(&mut assigned);
    target.wrappers.push(Wrapper { name: spec.name.to_owned(), span: first.span, args });
}

/// The length of the name in `NAME=value`.
fn assigned_name(text: &str) -> Option<usize> {
    let (name, _) = text.split_once('=')?;
    let valid = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.starts_with(|first: char| !first.is_ascii_digit());
    valid.then_some(name.len())
}

#[allow(clippy::cast_possible_truncation, reason = "a name is as long as a part of the file")]
fn assignment(word: &ShellWord, length: usize) -> Assignment {
    let start = (word.span.start + length as u32 + 1).min(word.span.end);
    let span = Span { start, end: word.span.end };
    let value = ShellWord { text: word.text[length + 1..].to_owned(), span, ..word.clone() };
    Assignment { name: word.text[..length].to_owned(), value, span: word.span }
}

/// More commands of one `find` are not looked at: each keeps the words before it.
const MOST_ACTIONS: usize = 16;

/// The commands of `find … -exec … ;`; without one the target is `find` itself.
fn found(target: Target, outer: usize) -> Vec<Target> {
    let words = &target.words;
    let mut found = Vec::new();
    let mut at = 1;
    while at < words.len() && found.len() < MOST_ACTIONS {
        let is_action = matches!(words[at].text.as_str(), "-exec" | "-execdir" | "-ok" | "-okdir");
        at += 1;
        if !is_action {
            continue;
        }
        let end = words[at..]
            .iter()
            .position(|word| matches!(word.text.as_str(), ";" | "+"))
            .map_or(words.len(), |length| at + length);
        if end > at {
            let args = words[1..at - 1].to_vec();
            let wrapper = Wrapper { name: "find".to_owned(), span: words[0].span, args };
            let mut wrappers = target.wrappers.clone();
            wrappers.push(wrapper);
            for mut inner in unwrap_more(words[at..end].to_vec(), outer) {
                inner.wrappers.splice(0..0, wrappers.iter().cloned());
                inner.assignments.splice(0..0, target.assignments.iter().cloned());
                inner.hidden = true;
                found.push(inner);
            }
        }
        at = end;
    }
    if found.is_empty() { vec![target] } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(line: &str) -> Vec<(String, Vec<String>, bool)> {
        let words = line
            .split(' ')
            .map(|text| ShellWord {
                text: text.to_owned(),
                is_static: !text.contains('$'),
                quoted: false,
                span: Span::at(0),
            })
            .collect();
        unwrap(words)
            .into_iter()
            .map(|it| {
                let words: Vec<_> = it.words.iter().map(|word| word.text.as_str()).collect();
                let wrappers = it.wrappers.into_iter().map(|wrapper| wrapper.name).collect();
                (words.join(" "), wrappers, it.hidden)
            })
            .collect()
    }

    fn one(line: &str) -> String {
        targets(line).remove(0).0
    }

    #[test]
    fn names_are_sorted() {
        assert!(SPECS.is_sorted_by(|a, b| a.name < b.name));
    }

    #[test]
    fn options_and_operands_of_wrappers_are_skipped() {
        assert_eq!(one("sudo -E -u root -H A=1 apt-get install x"), "apt-get install x");
        assert_eq!(one("env -i -u A B=1 C=2 make all"), "make all");
        assert_eq!(one("timeout -k 5 10s curl x"), "curl x");
        assert_eq!(one("xargs -0 -r -I{} -n 1 rm -rf {}"), "rm -rf {}");
        assert_eq!(one("nice -n 10 ionice -c2 -n7 make"), "make");
        assert_eq!(one("gosu $USER npm ci"), "npm ci");
        assert_eq!(one("chroot --userspec=a:b /mnt ls"), "ls");
        assert_eq!(one("setarch i386 -R make"), "-R make");
        assert_eq!(one("sudo -- ls"), "ls");
        assert_eq!(one("exec -a x ls"), "ls");
    }

    #[test]
    fn a_wrapper_without_a_command_is_the_command() {
        for line in ["sudo -s", "env", "xargs", "command -v apt", "find / -name x", "timeout 5"] {
            assert_eq!(one(line), line);
        }
    }

    #[test]
    fn find_runs_each_of_its_commands() {
        let names: Vec<_> =
            targets("find / -exec sudo rm {} ; -o -exec chmod 0 {} +").into_iter().collect();
        assert_eq!(names[0], ("rm {}".into(), vec!["find".into(), "sudo".into()], true));
        assert_eq!(names[1], ("chmod 0 {}".into(), vec!["find".into()], true));
    }

    #[test]
    fn hadolint_sees_through_some() {
        assert!(!targets("exec command busybox ls")[0].2);
        assert!(targets("env ls")[0].2);
        assert!(targets("/bin/busybox ls")[0].2);
    }
}
