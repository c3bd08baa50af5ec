//! Query: reads the items of one partition, in the order of their sort keys.

use std::ops::Bound;

use super::{Context, Outcome};
use crate::emulator::dynamodb::expression::{Bindings, KeyCondition, legacy};
use crate::emulator::dynamodb::guard;
use crate::emulator::dynamodb::key::{KeyQuery, KeyRange, SortCondition};
use crate::emulator::dynamodb::page::{Parameters, Reader};
use crate::emulator::dynamodb::read::Span;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::source::Source;
use crate::emulator::dynamodb::wording::Wording;
use crate::emulator::error::AwsError;

const WORDING: Wording = Wording::Plain;

pub async fn run(context: &Context, mut request: Request) -> Outcome {
    let name = context.table_name(&request)?;
    let expressions = &["ProjectionExpression", "FilterExpression", "KeyConditionExpression"];
    let mut before = vec!["AttributesToGet", "QueryFilter", "ConditionalOperator"];
    // KeyConditions go with every expression but the one that says the same: AWS's Java mapper sends them so.
    if request.has("KeyConditionExpression") {
        before.push("KeyConditions");
    }
    let mut bindings =
        guard::bindings(&mut request, expressions, &before, "FilterExpression and KeyConditionExpression", WORDING)?;
    let mut parameters = Parameters::parse(&mut request, Reader::Query, WORDING)?;
    let condition = key_condition(&request, &mut bindings)?;
    parameters.expressions(&request, &mut bindings, "QueryFilter", WORDING)?;
    bindings.finish()?;

    let snapshot = context.service.store.read()?;
    let table = context.table(&snapshot, &name)?;
    let source = parameters.source(&request, table)?;
    let query = condition.resolve(source.key())?;
    if let Some(filter) = &parameters.filter {
        filter.check_no_keys(source.key())?;
        source.check_filter(filter)?;
    }
    let reverse = request.get("ScanIndexForward").and_then(serde_json::Value::as_bool) == Some(false);
    let range = after(parameters.start(&source)?, &query, &source, reverse)?;
    parameters.answer(snapshot, source, Span { range, reverse, segment: None }).await
}

fn key_condition(request: &Request, bindings: &mut Bindings) -> Result<KeyCondition, AwsError> {
    match (request.text("KeyConditionExpression"), request.get("KeyConditions")) {
        (Some(text), _) => KeyCondition::parse(text, bindings),
        (None, Some(map)) => legacy::key_conditions(map, WORDING),
        (None, None) => Err(WORDING
            .error("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")),
    }
}

/// The rows of the query that come after the start key, which must lie among them.
fn after(start: Option<Vec<u8>>, query: &KeyQuery, source: &Source, reverse: bool) -> Result<KeyRange, AwsError> {
    let (low, high) = query.range(source.id());
    let Some(start) = start else { return Ok((low, high)) };
    let hash: Vec<_> = query.hash.iter().collect();
    let partition = source.rows().partition_prefix(source.id(), &hash);
    let within = start[source.rows().partition_of(&start).len()..].to_vec();
    let inside = (low.clone(), high.clone());
    // The range key is looked at first, whatever its partition is.
    if !std::ops::RangeBounds::contains(&inside, &[partition.clone(), within].concat()) {
        return Err(WORDING.error("The provided starting key does not match the range key predicate"));
    }
    if !start.starts_with(&partition) {
        let one = matches!(query.sort, Some(SortCondition::Eq(_)));
        return Err(WORDING.error(if one {
            "The query can return at most one row and cannot be restarted"
        } else {
            "The provided starting key is outside query boundaries based on provided conditions"
        }));
    }
    Ok(if reverse { (low, Bound::Excluded(start)) } else { (Bound::Excluded(start), high) })
}
