//! A table that AWS exported to S3: `manifest-summary.json`, `manifest-files.json` and compressed lines of items.
//! Source: "DynamoDB table export output format" in the developer guide.

use std::path::Path;

use serde::Deserialize;

use super::SeedError;
use super::folder::ItemFile;

/// A full export.
#[derive(Debug)]
pub(super) struct Export {
    pub(super) table: String,
    pub(super) files: Vec<ItemFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    table_arn: String,
    output_format: String,
    export_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    data_file_s3_key: String,
}

impl Export {
    /// The export in `directory`, which has its manifests.
    pub(super) fn read(directory: &Path) -> Result<Self, SeedError> {
        let path = directory.join("manifest-summary.json");
        let text = std::fs::read(&path).map_err(|error| SeedError::read(&path, error))?;
        let summary: Summary = serde_json::from_slice(&text).map_err(|error| SeedError::content(&path, error))?;
        if summary.output_format != "DYNAMODB_JSON" {
            let what = format!("the export's format is {}: only DYNAMODB_JSON can be read", summary.output_format);
            return Err(SeedError::content(&path, what));
        }
        if summary.export_type.is_some_and(|kind| kind != "FULL_EXPORT") {
            return Err(SeedError::content(&path, "the export is incremental: only full exports can be read"));
        }
        let table = summary.table_arn.rsplit_once("table/").map(|(_, name)| name.to_owned());
        let table = table.ok_or_else(|| SeedError::content(&path, "tableArn is not the ARN of a table"))?;
        Ok(Self { table, files: files(directory)? })
    }
}

/// The data files that the manifest names: their S3 keys end in names of files in `data/` here.
fn files(directory: &Path) -> Result<Vec<ItemFile>, SeedError> {
    let manifest = directory.join("manifest-files.json");
    let text = std::fs::read_to_string(&manifest).map_err(|error| SeedError::read(&manifest, error))?;
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines
        .map(|(line, number)| {
            let file: File = serde_json::from_str(line).map_err(|error| SeedError::line(&manifest, number, error))?;
            let name = Path::new(&file.data_file_s3_key).file_name();
            let name = name.ok_or_else(|| SeedError::line(&manifest, number, "dataFileS3Key names no file"))?;
            let path = directory.join("data").join(name);
            let size = path.metadata().map_err(|error| SeedError::read(&path, error))?.len();
            Ok(ItemFile { path, size })
        })
        .collect()
}
