//! `layerwise config`: the settings in force, the schema of the file, and hadolint's settings as ours.

use std::path::Path;

use super::args::ConfigArgs;
use super::output::{Output, remark};
use super::settings::{ConfigFlags, OUTSIDE};
use super::{Outcome, SUCCESS};
use crate::config::{
    Config, FailOn, Layer, given_alone, schema, with_origins, without_links, write,
};
use crate::error::Error;
use crate::escape;
use crate::lint::Profile;

/// What is in the place of a value.
const HIDDEN: &str = "***";

/// Runs it.
pub(super) fn run(args: &ConfigArgs) -> Outcome {
    let text = match &args.from_hadolint {
        _ if args.schema => schema(),
        Some(file) => from_hadolint(file)?,
        None => match &args.file {
            Some(file) => of_file(file, &args.flags)?,
            None => effective(&args.flags)?,
        },
    };
    let mut output = Output::stdout();
    let _ = output.write(&text);
    output.finish()?;
    Ok(SUCCESS)
}

/// hadolint's file as ours.
fn from_hadolint(file: &Path) -> Result<String, Error> {
    let found = given_alone(file, OUTSIDE)?;
    found.settings.notes.iter().for_each(|note| remark(&format!("note: {note}")));
    if !found.settings.formats.is_empty() {
        remark("note: choose the format on the command line with --format");
    }
    if found.settings.no_color {
        remark("note: turn off colours on the command line with --color never");
    }
    let config = Config { layer: found.settings.layer, ..Config::default() };
    Ok(format!(
        "# The settings of {}.\n\
         # To report exactly what hadolint reports, add:\n\
         #   profile: strict\n\
         #   select: [hadolint, shellcheck]\n{}",
        shown(file),
        write(&config)
    ))
}

/// What holds for a Dockerfile, and where each setting comes from.
fn of_file(file: &Path, flags: &ConfigFlags) -> Result<String, Error> {
    let mut resolver = flags.resolver(Layer::default())?;
    let (parts, left_out_by) = resolver.origins(file)?;
    let default = Layer {
        profile: Some(Profile::Default),
        fail_on: Some(FailOn::DEFAULT),
        ..Layer::default()
    };
    let parts = parts.into_iter().map(|it| (it.source, without_values(it.layer)));
    let all: Vec<_> = [("default".to_owned(), default)].into_iter().chain(parts).collect();
    let left_out = left_out_by.map_or(String::new(), |source| {
        format!("# {} excludes it when folders are searched.\n", escape::line(&source))
    });
    Ok(format!("# {}\n{left_out}{}", shown(file), with_origins(&all)))
}

/// What holds in the working directory.
fn effective(flags: &ConfigFlags) -> Result<String, Error> {
    let mut resolver = flags.resolver(Layer::default())?;
    let scope = resolver.of_folder(&without_links(Path::new(".")), None)?;
    let mut layer = Layer {
        profile: Some(Profile::Default),
        fail_on: Some(FailOn::DEFAULT),
        ..Layer::default()
    };
    layer.add(&scope.config.layer);
    let mut config = Config { layer: without_values(layer), ..scope.config.clone() };
    for entry in &mut config.per_path {
        entry.layer = without_values(std::mem::take(&mut entry.layer));
    }
    let variables = resolver.hadolint().into_iter().flat_map(|it| it.variables.iter().copied());
    let file = scope.file.iter().map(|file| shown(file));
    let sources: Vec<String> = file.chain(variables.map(str::to_owned)).collect();
    let head = if sources.is_empty() {
        "# No configuration file: the defaults.".to_owned()
    } else {
        format!("# From {}.", sources.join(", "))
    };
    Ok(format!("{head}\n{}", write(&config)))
}

/// Settings without the values of build arguments, which may be secrets: nothing that is printed repeats them.
fn without_values(mut layer: Layer) -> Layer {
    for (_, value) in &mut layer.build_args {
        HIDDEN.clone_into(value);
    }
    layer
}

/// A path in a comment of YAML.
fn shown(path: &Path) -> String {
    escape::line(&path.display().to_string()).into_owned()
}
