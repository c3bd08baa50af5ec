//! Items and tables as they were before a tool call wrote them.

use serde::{Deserialize, Serialize};

use super::index::{IndexRow, IndexStatus, backfill};
use super::item;
use super::portable::settled;
use super::staging::{drop_table, open_stream, open_ttl};
use super::stream::{self, Specification};
use super::sweep::Sweeper;
use super::table::{Stats, Table, TableName, TableRow};
use super::ttl::{self, TimeToLive};
use super::value::item_to_json;
use super::write::{self, By, Origin};
use super::{error, service::Service};
use crate::emulator::error::AwsError;
use crate::emulator::inverse::{Outcome, Refused};
use crate::emulator::store::log::{Image, mark_of};
use crate::emulator::store::{Read, StoreError, Table as Rows, Txn};

/// The kind of an item's images.
pub const ITEM: u8 = b'i';
/// The kind of a table's images.
pub const TABLE: u8 = b't';

/// A change of an item.
#[derive(Debug, Serialize, Deserialize)]
struct OfItem {
    table: TableName,
    id: u64,
    key: Vec<u8>,
    /// What it is after the change; none where it is gone.
    new: Option<String>,
}

/// A change of a table.
#[derive(Debug, Serialize, Deserialize)]
struct OfTable {
    table: TableName,
    /// What it is after the change; none where it is gone.
    new: Option<String>,
    /// Number and bytes of the items of a table that is gone and of the entries of its indexes, by their ids, whose rows
    /// stay for so long.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stats: Vec<(u64, u64, u64)>,
}

/// Notes the change of an item, where a tool call makes it.
pub(super) fn note_item(
    txn: &mut Txn<'_>,
    table: &Table,
    key: &[u8],
    old: Option<&[u8]>,
    new: Option<&[u8]>,
) -> Result<(), StoreError> {
    if old == new || !txn.notes()? {
        return Ok(());
    }
    let about = OfItem { table: table.name.clone(), id: table.row.id, key: key.to_vec(), new: new.map(mark_of) };
    let image = Image { about, old: old.map(<[u8]>::to_vec) }.encode(ITEM)?;
    txn.note(image, 0);
    Ok(())
}

/// Notes that a table's row becomes `new`, where a tool call makes that.
pub(super) fn note_table(txn: &mut Txn<'_>, table: &TableName, new: &TableRow) -> Result<(), AwsError> {
    if !txn.notes()? {
        return Ok(());
    }
    let old = txn.get(Rows::Tables, &table.row_key())?;
    let about = OfTable { table: table.clone(), new: Some(mark(new)?), stats: Vec::new() };
    let image = Image { about, old }.encode(TABLE)?;
    txn.note(image, 0);
    Ok(())
}

/// Notes that a table goes, where a tool call makes that: then its rows stay until the note goes. Whether it did.
pub(super) fn note_end(txn: &mut Txn<'_>, table: &Table) -> Result<bool, AwsError> {
    if !txn.notes()? {
        return Ok(false);
    }
    let old = txn.get(Rows::Tables, &table.name.row_key())?;
    let mut stats = Vec::new();
    for id in table.ids() {
        let Stats { items, bytes } = Stats::load(txn, id)?;
        stats.push((id, items, bytes));
    }
    let held = stats.iter().map(|(.., bytes)| *bytes).sum();
    let about = OfTable { table: table.name.clone(), new: None, stats };
    let image = Image { about, old }.encode(TABLE)?;
    txn.note(image, held);
    Ok(true)
}

/// What a table's row is, to tell whether it still is. What goes on in the background by itself does not count.
fn mark(row: &TableRow) -> Result<String, AwsError> {
    let row = TableRow { id: row.id, ..settled(row) };
    Ok(mark_of(&serde_json::to_vec(&row).map_err(|_| error::damaged("a table's row"))?))
}

fn uri(table: &TableName) -> String {
    format!("dynamodb://{}", table.name)
}

/// Takes the change of an item back.
pub fn put_item_back(txn: &mut Txn<'_>, image: &[u8], now: u64) -> Outcome {
    let Image { about: OfItem { table: name, id, key, new }, old } = Image::<OfItem>::decode(image)?;
    let stored = txn.get(Rows::Tables, &name.row_key())?;
    let table = stored.map(|stored| Table::decode(name.clone(), stored)).transpose()?;
    let Some(table) = table.filter(|table| table.row.id == id) else {
        return Err(Refused::Newer(format!("the table {} was deleted or restored since", uri(&name))));
    };
    let current = write::load(txn, &key)?;
    if current.as_deref().map(mark_of) != new {
        let shown = old.as_deref().or(current.as_deref());
        let shown = shown.map(item::decode).transpose()?.map(|item| table.schema.extract(&item));
        let shown = shown.map(|key| item_to_json(&key).to_string()).unwrap_or_default();
        return Err(Refused::Newer(format!("the item {shown} of {} was written since", uri(&name))));
    }
    let did = match (&current, &old) {
        (Some(_), Some(_)) => "items changed back",
        (Some(_), None) => "items deleted again",
        (None, _) => "items put back",
    };
    let origin = Origin { millis: now, by: By::Caller };
    write::change(txn, &table, key, current.as_deref(), old, origin)?;
    Ok((uri(&name), did))
}

/// Takes the change of a table back.
pub fn put_table_back(txn: &mut Txn<'_>, image: &[u8], now: u64) -> Outcome {
    let Image { about: OfTable { table: name, new, stats }, old } = Image::<OfTable>::decode(image)?;
    let stored = txn.get(Rows::Tables, &name.row_key())?;
    let current = stored.map(|stored| Table::decode(name.clone(), stored)).transpose()?;
    let newer = |what: &str| Err(Refused::Newer(format!("the table {} {what}", uri(&name))));
    if current.as_ref().map(|table| mark(&table.row)).transpose()? != new {
        return newer("was changed since");
    }
    let old = old.map(|old| Table::decode(name.clone(), old)).transpose()?;
    match (current, old) {
        (Some(current), None) => {
            if Stats::load(txn, current.row.id)?.items > 0 {
                return newer("has items by now");
            }
            drop_table(txn, &current, now)?;
            Ok((uri(&name), "table deleted again"))
        }
        (None, Some(old)) => {
            let mut row = old.row;
            for (id, items, bytes) in stats {
                Stats { items, bytes }.store(txn, id);
            }
            open_stream(txn, &name, &mut row, now)?;
            open_ttl(txn, &name, &mut row)?;
            Table::store(txn, name.clone(), &row)?;
            Ok((uri(&name), "table put back"))
        }
        (Some(current), Some(old)) => {
            let row = changed_back(txn, &name, &current.row, old.row, now)?;
            Table::store(txn, name.clone(), &row)?;
            Ok((uri(&name), "table changed back"))
        }
        (None, None) => Ok((uri(&name), "table left as it is")),
    }
}

/// The row that a table gets which is to be again as `old` says, and what follows from that.
fn changed_back(
    txn: &mut Txn<'_>,
    name: &TableName,
    current: &TableRow,
    old: TableRow,
    now: u64,
) -> Result<TableRow, Refused> {
    let mut row =
        TableRow { stream: current.stream.clone(), ttl: current.ttl.clone(), indexes: Vec::new(), ..old.clone() };
    for attribute in &current.attributes {
        // An index that is on its way out still has its own.
        if !row.attributes.iter().any(|known| known.name == attribute.name) {
            row.attributes.push(attribute.clone());
        }
    }
    for was in old.indexes {
        let there = current.indexes.iter().find(|index| index.name == was.name);
        match there {
            Some(there) if there.status == IndexStatus::Deleting => {
                let what =
                    format!("the index {} of {} is still being deleted: try again in a moment", was.name, uri(name));
                return Err(Refused::Newer(what));
            }
            Some(there) => row.indexes.push(IndexRow { id: there.id, status: there.status, ..was }),
            None => {
                let id = txn.next_sequence()?;
                Stats::default().store(txn, id);
                backfill::enqueue(txn, name, id);
                row.indexes.push(IndexRow { id, status: IndexStatus::Creating, ..was });
            }
        }
    }
    for made in &current.indexes {
        if !row.indexes.iter().any(|index| index.name == made.name) {
            if made.status != IndexStatus::Deleting {
                backfill::dequeue(txn, made.id);
                Sweeper::enqueue_index(txn, name, made.id);
            }
            row.indexes.push(IndexRow { status: IndexStatus::Deleting, ..made.clone() });
        }
    }
    let view = |row: &TableRow| row.stream.as_ref().and_then(|stream| stream.view);
    let wanted = old.stream.as_ref().and_then(|stream| stream.view);
    if view(&row) != wanted {
        if view(&row).is_some() {
            stream::apply(txn, name, &mut row, Specification::Disable, now)?;
        }
        if let Some(wanted) = wanted {
            stream::apply(txn, name, &mut row, Specification::Enable(wanted), now)?;
        }
    }
    let attribute = |ttl: &Option<TimeToLive>| ttl.as_ref().and_then(|ttl| ttl.attribute.clone());
    if attribute(&row.ttl) != attribute(&old.ttl) {
        if attribute(&row.ttl).is_some() {
            ttl::disable(txn, &mut row, now);
        }
        if let Some(wanted) = attribute(&old.ttl) {
            let changed = old.ttl.as_ref().map_or(now, |ttl| ttl.changed);
            ttl::enable(txn, name, &mut row, wanted, changed)?;
        }
    }
    Ok(row)
}

/// Lets go of what an image of a table keeps.
pub fn let_go(txn: &mut Txn<'_>, image: &[u8]) -> Result<(), StoreError> {
    let Image { about: OfTable { stats, .. }, .. } = Image::<OfTable>::decode(image)?;
    for (id, ..) in stats {
        Sweeper::enqueue(txn, id);
    }
    Ok(())
}

impl Service {
    /// Goes on with what a write by others left to do in the background.
    pub fn resume(&self) {
        self.0.sweeper.resume();
        self.0.upkeep.wake();
    }
}
