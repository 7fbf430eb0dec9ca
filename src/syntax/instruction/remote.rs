//! The URLs of ADD: which of them are repositories, and what may follow `?`.

use crate::source::Span;
use crate::syntax::ast::{TransferSource, Word};
use crate::syntax::cx::Cx;
use crate::syntax::message::{code, did_you_mean};

/// The keys that the builder takes after `?` in the URL of a repository, each with whether its value is `true`, `false` or
/// left out.
/// Source: <https://docs.docker.com/reference/dockerfile/#add>, `dfgitutil` of BuildKit.
const KEYS: [(&str, bool); 10] = [
    ("branch", false),
    ("checksum", false),
    ("commit", false),
    ("fetch-by-commit", true),
    ("keep-git-dir", true),
    ("mtime", false),
    ("ref", false),
    ("subdir", false),
    ("submodules", true),
    ("tag", false),
];

/// Whether a source is a repository: by its protocol, or by the `.git` at the end of its path.
pub(super) fn is_repository(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let web = text.starts_with("http://") || text.starts_with("https://");
    let by_protocol = ["git@", "git://", "ssh://"].iter().any(|it| text.starts_with(it));
    by_protocol || (web || text.starts_with("github.com/")) && path.ends_with(".git")
}

/// Refuses what the builder refuses after the `?`.
pub(super) fn check(cx: &mut Cx, source: &TransferSource<'_>) {
    let Some(text) = source.word.literal().filter(|it| is_repository(it)) else { return };
    let query = text.split('#').next().and_then(|it| it.split_once('?')).map(|it| it.1);
    for pair in query.into_iter().flat_map(|it| it.split('&')).filter(|it| !it.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let known = KEYS.iter().find(|(name, _)| *name == key);
        let (message, help) = match known {
            None => {
                let names = KEYS.iter().map(|(name, _)| *name);
                let otherwise = "use `ref`, `tag`, `branch`, `commit`, `subdir`, `submodules`";
                let help = did_you_mean(key, names, "", otherwise);
                (format!("the URL of a repository does not support {}", code(key)), help)
            }
            Some((_, false)) if value.is_empty() => {
                (format!("`{key}` in the URL has no value"), format!("write `{key}=value`"))
            }
            Some((_, true)) if !is_switch(value) => {
                let help = "write `true` or `false`".to_owned();
                (format!("`{key}` in the URL cannot be {}", code(value)), help)
            }
            Some(("mtime", _)) if !matches!(value, "checkout" | "commit") => {
                let help = "write `checkout` or `commit`".to_owned();
                (format!("`{key}` in the URL cannot be {}", code(value)), help)
            }
            Some(_) => continue,
        };
        cx.refuse(place(&source.word, pair), message, help);
    }
}

/// What Go's `strconv.ParseBool` takes, or nothing.
fn is_switch(value: &str) -> bool {
    let short = matches!(value, "" | "1" | "t" | "T" | "0" | "f" | "F");
    short || matches!(value, "true" | "TRUE" | "True" | "false" | "FALSE" | "False")
}

/// Where a part of a word is, if the word is in the file as it is.
fn place(word: &Word<'_>, part: &str) -> Span {
    let plain = word.span.len() as usize == word.text.len();
    match word.text.find(part).filter(|_| plain) {
        Some(at) => {
            let start = word.span.start as usize + at;
            Span::new(start, start + part.len())
        }
        None => word.span,
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::syntax::parse;

    /// Each error as the words it points at and its message.
    fn errors(url: &str) -> Vec<(String, String)> {
        let source = Source::new("", format!("FROM x\nADD {url} /x\n"));
        let errors = parse(&source).errors.into_iter();
        errors.map(|it| (source.slice(it.span).to_owned(), it.message)).collect()
    }

    #[test]
    fn keys_of_repositories_are_checked() {
        for (query, place, message) in [
            ("?foo=bar", "foo=bar", "the URL of a repository does not support `foo`"),
            ("?tag=v1&sub=x#main", "sub=x", "the URL of a repository does not support `sub`"),
            ("?branch", "branch", "`branch` in the URL has no value"),
            ("?ref=", "ref=", "`ref` in the URL has no value"),
            ("?submodules=no", "submodules=no", "`submodules` in the URL cannot be `no`"),
            ("?mtime=now", "mtime=now", "`mtime` in the URL cannot be `now`"),
        ] {
            let expected = [(place.to_owned(), message.to_owned())];
            assert_eq!(errors(&format!("https://github.com/a/b.git{query}")), expected);
        }
        assert_eq!(errors("git@github.com:a/b.git?foo=1").len(), 1);
    }

    #[test]
    fn anything_may_follow_in_other_urls() {
        for good in [
            "https://github.com/a/b.git",
            "https://github.com/a/b.git?tag=v1&submodules&keep-git-dir=1",
            "https://github.com/a/b.git?subdir=x#v1",
            "https://example.com/a.tar.gz?foo=bar",
            "https://example.com/get?file=b.git",
            "https://github.com/a/b.git?$QUERY",
        ] {
            assert_eq!(errors(good), [], "{good}");
        }
    }
}
