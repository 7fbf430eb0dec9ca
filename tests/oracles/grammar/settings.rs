//! Ignore files and files of settings.

use super::Choices;

/// Patterns of a .dockerignore, a line of dashes, and paths.
pub(crate) fn ignore(c: &mut Choices<'_>) -> String {
    const PARTS: &[&str] = &[
        "a", "b", "*", "**", "ab", "?", "a*", "*b", "[ab]", "[^a]", "a?b", "*.md", "**b", "a**",
        "..", ".", "", "é*", "a\\*",
    ];
    let lines = c.join(6, "\n", |c| {
        let before = c.pick(&["", "", "!", "/", "./", " ", "# ", "!/"]);
        let after = c.pick(&["", "", "/", " ", "\r"]);
        format!("{before}{}{after}", c.join(4, "/", |c| c.pick(PARTS).to_owned()))
    });
    let names = &["a", "b", "ab", "aab", "x.md", "README.md", "é", "ba", "a*", "-"];
    let paths = c.join(6, "\n", |c| c.join(4, "/", |c| c.pick(names).to_owned()));
    format!("{lines}\n----\n{paths}\n")
}

/// A file of settings.
pub(crate) fn configuration(c: &mut Choices<'_>) -> String {
    const KEYS: &[&str] = &[
        "profile",
        "select",
        "extend-select",
        "ignore",
        "severity",
        "fail-on",
        "max-layers",
        "max-size",
        "max-waste",
        "min-efficiency",
        "max-growth",
        "baseline",
        "target",
        "strict-labels",
        "require-reason",
        "disable-ignore-comments",
        "build-args",
        "label-schema",
        "trusted-registries",
        "include",
        "exclude",
        "per-path",
        "extends",
        "ignored",
        "override",
        "trustedRegistries",
        "failure-threshold",
        "no-fail",
        "format",
        "path",
    ];
    fn value(c: &mut Choices<'_>, depth: usize) -> String {
        match c.below(if depth > 0 { 9 } else { 6 }) {
            0 => c
                .pick(&[
                    "DL3008", "strict", "warning", "true", "10", "audit", "ALL", "never", "error",
                    "SC2086", "semver", "layers",
                ])
                .to_owned(),
            1 => c
                .pick(&[
                    "\"a b\"",
                    "'*.docker'",
                    "10 MB",
                    "5%",
                    "0.9",
                    "a/**",
                    "\"\\u202e\"",
                    "~",
                    "1e400",
                    "-1",
                    "0x10",
                    "!!str a",
                    "|\n  a",
                ])
                .to_owned(),
            2 => c.join(3, ", ", |c| {
                c.pick(&["DL3008", "LW102", "SC2046", "x", "\"\"", "*a", "&a b", "DL3"]).to_owned()
            }),
            3 => format!(
                "[{}]",
                c.join(3, ", ", |c| c.pick(&["DL3008", "LW1", "\"a b\"", "'[a'", "1"]).to_owned())
            ),
            4 => format!(
                "{{{}: {}}}",
                c.pick(&["DL3008", "error", "A", "a.b", "\"x\""]),
                c.pick(&["error", "[DL3001]", "semver", "\"1\"", "1.10", "~"])
            ),
            5 => String::new(),
            6 => format!("[{}, {}]", value(c, depth - 1), value(c, depth - 1)),
            7 => {
                format!("{{a: {}, {}: {}}}", value(c, depth - 1), c.pick(KEYS), value(c, depth - 1))
            }
            _ => format!("\n  - path: {}\n    {}: {}", value(c, 0), c.pick(KEYS), value(c, 0)),
        }
    }
    c.join(6, "\n", |c| format!("{}: {}", c.pick(KEYS), value(c, 2)))
}
