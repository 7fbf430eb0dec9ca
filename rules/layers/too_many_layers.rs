//! LW111: an image of very many layers.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW111",
        name: "too-many-layers",
        category: Category::Layers,
        severity: Severity::Warning,
        shipped_only: true,
        summary: "the final image has too many layers",
        why: "Each layer is a separate download and directory, and opening a file searches the layers from \
              the top down. Docker's storage supports at most 127 layers, including those of the base image, \
              and then fails with `max depth exceeded`. `max-layers` sets the limit of this rule, 40 by \
              default; above 125, the build is certain to fail.",
        bad: &[
            "FROM debian:12\nRUN a\nRUN a\nRUN a\nRUN a\nRUN a\nRUN a\nRUN a\nRUN a\nRUN a\nRUN a\nRUN a\nRUN a\nRUN a\nRUN a\n\
             RUN b\nRUN b\nRUN b\nRUN b\nRUN b\nRUN b\nRUN b\nRUN b\nRUN b\nRUN b\nRUN b\nRUN b\nRUN b\nRUN b\n\
             RUN c\nRUN c\nRUN c\nRUN c\nRUN c\nRUN c\nRUN c\nRUN c\nRUN c\nRUN c\nRUN c\nRUN c\nRUN c\nRUN c\n",
        ],
        good: &[
            "FROM debian:12\nRUN a\nRUN b\nCOPY x /x\n",
            "FROM debian:12\nENV A=1 B=2\nLABEL c=3\nRUN a\n",
        ],
        options: &[(
            "max-layers",
            "how many layers this file may add to the final image; 40 by default",
        )],
        references: &["https://docs.docker.com/engine/storage/drivers/overlayfs-driver/"],
        ..Meta::LAYERWISE
    },
    check,
};

/// Layers that Docker's layer store takes (moby's `layer_store.go`, measured with overlay2).
const MOST: usize = 125;

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let model = cx.model;
    let Some(last) = model.final_stage.and_then(|it| model.stages.get(it)) else { return };
    let beneath = model.beneath(last.instructions.end);
    let layers: Vec<usize> =
        beneath.iter().filter(|id| model.layers[*id] == Layer::Files).collect();
    let most = cx.options.rules.max_layers();
    let (count, over) = (layers.len(), layers.get(most));
    let Some(over) = over else { return };
    let finding = findings.report(
        cx.doc().instructions[*over].keyword_span,
        format!("this file adds {count} layers to the image, more than {most}"),
    );
    finding.help(
        "combine `RUN` and `COPY` instructions, or build in another stage and copy the result",
    );
    let layers = u32::try_from(count - most).ok();
    finding.impact(Impact { layers, ..Impact::default() });
    if count > MOST {
        finding.severity(Severity::Error);
    } else if !cx.options.rules.sets_max_layers() {
        finding.only_in(Profile::Strict);
    }
}
