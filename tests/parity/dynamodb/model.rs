//! DynamoDB as plainly as it can be written, from AWS's documentation and recorded answers. It shares no code with the
//! emulator, and holds everything in maps.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::{Value as Json, json};

use crate::call::{Answer, Call, Manner};
use crate::reference::{Opinion, Reference};

#[derive(Debug, Default)]
pub struct Model {
    tables: BTreeMap<String, Table>,
}

#[derive(Debug, Default)]
struct Table {
    key: Vec<String>,
    items: BTreeMap<String, Json>,
}

impl Table {
    fn key_of(&self, item: &Json) -> String {
        self.key.iter().map(|name| format!("{} ", item[name])).collect()
    }
}

impl Model {
    fn say(&mut self, call: &Call) -> Opinion {
        let input = &call.input;
        let name = input["TableName"].as_str().unwrap_or_default().to_owned();
        if call.operation == "CreateTable" {
            let key = input["KeySchema"].as_array().into_iter().flatten();
            let key = key.filter_map(|part| part["AttributeName"].as_str().map(str::to_owned)).collect();
            self.tables.insert(name, Table { key, ..Table::default() });
            return Opinion::Part(Answer::ok(json!({})));
        }
        let Some(table) = self.tables.get_mut(&name) else {
            return Opinion::Answer(Answer::error(400, "ResourceNotFoundException", "Requested resource not found"));
        };
        match (call.operation.as_str(), call.manner) {
            ("PutItem", Manner::Plain) => {
                let old = table.items.insert(table.key_of(&input["Item"]), input["Item"].clone());
                Opinion::Answer(Answer::ok(old.map_or_else(|| json!({}), |old| json!({"Attributes": old}))))
            }
            ("GetItem", Manner::Plain) => {
                let item = table.items.get(&table.key_of(&input["Key"]));
                Opinion::Answer(Answer::ok(item.map_or_else(|| json!({}), |item| json!({"Item": item}))))
            }
            ("DeleteItem", Manner::Plain) => {
                table.items.remove(&table.key_of(&input["Key"]));
                Opinion::Answer(Answer::ok(json!({})))
            }
            ("Scan", Manner::Pages) => {
                let mut items: Vec<_> = table.items.values().cloned().collect();
                items.sort_by_key(Json::to_string);
                Opinion::Answer(Answer::ok(json!({"Count": items.len(), "ScannedCount": items.len(), "Items": items})))
            }
            _ => Opinion::None,
        }
    }
}

#[async_trait]
impl Reference for Model {
    fn name(&self) -> &'static str {
        "model"
    }

    async fn begin(&mut self) {
        *self = Self::default();
    }

    async fn answer(&mut self, call: &Call) -> Opinion {
        self.say(call)
    }

    async fn end(&mut self) {}
}
