//! What engines print while they build, as far as it says which step runs and which one failed.

/// A step that an engine reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It starts.
    Starts {
        /// By which BuildKit names it again; empty with the others.
        mark: String,
        /// The instruction as the engine writes it.
        text: String,
    },
    /// It failed.
    Fails {
        /// The mark of the step.
        mark: String,
    },
}

/// Reads the step that a line reports.
pub(super) type Dialect = fn(&str) -> Option<Step>;

/// The step that a line reports in one of these dialects.
pub(super) fn read_step(dialects: &[Dialect], line: &str) -> Option<Step> {
    dialects.iter().find_map(|it| it(line.trim()))
}

/// The step that a line reports in any dialect.
pub fn step(line: &str) -> Option<Step> {
    read_step(&[buildkit, counted], line)
}

/// BuildKit: `#5 [stage-1 3/7] COPY data ./data/`, and `#5 ERROR: …`.
pub(super) fn buildkit(line: &str) -> Option<Step> {
    let (mark, rest) = line.strip_prefix('#')?.split_once(' ')?;
    if !mark.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mark = mark.to_owned();
    if rest.starts_with("ERROR") {
        return Some(Step::Fails { mark });
    }
    let (place, text) = rest.strip_prefix('[')?.split_once("] ")?;
    let (index, of) = place.rsplit(' ').next()?.split_once('/')?;
    let is_count = is_number(index) && is_number(of);
    is_count.then(|| Step::Starts { mark, text: text.to_owned() })
}

/// The others count: `Step 5/9 : RUN x` of the classic builder; `STEP 3/5: RUN x` and `[2/2] STEP 3/5: RUN x` of
/// buildah and podman.
pub(super) fn counted(line: &str) -> Option<Step> {
    let at = line.find("STEP ").or_else(|| line.starts_with("Step ").then_some(0))?;
    let before = &line[..at];
    let is_count = before.starts_with('[') && before.ends_with("] ");
    if !before.is_empty() && !is_count {
        return None;
    }
    let (count, text) = line[at + 5..].split_once(':')?;
    let (index, of) = count.trim().split_once('/')?;
    let is_step = is_number(index) && is_number(of);
    is_step.then(|| Step::Starts { mark: String::new(), text: text.trim().to_owned() })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_lines_are_read() {
        let starts = |mark: &str, text: &str| {
            Some(Step::Starts { mark: mark.to_owned(), text: text.to_owned() })
        };
        assert_eq!(step("Step 5/9 : RUN a:b"), starts("", "RUN a:b"));
        assert_eq!(step("STEP 2/3: RUN true"), starts("", "RUN true"));
        assert_eq!(step("[2/2] STEP 3/5: COPY a b"), starts("", "COPY a b"));
        assert_eq!(step("#7 [stage-1 3/7] COPY data ./data/"), starts("7", "COPY data ./data/"));
        assert_eq!(step("#5 ERROR: executor failed"), Some(Step::Fails { mark: "5".to_owned() }));
        assert_eq!(step("#1 [internal] load build definition"), None);
        assert_eq!(step("#5 0.037 out"), None);
        assert_eq!(step("a STEP 1/2: x"), None);
    }
}
