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
            let finding = findings
                .report(instruction.keyword_span, "`ADD` does what `COPY` does here")
                .label(source.word.span, "neither a URL nor an archive")
                .help("use `COPY`");
            let edits = vec![Edit::replace(instruction.keyword_span, copy_keyword(instruction))];
            let flags = ["keep-git-dir", "checksum"];
            if flags.iter().any(|flag| instruction.flag(flag).is_some()) {
                continue;
            }
            // ADD unpacks an archive under any name; what these names say is never one.
            let plain =
                add.sources.iter().all(|it| it.heredoc.is_some() || is_plain(&it.word.text));
            let fix = if plain { Fix::safe } else { Fix::unsafe_ };
            finding.fix(fix("write `COPY`".to_owned(), edits).effect(Effect::Instructions));
        }
    }
}

/// `COPY` in the case of the keyword that it replaces.
fn copy_keyword(instruction: &Instruction<'_>) -> &'static str {
    if instruction.word.chars().any(char::is_lowercase) { "copy" } else { "COPY" }
}

/// Whether a source is a folder, or a file whose ending says that it is text.
fn is_plain(source: &str) -> bool {
    const TEXT: &[&str] = &[
        "cfg",
        "cnf",
        "conf",
        "crt",
        "css",
        "go",
        "html",
        "ini",
        "js",
        "json",
        "lock",
        "md",
        "mod",
        "pem",
        "php",
        "properties",
        "py",
        "rb",
        "repo",
        "service",
        "sh",
        "sql",
        "sum",
        "toml",
        "ts",
        "txt",
        "xml",
        "yaml",
        "yml",
    ];
    let name = source.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    !source.contains('$')
        && (source.ends_with('/')
            || matches!(name, "." | "..")
            || ending.is_some_and(|ending| TEXT.binary_search(&ending).is_ok()))
}
