//! `layerwise check`: files to findings to a report.

use std::cmp::Reverse;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::args::{CheckArgs, Order};
use super::baseline::{Baseline, FileCounts, Known};
use super::discover::{Discovered, Reach, discover};
use super::flags::of_flags;
#[cfg(feature = "cache")]
use super::history::Histories;
use super::output::remark;
use super::reports::{Look, Sinks, Writers};
use super::rewrite::{self, Next};
#[cfg(feature = "cache")]
use super::since::Since;
use super::{FAILURE, FINDINGS, Outcome, SUCCESS};
use super::{hadolint, settings};
use crate::config::Resolver;
use crate::context::{Contexts, Roots};
use crate::error::Error;
use crate::lint::{self, Finding, Weight};
use crate::report::{self, Format, Summary};
use crate::session::{self, Checked, Input};

/// Runs it.
pub(super) fn run(args: &CheckArgs) -> Outcome {
    refuse_misuse(args)?;
    let mut resolver = args.files.resolver(of_flags(args)?)?;
    resolver.leave_out(&args.exclude, args.force_exclude)?;
    let reach = Reach { finder: resolver.finder(), no_ignore: args.no_ignore };
    let stdin_name = args.stdin_filename.as_deref().unwrap_or("-");
    let Discovered { inputs, remarks, leaves_out_stdin } =
        discover(&paths(args), stdin_name, reach, &mut resolver)?;
    if !args.quiet {
        say_what_was_read(args, &resolver, &remarks);
    }
    if leaves_out_stdin && (args.fix && !args.diff || args.add_ignores) {
        rewrite::echo()?;
    }
    if args.add_ignores {
        return rewrite::add_ignores(args, &inputs);
    }
    // All that can go wrong is tried before a file is changed.
    let changes = Changes::open(args, &inputs)?;
    let recorded = args.write_baseline.as_deref().map(Baseline::start).transpose()?;
    let (writers, mut sinks) = args.reports.open(&Look {
        default: settings::format(&resolver).unwrap_or(Format::Full),
        color: settings::color(&resolver, args.color.color),
        statistics: args.statistics,
        quiet: args.quiet,
    })?;
    let (mut is_failed, mut known_contexts) = (false, None);
    if args.fix || args.diff {
        match rewrite::fix(args, &inputs)? {
            Next::End(code) => return Ok(code),
            Next::Report { failed, contexts } => {
                is_failed = failed;
                known_contexts = contexts;
            }
        }
    }
    let contexts = known_contexts.map_or_else(|| Contexts::new(reach.finder), |it| *it);
    // Who closes the pipe early still gets the exit code of all that is found.
    let _ = sinks.write(&writers.start());
    let mut total = Total { recorded, summary: Summary::default(), kept: Vec::new() };
    let roots = Roots::default();
    session::check_all(
        &inputs,
        args.jobs.map(usize::from),
        &contexts,
        |input, result| one(input, result, &changes, &contexts, &writers, &roots),
        |it| {
            total.add(it, changes.order, &mut sinks);
            ControlFlow::Continue(())
        },
    );
    total.write_kept(&mut sinks);
    let _ = sinks.write(&writers.end(&total.summary));
    sinks.finish()?;
    let is_failed = is_failed || !total.summary.failed.is_empty();
    end(args, &writers, &changes, &contexts, total, is_failed)
}

/// Refuses an option that needs another one, and a folder that does not exist.
fn refuse_misuse(args: &CheckArgs) -> Result<(), Error> {
    if let Some(folder) = args.context.as_ref().filter(|it| !it.is_dir()) {
        let text = format!("`--context {}`: no such folder", folder.display());
        return Err(Error::Usage(text));
    }
    if args.unsafe_fixes && !args.add_ignores && !args.fix && !args.diff {
        return Err(Error::Usage("`--unsafe-fixes` requires `--fix` or `--diff`".to_owned()));
    }
    Ok(())
}

/// Says what is not used of the settings, and what was found on the way to the files.
fn say_what_was_read(args: &CheckArgs, resolver: &Resolver, remarks: &[String]) {
    let chose_rules = args.profile.is_some() || !args.select.is_empty();
    let settings = resolver.hadolint().into_iter();
    let notes =
        settings.flat_map(|it| hadolint::notes(it, chose_rules, args.reports.chose_format()));
    notes.for_each(|note| remark(&note));
    remarks.iter().for_each(|it| remark(it));
}

/// What becomes of the findings of each file before they are reported.
struct Changes {
    known: Known,
    #[cfg(feature = "cache")]
    since: Option<Since>,
    #[cfg(feature = "cache")]
    histories: Option<Histories>,
    order: Order,
    /// Whether the findings are counted for a new baseline.
    is_recorded: bool,
}

impl Changes {
    fn open(args: &CheckArgs, inputs: &[Input]) -> Result<Self, Error> {
        Ok(Self {
            known: Known::read(args, inputs)?,
            #[cfg(feature = "cache")]
            since: args.diff_base.as_deref().map(|it| Since::open(it, inputs)).transpose()?,
            #[cfg(feature = "cache")]
            histories: args.history.map(|it| Histories::new(it.get())),
            order: args.order(),
            is_recorded: args.write_baseline.is_some(),
        })
    }

    /// Leaves out what is known, adds what a history says, and puts the findings in order. Gives how many findings of the
    /// baseline are gone.
    fn apply(&self, input: &Input, checked: &mut Checked, contexts: &Contexts) -> usize {
        let baseline = self.known.of(input);
        let stale = baseline.map_or(0, |it| it.filter(&input.name, checked));
        #[cfg(feature = "cache")]
        if let Some(since) = &self.since {
            since.filter(input, checked, contexts);
        }
        #[cfg(feature = "cache")]
        if let Some(histories) = &self.histories {
            histories.add(input, checked);
        }
        #[cfg(not(feature = "cache"))]
        let _ = contexts;
        lint::fold(&mut checked.findings);
        if self.order == Order::Impact {
            checked.findings.sort_by_key(|it| Reverse(it.weight()));
        }
        stale
    }

    /// What is to be said about all files.
    #[cfg(feature = "cache")]
    fn remarks(&self) -> Vec<String> {
        let since = self.since.iter().flat_map(Since::remarks);
        since.chain(self.histories.iter().flat_map(Histories::remarks)).collect()
    }

    /// Nothing: without histories there are none.
    #[cfg(not(feature = "cache"))]
    fn remarks(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What is kept of a file: the texts of its report, its counts, what a baseline records, and how much its first finding
/// weighs.
struct Kept {
    texts: Vec<String>,
    counts: Summary,
    recorded: Option<(String, FileCounts)>,
    weight: Option<Weight>,
}

/// Makes of the result of a file what is kept of it.
fn one(
    input: &Input,
    mut result: Result<Checked, Error>,
    changes: &Changes,
    contexts: &Contexts,
    writers: &Writers,
    roots: &Roots,
) -> Kept {
    let recorded = changes.is_recorded.then(|| {
        let found = result.as_ref().map(Baseline::of).unwrap_or_default();
        (input.name.clone(), found)
    });
    let checked = result.as_mut().ok();
    let stale = checked.map_or(0, |it| changes.apply(input, it, contexts));
    let path = match input.name.as_str() {
        "-" => "-".to_owned(),
        name => roots.path(Path::new(name)),
    };
    let outcome = report::Outcome { name: &input.name, path: &path, result: result.as_ref() };
    let mut counts = Summary::of(outcome);
    let findings = result.as_ref().map_or(&[][..], |checked| &checked.findings);
    let fails = |it: &&Finding| input.settings.fail_on.reaches(it.severity);
    counts.failing = findings.iter().filter(fails).count();
    counts.stale = stale;
    let weight = findings.first().map(Finding::weight);
    Kept { texts: writers.file(outcome), counts, recorded, weight }
}

/// What is known of all files so far.
struct Total {
    recorded: Option<Baseline>,
    summary: Summary,
    /// Texts that wait for those of files with heavier findings.
    kept: Vec<(Option<Weight>, Vec<String>)>,
}

impl Total {
    fn add(&mut self, it: Kept, order: Order, sinks: &mut Sinks) {
        if let (Some(recorded), Some((name, counts))) = (&mut self.recorded, it.recorded) {
            recorded.add(&name, counts);
        }
        self.summary.add(it.counts);
        if order == Order::Impact {
            self.kept.push((it.weight, it.texts));
        } else {
            let _ = sinks.write_file(&it.texts);
        }
    }

    fn write_kept(&mut self, sinks: &mut Sinks) {
        self.kept.sort_by_key(|(weight, _)| Reverse(*weight));
        let _ = self.kept.iter().try_for_each(|(_, texts)| sinks.write_file(texts));
    }
}

/// Says what the report does not, writes the baseline, and gives the exit code.
fn end(
    args: &CheckArgs,
    writers: &Writers,
    changes: &Changes,
    contexts: &Contexts,
    total: Total,
    is_failed: bool,
) -> Outcome {
    let Total { recorded, summary, .. } = total;
    let say = |text: &str| {
        if !args.quiet {
            remark(text);
        }
    };
    if !writers.tell_notes() && !args.quiet {
        tell_notes(&summary);
    }
    if summary.stale > 0 {
        let n = summary.stale;
        say(&format!("{n} known findings are gone: write the baseline again to remove them"));
    }
    changes.remarks().iter().for_each(|it| say(it));
    if let (Some(recorded), Some(path)) = (recorded, &args.write_baseline) {
        let n = recorded.write(path)?;
        say(&format!("Wrote {n} findings to {}.", path.display()));
        return Ok(if is_failed { FAILURE } else { SUCCESS });
    }
    contexts.remarks().iter().for_each(|it| say(&format!("note: {it}")));
    if !writers.tell_errors() {
        for it in &summary.failed {
            remark(&format!("error: {}: {}", it.name, it.reason));
        }
    }
    Ok(match is_failed {
        true => FAILURE,
        false if summary.failing > 0 && !args.exit_zero => FINDINGS,
        false => SUCCESS,
    })
}

/// What to look at: standard input alone where it has a name and is not one of the paths.
fn paths(args: &CheckArgs) -> Vec<PathBuf> {
    let stdin = Path::new("-");
    if args.stdin_filename.is_none() || args.paths.iter().any(|it| it == stdin) {
        return args.paths.clone();
    }
    let is_default = args.paths.iter().all(|it| it.as_os_str() == ".");
    if !is_default && !args.quiet {
        remark(
            "note: with `--stdin-filename`, only standard input is read; add `-` to check the paths too",
        );
    }
    vec![stdin.to_owned()]
}

/// More remarks about files that were not checked are counted only.
const MOST_NOTES: usize = 10;

/// Says which files were not checked.
fn tell_notes(summary: &Summary) {
    for it in summary.noted.iter().take(MOST_NOTES) {
        remark(&format!("note: {}: {}", it.name, it.message));
    }
    let more = summary.noted.len().saturating_sub(MOST_NOTES);
    if more > 0 {
        remark(&format!("note: {more} more files were not checked"));
    }
}
