//! DL3020: ADD where COPY does.

use crate::lint::prelude::*;
use crate::model::transfers::{Origin, is_plain_source, names_folder};
use crate::syntax::TransferSource;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3020",
        name: "added-local-file",
        category: Category::Context,
        profile: Profile::Strict,
        shipped_only: true,
        once: Some(Once::File),
        severity: Severity::Error,
        default_severity: Some(Severity::Info),
        released_only: true,
        manner: true,
        summary: "`ADD` of plain files",
        why: "ADD downloads URLs and unpacks archives, depending on the source. For files of the build \
              context, COPY is clearer, and keeps its meaning if a file is replaced by an archive.",
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
        let is_local = |source: &&TransferSource<'_>| {
            let value = cx.model.scopes.resolve(instruction.id, &source.word).text;
            Origin::of(source, value.trim_matches(['"', '\''])) == Origin::Local
        };
        let Some(source) = add.sources.iter().find(is_local) else { continue };
        let finding = findings
            .report(instruction.keyword_span, "`ADD` does the same as `COPY` here")
            .label(source.word.span, "neither a URL nor an archive")
            .help("use `COPY`");
        // COPY knows neither these flags nor the other sources.
        let only_add = ["keep-git-dir", "checksum"];
        if only_add.iter().any(|flag| instruction.flag(flag).is_some())
            // There COPY is another rule's finding: what has to change first is the destination.
            || cx.model.lands_by_base(instruction.id, add)
            || add.sources.len() > 1 && !names_folder(&add.destination)
            || !add.sources.iter().all(|it| is_local(&it) && !it.word.text.contains(".tar"))
        {
            continue;
        }
        let edits = vec![Edit::replace(instruction.keyword_span, copy_keyword(instruction))];
        // ADD unpacks an archive under any name; what these names say is never one.
        let plain =
            add.sources.iter().all(|it| it.heredoc.is_some() || is_plain_source(&it.word.text));
        let fix = if plain { Fix::safe } else { Fix::unsafe_ };
        let fix = fix("write `COPY`".to_owned(), edits).effect(Effect::Instructions);
        finding.fix(fix.reveals(&["LW106"]));
    }
}

/// `COPY` in the case of the keyword that it replaces.
fn copy_keyword(instruction: &Instruction<'_>) -> &'static str {
    if instruction.word.chars().any(char::is_lowercase) { "copy" } else { "COPY" }
}
