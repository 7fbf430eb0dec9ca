//! Upper and lower case of keywords.

use crate::model::Model;
use crate::source::Span;
use crate::syntax::{Instruction, Keyword, Kind};

/// How a word is cased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// No letter is a capital.
    Lower,
    /// Every letter is a capital.
    Upper,
    /// Some are.
    Mixed,
}

impl Case {
    /// The case of a word; one without letters counts as lower.
    pub fn of(word: &str) -> Self {
        match (word.contains(char::is_uppercase), word.contains(char::is_lowercase)) {
            (false, _) => Self::Lower,
            (true, false) => Self::Upper,
            (true, true) => Self::Mixed,
        }
    }

    /// The word in this case.
    pub fn apply(self, word: &str) -> String {
        if self == Self::Upper { word.to_uppercase() } else { word.to_lowercase() }
    }

    /// Its name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lower => "lower case",
            Self::Upper => "upper case",
            Self::Mixed => "mixed case",
        }
    }
}

impl<'s> Model<'s> {
    /// Whether a word is written on one line; otherwise a comment may be in it.
    pub fn is_on_one_line(&self, word: Span) -> bool {
        !self.doc.source.slice(word).contains('\n')
    }

    /// The instructions whose keywords BuildKit compares: those of stages, FROM included, not global ARGs.
    pub fn stage_instructions(&self) -> impl Iterator<Item = &'s Instruction<'s>> + use<'s> {
        let all = self.doc.instructions.iter();
        all.skip_while(|it| !matches!(it.kind, Kind::From(_)))
            .filter(|it| it.keyword != Keyword::Unknown)
    }

    /// The case that most keywords of the stages have: lower only if it is strictly more frequent than upper.
    pub fn usual_keyword_case(&self) -> Case {
        let (mut lower, mut upper) = (0_usize, 0_usize);
        for instruction in self.stage_instructions() {
            match Case::of(&instruction.word) {
                Case::Lower => lower += 1,
                Case::Upper => upper += 1,
                Case::Mixed => {}
            }
        }
        if lower > upper { Case::Lower } else { Case::Upper }
    }
}

#[cfg(test)]
mod tests {
    use super::Case;

    #[test]
    fn words_have_one_of_three_cases() {
        assert_eq!(Case::of("from"), Case::Lower);
        assert_eq!(Case::of("FROM"), Case::Upper);
        assert_eq!(Case::of("From"), Case::Mixed);
        assert_eq!(Case::of("9"), Case::Lower);
        assert_eq!(Case::Upper.apply("From"), "FROM");
    }
}
