//! What changes every item that a query or a scan finds: one after the other by their keys, and each only if it still matches.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::{AttributeValue, Select};
use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::expression::{self, Names};
use super::key_names::KeyNames;
use super::paging::Source;
use super::selection::Selection;
use crate::items::Keys;
use crate::json::{self, Item};
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::progress;
use crate::mcp::quoted::quoted;
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

/// What came of one item.
enum Came {
    Done,
    /// An earlier call did it.
    Before,
    /// It is gone, or matches no longer.
    Stayed,
    /// An error came before its turn.
    NotTried,
    Failed(ToolError),
}

/// Where a call goes on that ended half way.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Place {
    /// After the item of this key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Value>,
    /// Items behind it that are changed already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    done: Vec<Value>,
}

/// What came of all.
#[derive(Debug, Default)]
pub(super) struct Ending {
    /// Items that were changed.
    pub(super) done: u64,
    /// Items that matched when they were read, and no longer when their turn came.
    pub(super) stayed: u64,
    /// What ended it before its end, and where it goes on.
    pub(super) broken: Option<(ToolError, Place)>,
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
        let sample = self.selection.open(context, None)?.fetch(None, None).await?;
        let counting = Selection { fields: None, ..self.selection.clone() }.open(context, Some(Select::Count))?;
        let (mut count, mut start, mut more) = (0_u64, None, "");
        loop {
            let fetched = counting.fetch(start, None).await?;
            count += u64::try_from(fetched.count).unwrap_or_default();
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
        let keys: Result<Vec<_>, _> =
            sample.items.iter().take(SAMPLE).map(|item| json::from_item(&self.keys.key(item))).collect();
        let shown: Vec<_> = keys?.iter().map(|key| quoted(&key.to_string())).collect();
        let such = if shown.is_empty() { String::new() } else { format!(", such as {}", shown.join(", ")) };
        Ok(format!("{more}{count} {noun} of table {}{such}", self.selection.table))
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

    /// Has `change` change each item that matches, several at once; it says whether the item still matched. After an error
    /// what is under way is still ended.
    pub(super) async fn each<F>(
        &self,
        context: &Context,
        from: Place,
        limit: Duration,
        change: impl Fn(Item) -> F,
    ) -> Result<Ending, ToolError>
    where
        F: Future<Output = Result<bool, ToolError>>,
    {
        let begun = Instant::now();
        let selected = self.selection.open(context, None)?;
        let mut before = from.after.as_ref().map(|key| json::to_item(key, "cursor")).transpose()?;
        let skip: Vec<_> = from.done.iter().map(|key| json::to_item(key, "cursor")).collect::<Result<_, _>>()?;
        let skip: Vec<_> = skip.iter().map(|key| self.keys.canonical(key)).collect();
        let (mut ending, finished) = (Ending::default(), AtomicU64::new(0));
        loop {
            let fetched = match selected.fetch(before.clone(), None).await {
                Ok(fetched) => fetched,
                // Nothing was done yet: it is what is asked that is wrong.
                Err(error) if ending.done == 0 => return Err(error),
                Err(error) => {
                    ending.broken = Some((error, self.place(before.as_ref(), &[])?));
                    return Ok(ending);
                }
            };
            let over = AtomicBool::new(false);
            let turns = fetched.items.iter().map(|item| {
                let key = self.keys.key(item);
                let (over, change, skip, finished) = (&over, &change, &skip, &finished);
                async move {
                    // First, so that what is done stays so however early this call ends.
                    if skip.contains(&self.keys.canonical(&key)) {
                        return Came::Before;
                    }
                    if over.load(Relaxed) {
                        return Came::NotTried;
                    }
                    if begun.elapsed() > limit {
                        over.store(true, Relaxed);
                        return Came::Failed(bulk::timed_out("it goes on with the cursor"));
                    }
                    match change(key).await {
                        Ok(true) => {
                            progress::report(finished.fetch_add(1, Relaxed) + 1, None);
                            Came::Done
                        }
                        Ok(false) => Came::Stayed,
                        Err(error) => {
                            over.store(true, Relaxed);
                            Came::Failed(error)
                        }
                    }
                }
            });
            let turns: Vec<_> = turns.collect();
            let came: Vec<Came> = stream::iter(turns).buffered(bulk::AT_ONCE).collect().await;
            ending.count(&came);
            if let Some(at) = came.iter().position(|came| matches!(came, Came::NotTried | Came::Failed(_))) {
                let after = at.checked_sub(1).map(|last| &fetched.items[last]).or(before.as_ref());
                let behind = fetched.items.iter().zip(&came).skip(at);
                let done: Vec<_> = behind
                    .filter(|(_, came)| matches!(came, Came::Done | Came::Before))
                    .map(|(item, _)| item)
                    .collect();
                let place = self.place(after, &done)?;
                let error = came.into_iter().find_map(|came| if let Came::Failed(e) = came { Some(e) } else { None });
                ending.broken = error.map(|error| (error, place));
                return Ok(ending);
            }
            before = fetched.last;
            if before.is_none() {
                return Ok(ending);
            }
        }
    }

    fn place(&self, after: Option<&Item>, done: &[&Item]) -> Result<Place, ToolError> {
        let of = |item: &Item, names: &[String]| {
            let members = item.iter().filter(|(name, _)| names.contains(name));
            json::from_item(&members.map(|(name, value)| (name.clone(), value.clone())).collect())
        };
        Ok(Place {
            after: after.map(|item| of(item, &self.position)).transpose()?,
            done: done.iter().map(|item| of(item, &self.keys.names)).collect::<Result<_, _>>()?,
        })
    }
}

impl Ending {
    fn count(&mut self, came: &[Came]) {
        let count = |wanted: fn(&Came) -> bool| u64::try_from(came.iter().filter(|c| wanted(c)).count()).unwrap_or(0);
        self.done += count(|came| matches!(came, Came::Done));
        self.stayed += count(|came| matches!(came, Came::Stayed));
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
    fn what_stayed_is_counted_beside_what_an_earlier_call_did() {
        let mut ending = Ending::default();
        for _ in 0..2 {
            ending.count(&[Came::Before, Came::Stayed, Came::Done, Came::NotTried]);
        }
        assert_eq!((ending.done, ending.stayed), (2, 2));
    }

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
