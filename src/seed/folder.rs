//! What a folder holds, found before anything is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::SeedError;
use super::export::Export;
use super::litter;

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Plan {
    pub(super) buckets: Vec<BucketPlan>,
    pub(super) tables: Vec<TablePlan>,
    /// Files that are no data, as paths.
    pub(super) left_out: Vec<String>,
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
    pub(super) size: u64,
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
        // What stands beside the folders is passed over anyway.
        for (name, path) in entries(root, &mut Vec::new())? {
            match name.as_str() {
                "s3" => plan.buckets = buckets(&path, &mut plan.left_out)?,
                "dynamodb" => read_tables(&path, &mut tables, &mut plan.left_out)?,
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

/// Names and paths in a directory, in order of their names, without those that are litter.
fn entries(directory: &Path, left_out: &mut Vec<String>) -> Result<Vec<(String, PathBuf)>, SeedError> {
    let failed = |error| SeedError::read(directory, error);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| SeedError::content(&path, "the name is not UTF-8"))?;
        if litter::is_litter(name) {
            left_out.push(path.display().to_string());
        } else {
            entries.push((name.to_owned(), path));
        }
    }
    entries.sort();
    left_out.sort();
    Ok(entries)
}

fn buckets(directory: &Path, left_out: &mut Vec<String>) -> Result<Vec<BucketPlan>, SeedError> {
    let mut buckets = Vec::new();
    for (name, path) in entries(directory, left_out)? {
        if !path.is_dir() {
            return Err(SeedError::content(&path, "only folders, one for each bucket, belong here"));
        }
        buckets.push(BucketPlan { name, objects: objects(&path, left_out)? });
    }
    Ok(buckets)
}

fn objects(root: &Path, left_out: &mut Vec<String>) -> Result<Vec<ObjectPlan>, SeedError> {
    let mut objects = Vec::new();
    let mut walk = WalkDir::new(root).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = entry.map_err(|error| SeedError::content(root, error))?;
        let path = entry.path();
        if entry.depth() > 0 && entry.file_name().to_str().is_some_and(litter::is_litter) {
            left_out.push(path.display().to_string());
            if entry.file_type().is_dir() {
                walk.skip_current_dir();
            }
            continue;
        }
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

fn read_tables(
    directory: &Path,
    tables: &mut BTreeMap<String, TablePlan>,
    left_out: &mut Vec<String>,
) -> Result<(), SeedError> {
    for (name, path) in entries(directory, left_out)? {
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
        let (table, is_schema) = match name.rsplit_once('.') {
            Some((table, "json")) if table.ends_with(".schema") => (table.trim_end_matches(".schema"), true),
            Some((table, "json" | "ndjson" | "jsonl" | "csv")) => (table, false),
            _ => {
                return Err(SeedError::content(&path, "is none of TABLE.schema.json, .json, .ndjson, .jsonl and .csv"));
            }
        };
        let size = path.metadata().map_err(|error| SeedError::read(&path, error))?.len();
        let plan = plan_of(tables, table);
        if is_schema {
            plan.schema = Some(path);
        } else {
            plan.items.push(ItemFile { path, size });
        }
    }
    Ok(())
}

fn read_exports(directory: &Path, tables: &mut BTreeMap<String, TablePlan>) -> Result<(), SeedError> {
    for (_, path) in entries(directory, &mut Vec::new())? {
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
