//! LW107: a RUN that only makes folders which the next instructions make anyway.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW107",
        name: "redundant-directory-layer",
        category: Category::Layers,
        profile: Profile::Strict,
        severity: Severity::Info,
        shipped_only: true,
        outweighs: &["LW101", "DL3059"],
        summary: "`RUN mkdir` of a folder that `WORKDIR` or `COPY` creates anyway",
        why: "`WORKDIR` creates its folder, and `COPY` and `ADD` create the folder they copy to, including \
              all parents. A `RUN` that only does the same before them starts a container and adds a layer \
              for nothing.",
        bad: &[
            "FROM debian:12\nRUN mkdir -p /app\nWORKDIR /app\n",
            "FROM debian:12\nRUN mkdir /etc/app && mkdir /srv/www\nENV A=1\nCOPY app.conf /etc/app/\nCOPY www/ /srv/www\n",
            "FROM debian:12\nRUN mkdir -p /usr/src/app\nCOPY . /usr/src/app\n",
        ],
        good: &[
            "FROM debian:12\nWORKDIR /app\n",
            "FROM debian:12\nRUN mkdir -m 700 /app\nWORKDIR /app\n",
            "FROM debian:12\nRUN mkdir -p /app /data\nWORKDIR /app\n",
            "FROM debian:12\nUSER app\nRUN mkdir -p /home/app/src\nWORKDIR /home/app/src\n",
            "FROM debian:12\nRUN mkdir -p /app\nRUN touch /app/x\nWORKDIR /app\n",
            "FROM debian:12\nRUN mkdir /app\nCOPY --chown=1000 . /app/\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#workdir"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for needless in cx.model.needless_folders() {
        let run = &cx.model.runs[needless.run];
        let maker = &cx.doc().instructions[needless.maker];
        let keyword = maker.word.to_uppercase();
        let finding = findings
            .report(run.script.commands[0].span, format!("`{keyword}` creates this folder anyway"))
            .label(maker.keyword_span, "made here")
            .help("remove this `RUN`")
            .impact(Impact { layers: Some(1), ..Impact::default() });
        let span = cx.lines_of(run.instruction);
        // A base image with another user would have given the folder to that user.
        let fix = Fix::unsafe_("remove this `RUN`", vec![Edit::delete(span)]);
        finding.fix(fix.effect(Effect::Instructions));
    }
}
