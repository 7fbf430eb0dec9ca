//! The variables that a shell text uses, by its quotes and escapes alone.

/// A use of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use<'t> {
    /// The variable.
    pub name: &'t str,
    /// Where its name is in the text.
    pub at: usize,
    /// Whether nothing is there for the case that it has no value, as in `${NAME:-…}`, `${NAME+…}` and `${NAME?…}`.
    pub is_plain: bool,
}

/// Whether a text can be the name of a variable.
pub fn is_name(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && text.chars().all(is_of_name)
}

/// The variables that a text uses, in order. Where a `$` is in single quotes, `reads_quoted` says whether it counts.
pub fn uses_in(text: &str, reads_quoted: impl Fn(usize) -> bool) -> Vec<Use<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut single, mut double) = (0, false, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if !single => at += 1,
            b'\'' if !double => single = !single,
            b'"' if !single => double = !double,
            b'$' if !single || reads_quoted(at) => {
                let braces = bytes.get(at + 1) == Some(&b'{');
                let start = at + 1 + usize::from(braces);
                let rest = text.get(start..).unwrap_or_default();
                let (name, rest) =
                    rest.split_at(rest.find(|it| !is_of_name(it)).unwrap_or(rest.len()));
                if is_name(name) {
                    let is_plain = !braces || rest.starts_with(['}', '#', '%', '/', '^', ',', '@']);
                    found.push(Use { name, at: start, is_plain });
                }
                at = start + name.len();
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn is_of_name(it: char) -> bool {
    it.is_ascii_alphanumeric() || it == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names, those that are used with a default in brackets.
    fn names(text: &str, quoted: bool) -> String {
        let uses = uses_in(text, |_| quoted).into_iter();
        let shown =
            uses.map(|it| if it.is_plain { it.name.to_owned() } else { format!("({})", it.name) });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn uses_are_found_as_the_shell_sees_them() {
        assert_eq!(names("a$B/${C}x", false), "B C");
        assert_eq!(names("'$A'\"$B\"\\$C$D", false), "B D");
        assert_eq!(names("'$A'\"$B\"", true), "A B");
        assert_eq!(names("${A:-x}${B-y}${C:?z}${D%x}$1$$", false), "(A) (B) (C) D");
        assert_eq!(names("$ ${ ${} $é ${é} $", false), "");
        assert_eq!(uses_in("é$A", |_| false), [Use { name: "A", at: 3, is_plain: true }]);
    }
}
