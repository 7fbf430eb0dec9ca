//! Fixes: the file still parses, comments stay, and fixing it again changes nothing.

use std::collections::BTreeMap;

use layerwise::context::Contexts;
use layerwise::session::{self, Place};
use layerwise::source::Source;
use layerwise::syntax::{Dockerfile, SyntaxError, parse};

/// A file that is fixed once, safely and unsafely.
pub(crate) fn fix(bytes: &[u8]) {
    let settings = super::check::all_rules();
    let source = Source::from_bytes("Dockerfile", bytes.to_vec());
    for unsafe_too in [false, true] {
        let fixed = |source: Source| {
            session::fix(source, &settings, Place::default(), &Contexts::default(), unsafe_too)
        };
        let after = fixed(source.clone());
        let fault = after.rejected.iter().find(|it| it.is_fault);
        assert!(fault.is_none(), "{fault:?} in {:?}", source.text);
        if after.source.bytes() == bytes {
            continue;
        }
        let (old, new) = (parse(&source), parse(&after.source));
        // What a message quotes may be spelled otherwise afterwards.
        let kinds =
            |doc: &Dockerfile<'_>| doc.errors.iter().map(SyntaxError::kind).collect::<Vec<_>>();
        let (old_kinds, new_kinds) = (kinds(&old), kinds(&new));
        let known = counts(old_kinds.iter().map(|it| &**it));
        for (message, count) in counts(new_kinds.iter().map(|it| &**it)) {
            let before = known.get(message).copied().unwrap_or(0);
            assert!(count <= before, "{message} in {:?}", after.source.text);
        }
        if !unsafe_too {
            let comments = |doc: &Dockerfile<'_>| {
                let texts = doc.comments.iter().map(|it| doc.source.slice(it.span).trim());
                texts.map(str::to_owned).collect::<Vec<_>>()
            };
            let (old, new) = (comments(&old), comments(&new));
            let left = counts(new.iter().map(|it| &**it));
            for (comment, count) in counts(old.iter().map(|it| &**it)) {
                let after_it = left.get(comment).copied().unwrap_or(0);
                assert!(count <= after_it, "{comment:?} is lost in {:?}", after.source.text);
            }
        }
        let again = fixed(after.source.clone());
        assert_eq!(again.source.text, after.source.text, "a second run changes more");
    }
}

fn counts<'t>(texts: impl Iterator<Item = &'t str>) -> BTreeMap<&'t str, usize> {
    let mut counts = BTreeMap::new();
    texts.for_each(|it| *counts.entry(it).or_default() += 1);
    counts
}
