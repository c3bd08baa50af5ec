//! `dynamodb_count`: how many items a query or a scan finds, how large they are, and how they are divided by an attribute.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::paging::Source;
use super::selection::{Selected, Selection};
use crate::items::{self, Decimal, Sum};
use crate::json::{self, Item};
use crate::mcp::budget::shorten;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::tool::{Access, Default, Kind, TRANSFER, Tier, Tool};
use crate::mcp::tools::bulk;

/// The most groups that are told apart.
const GROUPS: usize = 10_000;
/// The most groups that are told, the largest first.
const TOLD: usize = 20;
/// The most bytes that are kept of a group's value.
const KEPT: usize = 512;

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Table name
    table: String,
    /// Group by this attribute: a.b[0]
    by: Option<String>,
    /// Attribute to sum
    sum: Option<String>,
    /// Index name
    index: Option<String>,
    /// As of dynamodb_query; without it a scan
    key_condition: Option<String>,
    /// Filter expression
    filter: Option<String>,
    /// For #names used
    names: Option<BTreeMap<String, String>>,
    /// {":n": 5}
    values: Option<Map<String, Value>>,
}

pub(crate) struct Count;

#[async_trait]
impl Tool for Count {
    type Args = Args;
    const NAME: &'static str = "dynamodb_count";
    const DESCRIPTION: &'static str = "Counts items and bytes, by groups if wanted.";
    const KIND: Kind = Kind::Reads;
    const EXAMPLE: &'static str = r#"{"table": "orders", "by": "status", "sum": "total"}"#;
    const TIER: Tier = Tier::Rare;
    const DEFAULT: Default = Default::Table;

    fn access(args: &Args) -> Access {
        Access::read(format!("dynamodb://{}", args.table))
    }

    fn time_limit(_: &Args) -> Option<Duration> {
        Some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let Args { table, by, sum, index, key_condition, filter, names, values } = args;
        let selection = Selection { table, index, key_condition, filter, names, values, ..Selection::default() };
        let selected = selection.open(context, None)?;
        let counted = AtomicU64::new(0);
        let work = gather(&selected, by.as_deref(), sum.as_deref(), &counted);
        let done = bulk::watched(bulk::LIMIT, work, || (counted.load(Relaxed), None)).await;
        let how_far = || format!("{} items had been counted", counted.load(Relaxed));
        let gathered = done.ok_or_else(|| bulk::timed_out(&how_far()))?.map_err(|error| error.after(&how_far()))?;
        if gathered.all.count == 0 {
            selection.note_nothing(context).await;
        }
        let mut answer = json!({ "table": selection.table });
        answer["bytes"] = json!(gathered.all.bytes);
        gathered.all.tell(&mut answer, sum.is_some())?;
        if by.is_some() {
            gathered.tell(&mut answer, sum.is_some())?;
        }
        Ok(answer)
    }
}

/// All items, and their groups.
#[derive(Default)]
struct Gathered {
    all: Group,
    /// By the value; nothing for items without it.
    groups: HashMap<Option<Label>, Group>,
    /// Items of further groups.
    others: Group,
}

#[derive(Debug, Default, Clone)]
struct Group {
    count: u64,
    bytes: u64,
    /// Items whose attribute is a number.
    numbers: u64,
    sum: Sum,
    range: Option<(Decimal, Decimal)>,
}

/// What all items of a group have alike, as natural JSON. Of a long value its start is kept, and what tells it from others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Label {
    text: String,
    digest: Option<[u8; 32]>,
}

impl Label {
    fn of(value: Value) -> Self {
        let text = value.to_string();
        if text.len() <= KEPT {
            return Self { text, digest: None };
        }
        Self { digest: Some(Sha256::digest(&text).into()), text: shorten(value, KEPT).to_string() }
    }

    /// As it is told.
    fn shown(&self) -> Value {
        shorten(serde_json::from_str(&self.text).unwrap_or_default(), 80)
    }
}

async fn gather(
    selected: &Selected,
    by: Option<&str>,
    sum: Option<&str>,
    counted: &AtomicU64,
) -> Result<Gathered, ToolError> {
    let mut gathered = Gathered::default();
    let mut start = None;
    loop {
        let fetched = selected.fetch(start, None).await?;
        for item in &fetched.items {
            let number = sum.and_then(|path| at(item, path)).and_then(|value| value.as_n().ok());
            let bytes = items::size(item);
            gathered.all.add(bytes, number);
            if let Some(by) = by {
                let label = at(item, by).map(json::from_attribute).transpose()?.map(Label::of);
                let known = gathered.groups.len() < GROUPS || gathered.groups.contains_key(&label);
                let group = if known { gathered.groups.entry(label).or_default() } else { &mut gathered.others };
                group.add(bytes, number);
            }
        }
        counted.store(gathered.all.count, Relaxed);
        start = fetched.last;
        if start.is_none() {
            return Ok(gathered);
        }
    }
}

impl Group {
    fn add(&mut self, bytes: u64, number: Option<&String>) {
        self.count += 1;
        self.bytes += bytes;
        let Some(number) = number else { return };
        self.numbers += 1;
        self.sum = self.sum.add(number);
        let Some(number) = Decimal::parse(number) else { return };
        match &mut self.range {
            None => self.range = Some((number.clone(), number)),
            Some((least, _)) if number < *least => *least = number,
            Some((_, most)) if number > *most => *most = number,
            Some(_) => {}
        }
    }

    fn tell(&self, answer: &mut Value, summed: bool) -> Result<(), ToolError> {
        answer["count"] = json!(self.count);
        if summed {
            let natural = |text: String| json::from_attribute(&AttributeValue::N(text));
            answer["numbers"] = json!(self.numbers);
            answer["sum"] = natural(self.sum.text())?;
            if let Some((least, most)) = &self.range {
                answer["min"] = natural(least.text())?;
                answer["max"] = natural(most.text())?;
            }
            if let Sum::Rounded(_) = self.sum {
                answer["sum_is_rounded"] = json!(true);
            }
        }
        Ok(())
    }
}

impl Gathered {
    fn tell(self, answer: &mut Value, summed: bool) -> Result<(), ToolError> {
        let count = self.groups.len();
        let mut groups: Vec<_> = self.groups.into_iter().collect();
        groups.sort_by(|(label, group), (other, others)| {
            (Reverse(group.count), label).cmp(&(Reverse(others.count), other))
        });
        let shown = |(label, group): &(Option<Label>, Group)| {
            let mut shown = match label {
                Some(label) => json!({ "value": label.shown() }),
                None => json!({ "missing": true }),
            };
            group.tell(&mut shown, summed).map(|()| shown)
        };
        answer["groups"] = groups.iter().take(TOLD).map(shown).collect::<Result<_, _>>()?;
        if count > TOLD || self.others.count > 0 {
            let more = if self.others.count > 0 { "more than " } else { "" };
            answer["groups_in_all"] = json!(format!("{more}{count}"));
        }
        Ok(())
    }
}

/// The value at a path; an attribute whose own name looks like a path goes first.
fn at<'a>(item: &'a Item, path: &str) -> Option<&'a AttributeValue> {
    if let Some(value) = item.get(path) {
        return Some(value);
    }
    let mut steps = path.split('.');
    let step = |step: &'_ str| -> Option<(String, Vec<usize>)> {
        let mut parts = step.split('[');
        let name = parts.next()?.to_owned();
        Some((name, parts.map(|part| part.strip_suffix(']')?.parse().ok()).collect::<Option<_>>()?))
    };
    let within = |value: &'a AttributeValue, indexes: Vec<usize>| {
        indexes.into_iter().try_fold(value, |value, index| value.as_l().ok()?.get(index))
    };
    let (name, indexes) = step(steps.next()?)?;
    let mut value = within(item.get(&name)?, indexes)?;
    for next in steps {
        let (name, indexes) = step(next)?;
        value = within(value.as_m().ok()?.get(&name)?, indexes)?;
    }
    Some(value)
}
