//! LW110: files of an earlier layer are moved or rewritten in a later one.

use crate::lint::prelude::*;
use crate::model::{How, Shape, Write};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW110",
        name: "move-stores-twice",
        category: Category::Layers,
        measured_by: &[(4, ""), (2, "")],
        severity: Severity::Warning,
        shipped_only: true,
        outweighs: &["LW101", "DL3059"],
        summary: "large files of an earlier layer are moved, packed or stripped",
        why: "A layer never changes after it is built. Moving or rewriting a file from an earlier layer \
              stores all its bytes a second time, and the first copy is still stored, pushed and pulled with \
              the image.",
        bad: &[
            "FROM tomcat:10\nCOPY target/shop.war /tmp/\nRUN mv /tmp/shop.war /usr/local/tomcat/webapps/ROOT.war\n",
            "FROM debian:12\nWORKDIR /opt\nRUN curl -fsSLO https://example.com/tool.tar.gz\nRUN mv tool.tar.gz /srv/\n",
            "FROM debian:12\nRUN git clone https://example.com/a/tool.git /tmp/tool\nRUN mv /tmp/tool /opt/tool\n",
            "FROM debian:12\nCOPY --from=build /out/server /usr/local/bin/server\nRUN strip /usr/local/bin/server\n",
        ],
        good: &[
            "FROM tomcat:10\nCOPY target/shop.war /usr/local/tomcat/webapps/ROOT.war\n",
            "FROM debian:12\nRUN git clone https://example.com/a/tool.git /tmp/tool && mv /tmp/tool /opt/tool\n",
            "FROM debian:12\nCOPY app.conf /tmp/\nRUN mv /tmp/app.conf /etc/app.conf\n",
            "FROM debian:12\nCOPY . /app\nRUN mv /app/config.sample /app/config\n",
        ],
        references: &[
            "https://docs.docker.com/engine/storage/drivers/#the-copy-on-write-cow-strategy",
        ],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let model = cx.model;
    let rewrites = model.rewrites();
    if rewrites.is_empty() {
        return;
    }
    let mut told = Vec::new();
    for rewrite in &rewrites {
        let run = &model.runs[rewrite.run];
        let beneath = model.beneath(run.id());
        let mut near = model.writes_in([rewrite.path.as_str()]).rev();
        let made = near.find(|write| {
            beneath.contains(write.instruction)
                && is_big(write, rewrite.moves)
                && (rewrite.moves || write.path == rewrite.path)
                && !model.is_deleted_before(write, rewrite.run, rewrite.command)
                && !model.is_small_copy(write)
        });
        let Some(write) = made.filter(|_| told.last() != Some(&rewrite.run)) else { continue };
        told.push(rewrite.run);
        let verb = &run.script.commands[rewrite.command].name;
        let path = shorten(&write.path, 36);
        let finding =
            findings.report(rewrite.span, format!("`{verb}` stores `{path}` a second time"));
        finding.label(write.span, "stored here first");
        finding.help(if rewrite.moves && matches!(write.how, How::Copied { .. }) {
            "copy it directly to its final path"
        } else if rewrite.moves {
            "create it at its final path, or move it in the `RUN` that creates it"
        } else {
            "do this in the instruction that creates the file, or in another stage"
        });
    }
}

/// Whether the file or folder is worth a word; of what another instruction copies the name has to say so.
fn is_big(write: &Write, moved: bool) -> bool {
    match (write.how, write.shape) {
        (_, Shape::BigFile) | (How::Copied { from: true, .. } | How::Fetched, Shape::Unsure) => {
            true
        }
        (How::Moved, _) | (_, Shape::File) => false,
        (How::Copied { .. }, Shape::Tree) | (How::Cloned | How::Installed | How::Unpacked, _) => {
            moved
        }
        _ => false,
    }
}
