//! The sentence of each reason, and what is said around long texts.

use super::*;

fn reason(why: Why) -> Reason {
    Reason { why, name: None, line: None, old: None, new: None, files: Vec::new() }
}

fn named(why: Why, name: &str) -> Reason {
    Reason { name: Some(name.to_owned()), ..reason(why) }
}

fn at(it: Reason) -> Reason {
    Reason { line: Some(7), ..it }
}

fn changed(it: Reason) -> Reason {
    Reason { old: Some("1".to_owned()), new: Some("2".to_owned()), ..it }
}

fn said(cases: &[(Reason, &str)]) {
    for (reason, expected) in cases {
        assert_eq!(sentence(reason), *expected, "{reason:?}");
    }
}

#[test]
fn each_reason_in_the_dockerfile_is_a_sentence() {
    said(&[
        (reason(Why::Text), "the text of the instruction changed"),
        (named(Why::Text, "RUN a"), "the `RUN a` before it changed"),
        (
            reason(Why::Shown),
            "its text in the log changed: the instruction, or the value of a variable in it",
        ),
        (reason(Why::New), "the instruction is new"),
        (named(Why::New, "RUN a"), "`RUN a` is new"),
        (named(Why::Gone, "RUN a"), "`RUN a`, which preceded it, is gone"),
        (reason(Why::Order), "the instructions before it are others, or in another order"),
        (named(Why::Variable, "A"), "the value of `A` changed"),
        (at(named(Why::Variable, "A")), "the value of `A` changed (line 7)"),
        (
            at(changed(named(Why::Variable, "A"))),
            "the value of a variable in it changed: A (line 7)",
        ),
        (named(Why::Setting, "USER"), "`USER` is another one"),
        (at(named(Why::Setting, "USER")), "`USER` is another one (line 7)"),
        (reason(Why::Heredoc), "the body of its heredoc changed"),
        (reason(Why::Mount), "the options of its mount changed"),
        (named(Why::Stage, "b"), "stage `b`, which it is built from, ran again"),
        (at(named(Why::Stage, "b")), "stage `b`, which it is built from, ran again (line 7)"),
    ]);
}

#[test]
fn each_reason_outside_of_it_is_a_sentence() {
    said(&[
        (reason(Why::Base), "the base image changed"),
        (at(named(Why::Base, "a:1")), "the base image `a:1` changed (line 7)"),
        (at(changed(named(Why::Base, "a:1"))), "the base image `a:1` changed: it was 1 and is 2"),
        (changed(reason(Why::Base)), "the base image changed: it was 1 and is 2"),
        (reason(Why::Network), "the network gave something else"),
        (
            reason(Why::Definition),
            "a variable (ARG, ENV), USER, SHELL or an option of the build changed, which logs do not show",
        ),
        (
            reason(Why::Untracked),
            "files that git does not track, `.git` among them, or modes and line ends that another checkout gave",
        ),
        (reason(Why::Cache), "nothing changed: the cache did not have it"),
    ]);
}

#[test]
fn files_are_listed_with_what_happened_to_them() {
    let ways = [
        How::Added,
        How::Removed,
        How::Content,
        How::Mode,
        How::Owner,
        How::Kind,
        How::Included,
        How::Excluded,
    ];
    let files = |count: usize| {
        let list = ways.iter().cycle().take(count).zip('a'..);
        let list = list.map(|(how, path)| FileChange { path: path.to_string(), how: *how });
        Reason { files: list.collect(), ..reason(Why::Files) }
    };
    let eight = "files changed: a (new), b (gone), c (content), d (mode), e (owner), f (kind), g (no longer ignored), \
                 h (now ignored)";
    said(&[
        (files(0), "files that it takes from the context changed"),
        (files(2), "files changed: a (new), b (gone)"),
        (files(8), eight),
        (files(10), &format!("{eight}, 2 more")),
    ]);
}

#[test]
fn long_texts_begin_a_little_before_their_difference() {
    let text = |tail: &str| format!("{}{tail}", "a".repeat(30));
    for (old, new, room, expected) in [
        ("RUN a", "RUN b", 20, ("RUN a", "RUN b")),
        (&text("b"), &text("c"), 31, (&*text("b"), &*text("c"))),
        (&text("b"), &text("c"), 30, ("…aaaaaaaaaab", "…aaaaaaaaaac")),
    ] {
        let (old, new) = around_difference(old, new, room);
        assert_eq!((&*old, &*new), expected, "{room}");
    }
}

#[test]
fn what_a_cache_without_a_step_means() {
    let of =
        |cached, has_cache| meaning(&Explanation { cached, has_cache, ..Explanation::default() });
    let rest = ": the build had `--no-cache` or another `--platform`, ran on another builder or machine, in CI without \
                `--cache-from`, or after the cache was pruned";
    let workdir = "only `WORKDIR` came from the cache, which BuildKit keeps even with `--no-cache`";
    let some = "a cache has some steps and not others if a part was pruned (by hand or by its size limit), if the build \
                had `--no-cache-filter`, or if `--cache-to` without `mode=max` kept the last stage only";
    assert_eq!(of(0, false), format!("no step came from the cache{rest}"));
    assert_eq!(of(0, true), format!("no step came from the cache{rest}"));
    assert_eq!(of(2, false), format!("{workdir}{rest}"));
    assert_eq!(of(2, true), some);
}

#[test]
fn texts_are_shown_only_where_a_text_changed() {
    let style = Style { color: false, width: 80 };
    let both = "      was: 1\n      now: 2\n";
    for (why, expected) in [
        (Why::Text, both),
        (Why::Shown, both),
        (Why::Variable, both),
        (Why::Base, ""),
        (Why::Setting, ""),
        (Why::New, ""),
    ] {
        assert_eq!(texts(&changed(named(why, "a")), style), expected, "{why:?}");
        assert_eq!(texts(&named(why, "a"), style), "", "{why:?}");
    }
}
