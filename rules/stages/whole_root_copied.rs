//! DL3067: COPY of a whole file system.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3067",
        name: "whole-root-copied",
        category: Category::Stages,
        summary: "`COPY --from` of a whole file system",
        why: "Copying `/` to `/` copies everything from the other stage or image, including caches, sources \
              and tools, as one layer that is not shared with any other image.",
        bad: &[
            "FROM debian:12 AS build\nFROM debian:12\nCOPY --from=build / /\n",
            "FROM scratch\nCOPY --from=debian:12 [\"/\", \"/\"]\n",
        ],
        good: &[
            "FROM debian:12 AS build\nFROM debian:12\nCOPY --from=build /app /app\n",
            "FROM debian:12 AS build\nFROM debian:12\nCOPY --from=build / /rootfs\n",
            "FROM debian:12\nCOPY / /\n",
        ],
        references: &[],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let Kind::Copy(copy) = &instruction.kind else { continue };
        let is_root = |word: &Word<'_>| word.text.trim_matches(['"', '\'']) == "/";
        let source = copy.sources.iter().find(|it| is_root(&it.word));
        let Some(source) = source.filter(|_| is_root(&copy.destination)) else { continue };
        if instruction.flag("from").is_some() {
            let finding =
                findings.report(source.word.span, "this copies a whole file system as one layer");
            finding.help("copy only the folders that you need");
            // Nobody knows what is in an image: many hold only a few files that are meant to be taken so.
            finding.only_in(Profile::Strict);
        }
    }
}
