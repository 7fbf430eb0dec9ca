//! The flags of instructions. Source: <https://docs.docker.com/reference/dockerfile/>.

use crate::syntax::Keyword;

/// A flag: its name, and what it does.
type Entry = (&'static str, &'static str);

const LINK: Entry = (
    "link",
    "Makes a layer that does not depend on those before it, so that it stays valid when they change. Links in the \
     destination are not followed.",
);
const CHOWN: Entry = ("chown", "The owner of the files, `user:group`, by name or number.");
const CHMOD: Entry = ("chmod", "The mode of the files: octal, or symbolic such as `u=rwX,go=rX`.");
const EXCLUDE: Entry = ("exclude", "Excludes what matches a pattern. Can be repeated.");

const COPY: &[Entry] = &[
    ("from", "Copies from a stage, an image or a named context instead of the build context."),
    CHOWN,
    CHMOD,
    LINK,
    ("parents", "Keeps the folders of the sources, from the root or from `/./` on."),
    EXCLUDE,
];
const ADD: &[Entry] = &[
    ("checksum", "The digest that a file from a URL, or a commit, must have."),
    CHOWN,
    CHMOD,
    LINK,
    ("keep-git-dir", "Keeps the `.git` folder of a Git repository."),
    ("unpack", "Whether archives are unpacked; the default is yes for local ones and no for URLs."),
    EXCLUDE,
];
const RUN: &[Entry] = &[
    (
        "mount",
        "Mounts something while the command runs: `bind`, `cache`, `tmpfs`, `secret` or `ssh`.",
    ),
    ("network", "The network of the command: `default`, `none` or `host`."),
    (
        "security",
        "`insecure` runs it with all privileges, if the builder allows that; `sandbox` is the default.",
    ),
    ("device", "Gives the command access to a device, by its CDI name."),
];
const HEALTHCHECK: &[Entry] = &[
    ("interval", "The time between two checks; the default is `30s`."),
    ("timeout", "A check that takes longer fails; the default is `30s`."),
    ("start-period", "The time to start, during which failures do not count; the default is `0s`."),
    ("start-interval", "The time between two checks during the start; the default is `5s`."),
    ("retries", "How many failures in a row make the container unhealthy; the default is 3."),
];
const FROM: &[Entry] = &[(
    "platform",
    "The platform of the image, such as `linux/amd64` or `$BUILDPLATFORM`; the default is that of the target.",
)];

/// The flags of an instruction.
pub(in crate::lsp) fn flags(keyword: Keyword) -> &'static [Entry] {
    match keyword {
        Keyword::Add => ADD,
        Keyword::Copy => COPY,
        Keyword::From => FROM,
        Keyword::Healthcheck => HEALTHCHECK,
        Keyword::Run => RUN,
        _ => &[],
    }
}

/// What a flag of an instruction does.
pub(in crate::lsp) fn flag(keyword: Keyword, name: &str) -> Option<&'static str> {
    flags(keyword).iter().find(|it| it.0 == name).map(|it| it.1)
}

/// What the value of a flag is made of.
pub(in crate::lsp) fn flag_value(name: &str) -> &'static str {
    match name {
        "checksum" => "algorithm:digest",
        "chmod" => "mode",
        "chown" => "user[:group]",
        "device" => "name[,required]",
        "exclude" => "pattern",
        "from" => "stage|image|context",
        "interval" | "start-interval" | "start-period" | "timeout" => "duration",
        "network" => "default|none|host",
        "platform" => "os/architecture[/variant]",
        "retries" => "number",
        "security" => "sandbox|insecure",
        _ => "true|false",
    }
}

#[cfg(test)]
mod tests {
    use super::{flag_value, flags};
    use crate::source::Source;
    use crate::syntax::{Keyword, parse};

    /// Flags with another value than yes or no are listed.
    #[test]
    fn values_are_those_of_the_flags() {
        let plain = ["keep-git-dir", "link", "mount", "parents", "unpack"];
        for (name, _) in Keyword::ALL.into_iter().flat_map(flags) {
            assert_eq!(flag_value(name) == "true|false", plain.contains(name), "{name}");
        }
    }

    /// The parser knows every flag that is described here.
    #[test]
    fn the_parser_knows_the_flags() {
        for keyword in Keyword::ALL {
            for (name, _) in flags(keyword) {
                let text = format!("FROM a\n{} --{name}=x y z\n", keyword.name());
                let source = Source::new("Dockerfile", text);
                let unknown = format!("has no flag `--{name}`");
                let errors = parse(&source).errors;
                assert!(errors.iter().all(|it| !it.message.contains(&unknown)), "{name}");
            }
        }
    }
}
