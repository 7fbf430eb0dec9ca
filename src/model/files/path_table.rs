//! Many paths in one table, so that those above or beneath another are found without a look at all of them.

use std::collections::HashMap;

use super::paths::covers;

/// How many different patterns with wildcards are tried for one path. No real file has as many that start alike; beyond
/// them, one is taken to fit.
const MOST_PATTERNS: usize = 64;

/// Paths, perhaps with wildcards, each with the numbers of those who named it.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct PathTable {
    /// Paths without wildcards.
    plain: HashMap<String, Vec<usize>>,
    /// Patterns by what is before their first wildcard.
    wild: HashMap<String, Vec<(String, Vec<usize>)>>,
}

impl PathTable {
    /// Adds a path. Numbers come in order.
    pub(in crate::model) fn push(&mut self, path: &str, number: usize) {
        let (start, is_whole) = key(path);
        if is_whole {
            if !matches!(start.as_str(), "" | "/") {
                self.plain.entry(start).or_default().push(number);
            }
            return;
        }
        let patterns = self.wild.entry(start).or_default();
        match patterns.iter_mut().take(MOST_PATTERNS + 1).find(|it| it.0 == path) {
            Some(same) => same.1.push(number),
            None => match patterns.get_mut(MOST_PATTERNS) {
                Some(last) => last.1.push(number),
                None => patterns.push((path.to_owned(), vec![number])),
            },
        }
    }

    /// Those whose path covers the given one, a list for each path. The numbers in a list are in order.
    pub(in crate::model) fn covering<'t>(
        &'t self,
        path: &'t str,
    ) -> impl Iterator<Item = &'t [usize]> {
        let (whole, _) = key(path);
        let ends: Vec<usize> = whole.match_indices('/').map(|(at, _)| at + 1).collect();
        let starts = std::iter::once(String::new())
            .chain(ends.into_iter().map(move |end| whole[..end].to_owned()));
        starts.flat_map(move |start| {
            let plain = self.plain.get(&start).map(Vec::as_slice);
            let patterns = self.wild.get(&start).map_or(&[][..], Vec::as_slice);
            let fits = patterns
                .iter()
                .enumerate()
                .filter(move |(at, it)| *at == MOST_PATTERNS || covers(&it.0, path));
            plain.into_iter().chain(fits.map(|(_, it)| it.1.as_slice()))
        })
    }
}

/// The components of a path up to the first with a wildcard, each with a slash behind it; and whether those are all.
pub(in crate::model) fn key(path: &str) -> (String, bool) {
    let mut key = if path.starts_with('/') { "/".to_owned() } else { String::new() };
    for part in path.split('/').filter(|it| !it.is_empty()) {
        if part.contains(['*', '?']) {
            return (key, false);
        }
        key.push_str(part);
        key.push('/');
    }
    (key, true)
}

/// All components of a path, wildcards or not, each with a slash behind it.
pub(in crate::model) fn whole(path: &str) -> String {
    let mut key = if path.starts_with('/') { "/".to_owned() } else { String::new() };
    path.split('/').filter(|it| !it.is_empty()).for_each(|part| {
        key.push_str(part);
        key.push('/');
    });
    key
}

#[cfg(test)]
mod tests {
    use super::{MOST_PATTERNS, PathTable, covers};

    fn table(paths: &[&str]) -> PathTable {
        let mut table = PathTable::default();
        paths.iter().enumerate().for_each(|(number, path)| table.push(path, number));
        table
    }

    #[test]
    fn it_finds_what_one_look_at_each_finds() {
        let paths = [
            "/a",
            "/a/b",
            "/a/b/",
            "/a/*",
            "/*",
            "/a*",
            "a",
            "a/*",
            "/",
            "*",
            "/b/*/c",
            "/a/?/c",
            "/tmp/foo*",
            "/a",
            "//a",
            "/a/.*",
        ];
        let all = table(&paths);
        for path in ["/a", "/a/b", "/a/b/c", "/b/x/c/d", "a", "a/b", "/tmp/foo-1/x", "/", "", "b"] {
            let mut found: Vec<usize> = all.covering(path).flatten().copied().collect();
            found.sort_unstable();
            let expected: Vec<usize> =
                (0..paths.len()).filter(|it| covers(paths[*it], path)).collect();
            assert_eq!(found, expected, "{path}");
        }
    }

    #[test]
    fn of_too_many_patterns_one_is_taken_to_fit() {
        let patterns: Vec<String> = (0..=MOST_PATTERNS).map(|it| format!("/x{it}*")).collect();
        let names: Vec<&str> = patterns.iter().map(String::as_str).collect();
        assert_eq!(table(&names[1..]).covering("/y").count(), 0);
        assert_eq!(table(&names).covering("/y").count(), 1);
    }
}
