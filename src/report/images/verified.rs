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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Changed, How, Proof};

    fn verified(fixes: &[(&'static str, usize)], proof: Result<Proof, String>) -> Verified {
        let predicted = Some(Weight { files: 2_000_000, tar: 2_100_000, gzip: 900_000 });
        Verified {
            fixes: fixes.to_vec(),
            predicted: predicted.filter(|_| !fixes.is_empty()),
            proof,
        }
    }

    /// As many paths are different.
    fn proof(different: usize, left_aside: usize) -> Proof {
        let all = [How::Added, How::Removed, How::Content, How::Metadata];
        let path = |at: usize| Changed {
            path: format!("srv/{at}"),
            how: all[at % 4],
            before: 1,
            after: 2,
            layer: 3,
        };
        let measured = Weight { files: 1_900_000, tar: 2_000_000, gzip: 800_000 };
        Proof { measured, different: (0..different).map(path).collect(), left_aside }
    }

    #[test]
    fn what_became_of_the_fixes_is_written() {
        let show = |it: &Verified| text(Style::default(), it);
        let it = verified(&[("LW101", 1), ("LW102", 3)], Ok(proof(0, 1)));
        let expected = "
verified (LW101, 3 x LW102): containers of both images see the same files
  predicted      2.0 MB in files,   900.0 kB with gzip -6
  measured       1.9 MB in files,   800.0 kB with gzip -6
  ignored 1 path: waste, and files that every build creates again
";
        assert_eq!(show(&it), expected);
        let it = verified(&[], Ok(proof(12, 0)));
        let expected = "
UNPROVED: 12 paths would be different
  measured       1.9 MB in files,   800.0 kB with gzip -6
  added     srv/0
  removed   srv/1
  changed   srv/2
  metadata  srv/3
  added     srv/4
  removed   srv/5
  changed   srv/6
  metadata  srv/7
  added     srv/8
  removed   srv/9
  and 2 more (`--format json` has them)
";
        assert_eq!(show(&it), expected);
        assert!(show(&verified(&[], Ok(proof(10, 0)))).ends_with("  removed   srv/9\n"));
        let it = verified(&[("LW101", 2)], Err("line 3\u{1b} fails\nbadly".to_owned()));
        let expected = "
UNPROVED (2 x LW101): the changed file fails to build: line 3\\u{1b} fails
badly
  predicted      2.0 MB in files,   900.0 kB with gzip -6
";
        assert_eq!(show(&it), expected);
    }

    #[test]
    fn programs_read_the_same() {
        let json = |it: &Verified| serde_json::to_value(VerifiedObject::of(it)).expect("no maps");
        let found = json(&verified(&[("LW101", 2)], Ok(proof(1, 4))));
        let weight = |files: u64, tar: u64, gzip: u64| serde_json::json!({"files": files, "tar": tar, "compressed": gzip});
        let expected = serde_json::json!({
            "same": false,
            "fixes": [{"code": "LW101", "count": 2}],
            "predicted": weight(2_000_000, 2_100_000, 900_000),
            "measured": weight(1_900_000, 2_000_000, 800_000),
            "error": null,
            "different": [{"path": "srv/0", "change": "added", "before": 1, "after": 2, "layer": 3}],
            "more_different": 0,
            "left_aside": 4,
        });
        assert_eq!(found, expected);
        let found = json(&verified(&[], Err("no".to_owned())));
        let expected = serde_json::json!({
            "same": false, "fixes": [], "predicted": null, "measured": null, "error": "no", "different": [],
            "more_different": 0, "left_aside": 0,
        });
        assert_eq!(found, expected);
        let found = json(&verified(&[], Ok(proof(1003, 0))));
        assert_eq!(
            (&found["more_different"], found["different"].as_array().map(Vec::len)),
            (&3.into(), Some(1000))
        );
        assert_eq!(json(&verified(&[], Ok(proof(0, 0))))["same"], true);
    }
}
