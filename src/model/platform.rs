//! A platform name taken apart.

/// `os/architecture[/variant]`, with the common synonyms made one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platform {
    /// `linux`, `windows` …
    pub os: String,
    /// `amd64`, `arm64` …; none where only the system is named.
    pub architecture: Option<String>,
}

/// The systems that a single word may name (Go's `GOOS` values).
const SYSTEMS: &[&str] = &[
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "illumos",
    "ios",
    "js",
    "linux",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
];

/// The architectures that a single word may name (Go's `GOARCH` values).
const ARCHITECTURES: &[&str] = &[
    "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64",
    "ppc64le", "riscv64", "s390x", "wasm",
];

impl Platform {
    /// Takes a platform apart as containerd's `platforms` package does; none where that refuses it.
    pub fn parse(text: &str) -> Option<Self> {
        let is_name = |part: &str| {
            !part.is_empty()
                && part.chars().all(|it| it.is_ascii_alphanumeric() || "_.-".contains(it))
        };
        let parts: Vec<&str> = text.split('/').collect();
        // A version may follow the system: `windows(10.0.17763)`.
        let system = parts[0].split('(').next().unwrap_or_default();
        if parts.len() > 3 || !is_name(system) || !parts[1..].iter().all(|part| is_name(part)) {
            return None;
        }
        if let Some(architecture) = parts.get(1) {
            let architecture = Some(architecture_name(architecture));
            return Some(Self { os: system_name(system), architecture });
        }
        let os = system_name(system);
        if SYSTEMS.contains(&os.as_str()) {
            return Some(Self { os, architecture: None });
        }
        let architecture = architecture_name(system);
        ARCHITECTURES
            .contains(&architecture.as_str())
            .then(|| Self { os: "linux".to_owned(), architecture: Some(architecture) })
    }
}

fn system_name(text: &str) -> String {
    match text.to_lowercase().as_str() {
        "macos" => "darwin".to_owned(),
        os => os.to_owned(),
    }
}

fn architecture_name(text: &str) -> String {
    match text.to_lowercase().as_str() {
        "x86_64" | "x86-64" => "amd64".to_owned(),
        "i386" => "386".to_owned(),
        "aarch64" => "arm64".to_owned(),
        "armhf" | "armel" => "arm".to_owned(),
        architecture => architecture.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Platform;

    fn parts(text: &str) -> Option<(String, Option<String>)> {
        Platform::parse(text).map(|it| (it.os, it.architecture))
    }

    #[test]
    fn synonyms_are_made_one() {
        let amd64 = Some(("linux".to_owned(), Some("amd64".to_owned())));
        assert_eq!(parts("linux/amd64"), amd64);
        assert_eq!(parts("x86_64"), amd64);
        assert_eq!(parts("Linux/AMD64"), amd64);
        assert_eq!(parts("linux/arm64/v8"), Some(("linux".into(), Some("arm64".into()))));
        assert_eq!(parts("windows"), Some(("windows".into(), None)));
    }

    #[test]
    fn what_is_no_platform_is_refused() {
        for text in ["", "linux/", "a/b/c/d", "toaster", "linux/am d64"] {
            assert_eq!(parts(text), None, "{text}");
        }
    }
}
