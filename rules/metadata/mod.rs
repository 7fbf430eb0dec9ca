//! Metadata and run time.

mod build_setting_left;
mod empty_label;
mod expose_invalid_format;
mod expose_proto_casing;
mod forbidden_onbuild;
mod invalid_definition_description;
mod invalid_label_key;
mod json_args_recommended;
mod label_not_date;
mod label_not_email;
mod label_not_hash;
mod label_not_license;
mod label_not_semver;
mod label_not_url;
mod looks_like_json;
mod maintainer_deprecated;
mod maintainer_instruction;
mod missing_healthcheck;
mod missing_label;
mod multiple_instructions_disallowed;
mod overridden_cmd;
mod overridden_entrypoint;
mod overridden_healthcheck;
mod port_out_of_range;
mod relative_workdir;
mod shell_form_command;
mod superfluous_label;
mod variable_used_where_set;
mod workdir_relative_path;

use crate::lint::prelude::{
    Context, Edit, Effect, Findings, Fix, Instruction, Keyword, LabelType, Rule, shorten,
};

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    build_setting_left::RULE,
    empty_label::RULE,
    expose_invalid_format::RULE,
    expose_proto_casing::RULE,
    forbidden_onbuild::RULE,
    invalid_definition_description::RULE,
    invalid_label_key::RULE,
    json_args_recommended::RULE,
    label_not_date::RULE,
    label_not_email::RULE,
    label_not_hash::RULE,
    label_not_license::RULE,
    label_not_semver::RULE,
    label_not_url::RULE,
    looks_like_json::RULE,
    maintainer_deprecated::RULE,
    maintainer_instruction::RULE,
    missing_healthcheck::RULE,
    missing_label::RULE,
    multiple_instructions_disallowed::RULE,
    overridden_cmd::RULE,
    overridden_entrypoint::RULE,
    overridden_healthcheck::RULE,
    port_out_of_range::RULE,
    relative_workdir::RULE,
    shell_form_command::RULE,
    superfluous_label::RULE,
    variable_used_where_set::RULE,
    workdir_relative_path::RULE,
];

/// Reports the instructions that replace an earlier one of their stage.
fn report_overridden(cx: &Context<'_>, findings: &mut Findings, keyword: Keyword) {
    let name = keyword.name();
    for (earlier, later) in cx.model.overridden(keyword) {
        let finding = findings.report(
            later.keyword_span,
            format!("this `{name}` overrides an earlier one in the same stage"),
        );
        finding.label(earlier.keyword_span, "has no effect").help(format!("keep one `{name}`"));
        finding.fix = without(cx, earlier);
    }
}

/// The fix that drops an instruction which has no effect; none where a comment above it would then describe another.
fn without(cx: &Context<'_>, instruction: &Instruction<'_>) -> Option<Fix> {
    let lines = cx.lines_of(instruction);
    let source = cx.doc().source;
    let has_comment = cx.doc().comments.iter().any(|it| {
        let is_above = source.line(it.span.start) + 1 == source.line(lines.start);
        it.inside.is_none() && is_above
    });
    let title = format!("remove the `{}` without effect", instruction.keyword.name());
    let fix = Fix::safe(title, vec![Edit::delete(lines)]).effect(Effect::Instructions);
    (!has_comment).then_some(fix)
}

/// Reports the labels of the schema whose value is certain and fails a test.
fn report_labels(
    cx: &Context<'_>,
    findings: &mut Findings,
    fails: impl Fn(LabelType, &str) -> bool,
    fault: &str,
) {
    if cx.options.rules.label_schema.is_empty() {
        return;
    }
    for label in cx.model.labels().into_iter().flatten() {
        let Some(kind) = cx.options.rules.label_schema.get(&label.key) else { continue };
        if label.value.as_deref().is_some_and(|value| fails(*kind, value)) {
            findings
                .report(label.value_span, format!("label `{}` {fault}", shorten(&label.key, 50)))
                .help(format!("the schema requires the type `{}`", kind.name()));
        }
    }
}

/// Reports the labels of one type whose value is not of it; empty ones are another rule's.
fn report_type(cx: &Context<'_>, findings: &mut Findings, wanted: LabelType, fault: &str) {
    let fails =
        |kind: LabelType, value: &str| kind == wanted && !value.is_empty() && !kind.accepts(value);
    report_labels(cx, findings, fails, fault);
}
