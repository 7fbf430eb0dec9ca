//! How long steps took in a real build, from the log that BuildKit prints with `--progress plain`.

use std::collections::HashMap;

/// Seconds by the text of an instruction.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timings(HashMap<String, f64>);

impl Timings {
    /// Reads a log. Lines may have the times that CI puts before them.
    ///
    /// # Errors
    /// No step of it has a time.
    pub fn read(log: &str) -> Result<Self, String> {
        let mut names: HashMap<&str, String> = HashMap::new();
        let mut found = Self::default();
        for line in log.lines() {
            let Some(start) = line.find('#').filter(|it| line[..*it].trim().find(' ').is_none())
            else {
                continue;
            };
            let Some((number, rest)) = line[start..].split_once(' ') else { continue };
            if let Some((_, text)) = rest.strip_prefix('[').and_then(|it| it.split_once("] ")) {
                names.insert(number, plain(text));
            } else if let Some(time) = rest.strip_prefix("DONE ") {
                let seconds = time.trim().strip_suffix('s').and_then(|it| it.parse::<f64>().ok());
                if let (Some(name), Some(seconds)) = (names.get(number), seconds) {
                    let slot = found.0.entry(name.clone()).or_default();
                    // A step may be shown more than once; the longest is the run itself.
                    *slot = slot.max(seconds);
                }
            }
        }
        found.0.retain(|name, _| {
            ["RUN ", "COPY ", "ADD ", "WORKDIR "].iter().any(|it| name.starts_with(it))
        });
        match found.0.is_empty() {
            true => Err("it holds no step with a time: what is needed is what \
                         `docker build --no-cache --progress plain` prints"
                .to_owned()),
            false => Ok(found),
        }
    }

    /// The seconds of an instruction, if the log has it.
    pub fn of(&self, text: &str) -> Option<f64> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&plain(text)).copied()
    }
}

/// A text in one line, without continuations and repeated blanks, its keyword in upper case.
fn plain(text: &str) -> String {
    let mut words = text.split_whitespace().filter(|it| !matches!(*it, "\\" | "`"));
    let keyword = words.next().unwrap_or_default().to_uppercase();
    let rest = words.flat_map(|it| [" ", it.trim_end_matches('\\')]);
    std::iter::once(keyword.as_str()).chain(rest).collect()
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
        let found = Timings::read(log).unwrap();
        assert_eq!(found.of("run npm ci && \\ npm run build"), Some(41.5));
        assert_eq!(found.of("WORKDIR  /app"), Some(0.0));
        assert_eq!((found.of("COPY a ./"), found.of("RUN x")), (None, None));
        assert!(Timings::read("Step 1/2 : RUN x\n").is_err());
    }
}
