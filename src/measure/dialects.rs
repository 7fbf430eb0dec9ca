//! How builders write the steps of an image's history, made comparable.

use crate::image::Step;

/// A step of a history, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    /// The keyword of the instruction, in capitals; empty if it is not known.
    pub(super) keyword: String,
    /// What follows it, with single blanks, without what builders add. It holds the values of build arguments.
    pub(super) text: String,
    /// Whether the keyword is certain to be that of the Dockerfile.
    pub(super) builder: Builder,
}

/// Who wrote a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Builder {
    /// BuildKit.
    BuildKit,
    /// The classic builder of Docker, buildah or podman, which write alike.
    Classic,
    /// Something else, such as an import or kaniko.
    Other,
}

/// How a builder writes steps: reads one, given its text with single blanks, or leaves it to the next.
type Dialect = fn(text: &str, step: &Step) -> Option<Made>;

/// All of them; the first that reads a step counts. Adding a builder that writes otherwise takes one function here.
const DIALECTS: &[Dialect] = &[no_command, instruction, command];

/// Instructions as they are in histories.
const KEYWORDS: &[&str] = &[
    "RUN",
    "COPY",
    "ADD",
    "WORKDIR",
    "ENV",
    "ARG",
    "LABEL",
    "CMD",
    "ENTRYPOINT",
    "EXPOSE",
    "USER",
    "VOLUME",
    "STOPSIGNAL",
    "HEALTHCHECK",
    "SHELL",
    "ONBUILD",
    "MAINTAINER",
];

/// Runs of blanks as one.
pub fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads a step.
pub(super) fn read(step: &Step) -> Made {
    let text = squeeze(&step.created_by);
    let made = DIALECTS.iter().find_map(|it| it(&text, step));
    made.unwrap_or_else(|| Made::new("", "", Builder::Other))
}

/// Whether BuildKit wrote a step.
pub(super) fn is_buildkit(step: &Step) -> bool {
    step.comment.starts_with("buildkit.")
}

/// Whether buildah wrote a step on a base, whose name it gives. It names the parent of each step: an image of the build by
/// twelve digits, the base by its name.
pub(super) fn names_base(step: &Step) -> bool {
    let parent = step.comment.strip_prefix("FROM ");
    parent.is_some_and(|it| it.len() != 12 || !it.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

impl Made {
    fn new(keyword: &str, text: &str, builder: Builder) -> Self {
        Self { keyword: keyword.to_owned(), text: text.to_owned(), builder }
    }
}

/// The classic builder, buildah and podman, where nothing runs: `/bin/sh -c #(nop) ENV A=1`.
fn no_command(text: &str, _: &Step) -> Option<Made> {
    let (_, rest) = text.split_once("#(nop) ")?;
    let (keyword, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    Some(Made::new(keyword, rest, Builder::Classic))
}

/// BuildKit, and others that write the instruction: `COPY data ./data/ # buildkit`.
fn instruction(text: &str, step: &Step) -> Option<Made> {
    let text = text.strip_suffix(" # buildkit").unwrap_or(text);
    let (keyword, rest) = text.split_once(' ')?;
    let builder = if is_buildkit(step) { Builder::BuildKit } else { Builder::Other };
    KEYWORDS.contains(&keyword).then(|| Made::new(keyword, rest, builder))
}

/// The classic builder, buildah and podman, where a command runs: what is not metadata is a command.
fn command(text: &str, _: &Step) -> Option<Made> {
    let text = text.strip_suffix(" # buildkit").unwrap_or(text);
    (!text.is_empty()).then(|| Made::new("RUN", text, Builder::Classic))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(created_by: &str) -> Step {
        Step { created_by: created_by.to_owned(), ..Step::default() }
    }

    #[test]
    fn the_builders_words_are_read() {
        let cases = [
            ("/bin/sh -c #(nop)  ENV A=1", "ENV", "A=1"),
            ("/bin/sh -c #(nop) COPY dir:44 in ./data/ ", "COPY", "dir:44 in ./data/"),
            (
                "RUN |1 V=x /bin/sh -c dd  if=a  && true # buildkit",
                "RUN",
                "|1 V=x /bin/sh -c dd if=a && true",
            ),
            ("COPY data ./data/ # buildkit", "COPY", "data ./data/"),
            ("|1 V=x /bin/rm /big", "RUN", "|1 V=x /bin/rm /big"),
            ("/bin/sh -c apk add x", "RUN", "/bin/sh -c apk add x"),
            ("", "", ""),
        ];
        for (text, keyword, rest) in cases {
            let made = read(&step(text));
            assert_eq!((made.keyword.as_str(), made.text.as_str()), (keyword, rest), "{text}");
        }
        for keyword in "RUN COPY ADD WORKDIR ENV ARG LABEL CMD ENTRYPOINT EXPOSE USER VOLUME STOPSIGNAL HEALTHCHECK SHELL \
                        ONBUILD MAINTAINER"
            .split_whitespace()
        {
            let made = read(&step(&format!("{keyword}  a  b # buildkit")));
            assert_eq!((made.keyword.as_str(), made.text.as_str()), (keyword, "a b"));
        }
    }

    #[test]
    fn who_wrote_a_step_and_on_what() {
        let by = |created_by: &str, comment: &str| {
            read(&Step { comment: comment.to_owned(), ..step(created_by) }).builder
        };
        assert_eq!(by("RUN make", "buildkit.dockerfile.v0"), Builder::BuildKit);
        assert_eq!(by("RUN make", "kaniko"), Builder::Other);
        assert_eq!(by("/bin/sh -c #(nop) ENV A=1", ""), Builder::Classic);
        assert_eq!(by("make", ""), Builder::Classic);
        assert_eq!(by("", ""), Builder::Other);
        for (comment, expected) in [
            ("FROM docker.io/library/debian:12", true),
            ("FROM 0123456789ab", false),
            ("FROM 0123456789abc", true),
            ("FROM registry.io/a", true),
            ("FROM debian:12-sl", true),
            ("buildkit.dockerfile.v0", false),
            ("", false),
        ] {
            let step = Step { comment: comment.to_owned(), ..Step::default() };
            assert_eq!(names_base(&step), expected, "{comment}");
        }
    }
}
