//! Platforms: their names taken apart, and what a file makes of them.

use crate::model::{Model, PREDEFINED, Stage};
use crate::syntax::{Kind, Part, Word};

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

impl Model<'_> {
    /// Whether the file is made for several platforms: something in it asks for the platform arguments.
    pub fn is_for_several_platforms(&self) -> bool {
        let asks = |word: &Word<'_>| {
            word.variables().iter().any(|it| PREDEFINED.contains(&it.name.as_str()))
        };
        self.doc.instructions.iter().any(|it| match &it.kind {
            Kind::From(from) => from.platform.iter().chain([&from.image]).any(asks),
            Kind::Arg(list) => list.iter().any(|it| PREDEFINED.contains(&&*it.name.text)),
            _ => false,
        })
    }

    /// Whether the base of a stage is named by a variable with which it may be one of the stages above: `build-$TARGETARCH`
    /// beneath `AS build-amd64`.
    pub fn may_name_stage(&self, stage: &Stage<'_>) -> bool {
        stages_by_variable(&self.stages, stage).next().is_some()
    }
}

/// More stages above one are not looked at: no real file has them.
const MOST_STAGES: usize = 500;

/// The stages above that a FROM with a variable may name: those whose names start and end as it does.
pub(in crate::model) fn stages_by_variable<'a>(
    stages: &'a [Stage<'_>],
    stage: &Stage<'_>,
) -> impl Iterator<Item = usize> + use<'a> {
    let parts = &stage.from.image.parts;
    let literal = |part: Option<&Part>| match part {
        Some(Part::Text(text)) => text.to_lowercase(),
        _ => String::new(),
    };
    let (start, end) = (literal(parts.first()), literal(parts.last()));
    let shortest = start.len() + end.len();
    // A name that is all variable may be anything.
    let varies = shortest > 0 && parts.iter().any(|it| matches!(it, Part::Var(_)));
    let above = if varies { &stages[stage.id.saturating_sub(MOST_STAGES)..stage.id] } else { &[] };
    let fits = move |it: &&Stage<'_>| {
        let name = it.name.as_deref().unwrap_or_default();
        name.len() >= shortest && name.starts_with(&start) && name.ends_with(&end)
    };
    above.iter().filter(fits).map(|it| it.id)
}

#[cfg(test)]
mod tests {
    use super::Platform;
    use crate::model::tests::of;

    #[test]
    fn platform_arguments_tell_a_file_for_several_platforms() {
        #[allow(
            clippy::redundant_closure_for_method_calls,
            reason = "the path has one lifetime only"
        )]
        let several = |text: &str| of(text, |model| model.is_for_several_platforms());
        assert!(several("FROM --platform=$BUILDPLATFORM a\n"));
        assert!(several("FROM a\nARG TARGETARCH\n"));
        assert!(several("FROM a AS b-amd64\nFROM b-$TARGETARCH\n"));
        assert!(!several("ARG P=linux/amd64\nFROM --platform=$P a\n"));
    }

    #[test]
    fn a_variable_may_choose_a_stage() {
        let may = |text: &str| {
            of(text, |model| model.stages.last().is_some_and(|it| model.may_name_stage(it)))
        };
        assert!(may("FROM a AS build-amd64\nFROM build-${TARGETARCH}\n"));
        assert!(may("ARG OS\nFROM a AS linux-build\nFROM $OS-build\n"));
        assert!(may("ARG V\nFROM a AS x-1-y\nFROM x-${V}-y\n"));
        assert!(!may("FROM a AS build-amd64\nFROM other-${TARGETARCH}\n"));
        assert!(!may("FROM a AS build\nFROM $BASE\n"));
        assert!(!may("FROM a AS build\nFROM build\n"));
    }

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
