//! What a history is made of. Names are few, so that calls meet.

use proptest::prelude::*;
use proptest::sample::select;

pub const BUCKETS: [&str; 2] = ["one", "two"];
/// Keys of which one begins another, some below a common prefix, and some that are escaped.
const KEYS: [&str; 6] = ["a", "a/b", "a/c/d", "ab", "b+ &", "é/"];

/// An object: a bucket and a key.
#[derive(Debug, Clone)]
pub struct Place {
    pub bucket: &'static str,
    pub key: &'static str,
}

/// Which version a call names.
#[derive(Debug, Clone, Copy)]
pub enum Which {
    Newest,
    Null,
    /// The version of this number, counted around.
    Nth(usize),
    /// One that was deleted, or of another key.
    Gone(usize),
    MadeUp,
}

/// The condition of a write or a delete.
#[derive(Debug, Clone, Copy)]
pub enum Condition {
    Always,
    /// `If-None-Match: *`; of a delete, `If-Match: *`.
    Existence,
    /// `If-Match` with the entity tag of the newest version.
    Match,
    /// `If-Match` with another.
    Mismatch,
}

/// One call of a history.
#[derive(Debug, Clone)]
pub enum Step {
    Put(Place, u8, Condition),
    /// To a place, from a place.
    Copy(Place, Place, Which),
    Get(Place, Which),
    Head(Place, Which),
    Delete(Place, Which, Condition),
    DeleteMany(&'static str, Vec<(&'static str, Which)>),
    Versioning(&'static str, bool),
    Begin(Place),
    Part {
        upload: usize,
        number: u16,
        body: u8,
    },
    Complete {
        upload: usize,
        part: usize,
        condition: Condition,
    },
    Abort(usize),
    List {
        bucket: &'static str,
        prefix: &'static str,
        delimiter: &'static str,
        most: usize,
        second: bool,
    },
    ListVersions {
        bucket: &'static str,
        prefix: &'static str,
        delimiter: &'static str,
        most: usize,
    },
    Remake(&'static str),
    /// Moves the clock by so many seconds, back and forth.
    Clock(i32),
}

fn bucket() -> impl Strategy<Value = &'static str> {
    // Mostly one, so that histories are deep.
    prop_oneof![4 => Just(BUCKETS[0]), 1 => Just(BUCKETS[1])]
}

fn place() -> impl Strategy<Value = Place> {
    (bucket(), select(&KEYS[..])).prop_map(|(bucket, key)| Place { bucket, key })
}

fn which() -> impl Strategy<Value = Which> {
    prop_oneof![
        5 => Just(Which::Newest),
        2 => Just(Which::Null),
        5 => (0..8_usize).prop_map(Which::Nth),
        1 => (0..8_usize).prop_map(Which::Gone),
        1 => Just(Which::MadeUp),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        8 => Just(Condition::Always),
        2 => Just(Condition::Existence),
        2 => Just(Condition::Match),
        1 => Just(Condition::Mismatch),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let prefix = || select(&["", "a", "a/", "a/c", "é", "x"][..]);
    let delimiter = || select(&["", "/", "b", "/c"][..]);
    prop_oneof![
        10 => (place(), any::<u8>(), condition()).prop_map(|(place, body, condition)| Step::Put(place, body, condition)),
        4 => (place(), place(), which()).prop_map(|(to, from, which)| Step::Copy(to, from, which)),
        5 => (place(), which()).prop_map(|(place, which)| Step::Get(place, which)),
        2 => (place(), which()).prop_map(|(place, which)| Step::Head(place, which)),
        8 => (place(), which(), condition()).prop_map(|(place, which, condition)| {
            Step::Delete(place, which, condition)
        }),
        2 => (bucket(), prop::collection::vec((select(&KEYS[..]), which()), 1..5))
            .prop_map(|(bucket, objects)| Step::DeleteMany(bucket, objects)),
        2 => (bucket(), any::<bool>()).prop_map(|(bucket, on)| Step::Versioning(bucket, on)),
        2 => place().prop_map(Step::Begin),
        3 => (0..4_usize, 1..4_u16, any::<u8>())
            .prop_map(|(upload, number, body)| Step::Part { upload, number, body }),
        3 => (0..4_usize, 0..3_usize, condition())
            .prop_map(|(upload, part, condition)| Step::Complete { upload, part, condition }),
        1 => (0..4_usize).prop_map(Step::Abort),
        2 => (bucket(), prefix(), delimiter(), 1..6_usize, any::<bool>())
            .prop_map(|(bucket, prefix, delimiter, most, second)| Step::List { bucket, prefix, delimiter, most, second }),
        3 => (bucket(), prefix(), delimiter(), 1..6_usize)
            .prop_map(|(bucket, prefix, delimiter, most)| Step::ListVersions { bucket, prefix, delimiter, most }),
        1 => bucket().prop_map(Step::Remake),
        1 => (-5000..5000_i32).prop_map(Step::Clock),
    ]
}

/// The calls of one history.
pub fn history() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..160)
}
