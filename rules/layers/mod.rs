//! Layers and what they carry.

mod apk_index_left;
mod apt_lists_left;
mod archive_copied_then_unpacked;
mod archive_left_in_layer;
mod changes_after_volume;
mod cleanup_in_later_layer;
mod consecutive_runs;
mod dnf_cache_left;
mod excess_run_layers;
mod high_uid_login_log;
mod mergeable_copies;
mod move_stores_twice;
mod package_cache_left_in_layer;
mod permission_change_copies_files;
mod pip_cache_left;
mod redundant_directory_layer;
mod system_upgrade_rewrites_base;
mod too_many_layers;
mod unnecessary_command;
mod yarn_cache_left;
mod yum_cache_left;
mod zypper_cache_left;

use crate::lint::Rule;
use crate::lint::prelude::{Command, Context, Findings, Manager, Run};

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    apk_index_left::RULE,
    apt_lists_left::RULE,
    archive_copied_then_unpacked::RULE,
    archive_left_in_layer::RULE,
    changes_after_volume::RULE,
    cleanup_in_later_layer::RULE,
    consecutive_runs::RULE,
    dnf_cache_left::RULE,
    excess_run_layers::RULE,
    high_uid_login_log::RULE,
    mergeable_copies::RULE,
    move_stores_twice::RULE,
    package_cache_left_in_layer::RULE,
    permission_change_copies_files::RULE,
    pip_cache_left::RULE,
    redundant_directory_layer::RULE,
    system_upgrade_rewrites_base::RULE,
    too_many_layers::RULE,
    unnecessary_command::RULE,
    yarn_cache_left::RULE,
    yum_cache_left::RULE,
    zypper_cache_left::RULE,
];

/// Reports the RUNs whose last command of those that `fills` accepts leaves the manager's cache in the layer: no mount
/// takes it, and nothing after it clears it.
fn report_cache_left(
    cx: &Context<'_>,
    findings: &mut Findings,
    manager: Manager,
    help: &str,
    fills: impl Fn(&Run<'_>, &Command) -> bool,
) {
    for (index, run) in cx.all_runs().enumerate() {
        let commands = &run.script.commands;
        let Some(last) = commands.iter().rposition(|it| fills(run, it)) else { continue };
        if cx.model.cache_is_mounted(run, manager) || cx.model.cleared_in(index, manager, last) {
            continue;
        }
        let name = &commands[last].name;
        findings
            .report(commands[last].name_span, format!("`{name}` leaves its cache in the layer"))
            .help(help);
    }
}
