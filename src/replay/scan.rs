//! A scan has no order that two engines share: its pages are compared together, where it ends.

use std::collections::HashMap;

use serde_json::{Value, json};

/// The members of a page of items that come in no particular order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pages {
    pub(super) items: &'static str,
    count: &'static str,
    /// Of the call: where the page begins.
    from: &'static str,
    /// Of the answer: where the next one does.
    next: &'static str,
}

impl Pages {
    /// Those of a tool or an operation, where it scans.
    pub(super) fn of(name: &str) -> Option<Self> {
        match name {
            "dynamodb_scan" => Some(Self { items: "items", count: "count", from: "cursor", next: "cursor" }),
            "Scan" => {
                let (from, next) = ("ExclusiveStartKey", "LastEvaluatedKey");
                Some(Self { items: "Items", count: "Count", from, next })
            }
            _ => None,
        }
    }
}

/// The items of scans whose end has not come, by the left side's place to go on.
#[derive(Debug, Default)]
pub(super) struct Scans(HashMap<String, [Vec<Value>; 2]>);

impl Scans {
    /// Puts the items of earlier pages before those of this one, and takes all out where further pages come on both
    /// sides. `false` where the answers are no pages of items.
    pub(super) fn join(&mut self, pages: Pages, arguments: &Value, left: &mut Value, right: &mut Value) -> bool {
        let Pages { items, count, from, next } = pages;
        if !left[items].is_array() || !right[items].is_array() {
            return false;
        }
        let earlier = place(&arguments[from]).and_then(|place| self.0.remove(&place));
        let is_page = earlier.is_some();
        let [mut all_left, mut all_right] = earlier.unwrap_or_default();
        for (all, answer) in [(&mut all_left, &mut *left), (&mut all_right, &mut *right)] {
            if let Value::Array(items) = answer[items].take() {
                all.extend(items);
            }
        }
        if let (Some(cursor), Some(_)) = (place(&left[next]), place(&right[next])) {
            for answer in [left, right] {
                answer[items] = json!([]);
                // How many items a page holds depends on their order.
                answer[count] = Value::Null;
            }
            self.0.insert(cursor, [all_left, all_right]);
            return true;
        }
        for (all, answer) in [(all_left, left), (all_right, right)] {
            if is_page {
                answer[count] = json!(all.len());
            }
            answer[items] = Value::Array(all);
        }
        true
    }
}

/// A cursor, or the key that a page ends with.
fn place(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| value.to_string())
}
