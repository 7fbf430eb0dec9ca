//! DL3020: ADD where COPY does.

use crate::lint::prelude::*;
use crate::model::transfers::Origin;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3020",
        name: "added-local-file",
        category: Category::Context,
        severity: Severity::Error,
        default_severity: Some(Severity::Warning),
        summary: "`ADD` of plain files",
        why: "ADD fetches URLs and unpacks archives, by what the source turns out to be. For files of the build \
              context COPY says what happens, and goes on saying it when a file is replaced by an archive.",
        bad: &[
            "FROM debian:12\nADD app.conf /etc/\n",
            "FROM debian:12\nADD [\"my file\", \"/etc/\"]\n",
            "FROM debian:12\nADD rootfs.tar.xz extra.txt /\n",
            "FROM debian:12\nADD tools.zip /opt/\n",
            "FROM debian:12\nARG FILE\nADD $FILE /opt/\n",
        ],
        good: &[
            "FROM debian:12\nCOPY app.conf /etc/\n",
            "FROM scratch\nADD rootfs.tar.xz /\n",
            "FROM debian:12\nADD https://example.com/app /usr/local/bin/\n",
            "FROM debian:12\nADD git@github.com:team/app.git /src\n",
            "FROM debian:12\nARG URL=https://example.com/app\nADD $URL /usr/local/bin/\n",
            "FROM debian:12\nADD --unpack=true archive /opt/\n",
        ],
        references: &["https://docs.docker.com/build/building/best-practices/#add-or-copy"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let Kind::Add(add) = &instruction.kind else { continue };
        // Only ADD unpacks on demand.
        if instruction.flag("unpack").is_some() {
            continue;
        }
        let local = add.sources.iter().find(|source| {
            let value = cx.model.scopes.resolve(instruction.id, &source.word).text;
            Origin::of(source, value.trim_matches(['"', '\''])) == Origin::Local
        });
        if let Some(source) = local {
            findings
                .report(instruction.keyword_span, "`ADD` does what `COPY` does here")
                .label(source.word.span, "neither a URL nor an archive")
                .help("use `COPY`");
        }
    }
}
