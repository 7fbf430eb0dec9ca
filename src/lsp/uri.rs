//! Names of files in the protocol: `file:///a%20b` to a path and back.

use std::path::{Path, PathBuf};

const SCHEME: &str = "file://";

/// The path of a file; none for what is not a file on this machine.
pub(super) fn to_path(uri: &str) -> Option<PathBuf> {
    let rest = uri.get(..SCHEME.len()).filter(|it| it.eq_ignore_ascii_case(SCHEME))?;
    let rest = &uri[rest.len()..];
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let rest = rest.split(['?', '#']).next()?;
    let text = decode(rest)?;
    let is_drive = text.get(2..3) == Some(":") && text.as_bytes()[1].is_ascii_alphabetic();
    let text = if cfg!(windows) && is_drive { &text[1..] } else { &text };
    (text.starts_with('/') || cfg!(windows)).then(|| PathBuf::from(text))
}

/// The name of a file, given by its absolute path.
pub(super) fn from_path(path: &Path) -> String {
    let text = crate::context::with_slashes(path);
    let slash = if text.starts_with('/') { "" } else { "/" };
    let mut uri = format!("{SCHEME}{slash}");
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        match hex.filter(|_| *byte == b'%').and_then(|it| u8::from_str_radix(it, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            None => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok().filter(|it| !it.contains('\0'))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn paths_come_back() {
        for (uri, path) in [
            ("file:///a/b", Some("/a/b")),
            ("file:///a%20b/%C3%BC%25", Some("/a b/ü%")),
            ("FILE://localhost/x#y", Some("/x")),
            ("file:///a%", Some("/a%")),
            ("file:///a%00b", None),
            ("file:///%FF", None),
            ("untitled:Untitled-1", None),
            ("file://server/x", None),
            ("", None),
        ] {
            assert_eq!(to_path(uri), path.map(PathBuf::from), "{uri}");
        }
        let path = Path::new("/a b/ü#?%.d");
        assert_eq!(from_path(path), "file:///a%20b/%C3%BC%23%3F%25.d");
        assert_eq!(to_path(&from_path(path)).as_deref(), Some(path));
    }
}
