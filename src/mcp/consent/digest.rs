//! Which call it is, so that a yes is for exactly that one.

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::hex::hex;
use crate::mcp::Target;

/// A secret of this process: what a digest is of cannot be guessed from it.
#[derive(Debug)]
pub(super) struct Salt([Uuid; 2]);

impl Salt {
    pub(super) fn new() -> Self {
        Self([Uuid::new_v4(), Uuid::new_v4()])
    }

    /// The digest of a call, with what a file is told by that it reads. `confirm` is left out: it counts for nothing here, so that a call with it is the same.
    pub(super) fn digest(
        &self,
        session: Uuid,
        tool: &str,
        target: &Target,
        arguments: &Map<String, Value>,
        file: Option<&str>,
    ) -> String {
        let arguments: Map<_, _> = arguments
            .iter()
            .filter(|(name, _)| *name != "confirm")
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let to = [
            target.name.as_str(),
            &target.kind.to_string(),
            target.account.as_deref().unwrap_or_default(),
            &target.region,
        ];
        let call = serde_json::json!([session, tool, to, sorted(&Value::Object(arguments)), file]);
        let mut hash = Sha256::new();
        self.0.iter().for_each(|part| hash.update(part.as_bytes()));
        hash.update(call.to_string().as_bytes());
        hex(&hash.finalize())
    }
}

/// The same value with its members in order.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(sorted).collect(),
        Value::Object(members) => {
            let mut names: Vec<_> = members.keys().collect();
            names.sort_unstable();
            names.into_iter().map(|name| (name.clone(), sorted(&members[name]))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}
