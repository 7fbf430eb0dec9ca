//! `layerwise check`: files to findings to a report.

use std::cmp::Reverse;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::args::{CheckArgs, Order};
use super::baseline::{Baseline, Known};
use super::discover::{Discovered, Reach, discover};
use super::flags::of_flags;
#[cfg(feature = "cache")]
use super::history::Histories;
use super::output::remark;
use super::reports::Look;
use super::rewrite::{self, Next};
#[cfg(feature = "cache")]
use super::since::Since;
use super::{FAILURE, FINDINGS, Outcome, SUCCESS};
use super::{hadolint, settings};
use crate::context::{Contexts, Roots};
use crate::error::Error;
use crate::lint::{self, Finding};
use crate::report::{self, Format, Summary};
use crate::session;

/// Runs it.
pub(super) fn run(args: &CheckArgs) -> Outcome {
    if let Some(folder) = args.context.as_ref().filter(|it| !it.is_dir()) {
        let text = format!("`--context {}`: no such folder", folder.display());
        return Err(Error::Usage(text));
    }
    let mut resolver = args.files.resolver(of_flags(args)?)?;
    resolver.leave_out(&args.exclude, args.force_exclude)?;
    let reach = Reach { finder: resolver.finder(), no_ignore: args.no_ignore };
    let stdin_name = args.stdin_filename.as_deref().unwrap_or("-");
    let Discovered { inputs, remarks, leaves_out_stdin } =
        discover(&paths(args), stdin_name, reach, &mut resolver)?;
    if !args.quiet {
        let chose_rules = args.profile.is_some() || !args.select.is_empty();
        let notes = resolver.hadolint().into_iter();
        let notes =
            notes.flat_map(|it| hadolint::notes(it, chose_rules, args.reports.chose_format()));
        notes.for_each(|note| remark(&note));
        remarks.iter().for_each(|it| remark(it));
    }
    if leaves_out_stdin && (args.fix && !args.diff || args.add_ignores) {
        rewrite::echo()?;
    }
    if args.add_ignores {
        return rewrite::add_ignores(args, &inputs);
    }
    if args.unsafe_fixes && !args.fix && !args.diff {
        return Err(Error::Usage("`--unsafe-fixes` requires `--fix` or `--diff`".to_owned()));
    }
    // All that can go wrong is tried before a file is changed.
    let known = Known::read(args, &inputs)?;
    #[cfg(feature = "cache")]
    let since = args.diff_base.as_deref().map(|it| Since::open(it, &inputs)).transpose()?;
    #[cfg(feature = "cache")]
    let histories = args.history.map(|it| Histories::new(it.get()));
    let order = args.order();
    let mut recorded = args.write_baseline.as_deref().map(Baseline::start).transpose()?;
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
    let mut summary = Summary::default();
    let roots = Roots::default();
    let mut kept = Vec::new();
    // Who closes the pipe early still gets the exit code of all that is found.
    let _ = sinks.write(&writers.start());
    session::check_all(
        &inputs,
        args.jobs.map(usize::from),
        &contexts,
        |input, mut result| {
            let all = args.write_baseline.is_some().then(|| {
                let found = result.as_ref().map(Baseline::of).unwrap_or_default();
                (input.name.clone(), found)
            });
            let mut stale = 0;
            if let (Some(baseline), Ok(checked)) = (known.of(input), &mut result) {
                stale = baseline.filter(&input.name, checked);
            }
            #[cfg(feature = "cache")]
            if let (Some(since), Ok(checked)) = (&since, &mut result) {
                since.filter(input, checked, &contexts);
            }
            #[cfg(feature = "cache")]
            if let (Some(histories), Ok(checked)) = (&histories, &mut result) {
                histories.add(input, checked);
            }
            if let Ok(checked) = &mut result {
                lint::fold(&mut checked.findings);
            }
            if let (Order::Impact, Ok(checked)) = (order, &mut result) {
                checked.findings.sort_by_key(|it| Reverse(it.weight()));
            }
            let heaviest = result.as_ref().ok().and_then(|it| it.findings.first());
            let weight = heaviest.map(Finding::weight);
            let path = match input.name.as_str() {
                "-" => "-".to_owned(),
                name => roots.path(Path::new(name)),
            };
            let outcome =
                report::Outcome { name: &input.name, path: &path, result: result.as_ref() };
            let mut counts = Summary::of(outcome);
            let findings = result.as_ref().map_or(&[][..], |checked| &checked.findings);
            let fails = |it: &&Finding| input.settings.fail_on.reaches(it.severity);
            counts.failing = findings.iter().filter(fails).count();
            counts.stale = stale;
            (writers.file(outcome), counts, all, weight)
        },
        |(texts, counts, all, weight)| {
            if let (Some(recorded), Some((name, counts))) = (&mut recorded, all) {
                recorded.add(&name, counts);
            }
            summary.add(counts);
            if order == Order::Impact {
                kept.push((weight, texts));
                return ControlFlow::Continue(());
            }
            let _ = sinks.write_file(&texts);
            ControlFlow::Continue(())
        },
    );
    kept.sort_by_key(|(weight, _)| Reverse(*weight));
    let _ = kept.iter().try_for_each(|(_, texts)| sinks.write_file(texts));
    let _ = sinks.write(&writers.end(&summary));
    sinks.finish()?;
    if !writers.tell_notes() && !args.quiet {
        tell_notes(&summary);
    }
    if summary.stale > 0 && !args.quiet {
        let n = summary.stale;
        remark(&format!("{n} known findings are gone: write the baseline again to remove them"));
    }
    #[cfg(feature = "cache")]
    if let Some(since) = since.filter(|_| !args.quiet) {
        since.remarks().iter().for_each(|it| remark(it));
    }
    #[cfg(feature = "cache")]
    if let Some(histories) = histories.filter(|_| !args.quiet) {
        histories.remarks().iter().for_each(|it| remark(it));
    }
    if let (Some(recorded), Some(path)) = (recorded, &args.write_baseline) {
        let n = recorded.write(path)?;
        if !args.quiet {
            remark(&format!("Wrote {n} findings to {}.", path.display()));
        }
        return Ok(if is_failed || !summary.failed.is_empty() { FAILURE } else { SUCCESS });
    }
    if !args.quiet {
        contexts.remarks().iter().for_each(|it| remark(&format!("note: {it}")));
    }
    if !writers.tell_errors() {
        for it in &summary.failed {
            remark(&format!("error: {}: {}", it.name, it.reason));
        }
    }
    Ok(exit_code(args, &summary, is_failed))
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

fn exit_code(args: &CheckArgs, summary: &Summary, is_failed: bool) -> u8 {
    if is_failed || !summary.failed.is_empty() {
        FAILURE
    } else if summary.failing > 0 && !args.exit_zero {
        FINDINGS
    } else {
        SUCCESS
    }
}
