//! What an answer tells of its request's writes beside their effect: what they cost, and the collections they changed.

use super::answer::Answer;
use super::capacity::{Bill, Wanted};
use super::collection::Metrics;
use super::prepared::Done;
use super::request::Request;

/// What an answer tells of its request's writes, as far as the request asks for it.
#[derive(Debug)]
pub struct Account {
    wanted: Wanted,
    /// What was consumed.
    pub bill: Bill,
    metrics: Metrics,
}

impl Account {
    /// Nothing yet, of this request; `bill` says whether it is a transaction.
    #[must_use]
    pub fn of(request: &Request, bill: Bill) -> Self {
        Self { wanted: Wanted::of(request), bill, metrics: Metrics::of(request) }
    }

    /// Adds a write.
    pub fn add(&mut self, done: &Done) {
        self.bill.on(&done.table.name.name).write(&done.written);
        self.metrics.add(done);
    }

    /// Tells it in the answer of an operation that writes one item.
    pub fn tell_one(self, answer: &mut Answer) {
        if let Some(capacity) = self.bill.show(self.wanted).and_then(|mut shown| shown.pop()) {
            answer.json("ConsumedCapacity", &capacity);
        }
        if let Some(metrics) = self.metrics.single() {
            answer.json("ItemCollectionMetrics", &metrics);
        }
    }

    /// Tells it in the answer of an operation that writes to several tables.
    pub fn tell_all(self, answer: &mut Answer) {
        if let Some(capacity) = self.bill.show(self.wanted) {
            answer.json("ConsumedCapacity", &capacity);
        }
        if let Some(metrics) = self.metrics.by_table() {
            answer.json("ItemCollectionMetrics", &metrics);
        }
    }
}
