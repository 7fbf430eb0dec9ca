//! `layerwise measure` and `layerwise image`: images to numbers to reports.

mod args;
mod build;
mod progress;

pub(super) use args::{ImageArgs, MeasureArgs};
pub(super) use build::run as measure;

use std::path::Path;
use std::time::Duration;

use super::discover::Choice;
use super::output::{Output, complain, remark, style};
use super::{FAILURE, FINDINGS, Outcome, SUCCESS, signals};
use crate::build::Patience;
use crate::config::{Layer, Settings};
use crate::context::{Finder, Refusal, read_written_file};
use crate::error::Error;
use crate::measure::session::{Again, Session, ignored};
use crate::measure::{self, Difference, Earlier, Gate, Limits, Measured, Verified};
use crate::report::{ImageReport, earlier};
use crate::session::Checked;
use args::Common;
use progress::Bars;

/// Runs `image`.
pub(super) fn image(args: &ImageArgs) -> Outcome {
    let flags = &args.common;
    let bars = Bars { quiet: flags.quiet };
    let session = session(flags, &bars);
    let base = flags.base.as_ref().map(|it| session.single(it)).transpose()?;
    let mut resolver = flags.files.resolver(Layer::default())?;
    let settings = resolver.settings(Path::new("Dockerfile"), None)?.unwrap_or_default();
    let ignored = ignored(settings.gates.ignore_paths.iter().chain(&flags.ignore_path))?;
    let (mut measured, mut code) = (Vec::new(), SUCCESS);
    for text in &args.images {
        match session.read(text) {
            Ok(images) => {
                for (name, image) in images {
                    measured.push(session.image(name, image, base.as_ref(), &ignored)?);
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

/// The session that the flags ask for.
fn session<'p>(flags: &Common, bars: &'p Bars) -> Session<'p> {
    let timeout = flags.timeout.map(Duration::from_secs);
    let patience = Patience { timeout, cancel: signals::cancel() };
    let mut session = Session::new(patience, flags.max_unpacked, bars);
    session.platform.clone_from(&flags.platform);
    session.again = if flags.what_if { Again::ToPredict } else { Again::Never };
    session
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
    measure::gates_of(measured, &limits, before.as_deref())
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
