//! What a change of an item changes in its table's indexes.

use super::entry::{Entry, Index};
use super::row::IndexStatus;
use crate::emulator::dynamodb::capacity::write_units;
use crate::emulator::dynamodb::item::{self, Row};
use crate::emulator::dynamodb::table::{Stats, Table};
use crate::emulator::dynamodb::value::Item;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Table as Rows, Txn};

/// What a change of an item wrote in one index.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexWrite {
    /// The index.
    pub name: String,
    /// Whether it is a local one.
    pub local: bool,
    /// The write units that it consumed.
    pub units: f64,
    /// The bytes that the index has more than before.
    pub grown: i64,
}

/// Brings the table's indexes from an item's row `old` to `new`. Gives the indexes in which that changed something.
pub fn keep(
    txn: &mut Txn<'_>,
    table: &Table,
    old: Option<&[u8]>,
    new: Option<&[u8]>,
) -> Result<Vec<IndexWrite>, AwsError> {
    let mut written = Vec::new();
    if old == new || table.indexes.is_empty() {
        return Ok(written);
    }
    let old = old.map(Image::of).transpose()?;
    let new = new.map(Image::of).transpose()?;
    for index in table.indexes.iter().filter(|index| index.row.status != IndexStatus::Deleting) {
        let entry = |image: &Option<Image<'_>>| image.as_ref().and_then(|image| index.entry(&image.item, image.row));
        let (before, after) = (entry(&old), entry(&new));
        let grown = growth(size(before.as_ref())?, size(after.as_ref())?);
        if let Some(units) = replace(txn, index, before, after)? {
            written.push(IndexWrite { name: index.row.name.clone(), local: index.row.local, units, grown });
        }
    }
    Ok(written)
}

/// The bytes that something of `old` bytes has more when it has `new`.
#[must_use]
pub fn growth(old: Option<usize>, new: Option<usize>) -> i64 {
    // An item has at most 400 KB.
    let bytes = |size: Option<usize>| size.and_then(|size| i64::try_from(size).ok()).unwrap_or_default();
    bytes(new) - bytes(old)
}

fn size(entry: Option<&Entry>) -> Result<Option<usize>, AwsError> {
    entry.map(|entry| Row::read(&entry.row).map(|row| row.size)).transpose()
}

/// Makes the entry of an item in an index that does not have it yet.
pub fn add(txn: &mut Txn<'_>, index: &Index, row: &[u8]) -> Result<(), AwsError> {
    let image = Image::of(row)?;
    replace(txn, index, None, index.entry(&image.item, image.row)).map(|_| ())
}

/// An item and its row.
struct Image<'r> {
    row: &'r [u8],
    item: Item,
}

impl<'r> Image<'r> {
    fn of(row: &'r [u8]) -> Result<Self, AwsError> {
        Ok(Self { row, item: item::decode(row)? })
    }
}

/// Replaces an entry; the write units of that, unless nothing changed.
fn replace(txn: &mut Txn<'_>, index: &Index, old: Option<Entry>, new: Option<Entry>) -> Result<Option<f64>, AwsError> {
    if old == new {
        return Ok(None);
    }
    match (old, new) {
        (Some(old), Some(new)) if old.key == new.key => {
            let before = Row::read(&old.row)?.size;
            Ok(Some(write_units(Some(before), Some(put(txn, index, new)?))))
        }
        (old, new) => {
            let mut units = 0.0;
            if let Some(old) = old {
                units += write_units(Some(Row::read(&old.row)?.size), None);
                remove(txn, index, old.key)?;
            }
            if let Some(new) = new {
                units += write_units(None, Some(put(txn, index, new)?));
            }
            Ok(Some(units))
        }
    }
}

/// Writes an entry; its size. While an index is being made, what it holds of an item does not follow from the item, so
/// what is there is looked at.
fn put(txn: &mut Txn<'_>, index: &Index, entry: Entry) -> Result<usize, AwsError> {
    let before = size_of(txn, &entry.key)?;
    let size = Row::read(&entry.row)?.size;
    Stats::replace(txn, index.row.id, before, Some(size))?;
    txn.put(Rows::Items, entry.key, entry.row);
    Ok(size)
}

fn remove(txn: &mut Txn<'_>, index: &Index, key: Vec<u8>) -> Result<(), AwsError> {
    if let Some(before) = size_of(txn, &key)? {
        Stats::replace(txn, index.row.id, Some(before), None)?;
        txn.delete(Rows::Items, key);
    }
    Ok(())
}

fn size_of(txn: &Txn<'_>, key: &[u8]) -> Result<Option<usize>, AwsError> {
    let row = txn.get(Rows::Items, key)?;
    row.map(|row| Row::read(&row).map(|row| row.size)).transpose()
}
