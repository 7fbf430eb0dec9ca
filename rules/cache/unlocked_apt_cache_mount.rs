//! LW210: builds that run at the same time share apt's folders without a lock.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW210",
        name: "unlocked-apt-cache-mount",
        category: Category::Cache,
        severity: Severity::Warning,
        released_only: true,
        summary: "a cache mount on apt's folders without `sharing=locked`",
        why: "apt locks its lists and its package archive. Concurrent builds, and stages that BuildKit \
              builds in parallel, share a cache mount: the second apt finds the lock taken and fails with \
              \"Could not get lock\". With `sharing=locked`, the second one waits.",
        bad: &[
            "FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y curl\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/var/cache/apt,sharing=shared apt-get update && apt-get install -y curl\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt/lists apt-get update && apt-get install -y curl\n",
        ],
        good: &[
            "FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && apt-get install -y curl\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/var/cache/apt,sharing=private apt-get update && apt-get install -y curl\n",
            "FROM debian:12\nRUN --mount=type=cache,target=/root/.cache/pip pip install flask\n",
            "FROM debian:12\nRUN --mount=type=tmpfs,target=/var/lib/apt apt-get update && apt-get install -y curl\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#example-cache-apt-packages"],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.all_runs() {
        let shared = |word: &Word<'_>| word.text.eq_ignore_ascii_case("shared");
        let is_open = |mount: &&Mount<'_>| {
            mount.kind == MountType::Cache
                && manager_of(mount).is_some()
                && mount.option("sharing").is_none_or(shared)
        };
        let mut open = run.mounts.iter().filter(is_open);
        let Some(first) = open.next() else { continue };
        let name = manager_of(first).map_or("", |it| it.about().name);
        let finding = findings
            .report(
                first.span,
                format!("concurrent builds fail because they share {name}'s lock in this mount"),
            )
            .help("add `sharing=locked`");
        let others: Vec<&Mount<'_>> = open.collect();
        for other in &others {
            finding.label(other.span, "this mount too");
        }
        let edits = std::iter::once(&first).chain(&others).map(|it| {
            match it.options.iter().find(|option| option.key == "sharing") {
                Some(option) => Edit::replace(option.span, "sharing=locked"),
                None => Edit::insert_after(it.span, ",sharing=locked"),
            }
        });
        let fix = Fix::safe("add `sharing=locked`", edits.collect());
        finding.fix(fix.effect(Effect::Instructions));
    }
}

/// The manager whose lock a mount holds.
fn manager_of(mount: &Mount<'_>) -> Option<Manager> {
    let target = mount.option("target").and_then(Word::literal)?;
    let is_in = |folder: &str| {
        target.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut locked = Manager::ALL.iter().filter(|it| it.mounts.is_locked);
    locked.find(|it| it.mounted_folders().any(is_in)).copied()
}
