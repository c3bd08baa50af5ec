//! The newest calls, in bounded memory.

use std::collections::BTreeMap;

use crate::model::{Call, CallId};

/// Finds a call: calls are ordered by their beginning.
pub type Key = (u64, CallId);

/// The newest calls, in order of their beginning.
#[derive(Debug, Clone)]
pub struct Calls {
    kept: BTreeMap<Key, Call>,
    weight: usize,
    most: usize,
    heaviest: usize,
}

impl Calls {
    /// Keeps at most `most` calls, which take about `heaviest` bytes at most; the newest is kept however large it is.
    #[must_use]
    pub fn new(most: usize, heaviest: usize) -> Self {
        Self { kept: BTreeMap::new(), weight: 0, most, heaviest }
    }

    /// Takes a call, or what became of it. Whether it is one that was not known.
    pub fn put(&mut self, call: Call) -> bool {
        self.weight += call.weight();
        let before = self.kept.insert(key(&call), call);
        self.weight -= before.as_ref().map_or(0, Call::weight);
        while self.kept.len() > self.most.max(1) || (self.weight > self.heaviest && self.kept.len() > 1) {
            if let Some((_, oldest)) = self.kept.pop_first() {
                self.weight -= oldest.weight();
            }
        }
        before.is_none()
    }

    /// The call, while it is kept.
    #[must_use]
    pub fn get(&self, key: Key) -> Option<&Call> {
        self.kept.get(&key)
    }

    /// How many are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The calls, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Key, &Call)> {
        self.kept.iter().map(|(key, call)| (*key, call))
    }

    /// Takes over all calls of `others`.
    pub fn merge(&mut self, others: Self) {
        for call in others.kept.into_values() {
            self.put(call);
        }
    }

    /// As much room, with no calls.
    #[must_use]
    pub fn emptied(&self) -> Self {
        Self::new(self.most, self.heaviest)
    }
}

/// Where `call` stands.
#[must_use]
pub fn key(call: &Call) -> Key {
    (call.at, call.id)
}

#[cfg(test)]
mod tests {
    use super::Calls;
    use crate::testing::call;

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let mut calls = Calls::new(3, usize::MAX);
        for at in [5, 1, 4, 2, 3] {
            calls.put(call(at, "s3_get_object"));
        }
        assert_eq!(calls.iter().map(|(key, _)| key.0).collect::<Vec<_>>(), [3, 4, 5]);
    }

    #[test]
    fn the_oldest_go_when_they_weigh_too_much_and_the_newest_stays() {
        let mut calls = Calls::new(100, 10_000);
        for at in 1..=50 {
            let mut heavy = call(at, "s3_get_object");
            heavy.request = "x".repeat(4000).into();
            calls.put(heavy);
        }
        assert_eq!(calls.iter().map(|(key, _)| key.0).collect::<Vec<_>>(), [49, 50]);
        let mut huge = call(51, "s3_get_object");
        huge.request = "x".repeat(40_000).into();
        calls.put(huge);
        assert_eq!(calls.len(), 1);
    }

    #[test]
    fn what_became_of_a_call_takes_its_place() {
        let mut calls = Calls::new(10, usize::MAX);
        assert!(calls.put(call(1, "a")));
        let mut ended = call(1, "a");
        ended.end = Some(crate::testing::ended(2.0));
        assert!(!calls.put(ended));
        assert_eq!(calls.len(), 1);
        assert!(calls.iter().all(|(_, call)| call.end.is_some()));
    }
}
