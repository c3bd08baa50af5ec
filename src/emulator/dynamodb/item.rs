//! An item's row in the store, and the 400 KB gate.

use super::value::Item;
use crate::emulator::error::AwsError;

/// The largest item: 400 KB, as AWS counts it.
pub const MAX_ITEM_SIZE: usize = 409_600;

/// A stored item: its size and its DynamoDB JSON, so that a read answers with stored bytes.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// Bytes as AWS counts them.
    pub size: usize,
    /// The item's DynamoDB JSON.
    pub json: &'a [u8],
}

impl<'a> Row<'a> {
    /// Reads a row's head; the JSON is left as it is.
    pub fn read(row: &'a [u8]) -> Result<Self, AwsError> {
        todo!()
    }
    /// Parses the JSON.
    pub fn item(&self) -> Result<Item, AwsError> {
        todo!()
    }
}
/// The row of an item.
pub fn encode(item: &Item) -> Vec<u8> {
    todo!()
}
/// The row's item: [`Row::read`] and [`Row::item`].
pub fn decode(row: &[u8]) -> Result<Item, AwsError> {
    todo!()
}
/// The item's size, or AWS's refusal where a put is over 400 KB.
pub fn check_put_size(item: &Item) -> Result<usize, AwsError> {
    todo!()
}
/// The item's size, or AWS's refusal where an update makes it larger than 400 KB.
pub fn check_update_size(item: &Item) -> Result<usize, AwsError> {
    todo!()
}
