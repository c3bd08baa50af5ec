//! `dynamodb_get_items`: BatchGetItem, answered in the order of the keys.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::expression::Names;
use super::paging::Part;
use super::reading::note_absent;
use super::{batch, items};
use crate::json;
use crate::mcp::budget::{Page, json_len};
use crate::mcp::context::Context;
use crate::mcp::cursor::Binding;
use crate::mcp::error::ToolError;
use crate::mcp::teach;
use crate::mcp::tool::{Access, Default, Kind, Tool};

#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Table name
    table: String,
    /// 1 to 100: [{"pk": "a", "sk": 1}]
    keys: Vec<Map<String, Value>>,
    /// Only these attributes
    fields: Option<Vec<String>>,
    /// Strongly consistent
    consistent: Option<bool>,
    /// From the last page
    cursor: Option<String>,
}

pub(crate) struct GetItems;

/// Where a page begins: at which key, and so many bytes into its item's JSON.
#[derive(Debug, Clone, Copy, std::default::Default, Serialize, Deserialize)]
struct Position {
    key: usize,
    into: usize,
}

#[async_trait]
impl Tool for GetItems {
    type Args = Args;
    const NAME: &'static str = "dynamodb_get_items";
    const DESCRIPTION: &'static str = "Reads items by their keys.";
    const KIND: Kind = Kind::Reads;
    const EXAMPLE: &'static str = r#"{"table": "orders", "keys": [{"pk": "a"}]}"#;
    const DEFAULT: Default = Default::Table;

    fn access(args: &Args) -> Access {
        Access::read(format!("dynamodb://{}", args.table))
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let binding = Binding::of(&context.target, Self::NAME, &args);
        let begin: Position =
            args.cursor.as_deref().map(|cursor| binding.open(cursor)).transpose()?.unwrap_or_default();
        if !(1..=100).contains(&args.keys.len()) {
            return Err(ToolError::arguments(format!("keys: 1 to 100 are read at once, not {}", args.keys.len())));
        }
        let asked = args.keys.clone();
        let keys = items(args.keys, "keys")?;
        let mut key_names: Vec<String> = keys.iter().flat_map(|key| key.keys().cloned()).collect();
        key_names.sort_unstable();
        key_names.dedup();

        // No fields are none in particular.
        let fields = args.fields.as_deref().filter(|fields| !fields.is_empty());
        let mut names = Names::default();
        // The keys are needed to tell which item is whose.
        let hidden: Vec<&String> = match fields {
            Some(fields) => key_names.iter().filter(|name| !fields.contains(name)).collect(),
            None => Vec::new(),
        };
        let shown = fields.into_iter().flatten().chain(hidden.iter().copied()).map(String::as_str);
        let projection = fields.is_some().then(|| names.projection(shown));
        let wanted = KeysAndAttributes::builder()
            .set_keys(keys.get(begin.key..).map(<[_]>::to_vec))
            .set_consistent_read(args.consistent)
            .set_projection_expression(projection)
            .set_expression_attribute_names(names.map())
            .build()
            .map_err(|error| ToolError::arguments(error.to_string()))?;
        let found = batch::get(context, &args.table, wanted).await.map_err(|error| names.explain(error))?;
        let mut by_key: HashMap<_, _> =
            found.into_iter().map(|item| (batch::canonical(&item, &key_names), item)).collect();

        let mut page = Page::new(context.page_budget());
        let mut missing = Vec::new();
        for (at, key) in keys.iter().enumerate().skip(begin.key) {
            let Some(mut item) = by_key.remove(&batch::canonical(key, &key_names)) else {
                missing.extend(asked.get(at));
                continue;
            };
            item.retain(|name, _| !hidden.contains(&name));
            let shown = json::from_item(&item)?;
            let into = if at == begin.key { begin.into } else { 0 };
            if into > 0 || page.is_empty() && json_len(&shown) + 1 > context.page_budget() {
                let part = Part::of(&shown, into, context.page_budget())?;
                let mut answer = part.answer(&args.table);
                let next = if part.end < part.whole {
                    Position { key: at, into: part.end }
                } else {
                    Position { key: at + 1, into: 0 }
                };
                if next.key < keys.len() {
                    answer["cursor"] = json!(binding.seal(&next)?);
                }
                return Ok(answer);
            }
            if page.push(shown).is_err() {
                let cursor = binding.seal(&Position { key: at, into: 0 })?;
                return Ok(answer(&args.table, page, &missing, Some(&cursor)));
            }
        }
        if let (true, Some(first)) = (page.is_empty(), missing.first()) {
            teach::said_of_no_item(context, &args.table, first).await;
        }
        let answer = answer(&args.table, page, &missing, None);
        if let Some(fields) = fields {
            note_absent(fields, &answer["items"]);
        }
        Ok(answer)
    }
}

fn answer(table: &str, page: Page, missing: &[&Map<String, Value>], cursor: Option<&str>) -> Value {
    let mut answer = json!({ "table": table, "items": page.into_values() });
    if !missing.is_empty() {
        answer["missing"] = json!(missing);
    }
    if let Some(cursor) = cursor {
        answer["cursor"] = json!(cursor);
    }
    answer
}
