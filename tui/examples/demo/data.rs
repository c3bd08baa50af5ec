//! Stored data that is made up: two buckets, two tables, and what was played.

use std::sync::PoisonError;

use footbridge_tui::Data;
use footbridge_tui::ask::{
    Answer, Ask, Bucket, Entry, IndexFacts, ItemPage, KeyPart, ObjectFacts, Page, Process, Read, Region, Sessions,
    StreamRecord, TableFacts, Trouble, Watch,
};
use serde_json::{Value, json};

use crate::play::Played;

/// When everything was made: 2026-11-22 09:20:00 UTC.
const MADE: u64 = 1_795_339_200_000;

const MARKDOWN: &str = "# Tea\n\n| kind | price |\n|---|---|\n| Assam | 7.50 |\n| Sencha | 9.00 |\n";
const CSV: &str = "order,customer,total\n1001,ada,25.00\n1002,grace,7.50\n1003,ada,18.00\n";
const JSON: &str =
    r#"{"products":[{"id":"tea-assam","price":7.5},{"id":"tea-sencha","price":9}],"updated":"2026-11-22"}"#;

const OBJECTS: [(&str, &str, &str); 5] = [
    ("catalog/index.json", "application/json", JSON),
    ("catalog/tea.md", "text/markdown", MARKDOWN),
    ("reports/2026/10/orders.csv", "text/csv", CSV),
    ("reports/2026/11/orders.csv", "text/csv", CSV),
    ("readme.txt", "text/plain; charset=utf-8", "Everything in here is made up.\n"),
];

/// The data.
pub struct MadeUp {
    played: Played,
}

impl MadeUp {
    /// Beside the calls that were played.
    pub fn new(played: Played) -> Self {
        Self { played }
    }

    fn call(&self, number: u64) -> Answer {
        let played = self.played.lock().unwrap_or_else(PoisonError::into_inner);
        let call = usize::try_from(number).ok().and_then(|number| played.get(number));
        Answer::Call(call.cloned().map(Box::new))
    }
}

fn no(code: &str, message: &str) -> Trouble {
    Trouble { code: code.into(), message: message.into() }
}

fn page<T>(rows: Vec<T>) -> Page<T> {
    Page { rows, next: None }
}

impl Data for MadeUp {
    fn answer(&self, ask: &Ask, _: &Watch) -> Result<Answer, Trouble> {
        Ok(match ask {
            Ask::Call(place) => self.call(place.started),
            Ask::Replay(place) => match self.call(place.started) {
                Answer::Call(Some(call)) => Answer::Replayed { call, differences: Vec::new() },
                _ => return Err(no("gone", "This call is not known any more")),
            },
            Ask::Buckets { .. } => Answer::Buckets(page(vec![bucket("shop-media"), bucket("shop-backups")])),
            Ask::Objects { bucket, prefix, .. } => Answer::Objects(page(listing(bucket, prefix))),
            Ask::Versions { bucket, prefix, .. } => Answer::Objects(page(versions(bucket, prefix))),
            Ask::Object(name) => {
                let (_, kind, text) = object(&name.key)?;
                Answer::Object(Box::new(ObjectFacts {
                    size: text.len() as u64,
                    content_type: (*kind).to_owned(),
                    headers: vec![("ETag".into(), "\"0c1d2e\"".into())],
                    metadata: vec![("made".into(), "up".into())],
                    tags: Some(vec![("team".into(), "shop".into())]),
                }))
            }
            Ask::Bytes { object: name, from, length } => {
                let (_, _, text) = object(&name.key)?;
                let from_byte = usize::try_from(*from).unwrap_or(usize::MAX).min(text.len());
                let to = from_byte.saturating_add(usize::try_from(*length).unwrap_or(usize::MAX)).min(text.len());
                Answer::Bytes { from: *from, total: text.len() as u64, bytes: text.as_bytes()[from_byte..to].to_vec() }
            }
            Ask::Tables { .. } => Answer::Tables(page(vec!["Orders".into(), "Products".into()])),
            Ask::Table(name) => Answer::Table(Box::new(table(name))),
            Ask::Items(read) => Answer::Items(items(read)),
            Ask::Stream { table, .. } => Answer::Stream { records: stream(table), next: "later".into() },
            Ask::Sessions => Answer::Sessions(Box::new(sessions())),
            Ask::Region(name) => Answer::Done(format!("Looking at {name}, where there is the same")),
            Ask::Presign { object, .. } => {
                Answer::Text(format!("http://127.0.0.1:4566/{}/{}?X-Amz-Signature=made-up", object.bucket, object.key))
            }
            Ask::SaveCalls { .. }
            | Ask::Save { .. }
            | Ask::Download { .. }
            | Ask::Upload { .. }
            | Ask::DeleteObjects(_)
            | Ask::Write { .. }
            | Ask::Decide { .. } => {
                return Err(no("made_up", "Nothing is written or changed here: this data is made up"));
            }
        })
    }
}

fn bucket(name: &str) -> Bucket {
    Bucket { name: name.into(), created: Some(MADE), region: Some("us-east-1".into()) }
}

fn object(key: &str) -> Result<&'static (&'static str, &'static str, &'static str), Trouble> {
    OBJECTS
        .iter()
        .find(|(known, _, _)| *known == key)
        .ok_or_else(|| no("NoSuchKey", "The specified key does not exist."))
}

fn entry(key: &str, text: &str, version: Option<String>, latest: bool) -> Entry {
    Entry::Object {
        key: key.into(),
        version,
        latest,
        marker: false,
        size: text.len() as u64,
        modified: Some(MADE),
        class: "STANDARD".into(),
    }
}

fn listing(bucket: &str, prefix: &str) -> Vec<Entry> {
    let mut rows: Vec<Entry> = Vec::new();
    for (key, _, text) in OBJECTS.iter().filter(|_| bucket == "shop-media") {
        let Some(rest) = key.strip_prefix(prefix) else { continue };
        let row = match rest.split_once('/') {
            Some((folder, _)) => Entry::Folder(format!("{prefix}{folder}/")),
            None => entry(key, text, None, true),
        };
        if rows.last() != Some(&row) {
            rows.push(row);
        }
    }
    rows
}

fn versions(bucket: &str, prefix: &str) -> Vec<Entry> {
    let of_bucket = OBJECTS.iter().filter(|(key, _, _)| bucket == "shop-media" && key.starts_with(prefix));
    of_bucket
        .flat_map(|(key, _, text)| {
            [entry(key, text, Some("v2".into()), true), entry(key, &text[..text.len() / 2], Some("v1".into()), false)]
        })
        .collect()
}

fn key(name: &str, kind: &str, range: bool) -> KeyPart {
    KeyPart { name: name.into(), kind: kind.into(), range }
}

fn all_items(table: &str) -> Vec<Value> {
    let customers = ["ada", "grace", "lin"];
    match table {
        "Orders" => (1001..1041)
            .map(|order| {
                let customer = customers[order % 3];
                json!({
                    "customer": customer, "order": order, "status": (if order % 4 == 0 { "open" } else { "sent" }),
                    "total": order % 7 * 5, "lines": [{"product": "tea-assam", "count": order % 3 + 1}],
                })
            })
            .collect(),
        _ => ["tea-assam", "tea-sencha", "cup-raku"]
            .iter()
            .map(|id| json!({"id": id, "name": id.replace('-', " "), "tags": {"$ss": ["new", "tea"]}}))
            .collect(),
    }
}

fn table(name: &str) -> TableFacts {
    let orders = name == "Orders";
    TableFacts {
        name: name.into(),
        arn: format!("arn:aws:dynamodb:us-east-1:000000000000:table/{name}"),
        status: "ACTIVE".into(),
        keys: if orders {
            vec![key("customer", "S", false), key("order", "N", true)]
        } else {
            vec![key("id", "S", false)]
        },
        indexes: if orders {
            vec![IndexFacts {
                name: "by-status".into(),
                global: true,
                keys: vec![key("status", "S", false), key("order", "N", true)],
                projection: "ALL".into(),
                status: "ACTIVE".into(),
                items: 40,
            }]
        } else {
            Vec::new()
        },
        items: all_items(name).len() as u64,
        bytes: 4096,
        billing: "on demand".into(),
        stream: orders.then(|| "NEW_AND_OLD_IMAGES".into()),
        ttl: None,
        more: Vec::new(),
    }
}

/// The items of a page: those whose hash key is asked for.
fn items(read: &Read) -> ItemPage {
    let hash = match (read.table.as_str(), read.index.as_deref()) {
        ("Orders", Some(_)) => "status",
        ("Orders", None) => "customer",
        _ => "id",
    };
    let all = all_items(&read.table);
    let scanned = all.len() as u64;
    let wanted = |item: &Value| match &read.key {
        Some(key) => key.hash.first().is_none_or(|value| item[hash].as_str() == Some(value)),
        None => true,
    };
    let items: Vec<Value> = all.into_iter().filter(wanted).collect();
    ItemPage { items, next: None, scanned, capacity: 0.5 }
}

fn stream(table: &str) -> Vec<StreamRecord> {
    let new = all_items(table).pop();
    let keys = json!({"customer": "grace", "order": 1040});
    vec![StreamRecord { at: MADE, event: "INSERT".into(), keys, old: None, new }]
}

fn sessions() -> Sessions {
    Sessions {
        processes: vec![Process {
            pid: std::process::id(),
            command: "demo".into(),
            owner: true,
            own: true,
            target: "local".into(),
            mode: "read-write".into(),
            endpoint: "http://127.0.0.1:4566".into(),
            started: MADE,
            memory: Some(24 << 20),
            ..Process::default()
        }],
        facts: vec![("data".into(), "made up".into())],
        regions: vec![Region { account: "000000000000".into(), region: "us-east-1".into(), tables: 2, buckets: 2 }],
        log: vec!["a recording plays".into()],
    }
}
