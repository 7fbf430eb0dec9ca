//! DL3023: `COPY --from` names its own stage.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3023",
        name: "copy-from-itself",
        category: Category::Stages,
        severity: Severity::Error,
        summary: "`COPY --from` names its own stage",
        why: "A stage cannot copy from itself while it is being built: BuildKit rejects this as a circular \
              dependency. To copy files inside a stage, use RUN with `cp`.",
        bad: &["FROM debian:12 AS build\nCOPY --from=build /app /opt/app\n"],
        good: &[
            "FROM debian:12 AS build\nFROM debian:12 AS run\nCOPY --from=build /app /opt/app\n",
            "FROM debian:12 AS build\nRUN cp -r /app /opt/app\n",
            "FROM debian:12 AS build\nFROM debian:12 AS build\nCOPY --from=0 /app /opt/app\n",
        ],
        references: &["https://docs.docker.com/build/building/multi-stage/"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let Some(alias) = cx.model.stage_of(instruction.id).and_then(|it| it.from.alias.as_ref())
        else {
            continue;
        };
        let from = instruction.flag("from").and_then(|flag| flag.value.as_ref());
        let Some(from) = from.filter(|_| instruction.keyword == Keyword::Copy) else { continue };
        if from.text.eq_ignore_ascii_case(&alias.name.text) {
            findings
                .report(
                    from.span,
                    format!("stage `{}` copies files from itself", shorten(&from.text, 40)),
                )
                .label(alias.name.span, "this is the stage")
                .help("name an earlier stage, or use RUN with `cp`");
        }
    }
}
