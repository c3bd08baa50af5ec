//! XML bodies of every operation of S3 that takes one.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::change::{Change, changed, changes};
use crate::harness::World;
use crate::target::{Target, Verdict, ensure};

/// How each operation is asked for, and a body that it takes. `UPLOAD` stands for an upload that is open.
const OPERATIONS: &[(&str, &str, &str)] = &[
    (
        "PUT",
        "/other",
        "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>",
    ),
    (
        "PUT",
        "/bkt?cors",
        "<CORSConfiguration><CORSRule><ID>a</ID><AllowedOrigin>http://a</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>*</AllowedHeader><ExposeHeader>etag</ExposeHeader><MaxAgeSeconds>5</MaxAgeSeconds></CORSRule></CORSConfiguration>",
    ),
    (
        "PUT",
        "/bkt?encryption",
        "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>",
    ),
    ("PUT", "/bkt?tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"),
    ("PUT", "/bkt?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"),
    (
        "POST",
        "/bkt?delete",
        "<Delete><Quiet>false</Quiet><Object><Key>a</Key></Object><Object><Key>b</Key><VersionId>null</VersionId></Object></Delete>",
    ),
    (
        "PUT",
        "/bkt/k?tagging",
        "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet><Tag><Key>a</Key><Value></Value></Tag></TagSet></Tagging>",
    ),
    (
        "POST",
        "/bkt/big?uploadId=UPLOAD",
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\"900150983cd24fb0d6963f7d28e17f72\"</ETag></Part></CompleteMultipartUpload>",
    ),
    ("PUT", "/bkt?lifecycle", "<LifecycleConfiguration><Rule><Status>Enabled</Status></Rule></LifecycleConfiguration>"),
    ("PUT", "/bkt?acl", "<AccessControlPolicy><Owner><ID>a</ID></Owner></AccessControlPolicy>"),
    ("PUT", "/bkt?notification", "<NotificationConfiguration/>"),
    (
        "PUT",
        "/bkt?website",
        "<WebsiteConfiguration><IndexDocument><Suffix>i</Suffix></IndexDocument></WebsiteConfiguration>",
    ),
    ("POST", "/bkt/k?select&select-type=2", "<SelectObjectContentRequest/>"),
];

const NAMES: &[&str] = &[
    "Delete",
    "Object",
    "Key",
    "VersionId",
    "Quiet",
    "Tagging",
    "TagSet",
    "Tag",
    "Value",
    "Part",
    "PartNumber",
    "ETag",
    "Status",
    "CORSRule",
    "AllowedOrigin",
    "MaxAgeSeconds",
    "Rule",
    "SSEAlgorithm",
    "LocationConstraint",
    "CompleteMultipartUpload",
    "x",
    "a:b",
    "",
];

/// Elements that have nothing to do with one another.
fn elements() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        Just(String::new()),
        "[ -~]{0,8}",
        Just("9".repeat(40)),
        Just("x".repeat(3000)),
        Just("&amp;&#x41;".to_owned())
    ];
    text.prop_recursive(4, 24, 4, |inner| {
        (select(NAMES), vec(inner, 0..4)).prop_map(|(name, inner)| format!("<{name}>{}</{name}>", inner.concat()))
    })
}

#[derive(Debug, Clone)]
struct Asked {
    operation: (&'static str, &'static str, &'static str),
    body: bytes::Bytes,
}

fn asked() -> impl Strategy<Value = Asked> {
    let body = prop_oneof![4 => Just(None), 1 => elements().prop_map(Some)];
    (select(OPERATIONS), body, changes()).prop_map(|(operation, body, changes): (_, _, Vec<Change>)| {
        let body = body.unwrap_or_else(|| operation.2.to_owned());
        Asked { operation, body: changed(body.as_bytes(), &changes).into() }
    })
}

#[test]
fn an_xml_body_is_answered_as_s3_answers() {
    let target = Target::new("s3_xml", 400);
    let (world, upload) = target.set_up(async {
        let world = World::memory();
        world.bucket("bkt").await;
        for key in ["kept", "k"] {
            world.send("PUT", &format!("/bkt/{key}"), &[], "kept").await;
        }
        let upload = world.send("POST", "/bkt/big?uploads", &[], "").await.element("UploadId").unwrap();
        let part = world.send("PUT", &format!("/bkt/big?partNumber=1&uploadId={upload}"), &[], "abc").await;
        assert_eq!(part.status, 200);
        (world, upload)
    });
    target.holds(&asked(), async |asked| -> Verdict {
        let (method, path, _) = asked.operation;
        let answer = world.send(method, &path.replace("UPLOAD", &upload), &[], asked.body.clone()).await;
        let said = || format!("{method} {path} is answered {} {}", answer.status, answer.text());
        if answer.status < 300 {
            target.accepted();
        }
        ensure(answer.status < 500 || answer.status == 501, said)?;
        ensure(answer.status < 400 || answer.element("Code").is_some(), said)?;
        let kept = world.send("GET", "/bkt/kept", &[], "").await;
        // A list of objects to delete may come to name it.
        let deleted = path == "/bkt?delete" && kept.status == 404;
        ensure(deleted || kept.text() == "kept", || format!("what was there is {} {}", kept.status, kept.text()))
    });
    target.accepts_one_in(10);
    target.set_up(world.close());
}
