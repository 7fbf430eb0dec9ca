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
        summary: "a download or a clone of whatever is newest",
        why: "The cache knows only the text of a `RUN`: while it stays the same, a clone or a download of the newest \
              version is never repeated, and the image silently grows old; on another machine the same file builds \
              another image, and a build of today cannot be repeated tomorrow. A version, tag or commit in the text \
              makes the cache tell the truth. Since many images follow the newest on purpose, the rule is in the `audit` \
              profile only.",
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
                "clones whatever the default branch holds today",
                "give `--branch` a tag, or check out a commit in this `RUN`",
            ),
            Why::Branch => (
                "clones whatever the branch holds today",
                "name a tag, or check out a commit in this `RUN`",
            ),
            Why::Latest => (
                "downloads whatever is the latest today",
                "name a version in the URL, and check what comes by its checksum",
            ),
            Why::GitAdd => {
                ("adds whatever the repository holds today", "name a tag or commit behind a `#`")
            }
        };
        findings.report(span, message).help(help);
    }
}
