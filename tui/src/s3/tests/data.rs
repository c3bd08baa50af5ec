//! Data for the stage: a few buckets whose objects are computed, not stored.

use std::io::Write as _;

use crate::ask::{Answer, Ask, Bucket, Entry, ObjectFacts, ObjectName, Page, Trouble};
use crate::look::Look;
use crate::testing::{NOW, Stage};

pub(super) type Answered = Option<Result<Answer, Trouble>>;

const DAY: u64 = 86_400_000;

/// So many objects are in `archive`.
pub(super) const MANY: usize = 1_000_000;

pub(super) fn trouble(code: &str, message: &str) -> Trouble {
    Trouble { code: code.into(), message: message.into() }
}

pub(super) fn object(key: &str, size: u64, ago: u64, class: &str) -> Entry {
    Entry::Object {
        key: key.into(),
        version: None,
        latest: true,
        marker: false,
        size,
        modified: Some(NOW - ago),
        class: class.into(),
    }
}

fn version(key: &str, id: &str, latest: bool, marker: bool, size: u64, ago: u64) -> Entry {
    Entry::Object {
        key: key.into(),
        version: Some(id.into()),
        latest,
        marker,
        size,
        modified: Some(NOW - ago),
        class: "STANDARD".into(),
    }
}

pub(super) const ORDERS: &str = "id,customer,total,note\n1001,Ada Lovelace,12.50,\"two, as a gift\"\n1002,Grace Hopper,7.00,\n1003,林美玲,128.90,\"says \"\"soon\"\"\"\n1004,Edsger Dijkstra,3.25,\"first line\nsecond line\"\n";
pub(super) const CONFIG: &str = r#"{"service": "checkout", "replicas": 3, "flags": {"beta": true, "limit": null}, "regions": ["eu-west-1", "us-east-1"]}"#;
pub(super) const EVENTS: &str = "{\"at\": \"2026-11-22T09:20:04Z\", \"event\": \"OrderPlaced\", \"order\": 1001}\n{\"at\": \"2026-11-22T09:20:09Z\", \"event\": \"OrderPaid\", \"order\": 1001, \"total\": 12.5}\nnot json at all\n";
pub(super) const NOTES: &str = "# Release notes\n\n- Uploads go on where they broke off.\n- A tab\tis a tab, and a line that is much longer than any terminal is wide is wrapped at a space, so that nothing of it is lost to whoever reads it here.\n";
pub(super) const LOGO: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x06\0\0\0\x35\xd1\xdc\xe4rest";

/// The bytes of an object.
pub(super) fn body(key: &str) -> Vec<u8> {
    let packed = || {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(EVENTS.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    match key.rsplit('/').next().unwrap() {
        "orders.csv" => ORDERS.into(),
        "config.json" => CONFIG.into(),
        "events.ndjson" => EVENTS.into(),
        "events.ndjson.gz" => packed(),
        "notes.md" => NOTES.into(),
        "logo.png" => LOGO.into(),
        "empty" => Vec::new(),
        "long.log" => (0..40_000).flat_map(|n| format!("{n:06} a line of a log\n").into_bytes()).collect(),
        _ => (0_u32..300).map(|n| u8::try_from(n * 7 % 256).unwrap()).collect(),
    }
}

fn entries() -> Vec<Entry> {
    let names = [
        ("config.json", DAY, "STANDARD"),
        ("empty", 3 * DAY, "STANDARD"),
        ("events.ndjson", 61_000, "STANDARD"),
        ("events.ndjson.gz", 2 * DAY, "STANDARD_IA"),
        ("firmware.bin", 30 * DAY, "GLACIER"),
        ("logo.png", 9 * DAY, "STANDARD"),
        ("notes.md", 3_600_000, "STANDARD"),
        ("orders.csv", 4_000, "STANDARD"),
    ];
    let mut entries = vec![Entry::Folder("photos/".into()), Entry::Folder("reports/".into())];
    entries.extend(names.map(|(key, ago, class)| object(key, body(key).len() as u64, ago, class)));
    entries
}

fn page(rows: Vec<Entry>) -> Answer {
    Answer::Objects(Page { rows, next: None })
}

/// A page of a million objects, from the one whose number is the token.
pub(super) fn many(prefix: &str, after: Option<&str>) -> Answer {
    let first: usize = after.map_or(0, |after| after.parse().unwrap());
    let filter = prefix.strip_prefix("object-").unwrap_or_default();
    if !filter.is_empty() {
        let Ok(number) = filter.parse::<usize>() else { return page(Vec::new()) };
        let each = 10_usize.pow(u32::try_from(7_usize.saturating_sub(filter.len())).unwrap());
        let found = (number * each..(number + 1) * each).take(1000).filter(|n| *n < MANY);
        return page(found.map(|n| object(&format!("object-{n:07}"), 1, 0, "STANDARD")).collect());
    }
    let last = (first + 1000).min(MANY);
    let rows = (first..last).map(|n| object(&format!("object-{n:07}"), 1024, 1000, "STANDARD")).collect();
    Answer::Objects(Page { rows, next: (last < MANY).then(|| last.to_string()) })
}

fn facts(key: &str) -> ObjectFacts {
    let size = body(key).len() as u64;
    let content_type = match key.rsplit('.').next() {
        Some("json") => "application/json",
        Some("csv") => "text/csv",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    ObjectFacts {
        size,
        content_type: content_type.into(),
        headers: vec![
            pair("ETag", "\"9b2cf535f27731c974343645a3985328\""),
            pair("Last-Modified", "Sun, 22 Nov 2026 09:20:00 GMT"),
            pair("Encryption", "AES256"),
        ],
        metadata: vec![pair("origin", "till 7")],
        tags: Some(vec![pair("team", "checkout"), pair("stage", "test")]),
    }
}

/// What the buckets answer.
pub(super) fn answer(ask: &Ask) -> Answered {
    let bucket =
        |name: &str, ago: u64| Bucket { name: name.into(), created: Some(NOW - ago), region: Some("us-east-1".into()) };
    Some(match ask {
        Ask::Buckets { .. } => Ok(Answer::Buckets(Page {
            rows: vec![bucket("archive", 90 * DAY), bucket("assets", 12 * DAY), bucket("empty-bucket", 60_000)],
            next: None,
        })),
        Ask::Objects { bucket, prefix, after } if bucket == "archive" => Ok(many(prefix, after.as_deref())),
        Ask::Objects { bucket, prefix, .. } if bucket == "assets" => Ok(page(match prefix.as_str() {
            "photos/" => vec![
                Entry::Folder("photos/2026/".into()),
                object(
                    "photos/a very long name that says where it was taken and when, and by whom.jpeg",
                    4_321_000,
                    DAY,
                    "STANDARD",
                ),
                object("photos/cat.jpeg", 81_000, 2 * DAY, "STANDARD"),
            ],
            prefix => {
                let begins = |entry: &Entry| match entry {
                    Entry::Folder(name) => name.starts_with(prefix),
                    Entry::Object { key, .. } => key.starts_with(prefix),
                };
                entries().into_iter().filter(begins).collect()
            }
        })),
        Ask::Objects { bucket, .. } if bucket == "empty-bucket" => Ok(page(Vec::new())),
        Ask::Objects { bucket, .. } => {
            Err(trouble("NoSuchBucket", &format!("The specified bucket does not exist: {bucket}")))
        }
        Ask::Versions { prefix, .. } => Ok(page(
            [
                version("config.json", "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY", true, false, 117, 1000),
                version("config.json", "Xp7wTq0vHsk2.9fLr1ZzQm4yNbVc8dEa", false, false, 99, DAY),
                version("old.txt", "kO3pQd_8vWm1Zx2Cn5Bt7Ly9Rf4Gh6Js", true, true, 0, 2 * DAY),
                version("old.txt", "null", false, false, 12, 3 * DAY),
            ]
            .into_iter()
            .filter(|entry| matches!(entry, Entry::Object { key, .. } if key.starts_with(prefix)))
            .collect(),
        )),
        Ask::Object(ObjectName { key, .. }) if key.ends_with("new.txt") => Err(trouble("NoSuchKey", "No such key")),
        Ask::Object(ObjectName { key, .. }) => Ok(Answer::Object(Box::new(facts(key)))),
        Ask::Bytes { object, from, length } => {
            let body = body(&object.key);
            let start = usize::try_from(*from).unwrap().min(body.len());
            let end = (start + usize::try_from(*length).unwrap()).min(body.len());
            Ok(Answer::Bytes { from: *from, total: body.len() as u64, bytes: body[start..end].to_vec() })
        }
        Ask::Download { to, .. } => Ok(Answer::Saved { path: format!("/tmp/{to}"), bytes: 9 }),
        Ask::Save { to, text } => Ok(Answer::Saved { path: to.clone(), bytes: text.len() as u64 }),
        Ask::Presign { put, .. } => {
            let of = if *put { "PUT" } else { "GET" };
            Ok(Answer::Text(format!(
                "http://127.0.0.1:4566/assets/config.json?X-Amz-Algorithm={of}&X-Amz-Signature=0123456789abcdef0123456789abcdef"
            )))
        }
        Ask::Upload { .. } | Ask::DeleteObjects(_) => Ok(Answer::Done(String::new())),
        _ => return None,
    })
}

/// The view over these buckets, after `keys`.
pub(super) fn stage(look: Look, size: (u16, u16), keys: &str) -> Stage {
    stage_of(look, size, keys, answer)
}

pub(super) fn stage_of(
    look: Look,
    size: (u16, u16),
    keys: &str,
    answers: impl FnMut(&Ask) -> Answered + 'static,
) -> Stage {
    let mut stage = Stage::new(look, size, answers);
    stage.press("2");
    // A picture is what the view looks at.
    for key in keys.split(' ') {
        stage.drawn();
        stage.press(key);
    }
    stage.drawn();
    stage.wait(400);
    stage
}
