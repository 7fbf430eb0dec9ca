//! LW213: curl saves whatever the server answers.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW213",
        name: "error-page-saved",
        category: Category::Cache,
        severity: Severity::Warning,
        summary: "`curl` without `--fail` saves an error page as the file",
        why: "If the server answers with 404 or 500, curl writes the error page into the file and succeeds, \
              unless you pass `-f`. The step is cached, and the problem appears only when the image runs. If \
              a later command unpacks the file or verifies its checksum, that command fails instead.",
        bad: &[
            "FROM debian:12\nRUN curl -sSL -o /usr/local/bin/tool https://example.com/tool && chmod +x /usr/local/bin/tool\n",
            "FROM debian:12\nWORKDIR /opt\nRUN curl -LO https://example.com/app-1.0.jar\n",
            "FROM debian:12\nRUN curl -s https://example.com/tool > /usr/bin/tool\n",
        ],
        good: &[
            "FROM debian:12\nRUN curl -fsSL -o /usr/local/bin/tool https://example.com/tool && chmod +x /usr/local/bin/tool\n",
            "FROM debian:12\nRUN curl -sSLO https://example.com/a.tar.gz && tar xzf a.tar.gz\n",
            "FROM debian:12\nRUN curl -sSLo /bin/tool https://example.com/tool && echo \"1a2b  /bin/tool\" | sha256sum -c\n",
            "FROM debian:12\nRUN curl -s https://example.com/health\n",
        ],
        references: &["https://curl.se/docs/manpage.html#-f"],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let mut told = None;
    for download in cx.model.unchecked_downloads() {
        // One finding per RUN.
        if told.replace(download.run) == Some(download.run) {
            continue;
        }
        let run = &cx.model.runs[download.run];
        let command = &run.script.commands[download.command];
        let finding = findings
            .report(
                command.name_span,
                "without `-f`, `curl` saves a server's error page as this file",
            )
            .help("add `-f`, so that `curl` fails if the server does");
        if cx.model.takes_words(run, command) {
            // It fails where it went on before.
            let edit = Edit::insert_after(command.name_span, " -f");
            finding.fix(Fix::unsafe_("add `-f`", vec![edit]).effect(Effect::Words));
        }
    }
}
