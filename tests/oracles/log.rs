//! Logs of builds: whatever is in them, each miss has a reason, and what is certain is not also possible.

use layerwise::cache::log::read;
use layerwise::cache::{Asked, Builder, Why, explain};

/// Two logs, divided by a line of dashes.
pub(crate) fn log(bytes: &[u8]) {
    let (old, new) = super::halves(bytes);
    let (olds, news) = (read(old.as_bytes()).unwrap(), read(new.as_bytes()).unwrap());
    for new in &news {
        for old in olds.iter().map(Some).chain([None]) {
            let asked = Asked {
                old,
                new: Some(new),
                states: None,
                is_git: false,
                known_args: Vec::new(),
                inspects: None,
                builder: Builder::Buildkit,
            };
            let Ok(found) = explain(&asked) else { continue };
            assert_eq!(found.steps, found.cached + found.ran + found.unknown);
            assert!(found.misses.len() <= found.ran);
            for miss in &found.misses {
                assert!(miss.because.is_empty() != miss.possible.is_empty());
                assert!(
                    miss.possible.is_empty() || miss.possible.iter().any(|it| it.why == Why::Cache)
                );
            }
            let followers: usize = found.misses.iter().map(|it| it.followers + 1).sum();
            assert!(followers <= found.ran);
        }
    }
}
