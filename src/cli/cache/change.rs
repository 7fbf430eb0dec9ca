//! `layerwise cache --change`: which steps a change makes a builder run again.

use super::args::CacheArgs;
use super::place::Place;
use super::work_tree::WorkTree;
use crate::cache::git::{Commit, first_parents};
use crate::cache::{CommitReport, History, Rebuilt, replay};
use crate::cli::output::{remark, style};
use crate::cli::{FINDINGS, Outcome, SUCCESS};
use crate::error::Error;
use crate::report::CacheReport;

/// Runs it.
pub(super) fn run(args: &CacheArgs, range: &str) -> Outcome {
    let place = Place::find(args)?;
    let request = super::request(args, &place)?;
    let (old, new) = ends(args, &place, range)?;
    let (from, to, history) = match new {
        Some(new) => {
            let commits = [new, old];
            let history = replay(&place.repository, &commits, &request);
            (commits[1].clone(), Some(commits[0].clone()), history)
        }
        None => {
            let (tree, new) = WorkTree::read(&place.repository, &old).map_err(Error::Usage)?;
            let commits = [new, old];
            let history = replay(&tree, &commits, &request);
            (commits[1].clone(), None, history)
        }
    };
    let now = changed(&history, &place)?;
    let seconds = rerun_seconds(now);
    let report =
        CacheReport { change: Some((&from, to.as_ref())), ..super::report(args, &place, &history) };
    super::write(args, &report.write(args.format, style(args.color.color, args.output.is_none())))?;
    let is_over = args.max_rebuilt_seconds.is_some_and(|it| seconds > f64::from(it));
    if let Some(most) = args.max_rebuilt_seconds.filter(|_| is_over) {
        remark(&format!(
            "the change reruns about {seconds:.0} s of steps, more than the {most} s of `--max-rebuilt-seconds`"
        ));
    }
    Ok(if is_over { FINDINGS } else { SUCCESS })
}

/// The newer of the two states.
fn changed<'h>(history: &'h History, place: &Place) -> Result<&'h CommitReport, Error> {
    let last = history.commits.last();
    match last.map(|it| (it, &it.error)) {
        Some((commit, None)) => Ok(commit),
        Some((_, Some(error))) => Err(Error::Usage(format!("`{}`: {error}", place.dockerfile))),
        None => Err(Error::Usage("there is nothing to compare".to_owned())),
    }
}

fn rerun_seconds(commit: &CommitReport) -> f64 {
    commit.steps.iter().filter(|it| it.rebuilt == Rebuilt::Yes).map(|it| it.seconds).sum()
}

/// The two states: commits, or the work tree.
pub(super) fn ends(
    args: &CacheArgs,
    place: &Place,
    range: &str,
) -> Result<(Commit, Option<Commit>), Error> {
    let name = |text: &str| {
        let name = if text.is_empty() { "HEAD" } else { text };
        place.repository.resolve(name).map_err(Error::Usage)
    };
    let commit = |id| {
        let found =
            first_parents(&place.repository, id, 1, None).map_err(|it| Error::Usage(it.0))?;
        found.0.into_iter().next().ok_or_else(|| Error::Usage("a commit is missing".to_owned()))
    };
    if let Some((one, other)) = range.split_once("...") {
        let (one, other) = (name(one)?, name(other)?);
        let base = place.repository.merge_base(one, other).map_err(Error::Usage)?;
        return Ok((commit(base)?, Some(commit(other)?)));
    }
    match range.split_once("..") {
        Some((one, other)) => Ok((commit(name(one)?)?, Some(commit(name(other)?)?))),
        None if range.is_empty() => {
            Ok((commit(name(args.branch.as_deref().unwrap_or(""))?)?, None))
        }
        None => Ok((commit(name(range)?)?, None)),
    }
}
