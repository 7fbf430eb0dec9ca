//! DL3019: apk keeps its index in the layer.

use crate::lint::prelude::*;
use crate::model::Need;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3019",
        name: "apk-index-left",
        category: Category::Layers,
        severity: Severity::Info,
        measured_by: &[(5, "cache/apk")],
        profile: Profile::Strict,
        shipped_only: true,
        summary: "`apk add` without `--no-cache`",
        why: "Without `--no-cache`, apk needs an index in `/var/cache/apk`, which `apk update` or `--update` \
              downloads, and leaves about 2 MB in the layer. With `--no-cache`, apk downloads the index, \
              uses it and discards it, so that a cached layer cannot contain a stale index.",
        bad: &[
            "FROM alpine:3.20\nRUN apk add curl\n",
            "FROM alpine:3.20\nRUN apk update && apk add curl && rm -rf /var/cache/apk/*\n",
        ],
        good: &[
            "FROM alpine:3.20\nRUN apk add --no-cache curl\n",
            "FROM alpine:3.20\nRUN apk --no-cache add curl\n",
            "FROM alpine:3.20\nRUN --mount=type=cache,target=/var/cache/apk apk add --update curl\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let leaves = |it: &Install| {
        let folders = ["/var/cache/apk", "/etc/apk/cache"];
        it.manager == Manager::APK
            && !cx.command_of(it).has_flag("no-cache")
            && !folders.iter().any(|folder| cx.run_of(it).is_scratch(folder))
    };
    for (install, edits) in cx.lacking("--no-cache", leaves) {
        let finding =
            findings.report(install.verb, "`apk add` leaves its index in `/var/cache/apk`");
        finding
            .help("add `--no-cache`; you then need no `apk update`, no `--update` and no clean-up");
        let run = cx.run_of(install);
        // A later install may want the index that this one fetches.
        let refresh = cx.model.refresh_in(install.run, Manager::APK);
        let fetches = refresh.is_some_and(|it| cx.model.install_of(install.run, it).is_some());
        let is_kept_out = cx.model.avoids_cache(install)
            || cx.model.cache_is_mounted(run, Manager::APK)
            || fetches && cx.model.need_after(install.run, Manager::APK) != Need::Nobody;
        if let Some(edits) = edits.filter(|_| !is_kept_out) {
            finding.fix(Fix::safe("add `--no-cache`", edits).effect(Effect::Words));
        }
    }
}
