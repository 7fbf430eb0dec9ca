//! DL3022: `COPY --from` with a name that is not an earlier stage.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3022",
        name: "unknown-copy-source",
        category: Category::Stages,
        released_only: true,
        summary: "`COPY --from` with a name that is not an earlier stage",
        why: "If the name is not a stage, the builder pulls an image of that name from a registry, with the \
              tag `latest` if none is given. If the name is a mistake, the build fails late or copies files \
              from a stranger's image.",
        bad: &[
            "FROM debian:12 AS build\nFROM debian:12\nCOPY --from=biuld /app /app\n",
            "FROM debian:12\nCOPY --from=team/tools /bin/tool /bin/\n",
            "FROM debian:12\nCOPY --from=1 /app /app\n",
        ],
        good: &[
            "FROM debian:12 AS build\nFROM debian:12\nCOPY --from=build /app /app\n",
            "FROM debian:12 AS Build\nFROM debian:12\nCOPY --from=build /app /app\n",
            "FROM debian:12\nFROM debian:12\nCOPY --from=0 /app /app\n",
            "FROM debian:12\nCOPY --from=team/tools:1.2 /bin/tool /bin/\n",
        ],
        references: &["https://docs.docker.com/build/building/multi-stage/"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        if instruction.keyword != Keyword::Copy {
            continue;
        }
        let Some(flag) = instruction.flag("from") else { continue };
        let Some(from) = &flag.value else { continue };
        if from.text.contains(':') || cx.model.stage_called(instruction.id, &from.text).is_some() {
            continue;
        }
        let finding = findings
            .report(from.span, format!("no earlier stage is called `{}`", shorten(&from.text, 50)));
        let near = cx.model.near_stage(instruction.id, &from.text);
        // A build file or a flag may give a folder, an image or another target under any name; only a slip is sure.
        if near.is_none() || cx.model.is_named_beside(&from.text) {
            finding.only_in(Profile::Strict);
        }
        match near {
            Some(stage) => finding.help(format!("did you mean the stage `{stage}`?")),
            None => finding.help("use the name of a stage above; for an image, add its tag"),
        };
    }
}
