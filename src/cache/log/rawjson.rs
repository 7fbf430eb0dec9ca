//! What BuildKit prints with `--progress rawjson`: one object per line, with the steps that changed since the last one.

use std::collections::HashMap;

use serde::Deserialize;

use super::{Builds, Form, Outcome};
use crate::build::named;
use crate::cache::dates;

const FORM: Form = Form::RawJson;

/// A line. Names as in `SolveStatus` of BuildKit's client.
#[derive(Deserialize)]
struct Status {
    #[serde(default)]
    vertexes: Option<Vec<Vertex>>,
    #[serde(default)]
    statuses: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    logs: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Vertex {
    digest: String,
    name: String,
    #[serde(default)]
    started: Option<String>,
    #[serde(default)]
    completed: Option<String>,
    #[serde(default)]
    cached: bool,
    #[serde(default)]
    error: String,
}

/// The steps of the current build by their digests.
#[derive(Default)]
pub(super) struct Vertexes {
    known: HashMap<String, Option<usize>>,
}

impl Vertexes {
    /// Reads a line that begins with `{`; gives whether it is one of BuildKit.
    pub(super) fn line(&mut self, line: &str, builds: &mut Builds) -> bool {
        let Ok(status) = serde_json::from_str::<Status>(line) else { return false };
        if status.vertexes.is_none() && status.statuses.is_none() && status.logs.is_none() {
            return false;
        }
        for vertex in status.vertexes.into_iter().flatten() {
            self.vertex(vertex, builds);
        }
        true
    }

    fn vertex(&mut self, vertex: Vertex, builds: &mut Builds) {
        let is_known = self.known.contains_key(&vertex.digest);
        let begins = vertex.name.contains(" load build definition from ");
        if !is_known && (builds.current(FORM).is_none() || (begins && builds.has_steps())) {
            builds.begin(FORM);
            self.known.clear();
        }
        if vertex.name.starts_with("exporting ") {
            builds.end();
        }
        if !is_known {
            // What puts the files of a linked COPY on the image is not a step of the Dockerfile.
            let step = named(&vertex.name).filter(|it| !it.1.starts_with("LINK "));
            let added = step.and_then(|(place, text)| builds.add(FORM, place, text));
            if self.known.len() < super::MOST_STEPS {
                self.known.insert(vertex.digest.clone(), added);
            }
        }
        let Some(Some(at)) = self.known.get(&vertex.digest).copied() else { return };
        let Some(step) = builds.step(FORM, at) else { return };
        step.id = Some(vertex.digest);
        if !vertex.error.is_empty() {
            step.outcome = Outcome::Failed;
            builds.end();
        } else if vertex.cached && step.outcome == Outcome::Unknown {
            step.outcome = Outcome::Cached;
        } else if vertex.completed.is_some() && !vertex.cached {
            step.outcome = Outcome::Ran;
            let times = vertex.started.as_deref().zip(vertex.completed.as_deref());
            let seconds = times.and_then(|(from, to)| Some(time(to)? - time(from)?));
            step.seconds = seconds.into_iter().chain(step.seconds).reduce(f64::max);
        }
    }
}

/// Seconds since 1970 of `2026-01-31T12:00:00.123456789Z`.
fn time(text: &str) -> Option<f64> {
    let (day, time) = text.split_once('T')?;
    let time = time.split(['Z', '+', '-']).next()?;
    let mut parts = time.splitn(3, ':').map(|it| it.parse::<f64>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    Some(dates::parse(day)? as f64 + hours * 3600.0 + minutes * 60.0 + seconds)
}
