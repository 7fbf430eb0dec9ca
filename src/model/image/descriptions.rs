//! The comment that describes what an instruction defines.

use crate::model::Model;
use crate::source::Span;
use crate::syntax::{Instruction, ItemKind};

/// The last line of the comment block directly above an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Description<'m> {
    /// The text after `#`, trimmed.
    pub text: &'m str,
    /// The comment, `#` included.
    pub span: Span,
}

/// The first words of comments that address tools.
const FOR_TOOLS: &[&str] = &["check", "hadolint", "layerwise", "tally"];

impl Model<'_> {
    /// The comment line directly above an instruction, unless it is bare or addresses a tool.
    pub fn description(&self, instruction: &Instruction<'_>) -> Option<Description<'_>> {
        let items = &self.doc.items;
        let behind = items.partition_point(|it| it.span.start <= instruction.span.start);
        let place = behind.checked_sub(1)?;
        if items.get(place)?.kind != ItemKind::Instruction(instruction.id) {
            return None;
        }
        let ItemKind::Comment(comment) = items.get(place.checked_sub(1)?)?.kind else {
            return None;
        };
        let span = self.doc.comments.get(comment)?.span;
        let text = self.doc.source.slice(span).trim_start_matches('#').trim();
        let first = text.split([' ', '=']).next().unwrap_or_default();
        (!text.is_empty() && !FOR_TOOLS.contains(&first)).then_some(Description { text, span })
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{BuildOptions, Model};
    use crate::source::Source;
    use crate::syntax;

    #[test]
    fn the_line_directly_above_describes() {
        let text =
            "# one\n# two words\nFROM x\n# gone\n\nRUN y\n# hadolint ignore=DL1\nRUN z\n#\nRUN w\n";
        let source = Source::new("Dockerfile", text);
        let doc = syntax::parse(&source);
        let model = Model::build(&doc, &BuildOptions::default());
        let texts: Vec<_> =
            doc.instructions.iter().map(|it| model.description(it).map(|it| it.text)).collect();
        assert_eq!(texts, [Some("two words"), None, None, None]);
    }
}
