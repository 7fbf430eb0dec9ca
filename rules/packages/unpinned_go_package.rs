//! DL3062: Go packages without a version.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3062",
        name: "unpinned-go-package",
        category: Category::Packages,
        profile: Profile::Strict,
        severity: Severity::Warning,
        default_severity: Some(Severity::Info),
        summary: "`go install`, `go get` or `go run` of a package without a version",
        why: "Without a version, or with `@latest`, the same Dockerfile can build a different program next \
              month. Inside a module, the versions in `go.mod` apply, so a package from the source tree \
              needs none.",
        bad: &[
            "FROM golang:1.23\nRUN go install golang.org/x/tools/gopls@latest\n",
            "FROM golang:1.23\nRUN go get -u golang.org/x/lint/golint\n",
            "FROM golang:1.23\nRUN go run example.com/tool\n",
        ],
        good: &[
            "FROM golang:1.23\nRUN go install golang.org/x/tools/gopls@v0.16.2\n",
            "FROM golang:1.23\nRUN go install ./cmd/tool\n",
            "FROM golang:1.23\nRUN go run main.go\n",
            "FROM golang:1.23\nRUN go get\n",
        ],
        references: &["https://go.dev/ref/mod#go-install"],
        since: "0.1.0",
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let help = "pin it: `path@version`";
    let counts =
        |it: &Install| it.manager == Manager::GO && matches!(it.verb_name, "install" | "get");
    // Without any version the one of `go.mod` counts: outside a module `go install` refuses to work.
    let by_module = |it: &Install, package: &Package| {
        it.verb_name == "install" && package.version.is_none() && cx.model.may_be_in_module(it)
    };
    super::report_unpinned_sparing(cx, findings, help, counts, by_module);
    for (_, command) in cx.commands() {
        let package = cx.model.go_run_package(command);
        let Some(package) = package.filter(|it| !it.pinned) else { continue };
        findings
            .report(package.span, format!("`{}` is run without a version", package.shown()))
            .help(help);
    }
}
