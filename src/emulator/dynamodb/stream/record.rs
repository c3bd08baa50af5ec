//! What a change of an item leaves in its table's stream.

use md5::{Digest as _, Md5};
use serde_json::json;

use super::row::{RECORDS, StreamRow};
use super::sequence;
use super::specification::View;
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::error;
use crate::emulator::dynamodb::item::{self, Row};
use crate::emulator::dynamodb::table::Table;
use crate::emulator::dynamodb::value::{item_size, write_item};
use crate::emulator::dynamodb::write::{By, Origin};
use crate::emulator::error::AwsError;
use crate::emulator::store::{Table as Rows, Txn};

/// Leaves a record of the change from row `old` to row `new` where the table has a stream. A change that changes
/// nothing leaves none.
pub fn record(
    txn: &mut Txn<'_>,
    table: &Table,
    old: Option<&[u8]>,
    new: Option<&[u8]>,
    origin: Origin,
) -> Result<(), AwsError> {
    let Some(latest) = table.row.stream.as_ref() else { return Ok(()) };
    let Some(view) = latest.view else { return Ok(()) };
    let (event, either) = match (old, new) {
        (None, None) => return Ok(()),
        (Some(old), Some(new)) if is_same(old, new)? => return Ok(()),
        (None, Some(new)) => ("INSERT", new),
        (Some(_), Some(new)) => ("MODIFY", new),
        (Some(old), None) => ("REMOVE", old),
    };
    let mut stream = StreamRow::load(txn, latest.id)?.ok_or_else(|| error::damaged("a table's stream"))?;
    if stream.roll(txn, origin.millis)? {
        stream.store(txn)?;
    }
    let sequence = txn.next_sequence()?;

    let keys = table.schema.extract(&item::decode(either)?);
    let mut size = item_size(&keys);
    let mut keys_json = Vec::new();
    write_item(&keys, &mut keys_json);
    let mut body = Answer::with_capacity(256 + old.map_or(0, <[u8]>::len) + new.map_or(0, <[u8]>::len));
    body.json("ApproximateCreationDateTime", &(origin.millis / 1000));
    body.raw("Keys", &keys_json);
    for (name, row, shown) in [("NewImage", new, view.shows_new()), ("OldImage", old, view.shows_old())] {
        if let Some(row) = row.filter(|_| shown) {
            let image = Row::read(row)?;
            size += image.size;
            body.raw(name, image.json);
        }
    }
    body.json("SequenceNumber", &sequence::show(sequence));
    body.json("SizeBytes", &size);
    body.json("StreamViewType", &view);

    let mut record = Answer::with_capacity(512);
    record.json("eventID", &event_id(sequence));
    record.json("eventName", &event);
    record.json("eventVersion", &"1.1");
    record.json("eventSource", &"aws:dynamodb");
    record.json("awsRegion", &stream.region());
    record.raw("dynamodb", &body.finish());
    if origin.by == By::TimeToLive {
        record.json("userIdentity", &json!({"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"}));
    }
    let row = [origin.millis.to_be_bytes().as_slice(), &record.finish()].concat();
    txn.put(Rows::Streams, key(stream.id, sequence), row);
    Ok(())
}

/// The key of the record with this number.
pub(super) fn key(stream: u64, sequence: u64) -> Vec<u8> {
    [&[RECORDS], stream.to_be_bytes().as_slice(), &sequence.to_be_bytes()].concat()
}

/// The number in a record's key, and when it was made, in milliseconds since the Unix epoch.
pub(super) fn head(key: &[u8], row: &[u8]) -> Result<(u64, u64), AwsError> {
    let number = |bytes: Option<&[u8]>| bytes.and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
    number(key.get(9..17)).zip(number(row.get(..8))).ok_or_else(|| error::damaged("a stream's record"))
}

/// The record's JSON in its row.
pub(super) fn json(row: &[u8]) -> &[u8] {
    row.get(8..).unwrap_or_default()
}

/// Whether two rows hold the same item: sets may stand in any order.
fn is_same(old: &[u8], new: &[u8]) -> Result<bool, AwsError> {
    Ok(old == new || (old.len() == new.len() && item::decode(old)? == item::decode(new)?))
}

/// 32 hexadecimal digits, as AWS's are.
fn event_id(sequence: u64) -> String {
    let digest: [u8; 16] = Md5::digest(sequence.to_be_bytes()).into();
    format!("{:032x}", u128::from_be_bytes(digest))
}

impl View {
    fn shows_new(self) -> bool {
        matches!(self, Self::NewImage | Self::NewAndOldImages)
    }

    fn shows_old(self) -> bool {
        matches!(self, Self::OldImage | Self::NewAndOldImages)
    }
}
