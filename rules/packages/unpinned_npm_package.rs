//! DL3016: packages from npm without a version.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3016",
        name: "unpinned-npm-package",
        category: Category::Packages,
        profile: Profile::Strict,
        released_only: true,
        severity: Severity::Warning,
        default_severity: Some(Severity::Info),
        summary: "`npm install` of a package without a version",
        why: "The same Dockerfile can build a different image next month, with the newest versions at that \
              time. A version pins what you tested; a `package.json` with its lock file pins the \
              dependencies too.",
        bad: &[
            "FROM node:22\nRUN npm install -g typescript\n",
            "FROM node:22\nRUN npm i --global @angular/cli pnpm@9.12.0\n",
            "FROM node:22\nRUN npm install git+https://example.com/tool.git\n",
        ],
        good: &[
            "FROM node:22\nRUN npm install -g typescript@5.6.3\n",
            "FROM node:22\nRUN npm install\n",
            "FROM node:22\nRUN npm install ./tool /opt/other\n",
            "FROM node:22\nRUN npm install git+https://example.com/tool.git#v1.2\n",
            "FROM node:22\nRUN npm run install tool\n",
        ],
        references: &["https://docs.npmjs.com/cli/commands/npm-install"],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let help = "pin it: `name@version`";
    super::report_unpinned(cx, findings, help, |it| it.manager == Manager::NPM);
}
