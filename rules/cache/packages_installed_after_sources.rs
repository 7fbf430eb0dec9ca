//! LW214: system packages are installed after the application is copied.

use std::collections::BTreeMap;

use super::source_copied_before_dependencies::{installed_first, point_at_others};
use crate::lint::prelude::*;
use crate::model::{LateInstall, Placed};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW214",
        name: "packages-installed-after-sources",
        category: Category::Cache,
        severity: Severity::Warning,
        profile: Profile::Audit,
        since: "0.2.0",
        summary: "system packages are installed after the application is copied",
        why: "The builder reuses a step from the cache only if everything copied before it is unchanged. \
              Build output changes with nearly every build. Packages that are installed after it is copied \
              are downloaded and installed every time, and their layer is pushed and pulled every time. \
              Above the copy, they are installed once.",
        bad: &[
            "FROM golang:1.23 AS build\nCOPY . .\nRUN go build -o /app .\nFROM debian:12\nCOPY --from=build /app /usr/local/bin/app\nRUN apt-get update && apt-get install -y ca-certificates\n",
            "FROM eclipse-temurin:21-jre-alpine\nCOPY target/shop.jar /opt/shop.jar\nRUN apk add --no-cache curl\n",
            "FROM php:8.3\nCOPY src /var/www/html/src\nRUN apt-get update && apt-get install -y libpq-dev\n",
        ],
        good: &[
            "FROM golang:1.23 AS build\nCOPY . .\nRUN go build -o /app .\nFROM debian:12\nRUN apt-get update && apt-get install -y ca-certificates\nCOPY --from=build /app /usr/local/bin/app\n",
            "FROM debian:12\nCOPY keyrings /etc/apt/keyrings\nRUN apt-get update && apt-get install -y curl\n",
            "FROM debian:12\nCOPY --from=busybox:1.36 /bin/busybox /bin/busybox\nRUN apt-get update && apt-get install -y curl\n",
            "FROM debian:12\nCOPY packages /opt/packages\nRUN /opt/packages/add-repository && apt-get install -y tool\n",
            "FROM debian:12\nCOPY entrypoint.sh /\nRUN apt-get update && apt-get install -y curl\n",
        ],
        references: &["https://docs.docker.com/build/cache/optimize/#order-your-layers"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let model = cx.model;
    let late = model.late_installs();
    let mut groups: BTreeMap<usize, Vec<&LateInstall>> = BTreeMap::new();
    for it in late.iter().filter(|it| it.placed == Placed::Product) {
        let Some(first) = it.copies.first() else { continue };
        groups.entry(*first).or_default().push(it);
    }
    for group in groups.values() {
        let Some(first) = group.first() else { continue };
        let install = &model.installs[first.install];
        let span = Span { end: install.verb.end, ..cx.command_of(install).name_span };
        let n: usize = group.iter().map(|it| model.installs[it.install].packages.len()).sum();
        let what = if n == 1 { "a package".to_owned() } else { format!("{n} packages") };
        let finding = findings
            .report(span, format!("every change of the files copied above installs {what} again"))
            .label(first.source, "copied before it");
        let others = group.iter().map(|it| &model.installs[it.install]);
        point_at_others(cx, finding, others.filter(|it| it.run != install.run));
        finding
            .help("install packages above the `COPY`, because they need none of the copied files");
        if let Some(fix) = installed_first(cx, first, install) {
            finding.fix(fix);
        }
    }
}
