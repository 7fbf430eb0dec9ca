//! How text for people looks: colours, width, and nothing that a terminal would obey.

use std::borrow::Cow;

use crate::lint::Severity;

/// What the output can show.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether escape sequences for colours are wanted.
    pub color: bool,
    /// How many columns a line may have.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 80 }
    }
}

impl Style {
    /// Text in bold.
    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// Text that is of less interest.
    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// Text in the colour of a severity.
    pub fn severity(self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Error => "1;31",
            Severity::Warning => "1;33",
            Severity::Info => "1;34",
            Severity::Style => "1;36",
        };
        self.paint(code, text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Text of a file or of its name with control characters made visible, so that it cannot move the cursor,
/// break a line or set colours.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_control) {
        Cow::Owned(text.chars().map(|it| if it.is_control() { '�' } else { it }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// `1 finding`, `2 findings`.
pub fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
