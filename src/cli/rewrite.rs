//! `check --fix`, `--diff` and `--add-ignores`: Dockerfiles that are changed.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use super::args::CheckArgs;
use super::diff::diff;
use super::output::{Output, complain, remark, style};
use super::settings::finder;
use super::{FAILURE, FINDINGS, Outcome, SUCCESS, write};
use crate::context::{Contexts, Way, follow_from};
use crate::error::Error;
use crate::fix::{Fixed, TOO_LARGE};
use crate::report::plural;
use crate::session::{self, Input, Origin};

/// What the fixes of all files came to.
#[derive(Default)]
struct Tally {
    files: usize,
    fixes: BTreeMap<&'static str, usize>,
    failed: bool,
}

/// How a run goes on once the files are fixed.
pub(super) enum Next {
    /// It ends with this exit code: the changes were only to be shown, or the text came from standard input and was
    /// printed.
    End(u8),
    /// What is left is reported.
    Report {
        /// Whether some file could not be written.
        failed: bool,
        /// What was read of the build contexts, if no file can have changed since.
        contexts: Option<Box<Contexts>>,
    },
}

/// Fixes what can be fixed.
pub(super) fn fix(args: &CheckArgs, inputs: &[Input]) -> Result<Next, Error> {
    let mut tally = Tally::default();
    let mut output = Output::stdout();
    let look = style(args.color.color, true);
    let contexts = Contexts::new(finder(args.files.allow_outside));
    let mut echoed = None;
    let jobs = args.jobs.map(usize::from);
    session::fix_all(inputs, jobs, &contexts, args.unsafe_fixes, |input, done| {
        // What follows `--fix` says so too.
        if let Err(error) = done.as_ref()
            && args.diff
        {
            complain(error);
            tally.failed = true;
        }
        let Ok((before, fixed)) = done else { return ControlFlow::Continue(()) };
        tell_faults(input, &fixed);
        let after = fixed.source.bytes();
        if let (Origin::Stdin, false) = (&input.origin, args.diff) {
            let _ = output.write(&String::from_utf8_lossy(after));
            let fails = fixed.findings.iter().any(|it| input.settings.fail_on.reaches(it.severity));
            echoed = Some(if fails && !args.exit_zero { FINDINGS } else { SUCCESS });
            return ControlFlow::Break(());
        }
        if after == before {
            return ControlFlow::Continue(());
        }
        if let (Origin::File(path), false) = (&input.origin, args.diff)
            && let Err(error) = rewrite_input(args, input, path, &before, after)
        {
            complain(&error);
            tally.failed = true;
            return ControlFlow::Continue(());
        }
        tally.files += 1;
        for (code, count) in &fixed.applied {
            *tally.fixes.entry(code).or_default() += count;
        }
        if args.diff {
            // Who closes the pipe early still wants to know whether there are changes.
            let _ = output.write(&diff(&input.name, &before, after, look));
        }
        ControlFlow::Continue(())
    });
    output.finish()?;
    if let Some(code) = echoed {
        return Ok(Next::End(code));
    }
    if !args.quiet {
        remark(&sentence(&tally, args.diff));
    }
    if !args.diff {
        let contexts = (tally.files == 0 && !tally.failed).then(|| Box::new(contexts));
        return Ok(Next::Report { failed: tally.failed, contexts });
    }
    let differs = tally.files > 0 && !args.exit_zero;
    let found = if differs { FINDINGS } else { SUCCESS };
    Ok(Next::End(if tally.failed { FAILURE } else { found }))
}

/// Writes a file, or the target of a link in the project.
fn rewrite_input(
    args: &CheckArgs,
    input: &Input,
    path: &Path,
    before: &[u8],
    after: &[u8],
) -> Result<(), Error> {
    let is_outside = || follow_from(path, input.searched.as_deref(), path) == Way::Outside;
    if !args.files.allow_outside && path.is_symlink() && is_outside() {
        let reason = "a link out of the project, not followed; `--allow-outside` follows it";
        return Err(Error::Io { path: path.to_owned(), reason: reason.to_owned() });
    }
    write::rewrite(path, before, after)
}

/// Gives standard input back as it came: it is left out, and who pipes a file through expects all of it.
pub(super) fn echo() -> Result<(), Error> {
    let copied = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::stdout().lock());
    copied.map(drop).map_err(|error| Error::io(Path::new("standard output"), &error))
}

/// Writes comments that silence what is found.
pub(super) fn add_ignores(args: &CheckArgs, inputs: &[Input]) -> Outcome {
    let (mut files, mut comments, mut code) = (0, 0, SUCCESS);
    let contexts = Contexts::new(finder(args.files.allow_outside));
    for input in inputs {
        let source = match input.read() {
            Ok(source) => source,
            Err(error) => {
                complain(&error);
                code = FAILURE;
                continue;
            }
        };
        let before = source.text.clone();
        let bytes = source.bytes().to_vec();
        let result = session::silenced(source, input, &contexts).and_then(|(text, added)| {
            if let Origin::File(path) = &input.origin {
                if text != before {
                    rewrite_input(args, input, path, &bytes, text.as_bytes())
                        .map_err(|error| error.reason())?;
                }
            } else {
                let mut output = Output::stdout();
                let _ = output.write(&text);
                output.finish().map_err(|error| error.reason())?;
            }
            files += usize::from(text != before);
            comments += added;
            Ok(())
        });
        if let Err(reason) = result {
            remark(&format!("error: {}: not changed: {reason}", input.name));
            code = FAILURE;
        }
    }
    if !args.quiet {
        let (comments, files) = (plural(comments, "comment"), plural(files, "file"));
        remark(&format!("Wrote {comments} into {files}."));
    }
    Ok(code)
}

/// Says which fixes were left out. One that would have changed what the file says is a fault of this program.
fn tell_faults(input: &Input, fixed: &Fixed) {
    if fixed.is_too_large {
        remark(&format!("{}: nothing was fixed because {TOO_LARGE}", input.name));
    }
    if fixed.is_unfinished {
        remark(&format!("{}: there is more to fix; run `--fix` again", input.name));
    }
    for it in &fixed.rejected {
        let plea = if it.is_fault { "; please report this as a bug" } else { "" };
        remark(&format!(
            "{}: a fix for {} was not applied because {}{plea}",
            input.name, it.code, it.reason
        ));
    }
}

fn sentence(tally: &Tally, would: bool) -> String {
    let fixes: usize = tally.fixes.values().sum();
    let verb = if would { "Would fix" } else { "Fixed" };
    let codes: Vec<String> =
        tally.fixes.iter().map(|(code, count)| format!("{code} {count}")).collect();
    let list = if codes.is_empty() { String::new() } else { format!(": {}", codes.join(", ")) };
    format!("{verb} {} in {}{list}.", plural(fixes, "finding"), plural(tally.files, "file"))
}
