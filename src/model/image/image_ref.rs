//! An image reference taken apart.

use crate::syntax::digest_fault;

/// `[registry/]repository[:tag][@digest]`, as it is written.
///
/// The grammar is that of the distribution project's `reference` package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRef {
    /// The registry, where one is written: the first component, if it holds `.`, `:` or a capital letter or is
    /// `localhost`.
    pub registry: Option<String>,
    /// The repository without the registry.
    pub repository: String,
    /// The tag.
    pub tag: Option<String>,
    /// The digest, algorithm included.
    pub digest: Option<String>,
}

impl ImageRef {
    /// Takes a reference apart; any text gives something.
    pub fn parse(text: &str) -> Self {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest.to_owned())),
            None => (text, None),
        };
        let (path, tag) = match rest.rsplit_once(':') {
            Some((path, tag)) if !tag.contains('/') => (path, Some(tag.to_owned())),
            _ => (rest, None),
        };
        let (registry, repository) = match path.split_once('/') {
            Some((first, rest)) if is_registry(first) => (Some(first.to_owned()), rest),
            _ => (None, path),
        };
        Self { registry, repository: repository.to_owned(), tag, digest }
    }

    /// Whether a text is a reference that a registry client accepts: lower-case path components joined by single
    /// separators, then optionally a tag of at most 128 characters and a digest.
    pub fn is_valid(text: &str) -> bool {
        let image = Self::parse(text);
        let word = |it: char| it.is_ascii_alphanumeric();
        let registry = image.registry.as_deref().is_none_or(|registry| {
            let (host, port) = registry.split_once(':').unwrap_or((registry, "0"));
            !port.is_empty()
                && port.chars().all(|it| it.is_ascii_digit())
                && host.split('.').all(|label| {
                    label.starts_with(word)
                        && label.ends_with(word)
                        && label.chars().all(|it| word(it) || it == '-')
                })
        });
        let tag = image.tag.as_deref().is_none_or(|tag| {
            (1..=128).contains(&tag.len())
                && tag.chars().all(|it| word(it) || "_.-".contains(it))
                && !tag.starts_with(['.', '-'])
        });
        let digest = image.digest.as_deref().is_none_or(|it| digest_fault(it).is_none());
        registry && tag && digest && image.repository.split('/').all(is_path_component)
    }

    /// The last component of the repository: `golang` of `docker.io/library/golang`.
    pub fn name(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or(&self.repository)
    }

    /// Whether it is an official image of Docker Hub of that name.
    pub fn is_official(&self, name: &str) -> bool {
        matches!(self.registry.as_deref(), None | Some("docker.io" | "index.docker.io"))
            && self.repository.strip_prefix("library/").unwrap_or(&self.repository) == name
    }
}

/// Whether the first component of several is a registry, as the distribution project's `splitDockerDomain` decides.
fn is_registry(first: &str) -> bool {
    first.contains(['.', ':']) || first == "localhost" || first.contains(char::is_uppercase)
}

/// Lower-case letters and digits, joined by `.`, `_`, `__` or any number of `-`.
fn is_path_component(text: &str) -> bool {
    let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit();
    let separators = text.split(plain).filter(|it| !it.is_empty());
    text.starts_with(plain)
        && text.ends_with(plain)
        && separators
            .into_iter()
            .all(|it| matches!(it, "." | "_" | "__") || it.chars().all(|it| it == '-'))
}

#[cfg(test)]
mod tests {
    use super::ImageRef;

    #[test]
    fn ports_are_no_tags() {
        let image = ImageRef::parse("reg.io:5000/a/b:1@sha256:00");
        assert_eq!(image.registry.as_deref(), Some("reg.io:5000"));
        assert_eq!((image.repository.as_str(), image.tag.as_deref()), ("a/b", Some("1")));
        assert_eq!(image.digest.as_deref(), Some("sha256:00"));
        assert_eq!(ImageRef::parse("localhost:5000/x").tag, None);
        assert!(ImageRef::parse("docker.io/library/node:20").is_official("node"));
        assert!(!ImageRef::parse("acme/node").is_official("node"));
    }

    #[test]
    fn broken_references_are_told() {
        let digest = format!("a/b@sha256:{}", "0".repeat(64));
        for good in [
            "alpine",
            "reg.io:5000/a/b__c:1.2-x",
            "localhost/x",
            "a--b",
            "UPPER/case:3",
            "Reg/a/b",
            &digest,
        ] {
            assert!(ImageRef::is_valid(good), "{good}");
        }
        for bad in [
            "",
            ":1",
            "alpine:",
            "a:b:c",
            "Alpine",
            "a//b",
            "a._b",
            "a/",
            "a:-x",
            "a@x",
            "a b",
            "UPPER/Case",
            "a/B",
            "a@sha256:0123",
            "a_b:5000/c",
        ] {
            assert!(!ImageRef::is_valid(bad), "{bad}");
        }
    }
}
