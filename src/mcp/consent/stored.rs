//! What is stored now where a call would write, and what would be stored, where one cheap read can tell.

use serde_json::{Map, Value, json};

use super::permit::Wish;
use crate::json::{from_item, to_item};
use crate::mcp::authorizer::Effect;
use crate::mcp::context::Context;
use crate::mcp::inner::Inner;

/// Bytes of an object's body that are shown.
const BODY: usize = 4096;

/// What a call would change.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub(super) old: Option<Value>,
    pub(super) new: Option<Value>,
    /// What that comes to, in a sentence.
    pub(super) says: Option<String>,
    /// What was found of all that decides about it, to be compared with what is there once a person has said yes; none
    /// where it is not known.
    pub(super) seen: Option<Value>,
}

/// What the call would change, as far as that is cheap to know.
pub(super) async fn of(bridge: &Inner, wish: &Wish<'_>) -> Change {
    if wish.access.effect != Effect::Write || wish.shares() {
        return Change::default();
    }
    let (context, arguments) = (&bridge.context, wish.arguments);
    match wish.tool {
        "s3_put_object" | "s3_copy_object" | "s3_delete_objects" => {
            let Some((bucket, key)) = wish.access.resources.first().and_then(|resource| object_of(&resource.uri))
            else {
                return Change::default();
            };
            let (old, source) = tokio::join!(Box::pin(object(context, bucket, key)), source(context, wish));
            let mut change = of_object(wish.tool, old, arguments);
            if let (Some(seen), Some(source)) = (&mut change.seen, source) {
                *seen = json!([seen, source]);
                change.new = Some(source);
            }
            change
        }
        "dynamodb_update_item" => Box::pin(of_item(context, arguments, arguments.get("key"), None)).await,
        "dynamodb_delete_items" => {
            Box::pin(of_item(context, arguments, only(arguments, "keys"), Some(Value::Null))).await
        }
        "dynamodb_put_items" => {
            let item = only(arguments, "items");
            let key = match item.and_then(Value::as_object) {
                Some(item) => Box::pin(key_of(context, arguments, item)).await,
                None => None,
            };
            Box::pin(of_item(context, arguments, key.as_ref(), item.cloned())).await
        }
        _ => Change::default(),
    }
}

/// The only element of a list, where there is one.
fn only<'a>(arguments: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    match arguments.get(name)?.as_array()?.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

fn object_of(uri: &str) -> Option<(&str, &str)> {
    uri.strip_prefix("s3://")?.split_once('/')
}

/// What is known of something that is stored, or is not.
enum Known {
    Nothing,
    Old(Value),
    Unknown,
}

impl Known {
    fn seen(&self) -> Option<Value> {
        match self {
            Self::Nothing => Some(Value::Null),
            Self::Old(old) => Some(old.clone()),
            Self::Unknown => None,
        }
    }
}

async fn object(context: &Context, bucket: &str, key: &str) -> Known {
    let got = context.s3.get_object().bucket(bucket).key(key).range(format!("bytes=0-{}", BODY - 1)).send().await;
    let got = match got {
        Ok(got) => got,
        Err(error) => {
            return match error.as_service_error().and_then(|error| error.meta().code()) {
                Some("NoSuchKey" | "NotFound") => Known::Nothing,
                Some("InvalidRange") => Known::Old(json!({ "size": 0 })),
                _ => Known::Unknown,
            };
        }
    };
    let size = got.content_range().and_then(|range| range.rsplit('/').next()?.parse::<u64>().ok());
    let mut old = json!({ "size": size, "etag": got.e_tag(), "content_type": got.content_type() });
    let whole = size.is_some_and(|size| size <= BODY as u64);
    if let Ok(body) = got.body.collect().await
        && let Ok(text) = String::from_utf8(body.to_vec())
    {
        old["text"] = if whole { text.into() } else { format!("{text}…").into() };
    }
    Known::Old(old)
}

/// The object that is copied, as it is now.
async fn source(context: &Context, wish: &Wish<'_>) -> Option<Value> {
    let uri = &wish.access.resources.get(1).filter(|_| wish.tool == "s3_copy_object")?.uri;
    let (bucket, key) = object_of(uri)?;
    let version = wish.arguments.get("version_id").and_then(Value::as_str).map(str::to_owned);
    let head = context.s3.head_object().bucket(bucket).key(key).set_version_id(version).send().await.ok()?;
    Some(json!({ "copy_of": uri, "size": head.content_length(), "etag": head.e_tag() }))
}

fn of_object(tool: &str, old: Known, arguments: &Map<String, Value>) -> Change {
    let new = (tool == "s3_put_object").then(|| {
        let given = ["text", "json", "base64", "file", "content_type", "metadata"];
        let given = given.into_iter().filter_map(|name| Some((name.to_owned(), arguments.get(name)?.clone())));
        Value::Object(given.collect())
    });
    let deletes = tool == "s3_delete_objects";
    let seen = old.seen();
    match old {
        Known::Nothing if deletes => {
            Change { says: Some("there is no such object".to_owned()), seen, ..Change::default() }
        }
        Known::Nothing => Change { old: None, new, says: Some("it makes a new object".to_owned()), seen },
        Known::Old(old) => {
            let says = if deletes { "it deletes an object" } else { "it replaces an object" };
            Change { old: Some(old), new, says: Some(says.to_owned()), seen }
        }
        Known::Unknown => Change { new, ..Change::default() },
    }
}

/// `new`: the item that is put, `Null` where one is deleted, none where one is changed.
async fn of_item(context: &Context, arguments: &Map<String, Value>, key: Option<&Value>, new: Option<Value>) -> Change {
    let old = match (key, arguments.get("table").and_then(Value::as_str)) {
        (Some(key), Some(table)) => item(context, table, key).await,
        _ => Known::Unknown,
    };
    let seen = old.seen();
    let (found, says) = match (old, &new) {
        (Known::Nothing, Some(Value::Null)) => (None, "there is no such item"),
        (Known::Nothing, _) => (None, "it makes a new item"),
        (Known::Old(old), Some(Value::Null)) => (Some(old), "it deletes an item"),
        (Known::Old(old), Some(_)) => (Some(old), "it replaces an item"),
        (Known::Old(old), None) => (Some(old), "it changes an item"),
        (Known::Unknown, _) => return Change { new: new.filter(|new| !new.is_null()), ..Change::default() },
    };
    Change { old: found, new: new.filter(|new| !new.is_null()), says: Some(says.to_owned()), seen }
}

async fn item(context: &Context, table: &str, key: &Value) -> Known {
    let Ok(key) = to_item(key, "key") else { return Known::Unknown };
    match context.dynamodb.get_item().table_name(table).set_key(Some(key)).send().await {
        Ok(got) => got.item.map_or(Known::Nothing, |item| from_item(&item).map_or(Known::Unknown, Known::Old)),
        Err(_) => Known::Unknown,
    }
}

/// The key of an item that is put.
async fn key_of(context: &Context, arguments: &Map<String, Value>, item: &Map<String, Value>) -> Option<Value> {
    let table = arguments.get("table").and_then(Value::as_str)?;
    let described = context.dynamodb.describe_table().table_name(table).send().await.ok()?.table?;
    let names = described.key_schema().iter().map(|element| element.attribute_name().to_owned());
    let key: Option<Map<String, Value>> =
        names.map(|name| item.get(&name).map(|value| (name.clone(), value.clone()))).collect();
    key.map(Value::Object)
}
