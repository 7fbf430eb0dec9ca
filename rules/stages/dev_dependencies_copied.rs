//! LW315: a folder of dependencies is copied into the image with those for development.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW315",
        name: "dev-dependencies-copied",
        category: Category::Stages,
        severity: Severity::Info,
        profile: Profile::Strict,
        shipped_only: true,
        summary: "`COPY --from` includes development dependencies or build leftovers",
        why: "A build stage needs bundlers, compilers and test runners, and its `node_modules`, `vendor` or \
              `target` contains all of them. If you copy the whole folder, they ship too: often several \
              times the size of the program, pulled and scanned with every release.",
        bad: &[
            "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nFROM node:22-slim\nCOPY --from=build /app/node_modules ./node_modules\nCOPY --from=build /app/dist ./dist\nCMD [\"node\", \"dist/main.js\"]\n",
            "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN pnpm install --frozen-lockfile\nRUN pnpm run build\nFROM node:22-slim\nCOPY --from=build /app/node_modules /app/node_modules\nCMD [\"node\", \"/app/dist/main.js\"]\n",
            "FROM composer:2 AS vendor\nWORKDIR /app\nCOPY composer.* ./\nRUN composer install --no-scripts\nFROM php:8.3-apache\nCOPY --from=vendor /app/vendor ./vendor\n",
            "FROM rust:1.82 AS build\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nFROM debian:12-slim\nCOPY --from=build /app/target/release /app\nCMD [\"/app/server\"]\n",
        ],
        good: &[
            "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build && npm prune --omit=dev\nFROM node:22-slim\nCOPY --from=build /app/node_modules ./node_modules\nCMD [\"node\", \"dist/main.js\"]\n",
            "FROM node:22 AS deps\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --omit=dev\nFROM node:22-slim\nCOPY --from=deps /app/node_modules ./node_modules\nCMD [\"node\", \"main.js\"]\n",
            "FROM node:22 AS deps\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nFROM node:22 AS build\nCOPY --from=deps /app/node_modules ./node_modules\nRUN npm run build\nFROM nginx:1.27\nCOPY --from=build /app/dist /usr/share/nginx/html\n",
            "FROM rust:1.82 AS build\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nFROM debian:12-slim\nCOPY --from=build /app/target/release/server /server\nCMD [\"/server\"]\n",
            "FROM composer:2 AS vendor\nWORKDIR /app\nRUN composer install --no-dev\nFROM php:8.3-apache\nCOPY --from=vendor /app/vendor ./vendor\n",
        ],
        references: &["https://docs.docker.com/build/building/multi-stage/"],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for copied in cx.model.copied_dev_needs() {
        let folder = shorten(&copied.folder, 30);
        let message = match copied.manager {
            Some(_) => format!("`{folder}` includes development dependencies"),
            None => format!("`{folder}` includes everything that the build left in it"),
        };
        let finding = findings.report(copied.source, message);
        finding.label(copied.filled, "fills it here");
        let development = copied.manager.and_then(|it| it.about().development.as_ref());
        finding.help(development.map_or("copy only the program", |it| it.copied));
    }
}
