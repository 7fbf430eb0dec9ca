//! What all commits together say about each line of the newest Dockerfile.

use std::collections::{BTreeMap, HashMap};

use super::causes::Cause;
use super::history::CommitReport;
use super::plan::Plan;
use super::replay::Rebuilt;

/// A line of the newest Dockerfile.
#[derive(Debug, Clone, PartialEq)]
pub struct LineReport {
    /// The first line of the instruction.
    pub line: u32,
    /// Its keyword.
    pub keyword: &'static str,
    /// Its text in one line.
    pub text: String,
    /// The name of its stage, or its number.
    pub stage: String,
    /// At how many commits it was there.
    pub commits: usize,
    /// At how many it ran again.
    pub rebuilds: usize,
    /// At how many it may have.
    pub maybe: usize,
    /// The line of a step of another stage that is the same for a builder, if there is one: it runs once for both.
    pub same_as: Option<u32>,
    /// Why, the most frequent first.
    pub causes: Vec<CauseCount>,
    /// What it may take, in seconds.
    pub seconds: f64,
    /// Whether these were measured.
    pub is_measured: bool,
    /// What became of it at each commit, the oldest first; none where it was not there.
    pub strip: Vec<Option<Rebuilt>>,
}

/// A cause, and at how many commits it was one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CauseCount {
    /// A file, a folder, or a line of the Dockerfile.
    pub path: String,
    /// At how many commits.
    pub commits: usize,
}

/// More causes of a line are not listed.
const MOST_CAUSES: usize = 10;

/// The lines of a plan over all commits.
pub(super) fn lines(plan: Option<&Plan>, commits: &[CommitReport]) -> Vec<LineReport> {
    let Some(plan) = plan else { return Vec::new() };
    let Some(last) = commits.iter().rev().find(|it| it.error.is_none()) else { return Vec::new() };
    let mut lines: Vec<LineReport> = Vec::new();
    let mut by_track: HashMap<usize, usize> = HashMap::new();
    for (step, report) in plan.steps.iter().filter(|it| it.has_layer).zip(&last.steps) {
        by_track.insert(report.track, lines.len());
        lines.push(LineReport {
            line: step.line,
            keyword: step.keyword,
            text: step.text.clone(),
            stage: step.stage.clone(),
            commits: 0,
            rebuilds: 0,
            maybe: 0,
            same_as: report.same_as,
            causes: Vec::new(),
            seconds: step.seconds,
            is_measured: step.is_measured,
            strip: vec![None; commits.len()],
        });
    }
    let mut causes: Vec<Counter> = lines.iter().map(|_| Counter::default()).collect();
    for (number, commit) in commits.iter().enumerate() {
        for step in &commit.steps {
            let Some(&at) = by_track.get(&step.track) else { continue };
            let line = &mut lines[at];
            line.commits += 1;
            line.strip[number] = Some(step.rebuilt);
            line.rebuilds += usize::from(step.rebuilt == Rebuilt::Yes);
            line.maybe += usize::from(step.rebuilt == Rebuilt::Maybe);
            if step.rebuilt == Rebuilt::Yes {
                causes[at].add(number, &step.because);
            }
        }
    }
    for (line, counter) in lines.iter_mut().zip(causes) {
        line.causes = counter.top();
    }
    lines
}

/// Counts commits by causes; files of one folder at the top count together, as deep as all of them are.
#[derive(Default)]
struct Counter {
    /// The commits, in order, and the path that all causes of a group are below.
    groups: BTreeMap<String, (Vec<usize>, String)>,
}

impl Counter {
    fn add(&mut self, commit: usize, causes: &[Cause]) {
        let mut here: BTreeMap<String, String> = BTreeMap::new();
        for cause in causes {
            let (group, path) = match cause {
                Cause::File(path) => {
                    (path.split('/').next().unwrap_or(path).to_owned(), path.clone())
                }
                Cause::Line(path, _) | Cause::Ignored(path) => (format!("{path} "), path.clone()),
            };
            let slot = here.entry(group).or_insert_with(|| path.clone());
            *slot = common(slot, &path).to_owned();
        }
        for (group, path) in here {
            let slot = self.groups.entry(group).or_insert_with(|| (Vec::new(), path.clone()));
            slot.0.push(commit);
            slot.1 = common(&slot.1, &path).to_owned();
        }
    }

    fn top(self) -> Vec<CauseCount> {
        // A Dockerfile may be a cause as a file and by its lines.
        let mut by_path: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (commits, path) in self.groups.into_values() {
            by_path.entry(path).or_default().extend(commits);
        }
        let count = |(path, mut commits): (String, Vec<usize>)| {
            commits.sort_unstable();
            commits.dedup();
            CauseCount { path, commits: commits.len() }
        };
        let mut found: Vec<CauseCount> = by_path.into_iter().map(count).collect();
        found.sort_by(|a, b| b.commits.cmp(&a.commits).then_with(|| a.path.cmp(&b.path)));
        found.truncate(MOST_CAUSES);
        found
    }
}

/// The path that both are below.
fn common<'a>(one: &'a str, other: &str) -> &'a str {
    if one == other {
        return one;
    }
    let mut end = 0;
    for (at, part) in one.match_indices('/').chain([(one.len(), "")]) {
        let is_shared =
            other.strip_prefix(&one[..at]).is_some_and(|it| it.is_empty() || it.starts_with('/'));
        let _ = part;
        if !is_shared {
            break;
        }
        end = at;
    }
    &one[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_counted_by_what_they_share() {
        let file = |path: &str| Cause::File(path.to_owned());
        let mut counter = Counter::default();
        counter.add(0, &[file("src/a/x.rs"), file("src/a/y.rs"), file("go.mod")]);
        counter.add(1, &[file("src/a/b/z.rs")]);
        counter.add(2, &[Cause::Line("src/Dockerfile".to_owned(), 3)]);
        let found = counter.top();
        let found: Vec<_> = found.iter().map(|it| (it.path.as_str(), it.commits)).collect();
        assert_eq!(found, [("src/a", 2), ("go.mod", 1), ("src/Dockerfile", 1)]);
    }
}
