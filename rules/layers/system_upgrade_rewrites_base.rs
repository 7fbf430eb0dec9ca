//! LW109: an upgrade of all packages of the base image.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW109",
        name: "system-upgrade-rewrites-base",
        category: Category::Layers,
        measured_by: &[(2, "")],
        severity: Severity::Info,
        profile: Profile::Audit,
        shipped_only: true,
        summary: "an upgrade of all packages, which stores parts of the base image again",
        why: "The image contains every file that the upgrade replaces twice: in the layer of the base image, \
              where it stays forever, and in the new one. The result also depends on the day of the build. A \
              newer tag of the base image, or `docker build --pull`, brings the same fixes without a second \
              copy. If a base image is rebuilt too seldom, the upgrade is the right choice, so the rule is \
              only in `audit`.",
        bad: &[
            "FROM debian:12\nRUN apt-get update && apt-get upgrade -y && rm -rf /var/lib/apt/lists/*\n",
            "FROM alpine:3.20\nRUN apk upgrade --no-cache\n",
            "FROM fedora:41\nRUN dnf -y update && dnf clean all\n",
            "FROM ubuntu:24.04\nRUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get -y -o Dpkg::Options::=--force-confold dist-upgrade\n",
        ],
        good: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y --only-upgrade openssl\n",
            "FROM fedora:41\nRUN dnf -y update openssl\n",
            "FROM alpine:3.20\nRUN apk upgrade --no-cache openssl\n",
            "FROM fedora:41\nRUN dnf -y update --security\n",
        ],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often",
        ],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.runs() {
        // A layer stores what it replaces once, whatever the number of upgrades.
        let mut commands = run.script.commands.iter();
        let upgrade = commands.find_map(|command| Some((command, upgrade_of_all(command)?)));
        let Some((command, verb)) = upgrade else { continue };
        let name = format!("{} {}", command.name, verb.text);
        let span = Span { start: command.name_span.start, end: verb.span.end };
        findings
            .report(span, format!("`{name}` stores the files that it replaces a second time"))
            .help("use a newer tag of the base image, or build with `--pull`");
    }
}

/// The verb of a command that upgrades whatever is installed.
fn upgrade_of_all(command: &Command) -> Option<&ShellWord> {
    let manager = Manager::of_program(&command.name).filter(|it| it.is_system())?;
    let verbs = manager.commands.upgrades;
    let mut words = command.operands().skip_while(|it| !verbs.contains(&it.text.as_str()));
    let verb = words.next()?;
    let is_narrow = words.next().is_some()
        || ["security", "advisory", "advisories", "bugfix", "cve", "sec-severity"]
            .iter()
            .any(|flag| command.has_flag(flag));
    (!is_narrow).then_some(verb)
}
