//! What is said about hadolint's configuration, where it is in force.

use clap::ValueEnum;

use crate::config::HadolintFound;
use crate::report::Format;

/// What we call one of hadolint's formats; none if we have nothing like it.
pub(super) fn format(name: &str) -> Option<&'static str> {
    Some(match name {
        "tty" => "full",
        "json" => "json",
        "checkstyle" => "checkstyle",
        "codeclimate" => "codeclimate",
        "gitlab_codeclimate" => "gitlab",
        "gnu" => "gnu",
        "sonarqube" => "sonarqube",
        "sarif" => "sarif",
        "junit" => "junit",
        _ => return None,
    })
}

/// What a person should hear about it.
pub(super) fn notes(found: &HadolintFound, chose_rules: bool, chose_format: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(file) = &found.file {
        notes.push(format!(
            "note: using settings from {}; layerwise config --from-hadolint converts them to layerwise.yaml",
            file.display()
        ));
        if !chose_rules {
            let same = "--profile strict --select hadolint,shellcheck reports what hadolint does";
            notes.push(format!("note: {same}; the default profile reports less"));
        }
    }
    notes.extend(found.settings.notes.iter().map(|note| format!("note: {note}")));
    if !chose_format {
        notes.extend(formats_left_out(found));
    }
    notes
}

/// Formats that have no counterpart.
fn formats_left_out(found: &HadolintFound) -> impl Iterator<Item = String> {
    let known = |name: &str| format(name).is_some_and(|it| Format::from_str(it, true).is_ok());
    let unknown = found.settings.formats.iter().filter(move |name| !known(name));
    unknown.map(|name| format!("note: no equivalent of hadolint's format `{name}`; see --format"))
}
