//! LW721: `npm install` where a lock file was copied for it.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW721",
        name: "install-beside-lock-file",
        category: Category::Packages,
        severity: Severity::Info,
        released_only: true,
        summary: "`npm install` although a lock file is copied",
        why: "`npm install` treats the lock file as a hint. If it disagrees with `package.json`, npm \
              silently installs other versions and writes a new lock file into the layer. `npm ci` installs \
              exactly the versions in the lock file or fails, and is faster.",
        bad: &[
            "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm install\n",
            "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json /app/\nRUN npm install --omit=dev\n",
            "FROM node:22 AS build\nCOPY package.json npm-shrinkwrap.json /src/\nRUN cd /src && npm i\nFROM nginx:1.27\nCOPY --from=build /src/dist /usr/share/nginx/html\n",
        ],
        good: &[
            "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\n",
            "FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\n",
            "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm install -g pnpm@9\n",
            "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm install --package-lock-only\n",
            "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN if [ -n \"$CI\" ]; then npm ci; else npm install; fi\n",
        ],
        references: &["https://docs.npmjs.com/cli/commands/npm-ci"],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for it in cx.model.unlocked_installs() {
        let install = &cx.model.installs[it.install];
        let command = cx.command_of(install);
        let span = Span { end: install.verb.end, ..command.name_span };
        let message = format!(
            "`npm {}` may install other versions than those in the lock file",
            install.verb_name
        );
        let finding = findings.report(span, message);
        finding.label(it.copied, format!("brings `{}`", it.lock));
        finding.help("use `npm ci`, which installs exactly the versions in the lock file");
        if it.replaceable && cx.model.takes_words(cx.run_of(install), command) {
            let edit = Edit::replace(install.verb, "ci".to_owned());
            // It fails where the lock file does not fit the manifest.
            finding.fix(Fix::unsafe_("use `npm ci`", vec![edit]).effect(Effect::Instructions));
        }
    }
}
