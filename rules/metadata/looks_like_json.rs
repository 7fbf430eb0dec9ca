//! LW703: text that was meant as a JSON array.

use crate::lint::prelude::*;
use crate::model::Slip;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LW703",
        name: "looks-like-json",
        category: Category::Metadata,
        absorbs: &["DL3025", "JSONArgsRecommended"],
        summary: "an array that is not valid JSON is read as plain text",
        why: "The builder accepts an array only if it is valid JSON: double quotes, a comma between strings, \
              and none after the last. Anything else is plain text: a shell looks for a program called \
              `[serve,`, and VOLUME creates folders with brackets in their names. The build reports nothing.",
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
            Slip::TrailingComma => (
                "not a JSON array because of the comma before `]`: read as plain text",
                "remove the comma",
            ),
            Slip::MissingComma => (
                "not a JSON array without a comma after this string: read as plain text",
                "add a comma between the strings",
            ),
            Slip::Quotes => (
                "not a JSON array because of these quotes: read as plain text",
                "use double quotes: `\"`",
            ),
            Slip::Bare => (
                "not a JSON array without quotes: read as plain text",
                "put the word in double quotes",
            ),
            Slip::Unclosed => {
                ("not a JSON array without a `]`: read as plain text", "end it with `]`")
            }
            Slip::TextBehind => (
                "not a JSON array because of text after the `]`: read as plain text",
                "move the comment to its own line",
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
