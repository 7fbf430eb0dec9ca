//! LW207: COPY without `--link` in a file that uses it.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW207",
        name: "unlinked-copy",
        category: Category::Cache,
        once: Some(Once::File),
        severity: Severity::Info,
        profile: Profile::Audit,
        shipped_only: true,
        summary: "`COPY --from` without `--link`, though the file uses it elsewhere",
        why: "A plain `COPY` runs again whenever anything above it changes, such as the base image. With \
              `--link`, its layer does not depend on the layers below: the builder reuses it from the cache, \
              even on another base image. `--link` does not follow symbolic links in the destination, and \
              the folders that it creates belong to root, so review the change. The gain is small if the \
              base image seldom changes, so the rule is only in the `audit` profile.",
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
    let unlinked: Vec<_> = cx.instructions().filter(|it| could_be_linked(cx, it)).collect();
    let Some((first, others)) = unlinked.split_first() else { return };
    let add = |it: &&Instruction<'_>| Edit::insert_after(it.keyword_span, " --link");
    let fix = Fix::unsafe_("add `--link`", unlinked.iter().map(add).collect());
    let finding = findings
        .report(first.keyword_span, "without `--link`, a new base image repeats this copy")
        .label(link.span, "the file uses `--link` here")
        .help("add `--link`, unless the destination contains a symbolic link")
        .fix(fix.effect(Effect::Instructions));
    for other in others.iter().take(MOST_OTHERS) {
        finding.label(other.keyword_span, "this one too");
    }
}

/// How many further copies are pointed at.
const MOST_OTHERS: usize = 3;

/// Whether a COPY from another stage or image could have `--link`, and has not.
fn could_be_linked(cx: &Context<'_>, instruction: &Instruction<'_>) -> bool {
    let Kind::Copy(copy) = &instruction.kind else { return false };
    // On the empty image there is nothing beneath that could change.
    let on_scratch = cx.model.stage_of(instruction.id).is_some_and(|it| it.base == Base::Scratch);
    // An owner's name is looked up in the image beneath, which a linked layer does not see.
    let by_number = instruction
        .flag("chown")
        .and_then(|it| it.value.as_ref())
        .is_none_or(|owner| owner.text.chars().all(|it| it.is_ascii_digit() || it == ':'));
    // A relative destination depends on the folder that an earlier layer made, with its links.
    let is_absolute =
        copy.destination.literal().is_some_and(|it| it.starts_with('/') && it.len() > 1);
    !on_scratch
        && instruction.flag("from").is_some()
        && instruction.flag("link").is_none()
        && by_number
        && is_absolute
        && !cx.model.may_reset_owner(instruction.id, &copy.destination.text)
}
