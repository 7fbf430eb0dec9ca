//! Suppression comments: ours, hadolint's and BuildKit's.
//!
//! | comment | where | reaches |
//! |---|---|---|
//! | `# layerwise ignore=CODE[,CODE] [reason]` | in the comment lines directly above an instruction, or inside it | that instruction |
//! | `# layerwise stage-ignore=…` | directly above FROM | that stage |
//! | `# layerwise file-ignore=…` | anywhere | the file |
//! | `# hadolint ignore=…` | as ours | that instruction |
//! | `# hadolint stage ignore=…` | directly above FROM | that stage without its FROM |
//! | `# hadolint global ignore=…` | anywhere | the file |
//! | `# check=skip=…` | parser directive | BuildKit's checks in the file |
//! | `# check=skip=…` | above an instruction, blank lines allowed | BuildKit's checks in that instruction |
//!
//! Stacked comments add up. hadolint itself is stricter: of stacked comments it takes the last only, and none
//! inside an instruction; what works there works here.

use std::collections::HashMap;
use std::ops::Range;

use super::Finding;
use super::rule::{Family, Meta, Profile};
use super::select::Selector;
use crate::model::Model;
use crate::source::Span;
use crate::syntax::{Dockerfile, ItemKind, Keyword};

/// Drops the findings that a comment of the file suppresses.
pub(super) fn apply(model: &Model<'_>, list: &mut Vec<Finding>) {
    let suppressions = find(model);
    if suppressions.is_empty() {
        return;
    }
    let mut everywhere = Vec::new();
    let mut of_instruction: HashMap<usize, Vec<&Rules>> = HashMap::new();
    for it in &suppressions {
        match &it.reach {
            Reach::File => everywhere.push(&it.rules),
            Reach::Instructions(range) => {
                range.clone().for_each(|id| of_instruction.entry(id).or_default().push(&it.rules));
            }
        }
    }
    list.retain(|finding| {
        let own = finding.instruction.and_then(|id| of_instruction.get(&id));
        let mut all = everywhere.iter().chain(own.into_iter().flatten());
        !all.any(|rules| rules.name(finding.meta))
    });
}

/// Some rules that are not to be reported in some place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Suppression {
    reach: Reach,
    rules: Rules,
}

/// Where a suppression works.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    File,
    Instructions(Range<usize>),
}

/// What a suppression names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Rules {
    Selected(Vec<Selector>),
    /// Names of BuildKit's checks, in its own spelling; `all` is all of them.
    Buildkit(Vec<String>),
}

impl Rules {
    fn name(&self, meta: &Meta) -> bool {
        match self {
            Self::Selected(list) => list.iter().any(|it| it.matches(meta, Profile::Audit)),
            Self::Buildkit(names) => {
                meta.family == Family::Buildkit
                    && names.iter().any(|name| name == "all" || name == meta.code)
            }
        }
    }
}

/// What a comment says.
enum Pragma {
    Instruction(Rules),
    Stage { rules: Rules, with_from: bool },
    File(Rules),
}

/// The comment lines above the instruction that comes next.
#[derive(Default)]
struct Above {
    /// Those directly above it, without a blank line.
    adjacent: Vec<Span>,
    /// Those since the instruction before or since a bare `#`, as BuildKit counts.
    block: Vec<Span>,
}

/// Finds all suppressions of a file.
fn find(model: &Model<'_>) -> Vec<Suppression> {
    let doc = model.doc;
    let mut found = Vec::new();
    for directive in doc.directives.iter().filter(|it| it.key == "check") {
        let rules = skipped(directive.value).map(Rules::Buildkit);
        found.extend(rules.map(|rules| Suppression { reach: Reach::File, rules }));
    }
    for comment in &doc.comments {
        let pragma = pragma(doc.source.slice(comment.span));
        let (reach, rules) = match (pragma, comment.inside) {
            (Some(Pragma::File(rules)), _) => (Reach::File, rules),
            (Some(Pragma::Instruction(rules)), Some(id)) => {
                (Reach::Instructions(id..id + 1), rules)
            }
            _ => continue,
        };
        found.push(Suppression { reach, rules });
    }
    let mut above = Above::default();
    for item in &doc.items {
        match item.kind {
            ItemKind::Comment(index) => above.push(doc, doc.comments[index].span),
            ItemKind::Instruction(id) => {
                above.suppressions(model, id, &mut found);
                above = Above::default();
            }
            ItemKind::Blank => above.adjacent.clear(),
            ItemKind::ByteOrderMark | ItemKind::Directive(_) | ItemKind::Opaque => {}
        }
    }
    found
}

impl Above {
    fn push(&mut self, doc: &Dockerfile<'_>, comment: Span) {
        self.adjacent.push(comment);
        if doc.source.slice(comment).trim_end() == "#" {
            self.block.clear();
        } else {
            self.block.push(comment);
        }
    }

    /// What the comments mean for the instruction below them.
    fn suppressions(&self, model: &Model<'_>, id: usize, found: &mut Vec<Suppression>) {
        let text = |span: &Span| model.doc.source.slice(*span);
        for comment in &self.adjacent {
            let (range, rules) = match pragma(text(comment)) {
                Some(Pragma::Instruction(rules)) => (id..id + 1, rules),
                Some(Pragma::Stage { rules, with_from })
                    if model.doc.instructions[id].keyword == Keyword::From =>
                {
                    let end = model.stage_of(id).map_or(id + 1, |stage| stage.instructions.end);
                    (id + usize::from(!with_from)..end, rules)
                }
                _ => continue,
            };
            found.push(Suppression { reach: Reach::Instructions(range), rules });
        }
        // BuildKit takes the first such comment of the block.
        let checks = self.block.iter().filter_map(|comment| check_options(text(comment)));
        for names in checks.take(1).filter_map(skipped) {
            let reach = Reach::Instructions(id..id + 1);
            found.push(Suppression { reach, rules: Rules::Buildkit(names) });
        }
    }
}

/// Reads a comment of ours or of hadolint's.
fn pragma(comment: &str) -> Option<Pragma> {
    let text = comment.trim_start_matches('#').trim_start();
    let (tool, rest) = text.split_once([' ', '\t'])?;
    let (verb, list) = rest.split_once('=')?;
    let verb: Vec<&str> = verb.split_whitespace().collect();
    match (tool, verb.as_slice()) {
        ("layerwise", ["ignore"]) => Some(Pragma::Instruction(selected(list))),
        ("layerwise", ["stage-ignore"]) => {
            Some(Pragma::Stage { rules: selected(list), with_from: true })
        }
        ("layerwise", ["file-ignore"]) => Some(Pragma::File(selected(list))),
        ("hadolint", ["ignore"]) => Some(Pragma::Instruction(codes(list))),
        ("hadolint", ["stage", "ignore"]) => {
            Some(Pragma::Stage { rules: codes(list), with_from: false })
        }
        ("hadolint", ["global", "ignore"]) => Some(Pragma::File(codes(list))),
        _ => None,
    }
}

/// Whether a comment tells hadolint to ignore rules in the instruction below, in a way that hadolint understands: whole
/// codes, and nothing behind them but a comment.
pub(super) fn is_hadolint_ignore(comment: &str) -> bool {
    let is_code = |word: &str| {
        word.len() > 2
            && matches!(word.get(..2), Some("DL" | "SC"))
            && word.bytes().skip(2).all(|it| it.is_ascii_digit())
    };
    let list = comment.split_once('=').map_or("", |(_, list)| list);
    let list = list.split('#').next().unwrap_or_default();
    let instruction = matches!(pragma(comment), Some(Pragma::Instruction(_)));
    let hadolint = comment.trim_start_matches('#').trim_start().starts_with("hadolint");
    instruction && hadolint && list.split(',').all(|word| is_code(word.trim()))
}

/// The words of a list with commas; blanks may stand around a comma, and what follows the list is the reason.
fn words(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(list.trim_start());
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.find(|it: char| it == ',' || it.is_whitespace()).unwrap_or(text.len());
        rest = text[end..].trim_start().strip_prefix(',').map(str::trim_start);
        Some(&text[..end])
    })
    .filter(|word| !word.is_empty())
}

/// Selectors.
fn selected(list: &str) -> Rules {
    Rules::Selected(words(list).filter_map(|word| word.parse().ok()).collect())
}

/// Whole codes: hadolint has no other selectors.
fn codes(list: &str) -> Rules {
    Rules::Selected(words(list).map(|word| Selector::Code(word.to_owned())).collect())
}

/// The options of a `# check=…` comment.
fn check_options(comment: &str) -> Option<&str> {
    let (key, options) = comment.trim_start_matches('#').trim_start().split_once('=')?;
    key.trim_end().eq_ignore_ascii_case("check").then_some(options.trim_start())
}

/// The names that `skip=…` gives among the options of `check`; the options end at the first blank.
fn skipped(options: &str) -> Option<Vec<String>> {
    let options = options.split_whitespace().next()?;
    let lists = options.split(';').filter_map(|option| option.strip_prefix("skip="));
    let names: Vec<String> =
        lists.flat_map(|list| list.split(',')).map(|name| name.trim().to_owned()).collect();
    (!names.is_empty()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Context, Findings, Options, Rule, lint};
    use crate::model::BuildOptions;
    use crate::source::Source;
    use crate::syntax;

    /// A rule that fires on every instruction.
    const fn everywhere(code: &'static str, family: Family) -> Rule {
        const fn meta(code: &'static str, family: Family) -> Meta {
            Meta { code, family, name: "everywhere", ..Meta::LAYERWISE }
        }
        Rule { meta: meta(code, family), check: report_all }
    }

    fn report_all(cx: &Context<'_>, findings: &mut Findings) {
        for instruction in cx.instructions() {
            findings.report(instruction.keyword_span, "here");
        }
    }

    const RULES: &[Rule] = &[
        everywhere("LW101", Family::Layerwise),
        everywhere("DL3008", Family::Hadolint),
        everywhere("StageNameCasing", Family::Buildkit),
    ];

    /// What is left, as `line:first letter of the code`.
    fn left(text: &str) -> String {
        let source = Source::new("Dockerfile", text);
        let doc = syntax::parse(&source);
        let model = Model::build(&doc, &BuildOptions::default());
        let findings = lint(&model, RULES.iter(), &Options::default());
        let places = findings
            .iter()
            .map(|it| format!("{}{}", source.line(it.span.start), &it.meta.code[..1]));
        places.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn without_comments_nothing_is_suppressed() {
        assert_eq!(left("FROM a\nUSER b\n"), "1D 1L 1S 2D 2L 2S");
    }

    #[test]
    fn ours_reaches_the_instruction_below() {
        assert_eq!(left("# layerwise ignore=LW101\nFROM a\nUSER b\n"), "2D 2S 3D 3L 3S");
        assert_eq!(left("#layerwise ignore = lw101 , DL3008 why not\nFROM a\n"), "2S");
        assert_eq!(left("# layerwise ignore=LW1,hadolint,everywhere\nFROM a\n"), "");
        assert_eq!(left("# layerwise ignore=ALL\nFROM a\n"), "");
    }

    #[test]
    fn stacked_comments_add_up() {
        let text = "# layerwise ignore=LW101\n# about\n# hadolint ignore=DL3008\nFROM a\n";
        assert_eq!(left(text), "4S");
    }

    #[test]
    fn a_blank_line_breaks_the_block() {
        assert_eq!(left("# layerwise ignore=ALL\n\nFROM a\n"), "3D 3L 3S");
    }

    #[test]
    fn comments_inside_an_instruction_count() {
        let text =
            "FROM a\nRUN b && \\\n  # layerwise ignore=LW101\n  # hadolint ignore=DL3008\n  c\n";
        assert_eq!(left(text), "1D 1L 1S 2S");
    }

    #[test]
    fn the_reason_is_not_a_code() {
        assert_eq!(left("# layerwise ignore=LW101 DL3008 is fine\nFROM a\n"), "2D 2S");
    }

    #[test]
    fn file_ignores_stand_anywhere() {
        assert_eq!(left("FROM a\n# layerwise file-ignore=LW101,DL\n"), "1S");
        assert_eq!(left("FROM a\n# hadolint global ignore=DL3008\n"), "1L 1S");
    }

    #[test]
    fn stage_ignores_end_with_the_stage() {
        let text = "# layerwise stage-ignore=LW101,DL3008\nFROM a\nUSER b\nFROM c\n";
        assert_eq!(left(text), "2S 3S 4D 4L 4S");
        let text = "# hadolint stage ignore=DL3008\nFROM a\nUSER b\nFROM c\n";
        assert_eq!(left(text), "2D 2L 2S 3L 3S 4D 4L 4S");
        assert_eq!(left("FROM a\n# layerwise stage-ignore=ALL\nUSER b\n").len(), 17);
    }

    #[test]
    fn hadolint_has_whole_codes_only() {
        assert_eq!(left("# hadolint ignore=DL3\nFROM a\n"), "2D 2L 2S");
        assert_eq!(left("#hadolint ignore=DL3008,LW101\nFROM a\n"), "2S");
    }

    #[test]
    fn the_check_directive_skips_checks_of_buildkit() {
        assert_eq!(left("# check=skip=StageNameCasing\nFROM a\n"), "2D 2L");
        assert_eq!(left("# check=error=true;skip=all\nFROM a\n"), "2D 2L");
        assert_eq!(left("# check=skip=stagenamecasing\nFROM a\n"), "2D 2L 2S");
    }

    #[test]
    fn a_check_comment_reaches_one_instruction() {
        let text = "FROM a\n# check=skip=StageNameCasing // why\n\nUSER b\nUSER c\n";
        assert_eq!(left(text), "1D 1L 1S 4D 4L 5D 5L 5S");
        assert_eq!(left("FROM a\n# check=skip=all\n#\nUSER b\n"), "1D 1L 1S 4D 4L 4S");
        let text = "FROM a\n# check=skip=Other\n# check=skip=all\nUSER b\n";
        assert_eq!(left(text), "1D 1L 1S 4D 4L 4S");
    }
}
