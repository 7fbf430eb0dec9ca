//! What instructions, flags and mount options mean, in few words: for hovers and completion.

mod flags;
mod instructions;
mod mounts;

pub(super) use flags::{flag, flag_value, flags};
pub(super) use instructions::instruction;
pub(super) use mounts::{MOUNT_TYPES, is_plain, mount_key, mount_keys, mount_type, plain_key};
