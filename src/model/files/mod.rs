//! Files and paths: what instructions copy, fetch, write, delete, mount and change.

pub(super) mod archives;
pub(super) mod changes;
pub(super) mod context_facts;
pub(super) mod copies;
pub(super) mod directories;
pub(super) mod downloads;
pub(super) mod fetched;
pub(super) mod filled_mounts;
pub(super) mod history;
pub(super) mod mounted;
pub(super) mod path_table;
pub(super) mod paths;
pub(super) mod permissions;
pub(super) mod remote;
pub(super) mod replaced;
pub(super) mod source_folders;
pub(super) mod ties;
pub mod transfers;
pub(super) mod volumes;
pub(super) mod write_table;
pub(super) mod writes;
