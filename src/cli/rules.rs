//! `layerwise rules`: the list of all rules.

use super::args::{RulesArgs, TextOrJson};
use super::output::{Output, style};
use super::{Outcome, SUCCESS};
use crate::lint::Family;
use crate::{report, rules, shell};

/// Runs it.
pub(super) fn run(args: &RulesArgs) -> Outcome {
    let metas = rules::all().map(|it| &it.meta).filter(|it| it.family != Family::Shellcheck);
    let list = match args.format {
        TextOrJson::Json => report::json_list(metas, shell::codes()),
        TextOrJson::Text => report::text_list(metas, shell::codes(), style(args.color, true)),
    };
    let mut output = Output::stdout();
    let _ = output.write(&list);
    output.finish()?;
    Ok(SUCCESS)
}
