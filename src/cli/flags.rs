//! What the flags of `check` say about settings, and how selectors are read wherever they are.

use super::args::CheckArgs;
use crate::config::{FailOn, Layer};
use crate::error::Error;
use crate::lint::{Category, Family, Selector, did_you_mean};
use crate::rules;

/// What the flags of `check` say.
pub(super) fn of_flags(args: &CheckArgs) -> Result<Layer, Error> {
    let select = selectors(&args.select)?;
    Ok(Layer {
        profile: args.profile.map(Into::into),
        select: (!select.is_empty()).then_some(select),
        extend_select: selectors(&args.extend_select)?,
        ignore: selectors(&args.ignore)?,
        fail_on: args.fail_on.map(|it| it.severity().map_or(FailOn::Never, FailOn::Severity)),
        build_args: args.build_arg.clone(),
        target: args.target.clone(),
        context: args.context.clone(),
        require_reason: args.require_reason.then_some(true),
        disable_ignore_comments: args.disable_ignore_comments.then_some(true),
        ..Layer::default()
    })
}

/// Reads selectors of the command line.
pub(super) fn selectors(words: &[String]) -> Result<Vec<Selector>, Error> {
    let words = words.iter().map(|word| word.trim()).filter(|word| !word.is_empty());
    words.map(|word| selector(word).map_err(Error::Usage)).collect()
}

/// Reads a selector, or says that there is no such rule.
pub(super) fn selector(word: &str) -> Result<Selector, String> {
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
