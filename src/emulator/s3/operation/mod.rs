//! A file per operation. An operation reads its [`Context`](super::context::Context) and answers s3s's output.

pub(super) mod abort_multipart_upload;
pub(super) mod complete_multipart_upload;
pub(super) mod copy_object;
pub(super) mod create_bucket;
pub(super) mod create_multipart_upload;
pub(super) mod delete_bucket;
pub(super) mod delete_bucket_cors;
pub(super) mod delete_bucket_encryption;
pub(super) mod delete_bucket_tagging;
pub(super) mod delete_object;
pub(super) mod delete_object_tagging;
pub(super) mod delete_objects;
pub(super) mod get_bucket_cors;
pub(super) mod get_bucket_encryption;
pub(super) mod get_bucket_location;
pub(super) mod get_bucket_tagging;
pub(super) mod get_bucket_versioning;
pub(super) mod get_object;
pub(super) mod get_object_attributes;
pub(super) mod get_object_tagging;
pub(super) mod head_bucket;
pub(super) mod head_object;
pub(super) mod list_buckets;
pub(super) mod list_multipart_uploads;
pub(super) mod list_object_versions;
pub(super) mod list_objects;
pub(super) mod list_objects_v2;
pub(super) mod list_parts;
pub(super) mod post_object;
pub(super) mod put_bucket_cors;
pub(super) mod put_bucket_encryption;
pub(super) mod put_bucket_tagging;
pub(super) mod put_bucket_versioning;
pub(super) mod put_object;
pub(super) mod put_object_tagging;
pub(super) mod upload_part;
pub(super) mod upload_part_copy;

use s3s::S3Response;

use crate::emulator::error::AwsError;

/// What an operation gives.
pub(super) type Result<T> = std::result::Result<S3Response<T>, AwsError>;
