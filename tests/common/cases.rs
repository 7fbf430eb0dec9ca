//! Files of small texts, each below a line `#= title`.

use std::path::Path;

/// The titles and the texts of a file.
pub(crate) fn read_cases(path: &Path) -> Vec<(String, String)> {
    let whole = String::from_utf8(std::fs::read(path).unwrap()).unwrap();
    let mut list: Vec<(String, String)> = Vec::new();
    for line in whole.split_inclusive('\n') {
        match (line.strip_prefix("#="), list.last_mut()) {
            (Some(title), _) => list.push((title.trim().to_owned(), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => panic!("{}: no `#=` on the first line", path.display()),
        }
    }
    list
}

/// A text as it is shown below its title.
pub(crate) fn quoted(text: &str) -> String {
    let line = |it: &str| format!("> {}", it.replace('\r', "\\r")).trim_end().to_owned() + "\n";
    text.lines().map(line).collect()
}
