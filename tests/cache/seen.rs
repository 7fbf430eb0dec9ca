//! What the logs of builders say: which lines ran, and which came from the cache.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use serde_json::Value;

/// The lines that a builder looked up, and whether it took them from its cache.
pub(crate) type Seen = BTreeMap<u64, bool>;

/// The instructions of a Dockerfile without continuation lines: number of the stage, line, keyword.
fn instructions(text: &str) -> Vec<(usize, u64, String)> {
    let mut stage = 0;
    let mut found = Vec::new();
    // The ends of heredocs that are still to come.
    let mut ends: Vec<&str> = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        if let Some(end) = ends.first() {
            if text.trim_start_matches('\t') == *end {
                ends.remove(0);
            }
            continue;
        }
        let marks = text.split_whitespace().filter_map(|it| it.strip_prefix("<<"));
        ends.extend(marks.map(|it| it.trim_start_matches('-').trim_matches(['"', '\''])));
        let Some(word) = text.split_whitespace().next().filter(|it| !it.starts_with('#')) else {
            continue;
        };
        let keyword = word.to_uppercase();
        stage += usize::from(keyword == "FROM");
        found.push((stage - usize::from(stage > 0), line, keyword));
    }
    found
}

fn names(text: &str) -> Vec<Option<String>> {
    let froms = text.lines().filter(|it| it.starts_with("FROM"));
    froms.map(|it| it.split(" AS ").nth(1).map(|it| it.trim().to_lowercase())).collect()
}

/// What BuildKit's plain log says: `#7 [build 2/4] COPY …`, then `#7 CACHED` or `#7 DONE`.
pub(crate) fn of_buildkit(log: &str, text: &str) -> Seen {
    let stages = names(text);
    let all = instructions(text);
    let mut lines = BTreeMap::new();
    let mut seen = Seen::new();
    for row in log.lines() {
        let Some((number, rest)) = row.split_once(' ').filter(|it| it.0.starts_with('#')) else {
            continue;
        };
        if let Some(name) = rest.strip_prefix('[')
            && let Some((place, _)) = name.split_once(']')
            && let Some((at, _)) = place.rsplit(' ').next().and_then(|it| it.split_once('/'))
            && let Ok(at) = at.parse::<usize>()
        {
            let name = place.split(' ').next().filter(|_| place.contains(' '));
            let name = name.filter(|it| !it.is_empty() && !it.contains('/'));
            let stage = match name {
                None => Some(stages.len() - 1),
                Some(name) => stages
                    .iter()
                    .position(|it| it.as_deref() == Some(name))
                    .or_else(|| name.strip_prefix("stage-")?.parse().ok()),
            };
            // A base is shown with the name that it had in an earlier build.
            let Some(stage) = stage else { continue };
            // Only what an image is loaded for is its own step.
            let loads = |line: u64| {
                let base = text.lines().nth(line as usize - 1).unwrap();
                let base = base.split_whitespace().nth(1).unwrap().to_lowercase();
                base != "scratch" && !stages.iter().flatten().any(|it| *it == base)
            };
            let steps = all.iter().filter(|it| {
                it.0 == stage
                    && match it.2.as_str() {
                        "FROM" => loads(it.1),
                        word => ["RUN", "COPY", "ADD", "WORKDIR"].contains(&word),
                    }
            });
            let Some((_, line, _)) = steps.clone().nth(at - 1) else { continue };
            lines.insert(number.to_owned(), *line);
        } else if let Some(line) = lines.get(number) {
            if rest == "CACHED" {
                seen.insert(*line, true);
            } else if rest.starts_with("DONE") {
                seen.entry(*line).or_insert(false);
            }
        }
    }
    seen
}

/// What the classic builder says: `Step 3/9 : COPY …`, then ` ---> Using cache`.
pub(crate) fn of_classic(log: &str, text: &str) -> Seen {
    let all = instructions(text);
    let mut seen = Seen::new();
    let mut line = 0;
    for row in log.lines() {
        if let Some(rest) = row.strip_prefix("Step ") {
            let at: usize = rest.split('/').next().unwrap().parse().unwrap();
            line = all[at - 1].1;
            seen.insert(line, false);
        } else if row.contains("---> Using cache") {
            seen.insert(line, true);
        }
    }
    seen
}

/// What buildah says: `[1/2] STEP 3/9: COPY …` of the first stage, then `--> Using cache`.
pub(crate) fn of_buildah(log: &str, text: &str) -> Seen {
    let all = instructions(text);
    let mut seen = Seen::new();
    let mut line = 0;
    for row in log.lines() {
        if let Some((place, rest)) = row.split_once("STEP ") {
            let at: usize = rest.split('/').next().unwrap().parse().unwrap();
            let stage = place.trim_start_matches('[').split('/').next().unwrap();
            let stage = stage.parse::<usize>().map_or(0, |it| it - 1);
            line = all.iter().filter(|it| it.0 == stage).nth(at - 1).unwrap().1;
            seen.insert(line, false);
        } else if row.contains("Using cache") {
            seen.insert(line, true);
        }
    }
    seen
}

/// What BuildKit's log in JSON says: vertices called `[build 2/4] COPY …`, each with `cached`. What puts the files of a linked
/// COPY on the image, `[build 2/4] LINK COPY …`, is not the COPY.
pub(crate) fn of_rawjson(log: &str, text: &str) -> Seen {
    let (stages, all) = (names(text), instructions(text));
    let mut seen = Seen::new();
    let rows = log.lines().filter_map(|it| serde_json::from_str::<Value>(it).ok());
    let lists = rows.filter_map(|it| Some(it["vertexes"].as_array()?.clone()));
    for vertex in lists.flatten().filter(|it| it["completed"].is_string()) {
        let name = vertex["name"].as_str().unwrap();
        let Some((place, what)) = name.strip_prefix('[').and_then(|it| it.split_once("] ")) else {
            continue;
        };
        let (stage, place) = place.rsplit_once(' ').unwrap_or(("", place));
        let at = place.split_once('/').and_then(|it| it.0.parse::<usize>().ok());
        let Some(at) = at.filter(|_| !what.starts_with("LINK ")) else { continue };
        let named = |name: &str| stages.iter().position(|it| it.as_deref() == Some(name));
        let stage = match stage {
            "" => stages.len() - 1,
            name => named(name)
                .or_else(|| name.strip_prefix("stage-")?.parse().ok())
                .unwrap_or_else(|| panic!("no stage is called `{name}`")),
        };
        // The base comes from a named context, and is no step; neither is the root.
        let is_root = |line: u64| text.lines().nth(line as usize - 1) == Some("WORKDIR /");
        let makes = |word: &str| ["RUN", "COPY", "ADD", "WORKDIR"].contains(&word);
        let mut steps = all.iter().filter(|it| it.0 == stage && makes(&it.2) && !is_root(it.1));
        let line = steps.nth(at - 1).unwrap_or_else(|| panic!("no step is `{name}`")).1;
        // A vertex may be reported several times; the last one counts.
        seen.insert(line, vertex["cached"] == true);
    }
    seen
}
