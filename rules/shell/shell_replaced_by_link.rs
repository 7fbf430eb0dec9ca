//! DL4005: `/bin/sh` is replaced by a link.

use std::sync::LazyLock;

use crate::lint::prelude::*;
use crate::shell::{CodeSet, Dialect, LintSettings, Program, Variables, is_of_shells, lint};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL4005",
        name: "shell-replaced-by-link",
        category: Category::Shell,
        severity: Severity::Warning,
        summary: "`/bin/sh` is replaced by a link",
        why: "Scripts of the distribution rely on its own `/bin/sh`, and an update of the package restores \
              it. `SHELL` sets the shell of RUN, CMD and ENTRYPOINT without changing the system. In the \
              default profile, the rule reports only links that a RUN relies on; otherwise the link may be \
              meant for programs in the container.",
        bad: &[
            "FROM debian:12\nRUN ln -sf /bin/bash /bin/sh\nRUN source /opt/env.sh && make\n",
            "FROM debian:12\nRUN rm /bin/sh && ln -s bash /bin/sh\nRUN [[ -e /opt/x ]] && make\n",
            "FROM debian:12\nRUN ln -sf /bin/bash /bin/sh && echo {a,b} > /x\n",
        ],
        good: &[
            "FROM debian:12\nSHELL [\"/bin/bash\", \"-c\"]\n",
            "FROM debian:12\nRUN ln -s /bin/sh /usr/local/bin/sh\n",
            "FROM debian:12\nRUN ln -sf /bin/bash /bin/shell\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#shell"],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for run in cx.all_runs() {
        let links = run.script.commands.iter().filter(|it| it.is("ln"));
        let mut links = links.filter_map(|it| Some((it, it.operands().skip(1).last()?)));
        let Some((command, link)) = links.find(|it| it.1.text == "/bin/sh") else { continue };
        let finding = findings.report(link.span, "`/bin/sh` is replaced by a link");
        finding.help("set the shell with `SHELL [\"/bin/bash\", \"-c\"]` instead");
        if !replaces(cx, run, command) || !needs_bash(cx, run) {
            finding.only_in(Profile::Strict);
        }
    }
}

/// What distinguishes Bash from a plain shell.
static OF_SHELLS: LazyLock<CodeSet> = LazyLock::new(|| CodeSet::only(is_of_shells));

/// Whether a RUN after the link, or its own, uses what the plain shells lack. Otherwise the link is there for programs that
/// the container runs, which `SHELL` does not reach.
fn needs_bash(cx: &Context<'_>, link: &Run<'_>) -> bool {
    let mut after =
        cx.all_runs().filter(|it| it.id() >= link.id() && it.script.dialect == Dialect::Sh);
    after.any(|run| {
        let has_variable = |name: &str| cx.model.has_variable(run, name);
        let variables = Variables(&has_variable);
        let shell = cx.model.checked_shell(run);
        let kept = cx.model.kept_lints.as_deref();
        let found = lint(&run.script, &LintSettings { shell, variables, codes: &OF_SHELLS, kept });
        found.iter().any(|it| Program::Dash.lacks(it, &run.script).is_some())
    })
}

/// Whether there is a shell of a distribution that the link takes the place of: `ln` without `-f` fails where the name is
/// taken, unless something moved it out of the way.
fn replaces(cx: &Context<'_>, run: &Run<'_>, link: &Command) -> bool {
    let root = run.stage.and_then(|it| cx.model.root_stage(it));
    let is_bare = root.is_some_and(|it| {
        it.base == Base::Scratch
            || it.image().is_some_and(|it| it.repository.contains("distroless"))
    });
    let to_busybox = link.operands().next().is_some_and(|it| it.text.contains("busybox"));
    let makes_way = |it: &Command| {
        matches!(it.name.as_str(), "rm" | "mv" | "unlink" | "dpkg-divert")
            && it.args.iter().any(|it| it.text == "/bin/sh")
    };
    let before = cx.all_runs().filter(|it| it.stage == run.stage && it.id() <= run.id());
    let mut before = before.flat_map(|it| &it.script.commands);
    let replaces = ["f", "force"].iter().any(|it| link.has_flag(it)) || before.any(makes_way);
    replaces && !is_bare && !to_busybox
}
