//! Calls to DynamoDB and S3 as an SDK puts them on the wire.

use super::http::Connection;

/// A key that is nobody's, whose signature footbridge does not verify.
fn signature(service: &str) -> String {
    format!(
        "authorization: AWS4-HMAC-SHA256 Credential=AKIAFOOTBRIDGE/20261101/us-east-1/{service}/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature={:064}\r\nx-amz-date: 20261101T000000Z\r\n",
        0
    )
}

/// Calls an operation of DynamoDB.
pub fn dynamodb(connection: &mut Connection, operation: &str, body: &str) -> anyhow::Result<(u16, Vec<u8>)> {
    let headers = format!(
        "{}content-type: application/x-amz-json-1.0\r\nx-amz-target: DynamoDB_20120810.{operation}\r\n",
        signature("dynamodb")
    );
    connection.send("POST", "/", &headers, body.as_bytes())
}

/// Calls S3.
pub fn s3(connection: &mut Connection, method: &str, path: &str, body: &[u8]) -> anyhow::Result<(u16, Vec<u8>)> {
    let headers = format!("{}x-amz-content-sha256: UNSIGNED-PAYLOAD\r\n", signature("s3"));
    connection.send(method, path, &headers, body)
}
