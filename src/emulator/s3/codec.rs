//! s3s as the codec: each operation of its trait is one file of `operation`.

use std::sync::Arc;

use s3s::{S3, S3Request, S3Response, S3Result, dto};

use super::context::Context;
use super::operation;
use super::service::Core;

/// What s3s calls.
#[derive(Debug)]
pub(super) struct Codec(pub Arc<Core>);

/// Operations that write or give a body are async; those that only read a few rows are not.
macro_rules! operations {
    (
        async { $($name:ident: $input:ident -> $output:ident;)* }
        plain { $($plain:ident: $plain_input:ident -> $plain_output:ident;)* }
    ) => {
        #[async_trait::async_trait]
        impl S3 for Codec {
            $(async fn $name(&self, request: S3Request<dto::$input>) -> S3Result<S3Response<dto::$output>> {
                let context = Context::of(&request.extensions)?;
                let result = operation::$name::run(&self.0, &context, request.input).await;
                context.answer(result)
            })*

            $(async fn $plain(&self, request: S3Request<dto::$plain_input>) -> S3Result<S3Response<dto::$plain_output>> {
                let context = Context::of(&request.extensions)?;
                context.answer(operation::$plain::run(&self.0, &context, request.input))
            })*
        }
    };
}

operations! {
    async {
        abort_multipart_upload: AbortMultipartUploadInput -> AbortMultipartUploadOutput;
        complete_multipart_upload: CompleteMultipartUploadInput -> CompleteMultipartUploadOutput;
        copy_object: CopyObjectInput -> CopyObjectOutput;
        create_bucket: CreateBucketInput -> CreateBucketOutput;
        create_multipart_upload: CreateMultipartUploadInput -> CreateMultipartUploadOutput;
        delete_bucket: DeleteBucketInput -> DeleteBucketOutput;
        delete_bucket_cors: DeleteBucketCorsInput -> DeleteBucketCorsOutput;
        delete_bucket_encryption: DeleteBucketEncryptionInput -> DeleteBucketEncryptionOutput;
        delete_bucket_tagging: DeleteBucketTaggingInput -> DeleteBucketTaggingOutput;
        delete_object: DeleteObjectInput -> DeleteObjectOutput;
        delete_object_tagging: DeleteObjectTaggingInput -> DeleteObjectTaggingOutput;
        delete_objects: DeleteObjectsInput -> DeleteObjectsOutput;
        get_object: GetObjectInput -> GetObjectOutput;
        list_object_versions: ListObjectVersionsInput -> ListObjectVersionsOutput;
        list_objects: ListObjectsInput -> ListObjectsOutput;
        list_objects_v2: ListObjectsV2Input -> ListObjectsV2Output;
        put_bucket_cors: PutBucketCorsInput -> PutBucketCorsOutput;
        put_bucket_encryption: PutBucketEncryptionInput -> PutBucketEncryptionOutput;
        put_bucket_versioning: PutBucketVersioningInput -> PutBucketVersioningOutput;
        put_bucket_tagging: PutBucketTaggingInput -> PutBucketTaggingOutput;
        put_object: PutObjectInput -> PutObjectOutput;
        put_object_tagging: PutObjectTaggingInput -> PutObjectTaggingOutput;
        upload_part: UploadPartInput -> UploadPartOutput;
        upload_part_copy: UploadPartCopyInput -> UploadPartCopyOutput;
    }
    plain {
        get_bucket_cors: GetBucketCorsInput -> GetBucketCorsOutput;
        get_bucket_encryption: GetBucketEncryptionInput -> GetBucketEncryptionOutput;
        get_bucket_location: GetBucketLocationInput -> GetBucketLocationOutput;
        get_bucket_versioning: GetBucketVersioningInput -> GetBucketVersioningOutput;
        get_bucket_tagging: GetBucketTaggingInput -> GetBucketTaggingOutput;
        get_object_attributes: GetObjectAttributesInput -> GetObjectAttributesOutput;
        get_object_tagging: GetObjectTaggingInput -> GetObjectTaggingOutput;
        head_bucket: HeadBucketInput -> HeadBucketOutput;
        head_object: HeadObjectInput -> HeadObjectOutput;
        list_buckets: ListBucketsInput -> ListBucketsOutput;
        list_multipart_uploads: ListMultipartUploadsInput -> ListMultipartUploadsOutput;
        list_parts: ListPartsInput -> ListPartsOutput;
    }
}
