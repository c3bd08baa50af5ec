//! Data between targets: items and objects copied, with fields veiled on the way, and two places compared.
//!
//! Both sides are reached through their bridges, so that each call stays within what its own target allows. What is read
//! is held in memory a page at a time.

mod compare;
mod objects;
mod place;
mod tables;
mod veil;

pub(crate) use compare::{Compared, Difference, Side, compare};
pub(crate) use objects::{Objects, Reader as ObjectReader, copy as copy_objects, count as count_objects};
pub(crate) use place::{Data, Place};
pub(crate) use tables::{Reader as ItemReader, Wanted, copy as copy_items, count as count_items};
pub(crate) use veil::{Secret, Veils};

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How far a copy is.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Items or objects that are written.
    pub(crate) copied: AtomicU64,
    /// The bytes of objects that are written.
    pub(crate) bytes: AtomicU64,
}

impl Tally {
    pub(crate) fn copied(&self) -> u64 {
        self.copied.load(Relaxed)
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }
}
