//! `layerwise cache --explain`: why a build missed its cache, from logs, commits and manifests.

use std::path::PathBuf;

use super::args::CacheArgs;
use super::given::{Given, shown};
use super::place::Place;
use super::work_tree::WorkTree;
use super::{change, record};
use crate::cache::git::Commit;
use crate::cache::manifest::Manifest;
use crate::cache::{
    Asked, Builder, Explanation, History, MadeTree, Objects, State, explain, states,
};
use crate::cli::output::style;
use crate::cli::{Outcome, SUCCESS};
use crate::error::Error;
use crate::report::{CacheReport, Explained};

/// Runs it.
pub(super) fn run(args: &CacheArgs, paths: &[PathBuf]) -> Outcome {
    let given = Given::read(paths)?;
    given.check(args)?;
    let (old, new) = given.builds();
    let builder = new.map_or_else(|| given.builder(args), |it| it.form.builder());
    let asked = Asked {
        old,
        new,
        states: None,
        is_git: false,
        known_args: args.build.build_arg.iter().map(|it| it.0.clone()).collect(),
        inspects: given.inspects.first().zip(given.inspects.get(1)),
        builder,
    };
    let mut found = Found { dockerfile: given.dockerfile(args), ..Found::default() };
    let range = args.revs.clone().or_else(|| given.revisions(args));
    if let Some(range) = &range {
        of_commits(args, range, builder, &asked, &mut found)?;
    } else if given.manifests.is_empty() {
        found.explanation = explain(&asked).map_err(Error::Usage)?;
    } else {
        of_manifests(args, &given, builder, &asked, &mut found)?;
    }
    given.remark(&mut found.explanation);
    let history = History::default();
    let context = args.context.as_ref().unwrap_or(&args.folder);
    let (old, new) = given.names();
    let explained = Explained {
        explanation: &found.explanation,
        old: &old,
        new: &new,
        states: found.states.as_ref().map(|it| (it.0.as_str(), it.1.as_str())),
    };
    let report = CacheReport {
        builder,
        dockerfile: &found.dockerfile,
        context: &crate::context::with_slashes(context),
        target: args.build.target.as_deref(),
        history: &history,
        change: None,
        orders: &[],
        command: "",
        text: None,
        explained: Some(explained),
    };
    super::write(args, &report.write(args.format, style(args.color.color, args.output.is_none())))?;
    Ok(SUCCESS)
}

/// What came out.
#[derive(Default)]
struct Found {
    explanation: Explanation,
    dockerfile: String,
    /// What was compared: commits or manifests.
    states: Option<(String, String)>,
}

/// Compares two commits, or a commit with the work tree.
fn of_commits(
    args: &CacheArgs,
    range: &str,
    builder: Builder,
    asked: &Asked<'_>,
    found: &mut Found,
) -> Result<(), Error> {
    let place = Place::find(args)?;
    let request = crate::cache::Request { builder, ..super::request(args, &place)? };
    let (old, new) = change::ends(args, &place, range)?;
    let name = |it: &Commit| it.id.to_string();
    let names = (name(&old), new.as_ref().map_or_else(|| "the working tree".to_owned(), name));
    let tree;
    let (objects, new): (&dyn Objects, Commit) = match new {
        Some(new) => (&place.repository, new),
        None => {
            let read = WorkTree::read(&place.repository, &old).map_err(Error::Usage)?;
            tree = read.0;
            (&tree, read.1)
        }
    };
    let both = states(objects, &[new, old], &request);
    let both: Result<Vec<State>, String> = both.into_iter().rev().collect();
    let both = both.map_err(|it| Error::Usage(format!("`{}`: {it}", place.dockerfile)))?;
    let asked =
        Asked { states: Some((&both[0], &both[1], objects)), is_git: true, ..asked.clone() };
    found.explanation = explain(&asked).map_err(Error::Usage)?;
    found.dockerfile.clone_from(&place.dockerfile);
    found.states = Some(names);
    Ok(())
}

/// Compares two manifests, or a manifest with the files on the disk.
fn of_manifests(
    args: &CacheArgs,
    given: &Given,
    builder: Builder,
    asked: &Asked<'_>,
    found: &mut Found,
) -> Result<(), Error> {
    let mut tree = MadeTree::default();
    let mut state = |(path, manifest): &(PathBuf, Manifest)| {
        let state = manifest.state(builder, &mut tree);
        state.map_err(|reason| Error::Io { path: path.clone(), reason })
    };
    let old = state(&given.manifests[0])?;
    let (new, name) = match given.manifests.get(1) {
        Some(it) => (state(it)?, shown(&it.0)),
        None => {
            let mut options = given.manifests[0].1.options();
            for (name, value) in &args.build.build_arg {
                options.build_args.retain(|it| it.0 != *name);
                options.build_args.push((name.clone(), value.clone()));
            }
            options.target = args.build.target.clone().or(options.target);
            let manifest = record::of_disk(args, builder, options)?;
            (
                state(&(PathBuf::from("the files on the disk"), manifest))?,
                "the files on the disk".to_owned(),
            )
        }
    };
    let asked = Asked { states: Some((&old, &new, &tree)), ..asked.clone() };
    found.explanation = explain(&asked).map_err(Error::Usage)?;
    if given.manifests.len() == 1 {
        let note = "the files on the disk are taken for those of the newer build";
        found.explanation.notes.push(note.to_owned());
    }
    found.states = Some((shown(&given.manifests[0].0), name));
    Ok(())
}
