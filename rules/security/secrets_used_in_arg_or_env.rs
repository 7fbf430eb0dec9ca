//! SecretsUsedInArgOrEnv: an ARG or ENV whose name says that it is a secret.

use super::secret_like_variable::{SECRET_HELP, kept};
use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "SecretsUsedInArgOrEnv",
        name: "secrets-used-in-arg-or-env",
        category: Category::Security,
        released_only: true,
        summary: "secret in `ARG` or `ENV`",
        why: "ENV values are stored in the image's configuration, and ARG values in its history. Anyone who \
              can pull the image can read them, even if a later layer unsets them.",
        bad: &[
            "FROM debian:12\nARG API_TOKEN\n",
            "FROM debian:12\nENV DB_PASSWORD=x git_key=y\n",
            "FROM debian:12\nENV apikey x\n",
        ],
        good: &[
            "FROM debian:12\nRUN --mount=type=secret,id=token,env=TOKEN fetch\n",
            "FROM debian:12\nENV PUBLIC_KEY=x PASSWORD_FILE=/run/secrets/p AUTH_MODULE_VERSION=1\n",
            "FROM debian:12\nENV TOKENIZER=x KEYBOARD=y\n",
            "ARG API_TOKEN\nFROM debian:12\n",
        ],
        references: &["https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let instructions = cx
        .instructions()
        .filter(|it| cx.model.stage_of(it.id).is_some() && !matches!(it.kind, Kind::Onbuild(_)));
    for instruction in instructions {
        let names = cx.model.defined_names(instruction);
        for named in names.iter().filter(|it| cx.model.says_secret(&it.name.text)) {
            let finding =
                findings.report(named.name.span, kept(cx, instruction, named)).help(SECRET_HELP);
            if named.from_caller {
                // A real one, also where the image is only for tests.
                finding.everywhere();
            }
            if !named.is_secret {
                finding.only_in(Profile::Strict);
            }
        }
    }
}
