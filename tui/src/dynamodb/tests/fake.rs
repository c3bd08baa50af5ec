//! A shop's tables, to draw and to press keys at: the source answers whatever is asked of it, from memory.

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Value, json};

use crate::ask::{Answer, Ask, IndexFacts, ItemPage, KeyPart, Page, Read, StreamRecord, TableFacts, Trouble};
use crate::dynamodb::value::{attribute, typed_text};
use crate::look::{Look, Theme};
use crate::testing::{NOW, Stage};

pub(super) const COLOUR: Look = Look { theme: Theme::Dark, ascii: false };

/// The tables and what happened to them.
#[derive(Debug, Default)]
pub(super) struct Shop {
    pub(super) orders: Vec<Value>,
    pub(super) records: Vec<StreamRecord>,
    /// Records that come with the next look.
    pub(super) coming: Vec<StreamRecord>,
    /// Each write, as it was asked.
    pub(super) writes: Vec<(Option<Value>, Option<Value>)>,
    /// Files that were written.
    pub(super) files: Vec<(String, String)>,
    /// What every question is refused with.
    pub(super) trouble: Option<Trouble>,
    /// Whether no question is answered.
    pub(super) silent: bool,
}

/// A dashboard over a shop, with DynamoDB in front.
pub(super) fn shop(look: Look, size: (u16, u16)) -> (Stage, Rc<RefCell<Shop>>) {
    let shop = Rc::new(RefCell::new(Shop { orders: orders(), records: records(), ..Shop::default() }));
    let behind = Rc::clone(&shop);
    let mut stage = Stage::new(look, size, move |ask| {
        let mut shop = behind.borrow_mut();
        if shop.silent {
            return None;
        }
        Some(match shop.trouble.clone() {
            Some(trouble) => Err(trouble),
            None => shop.answer(ask),
        })
    });
    stage.press("3");
    (stage, shop)
}

/// The shop with its orders open.
pub(super) fn orders_open(look: Look, size: (u16, u16)) -> (Stage, Rc<RefCell<Shop>>) {
    let (mut stage, shop) = shop(look, size);
    stage.press("j enter");
    (stage, shop)
}

pub(super) fn trouble(code: &str, message: &str) -> Trouble {
    Trouble { code: code.to_owned(), message: message.to_owned() }
}

fn key(name: &str, kind: &str, range: bool) -> KeyPart {
    KeyPart { name: name.into(), kind: kind.into(), range }
}

/// Orders of several kinds: sets, binary, numbers of any length, maps; some attributes few have.
fn orders() -> Vec<Value> {
    let status = ["paid", "sent", "open", "returned"];
    let of = |n: usize| {
        let mut order = json!({
            "customer": format!("c-{:03}", n / 3),
            "order": 1000 + n,
            "date": format!("2026-11-{:02}", 1 + n % 28),
            "status": status[n % 4],
            "total": 12.5 * f64::from(u32::try_from(n % 7).unwrap()),
            "lines": [{"sku": format!("tea-{n}"), "count": 1 + n % 3}],
            "express": n.is_multiple_of(2),
        });
        if n.is_multiple_of(3) {
            order["tags"] = json!({"$ss": ["gift", "fragile"]});
        }
        if n.is_multiple_of(5) {
            order["receipt"] = json!({"$b": "aGVsbG8="});
            order["address"] = json!({"city": "Tromsø", "zip": "9008", "lines": ["Storgata 1", "2. etasje"]});
        }
        if n.is_multiple_of(11) {
            order["serial"] = json!({"$n": "12345678901234567890"});
            order["note"] = Value::Null;
        }
        order
    };
    (0..30).map(of).collect()
}

fn records() -> Vec<StreamRecord> {
    let item = |total: f64, status: &str| json!({"customer": "c-001", "order": 1003, "total": total, "status": status, "to": {"city": "Oslo"}});
    let keys = json!({"customer": "c-001", "order": 1003});
    let record = |n: u64, event: &str, old: Option<Value>, new: Option<Value>| StreamRecord {
        at: NOW - 60_000 + n * 1000,
        event: event.into(),
        keys: keys.clone(),
        old,
        new,
    };
    vec![
        record(0, "INSERT", None, Some(item(12.5, "open"))),
        record(1, "MODIFY", Some(item(12.5, "open")), Some(item(13.0, "paid"))),
        record(2, "REMOVE", Some(item(13.0, "paid")), None),
    ]
}

pub(super) fn facts(name: &str, items: u64) -> TableFacts {
    let mut facts = TableFacts {
        name: name.into(),
        arn: format!("arn:aws:dynamodb:us-east-1:000000000000:table/{name}"),
        status: "ACTIVE".into(),
        keys: vec![key("pk", "S", false)],
        items,
        bytes: items * 170,
        billing: "on demand".into(),
        more: vec![("Class".into(), "STANDARD".into()), ("Deletion protection".into(), "off".into())],
        ..TableFacts::default()
    };
    if name == "orders" {
        facts.keys = vec![key("customer", "S", false), key("order", "N", true)];
        facts.stream = Some("NEW_AND_OLD_IMAGES".into());
        facts.ttl = Some("expires".into());
        let index = |name: &str, global, keys, projection: &str| IndexFacts {
            name: name.into(),
            global,
            keys,
            projection: projection.into(),
            status: "ACTIVE".into(),
            items,
        };
        facts.indexes = vec![
            index("by-date", true, vec![key("status", "S", false), key("date", "S", true)], "ALL"),
            index("by-total", false, vec![key("customer", "S", false), key("total", "N", true)], "KEYS_ONLY"),
        ];
    }
    facts
}

impl Shop {
    pub(super) fn answer(&mut self, ask: &Ask) -> Result<Answer, Trouble> {
        Ok(match ask {
            Ask::Tables { .. } => {
                let rows = ["events", "orders", "products", "sessions"].map(str::to_owned).to_vec();
                Answer::Tables(Page { rows, next: None })
            }
            Ask::Table(name) => {
                let items = match name.as_str() {
                    "orders" => u64::try_from(self.orders.len()).unwrap(),
                    "events" => 1_204_112,
                    "products" => 0,
                    _ => 52,
                };
                Answer::Table(Box::new(facts(name, items)))
            }
            Ask::Items(read) => Answer::Items(self.page(read)),
            Ask::Write { seen, item, .. } => {
                self.writes.push((seen.clone(), item.clone()));
                let is = |stored: &Value, other: &Value| {
                    ["customer", "order"].iter().all(|name| attribute(stored, name) == attribute(other, name))
                };
                let place = seen
                    .as_ref()
                    .or(item.as_ref())
                    .and_then(|one| self.orders.iter().position(|stored| is(stored, one)));
                let fits = match (place, seen) {
                    (Some(place), Some(seen)) => self.orders[place] == *seen,
                    (place, seen) => place.is_none() && seen.is_none(),
                };
                if !fits {
                    return Err(trouble("ConditionalCheckFailedException", "The conditional request failed"));
                }
                match (place, item.clone()) {
                    (Some(place), Some(item)) => self.orders[place] = item,
                    (Some(place), None) => drop(self.orders.remove(place)),
                    (None, Some(item)) => self.orders.push(item),
                    (None, None) => {}
                }
                Answer::Done(String::new())
            }
            Ask::Stream { after, .. } => {
                let records = if after.is_none() { self.records.clone() } else { std::mem::take(&mut self.coming) };
                Answer::Stream { records, next: "on".into() }
            }
            Ask::Save { to, text } => {
                self.files.push((to.clone(), text.clone()));
                Answer::Saved { path: format!("/home/ada/{to}"), bytes: u64::try_from(text.len()).unwrap() }
            }
            other => return Err(trouble("not_asked_here", &format!("{other:?}"))),
        })
    }

    fn page(&self, read: &Read) -> ItemPage {
        if read.table != "orders" {
            return ItemPage { capacity: 0.5, ..ItemPage::default() };
        }
        let facts = facts("orders", 0);
        let index = read.index.as_ref().and_then(|name| facts.indexes.iter().find(|index| index.name == *name));
        let keys = index.map_or(&facts.keys, |index| &index.keys);
        let text = |item: &Value, name: &str| attribute(item, name).map(typed_text).unwrap_or_default();
        let chosen = |item: &&Value| {
            read.key.as_ref().is_none_or(|key| {
                let hash = keys
                    .iter()
                    .filter(|part| !part.range)
                    .zip(&key.hash)
                    .all(|(part, value)| text(item, &part.name) == *value);
                let range =
                    keys.iter().filter(|part| part.range).zip(&key.range).all(|(part, (comparison, values))| {
                        let value = text(item, &part.name);
                        match comparison.as_str() {
                            "=" => value == values[0],
                            "begins_with" => value.starts_with(&values[0]),
                            "between" => value >= values[0] && value <= values[1],
                            _ => true,
                        }
                    });
                hash && range
            })
        };
        let items: Vec<Value> = self.orders.iter().filter(chosen).cloned().collect();
        let items =
            items.into_iter().filter(|item| read.filter.is_empty() || read.filter.contains(&text(item, "status")));
        let items: Vec<Value> = items
            .map(|item| match index {
                Some(index) if index.projection == "KEYS_ONLY" => {
                    let names = ["customer", "order", "total"];
                    Value::Object(
                        names
                            .iter()
                            .filter_map(|name| Some(((*name).to_owned(), attribute(&item, name)?.clone())))
                            .collect(),
                    )
                }
                _ => item,
            })
            .collect();
        let scanned = if read.key.is_some() { items.len() } else { self.orders.len() };
        ItemPage { items, next: None, scanned: u64::try_from(scanned).unwrap(), capacity: 2.0 }
    }
}
