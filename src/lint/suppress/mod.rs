//! Suppression comments: ours, hadolint's and BuildKit's.
//!
//! | comment | where | reaches |
//! |---|---|---|
//! | `# layerwise ignore=CODE[,CODE] [reason]` | in the comment lines directly above an instruction, or inside it | that instruction |
//! | `# layerwise stage-ignore=…` | directly above FROM | that stage |
//! | `# layerwise file-ignore=…` | anywhere | the file |
//! | `# layerwise ignore=CODE expires=2026-12-31 [reason]`, also with the two others | as above | as above, until the end of that day (UTC) |
//! | `# hadolint ignore=…` | as ours | that instruction |
//! | `# hadolint stage ignore=…` | directly above FROM | that stage without its FROM |
//! | `# hadolint global ignore=…` | anywhere | the file |
//! | `# check=skip=…` | parser directive | BuildKit's checks in the file |
//! | `# check=skip=…` | above an instruction, blank lines allowed | BuildKit's checks in that instruction |
//!
//! In the file's directive, `experimental=` turns experimental checks on and `error=true` makes BuildKit's findings
//! errors. Its checks of the whole file (casing, stage names …) are not reached by a comment at an instruction.
//!
//! Stacked comments add up. hadolint itself is stricter: of stacked comments it takes the last only, and none
//! inside an instruction; what works there works here.

mod pragma;
mod unused;

use std::collections::HashMap;
use std::ops::Range;

use super::date::Date;
use super::rule::{Family, Meta, Rule, Severity};
use super::{Finding, Options};
use crate::model::Model;
use crate::source::Span;
use crate::syntax::{CheckOptions, Dockerfile, ItemKind, Keyword};
pub(super) use pragma::is_hadolint_ignore;
use pragma::{EXPERIMENTAL, Pragma, Scope, of_file, read, read_check};
use unused::Comments;

/// What the file and the caller of the build say about BuildKit's checks, for the whole file.
pub(super) fn check_options(model: &Model<'_>) -> CheckOptions {
    let directive = model.doc.directives.iter().find(|it| it.key == "check");
    let given = model.check_override.as_deref().or(directive.map(|it| it.value));
    given.and_then(|text| CheckOptions::parse(text).ok()).unwrap_or_default()
}

/// Whether a check that no profile shows is turned on by its name.
pub(super) fn is_turned_on(checks: &CheckOptions, meta: &Meta) -> bool {
    EXPERIMENTAL.contains(&meta.code)
        && checks.experimental.iter().any(|name| name == "all" || name == meta.code)
}

/// Makes the findings of BuildKit's checks errors where the file says so.
pub(super) fn harden(checks: &CheckOptions, list: &mut [Finding]) {
    if checks.error {
        let of_buildkit = list.iter_mut().filter(|it| it.meta.family == Family::Buildkit);
        of_buildkit.for_each(|it| it.severity = Severity::Error);
    }
}

/// What the comments of a file suppress.
#[derive(Default)]
pub(super) struct Suppressions {
    list: Vec<Suppression>,
    comments: Comments,
    /// Those that reach the same instructions.
    groups: Vec<Group>,
    /// The entries of all of them.
    words: Words,
}

/// What of them was used: of each suppression, its entries in order.
pub(super) type Used = Vec<Vec<bool>>;

impl Suppressions {
    /// Those of a file that work on a day.
    pub(super) fn of(model: &Model<'_>, today: Option<Date>) -> Self {
        let (mut list, mut comments) = find(model);
        let has_expired = |pragma: &Pragma| {
            today.zip(pragma.expires).is_some_and(|(today, (last, _))| last < today)
        };
        comments.expired =
            list.extract_if(.., |it| has_expired(&it.pragma)).map(|it| it.pragma).collect();
        let mut groups: Vec<Group> = Vec::new();
        let mut by_reach: HashMap<Reach, usize> = HashMap::new();
        let mut words = Words::default();
        for (number, it) in list.iter().enumerate() {
            let group = *by_reach.entry(it.reach.clone()).or_insert_with(|| {
                groups.push(Group { reach: it.reach.clone(), words: Words::default() });
                groups.len() - 1
            });
            groups[group].words.add(number, &it.pragma);
            words.add(number, &it.pragma);
        }
        Self { list, comments, groups, words }
    }

    /// Whether a rule is suppressed anywhere.
    pub(super) fn name(&self, meta: &Meta) -> bool {
        self.words.naming(meta, &self.list).next().is_some()
    }

    /// Which findings are suppressed, and by which entries.
    pub(super) fn find(&self, list: &[Finding]) -> (Vec<bool>, Used) {
        let mut used = self.list.iter().map(|it| vec![false; it.pragma.entries.len()]).collect();
        (self.mark(list, &mut used), used)
    }

    /// The findings about comments that are at fault themselves.
    pub(super) fn findings(
        mut self,
        model: &Model<'_>,
        options: &Options,
        rules: &[&'static Rule],
        mut used: Used,
    ) -> Vec<Finding> {
        let pragmas = self.list.iter().map(|it| it.pragma.clone());
        self.comments.used = pragmas.zip(used.iter().cloned()).collect();
        let slice = |span: Span| model.doc.source.slice(span).to_owned();
        let mut about = self.comments.findings(options, rules, &slice);
        about.iter_mut().for_each(|it| super::settle(model, options, it));
        let mut silenced = self.mark(&about, &mut used).into_iter();
        about.retain(|_| silenced.next() == Some(false));
        about
    }

    /// Which findings are suppressed; notes which entries did it.
    fn mark(&self, list: &[Finding], used: &mut Used) -> Vec<bool> {
        let mut everywhere = Vec::new();
        let mut of_instruction: HashMap<usize, Vec<usize>> = HashMap::new();
        for (number, group) in self.groups.iter().enumerate() {
            match &group.reach {
                Reach::File => everywhere.push(number),
                Reach::Instructions(range) => {
                    range.clone().for_each(|id| of_instruction.entry(id).or_default().push(number));
                }
            }
        }
        // Of each group and rule, whether an entry stands for the rule; then those entries were used.
        let mut known: HashMap<(usize, &str), bool> = HashMap::new();
        let suppressed = list.iter().map(|finding| {
            let own = finding.instruction.and_then(|id| of_instruction.get(&id));
            let mut suppressed = false;
            for &group in everywhere.iter().chain(own.into_iter().flatten()) {
                suppressed |= *known.entry((group, finding.meta.code)).or_insert_with(|| {
                    let words = &self.groups[group].words;
                    let mut any = false;
                    for (number, entry) in words.naming(finding.meta, &self.list) {
                        used[number][entry] = true;
                        any = true;
                    }
                    any
                });
            }
            suppressed
        });
        suppressed.collect()
    }
}

/// Suppressions that reach the same instructions.
struct Group {
    reach: Reach,
    words: Words,
}

/// Entries by their texts in small letters, each by the numbers of its suppression and of itself in that: a file may have very
/// many of them.
#[derive(Default)]
struct Words(HashMap<String, Vec<(usize, usize)>>);

impl Words {
    fn add(&mut self, suppression: usize, pragma: &Pragma) {
        for (number, entry) in pragma.entries.iter().enumerate() {
            let places = self.0.entry(entry.text.to_ascii_lowercase()).or_default();
            places.push((suppression, number));
        }
    }

    /// The entries that stand for a rule.
    fn naming<'w>(
        &'w self,
        meta: &'w Meta,
        list: &'w [Suppression],
    ) -> impl Iterator<Item = (usize, usize)> + 'w {
        let is_none = self.0.is_empty();
        let names = [meta.code, meta.name, meta.family.name(), meta.category.name()];
        // The start of a code stands for it too.
        let starts = (2..meta.code.len()).filter_map(|end| meta.code.get(..end));
        let words = names.into_iter().chain(["all", "default"]).chain(starts);
        let words = words.take_while(move |_| !is_none);
        let mut words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
        words.sort_unstable();
        words.dedup();
        let found = words.into_iter().flat_map(|it| self.0.get(&it).map_or(&[][..], Vec::as_slice));
        found.copied().filter(|(suppression, entry)| {
            let pragma = &list[*suppression].pragma;
            pragma.entries[*entry].names(meta, pragma.scope)
        })
    }
}

/// Some rules that are not to be reported in some place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Suppression {
    reach: Reach,
    pragma: Pragma,
}

/// Where a suppression works.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Reach {
    File,
    Instructions(Range<usize>),
}

/// The comment lines above the instruction that comes next.
#[derive(Default)]
struct Above {
    /// Those directly above it, without a blank line.
    adjacent: Vec<Span>,
    /// Those since the instruction before or since a bare `#`, as BuildKit counts.
    block: Vec<Span>,
}

/// Finds all suppressions of a file, and the comments that are none though they look like one.
fn find(model: &Model<'_>) -> (Vec<Suppression>, Comments) {
    let doc = model.doc;
    let mut found = Vec::new();
    let mut comments = Comments::default();
    let mut push = |reach, pragma| found.push(Suppression { reach, pragma });
    if let Some(directive) = doc.directives.iter().find(|it| it.key == "check") {
        let options = check_options(model);
        push(Reach::File, of_file(directive.value, directive.value_span, &options));
    } else if model.check_override.is_some() {
        push(Reach::File, of_file("", Span::default(), &check_options(model)));
    }
    // Those above an instruction are recognized by where they are; they may dangle.
    let mut above_something: HashMap<Span, Pragma> = HashMap::new();
    for comment in &doc.comments {
        match read(doc.source.slice(comment.span), comment.span) {
            Err(word) => comments.misspelt.push(word),
            Ok(None) => {}
            Ok(Some(pragma)) => match (pragma.scope, comment.inside) {
                (Scope::File, _) => push(Reach::File, pragma),
                (Scope::Instruction, Some(id)) => push(Reach::Instructions(id..id + 1), pragma),
                _ => drop(above_something.insert(comment.span, pragma)),
            },
        }
    }
    let mut above = Above::default();
    for item in &doc.items {
        match item.kind {
            ItemKind::Comment(index) => above.push(doc, doc.comments[index].span),
            ItemKind::Instruction(id) => {
                above.suppressions(model, id, &mut above_something, &mut push);
                above = Above::default();
            }
            ItemKind::Blank => above.adjacent.clear(),
            ItemKind::ByteOrderMark | ItemKind::Directive(_) | ItemKind::Opaque => {}
        }
    }
    comments.dangling = above_something.into_values().collect();
    comments.dangling.sort_by_key(|it| it.span);
    (found, comments)
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
    fn suppressions(
        &self,
        model: &Model<'_>,
        id: usize,
        open: &mut HashMap<Span, Pragma>,
        push: &mut impl FnMut(Reach, Pragma),
    ) {
        for comment in &self.adjacent {
            let Some(pragma) = open.get(comment) else { continue };
            let range = match pragma.scope {
                Scope::Instruction => id..id + 1,
                Scope::Stage { with_from }
                    if model.doc.instructions[id].keyword == Keyword::From =>
                {
                    let end = model.stage_of(id).map_or(id + 1, |stage| stage.instructions.end);
                    id + usize::from(!with_from)..end
                }
                _ => continue,
            };
            if let Some(pragma) = open.remove(comment) {
                push(Reach::Instructions(range), pragma);
            }
        }
        // BuildKit takes the first such comment of the block.
        let text = |span: &Span| model.doc.source.slice(*span);
        let mut checks = self.block.iter().filter_map(|it| read_check(text(it), *it));
        if let Some((pragma, _)) = checks.next() {
            push(Reach::Instructions(id..id + 1), pragma);
        }
    }
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
