//! A write of one item: what a request asks for, made ready for its table, and run inside the store.
//!
//! PutItem, UpdateItem, DeleteItem, the requests of BatchWriteItem and the actions of TransactWriteItems are all such
//! writes. They differ by the [`Door`] they come through: how faults are worded, and which are found when.

use std::sync::Arc;

use super::expression::{Bindings, Update, Updated, legacy, project};
use super::guard::{self, Guard, ReturnValues};
use super::item::{self, Row};
use super::request::Request;
use super::table::Table;
use super::value::{Item, MAX_DEPTH, check_depth, deep_item_from_json, item_from_json, write_item};
use super::wording::Wording;
use super::write::{self, Origin, Written};
use crate::emulator::error::AwsError;
use crate::emulator::store::Txn;

/// Where a write comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// An operation of its own.
    Single,
    /// BatchWriteItem.
    Batch,
    /// TransactWriteItems.
    Transaction,
}

impl Door {
    fn wording(self) -> Wording {
        match self {
            Self::Single => Wording::Counted,
            Self::Batch | Self::Transaction => Wording::Many,
        }
    }

    /// The names and values of a write's expressions; transactions know no parameters from before expressions.
    fn bindings(self, request: &mut Request, expressions: &[&str], before: &[&str]) -> Result<Bindings, AwsError> {
        let values_for = expressions.first().copied().unwrap_or_default();
        match self {
            Self::Single | Self::Batch => guard::bindings(request, expressions, before, values_for, self.wording()),
            Self::Transaction => guard::transaction_bindings(request, expressions, values_for, self.wording()),
        }
    }
}

/// A write as a request asks for it. Its table is not known yet.
#[derive(Debug)]
pub struct Asked {
    door: Door,
    what: What,
    guard: Guard,
    returns: ReturnValues,
}

/// What is asked of the item: the whole of it, or its key and what is to be done.
#[derive(Debug)]
enum What {
    Put(Item),
    Update(Item, Option<Update>),
    Delete(Item),
    Check(Item),
}

impl Asked {
    /// Puts the request's `Item`.
    pub fn put(request: &mut Request, door: Door) -> Result<Self, AwsError> {
        let before = &["Expected", "ConditionalOperator"];
        let mut bindings = door.bindings(request, &["ConditionExpression"], before)?;
        let item = deep_item_from_json(request.take("Item").unwrap_or_default(), door.wording())?;
        let returns = ReturnValues::old_only(request, door.wording())?;
        item::check_put_size(&item)?;
        let asked = Self::finish(door, What::Put(item), returns, request, &mut bindings)?;
        check_depth(asked.item().values(), MAX_DEPTH, door.wording())?;
        Ok(asked)
    }

    /// Updates the item of the request's `Key`.
    pub fn update(request: &mut Request, door: Door) -> Result<Self, AwsError> {
        let before = &["AttributeUpdates", "Expected", "ConditionalOperator"];
        let mut bindings = door.bindings(request, &["UpdateExpression", "ConditionExpression"], before)?;
        let key = item_from_json(request.take("Key").unwrap_or_default(), door.wording())?;
        let update = match (request.text("UpdateExpression"), request.get("AttributeUpdates")) {
            (Some(text), _) => Some(Update::parse(text, &mut bindings)?),
            (None, Some(updates)) => Some(legacy::attribute_updates(updates, door.wording())?),
            (None, None) => None,
        };
        Self::finish(door, What::Update(key, update), ReturnValues::of(request), request, &mut bindings)
    }

    /// Deletes the item of the request's `Key`.
    pub fn delete(request: &mut Request, door: Door) -> Result<Self, AwsError> {
        let before = &["Expected", "ConditionalOperator"];
        let mut bindings = door.bindings(request, &["ConditionExpression"], before)?;
        let key = item_from_json(request.take("Key").unwrap_or_default(), door.wording())?;
        let returns = ReturnValues::old_only(request, door.wording())?;
        Self::finish(door, What::Delete(key), returns, request, &mut bindings)
    }

    /// Only looks whether the item of the request's `Key` fulfils a condition.
    pub fn check(request: &mut Request, door: Door) -> Result<Self, AwsError> {
        let mut bindings = door.bindings(request, &["ConditionExpression"], &[])?;
        let key = item_from_json(request.take("Key").unwrap_or_default(), door.wording())?;
        Self::finish(door, What::Check(key), ReturnValues::None, request, &mut bindings)
    }

    fn finish(
        door: Door,
        what: What,
        returns: ReturnValues,
        request: &Request,
        bindings: &mut Bindings,
    ) -> Result<Self, AwsError> {
        let guard = Guard::parse(request, bindings, door.wording())?;
        bindings.finish()?;
        Ok(Self { door, what, guard, returns })
    }

    /// The item, or its key.
    #[must_use]
    pub fn item(&self) -> &Item {
        match &self.what {
            What::Put(item) | What::Update(item, _) | What::Delete(item) | What::Check(item) => item,
        }
    }

    /// Refuses empty values of keys alone: those of the table (recorded 2026-09-20), and of what is put, or what an update
    /// alone shows, also those of the indexes (extenddb/extenddb pull request 184 and nubo-db/dynoxide pull request 99, both
    /// observed on AWS).
    pub fn check_not_empty(&self, table: &Table) -> Result<(), AwsError> {
        table.schema.check_not_empty(self.item())?;
        match &self.what {
            What::Put(item) => table.check_index_keys_not_empty(item),
            What::Update(_, Some(update)) => table.check_update_not_empty(update),
            _ => Ok(()),
        }
    }

    /// The write on its table, once its key, and what it changes, are found to fit.
    pub fn on(self, table: Arc<Table>) -> Result<Prepared, AwsError> {
        let schema = &table.schema;
        match &self.what {
            What::Put(item) => {
                match self.door {
                    Door::Batch => schema.check_batch_item(item)?,
                    Door::Single | Door::Transaction => schema.check_item(item)?,
                }
                table.check_index_keys(item)?;
            }
            What::Update(key, update) => {
                schema.check_key(key)?;
                if let Some(update) = update {
                    update.check_keys(schema)?;
                    // Recorded 2026-10-08: a transacted update stores 409,600 bytes where UpdateItem refuses them.
                    if self.door != Door::Transaction {
                        update.check_charge()?;
                    }
                }
            }
            What::Delete(key) | What::Check(key) => schema.check_key(key)?,
        }
        let key = table.row_key(self.item())?;
        Ok(Prepared { asked: self, table, key })
    }
}

/// A write that is ready to be run.
#[derive(Debug)]
pub struct Prepared {
    asked: Asked,
    table: Arc<Table>,
    key: Vec<u8>,
}

/// What a write did.
#[derive(Debug)]
pub struct Done {
    /// The table it was done on.
    pub table: Arc<Table>,
    /// The item's partition key, where the table has item collections.
    pub partition: Item,
    /// What it changed.
    pub written: Written,
    /// The JSON of what `ReturnValues` asks for, where there is any.
    pub attributes: Option<Vec<u8>>,
}

impl Prepared {
    /// The table.
    #[must_use]
    pub fn table(&self) -> &Arc<Table> {
        &self.table
    }

    /// The row's key.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// Runs the write. On an error, what was written so far must not be kept.
    pub fn run(self, txn: &mut Txn<'_>, origin: Origin) -> Result<Done, AwsError> {
        let Self { asked, table, key } = self;
        let partition = if table.has_collections() { table.schema.partition(asked.item()) } else { Item::new() };
        let Asked { what, guard, returns, .. } = asked;
        let row = write::load(txn, &key)?;
        let checked = guard.check(row.as_deref())?;
        let mut attributes = None;
        let change = |txn, new| write::change(txn, &table, key, row.as_deref(), new, origin);
        let written = match what {
            What::Check(_) => Written::unchanged(row.as_deref())?,
            What::Put(item) => {
                attributes = old(returns, row.as_deref())?;
                change(txn, Some(item::encode(&item)))?
            }
            What::Delete(_) => {
                attributes = old(returns, row.as_deref())?;
                change(txn, None)?
            }
            What::Update(item_key, update) => {
                let old = match checked {
                    Some(item) => Some(item),
                    None => row.as_deref().map(item::decode).transpose()?,
                };
                if old.is_none() && update.as_ref().is_some_and(|update| !update.creates()) {
                    Written::unchanged(None)?
                } else {
                    let updated = updated(update.as_ref(), old.as_ref().unwrap_or(&item_key))?;
                    table.check_updated_index_keys(update.as_ref(), old.as_ref(), &updated.item)?;
                    attributes = returned(returns, old.as_ref(), &updated);
                    change(txn, Some(item::encode(&updated.item)))?
                }
            }
        };
        Ok(Done { table, partition, written, attributes })
    }
}

/// What an update makes of an item.
fn updated(update: Option<&Update>, base: &Item) -> Result<Updated, AwsError> {
    let Some(update) = update else { return Ok(Updated { item: base.clone(), touched: Vec::new() }) };
    let updated = update.apply(base)?;
    item::check_update_size(&updated.item)?;
    Ok(updated)
}

/// The stored JSON of the row that was replaced, where it is asked for.
fn old(returns: ReturnValues, row: Option<&[u8]>) -> Result<Option<Vec<u8>>, AwsError> {
    let row = row.filter(|_| returns == ReturnValues::AllOld).map(Row::read).transpose()?;
    Ok(row.map(|row| row.json.to_vec()))
}

/// What `ReturnValues` asks for, of the item before and after an update.
fn returned(returns: ReturnValues, old: Option<&Item>, updated: &Updated) -> Option<Vec<u8>> {
    let shown = match returns {
        ReturnValues::None => None,
        ReturnValues::AllOld => old.cloned(),
        ReturnValues::UpdatedOld => old.map(|old| project(old, &updated.touched)),
        ReturnValues::AllNew => Some(updated.item.clone()),
        ReturnValues::UpdatedNew => Some(project(&updated.item, &updated.touched)),
    };
    shown.filter(|item| !item.is_empty()).map(|item| {
        let mut json = Vec::new();
        write_item(&item, &mut json);
        json
    })
}
