//! A scan has no order that two engines share: its pages are compared together, where it ends.

use std::collections::HashMap;

use serde_json::{Value, json};

/// The tool whose items come in no particular order.
pub(super) const TOOL: &str = "dynamodb_scan";

/// The items of scans whose end has not come, by the left side's cursor.
#[derive(Debug, Default)]
pub(super) struct Scans(HashMap<String, [Vec<Value>; 2]>);

impl Scans {
    /// Puts the items of earlier pages before those of this one, and takes all out where further pages come on both
    /// sides. `false` where the answers are no pages of items.
    pub(super) fn join(&mut self, arguments: &Value, left: &mut Value, right: &mut Value) -> bool {
        if !left["items"].is_array() || !right["items"].is_array() {
            return false;
        }
        let earlier = arguments["cursor"].as_str().and_then(|cursor| self.0.remove(cursor));
        let is_page = earlier.is_some();
        let [mut all_left, mut all_right] = earlier.unwrap_or_default();
        for (all, answer) in [(&mut all_left, &mut *left), (&mut all_right, &mut *right)] {
            if let Value::Array(items) = answer["items"].take() {
                all.extend(items);
            }
        }
        let cursors = (left["cursor"].as_str().map(str::to_owned), right["cursor"].is_string());
        if let (Some(cursor), true) = cursors {
            for answer in [left, right] {
                answer["items"] = json!([]);
                // How many items a page holds depends on their order.
                answer["count"] = Value::Null;
            }
            self.0.insert(cursor, [all_left, all_right]);
            return true;
        }
        for (all, answer) in [(all_left, left), (all_right, right)] {
            if is_page {
                answer["count"] = json!(all.len());
            }
            answer["items"] = Value::Array(all);
        }
        true
    }
}
