//! The tables, the schema's number, and how older data is brought up to it.

use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use redb::{Database, ReadableDatabase, TableDefinition, WriteTransaction};

use super::{Medium, StoreError};
use crate::private;

/// The schema that this build writes.
pub const SCHEMA: u32 = 4;

const SCHEMA_KEY: &[u8] = b"schema";
/// How the name of a data file begins that is not whole yet, in the directory of the data file.
pub(super) const UNFINISHED: &str = "new-";

/// A table of the store: keys and values are bytes, keys are in byte order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(usize)]
pub enum Table {
    /// The schema's number and the sequence.
    Meta,
    /// DynamoDB tables: account, region, name to a descriptor.
    Tables,
    /// DynamoDB items: id of a table or an index, key attributes to size and DynamoDB JSON.
    Items,
    /// Live item count and size of each DynamoDB table and index, by its id.
    TableStats,
    /// DynamoDB stream records: stream id, sequence.
    Streams,
    /// Client tokens of DynamoDB's transactions: account, region, token.
    Tokens,
    /// S3 buckets by name, which is global.
    Buckets,
    /// S3 objects as they stand: bucket id, key, order. One row a key: its newest version, where that is an object.
    Versions,
    /// Every other S3 version, delete markers among them: bucket id, key, newest first.
    Noncurrent,
    /// S3 multipart uploads in progress: bucket id, key, upload id.
    Uploads,
    /// The parts of those uploads: upload id, part number.
    Parts,
    /// Which blobs are in use, and which wait to be swept, by blob id.
    Blobs,
    /// Small bodies on their way to their blob, by blob id.
    Riders,
    /// What tool calls wrote, to take it back: see [`log`](super::log).
    Undo,
}

impl Table {
    /// Every table, in the order of the enum.
    pub const ALL: [Self; 14] = [
        Self::Meta,
        Self::Tables,
        Self::Items,
        Self::TableStats,
        Self::Streams,
        Self::Tokens,
        Self::Buckets,
        Self::Versions,
        Self::Noncurrent,
        Self::Uploads,
        Self::Parts,
        Self::Blobs,
        Self::Riders,
        Self::Undo,
    ];

    /// The table's name in the file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Tables => "dynamodb_tables",
            Self::Items => "dynamodb_items",
            Self::TableStats => "dynamodb_table_stats",
            Self::Streams => "dynamodb_streams",
            Self::Tokens => "dynamodb_tokens",
            Self::Buckets => "s3_buckets",
            Self::Versions => "s3_versions",
            Self::Noncurrent => "s3_noncurrent",
            Self::Uploads => "s3_uploads",
            Self::Parts => "s3_parts",
            Self::Blobs => "s3_blobs",
            Self::Riders => "s3_riders",
            Self::Undo => "undo",
        }
    }

    pub(super) const fn definition(self) -> TableDefinition<'static, &'static [u8], &'static [u8]> {
        TableDefinition::new(self.name())
    }
}

/// A step from one schema to the next, inside the one transaction that migrates.
type Migration = fn(&WriteTransaction) -> Result<(), StoreError>;

/// `MIGRATIONS[n]` brings schema `n + 1` to `n + 2`.
const MIGRATIONS: &[Migration] = &[streams_tokens_and_versions, stamp, undo];

/// Schema 2 has tables for streams, for client tokens and for S3 versions that are not current.
fn streams_tokens_and_versions(txn: &WriteTransaction) -> Result<(), StoreError> {
    for table in [Table::Streams, Table::Tokens, Table::Noncurrent] {
        txn.open_table(table.definition())?;
    }
    Ok(())
}

/// Schema 3 has a stamp in `meta`, which the opening writes once it has looked at the bodies. Earlier versions would go on
/// without keeping it up, so they must not open the data any more.
#[expect(clippy::unnecessary_wraps, reason = "a migration may fail")]
fn stamp(_txn: &WriteTransaction) -> Result<(), StoreError> {
    Ok(())
}

/// Schema 4 has what tool calls wrote, and bodies that only that refers to: earlier versions would take them for surplus.
fn undo(txn: &WriteTransaction) -> Result<(), StoreError> {
    txn.open_table(Table::Undo.definition())?;
    Ok(())
}

/// Brings `database` to [`SCHEMA`]: makes the tables of a new one, migrates an older one after copying its file.
pub(super) fn bring_up(database: &Database, medium: &Medium) -> Result<(), StoreError> {
    match found(database)? {
        None => create(database),
        Some(SCHEMA) => Ok(()),
        Some(found) if found > SCHEMA => Err(StoreError::Newer { found, known: SCHEMA }),
        Some(found) => {
            let copy = match medium {
                Medium::File(path) => Some(keep_copy(path, found)?),
                Medium::Memory => None,
            };
            migrate(database, found, MIGRATIONS).inspect_err(|_| {
                // The data is as it was: what the next try copies is no second one.
                if let Some(copy) = &copy {
                    let _ = std::fs::remove_file(copy);
                }
            })
        }
    }
}

fn found(database: &Database) -> Result<Option<u32>, StoreError> {
    let txn = database.begin_read()?;
    let meta = match txn.open_table(Table::Meta.definition()) {
        Ok(meta) => meta,
        Err(redb::TableError::TableDoesNotExist(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Some(row) = meta.get(SCHEMA_KEY)? else { return Ok(None) };
    let number = row.value().try_into().map(u32::from_be_bytes);
    number.map(Some).map_err(|_| StoreError::Damaged { table: "meta", what: "the schema's number".into() })
}

fn create(database: &Database) -> Result<(), StoreError> {
    let txn = database.begin_write()?;
    for table in Table::ALL {
        txn.open_table(table.definition())?;
    }
    set_schema(&txn, SCHEMA)?;
    Ok(txn.commit()?)
}

fn migrate(database: &Database, from: u32, migrations: &[Migration]) -> Result<(), StoreError> {
    let txn = database.begin_write()?;
    let mut schema = from;
    for migration in migrations.iter().skip(from.saturating_sub(1) as usize) {
        migration(&txn)?;
        schema += 1;
    }
    set_schema(&txn, schema)?;
    Ok(txn.commit()?)
}

fn set_schema(txn: &WriteTransaction, schema: u32) -> Result<(), StoreError> {
    txn.open_table(Table::Meta.definition())?.insert(SCHEMA_KEY, schema.to_be_bytes().as_slice())?;
    Ok(())
}

/// Copies the data file beside itself, whole or not at all, and never over an earlier copy. Gives where the copy is.
fn keep_copy(path: &Path, schema: u32) -> Result<PathBuf, StoreError> {
    let copied = std::fs::File::open(path).and_then(|mut source| copy_beside(&mut source, path, schema));
    copied.map_err(|error| StoreError::file("copying the data before migrating it, which was not begun", error))
}

fn copy_beside(source: &mut impl Read, path: &Path, schema: u32) -> io::Result<PathBuf> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut copy = tempfile::Builder::new().prefix(UNFINISHED).suffix(".redb").tempfile_in(directory)?;
    io::copy(source, copy.as_file_mut())?;
    copy.flush()?;
    copy.as_file().sync_all()?;
    private::file(copy.path())?;
    let mut number = 1_u32;
    loop {
        let again = if number == 1 { String::new() } else { format!("-{number}") };
        let place = path.with_extension(format!("schema-{schema}{again}.redb"));
        match copy.persist_noclobber(&place) {
            Ok(_) => {
                private::sync_directory(directory)?;
                return Ok(place);
            }
            Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => {
                copy = refused.file;
                number += 1;
            }
            Err(refused) => return Err(refused.error),
        }
    }
}

#[cfg(test)]
mod tests {
    use redb::ReadableTable;

    use super::*;

    fn memory() -> Database {
        Database::builder().create_with_backend(redb::backends::InMemoryBackend::new()).unwrap()
    }

    #[test]
    fn older_data_is_migrated_step_by_step_in_one_transaction() {
        let database = memory();
        bring_up(&database, &Medium::Memory).unwrap();
        let first: Migration = |txn| {
            txn.open_table(Table::Meta.definition())?.insert(b"note".as_slice(), b"one".as_slice())?;
            Ok(())
        };
        let second: Migration = |txn| {
            let mut meta = txn.open_table(Table::Meta.definition())?;
            let before = meta.get(b"note".as_slice())?.map(|row| row.value().to_vec()).unwrap_or_default();
            meta.insert(b"note".as_slice(), [before.as_slice(), b" two"].concat().as_slice())?;
            Ok(())
        };
        migrate(&database, 1, &[first, second]).unwrap();
        assert_eq!(found(&database).unwrap(), Some(3));
        let txn = database.begin_read().unwrap();
        let meta = txn.open_table(Table::Meta.definition()).unwrap();
        assert_eq!(meta.get(b"note".as_slice()).unwrap().unwrap().value(), b"one two");
    }

    #[test]
    fn a_failed_migration_leaves_the_data_as_it_was() {
        let database = memory();
        bring_up(&database, &Medium::Memory).unwrap();
        let fails: Migration = |txn| {
            txn.open_table(Table::Meta.definition())?.insert(b"note".as_slice(), b"half".as_slice())?;
            Err(StoreError::Closed)
        };
        assert!(migrate(&database, 1, &[fails]).is_err());
        assert_eq!(found(&database).unwrap(), Some(SCHEMA));
        let txn = database.begin_read().unwrap();
        let meta = txn.open_table(Table::Meta.definition()).unwrap();
        assert!(meta.get(b"note".as_slice()).unwrap().is_none());
    }

    #[test]
    fn data_of_the_first_schema_gets_the_tables_of_the_second() {
        let database = memory();
        let txn = database.begin_write().unwrap();
        set_schema(&txn, 1).unwrap();
        txn.commit().unwrap();
        bring_up(&database, &Medium::Memory).unwrap();
        assert_eq!(found(&database).unwrap(), Some(SCHEMA));
        let txn = database.begin_read().unwrap();
        for table in [Table::Streams, Table::Tokens, Table::Noncurrent] {
            assert!(txn.open_table(table.definition()).is_ok(), "{table:?}");
        }
    }

    #[test]
    fn data_of_a_later_version_is_refused() {
        let database = memory();
        create(&database).unwrap();
        let txn = database.begin_write().unwrap();
        set_schema(&txn, SCHEMA + 1).unwrap();
        txn.commit().unwrap();
        let error = bring_up(&database, &Medium::Memory).unwrap_err();
        assert!(matches!(error, StoreError::Newer { found, known: SCHEMA } if found == SCHEMA + 1));
    }

    #[test]
    fn each_migration_keeps_a_copy_of_the_file_and_none_takes_the_place_of_another() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("data.redb");
        for (rows, name) in [("old", "data.schema-1.redb"), ("put back", "data.schema-1-2.redb")] {
            std::fs::write(&path, rows).unwrap();
            assert_eq!(keep_copy(&path, 1).unwrap(), dir.path().join(name));
        }
        assert_eq!(std::fs::read(dir.path().join("data.schema-1.redb")).unwrap(), b"old");
        assert_eq!(std::fs::read(dir.path().join("data.schema-1-2.redb")).unwrap(), b"put back");
    }

    #[test]
    fn a_copy_that_breaks_off_leaves_nothing_and_says_so() {
        /// A disk that is full after some bytes, as the one who writes sees it.
        struct Full(usize);

        impl Read for Full {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                self.0 = self.0.checked_sub(1).ok_or(io::ErrorKind::StorageFull)?;
                out[0] = 1;
                Ok(1)
            }
        }

        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("data.redb");
        let error = copy_beside(&mut Full(3), &path, 2).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
