//! Cancelled transactions: a reason for each action, in the order of the request.

use serde_json::{Map, Value as Json};

use crate::emulator::dynamodb::index::EMPTIED;
use crate::emulator::error::AwsError;

/// The most that the items of one transaction may have together: 4 MB (API reference).
const MAX_SIZE: usize = 4 * 1024 * 1024;

/// What AWS says of a write, alone or in a transaction, that meets a transaction under way.
const CONFLICT: &str = "Transaction is ongoing for the item";

/// Why one action cancels its transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    code: &'static str,
    message: String,
    item: Option<Json>,
}

impl Reason {
    /// Another transaction has the item.
    #[must_use]
    pub fn conflict() -> Self {
        Self { code: "TransactionConflict", message: CONFLICT.to_owned(), item: None }
    }

    /// The reason that this refusal of one action is, or the error again where it refuses the whole request.
    pub fn of(error: AwsError) -> Result<Self, AwsError> {
        let code = match &*error.code {
            "ConditionalCheckFailedException" => "ConditionalCheckFailed",
            "ValidationException" if !error.message.starts_with(EMPTIED) => "ValidationError",
            "ItemCollectionSizeLimitExceededException" => "ItemCollectionSizeLimitExceeded",
            _ => return Err(error),
        };
        let item = error.members.into_iter().find(|(name, _)| name == "Item").map(|(_, item)| item);
        Ok(Self { code, message: error.message, item })
    }

    fn show(self) -> Json {
        let mut shown = Map::new();
        shown.insert("Code".to_owned(), self.code.into());
        shown.insert("Message".to_owned(), self.message.into());
        shown.extend(self.item.map(|item| ("Item".to_owned(), item)));
        Json::Object(shown)
    }
}

/// The reasons of a transaction's actions so far.
#[derive(Debug, Default)]
pub struct Reasons(Vec<Option<Reason>>);

impl Reasons {
    /// Takes the outcome of the next action: what it gives, if it goes well. An error that is no reason ends the whole.
    pub fn take<T>(&mut self, outcome: Result<T, AwsError>) -> Result<Option<T>, AwsError> {
        let (reason, given) = match outcome {
            Ok(given) => (None, Some(given)),
            Err(error) => (Some(Reason::of(error)?), None),
        };
        self.0.push(reason);
        Ok(given)
    }

    /// Whether all may go on, or AWS's `TransactionCanceledException`.
    pub fn check(self) -> Result<(), AwsError> {
        if self.0.iter().all(Option::is_none) {
            return Ok(());
        }
        let codes: Vec<_> = self.0.iter().map(|reason| reason.as_ref().map_or("None", |reason| reason.code)).collect();
        let message = format!(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
            codes.join(", ")
        );
        let none = || serde_json::json!({"Code": "None"});
        let reasons: Vec<_> = self.0.into_iter().map(|reason| reason.map_or_else(none, Reason::show)).collect();
        Err(AwsError::new(400, "TransactionCanceledException", message).with("CancellationReasons", reasons))
    }
}

impl FromIterator<Option<Reason>> for Reasons {
    fn from_iter<I: IntoIterator<Item = Option<Reason>>>(reasons: I) -> Self {
        Self(reasons.into_iter().collect())
    }
}

/// A write that is none of a transaction meets one that has its item.
#[must_use]
pub fn conflict() -> AwsError {
    AwsError::new(400, "TransactionConflictException", CONFLICT)
}

/// Refuses a transaction whose items have more than 4 MB together.
pub fn check_size(bytes: usize) -> Result<(), AwsError> {
    if bytes > MAX_SIZE {
        return Err(AwsError::validation("The aggregate size of the items in the transaction exceeds 4 MB"));
    }
    Ok(())
}

/// Two actions on one item.
#[must_use]
pub fn duplicate() -> AwsError {
    AwsError::validation("Transaction request cannot include multiple operations on one item")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_action_has_its_reason_in_its_place() {
        let mut reasons = Reasons::default();
        assert_eq!(reasons.take(Ok(7)), Ok(Some(7)));
        let failed = AwsError::new(400, "ConditionalCheckFailedException", "The conditional request failed");
        assert_eq!(reasons.take::<()>(Err(failed.with("Item", json!({"a": {"S": "x"}})))), Ok(None));
        assert_eq!(reasons.take::<()>(Err(AwsError::validation("wrong"))), Ok(None));
        let error = reasons.check().unwrap_err();
        assert_eq!(
            error.message,
            "Transaction cancelled, please refer cancellation reasons for specific reasons \
             [None, ConditionalCheckFailed, ValidationError]"
        );
        assert_eq!(
            error.members[0].1,
            json!([
                {"Code": "None"},
                {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed", "Item": {"a": {"S": "x"}}},
                {"Code": "ValidationError", "Message": "wrong"},
            ])
        );
    }

    #[test]
    fn what_is_wrong_with_the_store_cancels_nothing() {
        let damaged = AwsError::new(500, "InternalServerError", "damaged");
        assert_eq!(Reasons::default().take::<()>(Err(damaged.clone())), Err(damaged));
        assert_eq!(Reasons::default().check(), Ok(()));
    }
}
