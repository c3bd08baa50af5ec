//! A call as its history has it, and the answer to it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// Which of AWS's services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    #[serde(rename = "dynamodb")]
    DynamoDb,
    S3,
}

/// One call: an operation of AWS, and its input with AWS's member names.
///
/// The input holds placeholders, which each reference fills by itself: see [`crate::names`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    pub service: Service,
    pub operation: String,
    pub input: Json,
    /// How it is made, where it is not just sent.
    #[serde(default, skip_serializing_if = "Manner::is_plain")]
    pub manner: Manner,
}

/// How a call is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Manner {
    /// Sent once.
    #[default]
    Plain,
    /// Sent again and again, each time with what the page before says, until there is no more. The answer is the list of
    /// all pages.
    Pages,
    /// Sent so many times at once. The answer is the list of all answers, sorted.
    Race(u8),
}

impl Manner {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
    pub fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}

impl Call {
    pub fn dynamodb(operation: &str, input: Json) -> Self {
        Self { service: Service::DynamoDb, operation: operation.to_owned(), input, manner: Manner::Plain }
    }

    pub fn s3(operation: &str, input: Json) -> Self {
        Self { service: Service::S3, operation: operation.to_owned(), input, manner: Manner::Plain }
    }

    /// Whether it changes nothing.
    pub fn reads(&self) -> bool {
        let reading = ["Get", "Head", "List", "Describe", "Query", "Scan", "BatchGet", "TransactGet"];
        reading.iter().any(|word| self.operation.starts_with(word))
    }

    pub fn in_pages(self) -> Self {
        Self { manner: Manner::Pages, ..self }
    }

    pub fn at_once(self, times: u8) -> Self {
        Self { manner: Manner::Race(times), ..self }
    }
}

/// An answer, normalised.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The error code; none for a success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The error message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The members of the output, or of the error besides code and message.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub output: Map<String, Json>,
}

/// What is compared, each for itself: `outcome` (status and error code), `message`, each member of the output, and of some
/// of them (`Table.TableStatus`) each member.
pub type Aspects = BTreeMap<String, Json>;

impl Answer {
    /// A success with this output.
    pub fn ok(output: Json) -> Self {
        let Json::Object(output) = output else { panic!("an output is an object: {output}") };
        Self { status: 200, output, ..Self::default() }
    }

    /// An error.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self { status, code: Some(code.to_owned()), message: Some(message.to_owned()), ..Self::default() }
    }

    pub fn is_ok(&self) -> bool {
        self.code.is_none()
    }

    /// Status and error code, in a word.
    pub fn outcome(&self) -> String {
        self.code.as_ref().map_or_else(|| self.status.to_string(), |code| format!("{} {code}", self.status))
    }

    pub fn aspects(&self) -> Aspects {
        let mut aspects = Aspects::from([("outcome".to_owned(), self.outcome().into())]);
        aspects.extend(self.message.iter().map(|message| ("message".to_owned(), Json::from(message.as_str()))));
        self.output.iter().for_each(|(name, value)| spread(name, value, &mut aspects));
        aspects
    }
}

/// The outputs whose members are aspects of their own, and so on.
const SPREAD: [&str; 4] = ["ConsumedCapacity", "Table", "TableDescription", "TimeToLiveDescription"];

fn spread(path: &str, value: &Json, aspects: &mut Aspects) {
    match value {
        Json::Object(members) if SPREAD.contains(&path.split('.').next().unwrap_or_default()) => {
            members.iter().for_each(|(name, value)| spread(&format!("{path}.{name}"), value, aspects));
        }
        value => drop(aspects.insert(path.to_owned(), value.clone())),
    }
}
