//! What changes every item that a query or a scan finds: each by its key, and only if it still matches.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::{AttributeValue, Select};
use serde_json::{Map, Value};

use super::each::{Each, Ending, Place};
use super::expression::{self, Names};
use super::key_names::KeyNames;
use super::paging::Source;
use super::selection::Selection;
use crate::items::Keys;
use crate::json::{self, Item};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::quoted::{named, quoted};
use crate::mcp::tools::bulk;

/// How many keys of what would change are shown.
const SAMPLE: usize = 3;
/// How long is counted before it is asked whether all that is meant.
const PATIENCE: Duration = Duration::from_secs(10);

/// The items that match.
pub(super) struct Matching {
    selection: Selection,
    keys: Keys,
    /// The attributes of a start key: the table's key and the index's.
    position: Vec<String>,
}

impl Matching {
    pub(super) async fn new(context: &Context, selection: Selection) -> Result<Self, ToolError> {
        let selection = selection.spread();
        let keys = Selection::keys(context, &selection.table).await?;
        let position = KeyNames::new(&context.dynamodb, &selection.table, selection.index.as_deref());
        let position = position.get().await?.to_vec();
        // What only the change itself uses is none of the query's business, and AWS refuses it there.
        let texts = [selection.key_condition.as_deref(), selection.filter.as_deref()];
        let selection = Selection {
            names: used(selection.names.as_ref(), '#', &texts),
            values: used_values(selection.values.as_ref(), &texts),
            fields: Some(position.clone()),
            ..selection
        };
        Ok(Self { selection, keys, position })
    }

    /// How many items match, in words, and the keys of a few.
    pub(super) async fn described(&self, context: &Context) -> Result<String, ToolError> {
        let begun = Instant::now();
        let matching = self.selection.open(context, None)?;
        let counting = Selection { fields: None, ..self.selection.clone() }.open(context, Some(Select::Count))?;
        let (mut count, mut start, mut more, mut sample) = (0_u64, None, "", Vec::new());
        loop {
            // A page in which nothing matches shows nothing.
            let source = if sample.len() < SAMPLE { &matching } else { &counting };
            let fetched = source.fetch(start, None).await?;
            count += u64::try_from(fetched.count).unwrap_or_default();
            sample.extend(fetched.items.into_iter().take(SAMPLE - sample.len()));
            start = fetched.last;
            if start.is_none() {
                break;
            }
            if begun.elapsed() > PATIENCE {
                more = "more than ";
                break;
            }
        }
        if count == 0 {
            self.selection.note_nothing(context).await;
        }
        let noun = if count == 1 { "item" } else { "items" };
        let keys: Result<Vec<_>, _> = sample.iter().map(|item| json::from_item(&self.keys.key(item))).collect();
        let shown: Vec<_> = keys?.iter().map(|key| quoted(&key.to_string())).collect();
        let such = if shown.is_empty() { String::new() } else { format!(", such as {}", shown.join(", ")) };
        Ok(format!("{more}{count} {noun} of table {}{such}", named(&self.selection.table)))
    }

    /// The condition under which an item still matches, with its names replaced in `names`.
    pub(super) fn condition(&self, names: &mut Names) -> Option<String> {
        let hash = self.keys.names.first().map(|name| format!("attribute_exists({})", names.placeholder(name)));
        let mut parts = Vec::from_iter(hash);
        for text in [&self.selection.key_condition, &self.selection.filter].into_iter().flatten() {
            parts.extend(names.condition(Some(text)).map(|text| format!("({text})")));
        }
        (!parts.is_empty()).then(|| parts.join(" AND "))
    }

    /// The values of the condition.
    pub(super) fn values(&self) -> Result<HashMap<String, AttributeValue>, ToolError> {
        Ok(expression::values(self.selection.values.clone())?.unwrap_or_default())
    }

    /// The names of the condition that were given.
    pub(super) fn names(&self) -> Option<BTreeMap<String, String>> {
        self.selection.names.clone()
    }

    /// The key attributes of the index, where there is one.
    pub(super) fn index_keys(&self) -> &[String] {
        if self.selection.index.is_some() { &self.position } else { &[] }
    }

    /// Says why nothing matched.
    pub(super) async fn note_nothing(&self, context: &Context) {
        self.selection.note_nothing(context).await;
    }

    /// Has `change` change each item that matches: [`Each::of`].
    pub(super) async fn each<F>(
        &self,
        context: &Context,
        from: Place,
        change: impl Fn(Item) -> F,
    ) -> Result<Ending, ToolError>
    where
        F: Future<Output = Result<bool, ToolError>>,
    {
        let each = Each::new(&self.keys, &self.position, bulk::LIMIT);
        each.of(&self.selection.open(context, None)?, from, change).await
    }
}

/// Those of the given names that the texts use; none where there are none.
pub(super) fn used(
    given: Option<&BTreeMap<String, String>>,
    sign: char,
    texts: &[Option<&str>],
) -> Option<BTreeMap<String, String>> {
    let all = given?.iter().filter(|(name, _)| is_used(name, sign, texts));
    Some(all.map(|(name, value)| (name.clone(), value.clone())).collect::<BTreeMap<_, _>>()).filter(|m| !m.is_empty())
}

/// Those of the given values that the texts use; none where there are none.
pub(super) fn used_values(given: Option<&Map<String, Value>>, texts: &[Option<&str>]) -> Option<Map<String, Value>> {
    let all = given?.iter().filter(|(name, _)| is_used(name, ':', texts));
    Some(all.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>()).filter(|m| !m.is_empty())
}

/// Whether a placeholder, with or without its sign, stands in one of the texts.
pub(super) fn is_used(name: &str, sign: char, texts: &[Option<&str>]) -> bool {
    let name = format!("{sign}{}", name.trim_start_matches(sign));
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    texts.iter().flatten().any(|text| text.match_indices(&name).any(|(at, found)| ends(&text[at + found.len()..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_used_only_as_a_whole() {
        let texts = [Some("a = :n AND #x > :nine"), None];
        for (name, sign, expected) in [
            (":n", ':', true),
            ("n", ':', true),
            (":ni", ':', false),
            (":nine", ':', true),
            ("#x", '#', true),
            ("y", '#', false),
        ] {
            assert_eq!(is_used(name, sign, &texts), expected, "{name}");
        }
    }
}
