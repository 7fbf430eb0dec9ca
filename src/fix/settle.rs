//! Fixing to the end: apply what can be applied, look again, until nothing is left that can be fixed.
//!
//! It always comes to an end, and what comes out is not changed by doing it again: what was undone is tried once more on
//! the final text, and a rule whose fixes go on forever, or undo those of another, is left out from the start.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::apply::{apply, choose};
use super::proof::prove;
use crate::lint::{Finding, Fix};
use crate::source::{Encoding, Source, Span};

/// After so many rounds fixes are taken for endless, in a file of usual size.
pub const MAX_ROUNDS: usize = 100;

/// A large file has fewer rounds: so many bytes are looked at in all of them.
const MAX_ROUND_BYTES: usize = 20 << 20;

/// But never fewer than these.
const MIN_ROUNDS: usize = 10;

/// Of fixes that go on forever, those of the last rounds are to blame.
const LAST_ROUNDS: usize = 3;

/// After so many rules were left out as endless, the file stays as it was.
const MAX_ENDLESS: usize = 6;

/// After so many fixes of one rule were undone in a file, its others are not tried.
const MAX_UNDONE: usize = 8;

/// What became of a file.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// The text afterwards.
    pub source: Source,
    /// What is still wrong with it.
    pub findings: Vec<Finding>,
    /// The codes of the fixes that were applied, and how often.
    pub applied: BTreeMap<&'static str, usize>,
    /// Fixes that are not in the text, the first of each rule.
    pub rejected: Vec<Rejected>,
}

/// A fix that was undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The rule.
    pub code: &'static str,
    /// What its fix would have broken.
    pub reason: String,
    /// Whether the file would have said something else: that is a bug of the rule.
    pub is_fault: bool,
}

impl Fixed {
    /// The file as it is.
    fn untouched(source: Source, findings: Vec<Finding>) -> Self {
        Self { source, findings, applied: BTreeMap::new(), rejected: Vec::new() }
    }
}

/// Fixes a file: applies the fixes of findings that are `wanted`, as many at once as do not get in each other's way,
/// and looks again. An application is undone that changes more than its fixes declare, or that makes a finding which
/// was not there; the fixes to blame are left out from then on. A file that is not UTF-8 is left as it is.
///
/// `check` gives the findings of a text.
pub fn settle(
    source: Source,
    wanted: impl Fn(&Finding) -> bool,
    check: impl Fn(&Source) -> Vec<Finding>,
) -> Fixed {
    let findings = check(&source);
    let start = Fixed::untouched(source, findings);
    if start.source.encoding != Encoding::Utf8 {
        return start;
    }
    let mut endless: BTreeSet<&'static str> = BTreeSet::new();
    loop {
        let is_wanted = |it: &Finding| wanted(it) && !endless.contains(it.meta.code);
        let mut fixed = match pass(start.clone(), is_wanted, &check) {
            Ok(fixed) => fixed,
            // The same one is left out whichever of them was applied first.
            Err(codes) => match codes.last() {
                Some(code) if endless.len() < MAX_ENDLESS => {
                    endless.insert(code);
                    continue;
                }
                _ => {
                    endless.extend(codes);
                    start
                }
            },
        };
        fixed.rejected.extend(endless.into_iter().map(|code| Rejected {
            code,
            reason: "it would never end together with other fixes".to_owned(),
            is_fault: true,
        }));
        return fixed;
    }
}

/// Applies fixes round by round. Where that does not come to an end, gives the codes of those that go on.
fn pass(
    mut fixed: Fixed,
    wanted: impl Fn(&Finding) -> bool,
    check: &impl Fn(&Source) -> Vec<Finding>,
) -> Result<Fixed, BTreeSet<&'static str>> {
    let mut banned = Banned::default();
    // The texts that there were, and the codes of the fixes that made the next one of each.
    let mut history: Vec<(String, BTreeSet<&'static str>)> = Vec::new();
    let most = (MAX_ROUND_BYTES / (fixed.source.text.len() + 1)).clamp(MIN_ROUNDS, MAX_ROUNDS);
    loop {
        let open: Vec<Open<'_>> = fixed
            .findings
            .iter()
            .filter(|it| wanted(it))
            .filter_map(|it| Some(Open { code: it.meta.code, fix: it.fix.as_ref()? }))
            .filter(|it| !banned.has(&fixed.source, it))
            .collect();
        let fixes: Vec<&Fix> = open.iter().map(|it| it.fix).collect();
        let chosen = choose(&fixed.source.text, &fixes);
        if chosen.is_empty() && banned.is_old {
            // What broke something in an earlier text may be right in this one.
            banned = Banned::default();
            fixed.rejected.clear();
            continue;
        }
        if chosen.is_empty() {
            return Ok(fixed);
        }
        let chosen: Vec<Open<'_>> = chosen.into_iter().map(|index| open[index]).collect();
        let mut round = Round::default();
        round.add(&fixed, &chosen, check);
        let applied: Vec<&'static str> = round.applied.iter().map(|it| it.code).collect();
        let Round { rejected, result, .. } = round;
        for (open, rejected) in rejected {
            banned.add(&fixed.source, &open);
            if fixed.rejected.iter().all(|known| known.code != rejected.code) {
                fixed.rejected.push(rejected);
            }
        }
        let Some((source, findings)) = result else { continue };
        banned.is_old = !banned.fixes.is_empty();
        history.push((fixed.source.text, applied.iter().copied().collect()));
        let again = history.iter().position(|(text, _)| *text == source.text);
        let is_over = (history.len() >= most).then(|| history.len() - LAST_ROUNDS);
        if let Some(at) = again.or(is_over) {
            return Err(history.drain(at..).flat_map(|(_, codes)| codes).collect());
        }
        for code in applied {
            *fixed.applied.entry(code).or_default() += 1;
        }
        (fixed.source, fixed.findings) = (source, findings);
    }
}

/// A fix that could be applied, and its rule.
#[derive(Clone, Copy)]
struct Open<'f> {
    code: &'static str,
    fix: &'f Fix,
}

/// The fixes of a file that were undone.
#[derive(Default)]
struct Banned {
    fixes: HashSet<String>,
    counts: HashMap<&'static str, usize>,
    /// Whether the text has changed since some of them were undone.
    is_old: bool,
}

impl Banned {
    fn has(&self, source: &Source, open: &Open<'_>) -> bool {
        let count = self.counts.get(open.code).copied().unwrap_or(0);
        count >= MAX_UNDONE || count > 0 && self.fixes.contains(&identity(source, open))
    }

    fn add(&mut self, source: &Source, open: &Open<'_>) {
        self.fixes.insert(identity(source, open));
        *self.counts.entry(open.code).or_default() += 1;
    }
}

/// What distinguishes a fix from others while fixes are applied elsewhere in its file: its rule, the lines it edits, and where
/// in them it puts what.
fn identity(source: &Source, open: &Open<'_>) -> String {
    let edits = &open.fix.edits;
    let (Some(first), Some(last)) = (edits.first(), edits.last()) else { return String::new() };
    let start = source.line_span(source.line(first.span.start)).start;
    let end = source.line_span(source.line(last.span.end)).end;
    let mut text = format!("{}\0{}", open.code, source.slice(Span { start, end }));
    for edit in edits {
        let (from, to) = (edit.span.start - start, edit.span.end - start);
        text.push_str(&format!("\0{from}-{to}\0{}", edit.text));
    }
    text
}

/// What came of one round.
#[derive(Default)]
struct Round<'f> {
    applied: Vec<Open<'f>>,
    rejected: Vec<(Open<'f>, Rejected)>,
    result: Option<(Source, Vec<Finding>)>,
}

impl<'f> Round<'f> {
    /// Applies fixes on top of those that are applied already. Where they break something together, each half is tried
    /// alone, down to the single fix that is to blame.
    fn add(&mut self, fixed: &Fixed, more: &[Open<'f>], check: &impl Fn(&Source) -> Vec<Finding>) {
        let together = || self.applied.iter().chain(more);
        let fixes: Vec<&Fix> = together().map(|it| it.fix).collect();
        match (attempt(fixed, &fixes, check), more) {
            (Ok(result), _) => {
                self.applied.extend(more);
                self.result = Some(result);
            }
            (Err(undone), [one]) => {
                // What only does not go with the others has its turn in the next round.
                let alone = || attempt(fixed, &[one.fix], check).is_ok();
                if !self.applied.is_empty() && alone() {
                    return;
                }
                let Undone { reason, is_fault } = undone;
                self.rejected.push((*one, Rejected { code: one.code, reason, is_fault }));
            }
            (Err(_), _) => {
                let (first, second) = more.split_at(more.len() / 2);
                self.add(fixed, first, check);
                self.add(fixed, second, check);
            }
        }
    }
}

/// Why an application was undone.
struct Undone {
    reason: String,
    is_fault: bool,
}

/// Applies some fixes and looks again; says what they would break.
fn attempt(
    fixed: &Fixed,
    fixes: &[&Fix],
    check: impl Fn(&Source) -> Vec<Finding>,
) -> Result<(Source, Vec<Finding>), Undone> {
    let before = &fixed.source;
    let text = apply(&before.text, fixes.iter().flat_map(|fix| &fix.edits));
    let after = Source::new(before.name.clone(), text);
    prove(before, &after, fixes)
        .map_err(|broken| Undone { reason: broken.reason, is_fault: true })?;
    let findings = check(&after);
    let (old, new) = (counts(&fixed.findings), counts(&findings));
    let revealed = |code: &str| fixes.iter().any(|fix| fix.reveals.contains(&code));
    let more = new
        .iter()
        .find(|(code, count)| old.get(*code).copied().unwrap_or(0) < **count && !revealed(code));
    match more {
        Some((code, _)) => {
            Err(Undone { reason: format!("it would cause a new {code} finding"), is_fault: false })
        }
        None => Ok((after, findings)),
    }
}

/// How often each rule fires, those whose findings others cover too: they are not new when they report themselves.
fn counts(findings: &[Finding]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    let spoken_for = findings.iter().flat_map(|it| it.also.iter().chain(&it.outweighed));
    for code in spoken_for.copied().chain(findings.iter().map(|it| it.meta.code)) {
        *counts.entry(code).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
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
                let word =
                    if it.word == "user" { "USED".to_owned() } else { it.word.to_uppercase() };
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
        let codes: Vec<&str> = fixed.rejected.iter().map(|it| it.code).collect();
        assert_eq!(codes, ["LW901"]);
        assert!(fixed.rejected[0].is_fault);
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
}
