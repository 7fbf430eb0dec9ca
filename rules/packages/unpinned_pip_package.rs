//! DL3013: packages from pip without a version.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3013",
        name: "unpinned-pip-package",
        category: Category::Packages,
        severity: Severity::Warning,
        default_severity: Some(Severity::Info),
        summary: "`pip install` of a package without a version",
        why: "The same Dockerfile gives another image next month, with whatever the index holds then, its \
              dependencies included. Naming versions, or a requirements or constraints file with them, keeps \
              what was tested.",
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
    super::report_unpinned(cx, findings, help, |it| is_free(cx, it));
}

/// Whether only the command line decides versions.
fn is_free(cx: &Context<'_>, install: &Install) -> bool {
    matches!(install.manager, Manager::Pip | Manager::Pipx) && !cx.model.is_bound_by_files(install)
}
