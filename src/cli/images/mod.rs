//! `layerwise measure` and `layerwise image`: images to numbers to reports.

mod args;
mod build;
mod progress;
mod source;
mod stdin;
mod verify;

pub(super) use args::{ImageArgs, MeasureArgs};
pub(super) use build::run as measure;

use std::path::Path;

use ignore::gitignore::GitignoreBuilder;

use super::discover::Choice;
use super::output::{Output, complain, remark, style};
use super::{FAILURE, FINDINGS, Outcome, SUCCESS};
use crate::config::{Gates, Layer, Settings};
use crate::context::{Finder, Refusal, read_written_file};
use crate::error::Error;
use crate::image::Image;
use crate::measure::{self, Difference, Earlier, Gate, Limits, Measured, Verified};
use crate::report::{ImageReport, earlier};
use crate::session::Checked;
use args::Common;
use source::Reader;

/// Runs `image`.
pub(super) fn image(args: &ImageArgs) -> Outcome {
    let flags = &args.common;
    let reader = Reader::new(flags, None, flags.what_if);
    let base = base_image(flags, &reader)?;
    let mut resolver = flags.files.resolver(Layer::default())?;
    let settings = resolver.settings(Path::new("Dockerfile"), None)?.unwrap_or_default();
    let ignored = ignored(flags, &settings.gates)?;
    let (mut measured, mut code) = (Vec::new(), SUCCESS);
    for text in &args.images {
        match reader.read(text) {
            Ok(images) => {
                for (name, image) in images {
                    let own_base =
                        base.as_ref().map(|it| given_base(&name, &image, it)).transpose()?;
                    let found = Measured::new(name, image, own_base, None, &ignored);
                    measured.push(weighed(found, flags.what_if, &reader)?);
                }
            }
            Err(error) => {
                complain(&error);
                code = FAILURE;
            }
        }
    }
    if measured.is_empty() {
        return Ok(code);
    }
    if args.diff {
        let [first, second] = measured.as_slice() else {
            let n = measured.len();
            return Err(Error::Usage(format!("`--diff` compares two images, but {n} were given")));
        };
        let difference = measure::compare(first, second);
        return finish(flags, &settings, &measured, Some(&difference), None, None, code);
    }
    finish(flags, &settings, &measured, None, None, None, code)
}

/// What was measured with what it would weigh, if that is asked for.
fn weighed(measured: Measured, wanted: bool, reader: &Reader) -> Result<Measured, Error> {
    if !wanted {
        return Ok(measured);
    }
    let what_if = reader
        .what_if(&measured)
        .map_err(|reason| Error::Image { name: measured.name.clone(), reason })?;
    Ok(Measured { what_if, ..measured })
}

/// The image of `--base`.
fn base_image(flags: &Common, reader: &Reader) -> Result<Option<Image>, Error> {
    flags.base.as_ref().map(|base| single(base, reader)).transpose()
}

/// The one image that a text names.
fn single(text: &str, reader: &Reader) -> Result<Image, Error> {
    let mut images = reader.read(text)?;
    let (_, image) = images.pop().filter(|_| images.is_empty()).ok_or_else(|| Error::Image {
        name: text.to_owned(),
        reason: "holds several images; choose one by name".to_owned(),
    })?;
    Ok(image)
}

fn given_base(name: &str, image: &Image, base: &Image) -> Result<measure::Base, Error> {
    let digests: Vec<_> = base.layers.iter().map(|it| it.content.diff_id).collect();
    measure::base_of(image, &digests).ok_or_else(|| Error::Image {
        name: name.to_owned(),
        reason: "is not built on the image of `--base`: their lowest layers differ".to_owned(),
    })
}

/// Finds the paths that are not waste.
fn ignored(flags: &Common, gates: &Gates) -> Result<impl Fn(&str) -> bool + use<>, Error> {
    let mut builder = GitignoreBuilder::new("/");
    for glob in gates.ignore_paths.iter().chain(&flags.ignore_path) {
        builder
            .add_line(None, glob)
            .map_err(|error| Error::Usage(format!("`--ignore-path {glob}`: {error}")))?;
    }
    let globs = builder.build().map_err(|error| Error::Usage(error.to_string()))?;
    Ok(move |path: &str| globs.matched_path_or_any_parents(Path::new(path), false).is_ignore())
}

/// Holds images against the gates, and reports.
fn finish(
    flags: &Common,
    settings: &Settings,
    measured: &[Measured],
    difference: Option<&Difference>,
    checked: Option<&Checked>,
    verified: Option<&Verified>,
    code: u8,
) -> Outcome {
    let gates = gates(flags, settings, measured)?;
    let report = ImageReport {
        images: measured,
        difference,
        checked,
        verified,
        gates: &gates,
        order: flags.sort,
        style: style(flags.color.color, flags.output.is_none()),
    };
    if let Some(path) = &flags.html {
        let mut page = Output::open(Some(path))?;
        let _ = page.write(&report.page());
        page.finish()?;
    }
    let mut output = Output::open(flags.output.as_deref())?;
    let _ = output.write(&report.write(flags.format));
    output.finish()?;
    let failed = gates.iter().any(|it| it.measured && !it.passed);
    let unmeasured: Vec<&Gate> = gates.iter().filter(|it| !it.measured).collect();
    for gate in &unmeasured {
        remark(&format!("error: {}: {}", gate.name, gate.text));
    }
    Ok(if code == SUCCESS && (failed || !verified.is_none_or(Verified::is_same)) {
        FINDINGS
    } else if code == SUCCESS && !unmeasured.is_empty() {
        FAILURE
    } else {
        code
    })
}

fn gates(flags: &Common, settings: &Settings, measured: &[Measured]) -> Result<Vec<Gate>, Error> {
    let said = &settings.gates;
    let limits = Limits {
        max_size: flags.max_size.or(said.max_size.as_ref().map(|it| it.0)),
        max_waste: flags.max_waste.or(said.max_waste.as_ref().map(|it| it.0)),
        min_efficiency: flags.min_efficiency.or(said.min_efficiency.as_ref().map(|it| it.0)),
        max_layers: flags.max_layers.or(settings.lint.rules.max_layers.map(|it| it as usize)),
        max_growth: flags.max_growth.or(said.max_growth.as_ref().map(|it| it.0)),
    };
    let before = flags.baseline.as_deref().map(read_baseline).transpose()?;
    let mut gates = Vec::new();
    for image in measured {
        let earlier = match &before {
            // One against one, whatever they are called: tags change.
            Some(before) if before.len() == 1 && measured.len() == 1 => Some(&before[0].1),
            Some(before) => {
                let found = before.iter().find(|it| it.0 == image.name).map(|it| &it.1);
                Some(found.ok_or_else(|| Error::Image {
                    name: image.name.clone(),
                    reason: "the baseline has no image of this name".to_owned(),
                })?)
            }
            None => None,
        };
        for gate in measure::gates(image, &limits, earlier) {
            let text = if measured.len() > 1 {
                format!("{}: {}", image.name, gate.text)
            } else {
                gate.text
            };
            gates.push(Gate { text, ..gate });
        }
    }
    Ok(gates)
}

fn read_baseline(path: &Path) -> Result<Vec<(String, Earlier)>, Error> {
    let bytes = read_written_file(path, Finder::Person).map_err(|refusal| match refusal {
        Refusal::Failed(error) => Error::io(path, &error),
        other => Error::Io { path: path.to_owned(), reason: other.reason() },
    })?;
    let text = String::from_utf8_lossy(&bytes);
    earlier(&text).map_err(|reason| Error::Io {
        path: path.to_owned(),
        reason: format!("is not an output of `layerwise measure --format json`: {reason}"),
    })
}
