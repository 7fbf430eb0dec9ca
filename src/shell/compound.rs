//! Groups, conditions and loops: what is in them is one construct deeper.

use shuck_ast::{self as ast, CompoundCommand, ConditionalExpr};

use super::reader::Around;
use super::walk::Walker;
use super::{Wrapper, bounds};

impl Walker<'_> {
    pub(super) fn compound(&mut self, compound: &CompoundCommand, around: &Around) {
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
            CompoundCommand::Arithmetic(command) => {
                if around.nested == 0 && command.expr_ast.is_none() && command.expr_span.is_some() {
                    let start = command.left_paren_span.start.offset();
                    self.reader.double_parens.push(start..command.right_paren_span.end.offset());
                }
            }
            CompoundCommand::If(_) | CompoundCommand::Case(_) => self.choice(compound, around),
            _ => self.loops(compound, around),
        }
    }

    fn choice(&mut self, compound: &CompoundCommand, around: &Around) {
        let mut inner = around.first();
        inner.inside.conditional = true;
        let mut asked = inner.clone();
        asked.inside.condition = true;
        match compound {
            CompoundCommand::If(command) => {
                self.list(&command.condition, &asked);
                self.list(&command.then_branch, &inner);
                for (condition, branch) in &command.elif_branches {
                    self.list(condition, &asked);
                    self.list(branch, &inner);
                }
                if let Some(branch) = &command.else_branch {
                    self.list(branch, &inner);
                }
            }
            CompoundCommand::Case(command) => {
                self.word(&command.word, around);
                let patterns = command.cases.iter().map(|it| it.patterns.len()).sum();
                self.reader.units = self.reader.units.saturating_add(bounds::of_case(patterns));
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
        let mut asked = inner.clone();
        asked.inside.condition = true;
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
                self.list(&command.condition, &asked);
                self.list(&command.body, &inner);
            }
            CompoundCommand::Until(command) => {
                self.list(&command.condition, &asked);
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
            let wrapper = Wrapper { name: word.text, span: word.span, args: Vec::new() };
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
}
