//! `layerwise explain`: the pages of rules.

use super::args::ExplainArgs;
use super::output::{Output, style};
use super::suggest::did_you_mean;
use super::{Outcome, SUCCESS};
use crate::error::Error;
use crate::lint::Family;
use crate::report::{Style, page};
use crate::{rules, shell};

/// Runs it.
pub(super) fn run(args: &ExplainArgs) -> Outcome {
    let style = style(args.color, true);
    let pages = args.codes.iter().map(|code| explain(code, style));
    let pages = pages.collect::<Result<Vec<_>, _>>()?;
    let mut output = Output::stdout();
    let _ = output.write(&pages.join("\n"));
    output.finish()?;
    Ok(SUCCESS)
}

fn explain(word: &str, style: Style) -> Result<String, Error> {
    let metas = || rules::all().map(|it| &it.meta).filter(|it| it.family != Family::Shellcheck);
    let is = |name: &str| name.eq_ignore_ascii_case(word);
    if let Some(meta) = metas().find(|meta| is(meta.code) || is(meta.name)) {
        return Ok(page::terminal(meta, style));
    }
    if let Some(code) = shell::codes().iter().find(|code| is(code.code) || is(code.name)) {
        return Ok(page::terminal_shellcheck(code, style));
    }
    let words = metas().flat_map(|meta| [meta.code, meta.name]);
    let hint = did_you_mean(word, words.chain(shell::codes().iter().map(|it| it.code)));
    Err(Error::Usage(format!("no rule is called `{word}`{hint}; `layerwise rules` lists all")))
}
