//! Calls on tables: gone and back, listed, and their time to live.

use proptest::prelude::*;
use serde_json::json;

use super::TABLE;
use super::shape::Shape;
use crate::call::Call;

/// A call on the table as a whole, or on one that is not there.
pub fn step(shape: &Shape) -> impl Strategy<Value = Call> + use<> {
    let named = prop_oneof![8 => Just(TABLE), 1 => Just("${p}none")];
    let on = prop::sample::select(&["DeleteTable", "DescribeTable", "DescribeTimeToLive"][..]);
    // What is listed begins before the table, of which the emulator's other histories may hold any number.
    let list = json!({"ExclusiveStartTableName": "${p}a", "Limit": 1});
    prop_oneof![
        6 => (on, named).prop_map(|(operation, name)| Call::dynamodb(operation, json!({"TableName": name}))),
        3 => Just(shape.create()),
        1 => Just(Call::dynamodb("ListTables", list)),
    ]
}
