//! What holds for the syntax tree of any file at all.

use layerwise::source::{Source, Span};
use layerwise::syntax::{
    Dockerfile, Form, Healthcheck, Instruction, ItemKind, Kind, Part, Text, Var, Word, ast_json,
    parse,
};
use proptest::prelude::*;

/// Checks everything that has a place against what it stands in.
struct Places<'a> {
    text: &'a str,
}

impl Places<'_> {
    fn inside(&self, inner: Span, outer: Span, what: &str) {
        assert!(outer.contains(inner), "{what}: {inner:?} in {outer:?} of {:?}", self.text);
        let boundary = |at: u32| self.text.is_char_boundary(at as usize);
        let whole = boundary(inner.start) && boundary(inner.end);
        assert!(whole, "{what}: {inner:?} splits a character of {:?}", self.text);
    }

    fn document(&self, doc: &Dockerfile<'_>) {
        let file = doc.source.span();
        let mut end = 0;
        for item in &doc.items {
            assert_eq!(item.span.start, end, "items of {:?}", self.text);
            end = item.span.end;
            match item.kind {
                ItemKind::Instruction(index) => {
                    assert_eq!(doc.instructions[index].id, index);
                    self.inside(doc.instructions[index].span, item.span, "instruction");
                    self.instruction(&doc.instructions[index]);
                }
                ItemKind::Comment(index) => {
                    self.inside(doc.comments[index].span, item.span, "comment");
                }
                ItemKind::Directive(index) => {
                    let directive = &doc.directives[index];
                    self.inside(directive.span, item.span, "directive");
                    self.inside(directive.key_span, directive.span, "key");
                    self.inside(directive.value_span, directive.span, "value");
                    assert_eq!(doc.source.slice(directive.value_span), directive.value);
                }
                _ => {}
            }
        }
        assert_eq!(end, file.end, "items of {:?}", self.text);
        let lines = |index| {
            let found = doc.items.iter().find(|it| it.kind == ItemKind::Instruction(index));
            found.map_or(file, |item| item.span)
        };
        for comment in &doc.comments {
            // A line with nothing but an escape character may stand before the keyword.
            self.inside(comment.span, comment.inside.map_or(file, lines), "comment");
        }
        self.errors(doc);
    }

    fn errors(&self, doc: &Dockerfile<'_>) {
        for error in &doc.errors {
            self.inside(error.span, doc.source.span(), &error.message);
            assert!(error.message.chars().count() <= 80, "{}", error.message);
            assert!(!error.message.ends_with('.') && error.help.is_some());
        }
        assert!(doc.errors.is_sorted_by_key(|error| error.span.start));
    }

    fn instruction(&self, instruction: &Instruction<'_>) {
        let span = instruction.span;
        self.inside(instruction.keyword_span, span, "keyword");
        self.text_of(&instruction.body, span);
        for flag in &instruction.flags {
            self.inside(flag.span, span, "flag");
            flag.value.iter().for_each(|value| self.word(value, flag.span));
        }
        for heredoc in &instruction.heredocs {
            self.inside(heredoc.marker_span, span, "marker");
            self.inside(heredoc.body, span, "body");
            self.inside(heredoc.terminator, span, "terminator");
        }
        for line in &instruction.empty_lines {
            self.inside(*line, self.whole(), "empty line");
        }
        self.kind(&instruction.kind, span, instruction.body.span);
    }

    fn whole(&self) -> Span {
        Span::new(0, self.text.len())
    }

    fn kind(&self, kind: &Kind<'_>, span: Span, body: Span) {
        match kind {
            Kind::Onbuild(inner) => {
                self.inside(inner.span, span, "wrapped instruction");
                self.instruction(inner);
            }
            Kind::Run(run) => {
                self.form(&run.form, body);
                for mount in &run.mounts {
                    self.inside(mount.span, span, "mount");
                    for option in &mount.options {
                        self.inside(option.span, mount.span, "option");
                        option.value.iter().for_each(|value| self.word(value, option.span));
                    }
                }
            }
            Kind::Cmd(form) | Kind::Entrypoint(form) => self.form(form, body),
            Kind::Healthcheck(Healthcheck::Cmd(word, form)) => {
                self.inside(*word, body, "type");
                self.form(form, body);
            }
            kind => words(kind).into_iter().for_each(|word| self.word(word, body)),
        }
    }

    fn form(&self, form: &Form<'_>, outer: Span) {
        match form {
            Form::Shell(text) => self.text_of(text, outer),
            Form::Json(words) => words.iter().for_each(|word| self.word(word, outer)),
        }
    }

    fn text_of(&self, text: &Text<'_>, outer: Span) {
        self.inside(text.span, outer, "text");
        for (at, character) in text.value.char_indices() {
            let place = text.span_of(at..at + character.len_utf8());
            assert!(text.span.contains(place), "{at} of {:?}", text.value);
            assert_eq!(&self.text[place.range()], &*character.encode_utf8(&mut [0; 4]));
        }
    }

    fn word(&self, word: &Word<'_>, outer: Span) {
        self.inside(word.span, outer, "word");
        for var in word.variables() {
            self.inside(var.span, word.span, "variable");
            self.nested(var);
        }
    }

    fn nested(&self, var: &Var) {
        for part in var.operand.iter().chain(&var.replacement) {
            if let Part::Var(inner) = part {
                self.inside(inner.span, var.span, "operand");
            }
        }
    }
}

fn words<'a, 's>(kind: &'a Kind<'s>) -> Vec<&'a Word<'s>> {
    match kind {
        Kind::From(from) => {
            std::iter::once(&from.image).chain(from.alias.iter().map(|alias| &alias.name)).collect()
        }
        Kind::Copy(transfer) | Kind::Add(transfer) => {
            let sources = transfer.sources.iter().map(|source| &source.word);
            sources.chain([&transfer.destination]).collect()
        }
        Kind::Env(pairs) | Kind::Label(pairs) => {
            pairs.pairs.iter().flat_map(|pair| [&pair.key, &pair.value]).collect()
        }
        Kind::Arg(names) => {
            names.iter().flat_map(|arg| std::iter::once(&arg.name).chain(&arg.value)).collect()
        }
        Kind::Expose(words) | Kind::Shell(words) | Kind::Volume(words) => words.iter().collect(),
        Kind::Stopsignal(word)
        | Kind::User(word)
        | Kind::Workdir(word)
        | Kind::Maintainer(word) => vec![word],
        _ => Vec::new(),
    }
}

fn check(bytes: Vec<u8>) {
    let source = Source::from_bytes("Dockerfile", bytes.clone());
    let doc = parse(&source);
    assert_eq!(doc.print(), bytes);
    Places { text: &source.text }.document(&doc);
    let _ = ast_json(&doc);
}

/// Pieces of which Dockerfiles, and what looks like them, are made.
const PIECES: &[&str] = &[
    "FROM ",
    "RUN ",
    "COPY ",
    "ADD ",
    "ENV ",
    "LABEL ",
    "ARG ",
    "ONBUILD ",
    "HEALTHCHECK ",
    "EXPOSE ",
    "VOLUME ",
    "SHELL ",
    "CMD ",
    "USER ",
    "STOPSIGNAL ",
    "WORKDIR ",
    "MAINTAINER ",
    "ENTRYPOINT ",
    "a",
    "b c",
    "é",
    "“",
    "\u{a0}",
    " ",
    "  ",
    "\t",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\\\n",
    "\\ \r\n",
    "`\n",
    "\\",
    "`",
    "#",
    "# x\n",
    "\\\n# c\n",
    "\\\n\n",
    "# escape=`\n",
    "# syntax=x\n",
    "<<E ",
    "<<-'E' ",
    "E\n",
    "\tE\n",
    "[\"a\", \"b\\u00e9\"]",
    "[",
    "]",
    "\"",
    "'",
    "=",
    "$a",
    "${b:-",
    "${c/",
    "/",
    "}",
    "${",
    "--mount=type=cache,target=",
    "--from=",
    "--chown=\"",
    "-- ",
    ",",
    "id=x",
    "80",
    "/tcp",
    "AS ",
    "NONE",
    "\u{feff}",
    "1s",
    "--interval=",
    "a=b ",
    "\\u00e9",
    "\u{b}",
    "\u{85}",
];

fn dockerfile() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_print_back(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check(bytes);
    }

    #[test]
    fn anything_like_a_dockerfile_prints_back(text in dockerfile()) {
        check(text.into_bytes());
    }

    #[test]
    fn line_ends_do_not_change_the_words(text in dockerfile()) {
        let plain = text.replace('\r', "");
        let windows = Source::new("", plain.replace('\n', "\r\n"));
        let unix = Source::new("", plain);
        check(windows.text.clone().into_bytes());
        let (unix, windows) = (ast_json(&parse(&unix)), ast_json(&parse(&windows)));
        prop_assert_eq!(unix.instructions.len(), windows.instructions.len());
        for (one, other) in unix.instructions.iter().zip(&windows.instructions) {
            prop_assert_eq!(&one.value, &other.value);
            prop_assert_eq!((one.start_line, one.end_line), (other.start_line, other.end_line));
        }
    }
}

fn messages(text: &str) -> Vec<String> {
    parse(&Source::new("", text)).errors.into_iter().map(|error| error.message).collect()
}

#[test]
fn a_hundred_thousand_nested_variables_are_one_error() {
    let text = format!("FROM x\nENV a={}\n", "${a:-\\\n".repeat(100_000));
    assert_eq!(messages(&text), ["variables are nested too deep"]);
}

#[test]
fn a_million_words_are_read() {
    let ports = "1 \\\n".repeat(500);
    let text = format!("FROM x\nRUN {}a\nEXPOSE {ports}", "a \\\n".repeat(999_999));
    let source = Source::new("", text);
    let doc = parse(&source);
    assert_eq!(doc.errors, []);
    let Kind::Run(run) = &doc.instructions[1].kind else { panic!("no RUN") };
    let Form::Shell(text) = &run.form else { panic!("no shell form") };
    assert_eq!(text.value.split_whitespace().count(), 1_000_000);
    assert_eq!(source.slice(text.span_of(text.value.len() - 1..text.value.len())), "a");
    assert!(matches!(&doc.instructions[2].kind, Kind::Expose(ports) if ports.len() == 500));
}

#[test]
fn what_is_never_closed_is_one_error_each() {
    assert_eq!(messages("FROM x\nENV a=\"b\n"), ["quote `\"` is never closed"]);
    assert_eq!(
        messages("FROM x\nRUN cat <<A <<B\nFROM y\n"),
        ["heredoc has no line with its delimiter `A`"]
    );
    assert_eq!(messages("FROM x\nCMD [\"a\", \"b\n"), [""; 0]);
    assert_eq!(
        messages("FROM x\nCMD [\"a\", 1]\n"),
        ["a JSON array of arguments may hold only strings"]
    );
    assert_eq!(messages("FROM x\nRUN [[[\n"), [""; 0]);
}

#[test]
fn a_line_may_have_65535_bytes() {
    let line = |length: usize| format!("FROM x\nRUN {}\n", "a".repeat(length - 4));
    assert_eq!(messages(&line(65_535)), [""; 0]);
    assert_eq!(messages(&line(65_536)), ["the line is longer than 65535 bytes"]);
}

#[test]
fn deep_json_and_onbuild_are_bounded() {
    let text = format!("FROM x\nRUN {}\n", "[".repeat(60_000));
    assert_eq!(messages(&text), [""; 0]);
    let text = format!("FROM x\n{}RUN a\n", "ONBUILD ".repeat(8_000));
    assert_eq!(messages(&text), ["`ONBUILD` may not stand in `ONBUILD`"]);
}

#[test]
fn a_file_that_is_no_dockerfile_is_one_item() {
    for bytes in [&b"\xFF\xFEF\0R\0O\0M\0"[..], b"\x7FELF\0\0\0", b"\0"] {
        let source = Source::from_bytes("", bytes.to_vec());
        let doc = parse(&source);
        assert_eq!((doc.items.len(), doc.errors.len(), doc.instructions.len()), (1, 1, 0));
        assert_eq!(doc.print(), bytes);
    }
}

#[test]
fn a_nul_byte_is_refused_only_in_instructions() {
    assert_eq!(messages("# a\0\nFROM x\n"), [""; 0]);
    assert_eq!(messages("FROM x\nRUN a\0b\0\n"), ["a NUL byte stands in the instruction"]);
}
