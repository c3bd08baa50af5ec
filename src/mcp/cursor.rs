//! Cursors: opaque, bound to the call that gave them, and good after a restart, since they hold all that they mean.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::error::ToolError;
use crate::backend::aws::Target;

/// What a cursor is bound to: the tool and its arguments, those apart that may change between pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binding(String);

#[derive(Serialize, Deserialize)]
struct Sealed<T> {
    b: String,
    p: T,
}

impl Binding {
    /// The binding of a call of `tool` with these arguments, as their type writes them.
    pub(crate) fn of(target: &Target, tool: &str, arguments: &impl Serialize) -> Self {
        let mut value = serde_json::to_value(arguments).unwrap_or_default();
        if let Value::Object(map) = &mut value {
            map.retain(|name, value| !value.is_null() && !matches!(name.as_str(), "cursor" | "limit"));
        }
        let digest =
            Sha256::digest(format!("{} {} {}\n{tool}\n{}", target.name, target.kind, target.region, sorted(value)));
        Self(URL_SAFE_NO_PAD.encode(&digest[..9]))
    }

    /// A cursor that holds this position.
    pub(crate) fn seal(&self, position: &impl Serialize) -> Result<String, ToolError> {
        let sealed = serde_json::to_vec(&Sealed { b: self.0.clone(), p: position })
            .map_err(|error| ToolError::new("internal", error.to_string()))?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The position in a cursor, where it was given for this call.
    pub(crate) fn open<T: DeserializeOwned>(&self, cursor: &str) -> Result<T, ToolError> {
        let sealed: Sealed<T> = URL_SAFE_NO_PAD
            .decode(cursor)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or_else(|| ToolError::arguments("cursor: not one of ours; pass it exactly as it was given"))?;
        if sealed.b == self.0 {
            Ok(sealed.p)
        } else {
            Err(ToolError::arguments(
                "cursor: given for other arguments; repeat the call that gave it and change only cursor and limit",
            ))
        }
    }
}

/// The same value with every object's members in order of their names.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut members: Vec<_> = map.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            members.sort_unstable_by(|a, b| a.0.cmp(&b.0));
            Value::Object(Map::from_iter(members))
        }
        Value::Array(elements) => Value::Array(elements.into_iter().map(sorted).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cursor_opens_only_for_the_arguments_that_gave_it() {
        let here = Target::local("us-east-1");
        let args = json!({"table": "t", "values": {"a": 1, "b": 2}, "limit": 5, "fields": null});
        let cursor = Binding::of(&here, "scan", &args).seal(&json!({"at": 7})).unwrap();
        let same = json!({"values": {"b": 2, "a": 1}, "table": "t", "cursor": cursor, "limit": 9});
        assert_eq!(Binding::of(&here, "scan", &same).open::<Value>(&cursor).unwrap(), json!({"at": 7}));
        let other = Binding::of(&here, "scan", &json!({"table": "u"}));
        assert!(other.open::<Value>(&cursor).unwrap_err().message.contains("other arguments"));
        assert!(other.open::<Value>("nonsense!").is_err());
        assert!(Binding::of(&Target::local("eu-west-1"), "scan", &args).open::<Value>(&cursor).is_err());
        assert!(cursor.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    }
}
