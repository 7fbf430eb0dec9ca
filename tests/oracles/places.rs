//! Places of a syntax tree: each is in what it is in, and splits no character.

use layerwise::source::Span;
use layerwise::syntax::{
    Dockerfile, Form, Healthcheck, Instruction, ItemKind, Kind, Part, Text, Var, Word,
};

/// Checks everything that has a place against what it is in.
pub(super) struct Places<'a> {
    pub(super) text: &'a str,
}

impl Places<'_> {
    fn inside(&self, inner: Span, outer: Span, what: &str) {
        assert!(outer.contains(inner), "{what}: {inner:?} in {outer:?} of {:?}", self.text);
        let boundary = |at: u32| self.text.is_char_boundary(at as usize);
        let whole = boundary(inner.start) && boundary(inner.end);
        assert!(whole, "{what}: {inner:?} splits a character of {:?}", self.text);
    }

    pub(super) fn document(&self, doc: &Dockerfile<'_>) {
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
            // A line with nothing but an escape character may be before the keyword.
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
