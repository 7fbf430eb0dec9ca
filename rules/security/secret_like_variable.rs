//! DL3064: a variable whose name says that it is a secret.

use crate::lint::prelude::*;
use crate::model::Named;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3064",
        name: "secret-like-variable",
        category: Category::Security,
        absorbs: &["SecretsUsedInArgOrEnv"],
        released_only: true,
        summary: "`ARG` or `ENV` with the name of a secret",
        why: "ENV values are stored in the image's configuration, and ARG values in its history. Anyone who \
              can pull the image can read them, even if a later layer unsets them.",
        bad: &[
            "FROM debian:12\nENV DB_PASSWORD=x\n",
            "ARG GITHUB_TOKEN\nFROM debian:12\n",
            "FROM debian:12\nARG AWS_ACCESS_KEY_ID\n",
        ],
        good: &[
            "FROM debian:12\nRUN --mount=type=secret,id=token,env=TOKEN fetch\n",
            "FROM debian:12\nENV PASSWORD_FILE=/run/secrets/p\n",
            "FROM debian:12\nENV TOKENIZERS_PARALLELISM=1 GOPRIVATE=example.com\n",
        ],
        references: &["https://docs.docker.com/build/building/secrets/"],
        ..Meta::HADOLINT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let names = cx.model.defined_names(instruction);
        let mut fits = names.iter().filter(|it| cx.model.may_be_secret(&it.name.text));
        // One a line, as hadolint has it; a real one matters most.
        let Some(first) = fits.clone().find(|it| it.is_secret).or_else(|| fits.next()) else {
            continue;
        };
        let finding =
            findings.report(first.name.span, kept(cx, instruction, first)).help(SECRET_HELP);
        if first.from_caller {
            // A real one, also where the image is only for tests.
            finding.everywhere();
        }
        // The arguments of FROM reach no image.
        if cx.model.stage_of(instruction.id).is_none() || !first.is_secret {
            finding.only_in(Profile::Strict);
        }
    }
}

/// What to do with a secret.
pub(super) const SECRET_HELP: &str =
    "use `RUN --mount=type=secret` in the build, and set it when the container starts";

/// Where the value of a variable stays.
pub(super) fn kept(cx: &Context<'_>, instruction: &Instruction<'_>, named: &Named<'_>) -> String {
    let keyword = match &instruction.kind {
        Kind::Onbuild(inner) => inner.keyword.name(),
        _ => instruction.keyword.name(),
    };
    let name = shorten(&named.name.text, 40);
    match named.ships || cx.model.stage_of(instruction.id).is_none() {
        true => format!("`{name}` in {keyword} stays readable in the image"),
        false => format!("`{name}` in {keyword} stays readable in the build cache"),
    }
}
