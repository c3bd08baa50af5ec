//! What Query and Scan have in common: a page's parameters and its answer. [`super::read`] reads the page itself.

use std::sync::Arc;

use super::answer::Answer;
use super::capacity::{Consumed, Wanted, read_units};
use super::expression::{Bindings, Condition, ConditionKind, Projection, legacy};
use super::guard;
use super::item;
use super::key::KeyRange;
use super::read::{Found, Page, Reading, SHORT, Segment};
use super::request::Request;
use super::table::Table;
use super::value::{Item, item_from_json, write_item};
use super::wording::Wording;
use crate::emulator::error::AwsError;
use crate::emulator::store::Snapshot;

/// The request's `ProjectionExpression` or `AttributesToGet`.
pub fn projection(
    request: &Request,
    bindings: &mut Bindings,
    wording: Wording,
) -> Result<Option<Projection>, AwsError> {
    match (request.text("ProjectionExpression"), request.get("AttributesToGet")) {
        (Some(text), _) => Projection::parse(text, bindings).map(Some),
        (None, Some(names)) => {
            let names = names.as_array().into_iter().flatten().filter_map(|name| name.as_str());
            let names: Vec<_> = names.map(str::to_owned).collect();
            legacy::attributes_to_get(&names, wording).map(Some)
        }
        (None, None) => Ok(None),
    }
}

/// The parameters that Query and Scan share.
#[derive(Debug)]
pub struct Parameters {
    /// What is shown of each item.
    pub projection: Option<Projection>,
    /// Which of the evaluated items are shown.
    pub filter: Option<Condition>,
    start: Option<Item>,
    limit: Option<usize>,
    count_only: bool,
    consistent: bool,
    wanted: Wanted,
}

impl Parameters {
    /// The request's; `filter` is the name of the filter parameter that came before expressions, `doing` what the
    /// operation calls itself in messages.
    pub fn parse(
        request: &mut Request,
        bindings: &mut Bindings,
        filter: &str,
        doing: &str,
        wording: Wording,
    ) -> Result<Self, AwsError> {
        let start = request.take("ExclusiveStartKey").map(|key| item_from_json(key, wording)).transpose();
        let start = start.map_err(|error| bad_start(&error.message))?;
        let count_only = select(request, doing, wording)?;
        let projection = projection(request, bindings, wording)?;
        let operator = request.text("ConditionalOperator");
        let filter = match (request.text("FilterExpression"), request.get(filter)) {
            (Some(text), _) => Some(Condition::parse(ConditionKind::Filter, text, bindings)?),
            (None, Some(map)) => Some(legacy::filter(map, operator, wording)?),
            (None, None) if operator.is_some() => return Err(guard::lone_operator(wording)),
            (None, None) => None,
        };
        Ok(Self {
            projection,
            filter,
            start,
            limit: request.integer("Limit").and_then(|limit| usize::try_from(limit).ok()),
            count_only,
            consistent: request.flag("ConsistentRead"),
            wanted: Wanted::of(request),
        })
    }

    /// The row key of `ExclusiveStartKey`, checked against the table's key schema.
    pub fn start(&self, table: &Table) -> Result<Option<Vec<u8>>, AwsError> {
        let Some(start) = &self.start else { return Ok(None) };
        table.schema.check_key(start).map_err(|error| bad_start(&error.message))?;
        table.row_key(start).map(Some)
    }

    /// Reads the page of `range` and answers with it.
    pub async fn answer(
        self,
        snapshot: Snapshot,
        table: Arc<Table>,
        range: KeyRange,
        reverse: bool,
        segment: Option<Segment>,
    ) -> Result<Answer, AwsError> {
        let mut reading = Reading::new(Page {
            range,
            reverse,
            limit: self.limit,
            filter: self.filter,
            projection: self.projection,
            count_only: self.count_only,
            segment,
        });
        // A few items take microseconds; more, or a filter, would hold up other calls on this thread.
        let done = reading.starts_short() && reading.read(&snapshot, &table, SHORT)?;
        let reading = if done {
            reading
        } else {
            let of = Arc::clone(&table);
            let rest = move || reading.read(&snapshot, &of, usize::MAX).map(|_| reading);
            tokio::task::spawn_blocking(rest).await.unwrap_or_else(|_| Err(super::error::damaged("a failed read")))?
        };
        let Found { items, count, scanned, bytes, last } = reading.found();
        let mut answer = Answer::with_capacity(items.len() + 256);
        if !self.count_only {
            answer.raw("Items", &items);
        }
        answer.json("Count", &count);
        answer.json("ScannedCount", &scanned);
        if let Some(last) = last {
            let mut json = Vec::new();
            write_item(&table.schema.extract(&item::decode(&last)?), &mut json);
            answer.raw("LastEvaluatedKey", &json);
        }
        let mut consumed = Consumed::default();
        consumed.read(read_units(bytes, self.consistent));
        if let Some(capacity) = consumed.show(&table.name.name, self.wanted) {
            answer.json("ConsumedCapacity", &capacity);
        }
        Ok(answer)
    }
}

/// The refusal of an `ExclusiveStartKey`, recorded for Scan on 2026-10-07.
fn bad_start(why: &str) -> AwsError {
    AwsError::validation(format!("The provided starting key is invalid: {why}"))
}

/// Refuses an `IndexName`: tables have no indexes yet.
pub fn no_index(request: &Request) -> Result<(), AwsError> {
    match request.text("IndexName") {
        Some(name) => Err(AwsError::validation(format!("The table does not have the specified index: {name}"))),
        None => Ok(()),
    }
}

/// Checks `Select` against the other parameters; whether only the count is wanted.
fn select(request: &Request, doing: &str, wording: Wording) -> Result<bool, AwsError> {
    let shown = request.present(&["AttributesToGet", "ProjectionExpression"]).first().copied();
    match (request.text("Select"), shown) {
        (Some("ALL_PROJECTED_ATTRIBUTES"), _) if !request.has("IndexName") => {
            Err(wording.error(format!("ALL_PROJECTED_ATTRIBUTES can be used only when {doing} using an IndexName")))
        }
        (Some("SPECIFIC_ATTRIBUTES"), None) => Err(wording.error(
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
        )),
        (Some("COUNT"), Some(shown)) => {
            Err(wording.error(format!("Cannot specify the {shown} when choosing to get only the Count")))
        }
        (Some(select @ ("ALL_ATTRIBUTES" | "ALL_PROJECTED_ATTRIBUTES")), Some(shown)) => {
            Err(wording.error(format!("Cannot specify the {shown} when choosing to get {select}")))
        }
        (select, _) => Ok(select == Some("COUNT")),
    }
}
