//! From values to DynamoDB JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use super::{Item, Value};

impl Value {
    /// Appends the value's DynamoDB JSON, such as `{"S":"text"}`.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"");
        out.extend_from_slice(self.kind().name().as_bytes());
        out.extend_from_slice(b"\":");
        match self {
            Self::S(text) => write_text(text, out),
            Self::N(number) => write_plain(&number.to_string(), out),
            Self::B(bytes) => write_base64(bytes, out),
            Self::Bool(true) | Self::Null => out.extend_from_slice(b"true"),
            Self::Bool(false) => out.extend_from_slice(b"false"),
            Self::M(map) => write_item(map, out),
            Self::L(list) => write_list(list, out, Self::write_json),
            Self::Ss(set) => write_list(set, out, |text, out| write_text(text, out)),
            Self::Ns(set) => write_list(set, out, |number, out| write_plain(&number.to_string(), out)),
            Self::Bs(set) => write_list(set, out, |bytes, out| write_base64(bytes, out)),
        }
        out.push(b'}');
    }

    /// The value's DynamoDB JSON as a tree.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let inner = match self {
            Self::S(text) => json!(text),
            Self::N(number) => json!(number.to_string()),
            Self::B(bytes) => json!(STANDARD.encode(bytes)),
            Self::Bool(value) => json!(value),
            Self::Null => json!(true),
            Self::M(map) => item_to_json(map),
            Self::L(list) => list.iter().map(Self::to_json).collect(),
            Self::Ss(set) => json!(set),
            Self::Ns(set) => set.iter().map(ToString::to_string).collect(),
            Self::Bs(set) => set.iter().map(|bytes| STANDARD.encode(bytes)).collect(),
        };
        json!({ self.kind().name(): inner })
    }
}

/// An item's DynamoDB JSON as a tree.
#[must_use]
pub fn item_to_json(item: &Item) -> Json {
    Json::Object(item.iter().map(|(name, value)| (name.clone(), value.to_json())).collect())
}

/// Appends an item's DynamoDB JSON, attributes in the order of their names.
pub fn write_item(item: &Item, out: &mut Vec<u8>) {
    out.push(b'{');
    for (at, (name, value)) in item.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_text(name, out);
        out.push(b':');
        value.write_json(out);
    }
    out.push(b'}');
}

fn write_list<T>(list: &[T], out: &mut Vec<u8>, write: impl Fn(&T, &mut Vec<u8>)) {
    out.push(b'[');
    for (at, member) in list.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(member, out);
    }
    out.push(b']');
}

/// Text that needs no escapes.
fn write_plain(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

/// A JSON string: quotes, backslashes and control characters escaped, all else as it is.
fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut done = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte >= b' ' && *byte != b'"' && *byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&bytes[done..at]);
        done = at + 1;
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            other => out.extend_from_slice(format!("\\u{other:04x}").as_bytes()),
        }
    }
    out.extend_from_slice(&bytes[done..]);
    out.push(b'"');
}

fn write_base64(bytes: &[u8], out: &mut Vec<u8>) {
    write_plain(&STANDARD.encode(bytes), out);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::any_value;
    use super::*;
    use crate::emulator::dynamodb::wording::Wording;

    proptest! {
        #[test]
        fn writing_and_reading_gives_the_same_value(value in any_value()) {
            let mut bytes = Vec::new();
            value.write_json(&mut bytes);
            let json: Json = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(&json, &value.to_json());
            prop_assert_eq!(super::super::check_shape(&json), Ok(()));
            prop_assert_eq!(Value::from_json(json, Wording::Plain).unwrap(), value);
        }
    }
}
