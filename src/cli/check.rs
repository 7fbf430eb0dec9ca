//! `layerwise check`: files to findings to a report.

use std::ops::ControlFlow;

use super::args::CheckArgs;
use super::discover::{Discovered, discover};
use super::output::{Output, complain, remark, style};
use super::{FAILURE, FINDINGS, Outcome, SUCCESS};
use crate::error::Error;
use crate::lint::{Category, Family, Options, Selection, Selector, did_you_mean};
use crate::model::BuildOptions;
use crate::report::{self, Report, Style, Summary};
use crate::rules;
use crate::session::Session;

/// Runs it.
pub(super) fn run(args: &CheckArgs) -> Outcome {
    let session = session(args)?;
    let Discovered { inputs, empty } = discover(&args.paths, &args.stdin_filename);
    if !args.quiet {
        for folder in &empty {
            remark(&format!("{}: no Dockerfiles found", folder.display()));
        }
    }
    let style = style(args.color, args.output.is_none());
    let report = args.format.report(style);
    let mut output = Output::open(args.output.as_deref())?;
    let mut summary = Summary::default();
    let mut errors = Vec::new();
    let mut separator = "";
    let findings_are_wanted = !args.statistics;
    let mut flow = ControlFlow::Continue(());
    if findings_are_wanted {
        flow = output.write(&report.start());
    }
    if flow.is_continue() {
        session.check_all(
            &inputs,
            args.jobs.map(usize::from),
            |input, result| {
                let outcome = report::Outcome { name: &input.name, result: result.as_ref() };
                let text = if findings_are_wanted { report.file(outcome) } else { String::new() };
                (text, Summary::of(outcome), result.err())
            },
            |(text, counts, error)| {
                summary.add(counts);
                errors.extend(error);
                flow = if text.is_empty() {
                    ControlFlow::Continue(())
                } else {
                    output.write(separator)?;
                    separator = report.separator();
                    output.write(&text)
                };
                flow
            },
        );
    }
    if flow.is_continue() {
        let _ = output.write(&end(args, style, report.as_ref(), &summary));
    }
    let is_read = output.finish()?;
    if !args.format.tells_errors() || args.output.is_some() {
        errors.iter().for_each(complain);
    }
    Ok(exit_code(args, &summary, is_read))
}

/// The last part of the report.
fn end(args: &CheckArgs, style: Style, report: &dyn Report, summary: &Summary) -> String {
    if args.statistics {
        report::statistics(summary, args.format, style)
    } else if args.quiet && args.format.is_for_people() {
        String::new()
    } else {
        report.end(summary)
    }
}

fn exit_code(args: &CheckArgs, summary: &Summary, is_read: bool) -> u8 {
    let failing = args.fail_on.severity().is_some_and(|severity| summary.reaches(severity));
    if !is_read {
        SUCCESS
    } else if summary.failed > 0 {
        FAILURE
    } else if failing && !args.exit_zero {
        FINDINGS
    } else {
        SUCCESS
    }
}

fn session(args: &CheckArgs) -> Result<Session, Error> {
    let selection = Selection {
        select: selectors(&args.select)?,
        extend: selectors(&args.extend_select)?,
        ignore: selectors(&args.ignore)?,
    };
    Ok(Session {
        lint: Options { profile: args.profile.into(), selection, ..Options::default() },
        build: BuildOptions { build_args: args.build_arg.clone(), target: args.target.clone() },
    })
}

fn selectors(words: &[String]) -> Result<Vec<Selector>, Error> {
    let words = words.iter().map(|word| word.trim()).filter(|word| !word.is_empty());
    words.map(selector).collect()
}

fn selector(word: &str) -> Result<Selector, Error> {
    let Ok(selector) = word.parse::<Selector>();
    let known = selector.is_known(rules::all().map(|rule| &rule.meta));
    // Names of ShellCheck's codes are looked up last: making their list takes a moment.
    if known || selector.is_known(rules::shellcheck_metas().iter()) {
        return Ok(selector);
    }
    let words = ["ALL", "DEFAULT"].into_iter();
    let words = words.chain(Family::ALL.into_iter().map(Family::name));
    let words = words.chain(Category::ALL.into_iter().map(Category::name));
    let words = words.chain(rules::catalogue().flat_map(|meta| [meta.code, meta.name]));
    let hint = did_you_mean(word, words);
    Err(Error::Usage(format!("no rule, family or category is called `{word}`{hint}")))
}
