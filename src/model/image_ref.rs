//! An image reference taken apart.

/// `[registry/]repository[:tag][@digest]`, as it is written.
///
/// The grammar is that of the distribution project's `reference` package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRef {
    /// The registry, where one is written: the first component, if it holds `.` or `:` or is `localhost`.
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
            Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => {
                (Some(first.to_owned()), rest)
            }
            _ => (None, path),
        };
        Self { registry, repository: repository.to_owned(), tag, digest }
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
}
