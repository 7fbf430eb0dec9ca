//! What becomes of files whose fixes work together, get in each other's way, break something or never end.

use super::*;
use crate::lint::{Context, Edit, Effect, Findings, Meta, Options, Rule, lint};
use crate::model::{BuildOptions, Model};
use crate::syntax;

/// What fixes do to a file of a rule whose check is given.
fn fixed(text: &str, rules: &'static [Rule]) -> Fixed {
    let check = |source: &Source| {
        let doc = syntax::parse(source);
        let model = Model::build(&doc, &BuildOptions::default());
        lint(&model, rules.iter(), &Options::default())
    };
    settle(Source::new("Dockerfile", text), |_| true, check)
}

const fn rule(code: &'static str, check: fn(&Context<'_>, &mut Findings)) -> Rule {
    const fn meta(code: &'static str) -> Meta {
        Meta { code, name: "x", ..Meta::LAYERWISE }
    }
    Rule { meta: meta(code), check }
}

/// Keywords in lower case are written in capitals.
fn shouted(cx: &Context<'_>, findings: &mut Findings) {
    for it in cx.instructions().filter(|it| it.word.chars().all(char::is_lowercase)) {
        let edit = Edit::replace(it.keyword_span, it.word.to_uppercase());
        findings.report(it.keyword_span, "x").fix(Fix::safe("x", vec![edit]));
    }
}

/// Keywords in capitals are written in lower case.
fn whispered(cx: &Context<'_>, findings: &mut Findings) {
    for it in cx.instructions().filter(|it| it.word.chars().all(char::is_uppercase)) {
        let edit = Edit::replace(it.keyword_span, it.word.to_lowercase());
        findings.report(it.keyword_span, "x").fix(Fix::safe("x", vec![edit]));
    }
}

/// A fix that says it changes spelling, and takes USER away.
fn deleting(cx: &Context<'_>, findings: &mut Findings) {
    for it in cx.instructions().filter(|it| it.word.eq_ignore_ascii_case("user")) {
        findings.report(it.span, "x").fix(Fix::safe("x", vec![Edit::delete(it.span)]));
    }
}

/// One more argument for a command, again and again.
fn endless(cx: &Context<'_>, findings: &mut Findings) {
    for (_, command) in cx.commands() {
        let fix = Fix::safe("x", vec![Edit::insert_after(command.span, " z")]);
        findings.report(command.span, "x").fix(fix.effect(Effect::Words));
    }
}

#[test]
fn what_can_be_fixed_is_fixed_at_once() {
    const RULES: &[Rule] = &[rule("LW901", shouted)];
    let fixed = fixed("from a\nrun b\nUSER c\n", RULES);
    assert_eq!(fixed.source.text, "FROM a\nRUN b\nUSER c\n");
    assert_eq!(fixed.applied.get("LW901"), Some(&2));
    assert!(fixed.findings.is_empty() && fixed.rejected.is_empty());
}

#[test]
fn a_fix_that_does_more_than_it_says_is_undone() {
    const RULES: &[Rule] = &[rule("LW901", shouted), rule("LW902", deleting)];
    let fixed = fixed("from a\nuser c\n", RULES);
    assert_eq!(fixed.source.text, "FROM a\nUSER c\n");
    assert_eq!(fixed.rejected.len(), 1);
    assert_eq!(fixed.rejected[0].code, "LW902");
    assert!(fixed.rejected[0].is_fault);
}

#[test]
fn what_one_fix_breaks_keeps_no_other_from_being_applied() {
    const RULES: &[Rule] = &[rule("LW901", shouted), rule("LW902", deleting)];
    let text = format!("from a\nuser c\n{}", "run b\n".repeat(40));
    let fixed = fixed(&text, RULES);
    assert_eq!(fixed.applied.get("LW901"), Some(&42));
    assert_eq!(fixed.rejected.len(), 1);
}

#[test]
fn what_is_undone_keeps_no_other_fix_of_its_rule_from_being_applied() {
    /// Keywords in lower case are written in capitals; of USER only the name is left.
    fn shouted_but_user(cx: &Context<'_>, findings: &mut Findings) {
        for it in cx.instructions().filter(|it| it.word.chars().all(char::is_lowercase)) {
            let word = if it.word == "user" { "USED".to_owned() } else { it.word.to_uppercase() };
            let edit = Edit::replace(it.keyword_span, word);
            findings.report(it.keyword_span, "x").fix(Fix::safe("x", vec![edit]));
        }
    }
    const RULES: &[Rule] = &[rule("LW901", shouted_but_user)];
    let fixed = fixed("from a\nuser c\nrun b\n", RULES);
    assert_eq!(fixed.source.text, "FROM a\nuser c\nRUN b\n");
    assert_eq!(fixed.applied.get("LW901"), Some(&2));
    assert_eq!(fixed.rejected.len(), 1);
}

#[test]
fn a_rule_whose_fixes_are_undone_again_and_again_is_left_out() {
    const RULES: &[Rule] = &[rule("LW902", deleting)];
    let text = format!("FROM a\n{}", "USER b\nRUN c\n".repeat(3 * MAX_UNDONE));
    let fixed = fixed(&text, RULES);
    assert_eq!(fixed.source.text, text);
    assert_eq!(fixed.rejected.len(), 1);
}

/// As `fixed`; also gives how often the file was looked at.
fn fixed_and_looks(text: &str, rules: &'static [Rule]) -> (Fixed, usize) {
    let looks = std::cell::Cell::new(0);
    let check = |source: &Source| {
        looks.set(looks.get() + 1);
        let doc = syntax::parse(source);
        let model = Model::build(&doc, &BuildOptions::default());
        lint(&model, rules.iter(), &Options::default())
    };
    let fixed = settle(Source::new("Dockerfile", text), |_| true, check);
    (fixed, looks.get())
}

#[test]
fn many_fixes_of_one_rule_that_are_undone_take_few_looks() {
    const RULES: &[Rule] = &[rule("LW901", shouted), rule("LW902", whispered)];
    let text = "from a\n".to_owned() + &"user c\n".repeat(200);
    let (fixed, looks) = fixed_and_looks(&text, RULES);
    assert_eq!(fixed.source.text, text);
    assert_eq!(fixed.rejected.len(), 1);
    // Down to the first fix to blame, and on to the eighth.
    assert!(looks < 40, "{looks}");
}

#[test]
fn large_files_are_not_searched_to_the_end() {
    const RULES: &[Rule] = &[rule("LW901", shouted), rule("LW902", whispered)];
    let text =
        format!("from a\n#{}\n{}", "x".repeat(MAX_FIXED_BYTES - 30_000), "user c\n".repeat(4096));
    let (fixed, looks) = fixed_and_looks(&text, RULES);
    assert_eq!(fixed.source.text, text);
    let rejected = Rejected {
        code: "LW901",
        reason: "the file is too large to try its fixes one by one".to_owned(),
        is_fault: false,
    };
    assert_eq!(fixed.rejected, [rejected]);
    assert_eq!(looks, 2 + MAX_SEARCHED_BYTES / MAX_FIXED_BYTES);
}

#[test]
fn files_above_the_limit_get_no_fixes() {
    const RULES: &[Rule] = &[rule("LW902", shouted)];
    let text = |length| format!("FROM a\nrun b\n#{}", "x".repeat(length - 14));
    let (fixed, looks) = fixed_and_looks(&text(MAX_FIXED_BYTES), RULES);
    assert_eq!((fixed.source.text.len(), looks), (MAX_FIXED_BYTES, 2));
    assert_eq!((fixed.applied, fixed.is_too_large), (BTreeMap::from([("LW902", 1)]), false));
    let large = text(MAX_FIXED_BYTES + 1);
    let (fixed, looks) = fixed_and_looks(&large, RULES);
    assert_eq!((fixed.source.text, looks), (large, 0));
    assert_eq!((fixed.is_too_large, fixed.findings.len()), (true, 0));
    assert!(fixed.applied.is_empty() && fixed.rejected.is_empty());
}

#[test]
fn a_fix_that_makes_another_finding_is_undone() {
    const RULES: &[Rule] = &[rule("LW901", shouted), rule("LW902", whispered)];
    let fixed = fixed("from a\nuser c\n", RULES);
    assert_eq!(fixed.source.text, "from a\nuser c\n");
    assert_eq!(fixed.rejected[0].reason, "it would cause a new LW902 finding");
    assert!(!fixed.rejected[0].is_fault);
}

#[test]
fn what_never_ends_is_left_out_and_named() {
    const RULES: &[Rule] = &[rule("LW901", endless), rule("LW902", shouted)];
    let fixed = fixed("FROM a\nrun b\n", RULES);
    assert_eq!(fixed.source.text, "FROM a\nRUN b\n");
    assert_eq!(fixed.applied, BTreeMap::from([("LW902", 1)]));
    let rejected = Rejected {
        code: "LW901",
        reason: "it would never end together with other fixes".to_owned(),
        is_fault: true,
    };
    assert_eq!(fixed.rejected, [rejected]);
}

/// A list of three words, one of which is another one after each round: no text is new in the fourth.
#[test]
fn fixes_that_go_in_a_circle_are_left_out() {
    fn next(cx: &Context<'_>, findings: &mut Findings) {
        for (_, command) in cx.commands() {
            for word in &command.args {
                let text = match cx.model.doc.source.slice(word.span) {
                    "x" => "y",
                    "y" => "z",
                    "z" => "x",
                    _ => continue,
                };
                let fix = Fix::safe("x", vec![Edit::replace(word.span, text)]);
                findings.report(word.span, "x").fix(fix.effect(Effect::Instructions));
            }
        }
    }
    const RULES: &[Rule] = &[rule("LW901", next), rule("LW902", shouted)];
    for text in ["FROM a\nrun b x\n", "FROM a\nRUN b y\nrun c\n"] {
        let fixed = fixed(text, RULES);
        assert_eq!(fixed.source.text, text.replace("run", "RUN"));
        assert_eq!(fixed.rejected.len(), 1);
    }
}

#[test]
fn many_rounds_are_no_fault() {
    /// One letter a round.
    fn slow(cx: &Context<'_>, findings: &mut Findings) {
        for (_, command) in cx.commands() {
            if let Some(word) = command.args.last()
                && let text @ ("x" | "xx" | "xxx") = cx.model.doc.source.slice(word.span)
            {
                let fix = Fix::safe("x", vec![Edit::replace(word.span, format!("{text}x"))]);
                findings.report(word.span, "x").fix(fix.effect(Effect::Instructions));
                return;
            }
        }
    }
    const RULES: &[Rule] = &[rule("LW901", slow)];
    let fixed = fixed(&format!("FROM a\n{}", "RUN b x\n".repeat(20)), RULES);
    assert_eq!(fixed.source.text.matches("xxxx").count(), 20);
    assert!(fixed.rejected.is_empty());
}

/// The first `x` in each round.
fn one_by_one(cx: &Context<'_>, findings: &mut Findings) {
    let mut is_first = true;
    for (_, command) in cx.commands() {
        for word in command.args.iter().filter(|it| it.text == "x") {
            let finding = findings.report(word.span, "x");
            if std::mem::take(&mut is_first) {
                let fix = Fix::safe("x", vec![Edit::replace(word.span, "y")]);
                finding.fix(fix.effect(Effect::Instructions));
            }
        }
    }
}

#[test]
fn what_takes_too_many_rounds_stays_as_it_is_by_then() {
    const RULES: &[Rule] = &[rule("LW901", one_by_one)];
    let lines = |count: usize| format!("FROM a\n{}", "RUN b x\n".repeat(count));
    for (count, done) in
        [(MAX_ROUNDS - 1, MAX_ROUNDS - 1), (MAX_ROUNDS, MAX_ROUNDS), (MAX_ROUNDS + 1, MAX_ROUNDS)]
    {
        let (fixed, looks) = fixed_and_looks(&lines(count), RULES);
        assert_eq!(fixed.source.text.matches('y').count(), done);
        assert_eq!((fixed.applied.get("LW901"), looks), (Some(&done), done + 1));
        assert_eq!((fixed.is_unfinished, fixed.findings.len()), (count > done, count - done));
        assert!(fixed.rejected.is_empty());
    }
}

#[test]
fn a_large_file_has_fewer_rounds() {
    const RULES: &[Rule] = &[rule("LW901", one_by_one)];
    for (length, rounds) in [(MAX_ROUND_BYTES / 20, 20), (MAX_FIXED_BYTES, MIN_ROUNDS)] {
        let lines = "RUN b x\n".repeat(50);
        let text = format!("FROM a\n{lines}#{}", "x".repeat(length - lines.len() - 9));
        let (fixed, looks) = fixed_and_looks(&text, RULES);
        assert_eq!((fixed.is_unfinished, looks), (true, rounds + 1), "{length}");
        assert_eq!(fixed.applied, BTreeMap::from([("LW901", rounds)]));
    }
}

/// What was undone in an early text is tried again in the last one, so that another run has nothing left to do.
#[test]
fn what_was_undone_is_tried_again_at_the_end() {
    /// `x` becomes `y`, but only where no keyword is written in lower case is that what it declares.
    fn late(cx: &Context<'_>, findings: &mut Findings) {
        let lower = cx.instructions().any(|it| it.word.chars().all(char::is_lowercase));
        for (run, command) in cx.commands() {
            for word in &command.args {
                if cx.model.doc.source.slice(word.span) == "x" {
                    let text = if lower { "y\nUSER" } else { "y" };
                    let span = if lower { run.instruction.span } else { word.span };
                    let fix = Fix::safe("x", vec![Edit::replace(span, text)]);
                    let effect = if lower { Effect::Spelling } else { Effect::Instructions };
                    findings.report(word.span, "x").fix(fix.effect(effect));
                }
            }
        }
    }
    const RULES: &[Rule] = &[rule("LW901", late), rule("LW902", shouted)];
    let fixed = fixed("from a\nRUN b x\n", RULES);
    assert_eq!(fixed.source.text, "FROM a\nRUN b y\n");
    assert!(fixed.rejected.is_empty(), "{:?}", fixed.rejected);
}

#[test]
fn other_bytes_are_left_alone() {
    let source = Source::from_bytes("Dockerfile", b"from a\n# \xFF\n".to_vec());
    let fixed = settle(source, |_| true, |_| Vec::new());
    assert_eq!(fixed.source.bytes(), b"from a\n# \xFF\n");
}
