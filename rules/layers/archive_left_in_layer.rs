//! LW105: a downloaded archive that stays in the layer after it was unpacked.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW105",
        name: "archive-left-in-layer",
        category: Category::Layers,
        profile: Profile::Strict,
        measured_by: &[(11, "")],
        shipped_only: true,
        summary: "a downloaded archive or package that is installed or unpacked but not removed",
        why: "The image contains both the archive and its content, so the download is stored, pushed and \
              pulled twice. Removing it in a later instruction frees nothing, because its layer keeps it.",
        bad: &[
            "FROM debian:12\nRUN curl -fsSLO https://example.com/app.tar.gz && tar xzf app.tar.gz -C /opt\n",
            "FROM debian:12\nRUN wget -O /tmp/app.zip https://example.com/dl && unzip /tmp/app.zip -d /opt\n",
            "FROM debian:12\nRUN wget -q https://example.com/app.deb && dpkg -i app.deb && rm -rf /var/lib/apt/lists/*\n",
            "FROM debian:12\nRUN curl -fsSLo /tmp/app.tgz https://example.com/app.tgz\nRUN tar xzf /tmp/app.tgz -C /opt\n",
            "FROM debian:12\nADD https://example.com/a.tgz /tmp/\nRUN tar xzf /tmp/a.tgz -C /opt\n",
        ],
        good: &[
            "FROM debian:12\nADD --unpack=true https://example.com/a.tgz /opt/\nRUN ls /opt\n",
            "FROM debian:12\nRUN curl -fsSLO https://example.com/app.tar.gz && tar xzf app.tar.gz -C /opt && rm app.tar.gz\n",
            "FROM debian:12\nRUN curl -fsSL https://example.com/app.tar.gz | tar xz -C /opt\n",
            "FROM debian:12\nRUN cd /tmp && wget https://example.com/app.zip && unzip app.zip -d /opt && rm -rf /tmp/*\n",
            "FROM debian:12\nRUN --mount=type=tmpfs,target=/tmp wget -O /tmp/a.zip https://example.com/a && unzip /tmp/a.zip -d /opt\n",
        ],
        references: &["https://docs.docker.com/build/building/best-practices/#add-or-copy"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for archive in cx.model.archives_left() {
        let help = match (archive.run, archive.in_same_run) {
            (None, _) if archive.is_package => {
                "download it in the `RUN` that installs it, and remove it there"
            }
            (None, _) => "download it in the `RUN` that unpacks it, and remove it there",
            (_, true) if archive.is_package => "remove it at the end of this `RUN`",
            (_, false) if archive.is_package => {
                "install it in the `RUN` that downloads it, and remove it there; a later layer cannot remove \
                 it"
            }
            (_, true) => {
                "remove it at the end of this `RUN`, or pipe the download into the command that unpacks it"
            }
            (_, false) => {
                "unpack it in the `RUN` that downloads it, and remove it there; a later layer cannot remove \
                 it"
            }
        };
        let finding = findings
            .report(
                archive.download,
                match archive.is_package {
                    true => "the package file stays in the layer after it is installed",
                    false => "the download stays in the layer after it is unpacked",
                },
            )
            .label(
                archive.unpacked,
                if archive.is_package { "installed here" } else { "unpacked here" },
            )
            .help(help);
        let run = archive.run.filter(|_| archive.in_same_run).map(|it| &cx.model.runs[it]);
        let tail = run.and_then(|it| cx.model.tail(it));
        if let (Some(path), Some(tail)) = (archive.path, tail) {
            let edit = Edit::insert_after(tail.at, format!("{}rm {path}", tail.joint));
            // A later step may still want it.
            let fix = Fix::unsafe_("remove it at the end of this `RUN`", vec![edit]);
            finding.fix(fix.effect(Effect::Commands));
        }
    }
}
