//! Metadata and run time.

mod expose_invalid_format;
mod expose_proto_casing;
mod invalid_definition_description;
mod invalid_label_key;
mod json_args_recommended;
mod maintainer_deprecated;
mod maintainer_instruction;
mod multiple_instructions_disallowed;
mod overridden_cmd;
mod overridden_entrypoint;
mod relative_workdir;
mod shell_form_command;
mod workdir_relative_path;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    expose_invalid_format::RULE,
    expose_proto_casing::RULE,
    invalid_definition_description::RULE,
    invalid_label_key::RULE,
    json_args_recommended::RULE,
    maintainer_deprecated::RULE,
    maintainer_instruction::RULE,
    multiple_instructions_disallowed::RULE,
    overridden_cmd::RULE,
    overridden_entrypoint::RULE,
    relative_workdir::RULE,
    shell_form_command::RULE,
    workdir_relative_path::RULE,
];
