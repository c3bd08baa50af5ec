//! Scan: reads a whole table or index, or one segment of it.

use std::ops::Bound;

use super::{Context, Outcome};
use crate::emulator::dynamodb::guard;
use crate::emulator::dynamodb::key::table_prefix;
use crate::emulator::dynamodb::page::{Parameters, Reader};
use crate::emulator::dynamodb::read::{Segment, Span};
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::wording::Wording;
use crate::emulator::error::AwsError;
use crate::emulator::store::prefix_range;

const WORDING: Wording = Wording::Plain;

pub async fn run(context: &Context, mut request: Request) -> Outcome {
    let name = context.table_name(&request)?;
    let expressions = &["ProjectionExpression", "FilterExpression"];
    let before = &["AttributesToGet", "ScanFilter", "ConditionalOperator"];
    let mut bindings = guard::bindings(&mut request, expressions, before, "FilterExpression", WORDING)?;
    let segment = segment(&request)?;
    let mut parameters = Parameters::parse(&mut request, Reader::Scan, WORDING)?;
    parameters.expressions(&request, &mut bindings, "ScanFilter", WORDING)?;
    bindings.finish()?;

    let snapshot = context.service.store.read()?;
    let table = context.table(&snapshot, &name)?;
    let source = parameters.source(&request, table)?;
    let (low, high) = prefix_range(&table_prefix(source.id()));
    let start = parameters.start(&source)?;
    if let (Some(start), Some(segment)) = (&start, segment)
        && !segment.holds(source.rows().partition_of(start))
    {
        return Err(WORDING.error(format!(
            "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with \
             correct Segment. TotalSegments: {} Segment: {}",
            segment.of, segment.number
        )));
    }
    let range = (start.map_or(low, Bound::Excluded), high);
    parameters.answer(snapshot, source, Span { range, reverse: false, segment }).await
}

fn segment(request: &Request) -> Result<Option<Segment>, AwsError> {
    let number = |name: &str| request.integer(name).and_then(|number| u32::try_from(number).ok());
    match (number("Segment"), number("TotalSegments")) {
        (None, None) => Ok(None),
        (Some(number), Some(of)) if number < of => Ok(Some(Segment { number, of })),
        (Some(number), Some(of)) => Err(WORDING.error(format!(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: \
             Segment: {number} is not less than TotalSegments: {of}"
        ))),
        (Some(_), None) => Err(WORDING.error(
            "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
        )),
        (None, Some(_)) => Err(WORDING.error(
            "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
        )),
    }
}
