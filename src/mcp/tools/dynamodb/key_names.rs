//! The names of key attributes.

use aws_sdk_dynamodb::types::{KeyType, TableDescription};
use tokio::sync::OnceCell;

use crate::mcp::error::ToolError;

/// The names of the attributes that make up a start key, asked for once in a tool call and only where they are needed:
/// another process may delete the table between two calls and make one with other keys.
pub(super) struct KeyNames<'a> {
    dynamodb: &'a aws_sdk_dynamodb::Client,
    table: &'a str,
    index: Option<&'a str>,
    names: OnceCell<Vec<String>>,
}

impl<'a> KeyNames<'a> {
    pub(super) fn new(dynamodb: &'a aws_sdk_dynamodb::Client, table: &'a str, index: Option<&'a str>) -> Self {
        Self { dynamodb, table, index, names: OnceCell::new() }
    }

    /// The table's own, and those of the index.
    pub(super) async fn get(&self) -> Result<&[String], ToolError> {
        self.names.get_or_try_init(|| self.ask()).await.map(Vec::as_slice)
    }

    /// Those that a projection must have beside the fields asked for, so that a cursor can be made.
    pub(super) async fn beside(&self, fields: &[String]) -> Result<Vec<String>, ToolError> {
        Ok(self.get().await?.iter().filter(|name| !fields.contains(name)).cloned().collect())
    }

    async fn ask(&self) -> Result<Vec<String>, ToolError> {
        let described = self.dynamodb.describe_table().table_name(self.table).send().await?;
        let description = described
            .table
            .ok_or_else(|| ToolError::new("unexpected_answer", "DescribeTable came without its table"))?;
        let mut names = key_names(&description);
        let global = description.global_secondary_indexes().iter().map(|i| (i.index_name(), i.key_schema()));
        let local = description.local_secondary_indexes().iter().map(|i| (i.index_name(), i.key_schema()));
        for (_, schema) in global.chain(local).filter(|(name, _)| name.is_some() && *name == self.index) {
            names.extend(schema.iter().map(|element| element.attribute_name().to_owned()));
        }
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }
}

/// The table's key attributes, the hash key first.
pub(super) fn key_names(description: &TableDescription) -> Vec<String> {
    let of = |kind: KeyType| {
        description.key_schema().iter().filter(move |e| *e.key_type() == kind).map(|e| e.attribute_name().to_owned())
    };
    of(KeyType::Hash).chain(of(KeyType::Range)).collect()
}
