//! Taking a snapshot.

use std::io::BufWriter;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::lines::{BodyLines, Writer};
use super::scope::among;
use super::{Scope, SnapshotError, Trouble, shelf};
use crate::emulator::core::Emulator;
use crate::emulator::dynamodb::portable::{self as tables, TableEntry};
use crate::emulator::dynamodb::{Stats, Table};
use crate::emulator::s3::portable::{self as buckets, Bodies, Found};
use crate::emulator::s3::span::Span;
use crate::emulator::store::Snapshot;

/// What snapshot is to be taken.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Take {
    /// Its name; without, one of the time.
    pub name: Option<String>,
    /// What it covers.
    pub scope: Scope,
    /// Whether it is text.
    pub text: bool,
    /// The file to write in place of one in the data directory.
    pub to: Option<PathBuf>,
    /// Whether one that is there may be replaced.
    #[serde(default)]
    pub over: bool,
    /// What it is taken before, where it is taken by itself.
    pub before: Option<String>,
    /// The most bytes of items and objects that it may be of.
    pub most: Option<u64>,
}

/// A snapshot that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// The file's length in bytes.
    pub bytes: u64,
    /// How many tables are in it.
    pub tables: u64,
    /// How many items.
    pub items: u64,
    /// How many buckets.
    pub buckets: u64,
    /// How many versions of objects.
    pub objects: u64,
}

/// What there is of a scope.
struct There {
    tables: Vec<Table>,
    /// Buckets, and what is covered of each.
    buckets: Vec<(Found, Vec<Span>)>,
}

impl Emulator {
    /// Takes a snapshot of one state of the store. Writes go on meanwhile.
    ///
    /// # Errors
    /// Tables or buckets that are not there, more bytes than allowed, a name that is taken.
    pub async fn take_snapshot(&self, take: Take) -> Result<Taken, SnapshotError> {
        if let Some(name) = &take.name {
            shelf::check_given(name)?;
        }
        let now = self.clock().millis();
        // In this order: what the state names is kept.
        let bodies = self.s3().bodies();
        let read = self.store().read()?;
        let emulator = self.clone();
        let taken = tokio::task::spawn_blocking(move || emulator.write_snapshot(&take, &read, &bodies, now)).await;
        taken.map_err(|_| SnapshotError::new(Trouble::Failed, "taking the snapshot broke off"))?
    }

    fn write_snapshot(&self, take: &Take, read: &Snapshot, bodies: &Bodies, now: u64) -> Result<Taken, SnapshotError> {
        let there = There::of(read, &take.scope, take.before.is_some())?;
        if let Some(most) = take.most {
            there.check(read, most, &take.scope)?;
        }
        let fallback = shelf::name_at(now, take.before.is_some());
        let new = self.shelf().begin(take.to.as_deref(), take.over)?;
        let out = BufWriter::new(new);
        let name = take.name.as_deref().unwrap_or(&fallback);
        let header = shelf::header(take.scope.clone(), take.text, name, now, take.before.clone());
        let mut writer = Writer::begin(out, take.text, header)?;
        let mut taken =
            Taken { name: String::new(), path: PathBuf::new(), bytes: 0, tables: 0, items: 0, buckets: 0, objects: 0 };
        there.write(read, bodies, &mut writer, &mut taken)?;
        let new = writer.end()?.into_inner().map_err(|error| SnapshotError::from(error.into_error()))?;
        taken.bytes = new.as_file().metadata()?.len();
        let ending = shelf::ending(take.text);
        let (name, path) = match &take.to {
            Some(to) => {
                shelf::give(new, to, take.over)?;
                (name.to_owned(), to.clone())
            }
            None => self.shelf().finish(new, take.name.as_deref(), &fallback, ending)?,
        };
        if take.before.is_some() {
            // What is new is there: that too many are does not keep a call from going on.
            if let Err(error) = self.shelf().prune() {
                tracing::warn!(%error, "old snapshots could not be deleted");
            }
        }
        Ok(Taken { name, path, ..taken })
    }
}

impl There {
    /// What there is; `lenient` covers also what is not there, which a restore then removes.
    fn of(read: &Snapshot, scope: &Scope, lenient: bool) -> Result<Self, SnapshotError> {
        let tables = tables::tables(read, |name| scope.has_table(name))?;
        let found = buckets::buckets(read, |name| scope.has_bucket(name))?;
        let there = Self {
            tables,
            buckets: found
                .into_iter()
                .map(|bucket| {
                    let spans = scope.spans(&bucket.name);
                    (bucket, spans)
                })
                .collect(),
        };
        if !lenient {
            there.has_all(read, scope)?;
        }
        Ok(there)
    }

    /// Refuses a scope that names what is not there.
    fn has_all(&self, read: &Snapshot, scope: &Scope) -> Result<(), SnapshotError> {
        let missing = |what: String| Err(SnapshotError::asked(format!("there is no {what}")));
        let known: Vec<_> = self.tables.iter().map(|table| table.name.clone()).collect();
        if let Some(table) = scope.tables().iter().find(|name| !among(&known, name)) {
            return missing(format!("table {:?} in {}", table.name, table.region));
        }
        for objects in scope.objects() {
            let Ok(at) = self.buckets.binary_search_by(|(known, _)| known.name.cmp(&objects.bucket)) else {
                return missing(format!("bucket {:?}", objects.bucket));
            };
            let is_there = || self.buckets[at].0.versions(read, &objects.span).map(|mut all| all.next().is_some());
            if matches!(objects.span, Span::Key(_)) && !is_there()? {
                return missing(format!(
                    "object {:?}; with * behind it, it is all that begins so",
                    objects.to_string()
                ));
            }
        }
        Ok(())
    }

    /// Refuses more than `most` bytes.
    fn check(&self, read: &Snapshot, most: u64, scope: &Scope) -> Result<(), SnapshotError> {
        let mut bytes = 0_u64;
        for table in &self.tables {
            bytes += Stats::load(read, table.row.id)?.bytes;
        }
        let too_large = || SnapshotError::new(Trouble::TooLarge, format!("{scope} has more than {} MiB", most >> 20));
        for (bucket, spans) in &self.buckets {
            for span in spans {
                for version in bucket.versions(read, span)? {
                    bytes = bytes.saturating_add(version?.size());
                    if bytes > most {
                        return Err(too_large());
                    }
                }
            }
        }
        if bytes <= most { Ok(()) } else { Err(too_large()) }
    }

    fn write<W: std::io::Write>(
        &self,
        read: &Snapshot,
        bodies: &Bodies,
        writer: &mut Writer<W>,
        taken: &mut Taken,
    ) -> Result<(), SnapshotError> {
        for table in &self.tables {
            writer.table(TableEntry::of(table)?)?;
            taken.tables += 1;
            for item in tables::items(read, table)? {
                writer.item(&item?)?;
                taken.items += 1;
            }
        }
        for (bucket, spans) in &self.buckets {
            taken.buckets += 1;
            writer.bucket(bucket.entry()?)?;
            for span in spans {
                for version in bucket.versions(read, span)? {
                    let version = version?;
                    writer.object(version.entry(read)?)?;
                    let mut lines = BodyLines::default();
                    bodies.read(read, &version, |bytes| lines.take(bytes, writer))?;
                    lines.end(writer)?;
                    taken.objects += 1;
                }
            }
        }
        Ok(())
    }
}
