//! `textDocument/codeAction`: fixes and suppressions for the findings at a place, and the fix of the whole file.

use gen_lsp_types::{
    Code, CodeAction, CodeActionKind, CodeActionParams, CodeActionTriggerKind, Diagnostic,
};

use crate::lint::{Applicability, Finding};
use crate::lsp::actions::{self, FIX_ALL, Offer, What};
use crate::lsp::diagnostics;
use crate::lsp::dispatch::{Ask, Failure};
use crate::session::Checked;
use crate::source::Span;

/// For so many findings at a place actions are offered; nobody reads more.
const MOST_FINDINGS: usize = 20;

pub(in crate::lsp) fn answer(
    ask: &Ask,
    params: &CodeActionParams,
) -> Result<Vec<CodeAction>, Failure> {
    let Some(checked) = ask.engine.check(&ask.document)? else { return Ok(Vec::new()) };
    let only: Option<Vec<String>> =
        params.context.only.as_ref().map(|list| list.iter().map(ToString::to_string).collect());
    let is_asked = params.context.trigger_kind == Some(CodeActionTriggerKind::Invoked);
    let offers = Offers {
        ask,
        checked: &checked,
        unsafe_too: ask.client.unsafe_fixes || is_asked,
        list: Vec::new(),
    };
    let mut list = offers.all(ask.document.span(params.range), &params.context.diagnostics);
    list.retain(|it| only.as_ref().is_none_or(|only| is_wanted(it, only)));
    if !ask.client.resolves_edits {
        list.retain_mut(|it| resolve(ask, it).is_ok());
    }
    Ok(list)
}

/// Gives an action its edit.
pub(super) fn resolve(ask: &Ask, action: &mut CodeAction) -> Result<(), Failure> {
    let data = action.data.clone().unwrap_or_default();
    let offer: Offer =
        serde_json::from_value(data).map_err(|error| Failure::refused(error.to_string()))?;
    action.edit = Some(actions::edit(&ask.engine, &ask.client, &ask.document, &offer)?);
    Ok(())
}

/// Whether a client wants actions of that kind: kinds are a tree, written with points.
fn is_wanted(action: &CodeAction, only: &[String]) -> bool {
    let kind = action.kind.as_ref().map(ToString::to_string).unwrap_or_default();
    let covers = |it: &String| {
        let rest = kind.strip_prefix(it.as_str());
        it.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    only.iter().any(covers)
}

struct Offers<'a> {
    ask: &'a Ask,
    checked: &'a Checked,
    unsafe_too: bool,
    list: Vec<CodeAction>,
}

impl Offers<'_> {
    /// What there is to do about the findings at a place, and about those that the client names: some editors ask from the
    /// cursor and name all that they show in its line.
    fn all(mut self, place: Span, named: &[Diagnostic]) -> Vec<CodeAction> {
        let checked = self.checked;
        let is_named = |it: &Finding| {
            let range = self.ask.document.range(it.span);
            let has_code = |other: &Diagnostic| match &other.code {
                Some(Code::String(code)) => code == it.meta.code,
                _ => false,
            };
            named.iter().any(|other| other.range == range && has_code(other))
        };
        let is_here = |it: &&Finding| meets(it.span, place) || is_named(it);
        let here: Vec<&Finding> =
            checked.findings.iter().filter(is_here).take(MOST_FINDINGS).collect();
        for finding in &here {
            self.fix(finding);
        }
        let mut codes: Vec<&str> = here.iter().map(|it| it.meta.code).collect();
        codes.dedup();
        for code in codes {
            self.rule(code);
        }
        for (finding, from) in here.iter().zip(self.stages_of(&here)) {
            self.ignores(finding, from);
        }
        if checked.findings.iter().any(|it| applicability(it) == Some(Applicability::Safe)) {
            let kind = CodeActionKind::Custom(FIX_ALL.into());
            self.push("Apply all safe fixes in this file".to_owned(), kind, What::All, false, None);
        }
        self.list
    }

    fn fix(&mut self, finding: &Finding) {
        let (Some(fix), Some(applicability)) = (&finding.fix, self.allowed(finding)) else {
            return;
        };
        let is_unsafe = applicability == Applicability::Unsafe;
        let (code, Span { start, end }) = (finding.meta.code, finding.span);
        let note = if is_unsafe { ", unsafe: review the change" } else { "" };
        let title = format!("{} ({code}{note})", capitalized(&fix.title));
        let what = What::Fix { code: code.to_owned(), start, end };
        self.push(title, CodeActionKind::QuickFix, what, is_unsafe, Some(finding));
    }

    fn rule(&mut self, code: &str) {
        let of_rule = self.checked.findings.iter().filter(|it| it.meta.code == code);
        let fixes: Vec<Applicability> = of_rule.filter_map(|it| self.allowed(it)).collect();
        if fixes.len() > 1 {
            let is_unsafe = fixes.contains(&Applicability::Unsafe);
            let note = if is_unsafe { " (unsafe: review the changes)" } else { "" };
            let title = format!("Fix all {code} in this file{note}");
            let what = What::Rule { code: code.to_owned() };
            self.push(title, CodeActionKind::QuickFix, what, is_unsafe, None);
        }
    }

    /// What silences a finding; `from` is the instruction with which its stage begins, where the file has several.
    fn ignores(&mut self, finding: &Finding, from: Option<usize>) {
        let code = finding.meta.code;
        let mut push = |place: &str, instruction, from| {
            let title = format!("Ignore {code} in this {place}");
            let what = What::Ignore { code: code.to_owned(), instruction, from };
            self.push(title, CodeActionKind::QuickFix, what, false, Some(finding));
        };
        if finding.instruction.is_some() {
            push("instruction", finding.instruction, None);
        }
        if from.is_some() {
            push("stage", None, from);
        }
        push("file", None, None);
    }

    /// For each finding, the FROM of its stage. In a file of one stage it means the same as the file.
    fn stages_of(&self, findings: &[&Finding]) -> Vec<Option<usize>> {
        self.ask.with_model(|model| {
            let stage = |it: &&Finding| Some(model.stage_of(it.instruction?)?.instruction.id);
            let several = model.stages.len() > 1;
            findings.iter().map(|it| stage(it).filter(|_| several)).collect()
        })
    }

    /// How far the fix of a finding can be trusted, if it may be offered.
    fn allowed(&self, finding: &Finding) -> Option<Applicability> {
        let most = if self.unsafe_too { Applicability::Unsafe } else { Applicability::Safe };
        applicability(finding).filter(|it| *it <= most)
    }

    fn push(
        &mut self,
        title: String,
        kind: CodeActionKind,
        what: What,
        is_unsafe: bool,
        finding: Option<&Finding>,
    ) {
        let is_fix = matches!(what, What::Fix { .. });
        let (uri, revision) = (self.ask.document.uri.clone(), self.ask.document.revision);
        let offer = Offer { uri, revision, unsafe_too: is_unsafe, what };
        let diagnostics = finding.map(|it| vec![self.diagnostic(it)]);
        self.list.push(CodeAction {
            title,
            kind: Some(kind),
            diagnostics,
            is_preferred: (is_fix && !is_unsafe).then_some(true),
            data: serde_json::to_value(offer).ok(),
            ..CodeAction::default()
        });
    }

    fn diagnostic(&self, finding: &Finding) -> Diagnostic {
        diagnostics::diagnostic(&self.ask.document, &self.ask.client, finding)
    }
}

fn applicability(finding: &Finding) -> Option<Applicability> {
    finding.fix.as_ref().map(|it| it.applicability)
}

/// Whether two places share a byte or touch.
fn meets(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(characters).collect()
}
