//! What a rule is: a value with its texts, its place in the catalogue, and one function.

use super::{Context, Findings};

/// A rule: everything a person reads about it, and the code that finds the fault.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// What the rule is.
    pub meta: Meta,
    /// Reports every place in the file that has the fault.
    pub check: fn(&Context<'_>, &mut Findings),
}

/// What is known of a rule without running it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meta {
    /// The code people select and suppress: `DL3008`, `StageNameCasing`, `LW101`. Never reused.
    pub code: &'static str,
    /// The fault in a few words, in kebab case: `unpinned-apt-package`.
    pub name: &'static str,
    /// Whose catalogue the code belongs to.
    pub family: Family,
    /// What the rule is about; also the folder of its file.
    pub category: Category,
    /// How bad it is.
    pub severity: Severity,
    /// Its severity in the default profile, where people asked for less noise than the peer makes.
    pub default_severity: Option<Severity>,
    /// The least strict profile in which it is on.
    pub profile: Profile,
    /// Reports what ships: silent outside `strict` in stages whose content does not reach the final image.
    pub shipped_only: bool,
    /// Reports what is given to others: silent in the default profile where the image is only for development or tests,
    /// as is every rule with `shipped_only`.
    pub released_only: bool,
    /// Reports the manner in which something is done, and changes little in the image: silent in the default profile in
    /// examples, lessons and archives too.
    pub manner: bool,
    /// Looks at what is in the build context, which has to be listed for it.
    pub reads_context: bool,
    /// Reports what was measured in the layers of the image: silent where nothing was.
    pub reads_layers: bool,
    /// The classes of measured waste that say what a finding costs, each with a part that the path must have.
    pub measured_by: &'static [(u8, &'static str)],
    /// Other names of the same fault. Where this rule and one of those report in the same instruction, this one is
    /// printed and the others are named in its `also`; whoever silences one of the names silences the fault.
    pub absorbs: &'static [&'static str],
    /// Rules whose advice has no point next to this one's: they are silent where it reports in the same instruction. Their
    /// faults are others, so that their names do not silence this one.
    pub outweighs: &'static [&'static str],
    /// Where the findings of this rule only repeat each other; in the default profile they are reported as one.
    pub once: Option<Once>,
    /// One line for lists: what is wrong. May use back-ticks.
    pub summary: &'static str,
    /// Why it matters, with the cost, in a few sentences.
    pub why: &'static str,
    /// Dockerfiles on which the rule must fire. The first is shown in the documentation.
    pub bad: &'static [&'static str],
    /// Dockerfiles on which it must stay silent. The first is shown in the documentation.
    pub good: &'static [&'static str],
    /// Keys of the configuration that the rule honours, each with what it does.
    pub options: &'static [(&'static str, &'static str)],
    /// Where to read more.
    pub references: &'static [&'static str],
    /// The version that brought it.
    pub since: &'static str,
}

impl Meta {
    /// What most rules share; a rule gives the rest with `..Meta::HADOLINT` and its like.
    const BASE: Self = Self {
        code: "",
        name: "",
        family: Family::Layerwise,
        category: Category::Syntax,
        severity: Severity::Warning,
        default_severity: None,
        profile: Profile::Default,
        shipped_only: false,
        released_only: false,
        manner: false,
        reads_context: false,
        reads_layers: false,
        measured_by: &[],
        absorbs: &[],
        outweighs: &[],
        once: None,
        summary: "",
        why: "",
        bad: &[],
        good: &[],
        options: &[],
        references: &[],
        since: "0.1.0",
    };
    /// The rest of a rule of our own.
    pub const LAYERWISE: Self = Self::BASE;
    /// The rest of a rule that hadolint has too.
    pub const HADOLINT: Self = Self { family: Family::Hadolint, ..Self::BASE };
    /// The rest of one of BuildKit's checks.
    pub const BUILDKIT: Self = Self { family: Family::Buildkit, ..Self::BASE };
}

impl Meta {
    /// Whether the fault gives something away, or lets somebody in.
    pub fn is_about_security(&self) -> bool {
        self.category == Category::Security || self.name.starts_with("secret-")
    }
}

/// Where the findings of one rule repeat each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Once {
    /// In the whole file.
    File,
    /// In a stage.
    Stage,
}

/// Whose catalogue a code belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the catalogue of its name")]
pub enum Family {
    Layerwise,
    Hadolint,
    Buildkit,
    Shellcheck,
}

/// What a rule is about; a folder in `rules/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the folder of its name")]
pub enum Category {
    Syntax,
    Layers,
    Cache,
    Stages,
    Context,
    BaseImage,
    Packages,
    Shell,
    Security,
    Metadata,
    Measured,
}

/// How bad a finding is; more severe is smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the severity of its name")]
pub enum Severity {
    Error,
    Warning,
    Info,
    Style,
}

/// How much a person tolerates being bothered; each holds the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Profile {
    /// What nearly everyone would act on.
    #[default]
    Default,
    /// Every peer's rule exactly as the peer has it, in every stage.
    Strict,
    /// Also what may be worth a look.
    Audit,
    /// In no profile: only where a person names the rule's code, or gives it a severity. It cannot be chosen.
    Named,
}

impl Family {
    /// All families.
    pub const ALL: [Self; 4] = [Self::Layerwise, Self::Hadolint, Self::Buildkit, Self::Shellcheck];

    /// Its name in selectors and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Layerwise => "layerwise",
            Self::Hadolint => "hadolint",
            Self::Buildkit => "buildkit",
            Self::Shellcheck => "shellcheck",
        }
    }
}

impl Category {
    /// All categories.
    pub const ALL: [Self; 11] = [
        Self::Syntax,
        Self::Layers,
        Self::Cache,
        Self::Stages,
        Self::Context,
        Self::BaseImage,
        Self::Packages,
        Self::Shell,
        Self::Security,
        Self::Metadata,
        Self::Measured,
    ];

    /// Its name in selectors and reports; the folder in `rules/` has `_` for `-`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Layers => "layers",
            Self::Cache => "cache",
            Self::Stages => "stages",
            Self::Context => "context",
            Self::BaseImage => "base-image",
            Self::Packages => "packages",
            Self::Shell => "shell",
            Self::Security => "security",
            Self::Metadata => "metadata",
            Self::Measured => "measured",
        }
    }
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Info, Self::Style];

    /// Its name in reports and options.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Style => "style",
        }
    }
}

impl Profile {
    /// All profiles, the quietest first.
    pub const ALL: [Self; 4] = [Self::Default, Self::Strict, Self::Audit, Self::Named];

    /// Its name in options.
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Strict => "strict",
            Self::Audit => "audit",
            Self::Named => "named",
        }
    }
}
