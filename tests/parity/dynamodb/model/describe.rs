//! What DescribeTable tells of a table: how many items are in it and in each of its indexes, and how large they are.

use serde_json::{Value as Json, json};

use super::table::{Index, Table};
use super::value::{Item, item_size};

/// What is known of a table that is billed by request.
pub fn table(name: &str, table: &Table) -> Json {
    let mut told = json!({
        "TableName": name,
        "TableStatus": "ACTIVE",
        "ItemCount": table.items.len(),
        "TableSizeBytes": table.items.iter().map(item_size).sum::<usize>(),
    });
    for (list, local) in [("LocalSecondaryIndexes", true), ("GlobalSecondaryIndexes", false)] {
        let indexes: Vec<Json> = (table.indexes.iter().filter(|index| index.local == local))
            .map(|index| self::index(name, table, index))
            .collect();
        if !indexes.is_empty() {
            told[list] = indexes.into();
        }
    }
    told
}

fn index(name: &str, table: &Table, index: &Index) -> Json {
    let held = table.items.iter().filter(|item| index.holds(item));
    let entries: Vec<Item> = held.map(|item| index.entry(&table.keys, item)).collect();
    let mut told = json!({
        "IndexName": index.name,
        "IndexArn": format!("arn:aws:dynamodb:us-east-1:000000000000:table/{name}/index/{}", index.name),
        "KeySchema": index.declared["KeySchema"],
        "Projection": index.declared["Projection"],
        "ItemCount": entries.len(),
        "IndexSizeBytes": entries.iter().map(item_size).sum::<usize>(),
    });
    if !index.local {
        told["IndexStatus"] = "ACTIVE".into();
        told["ProvisionedThroughput"] =
            json!({"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0});
        // What AWS warms every table and index for that is billed by request.
        told["WarmThroughput"] = json!({"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE"});
    }
    told
}
