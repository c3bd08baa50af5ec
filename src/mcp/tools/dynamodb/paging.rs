//! Pages of items for Query and Scan: filled to the byte budget, with a cursor that says where the next begins.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::key_names::KeyNames;
use crate::json::{self, Item};
use crate::mcp::budget::{Page, json_len, start_within};
use crate::mcp::context::Context;
use crate::mcp::cursor::Binding;
use crate::mcp::error::ToolError;
use crate::mcp::limit::Limit;
use crate::mcp::notes;

/// The items of a page where no limit is given.
const USUAL_LIMIT: u32 = 100;
/// A filter that lets little through reads on for this long before it answers with what it has.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a page begins.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Position {
    /// After the item of this key, in natural JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Value>,
    /// So many bytes into the JSON of the first item.
    #[serde(default, skip_serializing_if = "is_zero")]
    into: usize,
    /// What was counted before.
    #[serde(default, skip_serializing_if = "is_zero")]
    counted: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes by reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// What a page is a page of.
pub(super) struct Pages<'a> {
    pub(super) context: &'a Context,
    pub(super) binding: Binding,
    pub(super) table: &'a str,
    pub(super) keys: KeyNames<'a>,
    pub(super) fields: Option<&'a [String]>,
    pub(super) filtered: bool,
    pub(super) limit: Option<Limit>,
}

/// One answer of AWS.
pub(super) struct Fetched {
    pub(super) items: Vec<Item>,
    pub(super) last: Option<Item>,
    pub(super) count: i32,
    pub(super) scanned: i32,
}

/// What asks AWS.
#[async_trait]
pub(super) trait Source: Send + Sync {
    /// Reads from after a key, evaluating at most so many items.
    async fn fetch(&self, start: Option<Item>, most: Option<i32>) -> Result<Fetched, ToolError>;
}

impl Pages<'_> {
    fn open(&self, cursor: Option<&str>) -> Result<(Position, Option<Item>), ToolError> {
        let position: Position = cursor.map(|cursor| self.binding.open(cursor)).transpose()?.unwrap_or_default();
        let after = position.after.as_ref().map(|key| json::to_item(key, "cursor")).transpose()?;
        Ok((position, after))
    }

    /// One page of items.
    pub(super) async fn items(&self, cursor: Option<&str>, source: &impl Source) -> Result<Value, ToolError> {
        let begun = Instant::now();
        let (position, mut before) = self.open(cursor)?;
        let limit = Limit::count(self.limit, USUAL_LIMIT);
        let hidden = match self.fields {
            Some(fields) => self.keys.beside(fields).await?,
            None => Vec::new(),
        };
        let mut page = Page::new(self.context.page_budget());
        let mut start = before.clone();
        let mut scanned = 0;
        loop {
            // A filter drops items after they are read: how many to read for a page is then not known.
            let most = if position.into > 0 { 1 } else { limit - page.len() };
            let most = (!self.filtered).then(|| i32::try_from(most).unwrap_or(i32::MAX).min(100));
            let fetched = source.fetch(start, most).await?;
            scanned += fetched.scanned;
            let mut items = fetched.items.into_iter().peekable();
            while let Some(item) = items.next() {
                let shown = show(&item, &hidden)?;
                let ended = items.peek().is_none() && fetched.last.is_none();
                if position.into > 0 || page.is_empty() && json_len(&shown) + 1 > self.context.page_budget() {
                    return self.part(&shown, before.as_ref(), position.into, (!ended).then_some(&item)).await;
                }
                if page.push(shown).is_err() {
                    return self.page(page, scanned, before.as_ref()).await;
                }
                before = Some(item);
                if page.len() == limit {
                    return self.page(page, scanned, before.as_ref().filter(|_| !ended)).await;
                }
            }
            if fetched.last.is_none() {
                return self.page(page, scanned, None).await;
            }
            before.clone_from(&fetched.last);
            start = fetched.last;
            if begun.elapsed() > PATIENCE {
                return self.page(page, scanned, before.as_ref()).await;
            }
        }
    }

    /// The number of items, from a source that asks for `Select=COUNT`.
    pub(super) async fn count(&self, cursor: Option<&str>, source: &impl Source) -> Result<Value, ToolError> {
        let begun = Instant::now();
        let (position, mut start) = self.open(cursor)?;
        let mut counted = position.counted;
        let mut scanned = 0;
        loop {
            let fetched = source.fetch(start, None).await?;
            counted += usize::try_from(fetched.count).unwrap_or_default();
            scanned += fetched.scanned;
            let mut answer = json!({ "table": self.table, "count": counted });
            if self.filtered {
                answer["scanned"] = json!(scanned);
            }
            let Some(last) = fetched.last else { return Ok(answer) };
            if begun.elapsed() > PATIENCE {
                let after = Some(json::from_item(&last)?);
                answer["cursor"] = json!(self.binding.seal(&Position { after, into: 0, counted })?);
                return Ok(answer);
            }
            start = Some(last);
        }
    }

    async fn page(&self, page: Page, scanned: i32, after: Option<&Item>) -> Result<Value, ToolError> {
        let mut answer = json!({ "table": self.table, "count": page.len(), "items": page.into_values() });
        if self.filtered {
            answer["scanned"] = json!(scanned);
        }
        if let Some(item) = after {
            answer["cursor"] = json!(self.cursor(Some(item), 0).await?);
        }
        Ok(answer)
    }

    /// A part of one item that is too long for a page.
    async fn part(
        &self,
        item: &Value,
        before: Option<&Item>,
        into: usize,
        itself: Option<&Item>,
    ) -> Result<Value, ToolError> {
        let part = Part::of(item, into, self.context.page_budget())?;
        let mut answer = part.answer(self.table);
        if part.end < part.whole {
            answer["cursor"] = json!(self.cursor(before, part.end).await?);
        } else if let Some(item) = itself {
            answer["cursor"] = json!(self.cursor(Some(item), 0).await?);
        }
        Ok(answer)
    }

    async fn cursor(&self, after: Option<&Item>, into: usize) -> Result<String, ToolError> {
        let after = match after {
            Some(item) => {
                let names = self.keys.get().await?;
                let key: Item =
                    item.iter().filter(|(name, _)| names.contains(name)).map(|(n, v)| (n.clone(), v.clone())).collect();
                Some(json::from_item(&key)?)
            }
            None => None,
        };
        self.binding.seal(&Position { after, into, counted: 0 })
    }
}

/// An item without the attributes that only the cursor needs.
fn show(item: &Item, hidden: &[String]) -> Result<Value, ToolError> {
    if hidden.is_empty() {
        return Ok(json::from_item(item)?);
    }
    let mut shown = item.clone();
    shown.retain(|name, _| !hidden.contains(name));
    Ok(json::from_item(&shown)?)
}

/// A part of an item's JSON text.
pub(super) struct Part {
    text: String,
    start: usize,
    /// Where the next part begins.
    pub(super) end: usize,
    /// The length of the whole, in bytes.
    pub(super) whole: usize,
}

impl Part {
    pub(super) fn of(item: &Value, start: usize, budget: usize) -> Result<Self, ToolError> {
        let json = item.to_string();
        let rest = json.get(start..).filter(|rest| !rest.is_empty()).ok_or_else(|| {
            ToolError::arguments("cursor: the item has changed since; read it again from its beginning")
        })?;
        let text = start_within(rest, budget).to_owned();
        Ok(Self { start, end: start + text.len(), whole: json.len(), text })
    }

    pub(super) fn answer(&self, table: &str) -> Value {
        notes::say("one item is longer than a page: join the parts for its JSON, or choose attributes with fields");
        json!({
            "table": table,
            "item_part": self.text,
            "bytes": format!("{}-{} of {}", self.start, self.end, self.whole),
        })
    }
}
