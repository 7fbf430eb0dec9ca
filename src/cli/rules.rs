//! `layerwise rules`: the list of all rules.

use super::args::{RulesArgs, TextOrJson};
use super::flags::selectors;
use super::output::{Output, style};
use super::{Outcome, SUCCESS};
use crate::lint::{Meta, Profile, Selector};
use crate::report::{self, Style, fixability};
use crate::rules;

/// Runs it.
pub(super) fn run(args: &RulesArgs) -> Outcome {
    let selected = selectors(&args.select)?;
    let rules = selection(&selected);
    let list = match args.format {
        TextOrJson::Json => report::json_list(with_fixes(&rules).into_iter()),
        TextOrJson::Text => text(&rules, style(args.color.color, true)),
    };
    let mut output = Output::stdout();
    let _ = output.write(&list);
    output.finish()?;
    Ok(SUCCESS)
}

/// The rules that are selected, or all of them, by family and code.
pub(super) fn selection(selected: &[Selector]) -> Vec<&'static Meta> {
    let is_selected = |meta: &Meta| {
        selected.is_empty() || selected.iter().any(|it| it.matches(meta, Profile::Default))
    };
    let mut rules: Vec<_> = rules::catalogue().filter(|it| is_selected(it)).collect();
    rules.sort_by_key(|it| (it.family, it.code));
    rules
}

/// The rules as a table.
pub(super) fn text(rules: &[&'static Meta], style: Style) -> String {
    report::text_list(with_fixes(rules).into_iter(), style)
}

fn with_fixes(rules: &[&'static Meta]) -> Vec<(&'static Meta, &'static str)> {
    rules.iter().map(|meta| (*meta, fixability::word(fixability::of(meta).as_deref()))).collect()
}
