//! What BuildKit prints with `--progress plain`: `#7 [build 2/4] COPY a b`, later `#7 CACHED` or `#7 DONE 0.1s`.

use std::collections::HashMap;

use super::{Builds, Form, MOST_STEPS, Outcome};
use crate::build::{Step, step};

const FORM: Form = Form::Plain;

/// The steps of the current build by the marks that the log gives them.
#[derive(Default)]
pub(super) struct Marks {
    known: HashMap<String, Option<usize>>,
    /// The first line of another build was seen, whose steps follow.
    is_new: bool,
}

impl Marks {
    /// Reads a line that begins with `#`; gives whether it is one of BuildKit.
    pub(super) fn line(&mut self, line: &str, builds: &mut Builds) -> bool {
        let Some((mark, rest)) = line[1..].split_once(' ') else { return false };
        if mark.is_empty() || !mark.bytes().all(|it| it.is_ascii_digit()) {
            return false;
        }
        let begins = rest.starts_with("building with ")
            || (rest.starts_with('[') && rest.contains(" load build definition from "));
        if matches!(mark, "0" | "1") && begins && builds.has_steps() {
            self.is_new = true;
            self.known.clear();
        }
        if let Some(Step::Starts { place, text, .. }) = step(line) {
            self.start(mark, place, &text, builds);
            return true;
        }
        if rest.starts_with("exporting ") {
            builds.end();
        }
        let Some(Some(at)) = self.known.get(mark).copied() else { return true };
        let Some(step) = builds.step(FORM, at) else { return true };
        if rest == "CACHED" {
            // A step that several platforms share may run for one and be there for the next.
            if step.outcome == Outcome::Unknown {
                step.outcome = Outcome::Cached;
            }
        } else if let Some(time) = rest.strip_prefix("DONE ") {
            if step.outcome != Outcome::Failed {
                step.outcome = Outcome::Ran;
            }
            let seconds = time.trim().strip_suffix('s').and_then(|it| it.parse::<f64>().ok());
            // It may be shown more than once; the longest is the run itself.
            step.seconds = seconds.into_iter().chain(step.seconds).reduce(f64::max);
        } else if rest.starts_with("ERROR") {
            step.outcome = Outcome::Failed;
            builds.end();
        } else if rest.len() == 71 && rest.starts_with("sha256:") && step.id.is_none() {
            step.id = Some(rest.to_owned());
        }
        true
    }

    fn start(&mut self, mark: &str, place: super::Place, text: &str, builds: &mut Builds) {
        if self.is_new || builds.current(FORM).is_none() {
            builds.begin(FORM);
            self.known.clear();
            self.is_new = false;
        }
        let text = super::one_line(text);
        let is_same = |it: &super::LogStep| it.place == place && it.text == text;
        match self.known.get(mark) {
            Some(Some(at)) if builds.step(FORM, *at).is_some_and(|it| is_same(it)) => return,
            Some(_) => builds.note("several builds are mixed in it, so steps may be mistaken"),
            None => {}
        }
        let added = builds.add(FORM, place, &text);
        if self.known.len() < MOST_STEPS {
            self.known.insert(mark.to_owned(), added);
        }
    }
}
