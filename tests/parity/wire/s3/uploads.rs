//! Calls on multipart uploads.

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use serde_json::{Value as Json, json};

use super::shape::{body, checksums, list, ok, path, send, told, with};
use crate::wire::Sent;

pub async fn create(client: &Client, input: &Json) -> Sent {
    let call = with!(client.create_multipart_upload(), input, "Bucket" => set_bucket, "Key" => set_key,
        "Metadata" => set_metadata as texts, "ContentType" => set_content_type, "Tagging" => set_tagging,
        "StorageClass" => set_storage_class as word, "ChecksumAlgorithm" => set_checksum_algorithm as word,
        "ChecksumType" => set_checksum_type as word);
    let (status, output) = send!(call, input);
    let told = told!(output, "Bucket" => bucket, "Key" => key, "UploadId" => upload_id,
        "ChecksumAlgorithm" => checksum_algorithm as word, "ChecksumType" => checksum_type as word,
        "ServerSideEncryption" => server_side_encryption as word);
    ok(status, told)
}

pub async fn part(client: &Client, input: &Json) -> Sent {
    let call = with!(client.upload_part(), input, "Bucket" => set_bucket, "Key" => set_key, "UploadId" => set_upload_id,
        "PartNumber" => set_part_number as number, "ContentMD5" => set_content_md5,
        "ChecksumAlgorithm" => set_checksum_algorithm as word);
    let (status, output) = send!(call.body(ByteStream::from(body(input))), input);
    let mut told = told!(output, "ETag" => e_tag, "ServerSideEncryption" => server_side_encryption as word);
    checksums!(told, output);
    ok(status, told)
}

pub async fn part_copy(client: &Client, input: &Json) -> Sent {
    let call = with!(client.upload_part_copy(), input, "Bucket" => set_bucket, "Key" => set_key,
        "UploadId" => set_upload_id, "PartNumber" => set_part_number as number, "CopySource" => set_copy_source,
        "CopySourceRange" => set_copy_source_range, "CopySourceIfMatch" => set_copy_source_if_match,
        "CopySourceIfNoneMatch" => set_copy_source_if_none_match);
    let (status, output) = send!(call, input);
    let mut told = told!(output, "CopySourceVersionId" => copy_source_version_id,
        "ServerSideEncryption" => server_side_encryption as word);
    if let Some(result) = output.copy_part_result() {
        let mut shown = told!(result, "ETag" => e_tag, "LastModified" => last_modified as there);
        checksums!(shown, result);
        told["CopyPartResult"] = shown;
    }
    ok(status, told)
}

pub async fn complete(client: &Client, input: &Json) -> Sent {
    let part = |given: &Json| {
        let part = with!(CompletedPart::builder(), given, "PartNumber" => set_part_number as number, "ETag" => set_e_tag,
            "ChecksumCRC32" => set_checksum_crc32, "ChecksumSHA256" => set_checksum_sha256);
        part.build()
    };
    let parts = list(&input["MultipartUpload"], "Parts", part);
    let upload = CompletedMultipartUpload::builder().set_parts(parts).build();
    let call = with!(client.complete_multipart_upload(), input, "Bucket" => set_bucket, "Key" => set_key,
        "UploadId" => set_upload_id, "IfMatch" => set_if_match, "IfNoneMatch" => set_if_none_match,
        "MpuObjectSize" => set_mpu_object_size as size, "ChecksumType" => set_checksum_type as word);
    let (status, output) = send!(call.multipart_upload(upload), input);
    let mut told = told!(output, "Bucket" => bucket, "Key" => key, "ETag" => e_tag, "VersionId" => version_id,
        "ChecksumType" => checksum_type as word, "ServerSideEncryption" => server_side_encryption as word);
    checksums!(told, output);
    told["Location"] = output.location().map(path).into();
    ok(status, told)
}

pub async fn abort(client: &Client, input: &Json) -> Sent {
    let call = with!(client.abort_multipart_upload(), input, "Bucket" => set_bucket, "Key" => set_key,
        "UploadId" => set_upload_id);
    let (status, _) = send!(call, input);
    ok(status, json!({}))
}
