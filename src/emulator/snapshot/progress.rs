//! What a restore has done: noted in the commits themselves, so that the next opening can say how far one came that broke
//! off.

use serde::{Deserialize, Serialize};

use crate::emulator::error::AwsError;
use crate::emulator::store::{Read as _, StoreError, Table, Txn};
use crate::emulator::{dynamodb, s3};

const KEY: &[u8] = b"snapshot/restoring";
/// How the keys begin of what is restored, by its name.
const DONE: &[u8] = b"snapshot/restored/";
/// How many parts are named.
const SHOWN: usize = 20;

/// A restore that is under way.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Progress {
    /// The snapshot's name.
    name: String,
    /// The snapshot of what was there before, if one was made.
    before: Option<String>,
}

/// A restore begins.
pub(super) fn begin(txn: &mut Txn<'_>, name: String, before: Option<String>) -> Result<(), AwsError> {
    end(txn)?;
    let row = serde_json::to_vec(&Progress { name, before });
    txn.put(Table::Meta, KEY.to_vec(), row.map_err(|error| AwsError::new(500, "InternalError", error.to_string()))?);
    Ok(())
}

/// A part of it is done, in the commit that this is part of.
pub(super) fn done(part: &str) -> impl FnOnce(&mut Txn<'_>) -> Result<(), AwsError> + Send + use<> {
    let key = [DONE, part.as_bytes()].concat();
    move |txn| {
        txn.put(Table::Meta, key, Vec::new());
        Ok(())
    }
}

/// It has ended. What it did.
pub(super) fn end(txn: &mut Txn<'_>) -> Result<Vec<String>, StoreError> {
    txn.delete(Table::Meta, KEY.to_vec());
    let parts = txn.prefix(Table::Meta, DONE)?.map(|row| Ok(row?.key().to_vec()));
    let parts: Vec<_> = parts.collect::<Result<_, StoreError>>()?;
    let named = parts.iter().map(|key| String::from_utf8_lossy(&key[DONE.len()..]).into_owned()).collect();
    for key in parts {
        txn.delete(Table::Meta, key);
    }
    Ok(named)
}

/// Leaves what a restore had begun when its process ended to the sweepers. Gives what a person should know of it.
pub fn recover(txn: &mut Txn<'_>) -> Result<Option<String>, StoreError> {
    dynamodb::staging::sweep(txn)?;
    s3::staging::leave_to_sweep(txn)?;
    // One that cannot be read says nothing.
    let begun = txn.get(Table::Meta, KEY)?.and_then(|row| serde_json::from_slice(&row).ok());
    let done = end(txn)?;
    let Some(Progress { name, before }) = begun else { return Ok(None) };
    let more = done.len().saturating_sub(SHOWN);
    let mut shown = done.into_iter().take(SHOWN).collect::<Vec<_>>().join(", ");
    if more > 0 {
        shown = format!("{shown} and {more} more");
    }
    let done = if shown.is_empty() { "nothing".to_owned() } else { shown };
    let before =
        before.map_or_else(String::new, |before| format!(", and {before} is the snapshot of all as it was before"));
    Ok(Some(format!(
        "restoring the snapshot {name} broke off: {done} was restored, the rest is as it was{before}. Restore it again"
    )))
}
