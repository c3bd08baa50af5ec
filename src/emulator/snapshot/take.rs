//! Taking a snapshot.

use std::io::BufWriter;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::lines::{BodyLines, Writer};
use super::{Scope, SnapshotError, Trouble, shelf};
use crate::emulator::core::Emulator;
use crate::emulator::dynamodb::portable::{self as tables, TableEntry};
use crate::emulator::dynamodb::{Stats, Table};
use crate::emulator::s3::portable::{self as buckets, Bodies, Found};
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
    /// Buckets, and the prefixes that are covered of each.
    buckets: Vec<(Found, Vec<String>)>,
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
        let new = self.shelf().begin(take.to.as_deref())?;
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
        let (name, path) = self.shelf().finish(new, take.name.as_deref(), &fallback, ending, take.to.as_deref())?;
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
        let mut found = Vec::new();
        for bucket in buckets::buckets(read, |name| !scope.prefixes_of(name).is_empty())? {
            let prefixes = scope.prefixes_of(&bucket.name);
            found.push((bucket, prefixes));
        }
        if !lenient {
            if let Some(table) = scope.tables.iter().find(|name| !tables.iter().any(|table| table.name == **name)) {
                let name = &table.name;
                return Err(SnapshotError::asked(format!("there is no table {name:?} in {}", table.region)));
            }
            if let Some(prefix) =
                scope.prefixes.iter().find(|prefix| !found.iter().any(|(known, _)| known.name == prefix.bucket))
            {
                return Err(SnapshotError::asked(format!("there is no bucket {:?}", prefix.bucket)));
            }
        }
        Ok(Self { tables, buckets: found })
    }

    /// Refuses more than `most` bytes.
    fn check(&self, read: &Snapshot, most: u64, scope: &Scope) -> Result<(), SnapshotError> {
        let mut bytes = 0_u64;
        for table in &self.tables {
            bytes += Stats::load(read, table.row.id)?.bytes;
        }
        for (bucket, prefixes) in &self.buckets {
            for prefix in prefixes {
                for version in bucket.versions(read, prefix)? {
                    bytes = bytes.saturating_add(version?.size());
                    if bytes > most {
                        break;
                    }
                }
            }
        }
        if bytes <= most {
            return Ok(());
        }
        let message = format!("{scope} has more than {} MiB", most >> 20);
        Err(SnapshotError::new(Trouble::TooLarge, message))
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
        for (bucket, prefixes) in &self.buckets {
            taken.buckets += 1;
            for prefix in prefixes {
                writer.bucket(bucket.entry(prefix.clone())?)?;
                for version in bucket.versions(read, prefix)? {
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
