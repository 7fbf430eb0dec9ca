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
        // A build file gives a folder or another target under this name.
        if cx.model.is_named_beside(&from.text) || near.is_none() && is_image(&from.text) {
            finding.only_in(Profile::Strict);
        }
        match near {
            Some(stage) => finding.help(format!("did you mean the stage `{stage}`?")),
            None => finding.help("name a stage above; for an image, add its tag"),
        };
    }
}

/// Whether the name can only be meant as that of an image: one with a namespace or digest, or a well-known one.
fn is_image(name: &str) -> bool {
    const WELL_KNOWN: &[&str] = &[
        "alpine",
        "bash",
        "busybox",
        "caddy",
        "composer",
        "debian",
        "docker",
        "golang",
        "gradle",
        "haproxy",
        "httpd",
        "maven",
        "memcached",
        "mongo",
        "mysql",
        "nginx",
        "node",
        "openjdk",
        "php",
        "postgres",
        "python",
        "redis",
        "ruby",
        "rust",
        "traefik",
        "ubuntu",
        "vault",
    ];
    name.contains(['/', '@']) || WELL_KNOWN.binary_search(&name).is_ok()
}
