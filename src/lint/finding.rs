//! What a rule found: one place, one message, what to do, and the places involved.

use std::borrow::Cow;
use std::collections::HashMap;

use super::fix::Fix;
use super::rule::{Meta, Profile, Severity};
use crate::source::Span;

/// One fault at one place. It owns all it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it.
    pub meta: &'static Meta,
    /// How bad it is, after profile and options.
    pub severity: Severity,
    /// The least strict profile that shows it.
    pub profile: Profile,
    /// The very words that are at fault.
    pub span: Span,
    /// Whether it is shown in images for development and tests too, though its rule is silent there.
    pub everywhere: bool,
    /// What is wrong: lower-case start, no period, back-ticked code, at most 80 characters.
    pub message: String,
    /// Other places involved, each with its part in the story.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// What would fix it.
    pub fix: Option<Fix>,
    /// What it costs, where that is known.
    pub impact: Option<Impact>,
    /// Codes of other rules that saw the same fault.
    pub also: Vec<&'static str>,
    /// Codes of other rules whose findings have no point next to this one.
    pub outweighed: Vec<&'static str>,
    /// Findings of its rule in one group only repeat each other.
    pub group: Option<usize>,
    /// The index of the instruction it is in.
    pub instruction: Option<usize>,
    /// What the fault is about, where the words of its place do not say it: the name of a file, a pattern. Part of what
    /// identifies the finding, so never a size or a count.
    pub subject: Option<String>,
    /// What causes it outside of the Dockerfile, where other Dockerfiles may suffer from the same: a finding all of whose
    /// causes were reported before in the run is a repeat.
    pub causes: Vec<String>,
    /// How many more its rule has found that are not kept, because they are too many.
    pub more: usize,
}

/// A second place of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// Its part in the story.
    pub message: String,
}

/// What a fault costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Impact {
    /// Bytes in the image that the advice would save.
    pub bytes: Option<u64>,
    /// Layers that the advice would save.
    pub layers: Option<u32>,
    /// Whether the figures were measured; otherwise they are estimates from known sizes.
    pub measured: bool,
    /// How often the step ran again, where the project's history was replayed.
    pub reruns: Option<Reruns>,
}

/// How often a step ran again when a project's history was replayed through a builder's cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reruns {
    /// The first line of the step's instruction.
    pub line: u32,
    /// How many commits were replayed.
    pub commits: u32,
    /// At how many of them it ran again.
    pub times: u32,
    /// How many of these runs the fix saves; none if it was not tried.
    pub saved: Option<u32>,
    /// Whether the fix saves the install of that step only, and not what its instruction does besides.
    pub part: bool,
    /// What the saved runs take, or else all of them, in seconds.
    pub seconds: u32,
    /// Whether these were measured.
    pub measured: bool,
}

/// What a finding costs, to compare: the seconds of replayed reruns, then bytes, then whether builds are repeated, then
/// layers.
pub type Weight = (u32, u64, bool, u32);

impl Finding {
    /// What it costs.
    pub fn weight(&self) -> Weight {
        let impact = self.impact.unwrap_or_default();
        let repeats = self.meta.category == super::rule::Category::Cache;
        let seconds = impact.reruns.map_or(0, |it| it.seconds);
        (seconds, impact.bytes.unwrap_or(0), repeats, impact.layers.unwrap_or(0))
    }

    /// Says what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Points at another place.
    pub fn label(&mut self, span: Span, message: impl Into<String>) -> &mut Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// Changes the severity of this one finding.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Shows this one finding in images for development and tests too.
    pub fn everywhere(&mut self) -> &mut Self {
        self.everywhere = true;
        self
    }

    /// Keeps this one finding from less strict profiles: the peer reports it, but there is nothing to gain.
    pub fn only_in(&mut self, profile: Profile) -> &mut Self {
        self.profile = self.profile.max(profile);
        self
    }

    /// Says what would fix it.
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        self.fix = Some(fix);
        self
    }

    /// Says what it is about, where the words of its place do not.
    pub fn subject(&mut self, subject: impl Into<String>) -> &mut Self {
        self.subject = Some(subject.into());
        self
    }

    /// Says what causes it outside of the Dockerfile, so that it is reported once a run.
    pub fn causes(&mut self, causes: impl IntoIterator<Item = String>) -> &mut Self {
        self.causes.extend(causes);
        self
    }

    /// Says what it costs.
    pub fn impact(&mut self, impact: Impact) -> &mut Self {
        self.impact = Some(impact);
        self
    }
}

/// The units of sizes, the largest first.
const UNITS: [(u64, &str); 4] =
    [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];

/// A number of bytes for people, rounded to a tenth of its unit.
pub fn size(bytes: u64) -> String {
    rounded(bytes, 1)
}

/// Two numbers of bytes for people who compare them: with as many digits as distinguish them.
pub fn sizes(first: u64, second: u64) -> (String, String) {
    let both = |decimals| (rounded(first, decimals), rounded(second, decimals));
    let apart = (1..=3).map(both).find(|(a, b)| a != b || first == second);
    apart.unwrap_or_else(|| (format!("{first} bytes"), format!("{second} bytes")))
}

fn rounded(bytes: u64, decimals: u32) -> String {
    let scale = 10u128.pow(decimals);
    let in_unit = |unit: u64| (u128::from(bytes) * scale + u128::from(unit) / 2) / u128::from(unit);
    let text = |parts: u128, name: &str| {
        format!("{}.{:0width$} {name}", parts / scale, parts % scale, width = decimals as usize)
    };
    let Some(at) = UNITS.iter().position(|(unit, _)| bytes >= *unit) else {
        return format!("{bytes} byte{}", if bytes == 1 { "" } else { "s" });
    };
    let parts = in_unit(UNITS[at].0);
    match at.checked_sub(1) {
        // What rounds to 1000.0 of a unit is 1.0 of the next.
        Some(next) if parts >= 1000 * scale => text(scale, UNITS[next].1),
        _ => text(parts, UNITS[at].1),
    }
}

/// Where rules put what they find.
#[derive(Debug)]
pub struct Findings {
    pub(super) list: Vec<Finding>,
    pub(super) current: &'static Meta,
    /// How many there are of each rule, and where the last one is.
    counts: HashMap<&'static str, (usize, usize)>,
    /// One that is not kept.
    spare: Option<Finding>,
}

/// More findings of one rule in one file are counted, not kept.
const MOST_KEPT: usize = 10_000;

/// What is in [`Findings`] before the first rule runs.
const NO_RULE: &Meta = &Meta::LAYERWISE;

impl Findings {
    pub(super) fn new() -> Self {
        Self { list: Vec::new(), current: NO_RULE, counts: HashMap::new(), spare: None }
    }

    /// Reports a fault of the rule that runs.
    pub fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        self.report_as(self.current, span, message)
    }

    /// Reports a fault under another rule's name: for a check that stands for a whole catalogue.
    pub fn report_as(
        &mut self,
        meta: &'static Meta,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Finding {
        let finding = Finding {
            meta,
            severity: meta.severity,
            profile: meta.profile,
            everywhere: false,
            span,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            fix: None,
            impact: None,
            also: Vec::new(),
            outweighed: Vec::new(),
            group: None,
            instruction: None,
            subject: None,
            causes: Vec::new(),
            more: 0,
        };
        let (count, last) = self.counts.entry(meta.code).or_default();
        if *count == MOST_KEPT {
            self.list[*last].more += 1;
            return self.spare.insert(finding);
        }
        (*count, *last) = (*count + 1, self.list.len());
        self.list.push(finding);
        &mut self.list[*last]
    }
}

/// A text of the file for a message: at most `most` characters, the rest shown as `…`.
pub fn shorten(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some(_) => {
            let kept: String = text.chars().take(most.saturating_sub(1)).collect();
            Cow::Owned(kept + "…")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{shorten, size, sizes};

    #[test]
    fn sizes_are_rounded() {
        for (bytes, expected) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (1_049, "1.0 kB"),
            (1_050, "1.1 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (1_360_000_000, "1.4 GB"),
            (5_000_000_000_000, "5.0 TB"),
            (u64::MAX, "18446744.1 TB"),
        ] {
            assert_eq!(size(bytes), expected, "{bytes}");
        }
    }

    #[test]
    fn sizes_that_differ_look_different() {
        let both = |a, b| {
            let (a, b) = sizes(a, b);
            format!("{a}, {b}")
        };
        assert_eq!(both(1_360_000_000, 1_300_000_000), "1.4 GB, 1.3 GB");
        assert_eq!(both(1_360_000_000, 1_350_000_000), "1.36 GB, 1.35 GB");
        assert_eq!(both(1_000_000_001, 1_000_000_000), "1000000001 bytes, 1000000000 bytes");
        assert_eq!(both(1_000, 999), "1.0 kB, 999 bytes");
        assert_eq!(both(5_000, 5_000), "5.0 kB, 5.0 kB");
    }

    #[test]
    fn long_texts_end_in_an_ellipsis() {
        assert_eq!(shorten("äbc", 3), "äbc");
        assert_eq!(shorten("äbcd", 3), "äb…");
    }
}
