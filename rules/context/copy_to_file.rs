//! DL3021: COPY of several sources to what is not a folder.

use crate::lint::prelude::*;
use crate::model::transfers;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3021",
        name: "copy-to-file",
        category: Category::Context,
        severity: Severity::Error,
        summary: "`COPY` of several sources to a path without a final `/`",
        why: "Several sources need a folder as their destination, and only a final `/` marks the path as a \
              folder. Without it, builders refuse the instruction or use the path as a file.",
        bad: &[
            "FROM debian:12\nCOPY a.txt b.txt /etc/app\n",
            "FROM debian:12\nWORKDIR /app\nCOPY a.txt b.txt .\n",
            "FROM debian:12\nCOPY [\"a.txt\", \"b.txt\", \"/etc/app\"]\n",
            "FROM debian:12\nCOPY a.txt b.txt $DIR\n",
        ],
        good: &[
            "FROM debian:12\nCOPY a.txt b.txt /etc/app/\n",
            "FROM debian:12\nCOPY a.txt /etc/app\n",
            "FROM debian:12\nCOPY *.txt /etc/app\n",
            "FROM debian:12\nCOPY [\"a.txt\", \"b.txt\", \"/etc/app/\"]\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#copy"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let Kind::Copy(copy) = &instruction.kind else { continue };
        let sources = copy.sources.len();
        if sources > 1 && !transfers::names_folder(&copy.destination) {
            let to = shorten(&copy.destination.text, 30);
            let finding = findings
                .report(
                    copy.destination.span,
                    format!("copying {sources} sources to `{to}` fails without a final `/`"),
                )
                .help("end the destination with `/`");
            // `.` is a folder for every builder, and a variable may end with a `/`.
            let value = cx.model.scopes.resolve(instruction.id, &copy.destination);
            let is_folder = matches!(&*value.text, "." | "..") || value.text.ends_with(['/', '\\']);
            if is_folder || !value.certain {
                finding.only_in(Profile::Strict);
            }
            // With several sources builders accept nothing but a folder.
            let ends = !copy.destination.text.ends_with(['"', '\'', '\\'])
                && !cx.model.doc.is_broken(copy.destination.span);
            if !copy.json && ends {
                let edit = Edit::insert_after(copy.destination.span, "/");
                finding.fix(Fix::safe("end it with `/`", vec![edit]).effect(Effect::Instructions));
            }
        }
    }
}
