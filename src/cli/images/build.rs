//! `layerwise measure`: builds a Dockerfile, or takes an image that was built from it, and measures it line by line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::MeasureArgs;
use super::progress::Progress;
use super::source::Reader;
use super::verify::Verify;
use super::{base_image, finish, given_base, ignored, single, weighed};
use crate::build::{Engine, Failure, Request, Step, step};
use crate::cli::discover::Choice;
use crate::cli::output::remark;
use crate::cli::{Outcome, SUCCESS};
use crate::config::{Layer, Settings};
use crate::error::Error;
use crate::image::Image;
use crate::lint::Mask;
use crate::measure::{Measured, Partial, Times, Written, find_lines, squeeze};
use crate::model::Model;
use crate::session::{Input, Origin, check_measured};
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
    let reader = Reader::new(
        &args.common,
        args.connection.as_deref(),
        args.common.what_if || args.verify.is_some(),
    );
    let ignored = ignored(&args.common, &settings.gates)?;
    let base = base_image(&args.common, &reader)?;
    let written = Written::of(&doc);
    let engine = if args.image.is_none() { engine(args, &reader) } else { None };
    let image = match (&args.image, engine) {
        (Some(text), _) => Some((text.clone(), single(text, &reader)?)),
        (None, Some(engine)) => {
            Some((name.clone(), built(args, engine, &file, &settings, &model, &reader)?))
        }
        (None, None) => None,
    };
    let measured = match image {
        Some((own_name, image)) => {
            let base = base.map(|it| given_base(&own_name, &image, &it)).transpose()?;
            let lines = find_lines(&model, &image, base).map_err(|foreign| Error::Image {
                name: own_name.clone(),
                reason: format!(
                    "this image was not built from {name}: its history contains {} of the {} instructions",
                    foreign.matched, foreign.of
                ),
            })?;
            let measured = Measured::new(own_name, image, base, Some((lines, written)), &ignored);
            weighed(measured, args.common.what_if, &reader)?
        }
        None => {
            let times =
                args.timestamp.map_or_else(|| Times::Keep(now()), |it| Times::All(it.into()));
            let made = reader.without_engine(&model, &args.context, &file, base, times);
            let made = made.map_err(|reason| Error::Image { name: name.clone(), reason })?;
            let Partial { image, lines, unmeasured, uncertain } = made;
            let has_image = model.final_stage.is_some_and(|it| model.root_image(it).is_some());
            let base_is_unknown = has_image && lines.base.layers == 0;
            let base = Some(lines.base);
            let measured = Measured::new(name, image, base, Some((lines, written)), &ignored);
            Measured { unmeasured, uncertain, base_is_unknown, ..measured }
        }
    };
    let checked = check_measured(source.clone(), &settings, Some(&file), measured.findings());
    let verified = match (&args.verify, engine) {
        (None, _) => None,
        (Some(_), None) => {
            let text = "not verified: `--verify` needs an engine, and none answers".to_owned();
            return Err(Error::Usage(text));
        }
        (Some(changed), Some(engine)) => {
            let changed = changed.as_deref();
            let verify = Verify { args, engine, file: &file, settings: &settings, reader: &reader };
            Some(verify.run(&mut model, &measured, &checked, changed)?)
        }
    };
    finish(&args.common, &settings, &[measured], None, Some(&checked), verified.as_ref(), SUCCESS)
}

/// The engine that is asked for, or the first that answers; none if none is wanted or there.
fn engine(args: &MeasureArgs, reader: &Reader) -> Option<Engine> {
    if let Some(wanted) = args.engine {
        return wanted.engine();
    }
    let found = Engine::ALL.into_iter().find(|it| it.answers(&reader.patience));
    if found.is_none() {
        remark("no engine answers (docker, podman, buildah): measuring only what needs none");
    }
    found
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

/// Builds the image and reads it.
pub(super) fn built(
    args: &MeasureArgs,
    engine: Engine,
    file: &Path,
    settings: &Settings,
    model: &Model<'_>,
    reader: &Reader,
) -> Result<Image, Error> {
    let name = file.display().to_string();
    let fail = |reason: String| Error::Image { name: name.clone(), reason };
    let request = Request {
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
    };
    let mask = Mask::new(model, &settings.build.build_args);
    let progress = Progress::start(args.common.quiet);
    progress.say(&format!("{} builds {name}", engine.name()));
    let built = engine.build(&request, &reader.patience, &|line| {
        if let Some(Step::Starts { text, .. }) = step(line) {
            progress.say(&mask.hide(&text));
        }
    });
    drop(progress);
    let built = built.map_err(|failure| fail(mask.hide(&at_line(model, &failure)).into_owned()))?;
    reader.archive(&name, &built).map_err(fail)
}

/// A failure with the line of the instruction at which it came.
fn at_line(model: &Model<'_>, failure: &Failure) -> String {
    let instruction = failure.step.as_ref().and_then(|step| {
        let step = squeeze(step);
        model.doc.instructions.iter().find(|it| {
            let keyword = step.split(' ').next().unwrap_or("");
            keyword.eq_ignore_ascii_case(it.keyword.name())
                && step.ends_with(&squeeze(&it.body.value))
        })
    });
    match instruction {
        Some(it) => format!(
            "line {}: the build failed at {}: {failure}",
            model.doc.source.line(it.span.start),
            it.keyword.name()
        ),
        None => format!("the build failed: {failure}"),
    }
}
