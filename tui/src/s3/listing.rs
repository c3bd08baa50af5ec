//! A listing as far as it is loaded, its rows held close together: a hundred thousand of them take a few MiB.

use std::collections::VecDeque;

use crate::ask::{Bucket, Entry, Page};

/// So many rows are held; then the oldest go.
pub(super) const MOST: usize = 100_000;

/// Rows that are let go at once.
const AT_ONCE: usize = 1000;

/// A row, borrowed from the listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "what S3 says of a key, each for itself")]
pub(super) struct Row<'a> {
    pub(super) folder: bool,
    /// What follows the folder's prefix, or a bucket's name.
    pub(super) name: &'a str,
    /// Whether `name` is a whole key: one that does not begin with the folder's prefix.
    whole: bool,
    /// The version, or a bucket's region.
    pub(super) more: Option<&'a str>,
    pub(super) latest: bool,
    pub(super) marker: bool,
    pub(super) size: u64,
    pub(super) modified: Option<u64>,
    pub(super) class: &'a str,
}

impl Row<'_> {
    /// The whole key, below `prefix`.
    pub(super) fn key(&self, prefix: &str) -> String {
        if self.whole { self.name.to_owned() } else { format!("{prefix}{}", self.name) }
    }
}

/// A row without its text.
#[derive(Debug, Clone, Copy)]
struct Held {
    /// Where the name ends in the text, and where what follows it does.
    name: usize,
    end: usize,
    size: u64,
    /// `u64::MAX` where it is not known.
    modified: u64,
    class: u8,
    flags: u8,
}

const HAS_MORE: u8 = 1;
const LATEST: u8 = 2;
const MARKER: u8 = 4;
const WHOLE: u8 = 8;

/// Some rows and their text.
#[derive(Debug, Default)]
struct Sheet {
    text: String,
    rows: Vec<Held>,
}

impl Sheet {
    fn push(&mut self, name: &str, more: Option<&str>, held: Held) {
        self.text.push_str(name);
        let name = self.text.len();
        self.text.push_str(more.unwrap_or_default());
        let flags = held.flags | if more.is_some() { HAS_MORE } else { 0 };
        self.rows.push(Held { name, end: self.text.len(), flags, ..held });
    }

    fn row<'a>(&'a self, number: usize, folder: bool, classes: &'a [String]) -> Option<Row<'a>> {
        let held = self.rows.get(number)?;
        let start = number.checked_sub(1).map_or(0, |before| self.rows[before].end);
        let is = |flag: u8| held.flags & flag != 0;
        Some(Row {
            folder,
            name: &self.text[start..held.name],
            whole: is(WHOLE),
            more: is(HAS_MORE).then(|| &self.text[held.name..held.end]),
            latest: is(LATEST),
            marker: is(MARKER),
            size: held.size,
            modified: (held.modified != u64::MAX).then_some(held.modified),
            class: classes.get(usize::from(held.class)).map_or("", String::as_str),
        })
    }
}

/// Rows of one kind.
#[derive(Debug, Default)]
struct Rows {
    sheets: VecDeque<Sheet>,
    len: usize,
}

impl Rows {
    fn push(&mut self, name: &str, more: Option<&str>, held: Held) {
        if self.sheets.back().is_none_or(|sheet| sheet.rows.len() >= AT_ONCE) {
            self.sheets.push_back(Sheet::default());
        }
        if let Some(sheet) = self.sheets.back_mut() {
            sheet.push(name, more, held);
            self.len += 1;
        }
    }

    /// The sheet that holds a row, and its number there.
    fn place(&self, mut number: usize) -> Option<(&Sheet, usize)> {
        for sheet in &self.sheets {
            if number < sheet.rows.len() {
                return Some((sheet, number));
            }
            number -= sheet.rows.len();
        }
        None
    }

    /// Lets the oldest go. How many.
    fn let_go(&mut self) -> usize {
        let gone = self.sheets.pop_front().map_or(0, |sheet| sheet.rows.len());
        self.len -= gone;
        gone
    }
}

/// A row's place among those of its kind: it stays when others come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) folder: bool,
    pub(super) number: usize,
}

/// A listing as far as it is loaded: folders, then objects.
#[derive(Debug, Default)]
pub(super) struct Listing {
    folders: Rows,
    objects: Rows,
    classes: Vec<String>,
    /// The token of the next page, where there is one.
    pub(super) next: Option<String>,
    /// Bytes of the objects held.
    pub(super) bytes: u64,
    /// Rows that were let go.
    pub(super) gone: usize,
    needle: String,
    /// Which rows hold the needle, where one is looked for.
    hits: Option<Vec<usize>>,
}

/// What a page changed of what was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Gone {
    pub(super) folders: usize,
    pub(super) objects: usize,
}

impl Listing {
    /// Rows that are shown.
    pub(super) fn len(&self) -> usize {
        self.hits.as_ref().map_or(self.folders.len + self.objects.len, Vec::len)
    }

    /// Folders and objects that are held.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.folders.len, self.objects.len)
    }

    /// The shown row `number`.
    pub(super) fn row(&self, number: usize) -> Option<Row<'_>> {
        self.at(self.spot(number)?)
    }

    fn at(&self, spot: Spot) -> Option<Row<'_>> {
        let (sheet, number) = if spot.folder { &self.folders } else { &self.objects }.place(spot.number)?;
        sheet.row(number, spot.folder, &self.classes)
    }

    /// The object `number` of those held.
    pub(super) fn object(&self, number: usize) -> Option<Row<'_>> {
        self.at(Spot { folder: false, number })
    }

    /// Where the shown row `number` is.
    pub(super) fn spot(&self, number: usize) -> Option<Spot> {
        let number = match &self.hits {
            Some(hits) => *hits.get(number)?,
            None => number,
        };
        match number.checked_sub(self.folders.len) {
            None => Some(Spot { folder: true, number }),
            Some(number) => (number < self.objects.len).then_some(Spot { folder: false, number }),
        }
    }

    /// Which shown row is there.
    pub(super) fn shown(&self, spot: Spot) -> Option<usize> {
        let number = if spot.folder { spot.number } else { self.folders.len + spot.number };
        match &self.hits {
            Some(hits) => hits.binary_search(&number).ok(),
            None => (number < self.len()).then_some(number),
        }
    }

    /// The shown row of this name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let number = self.every().position(|row| row.name == name)?;
        match &self.hits {
            Some(hits) => hits.binary_search(&number).ok(),
            None => Some(number),
        }
    }

    /// Whether objects have other classes than the usual one.
    pub(super) fn has_classes(&self) -> bool {
        self.classes.iter().any(|class| !class.is_empty() && class != "STANDARD")
    }

    /// Every row that is held.
    fn every(&self) -> impl Iterator<Item = Row<'_>> {
        let of = |rows: &'_ Rows, folder: bool| -> Vec<(usize, bool)> {
            (0..rows.sheets.len()).map(|sheet| (sheet, folder)).collect()
        };
        let mut sheets = of(&self.folders, true);
        sheets.extend(of(&self.objects, false));
        sheets.into_iter().flat_map(move |(number, folder)| {
            let sheet = &(if folder { &self.folders } else { &self.objects }).sheets[number];
            (0..sheet.rows.len()).filter_map(move |row| sheet.row(row, folder, &self.classes))
        })
    }

    /// Every row that is shown.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let mut hits = self.hits.as_ref().map(|hits| hits.iter().copied().peekable());
        self.every().enumerate().filter_map(move |(number, row)| match &mut hits {
            None => Some(row),
            Some(hits) => hits.next_if_eq(&number).map(|_| row),
        })
    }

    /// Takes a page of entries below `prefix`; only those of `key` where it is named. What went for it.
    pub(super) fn take(&mut self, page: Page<Entry>, prefix: &str, key: Option<&str>) -> Gone {
        self.next = page.next;
        for entry in page.rows {
            let (name, folder) = match &entry {
                Entry::Folder(name) => (name, true),
                Entry::Object { key, .. } => (key, false),
            };
            if key.is_some_and(|key| key != name) {
                // Keys come in order, and what begins with this one comes after it.
                self.next = None;
                continue;
            }
            let (shown, whole) = match name.strip_prefix(prefix) {
                Some(rest) if !rest.is_empty() => (rest, 0),
                _ => (name.as_str(), WHOLE),
            };
            match &entry {
                Entry::Folder(_) => {
                    let held = Held { name: 0, end: 0, size: 0, modified: u64::MAX, class: u8::MAX, flags: whole };
                    self.folders.push(shown, None, held);
                }
                Entry::Object { version, latest, marker, size, modified, class, .. } => {
                    let flags = whole | if *latest { LATEST } else { 0 } | if *marker { MARKER } else { 0 };
                    let (class, modified) = (self.class(class), modified.unwrap_or(u64::MAX));
                    self.bytes = self.bytes.saturating_add(*size);
                    let held = Held { name: 0, end: 0, size: *size, modified, class, flags };
                    self.objects.push(shown, version.as_deref(), held);
                }
            }
            debug_assert!(folder == matches!(entry, Entry::Folder(_)));
        }
        self.settle()
    }

    /// Takes a page of buckets.
    pub(super) fn take_buckets(&mut self, page: Page<Bucket>) -> Gone {
        self.next = page.next;
        for bucket in page.rows {
            let modified = bucket.created.unwrap_or(u64::MAX);
            let held = Held { name: 0, end: 0, size: 0, modified, class: u8::MAX, flags: 0 };
            self.objects.push(&bucket.name, bucket.region.as_deref(), held);
        }
        self.settle()
    }

    /// Lets the oldest rows go where there are too many, and looks for the needle in what there is.
    fn settle(&mut self) -> Gone {
        let mut gone = Gone::default();
        while self.folders.len + self.objects.len > MOST {
            if self.folders.len > self.objects.len {
                gone.folders += self.folders.let_go();
            } else {
                gone.objects += self.objects.let_go();
            }
        }
        self.gone += gone.folders + gone.objects;
        let needle = std::mem::take(&mut self.needle);
        self.look_for(&needle);
        gone
    }

    fn class(&mut self, name: &str) -> u8 {
        let known = self.classes.iter().position(|class| class == name);
        let number = known.unwrap_or_else(|| {
            if self.classes.len() < usize::from(u8::MAX) {
                self.classes.push(name.to_owned());
            }
            self.classes.len() - 1
        });
        u8::try_from(number).unwrap_or(u8::MAX)
    }

    /// Shows only rows whose name holds `needle`, case aside; all where it is empty.
    pub(super) fn look_for(&mut self, needle: &str) {
        needle.clone_into(&mut self.needle);
        let lower = needle.to_lowercase();
        self.hits = (!lower.is_empty()).then(|| {
            let holds = |row: &Row<'_>| row.name.to_lowercase().contains(&lower);
            self.every().enumerate().filter(|(_, row)| holds(row)).map(|(number, _)| number).collect()
        });
    }

    /// Takes out objects that are no more, by their numbers among those held.
    pub(super) fn remove(&mut self, gone: impl Fn(usize) -> bool) {
        let mut left = Rows::default();
        let mut bytes = 0_u64;
        let mut number = 0;
        for sheet in &self.objects.sheets {
            for (at, held) in sheet.rows.iter().enumerate() {
                if let (false, Some(row)) = (gone(number), sheet.row(at, false, &self.classes)) {
                    bytes = bytes.saturating_add(row.size);
                    left.push(row.name, row.more, *held);
                }
                number += 1;
            }
        }
        (self.objects, self.bytes) = (left, bytes);
        self.settle();
    }
}

#[cfg(test)]
mod tests {
    use super::{Gone, Listing, MOST, Spot};
    use crate::ask::{Entry, Page};

    fn object(key: String) -> Entry {
        Entry::Object {
            key,
            version: None,
            latest: true,
            marker: false,
            size: 2,
            modified: None,
            class: "STANDARD".into(),
        }
    }

    fn names(listing: &Listing) -> Vec<&str> {
        (0..listing.len()).map(|number| listing.row(number).unwrap().name).collect()
    }

    #[test]
    fn folders_come_first_whatever_page_they_are_on() {
        let mut listing = Listing::default();
        let page = |rows, next: Option<&str>| Page { rows, next: next.map(str::to_owned) };
        listing.take(page(vec![object("p/a".into()), Entry::Folder("p/b/".into())], Some("b")), "p/", None);
        let a = listing.spot(1).unwrap();
        listing.take(page(vec![Entry::Folder("p/c/".into()), object("q/strange".into())], None), "p/", None);
        assert_eq!(names(&listing), ["b/", "c/", "a", "q/strange"]);
        assert_eq!((listing.shown(a), listing.row(3).unwrap().key("p/")), (Some(2), "q/strange".to_owned()));
        listing.look_for("A");
        assert_eq!((names(&listing), listing.shown(a), listing.find("c/")), (vec!["a", "q/strange"], Some(0), None));
        listing.look_for("");
        listing.remove(|number| number == 0);
        assert_eq!((names(&listing), listing.bytes), (vec!["b/", "c/", "q/strange"], 2));
    }

    #[test]
    fn the_oldest_rows_go_where_there_are_too_many() {
        let mut listing = Listing::default();
        let mut gone = Gone::default();
        for page in 0..=MOST / 1000 {
            let rows = (0..1000).map(|n| object(format!("{:07}", page * 1000 + n))).collect();
            gone = listing.take(Page { rows, next: None }, "", None);
        }
        assert_eq!((listing.len(), gone, listing.gone), (MOST, Gone { folders: 0, objects: 1000 }, 1000));
        assert_eq!(listing.row(0).unwrap().name, "0001000");
        assert_eq!(listing.spot(MOST), None::<Spot>);
    }
}
