//! DL3015: apt-get installs recommended packages too.

use crate::lint::prelude::*;
use crate::model::{lacks_headers, recommends_its_use, simulates};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3015",
        name: "apt-recommended-packages",
        category: Category::Packages,
        measured_by: &[(7, "")],
        severity: Severity::Info,
        shipped_only: true,
        summary: "`apt-get install` without `--no-install-recommends`",
        why: "Debian and Ubuntu also install what a package recommends. In an image, most of that is never \
              used, but it stays in the layer. It is often larger than the package itself, and also needs \
              security updates. In the default profile, the rule reports only packages that are known to \
              recommend a lot, in images that say what they run.",
        bad: &["FROM debian:12\nRUN apt-get update && apt-get install -y curl\n"],
        good: &[
            "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n",
            "FROM debian:12\nRUN apt-get install -y -o APT::Install-Recommends=false curl\n",
            "FROM debian:12\nRUN apt-get install -y -oAPT::Install-Recommends=0 curl\n",
        ],
        references: &["https://docs.docker.com/build/building/best-practices/#apt-get"],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

const OPTION: &str = "--no-install-recommends";

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let takes_all = |it: &Install| {
        it.verb_name == "install"
            && cx.command_of(it).is("apt-get")
            && cx.model.takes_recommended(it)
    };
    let switched_off = cx.model.recommends_switched_off();
    let runs_something = cx.model.says_what_runs();
    let certificates = cx.model.certificate_installs();
    for (install, edits) in cx.lacking(OPTION, takes_all) {
        let finding = findings
            .report(
                install.verb,
                "this also installs recommended packages, which stay in the image",
            )
            .help("add `--no-install-recommends`, and list the recommended packages that you need");
        let run = cx.run_of(install);
        let beneath = cx.model.beneath(run.id());
        if simulates(cx.command_of(install))
            || switched_off.iter().any(|it| *it == run.id() || beneath.contains(*it))
        {
            finding.only_in(Profile::Strict);
            continue;
        }
        // Who works in an image may well want the rest.
        let heavy = cx.model.heavy_recommends(install).filter(|_| runs_something);
        let heavy = heavy.filter(|it| !cx.model.is_purged_with_needs(install, &it.name));
        match heavy {
            Some(package) => {
                finding.label(package.span, "recommends tens of megabytes more");
            }
            None => {
                finding.only_in(Profile::Strict);
            }
        }
        if let Some(edits) =
            edits.filter(|_| !recommends_its_use(install) && !lacks_headers(install))
            && !cx.model.may_lack_certificates(install, &certificates)
        {
            // What was only recommended may be needed after all.
            finding.fix(Fix::unsafe_(format!("add `{OPTION}`"), edits).effect(Effect::Words));
        }
    }
}
