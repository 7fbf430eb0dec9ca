//! What one source of settings says, and how sources are put together.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::amount::Amount;
use crate::lint::{LabelType, Options, Profile, RuleOptions, Selection, Selector, Severity};
use crate::model::BuildOptions;

/// What one source says: a file, a part of it, the environment or the command line. What is not said is left to
/// the sources before it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layer {
    /// The profile.
    pub profile: Option<Profile>,
    /// Only these rules. Takes the place of what was selected before.
    pub select: Option<Vec<Selector>>,
    /// Also these rules.
    pub extend_select: Vec<Selector>,
    /// Never these rules.
    pub ignore: Vec<Selector>,
    /// Severities of rules.
    pub severity: Vec<(Selector, Severity)>,
    /// What makes the exit code 1.
    pub fail_on: Option<FailOn>,
    /// Registries that images may come from.
    pub trusted_registries: Vec<String>,
    /// Labels that a stage must have.
    pub label_schema: BTreeMap<String, LabelType>,
    /// Whether other labels are faults.
    pub strict_labels: Option<bool>,
    /// How many layers the final image may get from its file.
    pub max_layers: Option<u32>,
    /// What measured images must keep to.
    pub gates: Gates,
    /// Whether a suppression needs a reason.
    pub require_reason: Option<bool>,
    /// Whether to ignore suppression comments.
    pub disable_ignore_comments: Option<bool>,
    /// Values of build arguments.
    pub build_args: Vec<(String, String)>,
    /// The stage that is built.
    pub target: Option<String>,
    /// The folder of the build context; only the command line names it.
    pub context: Option<PathBuf>,
    /// The file with the findings that are known. A file's is relative to that file.
    pub baseline: Option<PathBuf>,
}

/// What measured images must keep to; each with the words in which it was written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gates {
    /// The most file bytes.
    pub max_size: Option<(u64, String)>,
    /// The most wasted bytes of the own layers.
    pub max_waste: Option<(Amount, String)>,
    /// The least efficiency, from 0 to 1.
    pub min_efficiency: Option<(f64, String)>,
    /// How much larger than its baseline the image may be.
    pub max_growth: Option<(Amount, String)>,
    /// Patterns of paths that are not waste.
    pub ignore_paths: Vec<String>,
}

// Efficiencies are read from text, which never gives a NaN.
impl Eq for Gates {}

impl Gates {
    fn add(&mut self, over: &Self) {
        self.ignore_paths.extend_from_slice(&over.ignore_paths);
        let over = over.clone();
        self.max_size = over.max_size.or(self.max_size.take());
        self.max_waste = over.max_waste.or(self.max_waste.take());
        self.min_efficiency = over.min_efficiency.or(self.min_efficiency.take());
        self.max_growth = over.max_growth.or(self.max_growth.take());
    }
}

/// The lowest severity that makes the exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// That severity or a worse one.
    Severity(Severity),
    /// None does.
    Never,
}

/// What applies to one file, all sources put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Which rules run and how they behave.
    pub lint: Options,
    /// What the caller of a build may choose.
    pub build: BuildOptions,
    /// What makes the exit code 1.
    pub fail_on: FailOn,
    /// What measured images must keep to.
    pub gates: Gates,
    /// The file with the findings that are known.
    pub baseline: Option<PathBuf>,
}

impl FailOn {
    /// What counts where nobody says anything else.
    pub const DEFAULT: Self = Self::Severity(Severity::Info);

    /// Its name in options.
    pub fn name(self) -> &'static str {
        match self {
            Self::Severity(severity) => severity.name(),
            Self::Never => "never",
        }
    }

    /// Whether a finding of that severity makes the exit code 1.
    pub fn reaches(self, severity: Severity) -> bool {
        match self {
            Self::Severity(threshold) => severity <= threshold,
            Self::Never => false,
        }
    }
}

impl Layer {
    /// Lays another source over this one: what it says counts more. Single values and `select` replace, lists
    /// and maps add up.
    pub fn add(&mut self, over: &Self) {
        if let Some(select) = &over.select {
            self.select = Some(select.clone());
            self.extend_select.clear();
        }
        self.extend_select.extend_from_slice(&over.extend_select);
        self.ignore.extend_from_slice(&over.ignore);
        self.severity.extend_from_slice(&over.severity);
        self.trusted_registries.extend_from_slice(&over.trusted_registries);
        self.label_schema.extend(over.label_schema.iter().map(|(name, it)| (name.clone(), *it)));
        for (name, value) in &over.build_args {
            self.build_args.retain(|(known, _)| known != name);
            self.build_args.push((name.clone(), value.clone()));
        }
        self.profile = over.profile.or(self.profile);
        self.fail_on = over.fail_on.or(self.fail_on);
        self.strict_labels = over.strict_labels.or(self.strict_labels);
        self.max_layers = over.max_layers.or(self.max_layers);
        self.gates.add(&over.gates);
        self.require_reason = over.require_reason.or(self.require_reason);
        self.disable_ignore_comments =
            over.disable_ignore_comments.or(self.disable_ignore_comments);
        if over.target.is_some() {
            self.target.clone_from(&over.target);
        }
        if over.context.is_some() {
            self.context.clone_from(&over.context);
        }
        if over.baseline.is_some() {
            self.baseline.clone_from(&over.baseline);
        }
    }

    /// What applies if nothing else is laid over it.
    pub fn settings(self) -> Settings {
        let selection = Selection {
            select: self.select.unwrap_or_default(),
            extend: self.extend_select,
            ignore: self.ignore,
        };
        let lint = Options {
            profile: self.profile.unwrap_or_default(),
            selection,
            severities: self.severity,
            rules: RuleOptions {
                trusted_registries: self.trusted_registries,
                label_schema: self.label_schema,
                strict_labels: self.strict_labels.unwrap_or_default(),
                max_layers: self.max_layers,
            },
            require_reason: self.require_reason.unwrap_or_default(),
            disable_ignore_comments: self.disable_ignore_comments.unwrap_or_default(),
            today: None,
        };
        Settings {
            lint,
            build: BuildOptions {
                build_args: self.build_args,
                target: self.target,
                context: self.context,
            },
            fail_on: self.fail_on.unwrap_or(FailOn::DEFAULT),
            gates: self.gates,
            baseline: self.baseline,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Layer::default().settings()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<Selector> {
        text.split_terminator(',').map(|it| it.parse().unwrap()).collect()
    }

    #[test]
    fn a_selection_replaces_and_the_rest_adds_up() {
        let mut layer = Layer {
            select: Some(list("DL3")),
            extend_select: list("LW101"),
            ignore: list("DL3008"),
            build_args: vec![("A".to_owned(), "1".to_owned()), ("B".to_owned(), "1".to_owned())],
            target: Some("a".to_owned()),
            ..Layer::default()
        };
        layer.add(&Layer { ignore: list("DL3009"), ..Layer::default() });
        assert_eq!(layer.extend_select, list("LW101"));
        layer.add(&Layer {
            select: Some(list("DL4")),
            build_args: vec![("A".to_owned(), "2".to_owned())],
            fail_on: Some(FailOn::Never),
            ..Layer::default()
        });
        let settings = layer.settings();
        let selection = &settings.lint.selection;
        assert_eq!((&selection.select, &selection.extend), (&list("DL4"), &Vec::new()));
        assert_eq!(selection.ignore, list("DL3008,DL3009"));
        let arguments: Vec<_> =
            settings.build.build_args.iter().map(|(n, v)| n.clone() + v).collect();
        assert_eq!(arguments, ["B1", "A2"]);
        assert_eq!(
            (settings.build.target.as_deref(), settings.fail_on),
            (Some("a"), FailOn::Never)
        );
    }
}
