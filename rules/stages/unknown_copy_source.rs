//! DL3022: `COPY --from` names no earlier stage.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3022",
        name: "unknown-copy-source",
        category: Category::Stages,
        released_only: true,
        summary: "`COPY --from` names no earlier stage",
        why: "A name that is no stage is taken for an image and fetched from a registry, without a tag its `latest`. \
              Where the name is a slip, the build fails late, or takes files of a stranger's image.",
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
            .report(from.span, format!("`{}` is no earlier stage", shorten(&from.text, 50)));
        let near = cx.model.near_stage(instruction.id, &from.text);
        // A build file or a flag may give a folder, an image or another target under any name; only a slip is sure.
        if near.is_none() || cx.model.is_named_beside(&from.text) {
            finding.only_in(Profile::Strict);
        }
        match near {
            Some(stage) => finding.help(format!("did you mean the stage `{stage}`?")),
            None => finding.help("name a stage above; for an image, add its tag"),
        };
    }
}
