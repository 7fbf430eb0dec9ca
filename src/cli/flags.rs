//! What the flags of `check` say about settings.

use super::args::CheckArgs;
use crate::config::{FailOn, Layer};
use crate::error::Error;
use crate::lint::Selector;
use crate::session::selector;

/// What the flags of `check` say.
pub(super) fn of_flags(args: &CheckArgs) -> Result<Layer, Error> {
    let select = selectors(&args.select)?;
    Ok(Layer {
        profile: args.profile.map(Into::into),
        select: (!select.is_empty()).then_some(select),
        extend_select: selectors(&args.extend_select)?,
        ignore: selectors(&args.ignore)?,
        fail_on: args.fail_on.map(|it| it.severity().map_or(FailOn::Never, FailOn::Severity)),
        build_args: args.build.build_arg.clone(),
        target: args.build.target.clone(),
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
