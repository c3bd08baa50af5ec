//! What lies below a prefix: ListObjectsV2, and ListObjectVersions.

use std::cmp::Reverse;

use aws_sdk_s3::types::EncodingType;
use footbridge_tui::ask::{Answer, Entry, Page, Trouble};
use percent_encoding::percent_decode_str;
use serde_json::json;

use super::asked::{Asked, count, millis};
use super::trouble::wrong;

/// The entries of a page, which are S3's most.
const PAGE: i32 = 1000;

/// What an object without a storage class is of.
const STANDARD: &str = "STANDARD";

/// A page of the folders and objects directly below a prefix.
pub(super) async fn page(
    asked: &Asked<'_>,
    bucket: &str,
    prefix: &str,
    after: Option<&str>,
) -> Result<Answer, Trouble> {
    let list = Box::pin(async {
        let request = async |s3: aws_sdk_s3::Client| {
            let request = s3.list_objects_v2().bucket(bucket).prefix(prefix).delimiter("/").max_keys(PAGE);
            // As a URL has them, since XML cannot carry every key.
            let request = request.encoding_type(EncodingType::Url);
            request.set_continuation_token(after.map(str::to_owned)).send().await
        };
        let answer = asked.about(bucket, request).await?;
        let folders = answer.common_prefixes().iter().filter_map(|common| common.prefix());
        let objects = answer.contents().iter().map(|object| Entry::Object {
            key: plain(object.key().unwrap_or_default()),
            version: None,
            latest: true,
            marker: false,
            size: count(object.size()),
            modified: millis(object.last_modified()),
            class: object.storage_class().map_or(STANDARD, |class| class.as_str()).to_owned(),
        });
        let mut rows: Vec<_> = folders.map(|folder| Entry::Folder(plain(folder))).chain(objects).collect();
        rows.sort_by(|a, b| name(a).cmp(name(b)));
        Ok((json!({ "entries": rows.len() }), Page { rows, next: answer.next_continuation_token }))
    });
    let arguments = json!({ "bucket": bucket, "prefix": prefix, "delimiter": "/", "limit": PAGE });
    let page = asked.read("s3_list_objects", arguments, Some(format!("s3://{bucket}/{prefix}*")), list).await?;
    Ok(Answer::Objects(page))
}

/// A page of the versions and delete markers below a prefix, the newest of a key first.
pub(super) async fn versions(
    asked: &Asked<'_>,
    bucket: &str,
    prefix: &str,
    after: Option<&str>,
) -> Result<Answer, Trouble> {
    let list = Box::pin(async {
        let (key, version) = match after {
            Some(after) => serde_json::from_str(after).map_err(|_| wrong("this is no page's token"))?,
            None => (None, None),
        };
        let request = async |s3: aws_sdk_s3::Client| {
            let request = s3.list_object_versions().bucket(bucket).prefix(prefix).max_keys(PAGE);
            let request = request.encoding_type(EncodingType::Url);
            let (key, version): (Option<String>, Option<String>) = (key.clone(), version.clone());
            request.set_key_marker(key).set_version_id_marker(version).send().await
        };
        let answer = asked.about(bucket, request).await?;
        let versions = answer.versions().iter().map(|version| Entry::Object {
            key: plain(version.key().unwrap_or_default()),
            version: version.version_id().map(str::to_owned),
            latest: version.is_latest().unwrap_or_default(),
            marker: false,
            size: count(version.size()),
            modified: millis(version.last_modified()),
            class: version.storage_class().map_or(STANDARD, |class| class.as_str()).to_owned(),
        });
        let markers = answer.delete_markers().iter().map(|marker| Entry::Object {
            key: plain(marker.key().unwrap_or_default()),
            version: marker.version_id().map(str::to_owned),
            latest: marker.is_latest().unwrap_or_default(),
            marker: true,
            size: 0,
            modified: millis(marker.last_modified()),
            class: String::new(),
        });
        // The SDK gives them apart.
        let mut rows: Vec<_> = versions.chain(markers).collect();
        rows.sort_by(|a, b| (name(a), newest_first(a)).cmp(&(name(b), newest_first(b))));
        let next = if answer.is_truncated() == Some(true) {
            let key = answer.next_key_marker().map(plain);
            Some(json!([key, answer.next_version_id_marker()]).to_string())
        } else {
            None
        };
        Ok((json!({ "entries": rows.len() }), Page { rows, next }))
    });
    let arguments = json!({ "bucket": bucket, "prefix": prefix, "versions": true, "limit": PAGE });
    let page = asked.read("s3_list_objects", arguments, Some(format!("s3://{bucket}/{prefix}*")), list).await?;
    Ok(Answer::Objects(page))
}

fn name(entry: &Entry) -> &str {
    match entry {
        Entry::Folder(name) => name,
        Entry::Object { key, .. } => key,
    }
}

fn newest_first(entry: &Entry) -> (Reverse<bool>, Reverse<Option<u64>>) {
    match entry {
        Entry::Folder(_) => (Reverse(false), Reverse(None)),
        Entry::Object { latest, modified, .. } => (Reverse(*latest), Reverse(*modified)),
    }
}

/// A name as it is, from a listing that is encoded as URLs are.
fn plain(name: &str) -> String {
    percent_decode_str(&name.replace('+', " ")).decode_utf8_lossy().into_owned()
}
