//! What clients of services that are not here are told.

use http::Request;
use uuid::Uuid;

use super::{Spoken, not_here, refuse};
use crate::emulator::body;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");

async fn ask(service: &str, uri: &str, headers: &[(&str, &str)]) -> (String, String, Vec<u8>) {
    let mut request = Request::post(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let spoken = Spoken::of(&parts, service);
    let response = refuse(&spoken, &not_here(service), Uuid::from_u128(7));
    assert_eq!(response.status(), 501);
    assert_eq!(response.headers()["x-footbridge-refused"], *service);
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    let bytes = body::read(response.into_body(), 10_000).await.unwrap();
    (spoken.operation().to_owned(), kind, bytes.to_vec())
}

/// Service, URI and headers; operation, content type, and what stands in the body.
type Case =
    (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str, &'static str, &'static str);

#[tokio::test]
async fn each_protocol_has_its_own_form() {
    let xml = "<Code>NotImplemented</Code><Message>footbridge does not implement the service &apos;";
    let cases: [Case; 9] = [
        ("iam", "/", &[FORM], "Unknown", "text/xml", xml),
        ("sqs", "/?Action=ListQueues", &[], "ListQueues", "text/xml", xml),
        ("ec2", "/", &[FORM], "Unknown", "text/xml;charset=UTF-8", xml),
        ("route53", "/2013-04-01/hostedzone", &[], "Unknown", "text/xml", xml),
        (
            "events",
            "/",
            &[("x-amz-target", "AWSEvents.ListRules"), ("content-type", "application/x-amz-json-1.1")],
            "ListRules",
            "application/x-amz-json-1.1",
            "{\"__type\":\"NotImplemented\",\"message\":\"footbridge does not",
        ),
        (
            "states",
            "/",
            &[("x-amz-target", "AWSStepFunctions.ListActivities"), ("content-type", "application/x-amz-json-1.0")],
            "ListActivities",
            "application/x-amz-json-1.0",
            "{\"__type\":\"NotImplemented\",\"message\":\"footbridge does not",
        ),
        (
            "lambda",
            "/2015-03-31/functions",
            &[],
            "Unknown",
            "application/json",
            "{\"__type\":\"NotImplemented\",\"message\":\"footbridge does not",
        ),
        (
            "monitoring",
            "/service/GraniteServiceVersion20100801/operation/ListMetrics",
            &[("smithy-protocol", "rpc-v2-cbor"), ("content-type", "application/cbor")],
            "ListMetrics",
            "application/cbor",
            "does not implement the service 'monitoring'",
        ),
        (
            "kinesis",
            "/",
            &[("x-amz-target", "Kinesis_20131202.ListStreams"), ("content-type", "application/x-amz-cbor-1.1")],
            "ListStreams",
            "application/x-amz-cbor-1.1",
            "does not implement the service 'kinesis'",
        ),
    ];
    for (service, uri, headers, operation, kind, text) in cases {
        let (found, found_kind, bytes) = ask(service, uri, headers).await;
        assert_eq!((found.as_str(), found_kind.as_str()), (operation, kind), "{service}");
        let shown = String::from_utf8_lossy(&bytes);
        assert!(shown.contains(text), "{service}: {shown}");
    }
}

#[tokio::test]
async fn ec2_has_its_own_root_and_cbor_is_a_map_of_two_texts() {
    let (_, _, bytes) = ask("ec2", "/", &[FORM]).await;
    assert!(String::from_utf8(bytes).unwrap().contains("<Response><Errors><Error>"));
    let (_, _, bytes) = ask("monitoring", "/service/x/operation/y", &[("smithy-protocol", "rpc-v2-cbor")]).await;
    // {"__type": "NotImplemented", "message": …}, the message's length in one byte.
    assert_eq!(bytes[..8], *b"\xa2\x66__type");
    assert_eq!(bytes[8..23], *b"\x6eNotImplemented");
    assert_eq!(bytes[23..31], *b"\x67message");
    assert_eq!((bytes[31], usize::from(bytes[32])), (0x78, bytes.len() - 33));
}
