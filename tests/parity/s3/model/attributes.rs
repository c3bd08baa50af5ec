//! GetObjectAttributes.

use serde_json::{Value as Json, json};

use super::state::{Object, World};
use super::{Said, TIME, text, told};

pub fn get(world: &mut World, input: &Json) -> Said {
    world.place(input)?;
    let id = world.named(input)?;
    let (bucket, key) = world.place(input)?;
    let (version, object) = bucket.read(key, id, "GET")?;
    let wanted: Vec<&str> =
        input["ObjectAttributes"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let mut output = json!({"LastModified": TIME, "VersionId": bucket.shown(version)});
    if wanted.contains(&"ETag") {
        output["ETag"] = json!(object.etag);
    }
    if wanted.contains(&"StorageClass") {
        output["StorageClass"] = json!(object.described.class.as_deref().unwrap_or("STANDARD"));
    }
    if wanted.contains(&"ObjectSize") {
        output["ObjectSize"] = json!(object.bytes.len());
    }
    if wanted.contains(&"Checksum") {
        let mut shown = json!({});
        object.checksum.show(&mut shown);
        // Recorded: here without the number of parts.
        let member = object.checksum.member();
        let bare = object.checksum.value.split_once('-').map_or(object.checksum.value.as_str(), |(bare, _)| bare);
        shown[member] = json!(bare);
        output["Checksum"] = shown;
    }
    if wanted.contains(&"ObjectParts") && !object.parts.is_empty() {
        output["ObjectParts"] = parts(input, object);
    }
    told(200, output)
}

/// The parts in pages; only how many where its checksum is that of the whole (recorded).
fn parts(input: &Json, object: &Object) -> Json {
    let mut shown = json!({"TotalPartsCount": object.parts.len()});
    if object.checksum.kind != "COMPOSITE" {
        return shown;
    }
    let most = input.get("MaxParts").and_then(Json::as_u64).unwrap_or(1000).min(1000);
    let marker: usize = text(input, "PartNumberMarker").map_or(0, |marker| marker.parse().expect("a number"));
    let after = object.parts.iter().zip(1_usize..).skip(marker);
    let page: Vec<_> = after.take(usize::try_from(most).expect("not so many")).collect();
    let each = page.iter().map(|(part, number)| {
        let mut shown = json!({"PartNumber": number, "Size": part.bytes.len()});
        shown[part.checksum.member()] = json!(part.checksum.value);
        shown
    });
    let last = page.last().map_or(0, |(_, number)| *number);
    crate::wire::s3::join(
        &mut shown,
        json!({
            "MaxParts": most, "PartNumberMarker": marker.to_string(), "NextPartNumberMarker": last.to_string(),
            "IsTruncated": last > 0 && last < object.parts.len(), "Parts": each.collect::<Json>(),
        }),
    );
    shown
}
