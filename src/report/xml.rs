//! Text inside XML.

/// Text for an element or an attribute. Characters that XML 1.0 cannot hold become `�`.
/// Source: <https://www.w3.org/TR/xml/#charsets>.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped += &format!("&#{};", u32::from(character)),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => escaped.push('�'),
            it => escaped.push(it),
        }
    }
    escaped
}
