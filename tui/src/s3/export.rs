//! A listing as text for a file.

use footbridge_record::time::rfc3339;
use serde_json::{Map, Value};

use super::level::Level;
use super::listing::Row;
use super::place::Place;

/// The marked rows, or all that are shown, as NDJSON or CSV.
pub(super) fn text(level: &Level, csv: bool) -> String {
    let names: &[&str] = match level.place {
        Place::Buckets => &["Name", "BucketRegion", "CreationDate"],
        Place::Folder { .. } => &["Key", "Size", "LastModified", "StorageClass"],
        Place::Versions { .. } => {
            &["Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size", "LastModified", "StorageClass"]
        }
    };
    let rows: Vec<Row<'_>> = if level.marks.is_empty() {
        level.list.rows().collect()
    } else {
        level.marks.iter().filter_map(|at| level.list.object(at)).collect()
    };
    let values = rows.iter().map(|row| names.iter().map(|name| value(row, name, level)));
    if !csv {
        let line = |values: &mut dyn Iterator<Item = Value>| {
            let pairs = names.iter().zip(values).filter(|(_, value)| !value.is_null());
            let object: Map<_, _> = pairs.map(|(name, value)| ((*name).to_owned(), value)).collect();
            Value::Object(object).to_string() + "\n"
        };
        return values.map(|mut values| line(&mut values)).collect();
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = writer.write_record(names);
    for values in values {
        let cells = values.map(|value| match value {
            Value::Null => String::new(),
            Value::String(text) => text,
            other => other.to_string(),
        });
        let _ = writer.write_record(cells);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn value(row: &Row<'_>, name: &str, level: &Level) -> Value {
    let time = || row.modified.map_or(Value::Null, |millis| Value::String(rfc3339(millis)));
    match name {
        "Name" => row.name.into(),
        "Key" => row.key(level.place.prefix()).into(),
        "BucketRegion" | "VersionId" => row.more.map_or(Value::Null, Value::from),
        "CreationDate" | "LastModified" => time(),
        _ if row.folder => Value::Null,
        "IsLatest" => row.latest.into(),
        "IsDeleteMarker" => row.marker.into(),
        _ if row.marker => Value::Null,
        "Size" => row.size.into(),
        _ => row.class.into(),
    }
}
