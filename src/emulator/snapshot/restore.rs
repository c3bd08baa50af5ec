//! Bringing back what a snapshot covers.
//!
//! The file is read twice. At first all of it is held against what calls could have made, and nothing is written; then each
//! table, and what is covered of each bucket, is made beside what is there and put in its place in one commit.

use std::fs::File;
use std::io::Seek as _;
use std::mem;
use std::path::PathBuf;

use bytes::Bytes;
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::lines::{Entry, Header, Reader};
use super::scope::{among, named, shown};
use super::{MOST_AUTOMATIC, Scope, SnapshotError, Take, Trouble, progress};
use crate::emulator::body::BoxError;
use crate::emulator::core::Emulator;
use crate::emulator::dynamodb::{self, TableName};
use crate::emulator::error::AwsError;
use crate::emulator::s3::span::Span;
use crate::emulator::s3::{self, portable::BucketEntry};
use crate::emulator::store::{Read as _, Table as Rows, Txn};

/// How many lines are read ahead.
const AHEAD: usize = 16;
/// How many bytes of an object are handed on at once.
const PIECE: usize = 64 << 10;

/// Which file is restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// The snapshot of this name.
    Name(String),
    /// This file.
    Path(PathBuf),
}

/// What is to be restored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Restore {
    /// The file.
    pub from: From,
    /// This part of it alone.
    pub only: Option<Scope>,
    /// Whether a snapshot is made of what is there now.
    pub keep: bool,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// What was brought back to the state of the snapshot.
    pub scope: String,
    /// How many tables are as they were.
    pub tables: u64,
    /// How many items they have.
    pub items: u64,
    /// How many buckets are as they were, or what is covered of them.
    pub buckets: u64,
    /// How many versions of objects they have.
    pub objects: u64,
    /// What was made since and is gone, by its URI.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
    /// The snapshot of what was there before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

/// What a file holds of what is to be restored.
#[derive(Debug, Default)]
struct Contents {
    /// Sorted, as the buckets are.
    tables: Vec<TableName>,
    buckets: Vec<String>,
}

impl Emulator {
    /// Brings back what a snapshot covers: what was made since in there is gone.
    ///
    /// # Errors
    /// A file that is no snapshot, or damaged, or that does not cover what is asked for: nothing was changed then. Where the
    /// disk or the store fails, the message says what was restored until then.
    pub async fn restore_snapshot(&self, restore: Restore) -> Result<Restored, SnapshotError> {
        // Whoever asked may go away; what was begun goes on to its end.
        let emulator = self.clone();
        let task = tokio::spawn(async move {
            let _one = emulator.restoring().lock().await;
            emulator.restore(restore).await
        });
        task.await.map_err(|_| SnapshotError::new(Trouble::Failed, "restoring the snapshot broke off"))?
    }

    async fn restore(&self, restore: Restore) -> Result<Restored, SnapshotError> {
        let (path, name) = match &restore.from {
            From::Name(name) => (self.shelf().find(name)?, name.clone()),
            From::Path(path) => (path.clone(), path.display().to_string()),
        };
        let file = File::open(&path).map_err(|error| SnapshotError::file("opening", &path, &error))?;
        if !file.metadata()?.is_file() {
            return Err(SnapshotError::asked(format!("{} is no file", path.display())));
        }
        let again = file.try_clone()?;
        let only = restore.only;
        let checked = tokio::task::spawn_blocking(move || check(file, only)).await;
        let (scope, contents) = checked.map_err(|_| SnapshotError::damaged("the snapshot cannot be read"))??;
        let mut restored = Restored {
            scope: scope.to_string(),
            tables: 0,
            items: 0,
            buckets: 0,
            objects: 0,
            removed: Vec::new(),
            before: None,
        };
        if restore.keep {
            let before = Some(format!("restore {name}"));
            let take = Take { scope: scope.clone(), before, most: Some(MOST_AUTOMATIC), ..Take::default() };
            let taken = self.take_snapshot(take).await.map_err(|mut error| {
                if error.trouble == Trouble::TooLarge {
                    error.message.push_str(
                        ", so no snapshot of it was made before, and nothing was restored: ask for none (snapshot: false, \
                         --no-snapshot) if it may go for good",
                    );
                }
                error
            });
            restored.before = Some(taken?.name);
        }
        let before = restored.before.clone();
        self.store().write(move |txn| progress::begin(txn, name, before)).await?;
        let outcome = self.bring_back(again, &scope, &contents, &mut restored).await;
        if let Err(mut error) = outcome {
            // What cannot be cleared now is cleared at the next opening.
            let _ = self.dynamodb().discard_staged().await;
            let _ = self.s3().discard_staged().await;
            let _ = self.forget_progress().await;
            if restored.tables + restored.buckets > 0 || !restored.removed.is_empty() {
                let before = restored
                    .before
                    .map_or_else(String::new, |name| format!("; {name} is the snapshot of all as it was"));
                error.message = format!(
                    "{}; until then {} tables and {} buckets were restored{before}",
                    error.message, restored.tables, restored.buckets
                );
            }
            return Err(error);
        }
        self.forget_progress().await?;
        Ok(restored)
    }

    async fn forget_progress(&self) -> Result<(), AwsError> {
        let write = |txn: &mut Txn<'_>| Ok::<_, AwsError>(progress::end(txn).map(drop)?);
        self.store().write(write).await
    }

    async fn bring_back(
        &self,
        mut file: File,
        scope: &Scope,
        contents: &Contents,
        restored: &mut Restored,
    ) -> Result<(), SnapshotError> {
        file.rewind()?;
        let (sender, receiver) = mpsc::channel(AHEAD);
        let reading = tokio::task::spawn_blocking(move || read(&file, &sender));
        let mut lines = Lines { receiver, next: None };
        let outcome = self.bring_back_lines(&mut lines, scope, restored).await;
        drop(lines);
        let _ = reading.await;
        outcome?;
        self.remove_surplus(scope, contents, restored).await
    }

    async fn bring_back_lines(
        &self,
        lines: &mut Lines,
        scope: &Scope,
        restored: &mut Restored,
    ) -> Result<(), SnapshotError> {
        while let Some(entry) = lines.take().await? {
            match entry {
                Entry::Table(table) if scope.has_table(&table.name) => {
                    let uri = shown(&table.name);
                    let mut staged = self.dynamodb().stage(*table).await?;
                    let mut items = 0;
                    while let Some(item) = lines.item().await? {
                        staged.add(&item).await?;
                        items += 1;
                    }
                    staged.finish(progress::done(&uri)).await?;
                    restored.tables += 1;
                    restored.items += items;
                }
                Entry::Bucket(bucket) if scope.has_bucket(&bucket.name) => {
                    let spans = scope.spans(&bucket.name);
                    restored.objects += self.bring_back_bucket(lines, *bucket, spans).await?;
                    restored.buckets += 1;
                }
                _ => {}
            }
        }
        Ok(())
    }

    async fn bring_back_bucket(
        &self,
        lines: &mut Lines,
        bucket: BucketEntry,
        spans: Vec<Span>,
    ) -> Result<u64, SnapshotError> {
        let part = named(&bucket.name, &spans);
        let mut staged = self.s3().stage(bucket, spans.clone()).await?;
        let mut objects = 0;
        while let Some(entry) = lines.object().await? {
            if Span::of(&spans, &entry.key).is_none() {
                continue;
            }
            let mut object = staged.object(*entry)?;
            // A piece may hold the end of one part and the beginning of the next.
            let mut rest = Bytes::new();
            while let Some(size) = object.wants() {
                let (sender, receiver) = mpsc::channel(1);
                let frames = futures::stream::unfold(receiver, |mut receiver: mpsc::Receiver<Bytes>| async move {
                    let bytes = receiver.recv().await?;
                    Some((Ok::<_, BoxError>(Frame::data(bytes)), receiver))
                });
                let taking = staged.body(&mut object, StreamBody::new(frames).boxed());
                let (taken, fed) = futures::join!(taking, lines.feed(size, rest, sender));
                taken?;
                rest = fed?;
            }
            staged.add(object).await?;
            objects += 1;
        }
        staged.finish(progress::done(&part)).await?;
        Ok(objects)
    }

    /// Removes what the scope has now and had not then.
    async fn remove_surplus(
        &self,
        scope: &Scope,
        contents: &Contents,
        restored: &mut Restored,
    ) -> Result<(), SnapshotError> {
        let read = self.store().read()?;
        let mut tables = Vec::new();
        for row in read.prefix(Rows::Tables, &[])? {
            let row = row?;
            let name = TableName::of_row_key(row.key()).map(|(name, _)| name);
            tables.extend(name.filter(|name| scope.has_table(name) && !among(&contents.tables, name)));
        }
        // What is covered of a bucket that has lines was put in its place with them.
        let had = |name: &str| contents.buckets.binary_search_by(|known| known.as_str().cmp(name)).is_ok();
        let buckets = s3::portable::buckets(&read, |name| scope.has_bucket(name) && !had(name))?;
        drop(read);
        for name in tables {
            let uri = shown(&name);
            let also = progress::done(&uri);
            restored.removed.push(uri);
            self.dynamodb().remove(name, also).await?;
        }
        for bucket in buckets.into_iter().map(|found| found.name) {
            let spans = scope.spans(&bucket);
            let part = named(&bucket, &spans);
            let also = progress::done(&part);
            restored.removed.push(part);
            if spans.contains(&Span::Whole) {
                self.s3().remove(bucket, also).await?;
            } else {
                self.s3().remove_objects(bucket, spans, also).await?;
            }
        }
        Ok(())
    }
}

/// Reads a whole file, and holds all of it against what calls could have made. What is to be restored of it.
fn check(file: File, only: Option<Scope>) -> Result<(Scope, Contents), SnapshotError> {
    let mut reader = Reader::new(file)?;
    let Header { scope: covers, .. } = reader.header()?;
    let scope = match only {
        Some(only) => only.within(&covers)?,
        None => covers.clone(),
    };
    let contents = survey(&mut reader, &covers)?;
    // Of everything, a table that was not there then would be removed: that is meant only where everything is.
    if covers.is_all() && !scope.is_all() {
        if let Some(table) = scope.tables().iter().find(|name| !among(&contents.tables, name)) {
            return Err(SnapshotError::asked(format!("the snapshot has no table {}", table.name)));
        }
        if let Some(objects) =
            scope.objects().iter().find(|objects| contents.buckets.binary_search(&objects.bucket).is_err())
        {
            return Err(SnapshotError::asked(format!("the snapshot has no bucket {}", objects.bucket)));
        }
    }
    Ok((scope, contents))
}

/// Whether the file at `path` is a whole snapshot with nothing in it that no call could have made.
///
/// # Errors
/// What is wrong with it.
pub fn verify(file: File) -> Result<(), SnapshotError> {
    let mut reader = Reader::new(file)?;
    let Header { scope, .. } = reader.header()?;
    survey(&mut reader, &scope).map(drop)
}

/// What the lines are about.
enum About {
    Nothing,
    Table(Box<dynamodb::portable::Checker>),
    Bucket(Box<s3::portable::Checker>),
    Object(Box<(s3::portable::Checker, s3::portable::Expected)>, Option<s3::portable::BodyCheck>),
}

fn survey(reader: &mut Reader, covers: &Scope) -> Result<Contents, SnapshotError> {
    let mut contents = Contents::default();
    let mut about = About::Nothing;
    while let Some(entry) = reader.next()? {
        let judged = judge(entry, about, covers, &mut contents);
        about = judged.map_err(|what| reader.wrong(&what))?;
    }
    Ok(contents)
}

fn judge(entry: Entry, about: About, covers: &Scope, contents: &mut Contents) -> Result<About, String> {
    let said = |error: AwsError| error.message;
    let about = match (about, &entry) {
        (about @ About::Object(..), Entry::Bytes(_)) => about,
        (About::Object(of, Some(_)), _) => {
            return Err(format!("the object {:?} has fewer bytes than its length", of.1.key()));
        }
        (About::Object(of, None), _) => About::Bucket(Box::new(of.0)),
        (about, _) => about,
    };
    match (entry, about) {
        (Entry::Header(_), _) => Err("a second header".to_owned()),
        (Entry::Table(table), About::Nothing | About::Table(_)) => {
            let name = table.name.clone();
            let after = contents.tables.last().is_none_or(|last| last.row_key() < name.row_key());
            if !after || !covers.has_table(&name) {
                return Err(format!("the table {} is not in the order of names, or not covered", name.name));
            }
            contents.tables.push(name);
            dynamodb::portable::Checker::of(*table).map(|checker| About::Table(Box::new(checker))).map_err(said)
        }
        (Entry::Item(json), About::Table(mut checker)) => {
            checker.item(&json).map_err(said)?;
            Ok(About::Table(checker))
        }
        (Entry::Bucket(bucket), _) => {
            let name = bucket.name.clone();
            let after = contents.buckets.last().is_none_or(|last| *last < name);
            if !covers.has_bucket(&name) || !after {
                return Err(format!("the bucket {name} is not in the order of names, or not covered"));
            }
            let spans = covers.spans(&name);
            contents.buckets.push(name);
            s3::portable::Checker::of(*bucket, spans).map(|checker| About::Bucket(Box::new(checker))).map_err(said)
        }
        (Entry::Object(object), About::Bucket(mut checker)) => {
            let mut expected = checker.object(*object).map_err(said)?;
            let body = next_body(&mut expected)?;
            Ok(About::Object(Box::new((*checker, expected)), body))
        }
        (Entry::Bytes(bytes), About::Object(mut of, mut body)) => {
            let expected = &mut of.1;
            let mut rest = bytes.as_slice();
            while !rest.is_empty() {
                let Some(mut open) = body.take() else {
                    return Err(format!("the object {:?} has more bytes than its length", expected.key()));
                };
                rest = open.take(rest);
                body = if open.is_whole() {
                    held(open, expected)?;
                    next_body(expected)?
                } else {
                    Some(open)
                };
            }
            Ok(About::Object(of, body))
        }
        (Entry::End, _) => Ok(About::Nothing),
        _ => Err("a line that belongs to none before it".to_owned()),
    }
}

/// What the next body is held against that has any bytes; those that have none are judged at once.
fn next_body(expected: &mut s3::portable::Expected) -> Result<Option<s3::portable::BodyCheck>, String> {
    while let Some(body) = expected.check() {
        if !body.is_whole() {
            return Ok(Some(body));
        }
        held(body, expected)?;
    }
    Ok(None)
}

fn held(body: s3::portable::BodyCheck, expected: &s3::portable::Expected) -> Result<(), String> {
    if body.holds() {
        return Ok(());
    }
    Err(format!("the bytes of the object {:?} are not those that were stored", expected.key()))
}

/// Gives the lines after the header to `sender`, those of bytes by pieces of some length: of text each line has few.
fn read(file: &File, sender: &mpsc::Sender<Result<Entry, SnapshotError>>) {
    let lines = || -> Result<(), SnapshotError> {
        let mut reader = Reader::new(file.try_clone()?)?;
        reader.header()?;
        let mut held = Vec::new();
        let give = |entry| sender.blocking_send(Ok(entry)).is_ok();
        loop {
            match reader.next()? {
                Some(Entry::Bytes(bytes)) => {
                    held.extend(bytes);
                    if held.len() >= PIECE && !give(Entry::Bytes(mem::take(&mut held))) {
                        return Ok(());
                    }
                }
                other => {
                    if !held.is_empty() && !give(Entry::Bytes(mem::take(&mut held))) {
                        return Ok(());
                    }
                    if !other.is_some_and(give) {
                        return Ok(());
                    }
                }
            }
        }
    };
    if let Err(error) = lines() {
        let _ = sender.blocking_send(Err(error));
    }
}

/// The lines as they come.
struct Lines {
    receiver: mpsc::Receiver<Result<Entry, SnapshotError>>,
    next: Option<Entry>,
}

impl Lines {
    /// The next line; none behind the last.
    async fn take(&mut self) -> Result<Option<Entry>, SnapshotError> {
        match self.next.take() {
            Some(entry) => Ok(Some(entry)),
            None => self.receiver.recv().await.transpose(),
        }
    }

    /// The next line where it is an item.
    async fn item(&mut self) -> Result<Option<Vec<u8>>, SnapshotError> {
        match self.take().await? {
            Some(Entry::Item(json)) => Ok(Some(json)),
            other => {
                self.next = other;
                Ok(None)
            }
        }
    }

    /// The next version of the bucket that the lines are about; bytes that nobody wanted are passed over.
    async fn object(&mut self) -> Result<Option<Box<s3::portable::ObjectEntry>>, SnapshotError> {
        loop {
            match self.take().await? {
                Some(Entry::Object(object)) => return Ok(Some(object)),
                Some(Entry::Bytes(_)) => {}
                other => {
                    self.next = other;
                    return Ok(None);
                }
            }
        }
    }

    /// Gives `size` bytes to `sender`, those of `first` before those of the lines; what is left of the last piece.
    async fn feed(&mut self, size: u64, first: Bytes, sender: mpsc::Sender<Bytes>) -> Result<Bytes, SnapshotError> {
        let (mut left, mut piece) = (size, first);
        while left > 0 {
            if piece.is_empty() {
                piece = match self.take().await? {
                    Some(Entry::Bytes(bytes)) => bytes.into(),
                    _ => {
                        return Err(SnapshotError::damaged(
                            "an object of the snapshot has fewer bytes than its length",
                        ));
                    }
                };
            }
            let own = piece.split_to(usize::try_from(left).unwrap_or(usize::MAX).min(piece.len()));
            left -= own.len() as u64;
            // Whoever takes no more says why.
            let _ = sender.send(own).await;
        }
        Ok(piece)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::lines::{BodyLines, Writer};
    use super::*;

    #[test]
    fn short_lines_of_text_are_handed_on_many_at_once() {
        let body = b"line\n".repeat(200_000);
        let mut writer = Writer::begin(Vec::new(), true, Header::new(Scope::all())).unwrap();
        let mut lines = BodyLines::default();
        lines.take(&body, &mut writer).unwrap();
        lines.end(&mut writer).unwrap();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&writer.end().unwrap()).unwrap();
        file.rewind().unwrap();
        let (sender, mut receiver) = mpsc::channel(100);
        read(&file, &sender);
        drop(sender);
        let mut pieces = 0;
        let mut given = Vec::new();
        while let Some(entry) = receiver.blocking_recv() {
            if let Entry::Bytes(bytes) = entry.unwrap() {
                pieces += 1;
                given.extend(bytes);
            }
        }
        assert_eq!(given, body);
        assert!(pieces <= body.len() / PIECE + 1, "{pieces}");
    }
}
