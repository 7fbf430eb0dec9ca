//! Whether a changed Dockerfile makes the same image.

use serde::Serialize;

use super::difference::PathObject;
use super::json::{WeightObject, weight};
use crate::escape;
use crate::lint::{Severity, size};
use crate::measure::{Verified, Weight};
use crate::report::columns::fit;
use crate::report::style::{Style, plural};

/// How many paths people are shown.
const SHOWN: usize = 10;

/// More paths are only counted.
const PATHS: usize = 1000;

/// For people.
pub(super) fn text(style: Style, it: &Verified) -> String {
    let weights = |name: &str, it: Weight| {
        format!(
            "  {name:<9}  {:>10} in files, {:>10} with gzip -6\n",
            size(it.files),
            size(it.gzip)
        )
    };
    let fixes: Vec<String> = it
        .fixes
        .iter()
        .map(|(code, n)| if *n > 1 { format!("{n} x {code}") } else { (*code).to_owned() })
        .collect();
    let of = if fixes.is_empty() { String::new() } else { format!(" ({})", fixes.join(", ")) };
    let (word, severity) =
        if it.is_same() { ("verified", Severity::Info) } else { ("UNPROVED", Severity::Error) };
    let mut text = format!("\n{}{of}: ", style.severity(severity, word));
    match &it.proof {
        Err(reason) => {
            text += &format!(
                "the changed file fails to build: {}\n",
                reason.lines().map(escape::line).collect::<Vec<_>>().join("\n")
            );
        }
        Ok(proof) if proof.different.is_empty() => {
            text += "containers of both images see the same files\n";
        }
        Ok(proof) => {
            text += &format!("{} would be different\n", plural(proof.different.len(), "path"));
        }
    }
    if let Some(predicted) = it.predicted {
        text += &weights("predicted", predicted);
    }
    let Ok(proof) = &it.proof else { return text };
    text += &weights("measured", proof.measured);
    for path in proof.different.iter().take(SHOWN) {
        let room = style.width.saturating_sub(12).max(20);
        text += &format!("  {:<8}  {}\n", path.how.name(), fit(&escape::line(&path.path), room));
    }
    let rest = proof.different.len().saturating_sub(SHOWN);
    if rest > 0 {
        text += &format!("  and {rest} more (`--format json` has them)\n");
    }
    if proof.left_aside > 0 {
        text += &format!(
            "  ignored {}: waste, and files that every build creates again\n",
            plural(proof.left_aside, "path")
        );
    }
    text
}

#[derive(Serialize)]
pub(super) struct VerifiedObject<'a> {
    same: bool,
    fixes: Vec<FixObject>,
    predicted: Option<WeightObject>,
    measured: Option<WeightObject>,
    error: Option<&'a str>,
    different: Vec<PathObject<'a>>,
    more_different: usize,
    left_aside: usize,
}

#[derive(Serialize)]
struct FixObject {
    code: &'static str,
    count: usize,
}

impl<'a> VerifiedObject<'a> {
    pub(super) fn of(it: &'a Verified) -> Self {
        let proof = it.proof.as_ref().ok();
        let different = proof.map(|it| it.different.as_slice()).unwrap_or_default();
        Self {
            same: it.is_same(),
            fixes: it.fixes.iter().map(|(code, count)| FixObject { code, count: *count }).collect(),
            predicted: it.predicted.map(weight),
            measured: proof.map(|it| weight(it.measured)),
            error: it.proof.as_ref().err().map(String::as_str),
            different: different.iter().take(PATHS).map(PathObject::of).collect(),
            more_different: different.len().saturating_sub(PATHS),
            left_aside: proof.map_or(0, |it| it.left_aside),
        }
    }
}
