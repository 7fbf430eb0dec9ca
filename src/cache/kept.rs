//! How much of what was copied into a stage is certainly still there after the commands that follow.

use crate::context::is_in;
use crate::model::{Replaced, covers};

/// How much is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kept {
    /// All of it.
    All,
    /// All but these paths, from where it was copied to. They may hold wildcards. The empty path is a file that was copied there.
    Without(Vec<String>),
    /// Perhaps nothing.
    Nothing,
}

/// What later commands leave of what was copied to a destination.
pub(super) fn kept<'r>(destination: &str, later: impl Iterator<Item = &'r Replaced>) -> Kept {
    let mut gone = Vec::new();
    for replaced in later {
        let Some(path) = replaced.path.as_deref() else { return Kept::Nothing };
        if path.trim_end_matches('/') == destination.trim_end_matches('/') && !replaced.is_whole {
            // If a file is in this place, it is another one now.
            gone.push(String::new());
        } else if covers(path, destination) {
            return Kept::Nothing;
        } else if is_below(path, destination) {
            let below = path.trim_start_matches('/').strip_prefix(destination.trim_matches('/'));
            gone.push(below.unwrap_or(path).trim_matches('/').to_owned());
        }
    }
    if gone.is_empty() { Kept::All } else { Kept::Without(gone) }
}

/// Whether an absolute path is another one or below it.
pub(super) fn is_below(path: &str, above: &str) -> bool {
    is_in(path.trim_matches('/'), above.trim_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_commands_leave() {
        let replaced = |path: &str, is_whole| Replaced {
            run: 0,
            path: Some(path.to_owned()).filter(|it| !it.is_empty()),
            is_whole,
        };
        let of = |it: &[Replaced]| kept("/app", it.iter());
        assert_eq!(of(&[replaced("/other", true), replaced("/ap", true)]), Kept::All);
        assert_eq!(of(&[replaced("/app", true)]), Kept::Nothing);
        assert_eq!(of(&[replaced("/*", true)]), Kept::Nothing);
        assert_eq!(of(&[replaced("", true)]), Kept::Nothing);
        let some = [replaced("/app/src/*.o", true), replaced("/app/conf", false)];
        let without = ["src/*.o".to_owned(), "conf".to_owned()];
        assert_eq!(of(&some), Kept::Without(without.to_vec()));
        assert_eq!(of(&[replaced("/app", false)]), Kept::Without(vec![String::new()]));
    }
}
