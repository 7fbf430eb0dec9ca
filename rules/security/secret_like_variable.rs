//! DL3064: a variable whose name says that it is a secret.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "DL3064",
        name: "secret-like-variable",
        category: Category::Security,
        absorbs: &["SecretsUsedInArgOrEnv"],
        summary: "`ARG` or `ENV` whose name says that it holds a secret",
        why: "Values of ENV are in the image's configuration and those of ARG in its history: whoever can pull the image can read them, also when a later layer unsets them.",
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
        let inner = match &instruction.kind {
            Kind::Onbuild(inner) => inner,
            _ => instruction,
        };
        let mut names = inner.variable_names().into_iter();
        let Some(name) = names.find(|name| cx.model.may_be_secret(&name.text)) else { continue };
        let keyword = inner.keyword.name();
        let message =
            format!("`{}` in {keyword} stays readable in the image", shorten(&name.text, 40));
        let finding = findings.report(name.span, message).help(
            "use `RUN --mount=type=secret` in the build, and set it when the container starts",
        );
        // User names, the arguments of FROM and the like are no secrets in practice.
        if cx.model.stage_of(instruction.id).is_none() || !cx.model.says_secret(&name.text) {
            finding.only_in(Profile::Strict);
        }
    }
}
