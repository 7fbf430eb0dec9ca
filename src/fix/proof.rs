//! The proof that a file still says what it said, apart from what the applied fixes declare.

use std::collections::HashMap;

use super::edits::Edits;
use crate::lint::{Effect, Fix};
use crate::model::{BuildOptions, Model, Run};
use crate::shell::{Command, Connector};
use crate::source::Source;
use crate::syntax::{AstInstruction, Dockerfile, Keyword, SyntaxError, ast_json, parse};

/// Why the new text does not say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// What is not as it should be.
    pub reason: String,
}

fn broken<T>(reason: impl Into<String>) -> Result<T, Broken> {
    Err(Broken { reason: reason.into() })
}

/// Proves that `after` is `before` with nothing changed but what the applied fixes declare: instructions that no edit
/// touches are the same to the byte, those that are touched changed no more than [`Effect`] allows, the directives are
/// the same, comments are lost only with instructions, and no syntax error is new.
pub fn prove(before: &Source, after: &Source, fixes: &[&Fix]) -> Result<(), Broken> {
    let (old, new) = (parse(before), parse(after));
    if directives(&old) != directives(&new) {
        return broken("it would change a parser directive");
    }
    if let Some(error) = new_error(&old, &new) {
        return broken(format!("a syntax error is new: {}", error.message));
    }
    if fixes.iter().all(|fix| fix.effect != Effect::Instructions)
        && comments(&old) != comments(&new)
    {
        return broken("a comment changed");
    }
    let edits = Edits::of(fixes);
    let sides = Sides::new(&old, &new);
    let mut kept = 0;
    for (id, instruction) in old.instructions.iter().enumerate() {
        let effects = edits.effects(instruction.span);
        let effect = effects.iter().max().copied();
        if effect == Some(Effect::Instructions) {
            continue;
        }
        // A part that was joined is looked at with the RUN that it was joined to.
        if effect == Some(Effect::Join) && edits.join(instruction.span) {
            continue;
        }
        let start = edits.translate(instruction.span.start);
        let line = before.line(instruction.span.start);
        let found = new.instructions.binary_search_by_key(&start, |it| it.span.start);
        let Ok(now) = found else {
            return broken(format!("it would remove the instruction in line {line}"));
        };
        kept += 1;
        let same = match effect {
            None => before.slice(instruction.span) == after.slice(new.instructions[now].span),
            Some(Effect::Spelling) => sides.read_the_same(id, now),
            Some(Effect::Words | Effect::Commands) => {
                sides.run_the_same(id, now, allowed(&effects))
            }
            Some(Effect::Join) => joined_run_the_same(&old, &edits, &sides, id, now),
            Some(Effect::Instructions) => true,
        };
        if !same {
            return broken(format!(
                "it would change the meaning of the instruction in line {line}"
            ));
        }
    }
    // What is joined was not counted.
    let may_vary = fixes.iter().any(|fix| fix.effect == Effect::Instructions);
    if kept != new.instructions.len() && !may_vary {
        return broken("it would add an instruction");
    }
    Ok(())
}

/// A syntax error that was not there before. What a message quotes may be spelled otherwise now.
fn new_error<'e>(old: &Dockerfile<'_>, new: &'e Dockerfile<'_>) -> Option<&'e SyntaxError> {
    let mut known: HashMap<String, usize> = HashMap::new();
    for kind in old.errors.iter().map(SyntaxError::kind) {
        *known.entry(kind).or_default() += 1;
    }
    new.errors.iter().find(|error| match known.get_mut(&error.kind()).filter(|it| **it > 0) {
        Some(left) => {
            *left -= 1;
            false
        }
        None => true,
    })
}

/// Whether a RUN does what the RUNs did that are joined in it.
fn joined_run_the_same(
    old: &Dockerfile<'_>,
    edits: &Edits<'_>,
    sides: &Sides<'_>,
    id: usize,
    now: usize,
) -> bool {
    let rest = old.instructions[id + 1..].iter();
    let parts = rest.take_while(|it| edits.join(it.span)).map(|it| it.id);
    let all: Vec<usize> = std::iter::once(id).chain(parts).collect();
    // Another fix may change a part that is joined.
    let spans = all.iter().map(|id| old.instructions[*id].span);
    let effects: Vec<Effect> = spans.flat_map(|it| edits.effects(it)).collect();
    sides.run_all(&all, now, allowed(&effects))
}

fn directives<'d>(doc: &'d Dockerfile<'_>) -> Vec<(&'d str, &'d str)> {
    doc.directives.iter().map(|it| (it.key.as_str(), it.value)).collect()
}

/// The texts of the comments, in order.
fn comments<'d>(doc: &'d Dockerfile<'_>) -> Vec<&'d str> {
    doc.comments.iter().map(|it| doc.source.slice(it.span).trim()).collect()
}

/// The file before and after, in the words of BuildKit's parser and as commands.
struct Sides<'s> {
    words: [Vec<AstInstruction>; 2],
    models: [Model<'s>; 2],
}

impl<'s> Sides<'s> {
    fn new(old: &'s Dockerfile<'s>, new: &'s Dockerfile<'s>) -> Self {
        let model = |doc| Model::build(doc, &BuildOptions::default());
        Self {
            words: [ast_json(old).instructions, ast_json(new).instructions],
            models: [model(old), model(new)],
        }
    }

    /// Whether the builder reads the same of two instructions.
    fn read_the_same(&self, old: usize, new: usize) -> bool {
        let (Some(a), Some(b)) = (self.words[0].get(old), self.words[1].get(new)) else {
            return false;
        };
        let case_matters = !matches!(
            self.models[0].doc.instructions[old].keyword,
            Keyword::From | Keyword::Expose
        );
        let same = |a: &[String], b: &[String]| {
            let words = || a.iter().zip(b);
            a.len() == b.len()
                && words()
                    .all(|(a, b)| if case_matters { a == b } else { a.eq_ignore_ascii_case(b) })
        };
        a.keyword.eq_ignore_ascii_case(&b.keyword)
            && a.sub_keyword.as_deref().map(str::to_lowercase)
                == b.sub_keyword.as_deref().map(str::to_lowercase)
            && a.flags.len() == b.flags.len()
            && a.flags.iter().zip(&b.flags).all(|(a, b)| is_same_flag(a, b))
            && a.json == b.json
            && a.heredocs == b.heredocs
            && same(&a.value, &b.value)
    }

    fn run(&self, side: usize, id: usize) -> Option<&Run<'s>> {
        let model = &self.models[side];
        model.run_at(id).map(|it| &model.runs[it])
    }

    /// Whether one RUN runs the commands of several in order, under the same flags, and they pass a test. Only the first
    /// command of each may be joined otherwise to what is before it.
    fn run_all(&self, old: &[usize], new: usize, test: Test) -> bool {
        let runs: Option<Vec<_>> = old.iter().map(|id| self.run(0, *id)).collect();
        let (Some(runs), Some(now)) = (runs, self.run(1, new)) else { return false };
        let same_flags = runs.iter().all(|it| it.has_same_flags(now) && it.script.complete);
        let mut commands: Vec<Command> = Vec::new();
        for run in runs {
            let mut part = run.script.commands.clone();
            // In a group or subshell it stays the first of its list.
            let first = part.first_mut().filter(|it| it.depth == 0);
            if let Some(first) = first.filter(|_| !commands.is_empty()) {
                first.connector = Connector::And;
            }
            commands.extend(part);
        }
        same_flags && now.script.complete && test(&commands, &now.script.commands)
    }

    /// Whether two RUNs have the same flags, form and heredocs, and commands that pass a test. What cannot be read to
    /// its end passes none.
    fn run_the_same(&self, old: usize, new: usize, test: Test) -> bool {
        let (Some(a), Some(b)) = (self.run(0, old), self.run(1, new)) else { return false };
        let (Some(x), Some(y)) = (self.words[0].get(old), self.words[1].get(new)) else {
            return false;
        };
        let readable = |commands: &[Command]| !commands.is_empty();
        x.flags == y.flags
            && x.json == y.json
            && x.heredocs.len() == y.heredocs.len()
            && a.script.complete
            && b.script.complete
            && readable(&a.script.commands)
            && test(&a.script.commands, &b.script.commands)
    }
}

/// Whether two flags are the same but for the case of a stage's name, which means nothing.
fn is_same_flag(a: &str, b: &str) -> bool {
    let names_stage = |it: &str| {
        let name = it.strip_prefix("--").unwrap_or(it).strip_prefix("from=");
        name.is_some_and(|it| !it.contains(['/', ':']))
    };
    let same = |(a, b): (&str, &str)| a == b || names_stage(a) && a.eq_ignore_ascii_case(b);
    match (a.strip_prefix("--mount="), b.strip_prefix("--mount=")) {
        (Some(a), Some(b)) => {
            a.split(',').count() == b.split(',').count() && a.split(',').zip(b.split(',')).all(same)
        }
        _ => same((a, b)),
    }
}

/// Compares the commands before and after.
type Test = fn(&[Command], &[Command]) -> bool;

/// The test that the commands of a RUN have to pass after fixes with these effects.
fn allowed(effects: &[Effect]) -> Test {
    match (effects.contains(&Effect::Commands), effects.contains(&Effect::Words)) {
        (true, true) => |old, new| only_more_commands(old, new, false),
        (true, false) => |old, new| only_more_commands(old, new, true),
        (false, true) => only_more_words,
        (false, false) => the_same_words,
    }
}

/// Whether the same commands run in the same order, with the same words.
fn the_same_words(old: &[Command], new: &[Command]) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(a, b)| is_same(a, b, true))
}

/// Whether the same commands run in the same order, with all words they had.
fn only_more_words(old: &[Command], new: &[Command]) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(a, b)| is_same(a, b, false))
}

/// Whether the commands that ran do so in the same order, with the same words or, where `exactly` does not hold, with all
/// that they had.
fn only_more_commands(old: &[Command], new: &[Command], exactly: bool) -> bool {
    let mut rest = new.iter();
    // Something may have been put before the first one.
    let led_by = |a: &Command, b: &Command| {
        let leads = a.connector == Connector::First && a.depth == 0;
        let follows = matches!(b.connector, Connector::And | Connector::Sequence);
        let a = &Command { connector: b.connector, ..a.clone() };
        leads && follows && is_same(a, b, exactly)
    };
    old.iter()
        .enumerate()
        .all(|(index, a)| rest.any(|b| is_same(a, b, exactly) || index == 0 && led_by(a, b)))
}

/// Whether two commands are the same, apart from words that only the second has where `exactly` does not hold.
fn is_same(a: &Command, b: &Command, exactly: bool) -> bool {
    let words =
        |it: &Command| -> Vec<String> { it.args.iter().map(|word| word.text.clone()).collect() };
    let around = |it: &Command| {
        let assigned = it.assignments.iter().map(|it| (it.name.clone(), it.value.text.clone()));
        let redirected = it.redirects.iter().map(|it| (it.operator, it.fd, it.target.text.clone()));
        let wrapped = it.wrappers.iter().map(|it| it.name.clone());
        (assigned.collect::<Vec<_>>(), redirected.collect::<Vec<_>>(), wrapped.collect::<Vec<_>>())
    };
    let (old, new) = (words(a), words(b));
    let same_words = if exactly {
        old == new
    } else {
        let mut rest = new.iter();
        old.iter().all(|word| rest.any(|it| it == word))
    };
    a.name == b.name
        && a.connector == b.connector
        && a.depth == b.depth
        && a.inside == b.inside
        && around(a) == around(b)
        && same_words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fix::apply;
    use crate::lint::Edit;
    use crate::source::Span;

    /// Replaces a text by another under a declared effect.
    fn proof(effect: Effect, before: &str, old: &str, new: &str) -> Result<(), String> {
        let at = before.find(old).expect("the text is in the file");
        let span = Span::new(at, at + old.len());
        let fix = Fix::safe("x", vec![Edit::replace(span, new)]).effect(effect);
        let before = Source::new("Dockerfile", before);
        let after = Source::new("Dockerfile", apply(&before.text, fix.edits.iter()));
        prove(&before, &after, &[&fix]).map_err(|it| it.reason)
    }

    const FILE: &str =
        "# syntax=docker/dockerfile:1\nFROM debian:12 as x\nRUN a b && c\nCMD [\"d\"]\n";

    #[test]
    fn spelling_may_change_case_and_blanks() {
        assert_eq!(proof(Effect::Spelling, FILE, "as x", "AS x"), Ok(()));
        assert_eq!(proof(Effect::Spelling, FILE, "RUN a", "run  a"), Ok(()));
        assert_eq!(proof(Effect::Spelling, FILE, "as x", "as X"), Ok(()));
        assert!(proof(Effect::Spelling, FILE, "as x", "").is_err());
        let file = "FROM a\nEXPOSE 80/TCP\nONBUILD RUN b\nENV A=b\nCOPY --chown=a b c\nCMD d\n";
        let change = |old: &str, new: &str| proof(Effect::Spelling, file, old, new);
        assert_eq!(change("80/TCP", "80/tcp"), Ok(()));
        assert_eq!(change("ONBUILD RUN b", "onbuild run b"), Ok(()));
        assert_eq!(change("COPY --chown=a b c", "copy  --chown=a  b  c"), Ok(()));
        for (old, new) in [
            ("80/TCP", "80/udp"),
            ("ONBUILD RUN", "ONBUILD CMD"),
            ("ONBUILD RUN b", "ONBUILD RUN B"),
            ("ONBUILD RUN b", "RUN b"),
            ("A=b", "a=b"),
            ("A=b", "A=b C=d"),
            ("--chown=a ", ""),
            ("--chown=a", "--chown=A"),
            ("--chown=a", "--chown=a --link"),
            ("CMD d", "CMD [\"d\"]"),
        ] {
            assert!(change(old, new).is_err(), "{new}");
        }
        assert!(proof(Effect::Spelling, FILE, "a b", "a  -y b").is_err());
        assert!(proof(Effect::Spelling, FILE, "[\"d\"]", "[\"D\"]").is_err());
    }

    #[test]
    fn the_case_of_a_stage_s_name_means_nothing() {
        let file = "FROM debian:12 AS Bin\nFROM debian:12\nCOPY --from=Bin /A /b\n\
                    RUN --mount=from=Bin,target=/X y\nCOPY --from=e.org/x:Tag /a /b\n";
        let change = |old: &str, new: &str| proof(Effect::Spelling, file, old, new);
        assert_eq!(change("--from=Bin", "--from=bin"), Ok(()));
        assert_eq!(change("from=Bin,", "from=bin,"), Ok(()));
        assert!(change("--from=Bin", "--from=bun").is_err());
        assert!(change("/A", "/a").is_err());
        assert!(change("/X", "/x").is_err());
        assert!(change("x:Tag", "x:tag").is_err());
    }

    #[test]
    fn words_may_be_added_but_not_lost() {
        assert_eq!(proof(Effect::Words, FILE, "a b", "a -y b"), Ok(()));
        assert!(proof(Effect::Words, FILE, "a b", "a").is_err());
        assert!(proof(Effect::Words, FILE, "&& c", "&& c && d").is_err());
        assert!(proof(Effect::Words, FILE, "&&", ";").is_err());
        assert!(proof(Effect::Words, FILE, "a b", "a b > f").is_err());
    }

    #[test]
    fn commands_may_be_added_but_not_lost() {
        assert_eq!(proof(Effect::Commands, FILE, "&& c", "&& c && d"), Ok(()));
        assert!(proof(Effect::Commands, FILE, " && c", "").is_err());
        assert!(proof(Effect::Commands, FILE, "a b", "a b e").is_err());
    }

    #[test]
    fn comments_are_lost_only_with_instructions() {
        let file = "FROM a\nRU\\\n# b\nN c\nRUN d \\\n # e\n  f\n";
        let change = |effect, old: &str, new: &str| proof(effect, file, old, new);
        assert_eq!(change(Effect::Spelling, "RUN d", "run d"), Ok(()));
        let lost = Err("a comment changed".to_owned());
        assert_eq!(change(Effect::Spelling, "RU\\\n# b\nN c", "RUN c"), lost);
        assert_eq!(change(Effect::Spelling, "RU\\\n# b\nN c", "RU\\\n# B\nN c"), lost);
        assert_eq!(change(Effect::Words, " # e\n", ""), lost);
        assert_eq!(change(Effect::Instructions, "RUN d \\\n # e\n  f\n", ""), Ok(()));
    }

    #[test]
    fn two_fixes_of_one_run_may_each_do_what_they_declare() {
        let before = Source::new("Dockerfile", FILE);
        let at = |words: &str| {
            let start = FILE.find(words).expect("it is in the file");
            Span::new(start, start + words.len())
        };
        let words = Fix::safe("x", vec![Edit::insert_after(at("RUN a"), " -y")]);
        let words = words.effect(Effect::Words);
        let commands = Fix::safe("x", vec![Edit::insert_after(at("&& c"), " && d")]);
        let commands = commands.effect(Effect::Commands);
        let fixes = [&words, &commands];
        let text = apply(FILE, fixes.iter().flat_map(|it| &it.edits));
        let after = Source::new("Dockerfile", text);
        assert_eq!(prove(&before, &after, &fixes), Ok(()));
        assert!(prove(&before, &after, &[&words]).is_err());
    }

    #[test]
    fn joined_runs_run_all_commands_in_order() {
        let file = "FROM a\nRUN a b && c\nRUN d\nRUN e\n";
        let join = |old: &str, new: &str| proof(Effect::Join, file, old, new);
        assert_eq!(join("\nRUN d", " && d"), Ok(()));
        assert_eq!(join("\nRUN d\nRUN e", " \\\n && d && e"), Ok(()));
        assert!(join("\nRUN d", " && f").is_err());
        assert!(join("\nRUN d", "; d").is_err());
        assert!(join("\nRUN d\nRUN e", " && d").is_err());
        assert!(join("\nRUN d", " && d && g").is_err());
        // Each under the same flags, and as far as it can be read.
        let file = "FROM a\nRUN --network=none a\nRUN b\nRUN (c)\nRUN d $(\nRUN e\n";
        let join = |old: &str, new: &str| proof(Effect::Join, file, old, new);
        assert_eq!(join("\nRUN (c)", " && (c)"), Ok(()));
        assert!(join("\nRUN b", " && b").is_err());
        assert!(join("\nRUN e", " && e").is_err());
        assert!(join("\nRUN (c)", " && { c; }").is_err());
    }

    /// A RUN that is joined to another and gets words: no command may be lost or get in between.
    #[test]
    fn joined_runs_may_get_words() {
        let file = "FROM a\nRUN a b\nRUN c\n";
        let before = Source::new("Dockerfile", file);
        let proved = |between: &str, word: &str| {
            let at = |text: &str| file.find(text).expect("it is in the file");
            let join = Edit::replace(Span::new(at("\nRUN c"), at("c\n")), between);
            let join = Fix::safe("x", vec![join]).effect(Effect::Join);
            let words = Edit::insert_after(Span::new(at("a b"), at("b\n") + 1), word);
            let words = Fix::safe("x", vec![words]).effect(Effect::Words);
            let text = apply(file, words.edits.iter().chain(&join.edits));
            prove(&before, &Source::new("Dockerfile", text), &[&words, &join]).is_ok()
        };
        assert!(proved(" && ", " -y"));
        assert!(!proved("; ", " -y"));
        assert!(!proved(" || ", " -y"));
    }

    #[test]
    fn a_run_that_is_joined_may_be_changed_by_another_fix() {
        let text = "FROM a\nRUN b\nRUN c\nRUN d\n";
        let before = Source::new("Dockerfile", text);
        let at = |words: &str| {
            let start = text.find(words).expect("it is in the file");
            Span::new(start, start + words.len())
        };
        let join = Edit::replace(at("\nRUN c"), " && c");
        let join = Fix::safe("x", vec![join, Edit::replace(at("\nRUN d"), " && d")]);
        let join = join.effect(Effect::Join);
        let words = Fix::safe("x", vec![Edit::insert_after(at("RUN d"), " -y")]);
        let words = words.effect(Effect::Words);
        let fixes = [&join, &words];
        let after = Source::new("Dockerfile", apply(text, fixes.iter().flat_map(|it| &it.edits)));
        assert_eq!(after.text, "FROM a\nRUN b && c && d -y\n");
        assert_eq!(prove(&before, &after, &fixes), Ok(()));
        assert!(prove(&before, &after, &[&join]).is_err());
        // More words are no more commands.
        let more = Fix::safe("x", vec![Edit::insert_after(at("RUN d"), " && e")]);
        let proof = |effect| {
            let more = Fix { effect, ..more.clone() };
            let fixes = [&join, &more];
            let text = apply(text, fixes.iter().flat_map(|it| &it.edits));
            assert_eq!(text, "FROM a\nRUN b && c && d && e\n");
            prove(&before, &Source::new("Dockerfile", text), &fixes)
        };
        let changed = Broken {
            reason: "it would change the meaning of the instruction in line 2".to_owned(),
        };
        assert_eq!(proof(Effect::Words), Err(changed));
        assert_eq!(proof(Effect::Commands), Ok(()));
    }

    #[test]
    fn instructions_beside_the_edit_stay() {
        assert_eq!(proof(Effect::Instructions, FILE, "RUN a b && c\n", ""), Ok(()));
        assert!(proof(Effect::Instructions, FILE, " c\n", " c \\\n").is_err());
        assert!(proof(Effect::Spelling, FILE, "RUN a b && c\n", "").is_err());
        assert!(proof(Effect::Words, FILE, "c\n", "c\nUSER e\n").is_err());
        assert!(proof(Effect::Instructions, FILE, "CMD", "CMMD").is_err());
        assert!(proof(Effect::Instructions, FILE, "syntax", "sintax").is_err());
    }
}
