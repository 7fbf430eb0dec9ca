//! `layerwise rules`: the list of all rules.

use super::args::{RulesArgs, TextOrJson};
use super::output::{Output, style};
use super::{Outcome, SUCCESS};
use crate::{report, rules};

/// Runs it.
pub(super) fn run(args: &RulesArgs) -> Outcome {
    let list = match args.format {
        TextOrJson::Json => report::json_list(rules::catalogue()),
        TextOrJson::Text => report::text_list(rules::catalogue(), style(args.color, true)),
    };
    let mut output = Output::stdout();
    let _ = output.write(&list);
    output.finish()?;
    Ok(SUCCESS)
}
