//! What Query and Scan have in common: a page's parameters and its answer. [`super::read`] reads the page itself.

use std::sync::Arc;

use super::answer::Answer;
use super::capacity::{Consumed, Wanted, read_units};
use super::expression::{Bindings, Condition, ConditionKind, Projection, legacy};
use super::guard;
use super::number::NumberError;
use super::read::{Found, Page, Reading, SHORT, Span};
use super::request::Request;
use super::source::Source;
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

/// Which of the two operations reads: Query has gone further over to AWS's new validator than Scan (recorded for Scan on
/// 2026-10-07).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Query.
    Query,
    /// Scan.
    Scan,
}

/// The parameters that Query and Scan share.
#[derive(Debug)]
pub struct Parameters {
    reader: Reader,
    /// What is shown of each item.
    pub projection: Option<Projection>,
    /// Which of the evaluated items are shown.
    pub filter: Option<Condition>,
    start: Option<Item>,
    limit: Option<usize>,
    count_only: bool,
    consistent: bool,
    fetch: bool,
    wanted: Wanted,
}

impl Parameters {
    /// The request's, but for its expressions.
    pub fn parse(request: &mut Request, reader: Reader, wording: Wording) -> Result<Self, AwsError> {
        let start = request.take("ExclusiveStartKey").map(|key| item_from_json(key, wording)).transpose();
        let start = start.map_err(|error| reader.bad_start(error))?;
        let count_only = reader.select(request)?;
        Ok(Self {
            reader,
            projection: None,
            filter: None,
            start,
            limit: request.integer("Limit").and_then(|limit| usize::try_from(limit).ok()),
            count_only,
            consistent: request.flag("ConsistentRead"),
            fetch: false,
            wanted: Wanted::of(request),
        })
    }

    /// Reads projection and filter; `filter` is the name of the filter parameter that came before expressions.
    pub fn expressions(
        &mut self,
        request: &Request,
        bindings: &mut Bindings,
        filter: &str,
        wording: Wording,
    ) -> Result<(), AwsError> {
        self.projection = projection(request, bindings, wording)?;
        let operator = request.text("ConditionalOperator");
        self.filter = match (request.text("FilterExpression"), request.get(filter)) {
            (Some(text), _) => Some(Condition::parse(ConditionKind::Filter, text, bindings)?),
            (None, Some(map)) => Some(legacy::filter(map, operator, wording)?),
            (None, None) if operator.is_some() => return Err(guard::lone_operator(wording)),
            (None, None) => None,
        };
        Ok(())
    }

    /// What is read of the table, checked against what an index projects.
    pub fn source(&mut self, request: &Request, table: Arc<Table>) -> Result<Source, AwsError> {
        let source = Source::of(request, table)?;
        self.fetch = source.fetches(request, self.projection.as_ref())?;
        Ok(source)
    }

    /// The row key of `ExclusiveStartKey`, checked against what is read.
    pub fn start(&self, source: &Source) -> Result<Option<Vec<u8>>, AwsError> {
        let key = self.start.as_ref().map(|start| source.row_key(start)).transpose();
        key.map_err(|error| self.reader.bad_start(error))
    }

    /// Reads the page of `span` and answers with it.
    pub async fn answer(self, snapshot: Snapshot, source: Source, span: Span) -> Result<Answer, AwsError> {
        let mut reading = Reading::new(Page {
            span,
            fetch: self.fetch.then_some(self.consistent),
            limit: self.limit,
            filter: self.filter,
            projection: self.projection,
            count_only: self.count_only,
        });
        // A few items take microseconds; more, or a filter, would hold up other calls on this thread.
        let done = reading.starts_short() && reading.read(&snapshot, &source, SHORT)?;
        let reading = if done {
            reading
        } else {
            let of = source.clone();
            let rest = move || reading.read(&snapshot, &of, usize::MAX).map(|_| reading);
            tokio::task::spawn_blocking(rest).await.unwrap_or_else(|_| Err(super::error::damaged("a failed read")))?
        };
        let Found { items, count, scanned, bytes, fetched, last } = reading.found();
        let mut answer = Answer::with_capacity(items.len() + 256);
        if !self.count_only {
            answer.raw("Items", &items);
        }
        answer.json("Count", &count);
        answer.json("ScannedCount", &scanned);
        if let Some(last) = last {
            let mut json = Vec::new();
            write_item(&source.end(&last)?, &mut json);
            answer.raw("LastEvaluatedKey", &json);
        }
        let mut consumed = Consumed::default();
        let units = read_units(bytes, self.consistent);
        match source.index() {
            Some(index) => {
                consumed.read_index(&index.row.name, index.row.local, units);
                consumed.read(fetched);
            }
            None => consumed.read(units),
        }
        if let Some(capacity) = consumed.show(&source.table.name.name, self.wanted) {
            answer.json("ConsumedCapacity", &capacity);
        }
        Ok(answer)
    }
}

impl Reader {
    /// The refusal of an `ExclusiveStartKey`, recorded for Scan on 2026-10-07. Query does not say why (PynamoDB's issue 50,
    /// dynogels' issue 184). What is wrong with a number is told by itself.
    fn bad_start(self, error: AwsError) -> AwsError {
        match self {
            _ if NumberError::is_told_in(&error.message) => error,
            Self::Query => AwsError::validation("The provided starting key is invalid"),
            Self::Scan => AwsError::validation(format!("The provided starting key is invalid: {}", error.message)),
        }
    }

    /// Checks `Select` against the other parameters; whether only the count is wanted.
    fn select(self, request: &Request) -> Result<bool, AwsError> {
        let wording = match self {
            Self::Query => Wording::Counted,
            Self::Scan => Wording::Plain,
        };
        let shown = request.present(&["AttributesToGet", "ProjectionExpression"]).first().copied();
        match (request.text("Select"), shown) {
            (Some("COUNT"), Some(shown)) => {
                Err(wording.error(format!("Cannot specify the {shown} when choosing to get only the Count")))
            }
            (Some(select @ ("ALL_ATTRIBUTES" | "ALL_PROJECTED_ATTRIBUTES")), Some(shown)) => {
                Err(wording.error(format!("Cannot specify the {shown} when choosing to get {select}")))
            }
            (Some("SPECIFIC_ATTRIBUTES"), None) => Err(wording.error(
                "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
            )),
            // Of a Scan AWS says so, too.
            (Some("ALL_PROJECTED_ATTRIBUTES"), None) if !request.has("IndexName") => {
                Err(AwsError::validation("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"))
            }
            (select, _) => Ok(select == Some("COUNT")),
        }
    }
}
