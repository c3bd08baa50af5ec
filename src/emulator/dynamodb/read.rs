//! Reading a page of rows: up to a limit and 1 MB, filtered and projected.

use std::ops::Bound;

use super::capacity::read_units;
use super::expression::{Condition, Projection};
use super::item::Row;
use super::key::KeyRange;
use super::source::Source;
use super::value::write_item;
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Table as Rows};

/// The most that a page evaluates: 1 MB of items as AWS counts them (Query's and Scan's reference).
pub const PAGE_BYTES: usize = 1024 * 1024;
/// So many items are read where they are asked for if there is no filter; the rest of the page on another thread.
pub const SHORT: usize = 100;

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

/// The rows among which a page is read.
#[derive(Debug)]
pub struct Span {
    /// The rows, after the one where the last page ended.
    pub range: KeyRange,
    /// Whether to start at the range's end.
    pub reverse: bool,
    /// The segment, in a parallel Scan.
    pub segment: Option<Segment>,
}

/// What is to be read.
#[derive(Debug)]
pub struct Page {
    /// Where.
    pub span: Span,
    /// Whether the items are fetched from the table, and if so, whether consistently: an index's entries do not hold all
    /// that is asked for.
    pub fetch: Option<bool>,
    /// The most items to evaluate.
    pub limit: Option<usize>,
    /// Which of the evaluated items are shown.
    pub filter: Option<Condition>,
    /// What is shown of them.
    pub projection: Option<Projection>,
    /// Whether they are only counted.
    pub count_only: bool,
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
    /// The size of the rows that were evaluated.
    pub bytes: usize,
    /// The read units of the items that were fetched from the table.
    pub fetched: f64,
    /// The row of the last item evaluated, where the page ended before the range did.
    pub last: Option<Vec<u8>>,
}

/// A page that is being read.
#[derive(Debug)]
pub struct Reading {
    page: Page,
    found: Found,
    /// What counts towards the page's greatest size.
    bytes: usize,
    /// The row of the last item evaluated, in case the page ends there.
    last: Option<Vec<u8>>,
}

impl Reading {
    /// Nothing of `page` read yet.
    #[must_use]
    pub fn new(page: Page) -> Self {
        let found = Found { items: vec![b'['], count: 0, scanned: 0, bytes: 0, fetched: 0.0, last: None };
        Self { page, found, bytes: 0, last: None }
    }

    /// Whether reading the first [`SHORT`] items takes so little time that no other thread is worth it.
    #[must_use]
    pub fn starts_short(&self) -> bool {
        self.page.filter.is_none() && self.page.span.segment.is_none()
    }

    /// Goes on reading, by at most `most` items; whether the page is complete. Takes no more rows from the store than
    /// it evaluates, and the one that no longer fits.
    pub fn read(&mut self, rows: &impl Read, source: &Source, most: usize) -> Result<bool, AwsError> {
        let mut last: Option<crate::emulator::store::Row<'_>> = None;
        let stop = self.found.scanned.saturating_add(most);
        let mut end = End::Rows;
        for next in rows.range(Rows::Items, self.page.span.range.clone(), self.page.span.reverse)? {
            let stored = next?;
            if let Some(segment) = self.page.span.segment
                && !segment.holds(source.rows().partition_of(stored.key()))
            {
                continue;
            }
            let entry = Row::read(stored.value())?;
            let fetched = self.page.fetch.map(|_| source.fetch(rows, stored.value())).transpose()?;
            let row = fetched.as_deref().map_or(Ok(entry), Row::read)?;
            if self.bytes + row.size > PAGE_BYTES {
                end = End::Page;
                break;
            }
            self.bytes += row.size;
            self.found.bytes += entry.size;
            if let Some(consistent) = self.page.fetch {
                self.found.fetched += read_units(row.size, consistent);
            }
            self.found.evaluate(&self.page, &row)?;
            last = Some(stored);
            if self.page.limit.is_some_and(|limit| self.found.scanned >= limit) {
                end = End::Page;
                break;
            }
            if self.found.scanned == stop {
                end = End::Pause;
                break;
            }
        }
        if let Some(last) = last {
            self.last = Some(last.value().to_vec());
            let bound = Bound::Excluded(last.key().to_vec());
            let span = &mut self.page.span;
            *(if span.reverse { &mut span.range.1 } else { &mut span.range.0 }) = bound;
        }
        match end {
            End::Pause => return Ok(false),
            End::Page => self.found.last = self.last.take(),
            End::Rows => {}
        }
        self.found.items.push(b']');
        Ok(true)
    }

    /// What was read of a page that is complete.
    #[must_use]
    pub fn found(self) -> Found {
        self.found
    }
}

/// Why reading stopped.
enum End {
    /// There are no more rows.
    Rows,
    /// The page is full.
    Page,
    /// As many were read as were asked for now.
    Pause,
}

impl Found {
    fn evaluate(&mut self, page: &Page, row: &Row<'_>) -> Result<(), AwsError> {
        self.scanned += 1;
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
