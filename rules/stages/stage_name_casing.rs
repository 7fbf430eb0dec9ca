//! StageNameCasing: a stage name with capital letters.

use crate::lint::prelude::*;
use crate::model::Case;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "StageNameCasing",
        name: "stage-name-casing",
        category: Category::Stages,
        profile: Profile::Strict,
        summary: "stage name with capital letters",
        why: "BuildKit converts stage names to lower case, but FROM looks for the exact name: `FROM Build` \
              does not find the stage `AS Build` and pulls an image instead.",
        bad: &["FROM debian:12 AS Build\n", "FROM debian:12 AS BUILD\nFROM debian:12 as runTime\n"],
        good: &["FROM debian:12 AS build\n", "FROM debian:12\n", "FROM debian:12 AS build-1.2_x\n"],
        references: &["https://docs.docker.com/reference/build-checks/stage-name-casing/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    let mut references = None;
    for stage in cx.stages() {
        let Some(alias) = &stage.from.alias else { continue };
        if Case::of(&alias.name.text) != Case::Lower {
            let name = Case::Lower.apply(&alias.name.text);
            let finding = findings.report(
                alias.name.span,
                format!("stage name `{}` has capital letters", shorten(&alias.name.text, 40)),
            );
            finding.help(format!("rename it to `{name}`"));
            // What calls it keeps to its name.
            let references = references.get_or_insert_with(|| cx.model.cased_references());
            let calls = references.get(&stage.id).into_iter().flatten();
            let places = std::iter::once(&alias.name.span).chain(calls);
            let edits = places.map(|it| Edit::replace(*it, name.clone())).collect();
            finding.fix(Fix::safe(format!("rename it to `{name}`"), edits));
        }
    }
}
