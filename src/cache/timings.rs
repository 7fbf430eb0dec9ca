//! How long steps took in a real build, from the log that BuildKit prints with `--progress plain` or `rawjson`.

use std::collections::HashMap;
use std::io::BufRead;

use super::log::{self, one_line};

/// Seconds by the text of an instruction.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timings(HashMap<String, f64>);

impl Timings {
    /// Reads a log. Lines may have the times that CI puts before them.
    ///
    /// # Errors
    /// It cannot be read, or no step of it has a time.
    pub fn read(log: impl BufRead) -> Result<Self, String> {
        let mut found = Self::default();
        let builds = log::read(log).map_err(|it| it.to_string())?;
        for step in builds.iter().flat_map(|it| &it.steps) {
            let is_timed = matches!(step.keyword(), "RUN" | "COPY" | "ADD" | "WORKDIR");
            let Some(seconds) = step.seconds.filter(|_| is_timed) else { continue };
            let slot = found.0.entry(step.text.clone()).or_default();
            // A step may be shown more than once; the longest is the run itself.
            *slot = slot.max(seconds);
        }
        match found.0.is_empty() {
            true => Err("it holds no step with a time; `--cost` takes the output of \
                         `docker build --no-cache --progress plain`"
                .to_owned()),
            false => Ok(found),
        }
    }

    /// The seconds of an instruction, if the log has it.
    pub fn of(&self, text: &str) -> Option<f64> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&one_line(text)).copied()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    #[test]
    fn a_log_has_the_times_of_its_steps() {
        let log = "\
#1 [internal] load build definition from Dockerfile
#1 DONE 0.1s
2026-01-01T00:00:00.000Z #7 [build 2/4] COPY a ./
2026-01-01T00:00:01.000Z #7 CACHED
#8 [build 3/4] RUN npm ci &&     npm run build
#8 0.5 # not a step
#8 DONE 41.5s
#9 [stage-1 2/2] WORKDIR /app
#9 DONE 0.0s
#8 DONE 0.0s
";
        let found = Timings::read(log.as_bytes()).unwrap();
        assert_eq!(found.of("run npm ci && \\ npm run build"), Some(41.5));
        assert_eq!(found.of("WORKDIR  /app"), Some(0.0));
        assert_eq!((found.of("COPY a ./"), found.of("RUN x")), (None, None));
        assert!(Timings::read(&b"Step 1/2 : RUN x\n"[..]).is_err());
    }
}
