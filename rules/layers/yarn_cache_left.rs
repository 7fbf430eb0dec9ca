//! DL3060: yarn leaves its cache in the layer.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3060",
        name: "yarn-cache-left",
        category: Category::Layers,
        measured_by: &[(5, "yarn")],
        severity: Severity::Info,
        profile: Profile::Strict,
        shipped_only: true,
        summary: "`yarn install` without `yarn cache clean` after it",
        why: "yarn keeps the archives of all packages that it installs, about as large as the installed \
              packages. No program in the image needs them. Delete them in the same RUN, because a later one \
              cannot make the layer smaller.",
        bad: &[
            "FROM node:22\nRUN yarn install\n",
            "FROM node:22\nRUN yarn cache clean && yarn install\n",
        ],
        good: &[
            "FROM node:22\nRUN yarn install && yarn cache clean\n",
            "FROM node:22\nRUN --mount=type=cache,target=/root/.cache/yarn yarn install\n",
            "FROM node:22\nRUN yarn run build\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let help = "end the RUN with `yarn cache clean`";
    super::report_cache_left(cx, findings, Manager::YARN, help, |run, it| {
        let counts = run.onbuild || run.stage.is_some_and(|it| cx.model.is_base_or_last(it));
        counts && it.is("yarn") && it.operands().any(|word| word.text == "install")
    });
}
