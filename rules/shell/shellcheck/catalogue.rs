//! What is known of each of ShellCheck's codes.

use std::sync::LazyLock;

use crate::lint::{Category, Family, Meta, Profile, Severity};
use crate::shell::{ShellCode, ShellSeverity, codes, is_of_shells};

/// What the default profile keeps, and why: in a RUN these are nearly always mistakes with an effect. The rest is style, is
/// meant so, or asks for what the file alone cannot say, and is left to the strict profile. Of the codes that tell shells
/// apart ([`is_of_shells`]) it keeps what the shell of the RUN lacks. Sorted.
const IN_DEFAULT: &[(&str, &str)] = &[
    ("SC1019", "a test written like this does not run"),
    ("SC1020", "a test written like this does not run"),
    ("SC1035", "a test written like this does not run"),
    ("SC1037", "`$10` is `$1` followed by a zero"),
    ("SC1045", "`&;` stops the shell"),
    ("SC1046", "the shell stops at this text"),
    ("SC1047", "the shell stops at this text"),
    ("SC1049", "the shell stops at this text"),
    ("SC1065", "the shell stops at this text"),
    ("SC1069", "the words are run as one"),
    ("SC1089", "the shell stops at this text"),
    ("SC1097", "the variable gets a different value than intended"),
    ("SC1110", "the shell reads the quote as a letter"),
    ("SC1127", "`//` is run as a command"),
    ("SC2034", "a program does not see the variable; other cases are not reported here"),
    ("SC2066", "the loop runs once"),
    ("SC2069", "the errors still go to the log"),
    ("SC2070", "the test is always true"),
    ("SC2071", "a file is written instead of a comparison"),
    ("SC2072", "`1.10` comes before `1.9`"),
    ("SC2081", "the pattern is compared as plain text"),
    ("SC2097", "the value is not set yet"),
    ("SC2098", "the value is not set yet"),
    ("SC2121", "nothing is assigned"),
    ("SC2141", "the separators are different than intended"),
    ("SC2145", "`$@` is empty in a RUN, so a script written like this loses it"),
    ("SC2146", "the action applies only to the last alternative"),
    ("SC2154", "the value was set in another RUN; other cases are not reported here"),
    ("SC2157", "the test is always true"),
    ("SC2158", "the test is always true"),
    ("SC2159", "the test is always true"),
    ("SC2160", "the test is always true"),
    ("SC2161", "the test is always true"),
    ("SC2163", "another variable is exported"),
    ("SC2168", "the shell rejects it"),
    ("SC2195", "the branch never runs"),
    ("SC2210", "a file of that number is written"),
    ("SC2217", "the text is not read"),
    ("SC2218", "the function is not defined yet"),
    ("SC2242", "the shell rejects it"),
    ("SC2252", "the test is always true"),
    ("SC2260", "the redirection applies to one side only"),
    ("SC2261", "one redirection undoes the other"),
    ("SC2270", "nothing is assigned"),
    ("SC2287", "a folder cannot be run"),
    ("SC2319", "the status is that of the test"),
    ("SC2327", "the text goes elsewhere"),
    ("SC2328", "the text goes elsewhere"),
];

static METAS: LazyLock<Vec<Meta>> = LazyLock::new(|| codes().iter().map(describe).collect());

/// The codes of ShellCheck that can be reported, sorted.
pub fn shellcheck_metas() -> &'static [Meta] {
    &METAS
}

/// What is known of a code.
pub(super) fn meta(code: &str) -> Option<&'static Meta> {
    let index = METAS.binary_search_by(|meta| meta.code.cmp(code)).ok()?;
    Some(&METAS[index])
}

/// Whether the default profile leaves a code out.
pub(super) fn is_only_strict(code: &ShellCode) -> bool {
    IN_DEFAULT.binary_search_by(|it| it.0.cmp(code.code)).is_err() && !is_of_shells(code.code)
}

fn severity(code: &ShellCode) -> Severity {
    match code.severity {
        ShellSeverity::Error => Severity::Error,
        ShellSeverity::Warning => Severity::Warning,
        ShellSeverity::Info => Severity::Info,
        ShellSeverity::Style => Severity::Style,
    }
}

/// Texts are made once and live as long as the program.
fn describe(code: &'static ShellCode) -> Meta {
    if code.code == super::RULE.meta.code {
        return super::RULE.meta;
    }
    let severity = severity(code);
    let strict = is_only_strict(code);
    let sentence = code.summary.trim_end_matches('.');
    let why = format!(
        "{sentence}. ShellCheck calls this {} {}.",
        if matches!(severity, Severity::Error | Severity::Info) { "an" } else { "a" },
        severity.name(),
    );
    let page: &'static str =
        Box::leak(format!("https://www.shellcheck.net/wiki/{}", code.code).into_boxed_str());
    Meta {
        code: code.code,
        name: code.name,
        family: Family::Shellcheck,
        category: Category::Shell,
        severity,
        profile: if strict { Profile::Strict } else { Profile::Default },
        summary: sentence,
        why: Box::leak(why.into_boxed_str()),
        references: Box::leak(Box::new([page])),
        ..Meta::LAYERWISE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_sorted_and_complete() {
        assert!(METAS.is_sorted_by(|a, b| a.code < b.code));
        assert_eq!(METAS.len(), codes().len());
        assert!(IN_DEFAULT.is_sorted_by_key(|it| it.0));
        for (code, reason) in IN_DEFAULT {
            let meta = meta(code).unwrap_or_else(|| panic!("{code} is not a code"));
            assert_eq!(meta.profile, Profile::Default, "{code}: {reason}");
        }
    }

    #[test]
    fn the_face_of_the_catalogue_agrees_with_the_table() {
        let Some(code) = crate::shell::code(super::super::RULE.meta.code) else {
            panic!("the code is not in the table")
        };
        assert_eq!(super::super::RULE.meta.name, code.name);
        assert_eq!(code.severity, ShellSeverity::Info);
    }
}
