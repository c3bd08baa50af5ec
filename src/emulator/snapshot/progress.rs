//! What a restore has done: noted in the commits themselves, so that the next opening can say how far one came that broke
//! off.

use serde::{Deserialize, Serialize};

use crate::emulator::error::AwsError;
use crate::emulator::store::{Read as _, StoreError, Table, Txn};
use crate::emulator::{dynamodb, s3};

const KEY: &[u8] = b"snapshot/restoring";

/// A restore that is under way.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Progress {
    /// The snapshot's name.
    name: String,
    /// The snapshot of what was there before, if one was made.
    before: Option<String>,
    /// What is restored, by its URI.
    done: Vec<String>,
}

/// A restore begins.
pub(super) fn begin(txn: &mut Txn<'_>, name: String, before: Option<String>) -> Result<(), AwsError> {
    store(txn, &Progress { name, before, done: Vec::new() })
}

/// A part of it is done.
pub(super) fn done(txn: &mut Txn<'_>, uri: String) -> Result<(), AwsError> {
    let Some(mut progress) = load(txn)? else { return Ok(()) };
    progress.done.push(uri);
    store(txn, &progress)
}

/// It has ended.
pub(super) fn end(txn: &mut Txn<'_>) {
    txn.delete(Table::Meta, KEY.to_vec());
}

fn load(txn: &Txn<'_>) -> Result<Option<Progress>, StoreError> {
    // One that cannot be read says nothing.
    Ok(txn.get(Table::Meta, KEY)?.and_then(|row| serde_json::from_slice(&row).ok()))
}

fn store(txn: &mut Txn<'_>, progress: &Progress) -> Result<(), AwsError> {
    let row = serde_json::to_vec(progress);
    txn.put(Table::Meta, KEY.to_vec(), row.map_err(|error| AwsError::new(500, "InternalError", error.to_string()))?);
    Ok(())
}

/// Leaves what a restore had begun when its process ended to the sweepers. Gives what a person should know of it.
pub fn recover(txn: &mut Txn<'_>) -> Result<Option<String>, StoreError> {
    dynamodb::staging::sweep(txn)?;
    s3::staging::leave_to_sweep(txn)?;
    let Some(Progress { name, before, done }) = load(txn)? else { return Ok(None) };
    txn.delete(Table::Meta, KEY.to_vec());
    let done = if done.is_empty() { "nothing".to_owned() } else { done.join(", ") };
    let before =
        before.map_or_else(String::new, |before| format!(", and {before} is the snapshot of all as it was before"));
    Ok(Some(format!(
        "restoring the snapshot {name} broke off: {done} was restored, the rest is as it was{before}. Restore it again"
    )))
}
