//! `layerwise cache`: a project's history through a builder's cache. It reads a repository and builds nothing.

mod args;
mod change;
mod disk;
mod explain;
mod fix;
mod given;
mod orders;
mod place;
mod record;
mod work_tree;

pub(super) use args::CacheArgs;
pub(super) use orders::{MOST_TRIED, Trial, is_whole};
pub(super) use place::in_repository;

use super::output::{Output, style};
use super::{Outcome, SUCCESS};
use crate::cache::git::{Commit, End, first_parents};
use crate::cache::{History, Limits, Order, Request, Timings, dockerfiles, replay};
use crate::error::Error;
use crate::model::BuildOptions;
use crate::report::{CacheFormat, CacheReport, plural};
use place::Place;

/// Runs it.
pub(super) fn run(args: &CacheArgs) -> Outcome {
    if let Some(range) = &args.change {
        return change::run(args, range);
    }
    if let Some(to) = &args.record {
        return record::run(args, to);
    }
    if args.format == CacheFormat::Github {
        return Err(Error::Usage("`--format github` is for `--change`".to_owned()));
    }
    if !args.explain.is_empty() {
        return explain::run(args, &args.explain);
    }
    let place = Place::find(args)?;
    let (commits, end) = commits(args, &place)?;
    let request = request(args, &place)?;
    let mut history = replay(&place.repository, &commits, &request);
    if let Some(newest) = commits.first()
        && history.commits.iter().all(|it| it.error.is_some())
    {
        return Err(nothing(&history, &place, newest));
    }
    history.notes.extend(ends(&end));
    let orders = if is_checked_out(&place, commits.first()) {
        orders::find(&place, &commits, &request, &history)
    } else {
        history.notes.push(NOT_CHECKED_OUT.to_owned());
        Vec::new()
    };
    if args.fix {
        if !is_checked_out(&place, commits.first()) {
            return Err(Error::Usage(NOT_CHECKED_OUT.to_owned()));
        }
        return fix::run(args, &place, &orders);
    }
    let text = commits.first().and_then(|it| orders::text(&place, it, &history));
    let command = args.command();
    let report = CacheReport {
        orders: &orders,
        text: text.as_deref(),
        command: &command,
        ..report(args, &place, &history)
    };
    if let Some(path) = &args.html {
        let mut page = Output::open(Some(path))?;
        let _ = page.write(&report.html());
        page.finish()?;
    }
    if args.diff {
        let look = style(args.color.color, args.output.is_none());
        let order = chosen(args, &orders)?;
        let text = order.map_or_else(String::new, |it| orders::diff(&place.dockerfile, it, look));
        write(args, &text)?;
        return Ok(SUCCESS);
    }
    write(args, &report.write(args.format, style(args.color.color, args.output.is_none())))?;
    Ok(SUCCESS)
}

/// The order that `--diff` and `--fix` are about; none where there is none at all.
fn chosen<'o>(args: &CacheArgs, orders: &'o [Order]) -> Result<Option<&'o Order>, Error> {
    let order = orders.get(args.order as usize - 1);
    if order.is_none() && args.order > 1 {
        let n = plural(orders.len(), "change");
        let verb = if orders.len() == 1 { "is" } else { "are" };
        return Err(Error::Usage(format!("`--order {}`: there {verb} only {n}", args.order)));
    }
    Ok(order)
}

/// Why there is no advice.
const NOT_CHECKED_OUT: &str = "another commit is checked out, so no change is proposed: what an install reads is looked up on the disk";

/// Whether the files on the disk, if there are some, are those of the newest commit that is replayed.
fn is_checked_out(place: &Place, newest: Option<&Commit>) -> bool {
    let head = place.repository.resolve("HEAD").ok();
    place.repository.root.is_none() || head.is_none() || newest.map(|it| it.id) == head
}

/// What is reported of a history.
fn report<'h>(args: &'h CacheArgs, place: &'h Place, history: &'h History) -> CacheReport<'h> {
    CacheReport {
        builder: args.builder,
        dockerfile: &place.dockerfile,
        context: if place.context.is_empty() { "." } else { &place.context },
        target: args.build.target.as_deref(),
        history,
        change: None,
        orders: &[],
        command: "",
        text: None,
        explained: None,
    }
}

fn write(args: &CacheArgs, text: &str) -> Result<(), Error> {
    let mut output = Output::open(args.output.as_deref())?;
    let _ = output.write(text);
    output.finish()?;
    Ok(())
}

/// The commits to replay, the newest first.
fn commits(args: &CacheArgs, place: &Place) -> Result<(Vec<Commit>, End), Error> {
    let name = args.branch.as_deref().unwrap_or("HEAD");
    let start = place.repository.resolve(name).map_err(Error::Usage)?;
    first_parents(&place.repository, start, args.commits as usize, args.since)
        .map_err(|it| Error::Usage(it.0))
}

fn request(args: &CacheArgs, place: &Place) -> Result<Request, Error> {
    let timings = match &args.cost {
        None => Timings::default(),
        Some(path) => {
            let log = std::fs::File::open(path).map_err(|error| Error::io(path, &error))?;
            Timings::read(std::io::BufReader::new(log))
                .map_err(|reason| Error::Io { path: path.clone(), reason })?
        }
    };
    Ok(Request {
        timings,
        builder: args.builder,
        dockerfile: place.dockerfile.clone(),
        context: place.context.clone(),
        options: options(args),
        limits: Limits {
            cold: args.cold,
            age: args.cache_age.map(|it| i64::from(it) * 86_400),
            commits: args.cache_commits.map(|it| it as usize),
        },
        text: None,
    })
}

fn options(args: &CacheArgs) -> BuildOptions {
    BuildOptions {
        build_args: args.build.build_arg.clone(),
        target: args.build.target.clone(),
        context: None,
    }
}

/// Why nothing could be replayed.
fn nothing(history: &History, place: &Place, commit: &Commit) -> Error {
    /// More Dockerfiles are not named.
    const MOST_NAMED: usize = 3;

    let first = history.commits.last().and_then(|it| it.error.clone()).unwrap_or_default();
    let others: Vec<String> = dockerfiles(&place.repository, commit.tree)
        .into_iter()
        .filter(|it| *it != place.dockerfile)
        .take(MOST_NAMED)
        .map(|it| format!("`{it}`"))
        .collect();
    let is_missing = first == format!("it has no `{}`", place.dockerfile);
    let others = match others.is_empty() || !is_missing {
        true => String::new(),
        false => format!("; `-f` names another one, such as {}", others.join(", ")),
    };
    Error::Usage(format!(
        "no commit of {} could be replayed with `{}`: {first}{others}",
        history.commits.len(),
        place.dockerfile
    ))
}

/// What is to be said about where a history ends.
fn ends(end: &End) -> Option<String> {
    match end {
        End::Limit | End::Beginning => None,
        End::Shallow => Some(
            "the clone is shallow: older commits are not here; `git fetch --unshallow` gets them"
                .to_owned(),
        ),
        End::Broken(why) => Some(format!("older commits cannot be read: {why}")),
    }
}
