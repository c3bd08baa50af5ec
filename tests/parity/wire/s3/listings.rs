//! Listings.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{ChecksumAlgorithm, CommonPrefix, Object};
use serde_json::{Value as Json, json};

use super::shape::{checksums, ok, send, told, with};
use crate::wire::Sent;

fn algorithms(all: &[ChecksumAlgorithm]) -> Json {
    all.iter().map(ChecksumAlgorithm::as_str).collect()
}

fn prefixes(all: &[CommonPrefix]) -> Json {
    all.iter().map(|common| json!({"Prefix": common.prefix()})).collect()
}

fn objects(all: &[Object]) -> Json {
    let shown = all.iter().map(|object| {
        let mut shown = told!(object, "Key" => key, "ETag" => e_tag, "Size" => size, "StorageClass" => storage_class as word,
            "LastModified" => last_modified as there, "ChecksumType" => checksum_type as word, "Owner" => owner as there);
        shown["ChecksumAlgorithm"] = algorithms(object.checksum_algorithm());
        shown
    });
    shown.collect()
}

pub async fn first(client: &Client, input: &Json) -> Sent {
    let call = with!(client.list_objects(), input, "Bucket" => set_bucket, "Prefix" => set_prefix,
        "Delimiter" => set_delimiter, "Marker" => set_marker, "MaxKeys" => set_max_keys as number,
        "EncodingType" => set_encoding_type as word);
    let (status, output) = send!(call, input);
    let mut told = told!(output, "Name" => name, "Prefix" => prefix, "Delimiter" => delimiter, "Marker" => marker,
        "NextMarker" => next_marker, "MaxKeys" => max_keys, "IsTruncated" => is_truncated,
        "EncodingType" => encoding_type as word);
    told["Contents"] = objects(output.contents());
    told["CommonPrefixes"] = prefixes(output.common_prefixes());
    ok(status, told)
}

pub async fn second(client: &Client, input: &Json) -> Sent {
    let call = with!(client.list_objects_v2(), input, "Bucket" => set_bucket, "Prefix" => set_prefix,
        "Delimiter" => set_delimiter, "StartAfter" => set_start_after, "MaxKeys" => set_max_keys as number,
        "ContinuationToken" => set_continuation_token, "FetchOwner" => set_fetch_owner as flag,
        "EncodingType" => set_encoding_type as word);
    let (status, output) = send!(call, input);
    let mut told = told!(output, "Name" => name, "Prefix" => prefix, "Delimiter" => delimiter,
        "StartAfter" => start_after, "ContinuationToken" => continuation_token,
        "NextContinuationToken" => next_continuation_token, "MaxKeys" => max_keys, "KeyCount" => key_count,
        "IsTruncated" => is_truncated, "EncodingType" => encoding_type as word);
    told["Contents"] = objects(output.contents());
    told["CommonPrefixes"] = prefixes(output.common_prefixes());
    ok(status, told)
}

pub async fn versions(client: &Client, input: &Json) -> Sent {
    let call = with!(client.list_object_versions(), input, "Bucket" => set_bucket, "Prefix" => set_prefix,
        "Delimiter" => set_delimiter, "KeyMarker" => set_key_marker, "VersionIdMarker" => set_version_id_marker,
        "MaxKeys" => set_max_keys as number, "EncodingType" => set_encoding_type as word);
    let (status, output) = send!(call, input);
    let mut told = told!(output, "Name" => name, "Prefix" => prefix, "Delimiter" => delimiter,
        "KeyMarker" => key_marker, "VersionIdMarker" => version_id_marker, "NextKeyMarker" => next_key_marker,
        "NextVersionIdMarker" => next_version_id_marker, "MaxKeys" => max_keys, "IsTruncated" => is_truncated,
        "EncodingType" => encoding_type as word);
    let versions = output.versions().iter().map(|version| {
        let mut shown = told!(version, "Key" => key, "VersionId" => version_id, "IsLatest" => is_latest, "ETag" => e_tag,
            "Size" => size, "StorageClass" => storage_class as word, "LastModified" => last_modified as there,
            "ChecksumType" => checksum_type as word);
        shown["ChecksumAlgorithm"] = algorithms(version.checksum_algorithm());
        shown
    });
    let markers = output.delete_markers().iter().map(|marker| {
        told!(marker, "Key" => key, "VersionId" => version_id, "IsLatest" => is_latest,
            "LastModified" => last_modified as there)
    });
    told["Versions"] = versions.collect();
    told["DeleteMarkers"] = markers.collect();
    told["CommonPrefixes"] = prefixes(output.common_prefixes());
    ok(status, told)
}

pub async fn uploads(client: &Client, input: &Json) -> Sent {
    let call = with!(client.list_multipart_uploads(), input, "Bucket" => set_bucket, "Prefix" => set_prefix,
        "Delimiter" => set_delimiter, "KeyMarker" => set_key_marker, "UploadIdMarker" => set_upload_id_marker,
        "MaxUploads" => set_max_uploads as number, "EncodingType" => set_encoding_type as word);
    let (status, output) = send!(call, input);
    let mut told = told!(output, "Bucket" => bucket, "Prefix" => prefix, "Delimiter" => delimiter,
        "KeyMarker" => key_marker, "UploadIdMarker" => upload_id_marker, "NextKeyMarker" => next_key_marker,
        "NextUploadIdMarker" => next_upload_id_marker, "MaxUploads" => max_uploads, "IsTruncated" => is_truncated,
        "EncodingType" => encoding_type as word);
    let uploads = output.uploads().iter().map(|upload| {
        told!(upload, "Key" => key, "UploadId" => upload_id, "Initiated" => initiated as there,
            "StorageClass" => storage_class as word, "ChecksumAlgorithm" => checksum_algorithm as word,
            "ChecksumType" => checksum_type as word)
    });
    told["Uploads"] = uploads.collect();
    told["CommonPrefixes"] = prefixes(output.common_prefixes());
    ok(status, told)
}

pub async fn parts(client: &Client, input: &Json) -> Sent {
    let call = with!(client.list_parts(), input, "Bucket" => set_bucket, "Key" => set_key, "UploadId" => set_upload_id,
        "MaxParts" => set_max_parts as number, "PartNumberMarker" => set_part_number_marker);
    let (status, output) = send!(call, input);
    let mut told = told!(output, "Bucket" => bucket, "Key" => key, "UploadId" => upload_id,
        "PartNumberMarker" => part_number_marker, "NextPartNumberMarker" => next_part_number_marker,
        "MaxParts" => max_parts, "IsTruncated" => is_truncated, "StorageClass" => storage_class as word,
        "ChecksumAlgorithm" => checksum_algorithm as word, "ChecksumType" => checksum_type as word);
    let parts = output.parts().iter().map(|part| {
        let mut shown = told!(part, "PartNumber" => part_number, "ETag" => e_tag, "Size" => size,
            "LastModified" => last_modified as there);
        checksums!(shown, part);
        shown
    });
    told["Parts"] = parts.collect();
    ok(status, told)
}
