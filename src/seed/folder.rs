//! What a folder holds, found before anything is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::SeedError;
use super::export::Export;

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Plan {
    pub(super) buckets: Vec<BucketPlan>,
    pub(super) tables: Vec<TablePlan>,
}

/// A bucket and the files that become its objects.
#[derive(Debug)]
pub(super) struct BucketPlan {
    pub(super) name: String,
    pub(super) objects: Vec<ObjectPlan>,
}

/// A file that becomes an object.
#[derive(Debug)]
pub(super) struct ObjectPlan {
    pub(super) key: String,
    pub(super) path: PathBuf,
    pub(super) size: u64,
}

/// A table, how it is made, and where its items are.
#[derive(Debug, Default)]
pub(super) struct TablePlan {
    pub(super) name: String,
    pub(super) schema: Option<PathBuf>,
    pub(super) items: Vec<ItemFile>,
}

/// A file of items.
#[derive(Debug)]
pub(super) struct ItemFile {
    pub(super) path: PathBuf,
    pub(super) format: Format,
    pub(super) size: u64,
}

/// How a file holds its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// A JSON array.
    Json,
    /// One JSON object a line.
    Lines,
    /// As lines, compressed.
    GzipLines,
    /// Comma-separated values.
    Csv,
}

impl Plan {
    /// What `root` holds.
    ///
    /// # Errors
    /// Where the folder cannot be read, holds nothing to seed, or holds what would be passed over in silence: symbolic
    /// links, names that are no text, files of unknown kinds.
    pub fn read(root: &Path) -> Result<Self, SeedError> {
        let mut plan = Self::default();
        let mut tables: BTreeMap<String, TablePlan> = BTreeMap::new();
        for entry in entries(root)? {
            let (name, path) = entry;
            match name.as_str() {
                "s3" => plan.buckets = buckets(&path)?,
                "dynamodb" => read_tables(&path, &mut tables)?,
                "AWSDynamoDB" => read_exports(&path, &mut tables)?,
                // People keep notes beside their data.
                _ => {}
            }
        }
        if root.join("manifest-summary.json").is_file() {
            Export::read(root)?.add_to(&mut tables);
        }
        plan.tables = tables.into_values().collect();
        if plan.tables.is_empty() && plan.buckets.is_empty() {
            return Err(SeedError::content(
                root,
                "holds neither s3/BUCKET/ nor dynamodb/TABLE.json nor an export of AWS",
            ));
        }
        Ok(plan)
    }

    /// The bytes of all files.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let objects = self.buckets.iter().flat_map(|bucket| &bucket.objects).map(|object| object.size);
        objects.chain(self.tables.iter().flat_map(|table| &table.items).map(|file| file.size)).sum()
    }
}

/// Names and paths in a directory, in order of their names.
fn entries(directory: &Path) -> Result<Vec<(String, PathBuf)>, SeedError> {
    let failed = |error| SeedError::read(directory, error);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| SeedError::content(&path, "the name is not UTF-8"))?;
        entries.push((name.to_owned(), path));
    }
    entries.sort();
    Ok(entries)
}

fn buckets(directory: &Path) -> Result<Vec<BucketPlan>, SeedError> {
    let bucket = |(name, path): (String, PathBuf)| {
        if !path.is_dir() {
            return Err(SeedError::content(&path, "only folders, one for each bucket, belong here"));
        }
        Ok(BucketPlan { name, objects: objects(&path)? })
    };
    entries(directory)?.into_iter().map(bucket).collect()
}

fn objects(root: &Path) -> Result<Vec<ObjectPlan>, SeedError> {
    let mut objects = Vec::new();
    for entry in WalkDir::new(root).sort_by_file_name() {
        let entry = entry.map_err(|error| SeedError::content(root, error))?;
        let path = entry.path();
        if entry.file_type().is_dir() {
            continue;
        }
        // A link may lead out of the folder that a person looked at before seeding it.
        if !entry.file_type().is_file() {
            return Err(SeedError::content(path, "is a link or no plain file"));
        }
        let below = path.strip_prefix(root).unwrap_or(path);
        let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
        let key = parts.ok_or_else(|| SeedError::content(path, "the name is not UTF-8"))?.join("/");
        let size = entry.metadata().map_err(|error| SeedError::content(path, error))?.len();
        objects.push(ObjectPlan { key, path: path.to_owned(), size });
    }
    Ok(objects)
}

fn read_tables(directory: &Path, tables: &mut BTreeMap<String, TablePlan>) -> Result<(), SeedError> {
    for (name, path) in entries(directory)? {
        if path.is_dir() {
            if name == "AWSDynamoDB" {
                read_exports(&path, tables)?;
                continue;
            }
            return Err(SeedError::content(
                &path,
                "a folder here is passed over: put TABLE.json and its like beside it",
            ));
        }
        let (table, format) = match name.rsplit_once('.') {
            Some((table, "json")) => match table.strip_suffix(".schema") {
                Some(table) => (table, None),
                None => (table, Some(Format::Json)),
            },
            Some((table, "ndjson" | "jsonl")) => (table, Some(Format::Lines)),
            Some((table, "csv")) => (table, Some(Format::Csv)),
            _ => {
                return Err(SeedError::content(&path, "is none of TABLE.schema.json, .json, .ndjson, .jsonl and .csv"));
            }
        };
        let size = path.metadata().map_err(|error| SeedError::read(&path, error))?.len();
        let plan = plan_of(tables, table);
        match format {
            None => plan.schema = Some(path),
            Some(format) => plan.items.push(ItemFile { path, format, size }),
        }
    }
    Ok(())
}

fn read_exports(directory: &Path, tables: &mut BTreeMap<String, TablePlan>) -> Result<(), SeedError> {
    for (_, path) in entries(directory)? {
        if path.is_dir() {
            Export::read(&path)?.add_to(tables);
        }
    }
    Ok(())
}

impl Export {
    fn add_to(self, tables: &mut BTreeMap<String, TablePlan>) {
        plan_of(tables, &self.table).items.extend(self.files);
    }
}

fn plan_of<'t>(tables: &'t mut BTreeMap<String, TablePlan>, name: &str) -> &'t mut TablePlan {
    tables.entry(name.to_owned()).or_insert_with(|| TablePlan { name: name.to_owned(), ..TablePlan::default() })
}
