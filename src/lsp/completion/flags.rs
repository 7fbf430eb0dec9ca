//! Flags and their values.

use gen_lsp_types::CompletionItemKind as Is;

use super::place::Argument;
use super::{Proposal, paths, values};
use crate::lsp::dispatch::Ask;
use crate::lsp::reference;
use crate::model::Model;

/// Flags that may be given again.
const REPEATED: &[&str] = &["device", "exclude", "mount"];

/// Flags without a value as a rule.
const PLAIN: &[&str] = &["keep-git-dir", "link", "parents", "unpack"];

/// The platforms that images are made for most.
const PLATFORMS: &[&str] =
    &["$BUILDPLATFORM", "$TARGETPLATFORM", "linux/amd64", "linux/arm64", "linux/arm/v7"];

/// The proposals for a flag up to the cursor, and how much of it they take the place of.
pub(super) fn proposals(
    ask: &Ask,
    model: &Model<'_>,
    it: &Argument,
) -> Option<(usize, Vec<Proposal>)> {
    let Some((name, value)) = it.word.split_once('=') else {
        return Some((it.word.len(), names(it)));
    };
    let plain = |list: &[&str]| list.iter().map(|it| Proposal::new(*it, Is::Value)).collect();
    let list = match name.trim_start_matches('-') {
        "from" => values::stages(model, it.instruction),
        "platform" => plain(PLATFORMS),
        "network" => plain(&["default", "none", "host"]),
        "security" => plain(&["sandbox", "insecure"]),
        "mount" => return mount(ask, model, it, value),
        _ => return None,
    };
    Some((value.len(), list))
}

fn names(it: &Argument) -> Vec<Proposal> {
    let is_given = |name: &str| {
        let given = |word: &String| word.trim_start_matches('-').split('=').next() == Some(name);
        !REPEATED.contains(&name) && it.before.iter().any(given)
    };
    let open = reference::flags(it.keyword).iter().filter(|it| !is_given(it.0));
    let proposal = |it: &(&str, &str)| {
        let value = if PLAIN.contains(&it.0) { "" } else { "=" };
        Proposal::new(format!("--{}{value}", it.0), Is::Property).text(it.1)
    };
    open.map(proposal).collect()
}

/// Inside the value of `--mount`.
fn mount(
    ask: &Ask,
    model: &Model<'_>,
    it: &Argument,
    value: &str,
) -> Option<(usize, Vec<Proposal>)> {
    let fields: Vec<&str> = value.split(',').collect();
    let (field, before) = fields.split_last()?;
    let option = |key: &str| {
        let mut pairs = before.iter().filter_map(|it| it.split_once('='));
        pairs.find(|it| it.0 == key).map(|it| it.1)
    };
    let kind = option("type").unwrap_or("bind");
    let described = |list: &[(&str, &str)], end: &str| {
        let proposal =
            |it: &(&str, &str)| Proposal::new(format!("{}{end}", it.0), Is::Property).text(it.1);
        list.iter().map(proposal).collect::<Vec<_>>()
    };
    let Some((key, typed)) = field.split_once('=') else {
        let is_given = |key: &str| before.iter().any(|it| it.split('=').next() == Some(key));
        let keys: Vec<_> =
            reference::mount_keys(kind).iter().filter(|it| !is_given(it.0)).copied().collect();
        let (flags, pairs): (Vec<_>, Vec<_>) =
            keys.into_iter().partition(|it| reference::is_plain(it.0));
        let kind = [("type", "What is mounted: `bind`, `cache`, `secret`, `ssh` or `tmpfs`.")];
        let mut list = described(if is_given("type") { &[] } else { &kind }, "=");
        list.extend(described(&pairs, "="));
        list.extend(described(&flags, ""));
        return Some((field.len(), list));
    };
    let list = match key {
        "type" => described(reference::MOUNT_TYPES, ""),
        "from" => values::stages(model, it.instruction),
        "sharing" => described(
            &[
                ("locked", "One build at a time; others wait."),
                ("shared", "Several builds at once. The default."),
                ("private", "Each concurrent build gets its own."),
            ],
            "",
        ),
        "source" | "src" if kind == "bind" && option("from").is_none() => {
            return paths::proposals(ask, model, typed);
        }
        _ => return None,
    };
    Some((typed.len(), list))
}
