//! LW001 and LW004: suppressions that suppress nothing, and those that give no reason.

use super::pragma::{Entry, Misspelt, Pragma, Tool, What};
use crate::lint::finding::shorten;
use crate::lint::rule::{Meta, Profile, Rule};
use crate::lint::{Finding, Findings, Options, Selection, Selector, did_you_mean};
use crate::source::Span;

/// The codes of the two rules.
pub(super) const UNUSED: &str = "LW001";
pub(super) const NO_REASON: &str = "LW004";

/// Once so many comments are at fault, nothing is proposed for others.
const MOST_HINTS: usize = 50;

/// What is known of the comments of a file once its findings are.
#[derive(Debug, Default)]
pub(super) struct Comments {
    /// The comments, each entry with whether it suppressed something.
    pub(super) used: Vec<(Pragma, Vec<bool>)>,
    /// Comments that are where there is nothing to suppress.
    pub(super) dangling: Vec<Pragma>,
    /// Comments whose last day is over.
    pub(super) expired: Vec<Pragma>,
    /// Comments that begin like ours and cannot be understood.
    pub(super) misspelt: Vec<Misspelt>,
}

impl Comments {
    /// The findings about them, as far as the two rules are on.
    pub(super) fn findings(
        &self,
        options: &Options,
        rules: &[&'static Rule],
        slice: &dyn Fn(Span) -> String,
    ) -> Vec<Finding> {
        let meta = |code: &str| rules.iter().map(|it| &it.meta).find(|it| it.code == code);
        let on = |code: &str| meta(code).filter(|meta| options.includes(meta));
        let mut findings = Findings::new();
        if let Some(meta) = on(UNUSED) {
            self.report_unused(meta, options, rules, slice, &mut findings);
        }
        if let Some(meta) = on(NO_REASON).filter(|_| options.require_reason) {
            let all = self.used.iter().map(|(it, _)| it).chain(&self.dangling);
            for pragma in all.filter(|it| !it.has_reason) {
                findings
                    .report_as(meta, pragma.span, "this suppression gives no reason")
                    .help("add the reason after the codes");
            }
        }
        findings.list
    }

    fn report_unused(
        &self,
        meta: &'static Meta,
        options: &Options,
        rules: &[&'static Rule],
        slice: &dyn Fn(Span) -> String,
        findings: &mut Findings,
    ) {
        self.report_misspelt(meta, slice, findings);
        for (date, span) in self.expired.iter().filter_map(|it| it.expires) {
            findings
                .report_as(meta, span, format!("this suppression expired on {date}"))
                .help("fix what it suppressed, or give it a later day");
        }
        for pragma in self.dangling.iter().filter(|it| it.tool == Tool::Layerwise) {
            findings
                .report_as(
                    meta,
                    pragma.span,
                    "there is no instruction below that this could suppress",
                )
                .help("write it directly above the instruction, without a blank line between");
        }
        for (pragma, used) in &self.used {
            let entries = pragma.entries.iter().zip(used).filter(|(_, used)| !**used);
            for (entry, _) in entries {
                // Further hints are not read.
                let hints = findings.list.len() < MOST_HINTS;
                let Some(message) = fault(entry, options, rules, hints) else { continue };
                let finding = findings.report_as(meta, entry.span, message);
                finding.help("delete it");
                // The other tools may need their comments where this one has nothing to say.
                if pragma.tool != Tool::Layerwise {
                    finding.only_in(Profile::Audit);
                }
            }
        }
    }

    /// Reports comments that look like suppressions and are none.
    fn report_misspelt(
        &self,
        meta: &'static Meta,
        slice: &dyn Fn(Span) -> String,
        findings: &mut Findings,
    ) {
        for it in &self.misspelt {
            let span = match it {
                Misspelt::Verb(span) => span,
                Misspelt::Date(span) => {
                    let word = slice(*span);
                    findings
                        .report_as(
                            meta,
                            *span,
                            format!("`{}` does not name a day", shorten(&word, 40)),
                        )
                        .help("write the last day as `expires=YYYY-MM-DD`");
                    continue;
                }
                Misspelt::NoCode(span) => {
                    findings
                        .report_as(meta, *span, "this suppression does not name a rule")
                        .help("write `# layerwise ignore=CODE` with the code of the rule, followed by the reason");
                    continue;
                }
            };
            let word = slice(*span);
            let words = ["ignore", "stage-ignore", "file-ignore"].into_iter();
            let hint = did_you_mean(&word, words);
            findings
                .report_as(meta, *span, format!("`{word}` is not a suppression{hint}"))
                .help("write `# layerwise ignore=CODE`, `stage-ignore=CODE` or `file-ignore=CODE`");
        }
    }
}

/// What is wrong with an entry that suppressed nothing; nothing where its rules did not run.
fn fault(entry: &Entry, options: &Options, rules: &[&'static Rule], hints: bool) -> Option<String> {
    let metas = || rules.iter().map(|it| &it.meta);
    let shown = shorten(&entry.text, 40);
    let unused = Some(format!("`{shown}` suppresses nothing here"));
    let What::Rules(selector) = &entry.what else {
        let known = entry.text == "all" || metas().any(|it| it.code == entry.text);
        let hint = || match hints {
            true => did_you_mean(&entry.text, metas().map(|it| it.code)),
            false => String::new(),
        };
        return if known { unused } else { Some(format!("unknown check `{shown}`{}", hint())) };
    };
    if !selector.is_known(metas()) {
        let words = metas().flat_map(|it| [it.code, it.name]).filter(|_| hints);
        return Some(format!("unknown rule `{shown}`{}", did_you_mean(&entry.text, words)));
    }
    let mut meant = metas().filter(|it| selector.matches(it, Profile::Audit)).peekable();
    let of_shellcheck = meant.peek().is_none();
    let ran = if of_shellcheck {
        // Which of ShellCheck's codes run is known only where all of them do.
        options.profile != Profile::Default && options.selection == Selection::default()
    } else {
        meant.any(|it| {
            // What is measured is known only where it was.
            options.includes(it) && !it.reads_layers && !matches!(it.code, UNUSED | NO_REASON)
        })
    };
    let broad = matches!(selector, Selector::All | Selector::Default);
    unused.filter(|_| ran && !broad)
}
