//! Shard iterators: where a reader stands, in words that only we read. AWS's look alike: ARN, version, base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::StreamArn;
use crate::emulator::error::AwsError;

/// For so long, in milliseconds, an iterator can be used.
const LIFE: u64 = 15 * 60 * 1000;

/// A reader's place in a shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The shard, by the sequence number that it starts with.
    pub shard: u64,
    /// The next record is the first with this sequence number or a larger one.
    pub next: u64,
}

/// A shard iterator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShardIterator {
    /// The stream.
    pub arn: StreamArn,
    /// Where in it.
    pub at: Position,
    /// When it was given, in milliseconds since the Unix epoch.
    pub given: u64,
}

impl ShardIterator {
    /// Reads what `to_string` wrote; refuses it where it is too old.
    pub fn parse(text: &str, now: u64) -> Result<Self, AwsError> {
        let read = || {
            let (rest, bytes) = text.rsplit_once('|')?;
            let arn = StreamArn::parse(rest.strip_suffix("|1")?).ok()?;
            let bytes: [u8; 24] = STANDARD.decode(bytes).ok()?.try_into().ok()?;
            let number = |at: usize| bytes[at..at + 8].try_into().map(u64::from_be_bytes).ok();
            Some(Self { arn, at: Position { shard: number(0)?, next: number(8)? }, given: number(16)? })
        };
        let iterator = read().ok_or_else(|| AwsError::validation("Invalid ShardIterator"))?;
        if iterator.given.saturating_add(LIFE) < now {
            let message = "The shard iterator has expired. Shard iterators are only valid for 15 minutes.";
            return Err(AwsError::new(400, "ExpiredIteratorException", message));
        }
        Ok(iterator)
    }
}

impl std::fmt::Display for ShardIterator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Position { shard, next } = self.at;
        let bytes = [shard.to_be_bytes(), next.to_be_bytes(), self.given.to_be_bytes()].concat();
        write!(f, "{}|1|{}", self.arn, STANDARD.encode(bytes))
    }
}
