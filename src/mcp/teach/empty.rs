//! A query or a scan that gives nothing: why.
//!
//! Where nothing came, here at home one or two small reads are made: a sample of what the filter took out, the partitions
//! beside the one asked for. On AWS such reads cost capacity and are not made; a table's description costs nothing, and is
//! asked for after a scan, which costs the most.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value};

use super::case::{describe, look};
use super::expression::{self, Kind, Token};
use super::indexes;
use super::keys::Schema;
use super::near::{listed, nearest};
use crate::json::{self, Item};
use crate::mcp::context::Context;
use crate::mcp::notes;
use crate::mcp::quoted::quoted;

/// The items of a sample.
const SAMPLE: i32 = 10;
/// The items among which other partitions are looked for.
const AMONG: i32 = 100;
/// The most values that a sentence names.
const NAMED: usize = 5;

/// What was read, as the caller wrote it.
pub(in crate::mcp) struct Reading<'a> {
    pub(in crate::mcp) context: &'a Context,
    pub(in crate::mcp) table: &'a str,
    pub(in crate::mcp) index: Option<&'a str>,
    pub(in crate::mcp) key_condition: Option<&'a str>,
    pub(in crate::mcp) filter: Option<&'a str>,
    /// `names` and `values`.
    pub(in crate::mcp) given: &'a Map<String, Value>,
}

/// Says why nothing came, of so many items that were looked at where that is known.
pub(in crate::mcp) async fn said(reading: &Reading<'_>, scanned: Option<usize>, more: bool) {
    if scanned.is_none() && !reading.context.is_local() {
        return;
    }
    let filter = reading.filter.filter(|_| scanned != Some(0));
    let some = match filter {
        Some(_) if scanned.is_none() => reading.sample().await.is_some_and(|sample| !sample.is_empty()),
        filter => filter.is_some(),
    };
    let why = match filter.filter(|_| some) {
        Some(filter) => Some(reading.filtered(filter, scanned, more).await),
        _ if more => None,
        _ => match reading.key_condition {
            Some(condition) => reading.no_such_key(condition).await,
            None => Some(match reading.index {
                Some(_) => "the index is empty: it holds only items that have its key attributes".to_owned(),
                None => "the table is empty".to_owned(),
            }),
        },
    };
    if let Some(why) = why {
        notes::say(why);
    }
}

/// A comparison of an attribute.
struct Compared<'a> {
    name: String,
    equals: bool,
    /// What it is compared to, as it was sent.
    to: Option<&'a Value>,
    placeholder: String,
}

impl Reading<'_> {
    fn compared(&self, condition: &str) -> Vec<Compared<'_>> {
        let of = |(name, text): (String, String)| {
            let tokens = expression::tokens(&text);
            let value = tokens.iter().find(|token| token.kind == Kind::Value);
            Compared {
                name: expression::attribute(self.given, &name),
                equals: tokens.get(1).is_some_and(|sign| sign.text == "="),
                to: value.and_then(|token| expression::value(self.given, token.text)),
                placeholder: value.map(|token| token.text.to_owned()).unwrap_or_default(),
            }
        };
        expression::comparisons(&expression::tokens(condition)).into_iter().map(of).collect()
    }

    /// The filter took out everything.
    async fn filtered(&self, filter: &str, scanned: Option<usize>, more: bool) -> String {
        let so_far = if more { " so far; the cursor goes on" } else { "" };
        let mut said = match scanned {
            Some(1) => format!("the filter took out the only item{so_far}"),
            Some(scanned) => format!("the filter took out all {scanned} items{so_far}"),
            None => "the filter took out all items".to_owned(),
        };
        let compared = self.compared(filter);
        let mut why = word_for_value(&expression::tokens(filter));
        if why.is_none() && self.context.is_local() {
            let sample = self.sample().await.unwrap_or_default();
            why = compared.iter().find_map(|compared| differs(compared, &sample));
        }
        if why.is_none() && self.key_condition.is_none() && self.index.is_none() {
            why = self.index_serves(&compared).await;
        }
        if let Some(why) = why {
            said.push_str(": ");
            said.push_str(&why);
        }
        said
    }

    /// Some of the items that were looked at.
    async fn sample(&self) -> Option<Vec<Item>> {
        let index = self.index.map(str::to_owned);
        let Some(condition) = self.key_condition else {
            let scan = self.context.dynamodb.scan().table_name(self.table).set_index_name(index).limit(SAMPLE);
            return look(self.context, scan.send()).await.ok()?.items;
        };
        let compared = self.compared(condition);
        // Of two that are compared by =, either may be the hash key; which, only the table's description tells.
        let hash = compared.iter().find(|compared| compared.equals)?;
        let hash = if compared.iter().filter(|compared| compared.equals).count() == 1 {
            hash
        } else {
            let schema = self.schema().await?;
            compared.iter().find(|compared| Some(compared.name.as_str()) == schema.hash())?
        };
        self.partition(&hash.name, hash.to?).await
    }

    async fn partition(&self, name: &str, value: &Value) -> Option<Vec<Item>> {
        let value = json::to_expression_value(value, "values").ok()?;
        let query = self.context.dynamodb.query().table_name(self.table).set_index_name(self.index.map(str::to_owned));
        let query = query.key_condition_expression("#h = :h").expression_attribute_names("#h", name);
        let query = query.expression_attribute_values(":h", value).limit(SAMPLE);
        look(self.context, query.send()).await.ok()?.items
    }

    async fn schema(&self) -> Option<Schema> {
        let table = describe(self.context, self.table).await?;
        let Some(index) = self.index else { return Some(Schema::of_table(&table)) };
        indexes::all(&table).into_iter().find(|(name, _)| *name == index).map(|(_, schema)| schema)
    }

    /// An index by what the filter compares.
    async fn index_serves(&self, compared: &[Compared<'_>]) -> Option<String> {
        if !compared.iter().any(|compared| compared.equals) {
            return None;
        }
        let table = describe(self.context, self.table).await?;
        let by = |schema: &Schema| compared.iter().any(|of| of.equals && Some(of.name.as_str()) == schema.hash());
        let all = indexes::all(&table);
        let found = all.iter().find(|(_, schema)| by(schema));
        found.map(|(name, schema)| format!("dynamodb_query with index {} {schema} reads no other items", quoted(name)))
    }

    /// No item of this key.
    async fn no_such_key(&self, condition: &str) -> Option<String> {
        if !self.context.is_local() {
            return None;
        }
        let compared = self.compared(condition);
        let schema = self.schema().await?;
        let hash = schema.hash()?;
        let wanted = compared.iter().find(|compared| compared.name == hash)?;
        let sent = expression::shown(wanted.to?);
        if let Some(range) = schema.range().filter(|_| compared.len() > 1) {
            let items = self.partition(hash, wanted.to?).await.unwrap_or_default();
            if !items.is_empty() {
                let ranged = compared.iter().find(|compared| compared.name == range).and_then(|of| of.to);
                let there = near(ranged, &items, range).unwrap_or_else(|| values(items.iter(), range));
                return Some(format!(
                    "{} {sent} is there, but no such {}: it has {there}",
                    quoted(hash),
                    quoted(range)
                ));
            }
        }
        let scan = self.context.dynamodb.scan().table_name(self.table).set_index_name(self.index.map(str::to_owned));
        let scan = scan.projection_expression("#h").expression_attribute_names("#h", hash).limit(AMONG);
        let items = look(self.context, scan.send()).await.ok()?.items.unwrap_or_default();
        if items.is_empty() {
            return Some(if self.index.is_some() { "the index is empty" } else { "the table is empty" }.to_owned());
        }
        let there = near(wanted.to, &items, hash).unwrap_or_else(|| values(items.iter(), hash));
        Some(format!("no {} is {sent}; there is {there}", quoted(hash)))
    }
}

/// The text nearest to the one that was sent, among an attribute's values.
fn near(sent: Option<&Value>, items: &[Item], name: &str) -> Option<String> {
    let texts = items.iter().filter_map(|item| item.get(name)?.as_s().ok()).map(String::as_str);
    nearest(sent?.as_str()?, texts).map(quoted)
}

/// Says what is there in place of an item that is not.
pub(in crate::mcp) async fn said_of_no_item(context: &Context, table: &str, key: &Map<String, Value>) {
    let (mut names, mut values, mut parts) = (Map::new(), Map::new(), Vec::new());
    for (at, (name, value)) in key.iter().enumerate() {
        names.insert(format!("#k{at}"), name.as_str().into());
        values.insert(format!(":k{at}"), value.clone());
        parts.push(format!("#k{at} = :k{at}"));
    }
    let given: Map<_, _> =
        [("names".to_owned(), names.into()), ("values".to_owned(), values.into())].into_iter().collect();
    let reading = Reading { context, table, index: None, key_condition: None, filter: None, given: &given };
    if let Some(why) = reading.no_such_key(&parts.join(" AND ")).await {
        notes::say(why);
    }
}

/// The values of an attribute, each once.
fn values<'a>(items: impl Iterator<Item = &'a Item>, name: &str) -> String {
    let mut seen = Vec::new();
    for value in items.filter_map(|item| item.get(name)) {
        let value = json::from_attribute(value).map(|value| expression::shown(&value)).unwrap_or_default();
        if !seen.contains(&value) {
            seen.push(value);
        }
        if seen.len() > NAMED {
            seen.pop();
            seen.push("…".to_owned());
            break;
        }
    }
    seen.join(", ")
}

/// A word where a value is meant: it is read as the name of an attribute.
fn word_for_value(tokens: &[Token<'_>]) -> Option<String> {
    let sign = |token: &Token<'_>| matches!(token.text, "=" | "<>" | "<" | "<=" | ">" | ">=");
    let right = tokens.windows(2).enumerate().find(|(at, two)| {
        let calls = tokens.get(at + 2).is_some_and(|next| next.text == "(");
        sign(&two[0]) && two[1].kind == Kind::Word && !two[1].text.starts_with('#') && !calls
    })?;
    let word = right.1[1].text;
    let value = match word.to_ascii_lowercase().as_str() {
        "null" | "none" => "null".to_owned(),
        "true" => "true".to_owned(),
        "false" => "false".to_owned(),
        _ => quoted(word),
    };
    Some(format!("{} is read as an attribute; for the value write :v, with values {{\":v\": {value}}}", quoted(word)))
}

/// What in the items is other than what they were compared to.
fn differs(compared: &Compared<'_>, sample: &[Item]) -> Option<String> {
    if sample.is_empty() || compared.name.contains(['.', '[']) {
        return None;
    }
    let name = quoted(&compared.name);
    let there: Vec<&AttributeValue> = sample.iter().filter_map(|item| item.get(&compared.name)).collect();
    if there.is_empty() {
        let others: BTreeSet<&str> = sample.iter().flat_map(|item| item.keys().map(String::as_str)).collect();
        let near = nearest(&compared.name, others.iter().copied());
        let there = near.map_or_else(|| listed(others.iter().copied()), quoted);
        return Some(format!("none of {} looked at has {name}, but {there}", sample.len()));
    }
    let to = json::to_expression_value(compared.to?, "values").ok()?;
    let kind = |value: &AttributeValue| std::mem::discriminant(value);
    if !matches!(to, AttributeValue::Null(_)) && there.iter().all(|value| kind(value) != kind(&to)) {
        let example = json::from_attribute(there[0]).map(|value| expression::shown(&value)).unwrap_or_default();
        let sent = expression::shown(compared.to?);
        return Some(format!("{name} is of another type than {} {sent}, such as {example}", compared.placeholder));
    }
    compared.equals.then(|| format!("{name} is {} there", values(sample.iter(), &compared.name)))
}
