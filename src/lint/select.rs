//! Which rules run and which findings are kept.

use std::convert::Infallible;
use std::str::FromStr;

use super::rule::{Category, Family, Meta, Profile, Rule};

/// What a person selected. Where selectors disagree the narrower one wins; between equals, `ignore` does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these; empty means what the profile has.
    pub select: Vec<Selector>,
    /// These too.
    pub extend: Vec<Selector>,
    /// Never these.
    pub ignore: Vec<Selector>,
}

/// One selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// Every rule.
    All,
    /// What the profile has.
    Default,
    /// A family.
    Family(Family),
    /// A category.
    Category(Category),
    /// A whole code, or the name of a rule.
    Code(String),
    /// The start of codes that are letters and digits, such as `DL3` or `LW`.
    Prefix(String),
}

/// The letters that codes with digits begin with. Other codes, which are names, have no prefixes.
const LETTERS: [&str; 4] = ["DL", "SC", "LW", "LM"];

/// How many digits follow the letters.
const DIGITS: usize = 4;

/// The letters of ShellCheck's codes.
const SHELLCHECK: &str = "SC";

impl FromStr for Selector {
    type Err = Infallible;

    /// Reads a selector in any case. A word that is nothing else is taken for a code: [`Selector::is_known`]
    /// says whether there is such a rule.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let is = |name: &str| name.eq_ignore_ascii_case(text);
        if is("ALL") {
            return Ok(Self::All);
        }
        if is("DEFAULT") {
            return Ok(Self::Default);
        }
        if let Some(family) = Family::ALL.into_iter().find(|it| is(it.name())) {
            return Ok(Self::Family(family));
        }
        if let Some(category) = Category::ALL.into_iter().find(|it| is(it.name())) {
            return Ok(Self::Category(category));
        }
        let digits = LETTERS
            .iter()
            .filter(|letters| text.get(..2).is_some_and(|it| it.eq_ignore_ascii_case(letters)))
            .find_map(|_| text.get(2..));
        Ok(match digits {
            Some(digits)
                if digits.len() < DIGITS && digits.bytes().all(|it| it.is_ascii_digit()) =>
            {
                Self::Prefix(text.to_ascii_uppercase())
            }
            _ => Self::Code(text.to_owned()),
        })
    }
}

impl Selector {
    /// Whether it stands for that rule. A profile's rules are those that `DEFAULT` stands for.
    pub fn matches(&self, meta: &Meta, profile: Profile) -> bool {
        match self {
            Self::All => true,
            Self::Default => meta.profile <= profile,
            Self::Family(family) => meta.family == *family,
            Self::Category(category) => meta.category == *category,
            Self::Code(code) => {
                meta.code.eq_ignore_ascii_case(code) || meta.name.eq_ignore_ascii_case(code)
            }
            Self::Prefix(prefix) => meta.code.starts_with(prefix),
        }
    }

    /// Whether any of these rules is meant by it.
    pub fn is_known<'a>(&self, mut catalogue: impl Iterator<Item = &'a Meta>) -> bool {
        match self {
            Self::All | Self::Default | Self::Family(_) | Self::Category(_) => true,
            Self::Code(_) | Self::Prefix(_) => {
                self.touches_shellcheck() || catalogue.any(|it| self.matches(it, Profile::Audit))
            }
        }
    }

    /// Whether a code of ShellCheck may be meant: its catalogue is one rule with many codes.
    fn touches_shellcheck(&self) -> bool {
        match self {
            Self::All | Self::Default => true,
            Self::Family(family) => *family == Family::Shellcheck,
            Self::Category(category) => *category == Category::Shell,
            Self::Prefix(prefix) => prefix.starts_with(SHELLCHECK),
            Self::Code(code) => {
                code.len() == SHELLCHECK.len() + DIGITS
                    && code.get(..2).is_some_and(|it| it.eq_ignore_ascii_case(SHELLCHECK))
                    && code.bytes().skip(2).all(|it| it.is_ascii_digit())
            }
        }
    }

    /// How narrow it is: the narrower of two selectors that disagree wins.
    pub(super) fn narrowness(&self) -> usize {
        match self {
            Self::All | Self::Default => 0,
            Self::Family(_) => FAMILY,
            Self::Category(_) => CATEGORY,
            Self::Prefix(prefix) => PREFIX + prefix.len(),
            Self::Code(_) => CODE,
        }
    }
}

const FAMILY: usize = 1;
const CATEGORY: usize = 2;
const PREFIX: usize = 3;
const CODE: usize = usize::MAX;

impl Selection {
    /// Whether findings of that rule are kept. `ALL`, a code or a prefix selects whatever the profile;
    /// a family or a category selects only its rules of the profile. A rule of no profile takes its whole code.
    pub fn includes(&self, meta: &Meta, profile: Profile) -> bool {
        let narrowest = |list: &[Selector]| {
            let matching = list.iter().filter(|selector| selector.matches(meta, profile));
            matching.map(Selector::narrowness).max()
        };
        let in_profile = meta.profile <= profile;
        let by_profile = (self.select.is_empty() && in_profile).then_some(0);
        let selected = narrowest(&self.select).max(narrowest(&self.extend)).max(by_profile);
        let Some(selected) = selected else { return false };
        let all = || self.select.iter().chain(&self.extend).any(|it| *it == Selector::All);
        let whatever_profile = match meta.profile {
            Profile::Named => selected == CODE,
            _ => selected >= PREFIX || all(),
        };
        (in_profile || whatever_profile)
            && narrowest(&self.ignore).is_none_or(|ignored| ignored < selected)
    }

    /// Whether a rule is one of those that are chosen from, whatever the profile and whatever is ignored.
    pub fn touches(&self, meta: &Meta) -> bool {
        let mut selected = self.select.iter().chain(&self.extend);
        self.select.is_empty() || selected.any(|it| it.matches(meta, Profile::Audit))
    }

    /// Whether running that rule can give a finding that is kept.
    pub fn may_report(&self, rule: &Rule, profile: Profile) -> bool {
        if rule.meta.family != Family::Shellcheck {
            return self.includes(&rule.meta, profile);
        }
        // One rule stands for the whole catalogue: it runs unless none of its codes can be selected.
        let narrowest = |list: &[Selector]| {
            let touching = list.iter().filter(|selector| selector.touches_shellcheck());
            touching.map(Selector::narrowness).max()
        };
        let by_profile = self.select.is_empty().then_some(0);
        let selected = narrowest(&self.select).max(narrowest(&self.extend)).max(by_profile);
        let whole = [
            Selector::All,
            Selector::Family(Family::Shellcheck),
            Selector::Prefix(SHELLCHECK.to_owned()),
        ];
        let ignored = self.ignore.iter().filter(|it| whole.contains(it));
        let ignored = ignored.map(Selector::narrowness).max();
        selected.is_some_and(|selected| ignored.is_none_or(|ignored| ignored < selected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HADOLINT: Meta = Meta {
        code: "DL3008",
        name: "unpinned-apt-package",
        category: Category::Packages,
        ..Meta::HADOLINT
    };
    const AUDIT: Meta = Meta { code: "LW601", profile: Profile::Audit, ..Meta::LAYERWISE };
    const SHELL: Rule = Rule {
        meta: Meta {
            code: "SC",
            family: Family::Shellcheck,
            category: Category::Shell,
            ..Meta::LAYERWISE
        },
        check: |_, _| {},
    };

    fn list(text: &str) -> Vec<Selector> {
        text.split_terminator(',').map(|it| it.parse().unwrap()).collect()
    }

    fn selection(select: &str, extend: &str, ignore: &str) -> Selection {
        Selection { select: list(select), extend: list(extend), ignore: list(ignore) }
    }

    #[test]
    fn words_are_read_in_any_case() {
        let expected = [
            Selector::All,
            Selector::Default,
            Selector::Family(Family::Hadolint),
            Selector::Category(Category::BaseImage),
            Selector::Prefix("DL3".to_owned()),
            Selector::Code("dl3008".to_owned()),
            Selector::Code("StageNameCasing".to_owned()),
        ];
        assert_eq!(list("all,default,Hadolint,base-image,dl3,dl3008,StageNameCasing"), expected);
    }

    #[test]
    fn the_narrower_selector_wins() {
        for (select, extend, ignore, kept) in [
            ("", "", "", true),
            ("", "", "ALL", false),
            ("DL3008", "", "ALL", true),
            ("DL3008", "", "DL3008", false),
            ("DL3", "", "DL3008", false),
            ("DL3008", "", "DL3", true),
            ("DL300", "", "DL3", true),
            ("hadolint", "", "packages", false),
            ("packages", "", "hadolint", true),
            ("buildkit", "", "", false),
            ("buildkit", "DL3008", "", true),
            ("unpinned-apt-package", "", "", true),
            ("", "DL3008", "hadolint", true),
        ] {
            let selection = selection(select, extend, ignore);
            assert_eq!(selection.includes(&HADOLINT, Profile::Default), kept, "{selection:?}");
        }
    }

    #[test]
    fn broad_words_do_not_leave_the_profile() {
        for (select, extend, kept) in [
            ("", "", false),
            ("layerwise", "", false),
            ("syntax", "", false),
            ("DEFAULT", "", false),
            ("ALL", "", true),
            ("", "ALL", true),
            ("LW6", "", true),
            ("", "LW601", true),
        ] {
            let selection = selection(select, extend, "");
            assert_eq!(selection.includes(&AUDIT, Profile::Default), kept, "{selection:?}");
            assert!(selection.includes(&AUDIT, Profile::Audit), "{selection:?}");
        }
    }

    #[test]
    fn the_shellcheck_catalogue_runs_if_one_of_its_codes_may_be_kept() {
        for (select, extend, ignore, runs) in [
            ("", "", "", true),
            ("hadolint", "", "", false),
            ("hadolint", "SC2086", "", true),
            ("hadolint,shellcheck", "", "", true),
            ("sc2086", "", "", true),
            ("SC20", "", "shellcheck", true),
            ("", "", "shellcheck", false),
            ("", "", "SC", false),
            ("", "", "SC2086", true),
            ("shell", "", "", true),
        ] {
            let selection = selection(select, extend, ignore);
            assert_eq!(selection.may_report(&SHELL, Profile::Default), runs, "{selection:?}");
        }
    }

    #[test]
    fn unknown_words_are_told() {
        let known = |text: &str| list(text)[0].is_known([&HADOLINT].into_iter());
        assert!(known("DL3008") && known("dl3") && known("SC2086") && known("shell"));
        assert!(!known("DL9999") && !known("DL9") && !known("hadlint") && !known("SC20866"));
    }
}
