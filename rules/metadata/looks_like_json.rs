//! LW703: text that was meant as a JSON array.

use crate::lint::prelude::*;
use crate::model::Slip;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW703",
        name: "looks-like-json",
        category: Category::Metadata,
        absorbs: &["DL3025", "JSONArgsRecommended"],
        summary: "an array that is no JSON is taken as plain text",
        why: "The builder takes an array only if it is JSON: double quotes, a comma between strings, none after the last. Anything \
              else is plain text: a shell looks for a program called `[serve,`, and VOLUME makes folders with brackets \
              in their names. The build says nothing.",
        bad: &[
            "FROM debian:12\nCMD [\"serve\", \"--port=80\",]\n",
            "FROM debian:12\nENTRYPOINT ['serve']\n",
            "FROM debian:12\nVOLUME ['/data', '/log']\n",
            "FROM debian:12\nCMD [\"serve\" \"--port=80\"]\n",
            "FROM debian:12\nRUN ['make', 'install']\n",
        ],
        good: &[
            "FROM debian:12\nCMD [\"serve\", \"--port=80\"]\n",
            "FROM debian:12\nVOLUME [\"/data\", \"/log\"]\n",
            "FROM debian:12\nRUN [ \"$(uname -m)\" = x86_64 ] || exit 1\n",
            "FROM debian:12\nVOLUME /data /log\n",
        ],
        references: &["https://docs.docker.com/reference/dockerfile/#shell-and-exec-form"],
        since: "0.2.0",
        ..Meta::LAYERWISE
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for slip in cx.model.json_slips() {
        let (message, help) = match slip.slip {
            Slip::TrailingComma => {
                ("the comma before `]` makes this no JSON array", "remove the comma")
            }
            Slip::MissingComma => (
                "without a comma after this string this is no JSON array",
                "put a comma between the strings",
            ),
            Slip::Quotes => ("these quotes make this no JSON array", "use double quotes: `\"`"),
            Slip::Bare => ("without quotes this is no JSON array", "put the word in double quotes"),
            Slip::Unclosed => ("the array has no `]`, so that it is no JSON", "end it with `]`"),
            Slip::TextBehind => (
                "text after the `]` makes this no JSON array",
                "put the comment on a line of its own",
            ),
        };
        let finding = findings.report(slip.span, message).help(help);
        // A program of that name does not exist.
        if cx
            .doc()
            .instructions
            .get(slip.instruction)
            .is_some_and(|it| it.keyword != Keyword::Volume)
        {
            finding.severity(Severity::Error);
        }
        if let Some(meant) = slip.meant {
            let edit = Edit::replace(slip.text, meant);
            let fix = Fix::unsafe_("write it as a JSON array", vec![edit]);
            finding.fix(fix.effect(Effect::Instructions));
        }
    }
}
