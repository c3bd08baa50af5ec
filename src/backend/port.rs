//! Whose turn it is to offer the public endpoint, among the processes of one data directory.
//!
//! Two lock files for each configured port, both waited on in a thread, so that the kernel wakes whose turn it is, however
//! the process before it ended. `PORT.lock` is held by the one process that listens. `PORT.serve` is held by a process that
//! insists on the port, from before it asks for it until it ends; meanwhile nobody else's turn comes, however often the
//! first lock changes hands.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::emulator::store::same_file;
use crate::private;

/// The lock files of one port in a data directory.
#[derive(Debug, Clone)]
pub(super) struct Port {
    turn: PathBuf,
    insists: PathBuf,
}

/// The right to listen. Given up when it is dropped, or when the process ends.
#[derive(Debug)]
#[expect(dead_code, reason = "held for the kernel's locks, which end with it")]
pub(super) struct Turn {
    turn: File,
    insists: Option<File>,
}

/// A claim of a process that insists, before its turn has come.
#[derive(Debug)]
pub(super) struct Claim(File);

impl Port {
    /// The port `port` of the data directory whose announcements are in `place`, which is made if it is missing.
    pub fn of(place: &Path, port: u16) -> io::Result<Self> {
        private::directory(place)?;
        Ok(Self { turn: place.join(format!("{port}.lock")), insists: place.join(format!("{port}.serve")) })
    }

    /// The turn, if nobody has it and nobody insists.
    pub fn try_turn(&self) -> io::Result<Option<Turn>> {
        if self.is_insisted_on()? {
            return Ok(None);
        }
        let Some(turn) = try_lock(&self.turn)? else { return Ok(None) };
        // Whoever insists claims first and takes the turn then: seen here, or it waits for this turn's end.
        Ok((!self.is_insisted_on()?).then_some(Turn { turn, insists: None }))
    }

    /// Waits, blocking the thread, until it is this process's turn.
    pub fn wait(&self) -> io::Result<Turn> {
        loop {
            let insists = private::open_or_make(&self.insists)?;
            insists.lock_shared()?;
            drop(insists);
            let turn = private::open_or_make(&self.turn)?;
            turn.lock()?;
            // The file may have been deleted meanwhile, and its successor be another's.
            if same_file(&turn, &self.turn) && !self.is_insisted_on()? {
                return Ok(Turn { turn, insists: None });
            }
        }
    }

    /// Whether a process that insists has the port, or is about to.
    pub fn is_insisted_on(&self) -> io::Result<bool> {
        // Shared, so that two that ask at the same time do not take each other for one that insists.
        let file = private::open_or_make(&self.insists)?;
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Insists on the port, if nobody else does. `None` may also mean that somebody asked at this very moment.
    pub fn try_claim(&self) -> io::Result<Option<Claim>> {
        Ok(try_lock(&self.insists)?.map(Claim))
    }

    /// The turn of one that insists, if nobody has it.
    pub fn try_turn_of(&self, claim: Claim) -> io::Result<Result<Turn, Claim>> {
        Ok(match try_lock(&self.turn)? {
            Some(turn) => Ok(Turn { turn, insists: Some(claim.0) }),
            None => Err(claim),
        })
    }
}

fn try_lock(path: &Path) -> io::Result<Option<File>> {
    let file = private::open_or_make(path)?;
    match file.try_lock() {
        Ok(()) => Ok(same_file(&file, path).then_some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(temp: &tempfile::TempDir) -> Port {
        Port::of(&temp.path().join("endpoints"), 4566).unwrap()
    }

    #[test]
    fn one_has_the_turn_and_the_next_gets_it_when_that_one_ends() {
        let temp = tempfile::tempdir().unwrap();
        let first = port(&temp).try_turn().unwrap().unwrap();
        assert!(port(&temp).try_turn().unwrap().is_none());
        let waiting = port(&temp);
        let waiter = std::thread::spawn(move || waiting.wait().map(drop));
        drop(first);
        waiter.join().unwrap().unwrap();
    }

    #[test]
    fn nobodys_turn_comes_while_another_insists() {
        let temp = tempfile::tempdir().unwrap();
        let polite = port(&temp).try_turn().unwrap().unwrap();
        let claim = port(&temp).try_claim().unwrap().unwrap();
        assert!(port(&temp).try_claim().unwrap().is_none(), "one at a time");
        let claim = port(&temp).try_turn_of(claim).unwrap().unwrap_err();
        drop(polite);
        assert!(port(&temp).try_turn().unwrap().is_none(), "the turn is free, and reserved");
        let insisting = port(&temp).try_turn_of(claim).unwrap().unwrap();
        let waiting = port(&temp);
        let waiter = std::thread::spawn(move || waiting.wait().map(drop));
        drop(insisting);
        waiter.join().unwrap().unwrap();
    }

    #[test]
    fn a_lock_file_that_was_deleted_is_made_anew() {
        let temp = tempfile::tempdir().unwrap();
        let held = port(&temp).try_turn().unwrap().unwrap();
        std::fs::remove_file(temp.path().join("endpoints/4566.lock")).unwrap();
        // Who has the port now, the one that binds it finds out.
        assert!(port(&temp).try_turn().unwrap().is_some());
        drop(held);
    }
}
