//! What engines print while they build, as far as it says which step runs and which one failed.

/// A step that an engine reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It starts.
    Starts {
        /// By which BuildKit names it again; empty with the others.
        mark: String,
        /// Where it is in the build.
        place: Place,
        /// The instruction as the engine writes it.
        text: String,
    },
    /// It failed.
    Fails {
        /// The mark of the step.
        mark: String,
    },
}

/// Where a step is, as engines count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Its stage: `build` or `linux/amd64 stage-1` with BuildKit, `1/2` with buildah; empty if it is not given.
    pub stage: String,
    /// Its number, from 1: in the stage, or in the whole file with the classic builder.
    pub index: usize,
    /// How many there are.
    pub of: usize,
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
    let (place, text) = named(rest)?;
    Some(Step::Starts { mark, place, text: text.to_owned() })
}

/// The name that BuildKit gives to a step: `[stage-1 3/7] COPY data ./data/`.
pub fn named(name: &str) -> Option<(Place, &str)> {
    let (place, text) = name.strip_prefix('[')?.split_once("] ")?;
    let (stage, count) = place.rsplit_once(' ').unwrap_or(("", place));
    Some((counts(stage, count)?, text))
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
    let stage = before.trim_start_matches('[').trim_end_matches("] ");
    let place = counts(stage, count.trim())?;
    Some(Step::Starts { mark: String::new(), place, text: text.trim().to_owned() })
}

/// A place with a count such as `3/7`.
fn counts(stage: &str, count: &str) -> Option<Place> {
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse().ok()).flatten()
    };
    let (index, of) = count.split_once('/')?;
    Some(Place { stage: stage.trim().to_owned(), index: number(index)?, of: number(of)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_lines_are_read() {
        let starts = |mark: &str, (stage, index, of): (&str, usize, usize), text: &str| {
            let place = Place { stage: stage.to_owned(), index, of };
            Some(Step::Starts { mark: mark.to_owned(), place, text: text.to_owned() })
        };
        assert_eq!(step("Step 5/9 : RUN a:b"), starts("", ("", 5, 9), "RUN a:b"));
        assert_eq!(step("STEP 2/3: RUN true"), starts("", ("", 2, 3), "RUN true"));
        assert_eq!(step("[2/2] STEP 3/5: COPY a b"), starts("", ("2/2", 3, 5), "COPY a b"));
        let copy = "COPY data ./data/";
        assert_eq!(
            step("#7 [stage-1 3/7] COPY data ./data/"),
            starts("7", ("stage-1", 3, 7), copy)
        );
        assert_eq!(step("#7 [3/7] COPY data ./data/"), starts("7", ("", 3, 7), copy));
        let of_platform = starts("7", ("linux/amd64 build", 3, 7), copy);
        assert_eq!(step("#7 [linux/amd64 build 3/7] COPY data ./data/"), of_platform);
        assert_eq!(step("#7 [linux/amd64 build] COPY data ./data/"), None);
        assert_eq!(step("#5 ERROR: executor failed"), Some(Step::Fails { mark: "5".to_owned() }));
        assert_eq!(step("#1 [internal] load build definition"), None);
        assert_eq!(step("#5 0.037 out"), None);
        assert_eq!(step("a STEP 1/2: x"), None);
    }
}
