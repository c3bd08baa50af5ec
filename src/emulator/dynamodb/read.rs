//! Reading a page of rows: up to a limit and 1 MB, filtered and projected.

use super::expression::{Condition, Projection};
use super::item::Row;
use super::key::KeyRange;
use super::table::Table;
use super::value::write_item;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Table as Rows};

/// The most that a page evaluates: 1 MB of items as AWS counts them (Query's and Scan's reference).
pub const PAGE_BYTES: usize = 1024 * 1024;
/// Pages of at most so many items with nothing to evaluate are read where they are asked for.
const SHORT: usize = 100;

/// One of the parts that a parallel Scan divides a table into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Which one, from 0.
    pub number: u32,
    /// Of how many.
    pub of: u32,
}

impl Segment {
    /// Whether the partition with this prefix belongs to the segment: all items of a partition fall into one.
    #[must_use]
    pub fn holds(self, partition: &[u8]) -> bool {
        crc32fast::hash(partition) % self.of == self.number
    }
}

/// What is to be read.
#[derive(Debug)]
pub struct Page {
    /// The rows, after the one where the last page ended.
    pub range: KeyRange,
    /// Whether to start at the range's end.
    pub reverse: bool,
    /// The most items to evaluate.
    pub limit: Option<usize>,
    /// Which of the evaluated items are shown.
    pub filter: Option<Condition>,
    /// What is shown of them.
    pub projection: Option<Projection>,
    /// Whether they are only counted.
    pub count_only: bool,
    /// The segment, in a parallel Scan.
    pub segment: Option<Segment>,
}

/// What was read.
#[derive(Debug)]
pub struct Found {
    /// A JSON array of the items.
    pub items: Vec<u8>,
    /// How many they are.
    pub count: usize,
    /// How many were evaluated.
    pub scanned: usize,
    /// The size of those that were evaluated.
    pub bytes: usize,
    /// The row of the last item evaluated, where the page ended before the range did.
    pub last: Option<Vec<u8>>,
}

impl Page {
    /// Whether reading it takes a few microseconds.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.limit.is_some_and(|limit| limit <= SHORT)
            && self.filter.is_none()
            && self.projection.is_none()
            && self.segment.is_none()
    }

    /// Reads the page. Takes no more rows from the store than it evaluates, and the one that no longer fits.
    pub fn read(&self, rows: &impl Read, table: &Table) -> Result<Found, AwsError> {
        let mut found = Found { items: vec![b'['], count: 0, scanned: 0, bytes: 0, last: None };
        let mut last: Option<crate::emulator::store::Row<'_>> = None;
        let mut more = false;
        for next in rows.range(Rows::Items, self.range.clone(), self.reverse)? {
            let stored = next?;
            if let Some(segment) = self.segment
                && !segment.holds(table.schema.partition_of(stored.key()))
            {
                continue;
            }
            let row = Row::read(stored.value())?;
            if found.bytes + row.size > PAGE_BYTES {
                more = true;
                break;
            }
            found.evaluate(self, &row)?;
            last = Some(stored);
            if self.limit.is_some_and(|limit| found.scanned >= limit) {
                more = true;
                break;
            }
        }
        found.items.push(b']');
        found.last = last.filter(|_| more).map(|row| row.value().to_vec());
        Ok(found)
    }
}

impl Found {
    fn evaluate(&mut self, page: &Page, row: &Row<'_>) -> Result<(), AwsError> {
        self.scanned += 1;
        self.bytes += row.size;
        let item = if page.filter.is_some() || page.projection.is_some() { Some(row.item()?) } else { None };
        if let (Some(filter), Some(item)) = (&page.filter, &item)
            && !filter.matches(item)
        {
            return Ok(());
        }
        self.count += 1;
        if page.count_only {
            return Ok(());
        }
        if self.items.len() > 1 {
            self.items.push(b',');
        }
        match (&page.projection, &item) {
            (Some(projection), Some(item)) => write_item(&projection.apply(item), &mut self.items),
            _ => self.items.extend_from_slice(row.json),
        }
        Ok(())
    }
}
