//! Calls on objects.

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectAttributes, ObjectIdentifier};
use serde_json::{Value as Json, json};

use super::shape::{body, checksums, join, list, ok, send, shown, told, with};
use crate::wire::{Sent, Unanswered};

/// What GetObject and HeadObject tell of an object.
macro_rules! described {
    ($output:expr) => {{
        let mut told = told!($output, "ETag" => e_tag, "VersionId" => version_id, "AcceptRanges" => accept_ranges,
            "ContentRange" => content_range, "ContentLength" => content_length, "ContentType" => content_type,
            "CacheControl" => cache_control, "ContentDisposition" => content_disposition,
            "ContentEncoding" => content_encoding, "ContentLanguage" => content_language, "Expires" => expires_string,
            "TagCount" => tag_count, "PartsCount" => parts_count, "MissingMeta" => missing_meta,
            "StorageClass" => storage_class as word, "LastModified" => last_modified as there,
            "WebsiteRedirectLocation" => website_redirect_location, "DeleteMarker" => delete_marker,
            "ChecksumType" => checksum_type as word, "ServerSideEncryption" => server_side_encryption as word);
        checksums!(told, $output);
        let metadata: std::collections::BTreeMap<_, _> = $output.metadata().into_iter().flatten().collect();
        if !metadata.is_empty() {
            told["Metadata"] = json!(metadata);
        }
        told
    }};
}

pub async fn put(client: &Client, input: &Json) -> Sent {
    let call = with!(client.put_object(), input, "Bucket" => set_bucket, "Key" => set_key, "IfMatch" => set_if_match,
        "IfNoneMatch" => set_if_none_match, "Metadata" => set_metadata as texts, "ContentType" => set_content_type,
        "CacheControl" => set_cache_control, "ContentDisposition" => set_content_disposition,
        "ContentEncoding" => set_content_encoding, "ContentLanguage" => set_content_language,
        "ContentMD5" => set_content_md5, "Tagging" => set_tagging, "StorageClass" => set_storage_class as word,
        "WebsiteRedirectLocation" => set_website_redirect_location, "ServerSideEncryption" => set_server_side_encryption as word,
        "ChecksumAlgorithm" => set_checksum_algorithm as word, "ChecksumCRC32" => set_checksum_crc32,
        "ChecksumSHA256" => set_checksum_sha256, "ExpectedBucketOwner" => set_expected_bucket_owner);
    let (status, output) = send!(call.body(ByteStream::from(body(input))), input);
    let mut told = told!(output, "ETag" => e_tag, "VersionId" => version_id, "Size" => size,
        "ChecksumType" => checksum_type as word, "ServerSideEncryption" => server_side_encryption as word);
    checksums!(told, output);
    ok(status, told)
}

pub async fn get(client: &Client, input: &Json) -> Sent {
    let call = with!(client.get_object(), input, "Bucket" => set_bucket, "Key" => set_key, "VersionId" => set_version_id,
        "Range" => set_range, "PartNumber" => set_part_number as number, "IfMatch" => set_if_match,
        "IfNoneMatch" => set_if_none_match, "ChecksumMode" => set_checksum_mode as word,
        "ResponseCacheControl" => set_response_cache_control, "ResponseContentType" => set_response_content_type,
        "ResponseContentDisposition" => set_response_content_disposition,
        "ResponseContentEncoding" => set_response_content_encoding,
        "ResponseContentLanguage" => set_response_content_language);
    let (status, output) = send!(call, input);
    let mut told = described!(output);
    let bytes = output.body.collect().await.map_err(|error| Unanswered(error.to_string()))?;
    told["Body"] = shown(&bytes.into_bytes());
    ok(status, told)
}

pub async fn head(client: &Client, input: &Json) -> Sent {
    let call = with!(client.head_object(), input, "Bucket" => set_bucket, "Key" => set_key, "VersionId" => set_version_id,
        "Range" => set_range, "PartNumber" => set_part_number as number, "IfMatch" => set_if_match,
        "IfNoneMatch" => set_if_none_match, "ChecksumMode" => set_checksum_mode as word);
    let (status, output) = send!(call, input);
    ok(status, described!(output))
}

pub async fn delete(client: &Client, input: &Json) -> Sent {
    let call = with!(client.delete_object(), input, "Bucket" => set_bucket, "Key" => set_key,
        "VersionId" => set_version_id, "IfMatch" => set_if_match);
    let (status, output) = send!(call, input);
    ok(status, told!(output, "DeleteMarker" => delete_marker, "VersionId" => version_id))
}

pub async fn delete_many(client: &Client, input: &Json) -> Sent {
    let object = |given: &Json| {
        let object = with!(ObjectIdentifier::builder(), given, "Key" => set_key, "VersionId" => set_version_id,
            "ETag" => set_e_tag);
        object.build().expect("a key")
    };
    let given = &input["Delete"];
    let delete = with!(Delete::builder(), given, "Quiet" => set_quiet as flag);
    let delete = delete.set_objects(list(given, "Objects", object)).build().expect("objects");
    let call = with!(client.delete_objects(), input, "Bucket" => set_bucket).delete(delete);
    let (status, output) = send!(call, input);
    let deleted = output.deleted().iter().map(|object| {
        told!(object, "Key" => key, "VersionId" => version_id, "DeleteMarker" => delete_marker,
            "DeleteMarkerVersionId" => delete_marker_version_id)
    });
    let errors = output.errors().iter();
    let errors =
        errors.map(|error| told!(error, "Key" => key, "VersionId" => version_id, "Code" => code, "Message" => message));
    ok(status, json!({"Deleted": deleted.collect::<Json>(), "Errors": errors.collect::<Json>()}))
}

pub async fn copy(client: &Client, input: &Json) -> Sent {
    let call = with!(client.copy_object(), input, "Bucket" => set_bucket, "Key" => set_key,
        "CopySource" => set_copy_source, "CopySourceIfMatch" => set_copy_source_if_match,
        "CopySourceIfNoneMatch" => set_copy_source_if_none_match, "IfMatch" => set_if_match,
        "IfNoneMatch" => set_if_none_match, "MetadataDirective" => set_metadata_directive as word,
        "TaggingDirective" => set_tagging_directive as word, "Metadata" => set_metadata as texts,
        "ContentType" => set_content_type, "CacheControl" => set_cache_control, "Tagging" => set_tagging,
        "StorageClass" => set_storage_class as word, "ChecksumAlgorithm" => set_checksum_algorithm as word,
        "ServerSideEncryption" => set_server_side_encryption as word,
        "WebsiteRedirectLocation" => set_website_redirect_location);
    let (status, output) = send!(call, input);
    let mut told = told!(output, "CopySourceVersionId" => copy_source_version_id, "VersionId" => version_id,
        "ServerSideEncryption" => server_side_encryption as word);
    if let Some(result) = output.copy_object_result() {
        let mut shown = told!(result, "ETag" => e_tag, "LastModified" => last_modified as there,
            "ChecksumType" => checksum_type as word);
        checksums!(shown, result);
        told["CopyObjectResult"] = shown;
    }
    ok(status, told)
}

pub async fn attributes(client: &Client, input: &Json) -> Sent {
    let wanted = list(input, "ObjectAttributes", |word| ObjectAttributes::from(word.as_str().expect("a text")));
    let call = with!(client.get_object_attributes(), input, "Bucket" => set_bucket, "Key" => set_key,
        "VersionId" => set_version_id, "MaxParts" => set_max_parts as number,
        "PartNumberMarker" => set_part_number_marker);
    let (status, output) = send!(call.set_object_attributes(wanted), input);
    let mut told = told!(output, "DeleteMarker" => delete_marker, "LastModified" => last_modified as there,
        "VersionId" => version_id, "ETag" => e_tag, "StorageClass" => storage_class as word, "ObjectSize" => object_size);
    if let Some(checksum) = output.checksum() {
        let mut shown = told!(checksum, "ChecksumType" => checksum_type as word);
        checksums!(shown, checksum);
        told["Checksum"] = shown;
    }
    if let Some(parts) = output.object_parts() {
        let mut shown = told!(parts, "TotalPartsCount" => total_parts_count, "PartNumberMarker" => part_number_marker,
            "NextPartNumberMarker" => next_part_number_marker, "MaxParts" => max_parts, "IsTruncated" => is_truncated);
        let each = parts.parts().iter().map(|part| {
            let mut shown = told!(part, "PartNumber" => part_number, "Size" => size);
            checksums!(shown, part);
            shown
        });
        join(&mut shown, json!({"Parts": each.collect::<Json>()}));
        told["ObjectParts"] = shown;
    }
    ok(status, told)
}
