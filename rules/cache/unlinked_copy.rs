//! LW207: COPY without `--link` in a file that uses it.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW207",
        name: "unlinked-copy",
        category: Category::Cache,
        once: Some(Once::File),
        severity: Severity::Info,
        shipped_only: true,
        summary: "`COPY --from` without `--link`, though the file uses it elsewhere",
        why: "A plain `COPY` is made anew whenever anything above it changes, such as a new base image. With `--link` its \
              layer stands for itself: it is taken from the cache and can be put onto another base without being built \
              again. It does not follow symbolic links at the destination, so a person has to look.",
        bad: &[
            "FROM golang:1.23 AS build\nFROM debian:12\nCOPY --link a.conf /etc/a.conf\nCOPY --from=build /out/app /usr/local/bin/app\n",
            "FROM debian:12 AS build\nFROM alpine:3.20\nCOPY --from=build --link /a /opt/a\nCOPY --from=build /b /opt/b\n",
            "FROM debian:12\nCOPY --link --from=busybox:1.36 /bin/busybox /x/\nCOPY --from=alpine:3.20 --chown=0:0 /etc/os-release /x/\n",
        ],
        good: &[
            "FROM debian:12\nCOPY --from=build /out/app /usr/local/bin/app\n",
            "FROM debian:12\nCOPY --link --from=build /out/app /usr/local/bin/app\n",
            "FROM debian:12\nCOPY --link --from=build /a /a\nCOPY --from=build --chown=app /b /b\n",
            "FROM debian:12\nRUN useradd -m app && chown app /app\nCOPY --link --from=build /a /usr/bin/a\nCOPY --from=build /b /app/b\n",
            "FROM debian:12\nCOPY --link --from=build /a /a\nWORKDIR /app\nCOPY --from=build /b ./\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#copy---link"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let is_copy = |it: &&Instruction<'_>| matches!(it.kind, Kind::Copy(_));
    let link = cx.instructions().filter(is_copy).find_map(|it| it.flag("link"));
    let Some(link) = link else { return };
    for instruction in cx.instructions().filter(is_copy) {
        let Kind::Copy(copy) = &instruction.kind else { continue };
        // On the empty image there is nothing beneath that could change.
        let on_scratch =
            cx.model.stage_of(instruction.id).is_some_and(|it| it.base == Base::Scratch);
        let by_number = instruction
            .flag("chown")
            .and_then(|it| it.value.as_ref())
            .is_none_or(|owner| owner.text.chars().all(|it| it.is_ascii_digit() || it == ':'));
        // A relative destination depends on the folder that an earlier layer made, with its links.
        let is_absolute =
            copy.destination.literal().is_some_and(|it| it.starts_with('/') && it.len() > 1);
        if on_scratch
            || instruction.flag("from").is_none()
            || instruction.flag("link").is_some()
            || !by_number
            || !is_absolute
            || cx.model.may_reset_owner(instruction.id, &copy.destination.text)
        {
            continue;
        }
        let fix = Fix::unsafe_(
            "add `--link`",
            vec![Edit::insert_after(instruction.keyword_span, " --link")],
        );
        findings
            .report(instruction.keyword_span, "this layer is made anew with every new base image")
            .label(link.span, "the file uses `--link` here")
            .help("add `--link`, unless the destination lies behind a symbolic link")
            .fix(fix.effect(Effect::Instructions));
    }
}
