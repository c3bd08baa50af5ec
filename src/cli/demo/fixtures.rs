//! The sample data, built in: the same files that the tests read.

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::{Map, Value, json};

macro_rules! table {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../../fixtures/dynamodb/", $name, ".schema.json")),
            include_str!(concat!("../../../fixtures/dynamodb/", $name, ".json")),
        )
    };
}

/// A sample table: its name, its CreateTable request and its items, in natural JSON.
const TABLES: [(&str, &str, &str); 5] =
    [table!("ProductCatalog"), table!("Forum"), table!("Thread"), table!("Reply"), table!("Shop")];

/// A sample table.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Key names to types, the hash key first.
    pub(super) keys: Value,
    /// Its indexes, as `dynamodb_create_table` takes them.
    pub(super) indexes: Value,
    pub(super) items: Vec<Value>,
}

/// The sample objects.
#[derive(Deserialize)]
pub(super) struct Objects {
    pub(super) buckets: Vec<String>,
    pub(super) objects: Vec<Object>,
}

/// A sample object.
#[derive(Deserialize)]
pub(super) struct Object {
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) content_type: String,
    pub(super) metadata: Map<String, Value>,
    pub(super) text: Option<String>,
    pub(super) base64: Option<String>,
}

/// All sample tables.
pub(super) fn tables() -> anyhow::Result<Vec<Table>> {
    TABLES.iter().map(|(name, schema, items)| read(name, schema, items)).collect()
}

fn read(name: &'static str, schema: &str, items: &str) -> anyhow::Result<Table> {
    let schema: Value = serde_json::from_str(schema).with_context(|| format!("the schema of {name}"))?;
    let kind = |attribute: &Value| {
        let definitions = schema["AttributeDefinitions"].as_array();
        let found = definitions.into_iter().flatten().find(|d| d["AttributeName"] == *attribute);
        found.map_or(Value::Null, |definition| definition["AttributeType"].clone())
    };
    // CreateTable's KeySchema has the hash key first.
    let keys = |of: &Value| {
        let elements = of["KeySchema"].as_array().into_iter().flatten().map(|element| {
            let attribute = &element["AttributeName"];
            (attribute.as_str().unwrap_or_default().to_owned(), kind(attribute))
        });
        Value::Object(elements.collect())
    };
    let mut indexes = json!({});
    for list in ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"] {
        for index in schema[list].as_array().into_iter().flatten() {
            let projection = &index["Projection"];
            let project = match projection["ProjectionType"].as_str() {
                Some("KEYS_ONLY") => json!(["keys_only"]),
                Some("INCLUDE") => projection["NonKeyAttributes"].clone(),
                _ => json!(["all"]),
            };
            let local = list == "LocalSecondaryIndexes";
            let declared = json!({ "keys": keys(index), "project": project, "local": local });
            indexes[index["IndexName"].as_str().unwrap_or_default()] = declared;
        }
    }
    let keys = keys(&schema);
    Ok(Table {
        name,
        keys,
        indexes,
        items: serde_json::from_str(items).with_context(|| format!("the items of {name}"))?,
    })
}

/// All sample objects.
pub(super) fn objects() -> anyhow::Result<Objects> {
    serde_json::from_str(include_str!("../../../fixtures/s3/manifest.json")).context("the sample objects")
}

impl Object {
    /// The arguments of `s3_put_object` that write it.
    pub(super) fn arguments(&self) -> Value {
        let mut arguments = json!({
            "bucket": self.bucket,
            "key": self.key,
            "content_type": self.content_type,
            "metadata": self.metadata,
        });
        match (&self.text, &self.base64) {
            (Some(text), _) => arguments["text"] = json!(text),
            (None, base64) => arguments["base64"] = json!(base64),
        }
        arguments
    }
}
