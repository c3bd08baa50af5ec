//! Each item of a query or a scan in its turn, several at once, so that a call that ends half way can go on where it was.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::paging::Source;
use crate::items::Keys;
use crate::json::{self, Item};
use crate::mcp::error::ToolError;
use crate::mcp::progress;
use crate::mcp::quoted::quoted;
use crate::mcp::tools::bulk;

/// How long is waited for what is under way when the time is over.
const GRACE: Duration = Duration::from_secs(5);
/// The most items that are named of those of which nothing is known.
const NAMED: usize = 3;

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
    /// No answer came while there was time.
    Unknown,
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

impl Place {
    /// Whether that is the beginning.
    pub(super) fn is_the_start(&self) -> bool {
        self.after.is_none() && self.done.is_empty()
    }
}

/// What came of all.
#[derive(Debug, Default)]
pub(super) struct Ending {
    /// Items that were changed.
    pub(super) done: u64,
    /// Items that matched when they were read, and no longer when their turn came.
    pub(super) stayed: u64,
    /// Items of which nobody knows whether they were changed.
    pub(super) unknown: u64,
    /// What ended it before its end, and where it goes on.
    pub(super) broken: Option<(ToolError, Place)>,
}

/// How items come in their turn.
pub(super) struct Each<'a> {
    keys: &'a Keys,
    /// The attributes of a start key: the table's key and the index's.
    position: &'a [String],
    /// From then on nothing is begun.
    until: Instant,
    /// From then on nothing is waited for.
    end: Instant,
}

impl<'a> Each<'a> {
    /// Items of a table with these keys; a start key has the attributes of `position`.
    pub(super) fn new(keys: &'a Keys, position: &'a [String], limit: Duration) -> Self {
        let until = Instant::now() + limit;
        Self { keys, position, until, end: until + GRACE }
    }

    /// Has `change` change each item; it says whether the item still matched. After an error what is under way is still ended.
    pub(super) async fn of<F>(
        &self,
        source: &impl Source,
        from: Place,
        change: impl Fn(Item) -> F,
    ) -> Result<Ending, ToolError>
    where
        F: Future<Output = Result<bool, ToolError>>,
    {
        let mut before = from.after.as_ref().map(|key| json::to_item(key, "cursor")).transpose()?;
        let skip: Vec<_> = from.done.iter().map(|key| json::to_item(key, "cursor")).collect::<Result<_, _>>()?;
        let skip: Vec<_> = skip.iter().map(|key| self.keys.canonical(key)).collect();
        let (mut ending, finished) = (Ending::default(), AtomicU64::new(0));
        loop {
            let fetched = match timeout_at(self.until, source.fetch(before.clone(), None)).await {
                Ok(Ok(fetched)) => fetched,
                // Nothing was done yet: it is what is asked that is wrong.
                Ok(Err(error)) if ending.done == 0 => return Err(error),
                Ok(Err(error)) => return self.broken(ending, error, before.as_ref(), &[]),
                Err(_) => return self.broken(ending, bulk::timed_out("the rest is not read"), before.as_ref(), &[]),
            };
            let ended = AtomicBool::new(false);
            let turns = fetched.items.iter().map(|item| {
                let key = self.keys.key(item);
                let (ended, change, skip, finished) = (&ended, &change, &skip, &finished);
                async move {
                    // First, so that what is done stays so however early this call ends.
                    if skip.contains(&self.keys.canonical(&key)) {
                        return Came::Before;
                    }
                    if ended.load(Relaxed) {
                        return Came::NotTried;
                    }
                    if Instant::now() >= self.until {
                        ended.store(true, Relaxed);
                        return Came::Failed(bulk::timed_out("the rest is not tried"));
                    }
                    match timeout_at(self.end, change(key)).await {
                        Ok(Ok(true)) => {
                            progress::report(finished.fetch_add(1, Relaxed) + 1, None);
                            Came::Done
                        }
                        Ok(Ok(false)) => Came::Stayed,
                        Ok(Err(error)) => {
                            ended.store(true, Relaxed);
                            Came::Failed(error)
                        }
                        Err(_) => {
                            ended.store(true, Relaxed);
                            Came::Unknown
                        }
                    }
                }
            });
            let turns: Vec<_> = turns.collect();
            let came: Vec<Came> = stream::iter(turns).buffered(bulk::AT_ONCE).collect().await;
            ending.count(&came);
            let open = |came: &Came| matches!(came, Came::NotTried | Came::Failed(_) | Came::Unknown);
            if let Some(at) = came.iter().position(open) {
                let after = at.checked_sub(1).map(|last| &fetched.items[last]).or(before.as_ref());
                let behind = fetched.items.iter().zip(&came).skip(at);
                let done = behind.filter(|(_, came)| matches!(came, Came::Done | Came::Before)).map(|(item, _)| item);
                let done: Vec<_> = done.collect();
                let error = self.error(&fetched.items, came)?;
                return self.broken(ending, error, after, &done);
            }
            before = fetched.last;
            if before.is_none() {
                return Ok(ending);
            }
            // Pages of which nothing matches take their time too.
            if Instant::now() >= self.until {
                return self.broken(ending, bulk::timed_out("the rest is not read"), before.as_ref(), &[]);
            }
        }
    }

    /// What ended a page before its end. Items without an answer are named: each may be changed or not.
    fn error(&self, items: &[Item], came: Vec<Came>) -> Result<ToolError, ToolError> {
        let unknown = items.iter().zip(&came).filter(|(_, came)| matches!(came, Came::Unknown)).map(|(item, _)| item);
        let unknown: Vec<_> = unknown.map(|item| json::from_item(&self.keys.key(item))).collect::<Result<_, _>>()?;
        let error = came.into_iter().find_map(|came| if let Came::Failed(error) = came { Some(error) } else { None });
        if unknown.is_empty() {
            return Ok(error.unwrap_or_else(|| bulk::timed_out("the rest is not tried")));
        }
        let (all, shown) = (unknown.len(), unknown.iter().take(NAMED).map(|key| quoted(&key.to_string())));
        let and = if all > NAMED { ", …" } else { "" };
        let shown = shown.collect::<Vec<_>>().join(", ");
        let what = format!("whether these are changed is not known, and they come again: {shown}{and}, {all} in all");
        Ok(error.map_or_else(|| bulk::timed_out(&what), |error| error.after(&what)))
    }

    fn broken(
        &self,
        mut ending: Ending,
        error: ToolError,
        after: Option<&Item>,
        done: &[&Item],
    ) -> Result<Ending, ToolError> {
        let of = |item: &Item, names: &[String]| {
            let members = item.iter().filter(|(name, _)| names.contains(name));
            json::from_item(&members.map(|(name, value)| (name.clone(), value.clone())).collect())
        };
        let place = Place {
            after: after.map(|item| of(item, self.position)).transpose()?,
            done: done.iter().map(|item| of(item, &self.keys.names)).collect::<Result<_, _>>()?,
        };
        ending.broken = Some((error, place));
        Ok(ending)
    }
}

impl Ending {
    fn count(&mut self, came: &[Came]) {
        let count = |wanted: fn(&Came) -> bool| u64::try_from(came.iter().filter(|c| wanted(c)).count()).unwrap_or(0);
        self.done += count(|came| matches!(came, Came::Done));
        self.stayed += count(|came| matches!(came, Came::Stayed));
        self.unknown += count(|came| matches!(came, Came::Unknown));
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use async_trait::async_trait;
    use aws_sdk_dynamodb::types::{AttributeValue, KeySchemaElement, KeyType, TableDescription};
    use serde_json::json;

    use super::*;
    use crate::mcp::tools::dynamodb::paging::Fetched;

    fn item(number: u32) -> Item {
        Item::from([("pk".to_owned(), AttributeValue::N(number.to_string()))])
    }

    fn keys() -> Keys {
        let key = KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash).build().unwrap();
        Keys::of(&TableDescription::builder().key_schema(key).build())
    }

    /// Pages of so many items each, without an end; or none that ever comes.
    enum Pages {
        Of(u32),
        Never,
    }

    #[async_trait]
    impl Source for Pages {
        async fn fetch(&self, start: Option<Item>, _: Option<i32>) -> Result<Fetched, ToolError> {
            let Self::Of(many) = self else { return pending().await };
            let first = start.map_or(0, |key| key["pk"].as_n().unwrap().parse::<u32>().unwrap());
            let items: Vec<_> = (first + 1..=first + many).map(item).collect();
            Ok(Fetched { items, last: Some(item(first + many)), count: 0, scanned: 0 })
        }
    }

    /// The time, in hours from now, from which on nothing is begun and nothing is waited for.
    async fn each<F>(hours: [u64; 2], source: Pages, change: impl Fn(Item) -> F) -> (Ending, ToolError, Value)
    where
        F: Future<Output = Result<bool, ToolError>>,
    {
        let [until, end] = hours.map(|hours| Instant::now() + Duration::from_secs(3600 * hours));
        let (keys, position) = (keys(), ["pk".to_owned()]);
        let each = Each { keys: &keys, position: &position, until, end };
        let mut ending = each.of(&source, Place::default(), change).await.unwrap();
        let (error, place) = ending.broken.take().unwrap();
        (ending, error, serde_json::to_value(place).unwrap())
    }

    #[tokio::test]
    async fn pages_of_which_nothing_matches_end_with_the_time_too() {
        for (source, after) in [(Pages::Of(0), json!({ "after": { "pk": 0 } })), (Pages::Never, json!({}))] {
            let (ending, error, place) = each([0, 1], source, |_| async { Ok(true) }).await;
            assert_eq!((ending.done, error.code.as_str(), place), (0, "timed_out", after));
            assert!(error.message.contains("not read"), "{error}");
        }
        let (ending, error, place) = each([0, 1], Pages::Of(3), |_| async { Ok(true) }).await;
        assert_eq!((ending.done, place), (0, json!({})));
        assert!(error.message.contains("not tried"), "{error}");
    }

    #[tokio::test]
    async fn an_item_without_an_answer_is_named_and_comes_again() {
        let change = async |key: Item| if key["pk"].as_n().unwrap() == "2" { pending().await } else { Ok(true) };
        let (ending, error, place) = each([1, 0], Pages::Of(4), change).await;
        assert_eq!((ending.done, ending.unknown), (3, 1));
        assert!(error.message.contains(r#"not known, and they come again: "{\"pk\":2}", 1 in all"#), "{error}");
        assert_eq!(place, json!({ "after": { "pk": 1 }, "done": [{ "pk": 3 }, { "pk": 4 }] }));
    }

    #[test]
    fn what_stayed_is_counted_beside_what_an_earlier_call_did() {
        let mut ending = Ending::default();
        for _ in 0..2 {
            ending.count(&[Came::Before, Came::Stayed, Came::Done, Came::NotTried]);
        }
        assert_eq!((ending.done, ending.stayed), (2, 2));
    }
}
