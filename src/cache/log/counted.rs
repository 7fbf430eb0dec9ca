//! What the classic builder and buildah print: `Step 3/9 : COPY a b` or `[1/2] STEP 3/9: COPY a b`, below it whether the
//! cache had it, and the image that it made. Output of commands is between them, and may look like all of it.

use super::{Builds, Form, LogStep, Outcome};
use crate::build::{Place, Step, step};

/// The step that lines belong to.
#[derive(Default)]
pub(super) struct Current {
    at: Option<(Form, usize)>,
    last: Place,
}

impl Current {
    /// Reads a line; gives whether it is one of these builders.
    pub(super) fn line(&mut self, line: &str, builds: &mut Builds) -> bool {
        if let Some(Step::Starts { mark, place, text }) = step(line)
            && mark.is_empty()
        {
            let form = if line.starts_with("Step ") { Form::Classic } else { Form::Buildah };
            return self.start(form, place, &text, builds);
        }
        let Some((form, at)) = self.at else { return false };
        let Some(step) = builds.step(form, at) else { return false };
        match form {
            Form::Classic => {
                if let Some(rest) = line.strip_prefix("---> ") {
                    result(step, rest);
                } else if line.starts_with("Successfully built ") || is_error(line) {
                    self.end(builds);
                } else if line.starts_with("The command ")
                    && line.contains(" returned a non-zero code")
                {
                    step.outcome = Outcome::Failed;
                    self.end(builds);
                }
            }
            _ => {
                if let Some(rest) = line.strip_prefix("--> ") {
                    result(step, rest);
                } else if line.starts_with("COMMIT") || line.contains("] COMMIT") {
                    ran(step);
                    self.end(builds);
                } else if line.starts_with("Error: ") || line.starts_with("error building at STEP")
                {
                    step.outcome = Outcome::Failed;
                    self.end(builds);
                }
            }
        }
        true
    }

    fn start(&mut self, form: Form, place: Place, text: &str, builds: &mut Builds) -> bool {
        let was = std::mem::replace(&mut self.last, place.clone());
        let is_other = builds.current(form).is_none() || self.at.is_none();
        let is_next = place.stage == was.stage
            && place.of == was.of
            && place.index == was.index.wrapping_add(1);
        let stage = |it: &Place| it.stage.split('/').next().and_then(|it| it.parse::<usize>().ok());
        let is_next_stage = place.index == 1
            && self.at.is_some()
            && !was.stage.is_empty()
            && stage(&place) > stage(&was);
        if place.index == 1 && !is_next_stage {
            builds.begin(form);
        } else if is_other {
            // A log whose beginning is missing.
            builds.begin(form);
            builds.note("it begins in the middle of a build");
        } else if !is_next && !is_next_stage {
            // A command printed it.
            self.last = was;
            return false;
        }
        if let Some((form, at)) = self.at
            && let Some(step) = builds.step(form, at)
            && !is_other
        {
            ran(step);
        }
        self.at = builds.add(form, place, text).map(|at| (form, at));
        true
    }

    fn end(&mut self, builds: &mut Builds) {
        let is_last = self.last.stage.split_once('/').is_none_or(|(at, of)| at == of);
        if is_last || self.at.is_none() {
            builds.end();
        }
    }
}

/// What is after an arrow: `Using cache`, `Running in 0123456789ab`, or the image.
fn result(step: &mut LogStep, rest: &str) {
    if let Some(rest) = rest.strip_prefix("Using cache") {
        if step.outcome == Outcome::Unknown {
            step.outcome = Outcome::Cached;
        }
        if is_image(rest.trim()) {
            step.id = Some(short(rest.trim()));
        }
    } else if is_image(rest) {
        ran(step);
        step.id = Some(short(rest));
    } else if rest.starts_with("Running in ") || rest.starts_with("Removed intermediate") {
        ran(step);
    }
}

fn ran(step: &mut LogStep) {
    if step.outcome == Outcome::Unknown {
        step.outcome = Outcome::Ran;
    }
}

fn is_image(text: &str) -> bool {
    let digits = text.strip_prefix("sha256:").unwrap_or(text);
    digits.len() >= 8 && digits.bytes().all(|it| it.is_ascii_hexdigit())
}

/// The digits that all lines about an image have.
fn short(image: &str) -> String {
    image.strip_prefix("sha256:").unwrap_or(image).chars().take(11).collect()
}

fn is_error(line: &str) -> bool {
    line.starts_with("COPY failed") || line.starts_with("ADD failed")
}
