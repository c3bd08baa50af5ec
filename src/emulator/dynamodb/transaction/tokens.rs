//! Client request tokens: a transaction that was done is not done again for ten minutes.
//!
//! A token's row is found by account, region and token, and again by when it ends, so that the tokens that are over can
//! be removed without looking at the others.

use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};

use crate::emulator::dynamodb::error;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, StoreError, Table, Txn, key};

/// For so long, in milliseconds, a token is good (API reference).
const LIFE: u64 = 10 * 60 * 1000;
/// So many of those that are over go with each transaction: more than the one that comes.
const SWEPT: usize = 8;

const BY_TOKEN: u8 = 0;
const BY_END: u8 = 1;

/// A request's token.
#[derive(Debug, Clone)]
pub struct Token {
    row: Vec<u8>,
    /// What the request asks for, whatever the order of its members.
    request: [u8; 32],
}

impl Token {
    /// The token of a request with these members, `token` itself left out.
    #[must_use]
    pub fn new(account: &str, region: &str, token: &str, request: &Map<String, Json>) -> Self {
        let mut row = vec![BY_TOKEN];
        row.extend(key::composite(&[account.as_bytes(), region.as_bytes(), token.as_bytes()]));
        Self { row, request: Sha256::digest(Json::Object(members(request)).to_string()).into() }
    }

    /// What tells it from all other tokens.
    #[must_use]
    pub fn id(&self) -> &[u8] {
        &self.row
    }

    /// Whether this very request was done less than ten minutes before `now`; refuses one that only has its token.
    pub fn done(&self, rows: &impl Read, now: u64) -> Result<bool, AwsError> {
        match stored(rows, &self.row)? {
            Some((end, _)) if end <= now => Ok(false),
            Some((_, request)) if request == self.request => Ok(true),
            Some(_) => Err(AwsError::new(
                400,
                "IdempotentParameterMismatchException",
                "DynamoDB rejected the request because you retried a request with a different payload but with an \
                 idempotent token that was already used.",
            )),
            None => Ok(false),
        }
    }

    /// Remembers that the request was done, and forgets some tokens that are over.
    pub fn remember(&self, txn: &mut Txn<'_>, now: u64) -> Result<(), AwsError> {
        if let Some((end, _)) = stored(txn, &self.row)? {
            txn.delete(Table::Tokens, by_end(end, &self.row));
        }
        sweep(txn, now)?;
        let end = now.saturating_add(LIFE);
        txn.put(Table::Tokens, self.row.clone(), [end.to_be_bytes().as_slice(), &self.request].concat());
        txn.put(Table::Tokens, by_end(end, &self.row), Vec::new());
        Ok(())
    }
}

/// The refusal of a request whose token another has that is under way.
#[must_use]
pub fn in_progress() -> AwsError {
    AwsError::new(
        400,
        "TransactionInProgressException",
        "The transaction with the given request token is already in progress.",
    )
}

/// Deletes a few of the tokens that are over.
fn sweep(txn: &mut Txn<'_>, now: u64) -> Result<(), AwsError> {
    let head = 1 + size_of::<u64>();
    let rows = txn.prefix(Table::Tokens, &[BY_END])?.take(SWEPT);
    let keys: Vec<_> = rows.map(|row| Ok(row?.key().to_vec())).collect::<Result<_, StoreError>>()?;
    let over = |key: &Vec<u8>| end_of(key.get(1..head)).is_some_and(|end| end <= now);
    for key in keys.into_iter().take_while(over) {
        txn.delete(Table::Tokens, key[head..].to_vec());
        txn.delete(Table::Tokens, key);
    }
    Ok(())
}

/// When the token of this row ends, and what it was used for.
fn stored(rows: &impl Read, row: &[u8]) -> Result<Option<(u64, Vec<u8>)>, AwsError> {
    let Some(stored) = rows.get(Table::Tokens, row)? else { return Ok(None) };
    match (end_of(stored.get(..8)), stored.get(8..)) {
        (Some(end), Some(request)) => Ok(Some((end, request.to_vec()))),
        _ => Err(error::damaged("a client token's row")),
    }
}

fn by_end(end: u64, row: &[u8]) -> Vec<u8> {
    [&[BY_END], end.to_be_bytes().as_slice(), row].concat()
}

fn end_of(bytes: Option<&[u8]>) -> Option<u64> {
    bytes.and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes)
}

/// The same JSON with the members of its objects in one order, and without those that are null.
fn canonical(json: &Json) -> Json {
    match json {
        Json::Object(members) => {
            let mut members: Vec<_> = members.iter().filter(|(_, value)| !value.is_null()).collect();
            members.sort_by_key(|(name, _)| name.as_str());
            Json::Object(
                members.into_iter().map(|(name, value)| (name.clone(), canonical(value))).collect::<Map<_, _>>(),
            )
        }
        Json::Array(elements) => elements.iter().map(canonical).collect(),
        other => other.clone(),
    }
}

fn members(object: &Map<String, Json>) -> Map<String, Json> {
    let mut members: Vec<_> = object.iter().filter(|(_, value)| !value.is_null()).collect();
    members.sort_by_key(|(name, _)| name.as_str());
    members.into_iter().map(|(name, value)| (name.clone(), canonical(value))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::emulator::store::{Medium, Store};

    fn token(name: &str, request: &Json) -> Token {
        Token::new("000000000000", "us-east-1", name, request.as_object().unwrap())
    }

    async fn remember(store: &Store, token: &Token, now: u64) {
        let token = token.clone();
        store.write(move |txn| token.remember(txn, now)).await.unwrap();
    }

    fn rows(store: &Store) -> usize {
        let all = (std::ops::Bound::Unbounded, std::ops::Bound::Unbounded);
        store.read().unwrap().range(Table::Tokens, all, false).unwrap().count()
    }

    #[tokio::test]
    async fn a_token_is_good_for_ten_minutes_and_one_request() {
        let store = Store::open(Medium::Memory).unwrap();
        let (first, other) = (token("t", &json!({"a": 1, "b": null})), token("t", &json!({"a": 2})));
        assert_eq!(first.done(&store.read().unwrap(), 0), Ok(false));
        remember(&store, &first, 1000).await;
        let read = store.read().unwrap();
        assert_eq!(first.done(&read, 1000 + LIFE - 1), Ok(true));
        assert_eq!(token("t", &json!({"b": null, "a": 1})).done(&read, 1000), Ok(true));
        assert_eq!(other.done(&read, 1000).unwrap_err().code, "IdempotentParameterMismatchException");
        assert_eq!(other.done(&read, 1000 + LIFE), Ok(false));
        assert_eq!(Token::new("000000000000", "eu-west-1", "t", &Map::new()).done(&read, 1000), Ok(false));
    }

    #[tokio::test]
    async fn tokens_that_are_over_go_as_others_come() {
        let store = Store::open(Medium::Memory).unwrap();
        for n in 0..20 {
            remember(&store, &token(&format!("t{n}"), &json!({})), 0).await;
        }
        assert_eq!(rows(&store), 40);
        for n in 0..4 {
            remember(&store, &token(&format!("u{n}"), &json!({})), LIFE).await;
        }
        assert_eq!(rows(&store), 8);
        remember(&store, &token("u0", &json!({"again": true})), LIFE).await;
        assert_eq!(rows(&store), 8, "a token that is used again has one end");
    }
}
