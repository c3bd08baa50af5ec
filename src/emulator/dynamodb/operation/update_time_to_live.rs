//! UpdateTimeToLive: enables or disables it, at most once an hour.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Context, Outcome};
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::table::{Table, TableRow};
use crate::emulator::dynamodb::ttl;
use crate::emulator::error::AwsError;

/// For so long, in milliseconds, a change stands (API reference).
const INTERVAL: u64 = 60 * 60 * 1000;

pub async fn run(context: &Context, mut request: Request) -> Outcome {
    let name = context.table_name(&request)?;
    let specification = request.take("TimeToLiveSpecification").unwrap_or_default();
    let enabled = specification.get("Enabled").and_then(Json::as_bool).unwrap_or_default();
    let attribute = specification.get("AttributeName").and_then(Json::as_str).unwrap_or_default().to_owned();
    let (catalogue, now) = (Arc::clone(&context.service.catalogue), context.service.clock.millis());
    context
        .write(Vec::new(), move |txn| {
            let table = catalogue.load(txn, &name)?.ok_or_else(|| error::no_such_table(&name.name))?;
            check(&table.row, enabled, &attribute, now)?;
            let mut row = table.row.clone();
            if enabled {
                ttl::enable(txn, &name, &mut row, attribute, now)?;
            } else {
                ttl::disable(txn, &mut row, now);
            }
            Table::store(txn, name, &row)
        })
        .await?;
    if enabled {
        context.service.upkeep.wake();
    } else {
        context.service.sweeper.resume();
    }
    let mut answer = Answer::new();
    answer.json("TimeToLiveSpecification", &specification);
    Ok(answer)
}

/// AWS's refusals of a change that changes nothing, or comes too soon.
fn check(row: &TableRow, enable: bool, attribute: &str, now: u64) -> Result<(), AwsError> {
    let refuse = |why: String| Err(AwsError::validation(why));
    match row.ttl.as_ref().and_then(|ttl| ttl.enabled()) {
        Some((current, _)) if current != attribute => {
            return refuse(format!(
                "TimeToLive is active on a different AttributeName: current AttributeName is {current}"
            ));
        }
        Some(_) if enable => return refuse("TimeToLive is already enabled".to_owned()),
        None if !enable => return refuse("TimeToLive is already disabled".to_owned()),
        _ => {}
    }
    // A clock that went back must not lock the setting.
    let soon = |changed: u64| (changed..changed.saturating_add(INTERVAL)).contains(&now);
    if row.ttl.as_ref().is_some_and(|ttl| soon(ttl.changed)) {
        return refuse("Time to live has been modified multiple times within a fixed interval".to_owned());
    }
    Ok(())
}
