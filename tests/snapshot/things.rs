//! The state as a list of tables, buckets and objects, and which of them URIs mean.

use std::collections::BTreeMap;

use serde_json::Value;

/// Something that is stored: a table, a bucket's own settings, an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    Table { account: String, region: String, name: String },
    Bucket(String),
    Object(String, String),
}

/// What each thing is.
pub type Things = BTreeMap<Thing, String>;

/// Of all that a snapshot as text has.
pub fn of(state: &str) -> Things {
    let mut things = Things::new();
    let mut about = None;
    for line in state.lines().skip(1) {
        let json: Value = serde_json::from_str(line).unwrap();
        let (kind, said) = json.as_object().unwrap().iter().next().unwrap();
        let text = |name: &str| said[name].as_str().unwrap().to_owned();
        match kind.as_str() {
            "table" => {
                about = Some(Thing::Table { account: text("account"), region: text("region"), name: text("name") });
            }
            "bucket" => about = Some(Thing::Bucket(text("name"))),
            "object" => {
                let Some(Thing::Bucket(bucket) | Thing::Object(bucket, _)) = about else { panic!("{line}") };
                about = Some(Thing::Object(bucket, text("key")));
            }
            "end" => break,
            _ => {}
        }
        let whole = things.entry(about.clone().unwrap()).or_default();
        whole.push_str(line);
        whole.push('\n');
    }
    things
}

/// How the ends of URIs are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// Each names one thing.
    Exact,
    /// A star stands for what begins so.
    Star,
    /// And so does a slash.
    StarOrSlash,
}

/// Whether one of `uris` means `thing`, tables being of this account and region.
pub fn means(uris: &[String], ends: Ends, (account, region): (&str, &str), thing: &Thing) -> bool {
    uris.iter().any(|uri| match thing {
        Thing::Table { account: of, region: at, name } => {
            *uri == format!("dynamodb://{name}") && (of.as_str(), at.as_str()) == (account, region)
        }
        Thing::Bucket(bucket) => *uri == format!("s3://{bucket}"),
        Thing::Object(bucket, key) => {
            let Some(rest) = uri.strip_prefix(&format!("s3://{bucket}")) else { return false };
            let Some(named) = rest.strip_prefix('/') else { return rest.is_empty() };
            match named.strip_suffix('*') {
                Some(start) if ends != Ends::Exact => key.starts_with(start),
                None if ends == Ends::StarOrSlash && named.ends_with('/') => key.starts_with(named),
                _ => key == named,
            }
        }
    })
}

/// `now`, but for what `inside` says, which is as `then`.
pub fn mixed(then: &Things, now: &Things, inside: impl Fn(&Thing) -> bool) -> Things {
    let of = |things: &Things, wanted: bool| {
        let chosen = things.iter().filter(|(thing, _)| inside(thing) == wanted);
        chosen.map(|(thing, what)| (thing.clone(), what.clone())).collect::<Things>()
    };
    of(then, true).into_iter().chain(of(now, false)).collect()
}
