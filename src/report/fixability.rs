//! Which fixes a rule has: what its examples show.

use crate::config::{Layer, Settings};
use crate::lint::{Applicability, Meta, Profile, Selector};
use crate::session;
use crate::source::Source;

/// The fixes of a rule, the safest first: those that the findings in its examples have. None is known for a rule whose
/// examples find nothing without a build context, a setting or an image.
pub fn of(meta: &Meta) -> Option<Vec<Applicability>> {
    let mut found = Vec::new();
    let mut fires = false;
    // Some findings are the default profile's alone, and others are only in stricter ones.
    for settings in [Profile::Default, Profile::Audit].map(|profile| settings(meta, profile)) {
        for example in meta.bad {
            let checked = session::check(Source::new("Dockerfile", *example), &settings);
            for finding in checked.findings.iter().filter(|it| it.meta.code == meta.code) {
                fires = true;
                found.extend(finding.fix.as_ref().map(|it| it.applicability));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    fires.then_some(found)
}

/// Only that rule.
fn settings(meta: &Meta, profile: Profile) -> Settings {
    let layer = Layer {
        profile: Some(profile),
        select: Some(vec![Selector::Code(meta.code.to_owned())]),
        ..Layer::default()
    };
    layer.settings()
}

/// What people read of them in a list.
pub fn word(fixes: Option<&[Applicability]>) -> &'static str {
    match fixes {
        Some([Applicability::Safe, ..]) => "safe",
        Some([Applicability::Unsafe, ..]) => "unsafe",
        _ => "-",
    }
}

/// What people read of them on a page.
pub fn sentence(fixes: Option<&[Applicability]>) -> Option<&'static str> {
    let fixes = fixes?;
    Some(match (fixes.contains(&Applicability::Safe), fixes.contains(&Applicability::Unsafe)) {
        (true, false) => "`--fix` fixes it; otherwise the image stays the same",
        (true, true) => "`--fix` fixes it if that is safe, otherwise `--fix --unsafe-fixes`",
        (false, true) => {
            "`--fix --unsafe-fixes` fixes it; review the change, because it may affect the image"
        }
        (false, false) if fixes.is_empty() => "none: you need to decide",
        (false, false) => "a suggestion to complete by hand",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixes_are_put_in_words() {
        use Applicability::{Safe, Suggest, Unsafe};
        let safe = "`--fix` fixes it; otherwise the image stays the same";
        let both = "`--fix` fixes it if that is safe, otherwise `--fix --unsafe-fixes`";
        let other =
            "`--fix --unsafe-fixes` fixes it; review the change, because it may affect the image";
        let by_hand = "a suggestion to complete by hand";
        let all: [(&[Applicability], _, _); 7] = [
            (&[Safe], "safe", safe),
            (&[Safe, Unsafe], "safe", both),
            (&[Safe, Suggest], "safe", safe),
            (&[Unsafe], "unsafe", other),
            (&[Unsafe, Suggest], "unsafe", other),
            (&[Suggest], "-", by_hand),
            (&[], "-", "none: you need to decide"),
        ];
        for (fixes, in_list, on_page) in all {
            assert_eq!((word(Some(fixes)), sentence(Some(fixes))), (in_list, Some(on_page)));
        }
        assert_eq!((word(None), sentence(None)), ("-", None));
    }
}
