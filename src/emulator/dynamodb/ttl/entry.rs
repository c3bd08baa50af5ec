//! The entries of items that expire: id, second, item's key; no value.

use super::registry::TimeToLive;
use crate::emulator::dynamodb::item;
use crate::emulator::dynamodb::table::Table;
use crate::emulator::dynamodb::value::Value;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Table as Rows, Txn};

/// Bytes before the item's key.
pub(super) const HEAD: usize = 16;

/// Brings the entry of the item at `key` from row `old` to row `new`, where the table has TTL.
pub fn keep(
    txn: &mut Txn<'_>,
    table: &Table,
    key: &[u8],
    old: Option<&[u8]>,
    new: Option<&[u8]>,
) -> Result<(), AwsError> {
    let Some((attribute, id)) = table.row.ttl.as_ref().and_then(TimeToLive::enabled) else { return Ok(()) };
    let expires = |row: Option<&[u8]>| row.map(|row| expires(row, attribute)).transpose().map(Option::flatten);
    let (before, after) = (expires(old)?, expires(new)?);
    if before == after {
        return Ok(());
    }
    if let Some(second) = before {
        txn.delete(Rows::Items, entry_key(id, second, key));
    }
    if let Some(second) = after {
        add(txn, id, second, key);
    }
    Ok(())
}

/// Puts the entry of the item at `key`, which expires at `second`.
pub(super) fn add(txn: &mut Txn<'_>, id: u64, second: u64, key: &[u8]) {
    txn.put(Rows::Items, entry_key(id, second, key), Vec::new());
}

/// When the item in this row expires, in seconds since the Unix epoch: `None` where the attribute is not a number that
/// can be a time.
pub(super) fn expires(row: &[u8], attribute: &str) -> Result<Option<u64>, AwsError> {
    let item = item::decode(row)?;
    let Some(Value::N(number)) = item.get(attribute) else { return Ok(None) };
    let text = number.to_string();
    let whole = text.split_once('.').map_or(text.as_str(), |(whole, _)| whole);
    Ok(whole.parse().ok())
}

pub(super) fn entry_key(id: u64, second: u64, key: &[u8]) -> Vec<u8> {
    [id.to_be_bytes().as_slice(), &second.to_be_bytes(), key].concat()
}
