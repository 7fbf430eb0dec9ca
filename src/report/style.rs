//! How text for people looks: colours and width.

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
        let code = format!("1;38;5;{}", color(severity));
        self.paint(&code, text)
    }

    /// A line of a unified diff in the colour of what it says.
    pub fn diff_line(self, line: &str) -> String {
        let code = match line.as_bytes() {
            [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => "1",
            [b'@', b'@', ..] => "36",
            [b'+', ..] => "32",
            [b'-', ..] => "31",
            _ => return line.to_owned(),
        };
        self.paint(code, line)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// The colour of a severity, of the 256 that terminals have: each can be read on black and on white.
pub(super) fn color(severity: Severity) -> u8 {
    match severity {
        Severity::Error => 160,
        Severity::Warning => 172,
        Severity::Info => 33,
        Severity::Style => 30,
    }
}

/// The colour of what only belongs to the story.
pub(super) const SUPPORTING: u8 = 244;

/// `1 finding`, `2 findings`.
pub fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
