//! What IAM asks of a request that an SDK client is about to send.

use aws_smithy_runtime_api::client::endpoint::EndpointResolverParams;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, Metadata};
use aws_smithy_types::config_bag::ConfigBag;
use percent_encoding::percent_decode_str;

use crate::emulator::access::Access;
use crate::emulator::call::by_name;
use crate::emulator::dynamodb::of_dynamodb;
use crate::emulator::s3::{S3Call, of_s3};

/// Reads a request that is serialized and has no endpoint yet, so that its path is the key alone.
pub(super) fn of(request: &HttpRequest, cfg: &ConfigBag) -> Access {
    let Some(metadata) = cfg.load::<Metadata>() else { return Access::new() };
    let operation = metadata.name();
    // Only small bodies name resources, and those are in memory.
    let body = request.body().bytes().unwrap_or_default();
    let service = metadata.service().to_ascii_lowercase().replace(' ', "");
    match service.as_str() {
        "s3" => of_s3_request(operation, request, cfg, body),
        "dynamodb" | "dynamodbstreams" => of_dynamodb(operation, body),
        _ => by_name(&service, operation, &[]).unwrap_or_default(),
    }
}

fn of_s3_request(operation: &str, request: &HttpRequest, cfg: &ConfigBag, body: &[u8]) -> Access {
    let parameters = cfg.load::<EndpointResolverParams>();
    let bucket = parameters.and_then(|known| known.get::<aws_sdk_s3::config::endpoint::Params>()?.bucket());
    let (path, query) = request.uri().split_once('?').unwrap_or((request.uri(), ""));
    // One slash is the path's, further ones are the key's.
    let key = percent_decode_str(path.strip_prefix('/').unwrap_or(path)).decode_utf8_lossy();
    of_s3(&S3Call {
        operation,
        bucket,
        key: Some(key.as_ref()).filter(|key| !key.is_empty()),
        versioned: query.split('&').any(|pair| pair.starts_with("versionId=") && pair != "versionId="),
        header: &|name| request.headers().get(name).map(str::to_owned),
        document: body,
    })
}
