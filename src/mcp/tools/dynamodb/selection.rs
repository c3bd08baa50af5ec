//! Items chosen by the arguments of a query, or of a scan where no key condition is given, for tools that take all of them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::Select;
use serde_json::{Map, Value, json};

use super::expression::{self, Names};
use super::paging::{Fetched, Source};
use super::reading::Parameters;
use super::{lists, query, scan};
use crate::items::Keys;
use crate::json::Item;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::teach;

/// What is chosen.
#[derive(Debug, Clone, Default)]
pub(super) struct Selection {
    pub(super) table: String,
    pub(super) index: Option<String>,
    pub(super) key_condition: Option<String>,
    pub(super) filter: Option<String>,
    pub(super) names: Option<BTreeMap<String, String>>,
    pub(super) values: Option<Map<String, Value>>,
    pub(super) fields: Option<Vec<String>>,
    pub(super) descending: Option<bool>,
}

/// What asks AWS for it, and explains its errors.
pub(super) struct Selected {
    source: Box<dyn Source>,
    names: Names,
}

impl Selection {
    /// What asks AWS for the items, or for their number alone.
    pub(super) fn open(&self, context: &Context, select: Option<Select>) -> Result<Selected, ToolError> {
        let (mut filter, mut values) = (self.filter.clone(), self.values.clone());
        lists::spread(&mut [&mut filter], &mut values);
        let mut names = Names::new(self.names.clone());
        let key_condition = names.condition(self.key_condition.as_deref());
        let filter = names.condition(filter.as_deref());
        let fields = self.fields.as_ref().filter(|fields| !fields.is_empty());
        let projection = fields.map(|fields| names.projection(fields.iter().map(String::as_str)));
        let parameters = Parameters {
            key_condition,
            filter,
            projection,
            names: names.map(),
            values: expression::values(values)?,
            select,
        };
        let (table, index) = (self.table.clone(), self.index.clone());
        let source: Box<dyn Source> = if self.key_condition.is_some() {
            Box::new(query::request(context, table, index, self.descending, parameters))
        } else if self.descending.is_some() {
            return Err(ToolError::arguments("descending: works with key_condition"));
        } else {
            Box::new(scan::request(context, table, index, parameters))
        };
        Ok(Selected { source, names })
    }

    /// The same, the lists in its filter written out.
    pub(super) fn spread(mut self) -> Self {
        lists::spread(&mut [&mut self.filter], &mut self.values);
        self
    }

    /// Says why nothing was chosen.
    pub(super) async fn note_nothing(&self, context: &Context) {
        let names = self.names.iter().map(|names| ("names".to_owned(), json!(names)));
        let values = self.values.iter().map(|values| ("values".to_owned(), Value::Object(values.clone())));
        let reading = teach::Reading {
            context,
            table: &self.table,
            index: self.index.as_deref(),
            key_condition: self.key_condition.as_deref(),
            filter: self.filter.as_deref(),
            given: &names.chain(values).collect(),
        };
        teach::said_of_nothing(&reading, None, false).await;
    }

    /// The table's own keys.
    pub(super) async fn keys(context: &Context, table: &str) -> Result<Keys, ToolError> {
        let answer = context.dynamodb.describe_table().table_name(table).send().await?;
        let description = answer.table;
        description
            .as_ref()
            .map(Keys::of)
            .ok_or_else(|| ToolError::new("unexpected_answer", "DescribeTable came without its table"))
    }
}

#[async_trait]
impl Source for Selected {
    async fn fetch(&self, start: Option<Item>, most: Option<i32>) -> Result<Fetched, ToolError> {
        self.source.fetch(start, most).await.map_err(|error| self.names.explain(error))
    }
}
