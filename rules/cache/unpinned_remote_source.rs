//! LW206: what is fetched from elsewhere is whatever is there on the day of the build.

use crate::lint::prelude::*;
use crate::model::{RemoteSource, Why};

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW206",
        name: "unpinned-remote-source",
        category: Category::Cache,
        severity: Severity::Info,
        profile: Profile::Audit,
        summary: "a download or a clone without a fixed version",
        why: "The cache compares only the text of a `RUN`. As long as the text is the same, the builder \
              never repeats the download, and the image silently gets outdated. On another machine, the same \
              file builds a different image, and you cannot repeat today's build tomorrow. With a version, \
              tag or commit in the text, the cache is correct. Many images use the newest version on \
              purpose, so the rule is only in the `audit` profile.",
        bad: &[
            "FROM debian:12\nRUN git clone https://example.com/a/tool.git /src/tool\n",
            "FROM debian:12\nRUN curl -fsSLo /bin/tool https://github.com/a/tool/releases/latest/download/tool && chmod +x /bin/tool\n",
            "FROM debian:12\nADD https://github.com/a/tool.git /src/tool\n",
            "FROM debian:12\nRUN git clone --depth 1 -b master https://example.com/a/tool.git\n",
            "FROM debian:12\nADD https://raw.githubusercontent.com/a/tool/main/install.sh /tmp/\n",
        ],
        good: &[
            "FROM debian:12\nRUN git clone --branch v1.2.0 https://example.com/a/tool.git /src/tool\n",
            "FROM debian:12\nRUN git clone https://example.com/a/tool.git && cd tool && git checkout 1a2b3c4\n",
            "FROM debian:12\nADD https://github.com/a/tool.git#v1.2.0 /src/tool\n",
            "FROM debian:12\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/latest/tool /bin/tool\n",
            "FROM debian:12\nRUN curl -fsSLO https://example.com/tool-1.2.0.tar.gz\n",
            "FROM debian:12\nARG REF=main\nRUN git clone -b $REF https://example.com/a/tool.git\n",
        ],
        references: &["https://docs.docker.com/build/cache/invalidation/#run-instructions"],
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for RemoteSource { span, why } in cx.model.unpinned_sources() {
        let (message, help) = match why {
            Why::DefaultBranch => (
                "this clones the default branch, which changes over time",
                "use `--branch` with a tag, or check out a commit in this `RUN`",
            ),
            Why::Branch => (
                "this clones a branch, which changes over time",
                "use a tag, or check out a commit in this `RUN`",
            ),
            Why::Latest => (
                "this downloads the latest version, which changes over time",
                "use a version in the URL, and verify the checksum",
            ),
            Why::GitAdd => (
                "this adds the current state of the repository, which changes over time",
                "add a tag or \
                                                                                            commit after a \
                                                                                            `#`",
            ),
        };
        findings.report(span, message).help(help);
    }
}
