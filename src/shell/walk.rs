//! The shell crates' tree to [`super::Command`]s.

use shuck_ast::{
    self as ast, BinaryOp, DeclOperand, HeredocBodyPart, RedirectTarget, Stmt, StmtSeq,
    StmtTerminator, WordPart,
};

use super::convert::builtin;
use super::nested::Origin;
use super::reader::{Around, Reader, Simple};
use super::{Connector, Pipe, ShellWord};

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
            if around.nested == 0 {
                let place = self.place(stmt.span);
                self.reader.tops.push(place);
            }
            self.statement(stmt, &Around { connector, ..around.clone() });
            connector = match stmt.terminator {
                Some(StmtTerminator::Background(_)) => Connector::Background,
                _ => Connector::Sequence,
            };
        }
    }

    /// Walks a chain of `&&`, `||` and `|` from left to right; the tree leans to the left.
    pub(super) fn statement(&mut self, stmt: &Stmt, around: &Around) {
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
                let (left, right) = (self.place(binary.left.span), self.place(binary.right.span));
                let inside = around.inside;
                self.reader.pipes.push(Pipe { span, left, right, pipefail, inside });
            }
            self.statement(&binary.right, &around);
        }
    }

    /// Walks a statement that is not a chain.
    pub(super) fn single(&mut self, stmt: &Stmt, around: &Around) {
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

    pub(super) fn words<'w>(
        &mut self,
        words: impl IntoIterator<Item = &'w ast::Word>,
        around: &Around,
    ) {
        for word in words {
            self.word(word, around);
        }
    }

    pub(super) fn word(&mut self, word: &ast::Word, around: &Around) {
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
}
