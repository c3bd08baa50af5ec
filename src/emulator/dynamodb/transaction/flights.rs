//! Items that requests under way write.
//!
//! The store's writer serialises all writes, so no two ever disturb each other. But on AWS a transaction under way shuts
//! others out, and applications must be ready for that. So a write is entered here when its request is found valid, and
//! leaves when it is durable: what arrives in between meets it. Who sends one request after another never does.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::cancel::{self, Reason, Reasons};
use crate::emulator::error::AwsError;

/// The keys of rows that requests under way write.
#[derive(Debug, Default)]
pub struct Flights(Mutex<HashMap<Vec<u8>, Under>>);

/// Who writes a row.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Under {
    transactions: usize,
    writes: usize,
}

/// A request under way, until dropped.
#[derive(Debug)]
pub struct Flight {
    flights: Arc<Flights>,
    keys: Vec<Vec<u8>>,
    transaction: bool,
}

impl Flights {
    /// Enters a transaction, unless another has one of its items.
    pub fn transaction(self: &Arc<Self>, keys: Vec<Vec<u8>>) -> Result<Flight, AwsError> {
        self.enter(keys, true).map_err(|taken| refused(&taken))
    }

    /// Enters a write that is none of a transaction, unless a transaction has its item.
    pub fn write(self: &Arc<Self>, key: Vec<u8>) -> Result<Flight, AwsError> {
        self.enter(vec![key], false).map_err(|_| cancel::conflict())
    }

    /// Enters the writes of a batch. Those whose item a transaction has are waited for, not refused: BatchWriteItem has no
    /// such exception.
    #[must_use]
    pub fn batch(self: &Arc<Self>, keys: Vec<Vec<u8>>) -> Flight {
        let mut all = self.lock();
        for key in &keys {
            all.entry(key.clone()).or_default().writes += 1;
        }
        drop(all);
        Flight { flights: Arc::clone(self), keys, transaction: false }
    }

    /// Refuses a reading transaction where anybody writes one of its items.
    pub fn check_read(&self, keys: &[Vec<u8>]) -> Result<(), AwsError> {
        let all = self.lock();
        let reasons: Reasons = keys.iter().map(|key| all.contains_key(key).then(Reason::conflict)).collect();
        reasons.check()
    }

    /// Enters all of `keys`, or says which of them a transaction has.
    fn enter(self: &Arc<Self>, keys: Vec<Vec<u8>>, transaction: bool) -> Result<Flight, Vec<bool>> {
        let mut all = self.lock();
        let taken: Vec<_> = keys.iter().map(|key| all.get(key).is_some_and(|under| under.transactions > 0)).collect();
        if taken.contains(&true) {
            return Err(taken);
        }
        for key in &keys {
            let under = all.entry(key.clone()).or_default();
            *(if transaction { &mut under.transactions } else { &mut under.writes }) += 1;
        }
        drop(all);
        Ok(Flight { flights: Arc::clone(self), keys, transaction })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Vec<u8>, Under>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refused(taken: &[bool]) -> AwsError {
    let reasons: Reasons = taken.iter().map(|taken| taken.then(Reason::conflict)).collect();
    reasons.check().err().unwrap_or_else(cancel::conflict)
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut all = self.flights.lock();
        for key in std::mem::take(&mut self.keys) {
            if let Entry::Occupied(mut under) = all.entry(key) {
                let count = under.get_mut();
                let of = if self.transaction { &mut count.transactions } else { &mut count.writes };
                *of = of.saturating_sub(1);
                if *count == Under::default() {
                    under.remove();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T>(outcome: Result<T, AwsError>) -> String {
        outcome.err().map(|error| error.code.into_owned()).unwrap_or_default()
    }

    #[test]
    fn a_transaction_shuts_out_others_until_it_ends() {
        let flights = Arc::new(Flights::default());
        let first = flights.transaction(vec![b"a".to_vec(), b"b".to_vec()]).unwrap();
        let second = flights.transaction(vec![b"c".to_vec(), b"b".to_vec()]).unwrap_err();
        assert!(second.message.ends_with("[None, TransactionConflict]"), "{}", second.message);
        assert_eq!(code(flights.write(b"a".to_vec())), "TransactionConflictException");
        assert_eq!(code(flights.check_read(&[b"a".to_vec()])), "TransactionCanceledException");
        assert!(flights.write(b"c".to_vec()).is_ok());
        drop(first);
        assert!(flights.write(b"a".to_vec()).is_ok());
        assert!(flights.lock().is_empty());
    }

    #[test]
    fn writes_shut_out_nobody_but_reading_transactions() {
        let flights = Arc::new(Flights::default());
        let (one, two) = (flights.write(b"a".to_vec()).unwrap(), flights.batch(vec![b"a".to_vec()]));
        let transaction = flights.transaction(vec![b"a".to_vec()]).unwrap();
        drop((one, transaction));
        assert_eq!(code(flights.check_read(&[b"a".to_vec()])), "TransactionCanceledException");
        drop(two);
        assert_eq!(flights.check_read(&[b"a".to_vec()]), Ok(()));
        assert!(flights.lock().is_empty());
    }
}
