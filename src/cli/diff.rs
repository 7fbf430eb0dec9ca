//! Changes of a text, as a person reads them.

use similar::TextDiff;

use crate::escape;
use crate::report::Style;

/// A unified diff.
pub(super) fn diff(name: &str, before: &[u8], after: &[u8], look: Style) -> String {
    let (before, after) = (String::from_utf8_lossy(before), String::from_utf8_lossy(after));
    let diff = TextDiff::from_lines(&*before, &*after);
    let name = &escape::line(name);
    let text = diff.unified_diff().context_radius(3).header(name, name).to_string();
    let text = escape::diff(&text);
    if !look.color {
        return text;
    }
    let lines = text.split_inclusive('\n').map(|line| match line.strip_suffix('\n') {
        Some(line) => look.diff_line(line) + "\n",
        None => look.diff_line(line),
    });
    lines.collect()
}
