//! The table of operations. One more is its file and its row here.
//!
//! How a request is recognised and what it may carry is AWS's model ([`model`](super::model)); an operation of the model
//! without a row here is refused by name. Files that two rows name hold what both are.

mod row;
mod unset;

pub(super) use post_object::run as post;
pub(super) use row::{Body, Digest, Row, Run, row, rows};
pub use row::{Extent, Operation, names_of_the_model, operations};

use super::access::Asks;
use super::call::Level;
use super::model::{self, Checksum, Shape};

/// An operation: its file, which has the function `run`, and what stands in its row.
macro_rules! operations {
    ($($module:ident: $shape:expr, $when:ident, $asks:expr $(, $column:ident: $value:expr)*;)*) => {
        $(mod $module;)*

        /// Every operation that has a file.
        static ROWS: &[Row] = &[$(
            Row { $($column: $value,)* ..Row::new(&$shape, $asks, operations!(@$when $module)) },
        )*];
    };
    (@now $module:ident) => { Run::Now($module::run) };
    (@later $module:ident) => { Run::Later(|core, context| Box::pin($module::run(core, context))) };
    (@form $module:ident) => { Run::Form };
}

/// Server-side encryption with a customer's key.
const SSE_C: [&str; 3] = [
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-server-side-encryption-customer-key-md5",
];
const SSE_C_SOURCE: [&str; 3] = [
    "x-amz-copy-source-server-side-encryption-customer-algorithm",
    "x-amz-copy-source-server-side-encryption-customer-key",
    "x-amz-copy-source-server-side-encryption-customer-key-md5",
];
/// What of a new object is not built: keys of customers and of KMS.
const NEW_OBJECT: &[&str] = &[
    SSE_C[0],
    SSE_C[1],
    SSE_C[2],
    "x-amz-object-lock-event-hold",
    "x-amz-object-lock-event-hold-duration-days",
    "x-amz-object-lock-event-hold-duration-years",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-context",
];
const PUT: &[&str] = &["PutObject"];

/// The operation of a browser's form, which AWS's model lacks. Its fields are judged as PutObject's headers.
pub(super) const POST_OBJECT: Shape = Shape {
    name: "PostObject",
    method: "POST",
    level: Level::Bucket,
    selectors: &[],
    copies: false,
    headers: model::PUT_OBJECT.headers,
    parameters: &[],
    status: 204,
    document: None,
    checksum: Checksum::Taken,
};

operations! {
    abort_multipart_upload: model::ABORT_MULTIPART_UPLOAD, later, Asks::object(&["AbortMultipartUpload"]);
    complete_multipart_upload: model::COMPLETE_MULTIPART_UPLOAD, later, Asks::object(PUT), unbuilt: &SSE_C;
    copy_object: model::COPY_OBJECT, later, Asks::object(PUT).and_object_headers(),
        unbuilt: &[
            SSE_C_SOURCE[0],
            SSE_C_SOURCE[1],
            SSE_C_SOURCE[2],
            SSE_C[0],
            SSE_C[1],
            SSE_C[2],
            NEW_OBJECT[3],
            NEW_OBJECT[4],
            NEW_OBJECT[5],
            NEW_OBJECT[6],
            NEW_OBJECT[7],
        ];
    create_bucket: model::CREATE_BUCKET, later, Asks::bucket(&["CreateBucket"]).and_bucket_headers(),
        unbuilt: &["x-amz-bucket-namespace", "x-amz-bucket-object-lock-enabled"];
    create_multipart_upload: model::CREATE_MULTIPART_UPLOAD, later, Asks::object(PUT).and_object_headers(),
        unbuilt: NEW_OBJECT;
    delete_bucket: model::DELETE_BUCKET, later, Asks::bucket(&["DeleteBucket"]);
    delete_bucket_cors: model::DELETE_BUCKET_CORS, later, Asks::bucket(&["PutBucketCORS"]);
    delete_bucket_encryption: model::DELETE_BUCKET_ENCRYPTION, later, Asks::bucket(&["PutEncryptionConfiguration"]);
    delete_bucket_tagging: model::DELETE_BUCKET_TAGGING, later, Asks::bucket(&["PutBucketTagging"]);
    delete_public_access_block: model::DELETE_PUBLIC_ACCESS_BLOCK, later,
        Asks::bucket(&["PutBucketPublicAccessBlock"]);
    delete_object: model::DELETE_OBJECT, later,
        Asks::object(&["DeleteObject"]).or_versioned(&["DeleteObjectVersion"]);
    delete_object_tagging: model::DELETE_OBJECT_TAGGING, later,
        Asks::object(&["DeleteObjectTagging"]).or_versioned(&["DeleteObjectVersionTagging"]);
    delete_objects: model::DELETE_OBJECTS, later,
        Asks::object(&["DeleteObject"]).or_versioned(&["DeleteObjectVersion"]).of_each_key(),
        body: Body::DIGESTED, of_objects: true;
    get_bucket_accelerate_configuration: model::GET_BUCKET_ACCELERATE_CONFIGURATION, now,
        Asks::bucket(&["GetAccelerateConfiguration"]);
    get_bucket_cors: model::GET_BUCKET_CORS, now, Asks::bucket(&["GetBucketCORS"]);
    get_bucket_encryption: model::GET_BUCKET_ENCRYPTION, now, Asks::bucket(&["GetEncryptionConfiguration"]);
    get_bucket_location: model::GET_BUCKET_LOCATION, now, Asks::bucket(&["GetBucketLocation"]);
    get_bucket_tagging: model::GET_BUCKET_TAGGING, now, Asks::bucket(&["GetBucketTagging"]);
    get_bucket_versioning: model::GET_BUCKET_VERSIONING, now, Asks::bucket(&["GetBucketVersioning"]);
    get_object: model::GET_OBJECT, later, Asks::object(&["GetObject"]).or_versioned(&["GetObjectVersion"]);
    get_object_attributes: model::GET_OBJECT_ATTRIBUTES, now,
        Asks::object(&["GetObject", "GetObjectAttributes"])
            .or_versioned(&["GetObjectVersion", "GetObjectVersionAttributes"]),
        unbuilt: &SSE_C;
    get_object_tagging: model::GET_OBJECT_TAGGING, now,
        Asks::object(&["GetObjectTagging"]).or_versioned(&["GetObjectVersionTagging"]);
    get_public_access_block: model::GET_PUBLIC_ACCESS_BLOCK, now, Asks::bucket(&["GetBucketPublicAccessBlock"]);
    head_bucket: model::HEAD_BUCKET, now, Asks::bucket(&["ListBucket"]);
    head_object: model::HEAD_OBJECT, now, Asks::object(&["GetObject"]).or_versioned(&["GetObjectVersion"]);
    list_buckets: model::LIST_BUCKETS, now, Asks::service(&["ListAllMyBuckets"]);
    list_multipart_uploads: model::LIST_MULTIPART_UPLOADS, now, Asks::bucket(&["ListBucketMultipartUploads"]),
        of_objects: true;
    list_object_versions: model::LIST_OBJECT_VERSIONS, later, Asks::bucket(&["ListBucketVersions"]), of_objects: true;
    list_objects: model::LIST_OBJECTS, later, Asks::bucket(&["ListBucket"]), of_objects: true;
    list_objects_v2: model::LIST_OBJECTS_V2, later, Asks::bucket(&["ListBucket"]), of_objects: true;
    list_parts: model::LIST_PARTS, now, Asks::object(&["ListMultipartUploadParts"]), unbuilt: &SSE_C;
    post_object: POST_OBJECT, form, Asks::object(PUT).and_object_headers(), unbuilt: NEW_OBJECT, of_objects: true;
    put_bucket_accelerate_configuration: model::PUT_BUCKET_ACCELERATE_CONFIGURATION, later,
        Asks::bucket(&["PutAccelerateConfiguration"]);
    // AWS's page of PutBucketCors gives the number.
    put_bucket_cors: model::PUT_BUCKET_CORS, later, Asks::bucket(&["PutBucketCORS"]),
        body: Body::Document { limit: 64 << 10, digest: Digest::Taken };
    put_bucket_encryption: model::PUT_BUCKET_ENCRYPTION, later, Asks::bucket(&["PutEncryptionConfiguration"]);
    // Recorded: 204, not the 200 of the model.
    put_bucket_tagging: model::PUT_BUCKET_TAGGING, later, Asks::bucket(&["PutBucketTagging"]),
        status: 204;
    put_bucket_versioning: model::PUT_BUCKET_VERSIONING, later, Asks::bucket(&["PutBucketVersioning"]);
    put_object: model::PUT_OBJECT, later, Asks::object(PUT).and_object_headers(), unbuilt: NEW_OBJECT;
    put_object_tagging: model::PUT_OBJECT_TAGGING, later,
        Asks::object(&["PutObjectTagging"]).or_versioned(&["PutObjectVersionTagging"]);
    put_public_access_block: model::PUT_PUBLIC_ACCESS_BLOCK, later, Asks::bucket(&["PutBucketPublicAccessBlock"]);
    upload_part: model::UPLOAD_PART, later, Asks::object(PUT), unbuilt: &SSE_C;
    upload_part_copy: model::UPLOAD_PART_COPY, later, Asks::object(PUT),
        unbuilt: &[SSE_C_SOURCE[0], SSE_C_SOURCE[1], SSE_C_SOURCE[2], SSE_C[0], SSE_C[1], SSE_C[2]];
}
