//! What each tool does, as its authorizer is asked.

use footbridge::mcp::{Bridge, Mode, all_tools};
use serde_json::{Map, Value, json};

use crate::world::World;

/// The effect of each tool's example.
const EFFECTS: [(&str, &str); 5] = [
    (
        "read",
        "bridge_status snapshot restore s3_list_buckets s3_list_objects s3_get_object s3_usage dynamodb_list_tables \
         dynamodb_describe_table dynamodb_get_items dynamodb_query dynamodb_scan dynamodb_count",
    ),
    ("save", "s3_download_object s3_download_prefix dynamodb_export_items"),
    ("share", "s3_presign_url"),
    (
        "write",
        "undo copy_from_target s3_create_bucket s3_put_object s3_copy_object s3_copy_prefix s3_upload_directory s3_delete_objects \
         dynamodb_create_table dynamodb_update_table dynamodb_put_items dynamodb_update_item dynamodb_delete_items \
         dynamodb_transact_write dynamodb_load_items",
    ),
    ("destructive", "s3_delete_bucket dynamodb_delete_table dynamodb_update_by_query dynamodb_delete_by_query"),
];

#[tokio::test]
async fn each_tool_has_its_effect() {
    let world = World::new().await;
    let bridge = Bridge::new(world.options(Mode::Ask));
    for tool in all_tools() {
        let example: Map<String, Value> = serde_json::from_str(tool.example()).unwrap();
        let effect = bridge.effect(tool.name(), &example).unwrap_or_else(|error| panic!("{}: {error}", tool.name()));
        let expected = EFFECTS.iter().find(|(_, tools)| tools.split(' ').any(|name| name == tool.name()));
        assert_eq!(expected.map(|(effect, _)| *effect), Some(effect.as_str()), "{}", tool.name());
    }
}

#[tokio::test]
async fn an_argument_makes_more_of_a_tool() {
    let world = World::new().await;
    let bridge = Bridge::new(world.options(Mode::Ask));
    for (tool, arguments, effect) in [
        ("s3_presign_url", json!({ "bucket": "b", "key": "k", "method": "head" }), "share"),
        ("s3_presign_url", json!({ "bucket": "b", "key": "k", "method": "put" }), "write"),
        ("s3_presign_url", json!({ "bucket": "b", "key": "k", "method": "delete" }), "write"),
        ("s3_delete_objects", json!({ "bucket": "b", "keys": ["a", "b"] }), "destructive"),
        ("s3_delete_objects", json!({ "bucket": "b", "prefix": "a" }), "destructive"),
        ("s3_delete_objects", json!({ "bucket": "b", "prefix": "a", "dry_run": true }), "read"),
        ("dynamodb_delete_items", json!({ "table": "t", "keys": [{ "pk": "a" }, { "pk": "b" }] }), "destructive"),
        ("dynamodb_load_items", json!({ "table": "t", "file": "f", "check": true }), "read"),
        ("restore", json!({ "name": "before" }), "destructive"),
    ] {
        let found = bridge.effect(tool, arguments.as_object().unwrap()).unwrap();
        assert_eq!(found.as_str(), effect, "{tool} {arguments}");
    }
}
