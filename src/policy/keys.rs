//! How the keys of a bucket become resources.

use std::collections::BTreeSet;

use super::arn;

/// So many keys of a bucket are named one by one for an action; beyond it, what they have in common stands for them.
const MOST: usize = 10;

/// How closely keys are named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Keys {
    /// One by one up to ten for an action and a bucket, beyond that by prefix
    #[default]
    Auto,
    /// One by one
    Exact,
    /// By the prefixes they share, ten at most
    Prefix,
    /// All keys of the bucket
    Bucket,
}

impl Keys {
    /// The patterns of IAM that stand for these keys.
    pub(super) fn patterns(self, keys: &BTreeSet<String>) -> BTreeSet<String> {
        let whole = || keys.iter().map(|key| arn::escaped(key)).collect();
        match self {
            Self::Exact => whole(),
            Self::Auto if keys.len() <= MOST => whole(),
            Self::Auto | Self::Prefix => by_prefix(keys),
            Self::Bucket => BTreeSet::from(["*".to_owned()]),
        }
    }
}

/// The deepest prefixes, each ending with a slash, of which ten are enough. A key that is above them stays itself.
fn by_prefix(keys: &BTreeSet<String>) -> BTreeSet<String> {
    let deepest = keys.iter().map(|key| key.matches('/').count()).max().unwrap_or_default();
    let at = |depth: usize| -> BTreeSet<String> {
        keys.iter()
            .map(|key| match key.match_indices('/').nth(depth.wrapping_sub(1)) {
                _ if depth == 0 => "*".to_owned(),
                Some((slash, _)) => arn::escaped(&key[..=slash]) + "*",
                None => arn::escaped(key),
            })
            .collect()
    };
    let mut candidates = (1..=deepest).rev().map(at);
    candidates.find(|patterns| patterns.len() <= MOST).unwrap_or_else(|| at(0))
}
