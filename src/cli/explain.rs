//! `layerwise explain`: the pages of rules.

use super::args::ExplainArgs;
use super::output::{Output, style};
use super::{Outcome, SUCCESS, rules as list};
use crate::error::Error;
use crate::lint::{Selector, did_you_mean};
use crate::report::{Style, fixability, page};
use crate::rules;

/// Runs it.
pub(super) fn run(args: &ExplainArgs) -> Outcome {
    let style = style(args.color.color, true);
    let pages = args.codes.iter().map(|code| explain(code, style));
    let pages = pages.collect::<Result<Vec<_>, _>>()?;
    let mut output = Output::stdout();
    let _ = output.write(&pages.join("\n"));
    output.finish()?;
    Ok(SUCCESS)
}

fn explain(word: &str, style: Style) -> Result<String, Error> {
    let is = |name: &str| name.eq_ignore_ascii_case(word);
    if let Some(meta) = rules::catalogue().find(|meta| is(meta.code) || is(meta.name)) {
        let fixes = fixability::of(meta);
        return Ok(page::terminal(meta, fixability::sentence(fixes.as_deref()), style));
    }
    let Ok(selector) = word.parse::<Selector>();
    let rules = list::selection(std::slice::from_ref(&selector));
    if !rules.is_empty() {
        return Ok(list::text(&rules, style));
    }
    let hint = did_you_mean(word, rules::catalogue().flat_map(|meta| [meta.code, meta.name]));
    Err(Error::Usage(format!("unknown rule `{word}`{hint}; `layerwise rules` lists all rules")))
}
