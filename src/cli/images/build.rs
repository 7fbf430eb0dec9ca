//! `layerwise measure`: builds a Dockerfile, or takes an image that was built from it, and measures it line by line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{EngineArg, MeasureArgs};
use super::progress::Bars;
use super::{finish, session};
use crate::build::{Builder, ImageStore, Request};
use crate::cli::discover::Choice;
use crate::cli::output::remark;
use crate::cli::{Outcome, SUCCESS};
use crate::config::{Layer, Settings};
use crate::context::Contexts;
use crate::error::Error;
use crate::measure::Times;
use crate::measure::session::{Again, Change, Job, Made, Session, ignored};
use crate::model::Model;
use crate::session::{Checked, Input, Origin, Place, check_measured, fix};
use crate::syntax;

/// Runs it.
pub(in super::super) fn run(args: &MeasureArgs) -> Outcome {
    if args.context.is_file() {
        return Err(Error::Usage(format!(
            "`{}` is a file; pass the folder of the build context, and the Dockerfile with `-f`",
            args.context.display()
        )));
    }
    if !args.context.is_dir() {
        return Err(Error::Usage(format!("`{}`: no such folder", args.context.display())));
    }
    let file = dockerfile(args)?;
    let settings = settings(args, &file)?;
    let name = file.display().to_string();
    let input = Input {
        name: name.clone(),
        origin: Origin::File(file.clone()),
        settings: Arc::clone(&settings),
        searched: None,
    };
    let source = input.read()?;
    let doc = syntax::parse(&source);
    let mut model = Model::build(&doc, &settings.build);
    let flags = &args.common;
    let bars = Bars { quiet: flags.quiet };
    let mut session = session(flags, &bars);
    session.connection.clone_from(&args.connection);
    if args.verify.is_some() && session.again == Again::Never {
        session.again = Again::ToVerify;
    }
    let ignored = ignored(settings.gates.ignore_paths.iter().chain(&flags.ignore_path))?;
    let base = flags.base.as_ref().map(|it| session.single(it)).transpose()?;
    let builder = if args.image.is_none() { builder(args, &session) } else { None };
    let made = match (&args.image, builder) {
        (Some(text), _) => Made::Before(text),
        (None, Some(builder)) => Made::By(builder),
        (None, None) => Made::Here(
            args.timestamp.map_or_else(|| Times::Keep(now()), |it| Times::All(it.into())),
        ),
    };
    let request = request(args, &file, &settings);
    let job = Job { model: &model, options: &settings.build, request: &request };
    let measured = session.file(job, made, base, &ignored)?;
    let checked = check_measured(source.clone(), &settings, Some(&file), measured.findings());
    let verified = match (&args.verify, builder) {
        (None, _) => None,
        (Some(_), None) => {
            let text = "not verified: `--verify` needs an engine, and none answers".to_owned();
            return Err(Error::Usage(text));
        }
        (Some(changed), Some(builder)) => {
            let change = change(changed.as_deref(), &file, &settings, &checked)?;
            model.measured = measured.findings();
            let job = Job { model: &model, options: &settings.build, request: &request };
            Some(session.verify(job, builder, change, &measured, &checked.findings)?)
        }
    };
    finish(flags, &settings, &[measured], None, Some(&checked), verified.as_ref(), SUCCESS)
}

/// The engine that is asked for, or the first that answers; none if none is wanted or there.
fn builder(args: &MeasureArgs, session: &Session<'_>) -> Option<&'static Builder> {
    if let Some(EngineArg(wanted)) = args.engine {
        return wanted;
    }
    let found = session.builder();
    if found.is_none() {
        let names = ImageStore::all().map(|it| it.program).collect::<Vec<_>>().join(", ");
        remark(&format!("no engine answers ({names}): measuring only what needs none"));
    }
    found
}

/// What an engine is asked for.
fn request(args: &MeasureArgs, file: &Path, settings: &Settings) -> Request {
    Request {
        file: file.to_owned(),
        context: args.context.clone(),
        build_args: settings.build.build_args.clone(),
        target: settings.build.target.clone(),
        platform: args.common.platform.clone(),
        secrets: args.secret.clone(),
        ssh: args.ssh.clone(),
        network: args.network.clone(),
        no_cache: args.no_cache,
        builder: args.builder.clone(),
        connection: args.connection.clone(),
        timestamp: args.timestamp,
        extra: args.engine_arg.clone(),
    }
}

/// The file of `--verify`, or the one with all fixes.
fn change(
    changed: Option<&Path>,
    file: &Path,
    settings: &Settings,
    checked: &Checked,
) -> Result<Change, Error> {
    if let Some(path) = changed {
        let text = std::fs::read(path).map_err(|error| Error::io(path, &error))?;
        return Ok(Change { text, fixes: Vec::new() });
    }
    let source = checked.source.clone();
    let fixed = fix(source, settings, Place::of(file), &Contexts::default(), true);
    let fixes = fixed.applied.iter().map(|(code, n)| (*code, *n)).collect();
    Ok(Change { text: fixed.source.bytes().to_vec(), fixes })
}

/// Seconds since 1970.
fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |it| it.as_secs().cast_signed())
}

/// The Dockerfile of the context.
fn dockerfile(args: &MeasureArgs) -> Result<PathBuf, Error> {
    if let Some(file) = &args.file {
        return Ok(file.clone());
    }
    let names = ["Dockerfile", "Containerfile"].map(|it| args.context.join(it));
    let found = names.iter().find(|it| it.is_file()).cloned();
    found.map(|it| it.strip_prefix("./").map(Path::to_owned).unwrap_or(it)).ok_or_else(|| {
        Error::Usage(format!(
            "{}: no Dockerfile found; pass it with `--file`",
            args.context.display()
        ))
    })
}

fn settings(args: &MeasureArgs, file: &Path) -> Result<Arc<Settings>, Error> {
    let over = Layer {
        build_args: args.build.build_arg.clone(),
        target: args.build.target.clone(),
        context: Some(args.context.clone()),
        ..Layer::default()
    };
    let mut resolver = args.common.files.resolver(over)?;
    Ok(resolver.settings(file, None)?.unwrap_or_default())
}
