//! `StreamSpecification`: switching a table's stream on and off, and what a table's description says of it.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::StreamArn;
use super::arn::label;
use super::row::{StreamRow, name_key};
use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::table::{TableName, TableRow};
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Table as Rows, Txn};

/// `StreamViewType`: what a record shows of the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum View {
    /// Its key alone.
    KeysOnly,
    /// The item after the change.
    NewImage,
    /// The item before the change.
    OldImage,
    /// Both.
    NewAndOldImages,
}

/// A table's latest stream, as its row holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatestStream {
    /// The stream's id.
    pub id: u64,
    /// `LatestStreamLabel`.
    pub label: String,
    /// What its records show; `None` once it was switched off.
    pub view: Option<View>,
}

/// What a request asks of a table's stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Specification {
    /// A new one with this view.
    Enable(View),
    /// None.
    Disable,
}

impl Specification {
    /// Reads the `StreamSpecification` of CreateTable, whose members have the declared types. AWS's words are those that the
    /// ack-api-quirks catalogue quotes (DDB-TABLE-442, us-east-1, October 2026).
    pub fn of_new_table(given: &Json) -> Result<Self, AwsError> {
        Self::read(
            given,
            "Table is being created with a stream enabled, UpdateViewType is required",
            "Table is being created with a stream disabled, UpdateViewType should not be specified",
        )
    }

    /// The same of UpdateTable.
    pub fn of_update(given: &Json) -> Result<Self, AwsError> {
        Self::read(
            given,
            "If stream is being enabled then UpdateViewType is required",
            "If stream is being disabled, then UpdateViewType must not be specified",
        )
    }

    fn read(given: &Json, required: &str, surplus: &str) -> Result<Self, AwsError> {
        let view = given.get("StreamViewType").filter(|view| !view.is_null());
        match (given.get("StreamEnabled").and_then(Json::as_bool), view) {
            (Some(true), Some(view)) => {
                serde_json::from_value(view.clone()).map(Self::Enable).map_err(|_| invalid("StreamViewType"))
            }
            (Some(true), None) => Err(invalid(required)),
            (_, None) => Ok(Self::Disable),
            (_, Some(_)) => Err(invalid(surplus)),
        }
    }
}

fn invalid(what: &str) -> AwsError {
    AwsError::validation(format!("One or more parameter values were invalid: {what}"))
}

/// Does to the stream of the table with this row what UpdateTable asks, or CreateTable. The caller stores the row.
///
/// # Errors
/// AWS's refusal where a stream is enabled already, or none is.
pub fn apply(
    txn: &mut Txn<'_>,
    table: &TableName,
    row: &mut TableRow,
    asked: Specification,
    now: u64,
) -> Result<(), AwsError> {
    let enabled = row.stream.as_ref().is_some_and(|stream| stream.view.is_some());
    match asked {
        // AWS's words: Scylla's issue 6939 quotes the first, the catalogue above both.
        Specification::Enable(_) if enabled => {
            Err(AwsError::validation(format!("Table already has an enabled stream: TableName: {}", table.name)))
        }
        Specification::Disable if !enabled => {
            Err(AwsError::validation(format!("Table has no stream to disable: TableName: {}", table.name)))
        }
        Specification::Enable(view) => {
            let mut created = now;
            let arn = loop {
                let arn = StreamArn { table: table.clone(), label: label(created) };
                if txn.get(Rows::Streams, &name_key(&arn))?.is_none() {
                    break arn;
                }
                created += 1;
            };
            let label = arn.label.clone();
            let stream = StreamRow::open(txn, arn, view, (row.hash.clone(), row.range.clone()), now)?;
            row.stream = Some(LatestStream { id: stream.id, label, view: Some(view) });
            Ok(())
        }
        Specification::Disable => {
            end(txn, row, now)?;
            row.stream.iter_mut().for_each(|stream| stream.view = None);
            Ok(())
        }
    }
}

/// Closes the stream of a table that is being deleted, or whose stream is switched off. It can be read for another day.
pub fn end(txn: &mut Txn<'_>, row: &TableRow, now: u64) -> Result<(), AwsError> {
    let Some(latest) = row.stream.as_ref().filter(|stream| stream.view.is_some()) else { return Ok(()) };
    let stream = StreamRow::load(txn, latest.id)?;
    stream.ok_or_else(|| error::damaged("a table's stream"))?.close(txn, now)
}

/// Adds what a table's description says of its stream.
pub fn describe(description: &mut Json, table: &TableName, row: &TableRow) {
    let Some(stream) = &row.stream else { return };
    if let Some(view) = stream.view {
        description["StreamSpecification"] = json!({"StreamEnabled": true, "StreamViewType": view});
    }
    let arn = StreamArn { table: table.clone(), label: stream.label.clone() };
    description["LatestStreamArn"] = json!(arn.to_string());
    description["LatestStreamLabel"] = json!(stream.label);
}
