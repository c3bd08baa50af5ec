//! Which keys of a bucket something is about.

use std::cmp::Ordering;

use super::catalogue::{key_prefix, key_range};
use crate::emulator::store::{KeyRange, prefix_range};

/// Keys of a bucket that stand together in the order of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// All, and the bucket itself with its settings.
    Whole,
    /// Those that begin so.
    Prefix(String),
    /// This one alone.
    Key(String),
}

impl Span {
    /// Where it begins in the order of keys.
    #[must_use]
    pub fn start(&self) -> &str {
        match self {
            Self::Whole => "",
            Self::Prefix(prefix) => prefix,
            Self::Key(key) => key,
        }
    }

    /// Whether this key is one of them.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        match self {
            Self::Whole => true,
            Self::Prefix(prefix) => key.starts_with(prefix.as_str()),
            Self::Key(one) => one == key,
        }
    }

    /// Whether all of `other` is in this.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Whole, _) => true,
            (Self::Prefix(prefix), Self::Prefix(start) | Self::Key(start)) => start.starts_with(prefix.as_str()),
            (Self::Key(key), Self::Key(other)) => key == other,
            (Self::Prefix(_) | Self::Key(_), _) => false,
        }
    }

    /// The one that this key is in of `spans`, which are sorted and of which none covers another.
    #[must_use]
    pub fn of<'s>(spans: &'s [Self], key: &str) -> Option<&'s Self> {
        let after = spans.partition_point(|span| span.start() <= key);
        spans[..after].last().filter(|span| span.has(key))
    }

    /// The rows of the versions of these keys.
    pub(super) fn range(&self, bucket: u64) -> KeyRange {
        match self {
            Self::Whole => prefix_range(&bucket.to_be_bytes()),
            Self::Prefix(prefix) => key_range(bucket, prefix, std::ops::Bound::Unbounded),
            Self::Key(key) => prefix_range(&key_prefix(bucket, key)),
        }
    }
}

/// By where they begin, and of those that begin alike the widest first.
impl Ord for Span {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |span: &Self| match span {
            Self::Whole => 0,
            Self::Prefix(_) => 1,
            Self::Key(_) => 2,
        };
        self.start().cmp(other.start()).then_with(|| rank(self).cmp(&rank(other)))
    }
}

impl PartialOrd for Span {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
