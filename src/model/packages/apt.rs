//! apt-get, apt and aptitude (apt-get(8), apt.conf(5)).

use super::description::{
    Advice, Cache, CachePath, Commands, Database, DatabaseFormat, Description, Fetches, KeptEmpty,
    Known, Mounts, System,
};
use super::words::has_letter;
use super::{Grammar, Install, Says, VersionStyle};
use crate::model::installs::cleanups::simulates;
use crate::model::{Deletion, Model, Run};
use crate::shell::Command;
use crate::syntax::Kind;

/// Where apt-get keeps the package lists.
const LISTS: &str = "/var/lib/apt/lists";

pub(super) static DESCRIPTION: Description = Description {
    name: "apt",
    programs: &["apt-get", "apt", "aptitude"],
    installs: &[Grammar {
        verbs: &["install", "reinstall", "build-dep"],
        value_flags: &[
            "-t",
            "--target-release",
            "--default-release",
            "-o",
            "--option",
            "-c",
            "--config-file",
            "-a",
        ],
        version: VersionStyle::Equals,
        ..Grammar::NONE
    }],
    // `curl=7.88.1-10`, `curl/bookworm-backports`, `./curl_7.88.1_amd64.deb` (apt-get(8), "install").
    pins: |word, _| word.contains(['=', '/']) || word.ends_with(".deb"),
    commands: Commands {
        // `apt-get install -U` (apt 2.9 and later).
        refreshes: &[Says::Operand(&["update"]), Says::Letter('U'), Says::Flag(&["update"])],
        upgrades: &["upgrade", "dist-upgrade", "full-upgrade", "safe-upgrade"],
        changes: &["purge", "remove", "autoremove"],
        removes: &["remove", "purge"],
        removes_unneeded: &["autoremove", "auto-remove", "autopurge"],
        // What `clean` clears, Debian's images keep empty; `distclean` clears the lists too (apt 2.7.8 and later).
        cleans: &[Says::Words(&[&["distclean", "dist-clean"]])],
        upkeep: &[
            "update",
            "upgrade",
            "dist-upgrade",
            "clean",
            "autoclean",
            "autoremove",
            "distclean",
            "dist-clean",
            "purge",
            "remove",
        ],
        reads_index: (
            &["apt-cache", "apt-file", "tasksel"],
            &["download", "source", "changelog", "show", "search", "policy"],
        ),
        ..Commands::NONE
    },
    system: Some(System {
        shell: Some("/bin/bash"),
        is_gnu: true,
        removes_all: true,
        database: Some(Database {
            paths: &["var/lib/dpkg/status"],
            format: DatabaseFormat::Control,
            automatic: Some("var/lib/apt/extended_states"),
        }),
        ..System::NONE
    }),
    cache: Cache {
        folders: &[CachePath { path: LISTS, what: "package lists" }],
        measured: &["var/lib/apt/lists/", "var/cache/apt/", "var/cache/debconf/"],
        counts: true,
        counts_whole: true,
        // The lists of Debian's main, updates and security; Ubuntu's are larger.
        index_bytes: Some(19_000_000),
        fetches: Fetches::Never,
        avoided_by: &["download-only"],
        is_avoided: |command| simulates(command) || has_letter(command, 'd'),
        kept_empty: Some(KeptEmpty {
            folder: "/var/cache/apt",
            verbs: &["clean", "distclean"],
            images: &[
                "debian",
                "ubuntu",
                "python",
                "node",
                "golang",
                "rust",
                "ruby",
                "php",
                "buildpack-deps",
            ],
            marks: &["docker-clean", "Keep-Downloaded", "apt.conf"],
        }),
        advice: Advice {
            clean_up: Some("rm -rf /var/lib/apt/lists/*"),
            left: "end the `RUN` with `&& rm -rf /var/lib/apt/lists/*`",
            needed_again: "run `apt-get update` in the later `RUN` too, and end both with `&& rm -rf /var/lib/apt/lists/*`",
            ..Advice::NONE
        },
        ..Cache::NONE
    },
    mounts: Mounts {
        known: Known::Everywhere,
        targets: &["/var/cache/apt", "/var/lib/apt"],
        is_locked: true,
        ..Mounts::NONE
    },
    seconds: &[("apt", 20.0), ("apt-get", 20.0)],
    ..Description::NONE
};

impl Model<'_> {
    /// Whether an apt install needs nobody to answer its question: `-y`, `-qq`, or the option behind them.
    pub fn answers_yes(&self, install: &Install) -> bool {
        let command = self.command_of(install);
        let long = ["yes", "assume-yes", "qq"].iter().any(|flag| command.has_flag(flag));
        long || command.has_flag("y")
            || quietness(command) >= 2
            || setting(command, "APT::Get::Assume-Yes").is_some_and(|value| !is_false(value))
    }

    /// Whether an apt install also takes the packages that are only recommended.
    pub fn takes_recommended(&self, install: &Install) -> bool {
        let command = self.command_of(install);
        !command.has_flag("no-install-recommends")
            && !setting(command, "APT::Install-Recommends").is_some_and(is_false)
    }
}

impl Model<'_> {
    /// The instructions that write a setting of apt by which recommended packages are left out, or may do so: a file that is
    /// copied to where apt's settings are.
    pub fn recommends_switched_off(&self) -> Vec<usize> {
        self.apt_settings_written("install-recommends")
    }

    /// The instructions that write a setting by which apt asks nothing, or may do so.
    pub fn yes_switched_on(&self) -> Vec<usize> {
        self.apt_settings_written("assume-yes")
    }

    /// The instructions that write a setting of apt, or may do so.
    fn apt_settings_written(&self, name: &str) -> Vec<usize> {
        let says = |text: &str| text.to_ascii_lowercase().contains(name);
        let by_run = self.runs.iter().filter(|run| {
            let commands = run.script.commands.iter();
            let mut writers = commands.filter(|it| !matches!(it.name.as_str(), "apt-get" | "apt"));
            let heredocs = run.instruction.heredocs.iter();
            writers.any(|it| it.words().any(|word| says(&word.text)))
                || heredocs.into_iter().any(|it| says(self.doc.source.slice(it.body)))
        });
        let mut found: Vec<usize> = by_run.map(Run::id).collect();
        found.extend(self.doc.instructions.iter().filter_map(|it| match &it.kind {
            Kind::Copy(copy) | Kind::Add(copy) => {
                let is_setting = copy.destination.text.contains("/etc/apt/apt.conf");
                is_setting.then_some(it.id)
            }
            _ => None,
        }));
        found
    }
}

impl Model<'_> {
    /// The last command of a RUN that fetches package lists which are still there when the RUN ends.
    pub fn apt_lists_left(&self, run: &Run<'_>) -> Option<&Command> {
        let index = self.run_at(run.id())?;
        let run = &self.runs[index];
        let is_update = |command: &Command| {
            matches!(command.name.as_str(), "apt-get" | "apt" | "aptitude")
                && command.args.iter().any(|word| word.text == "update")
        };
        let update = run.script.commands.iter().rposition(is_update)?;
        let deleted = self
            .deletions_of(index)
            .iter()
            .filter(|it| it.command > update)
            .filter(|it| {
                run.script.commands[it.command]
                    .wrappers
                    .iter()
                    .all(|it| it.name != "find" && it.name != "xargs")
            })
            .any(|it| it.clears(LISTS) || self.may_be_any_path(it));
        let cleaned = run.script.commands[update..].iter().any(|it| {
            it.is("apt-get")
                && it
                    .verb()
                    .is_some_and(|verb| matches!(verb.text.as_str(), "distclean" | "dist-clean"))
        });
        let kept_out = run.is_scratch(LISTS) || run.has_scratch_mount(|it| it.contains(LISTS));
        (!deleted && !cleaned && !kept_out).then(|| &run.script.commands[update])
    }

    /// Whether a deletion's path begins with something that only the build knows.
    fn may_be_any_path(&self, deletion: &Deletion) -> bool {
        let words = &self.runs[deletion.run].script.commands[deletion.command].args;
        words
            .iter()
            .find(|word| word.span == deletion.span)
            .is_some_and(|word| !word.is_static && word.text.starts_with(['$', '`']))
    }
}

/// How often `-q` is given; two of them imply `-y`.
fn quietness(command: &Command) -> usize {
    let given = command.args.iter().take_while(|word| word.text != "--").map(|word| {
        match word.text.as_str() {
            "--quiet" => 1,
            text if text.starts_with("--quiet=") => level(&text[8..]),
            text if text.starts_with("-q=") => level(&text[3..]),
            text if text.starts_with("--") => 0,
            text if text.starts_with('-') => text.matches('q').count(),
            _ => 0,
        }
    });
    given.sum()
}

fn level(value: &str) -> usize {
    value.parse().unwrap_or(0)
}

/// The value that `-o name=value` gives, in any of its spellings; the last one counts.
fn setting<'c>(command: &'c Command, name: &str) -> Option<&'c str> {
    let mut found = None;
    let mut words = command.args.iter().map(|word| word.text.as_str());
    while let Some(word) = words.next() {
        let given = match word {
            "-o" | "--option" => words.next(),
            _ => word
                .strip_prefix("--option=")
                .or_else(|| word.strip_prefix("-o=").or_else(|| word.strip_prefix("-o"))),
        };
        let Some((key, value)) = given.and_then(|given| given.split_once('=')) else { continue };
        if key.eq_ignore_ascii_case(name) {
            found = Some(value);
        }
    }
    found
}

/// What apt reads as no.
fn is_false(value: &str) -> bool {
    ["0", "no", "false", "without", "off", "disable"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word))
}
