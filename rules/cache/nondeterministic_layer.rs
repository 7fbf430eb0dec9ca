//! LW208: what is written into the layer differs from build to build.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW208",
        name: "nondeterministic-layer",
        category: Category::Cache,
        severity: Severity::Info,
        profile: Profile::Strict,
        shipped_only: true,
        summary: "the layer contains the time, a random value or the state of a repository",
        why: "The same inputs then produce a layer with a different digest on each machine and in each \
              uncached build. Images cannot share it, a pull cannot reuse it, and nobody can verify the \
              build by repeating it. If it does come from the cache, the value is wrong: it belongs to an \
              older build.",
        bad: &[
            "FROM debian:12\nRUN date > /build-date\n",
            "FROM debian:12\nRUN echo \"built $(date -u +%F)\" >> /etc/motd\n",
            "FROM debian:12\nRUN openssl rand -hex 32 > /etc/app/key\n",
            "FROM debian:12\nRUN echo $RANDOM > /etc/seed\n",
        ],
        good: &[
            "FROM debian:12\nARG BUILD_DATE\nLABEL org.opencontainers.image.created=$BUILD_DATE\n",
            "FROM debian:12\nRUN date\n",
            "FROM debian:12\nARG SOURCE_DATE_EPOCH\nRUN date -u -d @$SOURCE_DATE_EPOCH > /build-date\n",
            "FROM debian:12\nRUN make > /var/log/make.log\n",
        ],
        references: &["https://reproducible-builds.org/docs/source-date-epoch/"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for (span, what) in cx.model.varying_outputs() {
        findings
            .report(span, format!("writes {what} into the layer, so every build makes a different one"))
            .help("write it when the container starts, or pass it to the build as an argument or label");
    }
}
