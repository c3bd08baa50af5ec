//! Throughput as requests declare it, of a table or an index.

use serde_json::Value as Json;

use super::index::OnDemand;
use super::table::{Changes, Throughput};
use crate::emulator::error::AwsError;

/// A day in milliseconds.
pub const DAY: u64 = 24 * 60 * 60 * 1000;

/// Reads `ProvisionedThroughput`.
#[must_use]
pub fn provisioned(json: &Json) -> Throughput {
    let units = |name: &str| json.get(name).and_then(Json::as_i64).unwrap_or_default();
    Throughput { read: units("ReadCapacityUnits"), write: units("WriteCapacityUnits") }
}

/// Records a change of provisioned throughput at `now`, in milliseconds since the Unix epoch.
pub fn change(changes: &mut Changes, old: Option<Throughput>, new: Throughput, now: u64) {
    let Some(old) = old else { return };
    if new.read > old.read || new.write > old.write {
        changes.increased = Some(now);
    }
    if new.read < old.read || new.write < old.write {
        let today = changes.decreased.is_some_and(|decreased| decreased / DAY == now / DAY);
        changes.decreases = if today { changes.decreases + 1 } else { 1 };
        changes.decreased = Some(now);
    }
}

/// Refuses provisioned throughput that is what it was; `of` says of what.
pub fn check_changes(old: Option<Throughput>, new: Throughput, of: &str) -> Result<(), AwsError> {
    if old != Some(new) {
        return Ok(());
    }
    let kind = of.split(' ').next().unwrap_or_default();
    Err(AwsError::validation(format!(
        "The provisioned throughput for the {of} will not change. The requested value equals the current value. Current \
         ReadCapacityUnits provisioned for the {kind}: {0}. Requested ReadCapacityUnits: {0}. Current WriteCapacityUnits \
         provisioned for the {kind}: {1}. Requested WriteCapacityUnits: {1}. Refer to the Amazon DynamoDB Developer Guide \
         for current limits and how to request higher limits.",
        new.read, new.write
    )))
}

/// Reads `OnDemandThroughput` and `WarmThroughput` of a table or an index with this provisioned throughput.
pub fn limits<'j>(
    get: impl Fn(&str) -> Option<&'j Json>,
    provisioned: Option<Throughput>,
) -> Result<(Option<OnDemand>, Option<Throughput>), AwsError> {
    let on_demand = get("OnDemandThroughput").map(|given| on_demand(given, provisioned)).transpose()?;
    let on_demand = on_demand.and_then(|limits| limits.over(None));
    let base = Throughput::warm(provisioned);
    let warm = get("WarmThroughput").map(|given| warm(given, base)).transpose()?;
    Ok((on_demand, warm))
}

/// Reads `OnDemandThroughput`. -1 takes a limit away.
pub fn on_demand(json: &Json, provisioned: Option<Throughput>) -> Result<OnDemand, AwsError> {
    let units = |name: &str| match json.get(name).and_then(Json::as_i64) {
        Some(units) if units < 1 && units != -1 => {
            Err(invalid(&format!("{name} must be greater than or equal to 1, or -1 to remove the limit")))
        }
        units => Ok(units),
    };
    if provisioned.is_some() {
        return Err(invalid("OnDemandThroughput cannot be specified when BillingMode is PROVISIONED"));
    }
    let limits = OnDemand { read: units("MaxReadRequestUnits")?, write: units("MaxWriteRequestUnits")? };
    if limits == (OnDemand { read: None, write: None }) {
        return Err(invalid("OnDemandThroughput must have MaxReadRequestUnits, MaxWriteRequestUnits, or both"));
    }
    Ok(limits)
}

/// Reads `WarmThroughput`, which may raise what the table or index is warm for already.
pub fn warm(json: &Json, now: Throughput) -> Result<Throughput, AwsError> {
    let units = |name: &str, now: i64| match json.get(name).and_then(Json::as_i64) {
        Some(units) if units < now => Err(invalid(&format!(
            "Requested {name} for WarmThroughput is lower than current WarmThroughput, decreasing WarmThroughput is not \
             supported"
        ))),
        units => Ok(units.unwrap_or(now)),
    };
    Ok(Throughput { read: units("ReadUnitsPerSecond", now.read)?, write: units("WriteUnitsPerSecond", now.write)? })
}

fn invalid(what: &str) -> AwsError {
    AwsError::validation(format!("One or more parameter values were invalid: {what}"))
}
