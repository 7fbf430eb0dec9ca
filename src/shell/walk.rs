//! The shell crates' tree to [`super::Command`]s.

use shuck_ast::{
    self as ast, BinaryOp, BuiltinCommand, CompoundCommand, ConditionalExpr, DeclOperand,
    HeredocBodyPart, RedirectTarget, Stmt, StmtSeq, StmtTerminator, WordPart,
};

use super::nested::Origin;
use super::reader::{Around, Reader, Simple};
use super::word::Resolved;
use super::{Assignment, Connector, Pipe, Redirect, ShellWord};
use crate::source::Span;

/// Deeper trees are not walked; the shell crates refuse them too.
const DEEPEST: u16 = 120;

/// Walks the tree of one text.
pub(super) struct Walker<'a> {
    pub(super) text: &'a str,
    pub(super) origin: Origin,
    /// Whether substitutions are walked; in an expanded nested text the outer one has them.
    pub(super) substitutions: bool,
    pub(super) reader: &'a mut Reader,
}

impl Walker<'_> {
    /// Walks a list.
    pub(super) fn list(&mut self, list: &StmtSeq, around: &Around) {
        if around.depth > DEEPEST {
            self.reader.complete = false;
            return;
        }
        let mut connector = around.connector;
        for stmt in &list.stmts {
            self.statement(stmt, &Around { connector, ..around.clone() });
            connector = match stmt.terminator {
                Some(StmtTerminator::Background(_)) => Connector::Background,
                _ => Connector::Sequence,
            };
        }
    }

    /// Walks a chain of `&&`, `||` and `|` from left to right; the tree leans to the left.
    fn statement(&mut self, stmt: &Stmt, around: &Around) {
        let mut leftmost = stmt;
        let mut piped = around.piped;
        let mut steps = Vec::new();
        while let ast::Command::Binary(binary) = &leftmost.command {
            let (connector, is_pipe) = match binary.op {
                BinaryOp::And => (Connector::And, false),
                BinaryOp::Or => (Connector::Or, false),
                BinaryOp::Pipe | BinaryOp::PipeAll => (Connector::Pipe, true),
            };
            steps.push((binary, Around { connector, piped, ..around.clone() }));
            piped |= is_pipe;
            leftmost = binary.left.as_ref();
        }
        self.single(leftmost, &Around { piped, ..around.clone() });
        for (binary, around) in steps.into_iter().rev() {
            if around.connector == Connector::Pipe {
                let span = self.place(binary.op_span);
                let pipefail = self.reader.options.pipefail;
                self.reader.pipes.push(Pipe { span, pipefail, inside: around.inside });
            }
            self.statement(&binary.right, &around);
        }
    }

    /// Walks a statement that is no chain.
    fn single(&mut self, stmt: &Stmt, around: &Around) {
        let redirects = &stmt.redirects;
        match &stmt.command {
            ast::Command::Simple(command) => {
                let words = std::iter::once(&command.name).chain(&command.args);
                self.simple(words, &command.assignments, redirects, around, None);
            }
            ast::Command::Builtin(command) => {
                let (name, assignments, words, span) = builtin(command);
                let start =
                    assignments.last().map_or(span.start.offset(), |it| it.span.end.offset());
                let name = self.find_name(name, start);
                self.simple(words.into_iter(), assignments, redirects, around, Some(name));
            }
            ast::Command::Decl(command) => {
                let name = self.word_at(command.variant_span);
                self.declaration(command, name, redirects, around);
            }
            ast::Command::Binary(_) => self.statement(stmt, around),
            ast::Command::Compound(compound) => {
                self.compound(compound, around);
                self.redirect_words(redirects, around);
            }
            ast::Command::Function(function) => {
                let mut around = around.first();
                around.inside.function = true;
                self.statement(&function.body, &around);
                self.redirect_words(redirects, &around);
            }
            ast::Command::AnonymousFunction(function) => {
                self.statement(&function.body, &around.first());
            }
        }
    }

    fn compound(&mut self, compound: &CompoundCommand, around: &Around) {
        match compound {
            CompoundCommand::BraceGroup(body) => self.list(body, &around.first()),
            CompoundCommand::Subshell(body) => {
                let mut inner = around.first();
                inner.inside.subshell = true;
                let options = self.reader.options;
                self.list(body, &inner);
                self.reader.options = options;
            }
            CompoundCommand::Time(command) => self.time(command, around),
            CompoundCommand::Conditional(command) => self.condition(&command.expression, around),
            CompoundCommand::Coproc(command) => self.statement(&command.body, &around.first()),
            CompoundCommand::Always(command) => {
                self.list(&command.body, &around.first());
                self.list(&command.always_body, &around.first());
            }
            CompoundCommand::Arithmetic(_) => {}
            CompoundCommand::If(_) | CompoundCommand::Case(_) => self.choice(compound, around),
            _ => self.loops(compound, around),
        }
    }

    fn choice(&mut self, compound: &CompoundCommand, around: &Around) {
        let mut inner = around.first();
        inner.inside.conditional = true;
        match compound {
            CompoundCommand::If(command) => {
                self.list(&command.condition, &inner);
                self.list(&command.then_branch, &inner);
                for (condition, branch) in &command.elif_branches {
                    self.list(condition, &inner);
                    self.list(branch, &inner);
                }
                if let Some(branch) = &command.else_branch {
                    self.list(branch, &inner);
                }
            }
            CompoundCommand::Case(command) => {
                self.word(&command.word, around);
                for item in &command.cases {
                    self.list(&item.body, &inner);
                }
            }
            _ => {}
        }
    }

    fn loops(&mut self, compound: &CompoundCommand, around: &Around) {
        let mut inner = around.first();
        inner.inside.looped = true;
        match compound {
            CompoundCommand::For(command) => {
                self.words(command.words.iter().flatten(), around);
                self.list(&command.body, &inner);
            }
            CompoundCommand::Foreach(command) => {
                self.words(&command.words, around);
                self.list(&command.body, &inner);
            }
            CompoundCommand::Select(command) => {
                self.words(&command.words, around);
                self.list(&command.body, &inner);
            }
            CompoundCommand::While(command) => {
                self.list(&command.condition, &inner);
                self.list(&command.body, &inner);
            }
            CompoundCommand::Until(command) => {
                self.list(&command.condition, &inner);
                self.list(&command.body, &inner);
            }
            CompoundCommand::ArithmeticFor(command) => self.list(&command.body, &inner),
            CompoundCommand::Repeat(command) => self.list(&command.body, &inner),
            _ => {}
        }
    }

    /// `time` is a keyword; its command is like any other behind a wrapper.
    fn time(&mut self, command: &ast::TimeCommand, around: &Around) {
        let Some(body) = &command.command else { return };
        let word = self.find_name("time", command.span.start.offset());
        let before = self.reader.commands.len();
        self.single(body, around);
        if let ast::Command::Simple(_) = body.command
            && let Some(found) = self.reader.commands.get_mut(before)
        {
            found.span = found.span.cover(word.span);
            let wrapper = super::Wrapper { name: word.text, span: word.span, args: Vec::new() };
            found.wrappers.insert(0, wrapper);
        }
    }

    /// The words of `[[ … ]]`.
    fn condition(&mut self, expression: &ConditionalExpr, around: &Around) {
        let mut stack = vec![expression];
        while let Some(expression) = stack.pop() {
            match expression {
                ConditionalExpr::Binary(it) => stack.extend([it.right.as_ref(), it.left.as_ref()]),
                ConditionalExpr::Unary(it) => stack.push(&it.expr),
                ConditionalExpr::Parenthesized(it) => stack.push(&it.expr),
                ConditionalExpr::Word(word) | ConditionalExpr::Regex(word) => {
                    self.word(word, around);
                }
                _ => {}
            }
        }
    }

    fn simple<'w>(
        &mut self,
        words: impl Iterator<Item = &'w ast::Word> + Clone,
        assignments: &[ast::Assignment],
        redirects: &[ast::Redirect],
        around: &Around,
        name: Option<ShellWord>,
    ) {
        let written = words.clone().filter(|word| !word.parts.is_empty());
        let mut simple = Simple {
            words: name.into_iter().collect(),
            assignments: assignments.iter().filter_map(|it| self.assignment(it)).collect(),
            redirects: redirects.iter().map(|it| self.redirect(it)).collect(),
        };
        simple.words.extend(
            written.map(|word| self.word_at(word.span)).filter(|word| !word.span.is_empty()),
        );
        self.reader.command(simple, self.text, self.origin, around);
        self.assigned(assignments, around);
        self.words(words, around);
        self.redirect_words(redirects, around);
    }

    fn declaration(
        &mut self,
        command: &ast::DeclClause,
        name: ShellWord,
        redirects: &[ast::Redirect],
        around: &Around,
    ) {
        let operands = command.operands.iter().map(|operand| match operand {
            DeclOperand::Flag(word) | DeclOperand::Dynamic(word) => word.span,
            DeclOperand::Name(name) => name.span,
            DeclOperand::Assignment(assignment) => assignment.span,
        });
        let simple = Simple {
            words: std::iter::once(name).chain(operands.map(|span| self.word_at(span))).collect(),
            assignments: command.assignments.iter().filter_map(|it| self.assignment(it)).collect(),
            redirects: redirects.iter().map(|it| self.redirect(it)).collect(),
        };
        self.reader.command(simple, self.text, self.origin, around);
        for operand in &command.operands {
            match operand {
                DeclOperand::Assignment(assignment) => {
                    self.assigned(std::slice::from_ref(assignment), around);
                }
                DeclOperand::Dynamic(word) => self.word(word, around),
                _ => {}
            }
        }
        self.redirect_words(redirects, around);
    }

    fn assignment(&self, assignment: &ast::Assignment) -> Option<Assignment> {
        let ast::AssignmentValue::Scalar(word) = &assignment.value else { return None };
        let name = assignment.target.name.as_str().to_owned();
        Some(Assignment { name, value: self.word_at(word.span) })
    }

    fn redirect(&self, redirect: &ast::Redirect) -> Redirect {
        let fd = redirect.fd.and_then(|fd| u32::try_from(fd).ok());
        let span = self.place(redirect.span);
        let raw = self.raw(redirect.span);
        let sign = raw.trim_start_matches(|it: char| it.is_ascii_digit());
        let operator = operator(sign);
        let target = match &redirect.target {
            RedirectTarget::Word(_) => {
                let target = sign[operator.len()..].trim_start_matches([' ', '\t', '\\', '\n']);
                let start = redirect.span.end.offset().saturating_sub(target.len());
                Resolved::read(target).at(self.range(start, redirect.span.end.offset()))
            }
            RedirectTarget::Heredoc(heredoc) => self.word_at(heredoc.delimiter.span),
        };
        Redirect { operator, fd, target, span }
    }

    fn assigned(&mut self, assignments: &[ast::Assignment], around: &Around) {
        for assignment in assignments {
            match &assignment.value {
                ast::AssignmentValue::Scalar(word) => self.word(word, around),
                ast::AssignmentValue::Compound(array) => {
                    for element in &array.elements {
                        self.word(&element.value().word, around);
                    }
                }
            }
        }
    }

    fn redirect_words(&mut self, redirects: &[ast::Redirect], around: &Around) {
        for redirect in redirects {
            match &redirect.target {
                RedirectTarget::Word(word) => self.word(word, around),
                RedirectTarget::Heredoc(heredoc) => {
                    for part in &heredoc.body.parts {
                        if let HeredocBodyPart::CommandSubstitution { body, .. } = &part.kind {
                            self.substitution(body, around);
                        }
                    }
                }
            }
        }
    }

    fn words<'w>(&mut self, words: impl IntoIterator<Item = &'w ast::Word>, around: &Around) {
        for word in words {
            self.word(word, around);
        }
    }

    fn word(&mut self, word: &ast::Word, around: &Around) {
        if self.substitutions {
            self.parts(&word.parts, around);
        }
    }

    fn parts(&mut self, parts: &[ast::WordPartNode], around: &Around) {
        for part in parts {
            match &part.kind {
                WordPart::DoubleQuoted { parts, .. } => self.parts(parts, around),
                WordPart::CommandSubstitution { body, .. }
                | WordPart::ProcessSubstitution { body, .. } => self.substitution(body, around),
                WordPart::ArithmeticExpansion { expression_word_ast, .. } => {
                    self.word(expression_word_ast, around);
                }
                WordPart::Parameter(parameter) => {
                    let operand = parameter.bourne().and_then(|it| it.operand_word_ast());
                    self.words(operand, around);
                }
                WordPart::ParameterExpansion { operator, operand_word_ast, .. } => {
                    self.words(operand_word_ast.as_deref(), around);
                    self.words(operator.replacement_word_ast(), around);
                }
                _ => {}
            }
        }
    }

    fn substitution(&mut self, body: &StmtSeq, around: &Around) {
        let mut inner = around.first();
        inner.inside.substitution = true;
        inner.piped = false;
        let options = self.reader.options;
        self.list(body, &inner);
        self.reader.options = options;
    }

    /// A word that the tree has no span for, looked for from `start` on.
    fn find_name(&self, name: &str, start: usize) -> ShellWord {
        let rest = self.text.get(start..).unwrap_or("");
        let start = rest.find(name).map_or(start, |length| start + length);
        Resolved::read(name).at(self.range(start, start + name.len()))
    }

    fn word_at(&self, span: ast::Span) -> ShellWord {
        let (start, end) = self.trimmed(span.start.offset(), span.end.offset());
        let raw = self.text.get(start..end).unwrap_or("");
        Resolved::read(raw).at(self.range(start, end))
    }

    fn raw(&self, span: ast::Span) -> &str {
        let (start, end) = self.trimmed(span.start.offset(), span.end.offset());
        self.text.get(start..end).unwrap_or("")
    }

    fn place(&self, span: ast::Span) -> Span {
        let (start, end) = self.trimmed(span.start.offset(), span.end.offset());
        self.range(start, end)
    }

    /// The range without continuations before it, and inside the text.
    fn trimmed(&self, start: usize, end: usize) -> (usize, usize) {
        let end = end.min(self.text.len());
        let raw = self.text.get(start..end).unwrap_or("");
        let skipped = raw.len() - raw.trim_start_matches("\\\n").len();
        (start.min(end) + skipped, end)
    }

    #[allow(clippy::cast_possible_truncation, reason = "a text is as long as a part of the file")]
    fn range(&self, start: usize, end: usize) -> Span {
        let end = end.min(self.text.len());
        let start = start.min(end);
        match self.origin {
            Origin::At(base) => Span { start: base + start as u32, end: base + end as u32 },
            Origin::Within(span) | Origin::Json(span) => span,
        }
    }
}

/// The operator at the start of a redirection.
fn operator(raw: &str) -> &'static str {
    ["&>>", "<<<", "<<-", "&>", ">>", "<<", ">&", "<&", ">|", "<>", ">", "<"]
        .into_iter()
        .find(|sign| raw.starts_with(sign))
        .unwrap_or("")
}

/// A builtin's name, assignments, words and place.
fn builtin(
    command: &BuiltinCommand,
) -> (&'static str, &[ast::Assignment], Vec<&ast::Word>, ast::Span) {
    let (name, first, rest, assignments, span) = match command {
        BuiltinCommand::Break(it) => ("break", &it.depth, &it.extra_args, &it.assignments, it.span),
        BuiltinCommand::Continue(it) => {
            ("continue", &it.depth, &it.extra_args, &it.assignments, it.span)
        }
        BuiltinCommand::Return(it) => {
            ("return", &it.code, &it.extra_args, &it.assignments, it.span)
        }
        BuiltinCommand::Exit(it) => ("exit", &it.code, &it.extra_args, &it.assignments, it.span),
    };
    (name, assignments, first.iter().chain(rest).collect(), span)
}
