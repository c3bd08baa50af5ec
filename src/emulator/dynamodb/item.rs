//! An item's row in the store, and the 400 KB gate.
//!
//! A row is the item's size as AWS counts it (4 bytes, big-endian) and its DynamoDB JSON, so that a read answers with
//! stored bytes and counts capacity without parsing.

use super::value::{Item, item_from_stored, item_size, write_item};
use crate::emulator::error::AwsError;

/// The largest item: 400 KB, as AWS counts it.
pub const MAX_ITEM_SIZE: usize = 409_600;

const HEAD: usize = 4;

/// A stored item: its size and its DynamoDB JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// Bytes as AWS counts them.
    pub size: usize,
    /// The item's DynamoDB JSON.
    pub json: &'a [u8],
}

impl<'a> Row<'a> {
    /// Reads a row's head; the JSON is left as it is.
    ///
    /// # Errors
    /// 500 where the row is damaged.
    pub fn read(row: &'a [u8]) -> Result<Self, AwsError> {
        let (head, json) = row.split_first_chunk::<HEAD>().ok_or_else(|| damaged("too short"))?;
        Ok(Self { size: u32::from_be_bytes(*head) as usize, json })
    }

    /// Parses the JSON.
    ///
    /// # Errors
    /// 500 where the row is damaged.
    pub fn item(&self) -> Result<Item, AwsError> {
        item_from_stored(self.json).map_err(|error| damaged(&error.to_string()))
    }
}

fn damaged(why: &str) -> AwsError {
    AwsError::new(500, "InternalServerError", format!("A stored item is damaged: {why}"))
}

/// The row of an item.
#[must_use]
pub fn encode(item: &Item) -> Vec<u8> {
    let size = item_size(item);
    let mut row = Vec::with_capacity(HEAD + size + size / 2 + 16);
    row.extend_from_slice(&u32::try_from(size).unwrap_or(u32::MAX).to_be_bytes());
    write_item(item, &mut row);
    row
}

/// The item of a row: [`Row::read`] and [`Row::item`].
///
/// # Errors
/// 500 where the row is damaged.
pub fn decode(row: &[u8]) -> Result<Item, AwsError> {
    Row::read(row)?.item()
}

/// The item's size, or AWS's refusal where a put is over 400 KB.
pub fn check_put_size(item: &Item) -> Result<usize, AwsError> {
    check(item, "Item size has exceeded the maximum allowed size")
}

/// The item's size, or AWS's refusal where an update makes it larger than 400 KB.
pub fn check_update_size(item: &Item) -> Result<usize, AwsError> {
    check(item, "Item size to update has exceeded the maximum allowed size")
}

fn check(item: &Item, message: &str) -> Result<usize, AwsError> {
    match item_size(item) {
        size @ ..=MAX_ITEM_SIZE => Ok(size),
        _ => Err(AwsError::validation(message)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::value::Value;
    use super::super::value::tests::item;
    use super::*;

    #[test]
    fn a_row_holds_size_and_json() {
        let item = item(json!({"pk": {"S": "a\"b"}, "n": {"N": "1.50"}}));
        let row = encode(&item);
        let read = Row::read(&row).unwrap();
        assert_eq!(read.size, item_size(&item));
        assert_eq!(read.json, br#"{"n":{"N":"1.5"},"pk":{"S":"a\"b"}}"#);
        assert_eq!(decode(&row).unwrap(), item);
        assert_eq!(Row::read(&[1, 2]).unwrap_err().status, 500);
    }

    #[test]
    fn the_gate_is_exact_to_the_byte() {
        let of = |bytes: usize| Item::from([("pk".to_owned(), Value::S("x".repeat(bytes - 2)))]);
        assert_eq!(check_put_size(&of(409_600)), Ok(409_600));
        assert_eq!(
            check_put_size(&of(409_601)).unwrap_err().message,
            "Item size has exceeded the maximum allowed size"
        );
        assert_eq!(
            check_update_size(&of(409_601)).unwrap_err().message,
            "Item size to update has exceeded the maximum allowed size"
        );
    }
}
