//! What `dynamodb_query` and `dynamodb_scan` do alike.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::{AttributeValue, Select};
use serde_json::{Map, Value};

use super::expression::{self, Names};
use super::key_names::KeyNames;
use super::lists;
use super::paging::{Pages, Source};
use crate::mcp::context::Context;
use crate::mcp::cursor::Binding;
use crate::mcp::error::ToolError;
use crate::mcp::limit::Limit;
use crate::mcp::quoted::quoted;
use crate::mcp::{notes, teach};

/// The arguments of both.
pub(super) struct Reading {
    pub(super) table: String,
    pub(super) index: Option<String>,
    pub(super) filter: Option<String>,
    pub(super) names: Option<BTreeMap<String, String>>,
    pub(super) values: Option<Map<String, Value>>,
    pub(super) fields: Option<Vec<String>>,
    pub(super) limit: Option<Limit>,
    pub(super) cursor: Option<String>,
    pub(super) count: Option<bool>,
}

/// The parameters of both operations, ready to be sent.
pub(super) struct Parameters {
    pub(super) key_condition: Option<String>,
    pub(super) filter: Option<String>,
    pub(super) projection: Option<String>,
    pub(super) names: Option<HashMap<String, String>>,
    pub(super) values: Option<HashMap<String, AttributeValue>>,
    pub(super) select: Option<Select>,
}

impl Reading {
    /// Reads a page of what `ask` makes of the parameters.
    pub(super) async fn run<S: Source>(
        mut self,
        context: &Context,
        binding: Binding,
        key_condition: Option<&str>,
        ask: impl FnOnce(Parameters) -> S,
    ) -> Result<Value, ToolError> {
        let counting = self.count.unwrap_or_default();
        let asked = self.asked();
        lists::spread(&mut [&mut self.filter], &mut self.values);
        let mut names = Names::new(self.names);
        let wanted = key_condition;
        let key_condition = names.condition(key_condition);
        let filter = names.condition(self.filter.as_deref());
        // No fields are none in particular.
        let fields = self.fields.filter(|fields| !counting && !fields.is_empty());
        let shown = fields.as_ref().map(|fields| names.resolved(fields));
        let keys = KeyNames::new(&context.dynamodb, &self.table, self.index.as_deref());
        let mut projection = None;
        if let (Some(fields), Some(shown)) = (&fields, &shown) {
            let added = keys.beside(shown).await?;
            projection = Some(names.projection(fields.iter().chain(&added).map(String::as_str)));
        }
        let source = ask(Parameters {
            key_condition,
            filter,
            projection,
            names: names.map(),
            values: expression::values(self.values)?,
            select: counting.then_some(Select::Count),
        });
        let pages = Pages {
            context,
            binding,
            table: &self.table,
            keys,
            fields: shown.as_deref(),
            filtered: self.filter.is_some(),
            limit: self.limit,
        };
        let cursor = self.cursor.as_deref();
        let answer = if counting { pages.count(cursor, &source).await } else { pages.items(cursor, &source).await };
        let answer = answer.map_err(|error| names.explain(error))?;
        if cursor.is_none() && answer["count"] == 0 {
            let scanned = answer["scanned"].as_u64().and_then(|scanned| usize::try_from(scanned).ok());
            let reading = teach::Reading {
                context,
                table: &self.table,
                index: self.index.as_deref(),
                key_condition: wanted,
                filter: self.filter.as_deref(),
                given: &asked,
            };
            teach::said_of_nothing(&reading, Some(scanned.unwrap_or_default()), answer.get("cursor").is_some()).await;
        }
        if let Some(fields) = &shown {
            note_absent(fields, &answer["items"]);
        }
        Ok(answer)
    }

    /// Names and values as they came.
    fn asked(&self) -> Map<String, Value> {
        let names = self.names.iter().map(|names| ("names".to_owned(), serde_json::json!(names)));
        let values = self.values.iter().map(|values| ("values".to_owned(), Value::Object(values.clone())));
        names.chain(values).collect()
    }
}

/// Says which of the fields asked for no item of a page has.
pub(super) fn note_absent(fields: &[String], items: &Value) {
    let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
    if items.is_empty() || items.iter().any(|item| item.as_object().is_none_or(|item| !item.is_empty())) {
        return;
    }
    let fields: Vec<_> = fields.iter().map(|field| quoted(field)).collect();
    notes::say(format!("no item here has {}; without fields all attributes come", fields.join(", ")));
}
