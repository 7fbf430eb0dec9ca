//! DL3042: pip keeps its cache in the layer.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3042",
        name: "pip-cache-left",
        category: Category::Layers,
        measured_by: &[(5, "pip")],
        severity: Severity::Warning,
        profile: Profile::Strict,
        shipped_only: true,
        summary: "`pip install` leaves its cache in the image",
        why: "pip keeps every download and every wheel it builds in `~/.cache/pip`, so the layer contains \
              the packages twice: compressed in the cache and installed. Nothing reads the cache there.",
        bad: &[
            "FROM python:3.12\nRUN pip install flask==3.0.3\n",
            "FROM python:3.12\nRUN python3 -m pip install -r requirements.txt\n",
        ],
        good: &[
            "FROM python:3.12\nRUN pip install --no-cache-dir flask==3.0.3\n",
            "FROM python:3.12\nENV PIP_NO_CACHE_DIR=1\nRUN pip install flask==3.0.3\n",
            "FROM python:3.12\nRUN export PIP_NO_CACHE_DIR=1 && pip install flask==3.0.3\n",
            "FROM python:3.12\nRUN --mount=type=cache,target=/root/.cache/pip pip install flask==3.0.3\n",
        ],
        references: &["https://pip.pypa.io/en/stable/topics/caching/"],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let leaves = |it: &Install| it.manager == Manager::PIP && cx.model.leaves_pip_cache(it);
    for (install, edits) in cx.lacking("--no-cache-dir", leaves) {
        let finding =
            findings.report(install.verb, "pip leaves downloads and wheels in `~/.cache/pip`");
        finding.help("add `--no-cache-dir`, or use a cache mount for `/root/.cache/pip`");
        let run = cx.run_of(install);
        // pip takes the beginning of the option too.
        let is_given = cx.command_of(install).args.iter().any(|it| it.text.starts_with("--no-ca"));
        let is_kept_out = is_given || cx.model.cache_is_mounted(run, Manager::PIP);
        if let Some(edits) = edits.filter(|_| !is_kept_out) {
            finding.fix(Fix::safe("add `--no-cache-dir`", edits).effect(Effect::Words));
        }
    }
}
