//! Each good example has a partner: the smallest change that makes it bad.
//!
//! `pairs.diff` next to the fixtures of a rule holds one change for each, as a diff without places: ` ` lines are kept, `-` lines go,
//! `+` lines come. `UPDATE=1` keeps what still holds and looks for the rest; what it does not find is written by hand.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use layerwise::lint::Meta;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::common::update;
use crate::fixture::root;
use crate::one_rule::{lint_with, metas};

/// No change is longer, but where many lines are the fault.
fn max_lines(code: &str) -> usize {
    if code == "LW111" { 40 } else { 3 }
}

/// The lines of a change, each with its sign.
type Change = Vec<String>;

fn of_sign(change: &Change, sign: char) -> impl Iterator<Item = &str> {
    change.iter().filter_map(move |it| {
        // Editors take the blank from an empty line.
        let kept = if it.is_empty() { Some("") } else { it.strip_prefix(' ') };
        kept.or_else(|| it.strip_prefix(sign))
    })
}

/// A text with a change, where it has the lines that the change names.
fn apply(change: &Change, text: &str) -> Option<String> {
    let lines: Vec<&str> = text.split('\n').collect();
    let before: Vec<&str> = of_sign(change, '-').collect();
    let at = match before.len() {
        0 => 0,
        many => lines.windows(many).position(|it| it == before)?,
    };
    let after = of_sign(change, '+');
    let rest = lines[at + before.len()..].iter().copied();
    Some(lines[..at].iter().copied().chain(after).chain(rest).collect::<Vec<_>>().join("\n"))
}

fn is_short(change: &Change, code: &str) -> bool {
    let many = |sign| change.iter().filter(|it| it.starts_with(sign)).count();
    many('-').max(many('+')) <= max_lines(code)
}

/// Whether a change makes a good example bad.
fn turns(change: &Change, good: &str, code: &str) -> bool {
    is_short(change, code)
        && apply(change, good).is_some_and(|bad| !lint_with(&bad, code).is_empty())
}

fn path(meta: &Meta) -> PathBuf {
    root().join(meta.name).join("pairs.diff")
}

/// The changes of a rule, by the number of the example.
fn read(meta: &Meta) -> BTreeMap<usize, Change> {
    let text = std::fs::read_to_string(path(meta)).unwrap_or_default();
    let mut changes: BTreeMap<usize, Change> = BTreeMap::new();
    let mut number = 0;
    for line in text.lines() {
        match line.strip_prefix("@@ good example ") {
            Some(it) => number = it.parse().unwrap(),
            None => changes.entry(number).or_default().push(line.to_owned()),
        }
    }
    changes
}

fn write(meta: &Meta, changes: &BTreeMap<usize, Change>) {
    let mut text = String::new();
    for (number, change) in changes {
        writeln!(text, "@@ good example {number}\n{}", change.join("\n")).unwrap();
    }
    std::fs::create_dir_all(root().join(meta.name)).unwrap();
    std::fs::write(path(meta), text).unwrap();
}

/// What was measured makes the difference, not the text.
fn is_measured(meta: &Meta) -> bool {
    meta.reads_layers
}

#[test]
fn every_good_example_has_a_bad_partner() {
    let metas: Vec<&'static Meta> = metas().collect();
    let wrong = metas.into_par_iter().flat_map(|meta| {
        let old = read(meta);
        let mut changes = BTreeMap::new();
        let mut wrong = Vec::new();
        for (good, number) in meta.good.iter().zip(1..) {
            if is_measured(meta) {
                let measured = format!("{good}# measured\n");
                if lint_with(&measured, meta.code).is_empty() {
                    wrong.push(format!("{} good example {number}, measured: silent", meta.code));
                }
                continue;
            }
            let own = old.get(&number).filter(|it| turns(it, good, meta.code)).cloned();
            let moved = || old.values().find(|it| update() && turns(it, good, meta.code)).cloned();
            let found = || if update() { search(meta, good) } else { None };
            match own.or_else(moved).or_else(found) {
                Some(change) => drop(changes.insert(number, change)),
                None => wrong.push(format!(
                    "{}: good example {number} has no change of at most {} lines that makes it bad:\n{good}",
                    path(meta).display(),
                    max_lines(meta.code)
                )),
            }
        }
        if update() && !changes.is_empty() && changes != old {
            write(meta, &changes);
        } else if changes.keys().ne(old.keys()) && wrong.is_empty() {
            wrong.push(format!("{}: more changes than good examples", path(meta).display()));
        }
        wrong
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The smallest change that makes an example bad: a word goes, comes from a bad example or takes the place of another; then
/// the same with lines.
fn search(meta: &Meta, good: &str) -> Option<Change> {
    let broken = |text: &str| lint_with(text, "LW000").len();
    let holds = |change: &Change| {
        turns(change, good, meta.code)
            && apply(change, good).is_some_and(|it| it != good && broken(&it) <= broken(good))
    };
    let lines: Vec<&str> = good.lines().collect();
    let bad_lines = || {
        let mut lines: Vec<&str> = meta.bad.iter().flat_map(|it| it.lines()).collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    };
    let words: Vec<&str> = {
        let mut words: Vec<&str> = bad_lines().iter().flat_map(|it| it.split(' ')).collect();
        words.sort_unstable();
        words.dedup();
        words.retain(|it| !it.is_empty());
        words
    };
    let replaced = |at: usize, line: &str| vec![format!("-{}", lines[at]), format!("+{line}")];
    let with_words = |change: &dyn Fn(&mut Vec<&str>) -> bool| {
        (0..lines.len()).find_map(|at| {
            let mut words: Vec<&str> = lines[at].split(' ').collect();
            if !change(&mut words) {
                return None;
            }
            Some(replaced(at, &words.join(" "))).filter(&holds)
        })
    };
    let longest = lines.iter().map(|it| it.split(' ').count()).max().unwrap_or(0);
    let removed = || {
        (1..longest).find_map(|place| {
            with_words(&|words| {
                place < words.len() && {
                    words.remove(place);
                    true
                }
            })
        })
    };
    let exchanged = || {
        words.iter().find_map(|word| {
            (0..longest).find_map(|place| {
                with_words(&|words| {
                    place < words.len() && {
                        words[place] = word;
                        true
                    }
                })
            })
        })
    };
    let inserted = || {
        words.iter().find_map(|word| {
            (1..=longest).find_map(|place| {
                with_words(&|words| {
                    place <= words.len() && {
                        words.insert(place, word);
                        true
                    }
                })
            })
        })
    };
    let line_gone = || (0..lines.len()).map(|at| vec![format!("-{}", lines[at])]).find(&holds);
    let line_new = || {
        bad_lines().into_iter().find_map(|line| {
            (0..lines.len())
                .map(|at| vec![format!(" {}", lines[at]), format!("+{line}")])
                .find(&holds)
        })
    };
    let line_other = || {
        bad_lines()
            .into_iter()
            .find_map(|line| (0..lines.len()).map(|at| replaced(at, line)).find(&holds))
    };
    let whole = || {
        meta.bad
            .iter()
            .map(|it| {
                let same = lines.iter().zip(it.lines()).take_while(|(a, b)| *a == b).count();
                let start = lines[..same].last().map(|it| format!(" {it}"));
                let gone = lines[same..].iter().map(|it| format!("-{it}"));
                let new = it.lines().skip(same).map(|it| format!("+{it}"));
                start.into_iter().chain(gone).chain(new).collect::<Change>()
            })
            .filter(|it| is_short(it, meta.code))
            .min_by_key(Vec::len)
            .filter(&holds)
    };
    removed()
        .or_else(line_gone)
        .or_else(exchanged)
        .or_else(inserted)
        .or_else(line_new)
        .or_else(line_other)
        .or_else(whole)
}
