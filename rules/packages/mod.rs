//! Package managers.

mod apt_command;
mod apt_recommended_packages;
mod apt_without_yes;
mod both_curl_and_wget;
mod dnf_without_yes;
mod install_beside_lock_file;
mod unpinned_apk_package;
mod unpinned_apt_package;
mod unpinned_dnf_package;
mod unpinned_gem_package;
mod unpinned_go_package;
mod unpinned_npm_package;
mod unpinned_pip_package;
mod unpinned_yum_package;
mod unpinned_zypper_package;
mod yum_without_yes;
mod zypper_dist_upgrade;
mod zypper_without_yes;

use crate::lint::Rule;
use crate::lint::prelude::{
    Context, Effect, Findings, Fix, Install, Manager, Package, Profile, ShellWord,
};
use crate::model::variables_in;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    apt_command::RULE,
    apt_recommended_packages::RULE,
    apt_without_yes::RULE,
    both_curl_and_wget::RULE,
    dnf_without_yes::RULE,
    install_beside_lock_file::RULE,
    unpinned_apk_package::RULE,
    unpinned_apt_package::RULE,
    unpinned_dnf_package::RULE,
    unpinned_gem_package::RULE,
    unpinned_go_package::RULE,
    unpinned_npm_package::RULE,
    unpinned_pip_package::RULE,
    unpinned_yum_package::RULE,
    unpinned_zypper_package::RULE,
    yum_without_yes::RULE,
    zypper_dist_upgrade::RULE,
    zypper_without_yes::RULE,
];

/// Reports, once a RUN, the first package without a version among the installs that `counts` accepts.
fn report_unpinned(
    cx: &Context<'_>,
    findings: &mut Findings,
    help: &str,
    counts: impl Fn(&Install) -> bool,
) {
    report_unpinned_packages(cx, findings, help, counts, |_, _| true);
}

/// The same, but only in the strict profile where the file shows that each package is decided elsewhere.
fn report_unpinned_sparing(
    cx: &Context<'_>,
    findings: &mut Findings,
    help: &str,
    counts: impl Fn(&Install) -> bool,
    spared: impl Fn(&Install, &Package) -> bool,
) {
    report_unpinned_packages(cx, findings, help, &counts, |it, its| !spared(it, its));
    for (_, installs) in cx.model.installs_by_run() {
        let mut unpinned = unpinned(installs, &counts).peekable();
        let Some((_, package)) = unpinned.peek().copied() else { continue };
        if unpinned.all(|(it, its)| spared(it, its)) {
            let message = format!("`{}` is installed without a version", package.shown());
            findings.report(package.span, message).help(help).only_in(Profile::Strict);
        }
    }
}

/// The packages without a version of the installs that `counts` accepts, each with its install.
fn unpinned(
    installs: &[Install],
    counts: impl Fn(&Install) -> bool,
) -> impl Iterator<Item = (&Install, &Package)> {
    let installs = installs.iter().filter(move |it| counts(it));
    let packages = installs.flat_map(|it| it.packages.iter().map(move |its| (it, its)));
    packages.filter(|(_, its)| !its.pinned)
}

/// Reports, once a RUN, the first package without a version among the installs that `counts` accepts, if it is one of those
/// that `is_meant` picks.
fn report_unpinned_packages(
    cx: &Context<'_>,
    findings: &mut Findings,
    help: &str,
    counts: impl Fn(&Install) -> bool,
    is_meant: impl Fn(&Install, &Package) -> bool,
) {
    for (_, installs) in cx.model.installs_by_run() {
        let mut unpinned = unpinned(installs, &counts).filter(|(it, its)| is_meant(it, its));
        let Some((_, package)) = unpinned.next() else { continue };
        let more = match unpinned.count() {
            0 => String::new(),
            n => format!(" (and {n} more)"),
        };
        let message = format!("`{}`{more} is installed without a version", package.shown());
        findings.report(package.span, message).help(help);
    }
}

/// Reports packages without a version of a tool of the dnf family. Groups have none; a variable of the Dockerfile may
/// hold one.
fn report_unpinned_rpms(cx: &Context<'_>, findings: &mut Findings, tools: &[&str]) {
    let help = "pin it: `name-version`, or `name:stream` for a module";
    let counts = |install: &Install| {
        let command = cx.command_of(install);
        tools.contains(&command.name.as_str())
            && install.verb_name == "install"
            && command.verb().is_none_or(|word| word.text != "group")
    };
    report_unpinned_packages(cx, findings, help, counts, |install, package| {
        !variables_in(&package.text).any(|name| cx.model.is_defined_for(install, name))
    });
}

/// Reports the installs that wait for an answer, once a RUN; only in the strict profile those that do not really ask.
fn report_unanswered(
    cx: &Context<'_>,
    findings: &mut Findings,
    asks: impl Fn(&Install) -> bool,
    waits: impl Fn(&Install) -> bool,
) {
    for (install, edits) in cx.lacking("-y", waits) {
        let name = cx.model.install_name(install);
        let finding = findings
            .report(install.verb, format!("`{name}` waits for an answer and stops the build"))
            .help("add `-y`");
        if !asks(install) {
            finding.only_in(Profile::Strict);
        }
        if let Some(edits) = edits {
            finding.fix(Fix::safe("add `-y`", edits).effect(Effect::Words));
        }
    }
}

/// Whether an install of one of these tools of the dnf family waits for an answer.
fn waits_for_dnf(cx: &Context<'_>, install: &Install, tools: &[&str]) -> bool {
    let answers = |word: &ShellWord| {
        word.is_flag("y") || word.is_flag("assumeyes") || word.text.ends_with("assumeyes=1")
    };
    let command = cx.command_of(install);
    install.manager == Manager::DNF
        && tools.contains(&command.name.as_str())
        && matches!(install.verb_name, "install" | "groupinstall" | "localinstall")
        && !command.args.iter().any(answers)
}
