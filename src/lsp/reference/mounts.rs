//! Mounts of RUN. Source: <https://docs.docker.com/reference/dockerfile/#run---mount>.

/// The kinds of mounts, and what each is for.
pub(in crate::lsp) const MOUNT_TYPES: &[(&str, &str)] = &[
    ("bind", "Files of the build context, a stage or an image, read-only. The default."),
    (
        "cache",
        "A folder that is kept between builds but is not part of any layer, for caches of package managers and compilers.",
    ),
    (
        "secret",
        "A file or a variable that the caller provides with `--secret`; not part of any layer.",
    ),
    ("ssh", "The caller's SSH agent, provided with `--ssh`."),
    ("tmpfs", "An empty folder in memory, gone after the command."),
];

const TARGET: (&str, &str) = ("target", "Where it is mounted.");
const FROM: (&str, &str) =
    ("from", "The stage or image that `source` is in; the default is the build context.");
const SOURCE: (&str, &str) = ("source", "The path in `from`; the default is its root.");
const ID: (&str, &str) = ("id", "Distinguishes it from others of its type.");
const MODE: (&str, &str) = ("mode", "The mode, in octal.");
const UID: (&str, &str) = ("uid", "The user ID of the owner; the default is 0.");
const GID: (&str, &str) = ("gid", "The group ID; the default is 0.");
const REQUIRED: (&str, &str) = ("required", "Whether the build fails if the caller provides none.");

const BIND: &[(&str, &str)] =
    &[TARGET, SOURCE, FROM, ("rw", "Allows writing; what is written is dropped.")];
const CACHE: &[(&str, &str)] = &[
    TARGET,
    (
        "sharing",
        "`shared` for several builds at once, `private` for one per build, `locked` to wait, as apt needs.",
    ),
    ID,
    FROM,
    SOURCE,
    MODE,
    UID,
    GID,
    ("ro", "Forbids writing."),
];
const SECRET: &[(&str, &str)] = &[
    ID,
    ("target", "The file; the default is `/run/secrets/` and the `id`."),
    ("env", "The variable that holds it, instead of a file or in addition to one."),
    REQUIRED,
    MODE,
    UID,
    GID,
];
const SSH: &[(&str, &str)] =
    &[ID, ("target", "The path of the agent's socket."), REQUIRED, MODE, UID, GID];
const TMPFS: &[(&str, &str)] = &[TARGET, ("size", "Its maximum size, such as `64m`.")];

/// The keys of a kind of mount.
pub(in crate::lsp) fn mount_keys(kind: &str) -> &'static [(&'static str, &'static str)] {
    match kind {
        "cache" => CACHE,
        "secret" => SECRET,
        "ssh" => SSH,
        "tmpfs" => TMPFS,
        _ => BIND,
    }
}

/// What a key of a kind of mount means.
pub(in crate::lsp) fn mount_key(kind: &str, key: &str) -> Option<&'static str> {
    mount_keys(kind).iter().find(|it| it.0 == plain_key(key)).map(|it| it.1)
}

/// The name by which a key is described here.
pub(in crate::lsp) fn plain_key(key: &str) -> &str {
    match key {
        "dst" | "destination" => "target",
        "src" => "source",
        "readonly" => "ro",
        "readwrite" => "rw",
        other => other,
    }
}

/// Whether a key is written without a value as a rule.
pub(in crate::lsp) fn is_plain(key: &str) -> bool {
    matches!(key, "ro" | "rw" | "required")
}

/// What a kind of mount is for.
pub(in crate::lsp) fn mount_type(name: &str) -> Option<&'static str> {
    MOUNT_TYPES.iter().find(|it| it.0 == name).map(|it| it.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::syntax::parse;

    /// The parser knows every key that is described here.
    #[test]
    fn the_parser_knows_the_keys() {
        for (kind, _) in MOUNT_TYPES {
            for (key, _) in mount_keys(kind) {
                let text = format!("FROM a\nRUN --mount=type={kind},{key}=x y\n");
                let source = Source::new("Dockerfile", text);
                let errors = parse(&source).errors;
                let is_unknown = |it: &str| it.contains("unknown") || it.contains("takes no");
                assert!(errors.iter().all(|it| !is_unknown(&it.message)), "{kind} {key}");
            }
        }
    }
}
