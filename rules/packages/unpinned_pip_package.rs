//! DL3013: packages from pip without a version.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3013",
        name: "unpinned-pip-package",
        category: Category::Packages,
        profile: Profile::Strict,
        released_only: true,
        severity: Severity::Warning,
        default_severity: Some(Severity::Info),
        summary: "`pip install` of a package without a version",
        why: "The same Dockerfile can build a different image next month, with the newest versions of \
              packages and dependencies at that time. Versions, or a requirements or constraints file with \
              versions, pin what you tested.",
        bad: &[
            "FROM python:3.12\nRUN pip install --no-cache-dir flask\n",
            "FROM python:3.12\nRUN python3 -m pip install --no-cache-dir --upgrade pip\n",
            "FROM python:3.12\nRUN pip install --no-cache-dir git+https://example.com/tool\n",
        ],
        good: &[
            "FROM python:3.12\nRUN pip install --no-cache-dir 'flask==3.0.3' 'gunicorn>=22,<23'\n",
            "FROM python:3.12\nRUN pip install --no-cache-dir -r requirements.txt\n",
            "FROM python:3.12\nRUN pip install --no-cache-dir -c constraints.txt flask\n",
            "FROM python:3.12\nRUN pip install --no-cache-dir --timeout 100 flask==3.0.3\n",
            "FROM python:3.12\nRUN pip install --no-cache-dir .\n",
            "FROM python:3.12\nRUN pip install --no-cache-dir git+https://example.com/tool@v1\n",
        ],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let help = "pin it: `name==version`, or install from a requirements file with versions";
    let is_path = |it: &Install, package: &Package| is_path(cx, it, package);
    super::report_unpinned_sparing(cx, findings, help, |it| is_free(cx, it), is_path);
}

/// Whether the package is a path that a variable of the file begins.
fn is_path(cx: &Context<'_>, install: &Install, package: &Package) -> bool {
    let args = &cx.command_of(install).args;
    let word = args.get(args.partition_point(|it| it.span < package.span));
    let text = word
        .filter(|it| it.span == package.span)
        .filter(|it| !it.is_static && it.text.starts_with('$'));
    let text = text.and_then(|it| cx.model.shell_text(cx.run_of(install).id(), it));
    text.is_some_and(|it| it.starts_with(['/', '.']))
}

/// Whether only the command line decides versions.
fn is_free(cx: &Context<'_>, install: &Install) -> bool {
    [Manager::PIP, Manager::PIPX].contains(&install.manager) && !cx.model.is_bound_by_files(install)
}
