//! What strangers wrote, read on AWS: after it a session may be somebody else's to steer.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

/// The most sessions that are told apart.
const MOST: usize = 10_000;

/// Tools whose answers have nothing that strangers can have written: they tell of what they did in the caller's own words, or
/// name what the account's owner made, which is tables, their keys and indexes, and buckets. A tool that is not here counts as one
/// that reads. So does one that is, for a call whose answer names what is stored all the same: a hint with keys, a sample of
/// items ([`tells_what_is_stored`](crate::mcp::notes::tells_what_is_stored)).
pub(super) const TELL_NOTHING: [&str; 18] = [
    "bridge_status",
    "undo",
    "snapshot",
    "restore",
    "copy_from_target",
    "s3_list_buckets",
    "s3_create_bucket",
    "s3_delete_bucket",
    "s3_put_object",
    "s3_copy_object",
    "s3_upload_directory",
    "s3_presign_url",
    "dynamodb_list_tables",
    "dynamodb_create_table",
    "dynamodb_describe_table",
    "dynamodb_update_table",
    "dynamodb_delete_table",
    "dynamodb_export_items",
];

/// The sessions that have read such things, and where.
#[derive(Debug, Default)]
pub(super) struct Readers {
    read: HashMap<Uuid, BTreeSet<String>>,
    /// There were too many: all count.
    all: bool,
}

impl Readers {
    /// A call of this tool has read on this target.
    pub(super) fn note(&mut self, session: Uuid, tool: &str, target: &str) {
        if TELL_NOTHING.contains(&tool) {
            return;
        }
        if self.read.len() >= MOST && !self.read.contains_key(&session) {
            self.all = true;
            return;
        }
        self.read.entry(session).or_default().insert(target.to_owned());
    }

    /// Whether the session has read anything that strangers may have written.
    pub(super) fn any(&self, session: Uuid) -> bool {
        self.all || self.read.contains_key(&session)
    }

    /// Whether it has done so, and not on this target.
    pub(super) fn elsewhere(&self, session: Uuid, target: &str) -> bool {
        self.all || self.read.get(&session).is_some_and(|targets| !targets.contains(target))
    }
}
