//! LW106: single files copied into one folder by several instructions.

use crate::lint::prelude::*;
use crate::model::CopyGroup;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW106",
        name: "mergeable-copies",
        category: Category::Layers,
        severity: Severity::Info,
        profile: Profile::Strict,
        summary: "consecutive `COPY` instructions copy files into the same folder",
        why: "Each `COPY` adds a layer, and no step between these could be cached separately: a change of \
              the first file copies all of them again. One `COPY` can copy all the files. An image has at \
              most 127 layers, and each one is a separate download.",
        bad: &[
            "FROM debian:12\nCOPY run.sh /usr/local/bin/\nCOPY stop.sh /usr/local/bin/\nCOPY check.sh /usr/local/bin/\n",
            "FROM nginx:1.27\nCOPY conf/nginx.conf /etc/nginx/nginx.conf\nCOPY conf/mime.types /etc/nginx/mime.types\nCOPY proxy.conf /etc/nginx/\n",
            "FROM debian:12\nCOPY --from=build /go/bin/a /usr/local/bin/a\nCOPY --from=build /go/bin/b /usr/local/bin/b\nCOPY --from=build /go/bin/c /usr/local/bin/c\n",
        ],
        good: &[
            "FROM debian:12\nCOPY run.sh stop.sh check.sh /usr/local/bin/\n",
            "FROM node:22\nCOPY package.json .\nRUN npm ci\nCOPY index.js .\n",
            "FROM debian:12\nCOPY run.sh /usr/local/bin/\nCOPY --chmod=755 stop.sh /usr/local/bin/\n",
            "FROM eclipse-temurin:21-jre\nCOPY --from=build /app/dependencies/ ./\nCOPY --from=build /app/application/ ./\n",
            "FROM debian:12\nCOPY a.conf /etc/x.conf\nCOPY b.conf /etc/y.conf\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#copy"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for group in cx.model.mergeable_copies() {
        let [first, rest @ ..] = group.instructions.as_slice() else { continue };
        let all = &cx.doc().instructions;
        let keyword = all[*first].word.to_uppercase();
        let folder = shorten(&group.folder, 30);
        let message =
            format!("{} `{keyword}` layers for `{folder}` could be one", group.instructions.len());
        let finding = findings.report(all[*first].keyword_span, message);
        for id in rest.iter().take(3) {
            finding.label(all[*id].keyword_span, "goes to the same folder");
        }
        let layers = u32::try_from(rest.len()).ok();
        finding
            .help(format!("list all sources in one `{keyword}` with the destination `{folder}`"))
            .impact(Impact { layers, ..Impact::default() });
        if let Some(fix) = joined(cx, &group).filter(|_| group.only_files) {
            finding.fix(fix);
        }
    }
}

/// The instructions as one; none where a comment is between them. The layers' own cache entries become one, so a person
/// has to look.
fn joined(cx: &Context<'_>, group: &CopyGroup) -> Option<Fix> {
    const WIDTH: usize = 100;
    let (doc, source) = (cx.doc(), cx.doc().source);
    let instructions: Vec<_> = group.instructions.iter().map(|id| &doc.instructions[*id]).collect();
    let (first, last) = (instructions.first()?, instructions.last()?);
    let span = Span { start: first.span.start, end: last.span.end };
    let next = doc.comments.partition_point(|it| it.span.start < span.start);
    let is_plain = !doc.comments.get(next).is_some_and(|it| span.contains(it.span));
    let mut words: Vec<&str> = first.flags.iter().map(|it| source.slice(it.span)).collect();
    for it in &instructions {
        let (Kind::Copy(transfer) | Kind::Add(transfer)) = &it.kind else { return None };
        words.extend(transfer.sources.iter().map(|it| source.slice(it.word.span)));
    }
    words.push(&group.folder);
    let line = format!("{} {}", first.word, words.join(" "));
    let escape = doc.escape;
    let text = if line.len() <= WIDTH {
        line
    } else {
        let (line_end, indent) = (source.line_end(), cx.model.indent());
        let rest = words.iter().map(|it| format!(" {escape}{line_end}{indent}{it}"));
        format!("{}{}", first.word, rest.collect::<String>())
    };
    let end = source.slice(span).trim_end().len();
    let span = Span::new(span.start as usize, span.start as usize + end);
    is_plain.then(|| {
        Fix::unsafe_("combine them into one", vec![Edit::replace(span, text)])
            .effect(Effect::Instructions)
    })
}
