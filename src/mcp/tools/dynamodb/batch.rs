//! Batches: what AWS leaves unprocessed is sent again, with growing pauses.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, WriteRequest};

use crate::json::Item;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;

/// The most requests of one BatchWriteItem.
const WRITES: usize = 25;
/// How often a batch is sent on without any progress.
const TRIES: u32 = 8;

/// Waits before trying again; gives up where nothing has moved for long.
struct Patience(u32);

impl Patience {
    /// Waits 50 ms, then twice as long each time that nothing moved.
    async fn wait(&mut self, moved: bool) -> bool {
        self.0 = if moved { 0 } else { self.0 + 1 };
        if self.0 >= TRIES {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(50 << self.0)).await;
        true
    }
}

/// Sends all these writes; gives how many there were.
pub(super) async fn write(context: &Context, table: &str, writes: &[WriteRequest]) -> Result<usize, ToolError> {
    let mut done = 0;
    for batch in writes.chunks(WRITES) {
        let mut left = batch.to_vec();
        let mut patience = Patience(0);
        while !left.is_empty() {
            let before = left.len();
            let answer =
                context.dynamodb.batch_write_item().request_items(table, left).send().await.map_err(|error| {
                    ToolError::from(error).after(&format!("{done} of {} had been done", writes.len()))
                })?;
            left = answer.unprocessed_items.and_then(|mut tables| tables.remove(table)).unwrap_or_default();
            let moved = before - left.len().min(before);
            done += moved;
            if !left.is_empty() && !patience.wait(moved > 0).await {
                let mut error =
                    ToolError::new("throttled", format!("{done} of {} done; AWS takes no more just now", writes.len()));
                error.retryable = true;
                return Err(error);
            }
        }
    }
    Ok(done)
}

/// Reads up to a hundred items, in no particular order.
pub(super) async fn get(context: &Context, table: &str, wanted: KeysAndAttributes) -> Result<Vec<Item>, ToolError> {
    let mut items = Vec::new();
    let mut left = Some(wanted);
    let mut patience = Patience(0);
    while let Some(wanted) = left.take() {
        let before = wanted.keys.len();
        let answer = context.dynamodb.batch_get_item().request_items(table, wanted).send().await?;
        items.extend(answer.responses.and_then(|mut tables| tables.remove(table)).unwrap_or_default());
        left = answer.unprocessed_keys.and_then(|mut tables| tables.remove(table));
        if let Some(left) = &left
            && !patience.wait(left.keys.len() < before).await
        {
            let mut error = ToolError::new("throttled", "AWS gives no more items just now");
            error.retryable = true;
            return Err(error);
        }
    }
    Ok(items)
}

/// A key in a form in which equal keys are equal: DynamoDB gives `1.0` back as `1`.
pub(super) fn canonical(key: &HashMap<String, AttributeValue>, names: &[String]) -> Vec<String> {
    let form = |name: &String| match key.get(name) {
        Some(AttributeValue::S(text)) => format!("S{text}"),
        Some(AttributeValue::N(number)) => format!("N{}", canonical_number(number)),
        Some(other) => format!("{other:?}"),
        None => String::new(),
    };
    names.iter().map(form).collect()
}

/// A decimal as sign, significant digits and the exponent of the last of them.
fn canonical_number(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text.trim_start_matches('+')), |rest| ("-", rest));
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    let (Ok(exponent), Ok(places), Ok(trailing)) = (
        exponent.parse::<i64>(),
        i64::try_from(fraction.len()),
        i64::try_from(digits.len() - digits.trim_end_matches('0').len()),
    ) else {
        return text.to_owned();
    };
    if significant.is_empty() {
        "0".to_owned()
    } else {
        format!("{sign}{significant}e{}", exponent - places + trailing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_are_one_key_however_they_are_written() {
        for (a, b) in [("1", "1.0"), ("100", "1E+2"), ("-0.50", "-.5"), ("0", "-0.0"), ("007", "7"), ("1200e-2", "12")]
        {
            assert_eq!(canonical_number(a), canonical_number(b), "{a} {b}");
        }
        for (a, b) in [("1", "10"), ("1", "-1"), ("0.1", "0.01")] {
            assert_ne!(canonical_number(a), canonical_number(b), "{a} {b}");
        }
    }
}
