//! What a Query or a Scan reads: a table, or one of its indexes.

use std::sync::Arc;

use super::expression::{Condition, Path, Projection};
use super::index::{Index, IndexStatus, Projected};
use super::item::{self, Row};
use super::key::KeySchema;
use super::request::Request;
use super::table::Table;
use super::value::Item;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Table as Rows};

/// A table, or one of its indexes.
#[derive(Debug, Clone)]
pub struct Source {
    /// The table.
    pub table: Arc<Table>,
    /// Which of its indexes.
    index: Option<usize>,
}

impl Source {
    /// What the request's `IndexName` means of the table.
    pub fn of(request: &Request, table: Arc<Table>) -> Result<Self, AwsError> {
        let Some(name) = request.text("IndexName") else { return Ok(Self { table, index: None }) };
        let known = |index: &Index| index.row.name == name && index.row.status != IndexStatus::Deleting;
        let index = table
            .indexes
            .iter()
            .position(known)
            .ok_or_else(|| AwsError::validation(format!("The table does not have the specified index: {name}")))?;
        if table.indexes[index].row.status == IndexStatus::Creating {
            return Err(AwsError::validation(format!("Cannot read from backfilling global secondary index: {name}")));
        }
        if !table.indexes[index].row.local && request.flag("ConsistentRead") {
            return Err(AwsError::validation("Consistent reads are not supported on global secondary indexes"));
        }
        Ok(Self { table, index: Some(index) })
    }

    /// The index, unless it is the table itself.
    #[must_use]
    pub fn index(&self) -> Option<&Index> {
        self.index.map(|at| &self.table.indexes[at])
    }

    /// What the keys of its rows start with.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.index().map_or(self.table.row.id, |index| index.row.id)
    }

    /// The key schema that conditions are about.
    #[must_use]
    pub fn key(&self) -> &KeySchema {
        self.index().map_or(&self.table.schema, |index| &index.key)
    }

    /// The key schema of its rows, whose attributes say where a page ended.
    #[must_use]
    pub fn rows(&self) -> &KeySchema {
        self.index().map_or(&self.table.schema, |index| &index.rows)
    }

    /// Checks `Select` and a projection against what an index projects. Whether the items are to be fetched from the
    /// table: entries of a local index that lack something asked for.
    pub fn fetches(&self, request: &Request, projection: Option<&Projection>) -> Result<bool, AwsError> {
        let Some(index) = self.index() else { return Ok(false) };
        let invalid =
            |why: String| Err(AwsError::validation(format!("One or more parameter values were invalid: {why}")));
        let name = &index.row.name;
        if request.text("Select") == Some("ALL_ATTRIBUTES") && index.row.projection != Projected::All {
            return if index.row.local {
                Ok(true)
            } else {
                invalid(format!(
                    "Select type ALL_ATTRIBUTES is not supported for global secondary index {name} because its projection \
                     type is not ALL"
                ))
            };
        }
        let paths = projection.map(Projection::paths).unwrap_or_default();
        let missing = not_projected(index, paths.iter());
        if missing.is_empty() || index.row.local {
            return Ok(!missing.is_empty());
        }
        // Recorded in us-east-1, 2026-09-20.
        invalid(format!("Global secondary index {name} does not project [{}]", missing.join(", ")))
    }

    /// Query only: refuses a filter on what an index does not project, of a local index too, which fetches only what is
    /// shown (issues of OneTable and DynamoDB-Toolbox, and of applications, quote AWS).
    pub fn check_filter(&self, filter: &Condition) -> Result<(), AwsError> {
        let Some(index) = self.index() else { return Ok(()) };
        let missing = not_projected(index, filter.paths());
        if missing.is_empty() {
            return Ok(());
        }
        Err(AwsError::validation(format!(
            "One or more parameter values were invalid: Secondary index {} does not project one or more filter \
             attributes: [{}]",
            index.row.name,
            missing.join(", ")
        )))
    }

    /// The row key that an `ExclusiveStartKey` means.
    pub fn row_key(&self, start: &Item) -> Result<Vec<u8>, AwsError> {
        let key = self.rows().check_shape(start).and_then(|()| {
            self.key().check_values(start)?;
            self.table.schema.check_values(start)
        });
        key?;
        self.rows().row_key(self.id(), start).ok_or_else(|| super::error::damaged("a key that was checked"))
    }

    /// The table's row of the item that an index's entry is about.
    pub fn fetch(&self, rows: &impl Read, entry: &[u8]) -> Result<Vec<u8>, AwsError> {
        let key = self.table.row_key(&Row::read(entry)?.item()?)?;
        rows.get(Rows::Items, &key)?.ok_or_else(|| super::error::damaged("an index entry without an item"))
    }

    /// The key that says that a page ended at this row.
    pub fn end(&self, row: &[u8]) -> Result<Item, AwsError> {
        Ok(self.rows().extract(&item::decode(row)?))
    }
}

/// The attributes among the paths that an index does not project, each once.
fn not_projected<'p>(index: &Index, paths: impl IntoIterator<Item = &'p Path>) -> Vec<&'p str> {
    let mut missing = Vec::new();
    for root in paths.into_iter().map(Path::root).filter(|root| !index.projects(root)) {
        if !missing.contains(&root) {
            missing.push(root);
        }
    }
    missing
}
