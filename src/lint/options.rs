//! What the person chose about the rules.

use std::collections::BTreeMap;

use super::date::Date;
use super::rule::{Family, Meta, Profile, Rule, Severity};
use super::select::{Selection, Selector};

/// What the person chose about one run of the rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// How much the person tolerates being bothered.
    pub profile: Profile,
    /// Which codes run.
    pub selection: Selection,
    /// Severities that the person gave to rules. Where several apply, the narrower selector wins, and of equals
    /// the later.
    pub severities: Vec<(Selector, Severity)>,
    /// What single rules get.
    pub rules: RuleOptions,
    /// Whether suppressions must give a reason (LW004).
    pub require_reason: bool,
    /// Whether to ignore suppression comments.
    pub disable_ignore_comments: bool,
    /// The day of the run, on which suppressions with `expires=` end; without it they never do.
    pub today: Option<Date>,
}

/// What single rules get.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleOptions {
    /// Registries that images may come from (DL3026); empty: from any. `*`, `*suffix` and `prefix*` are patterns.
    pub trusted_registries: Vec<String>,
    /// The labels that a stage must have, and what their values are (DL3049 to DL3058).
    pub label_schema: BTreeMap<String, LabelType>,
    /// Whether labels outside the schema are faults (DL3050).
    pub strict_labels: bool,
    /// How many layers the final image may get from its file (LW111); none if nothing was said.
    pub max_layers: Option<u32>,
}

impl RuleOptions {
    /// Whether somebody chose how many layers an image may have.
    pub fn sets_max_layers(&self) -> bool {
        self.max_layers.is_some()
    }

    /// How many layers the final image may get from its file.
    pub fn max_layers(&self) -> usize {
        self.max_layers.map_or(40, |it| usize::try_from(it).unwrap_or(usize::MAX))
    }
}

/// What the value of a label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelType {
    /// Any text.
    Text,
    /// An absolute URI (RFC 3986).
    Url,
    /// A semantic version (semver.org).
    Semver,
    /// A git commit: 7 or 40 hexadecimal digits in lower case.
    Hash,
    /// A date and time (RFC 3339).
    Rfc3339,
    /// An identifier from the SPDX licence list.
    Spdx,
    /// An address (RFC 5322).
    Email,
}

impl LabelType {
    /// All types.
    pub const ALL: [Self; 7] =
        [Self::Text, Self::Url, Self::Semver, Self::Hash, Self::Rfc3339, Self::Spdx, Self::Email];

    /// Its name in configuration files; hadolint's names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Url => "url",
            Self::Semver => "semver",
            Self::Hash => "hash",
            Self::Rfc3339 => "rfc3339",
            Self::Spdx => "spdx",
            Self::Email => "email",
        }
    }
}

impl Options {
    /// Whether findings of a rule are kept. A rule that is in no profile is kept where its severity was given.
    pub fn includes(&self, meta: &Meta) -> bool {
        let named =
            |it: &Selector| matches!(it, Selector::Code(_)) && it.matches(meta, Profile::Named);
        if meta.profile == Profile::Named && self.severities.iter().any(|(it, _)| named(it)) {
            return self
                .selection
                .includes(&Meta { profile: Profile::Default, ..*meta }, self.profile);
        }
        self.selection.includes(meta, self.profile)
    }

    /// Whether the person wants not to hear of the faults that a rule finds, under whatever name: it is ignored by its own
    /// code or name. A family, a category or a prefix leaves out rules, and says nothing of faults.
    pub fn silences(&self, meta: &Meta) -> bool {
        let by_name =
            |it: &Selector| matches!(it, Selector::Code(_)) && it.matches(meta, self.profile);
        self.selection.ignore.iter().any(by_name) && !self.includes(meta)
    }

    /// Whether the person selected a rule by its own code or name.
    pub fn names(&self, meta: &Meta) -> bool {
        let by_name =
            |it: &Selector| matches!(it, Selector::Code(_)) && it.matches(meta, self.profile);
        let mut selected = self.selection.select.iter().chain(&self.selection.extend);
        selected.any(by_name) && self.includes(meta)
    }

    /// Whether running a rule can give a finding that is kept.
    pub fn may_report(&self, rule: &Rule) -> bool {
        match rule.meta.family {
            Family::Shellcheck => self.selection.may_report(rule, self.profile),
            _ => self.includes(&rule.meta),
        }
    }

    /// The severity that the person gave to a rule.
    pub fn severity_of(&self, meta: &Meta) -> Option<Severity> {
        let matching = self.severities.iter().filter(|(it, _)| it.matches(meta, Profile::Named));
        matching.max_by_key(|(it, _)| it.narrowness()).map(|(_, severity)| *severity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrower_and_then_the_later_severity_wins() {
        const META: Meta = Meta { code: "DL3008", ..Meta::HADOLINT };
        let options = |list: &[(&str, Severity)]| {
            let severities = list.iter().map(|(word, severity)| {
                let Ok(selector) = word.parse();
                (selector, *severity)
            });
            Options { severities: severities.collect(), ..Options::default() }.severity_of(&META)
        };
        assert_eq!(options(&[("DL3009", Severity::Error)]), None);
        let list = [("DL3008", Severity::Error), ("hadolint", Severity::Style)];
        assert_eq!(options(&list), Some(Severity::Error));
        let list = [("DL3008", Severity::Error), ("DL3008", Severity::Style)];
        assert_eq!(options(&list), Some(Severity::Style));
    }
}
