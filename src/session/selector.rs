//! Selectors of rules, read with the rules that there are in view.

use crate::lint::{Category, Family, Selector, did_you_mean};
use crate::rules;

/// Reads a selector, or says that there is no such rule.
pub fn selector(word: &str) -> Result<Selector, String> {
    let Ok(selector) = word.parse::<Selector>();
    let known = selector.is_known(rules::all().map(|rule| &rule.meta));
    // Names of ShellCheck's codes are looked up last: making their list takes a moment.
    if known || selector.is_known(rules::shellcheck_metas().iter()) {
        return Ok(selector);
    }
    let words = ["ALL", "DEFAULT"].into_iter();
    let words = words.chain(Family::ALL.into_iter().map(Family::name));
    let words = words.chain(Category::ALL.into_iter().map(Category::name));
    let words = words.chain(rules::catalogue().flat_map(|meta| [meta.code, meta.name]));
    let hint = did_you_mean(word, words);
    Err(format!("unknown rule, family or category `{word}`{hint}"))
}
