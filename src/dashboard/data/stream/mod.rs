//! A table's stream, followed across its shards: DescribeStream, GetShardIterator, GetRecords.
//!
//! Where one stands is in the token: the shards that are read and how far, and those that are known. A shard that ends is
//! left, and its children are read from their beginnings, so that nothing is missed.

mod follow;
mod place;
mod record;

pub(super) use follow::follow;
