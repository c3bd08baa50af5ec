//! Calls on objects.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::names::{
    Members, ONE, USUAL, and, bodies, body, bucket, etag, key, object, on, sometimes, source, tag, version,
};
use crate::call::Call;

pub const PAST: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const FUTURE: &str = "Sat, 06 Nov 2100 08:49:37 GMT";

/// What a write says of its object; in one call of eight, something that is wrong.
pub fn described() -> BoxedStrategy<Members> {
    let metadata = vec![
        json!({"colour": "red"}),
        json!({"Mixed-Case": "1", "empty": ""}),
        json!({"umlaut": "schöne Grüße", "japanese": "日本語", "sign": "a=b?c_d é"}),
        json!({"much": "x".repeat(2044)}),
    ];
    let many = |count: usize| (0..count).map(|number| format!("t{number}=v")).collect::<Vec<_>>().join("&");
    let tagging = ["a=1", "a=1&b=2", "a", "k=%C3%BC+x"].map(str::to_owned).into_iter().chain([many(10)]);
    let parts = vec![
        sometimes("Metadata", metadata, 2),
        sometimes("ContentType", vec![json!("text/plain"), json!("image/png; a=b")], 8),
        sometimes("CacheControl", vec![json!("no-cache")], 16),
        sometimes("ContentDisposition", vec![json!("attachment; filename=\"ö.txt\"")], 16),
        sometimes("ContentEncoding", vec![json!("br")], 16),
        sometimes("ContentLanguage", vec![json!("de")], 16),
        sometimes("$headers", vec![json!({"expires": "tomorrow"}), json!({"expires": PAST})], 16),
        sometimes("Tagging", tagging.map(Json::from).collect(), 6),
        sometimes("StorageClass", vec![json!("STANDARD"), json!("STANDARD_IA"), json!("REDUCED_REDUNDANCY")], 10),
        sometimes("WebsiteRedirectLocation", vec![json!("/there")], 24),
    ];
    // One fault at a time: of two, which AWS tells is not known.
    let fault = prop_oneof![
        Just(("Metadata", json!({"more": "x".repeat(2045)}))),
        select(vec!["a=1&a=2", "aws:a=1", "k=a,b", "=v", "a=b=c"]).prop_map(|tags| ("Tagging", json!(tags))),
        Just(("Tagging", json!(many(11)))),
        Just(("StorageClass", json!("NONE"))),
        Just(("WebsiteRedirectLocation", json!("nowhere"))),
    ];
    let parts = parts.prop_map(|parts| parts.concat());
    prop_oneof![7 => parts, 1 => fault.prop_map(|fault| vec![fault])].boxed()
}

/// What a write says that others than PutObject cannot.
fn only_put() -> BoxedStrategy<Members> {
    let algorithms = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"].map(Json::from).to_vec();
    prop_oneof![3 => Just(Vec::new()), 1 => sometimes("ChecksumAlgorithm", algorithms, 2)].boxed()
}

/// Digests of a body, most of them wrong.
fn digest() -> BoxedStrategy<Members> {
    let md5 = ["XUFAKrxLKna5cZ2REBfFkg==", "x", "1B2M2Y8AsgTpgAmY7PhCfg=="].map(Json::from).to_vec();
    prop_oneof![
        select(md5).prop_map(|digest| vec![("ContentMD5", digest)]),
        select(vec!["AAAAAA==", "6Le+Qw==", "x"]).prop_map(|digest| vec![("ChecksumCRC32", json!(digest))]),
    ]
    .boxed()
}

/// The conditions of a write.
pub fn condition() -> BoxedStrategy<Members> {
    prop_oneof![
        12 => Just(Vec::new()),
        2 => Just(vec![("IfNoneMatch", json!("*"))]),
        3 => tag().prop_map(|tag| vec![("IfMatch", json!(tag))]),
    ]
    .boxed()
}

/// The conditions that no write takes.
fn wrong_condition() -> BoxedStrategy<Members> {
    prop_oneof![
        Just(vec![("IfMatch", json!("*"))]),
        tag().prop_map(|tag| vec![("IfNoneMatch", json!(tag))]),
        tag().prop_map(|tag| vec![("IfMatch", json!(tag)), ("IfNoneMatch", json!("*"))]),
    ]
    .boxed()
}

/// The conditions of a read: members, and headers where the types know only dates.
fn read_condition() -> BoxedStrategy<Members> {
    let dates = [PAST, FUTURE, "yesterday", ""];
    let header = |name: &'static str| {
        select(dates.to_vec()).prop_map(move |date| vec![("$headers", object(&[(name, json!(date))]))])
    };
    let tags =
        || prop_oneof![3 => tag(), 1 => Just("*".to_owned()), 1 => tag().prop_map(|tag| format!("\"x\", {tag}"))];
    prop_oneof![
        16 => Just(Vec::new()),
        2 => tags().prop_map(|tag| vec![("IfMatch", json!(tag))]),
        2 => tags().prop_map(|tag| vec![("IfNoneMatch", json!(tag))]),
        1 => header("if-modified-since"),
        1 => header("if-unmodified-since"),
        1 => (tags(), header("if-unmodified-since")).prop_map(|(tag, mut all)| {
            all.push(("IfMatch", json!(tag)));
            all
        }),
        1 => (tags(), header("if-modified-since")).prop_map(|(tag, mut all)| {
            all.push(("IfNoneMatch", json!(tag)));
            all
        }),
    ]
    .boxed()
}

/// The conditions of a copy on its source.
pub fn source_condition() -> BoxedStrategy<Members> {
    let header = |name: &'static str| {
        select(&[PAST, FUTURE, "yesterday"][..])
            .prop_map(move |date| vec![("$headers", object(&[(name, json!(date))]))])
    };
    prop_oneof![
        12 => Just(Vec::new()),
        1 => tag().prop_map(|tag| vec![("CopySourceIfMatch", json!(tag))]),
        1 => tag().prop_map(|tag| vec![("CopySourceIfNoneMatch", json!(tag))]),
        1 => header("x-amz-copy-source-if-unmodified-since"),
        1 => header("x-amz-copy-source-if-modified-since"),
    ]
    .boxed()
}

fn range() -> BoxedStrategy<Members> {
    let usual = ["bytes=0-4", "bytes=2-6", "bytes=-3", "bytes=5-", "bytes=0-9", "bytes=4-10", "bytes=0-0"];
    let odd = [
        "bytes=0-0",
        "bytes=0-4",
        "bytes=2-",
        "bytes=-3",
        "bytes=-0",
        "bytes=-1000",
        "bytes=0-1000",
        "bytes=11-",
        "bytes=11-20",
        "bytes=10-",
        "bytes=5-2",
        "bytes=0-1,3-4",
        "bytes=a-b",
        "bytes=",
        "bytes=-",
        "bytes 0-4",
        "items=0-1",
        "bytes=0-99999999999999999999",
        "bytes=1-x",
        "bytes=299-",
        "bytes=100-199",
    ];
    prop_oneof![
        3 => Just(Vec::new()),
        2 => select(usual.to_vec()).prop_map(|range| vec![("Range", json!(range))]),
        2 => select(odd.to_vec()).prop_map(|range| vec![("Range", json!(range))]),
        1 => (1..3_u32).prop_map(|number| vec![("PartNumber", json!(number))]),
        1 => (1..3_u32).prop_map(|number| vec![("PartNumber", json!(number)), ("Range", json!("bytes=0-1"))]),
    ]
    .boxed()
}

fn overrides() -> BoxedStrategy<Members> {
    let parts = vec![
        sometimes("ResponseCacheControl", vec![json!("max-age=1")], 12),
        sometimes("ResponseContentType", vec![json!("text/x; a=b"), json!("a/b"), json!("日本")], 12),
        sometimes("ResponseContentDisposition", vec![json!("inline; a=\"b c\"")], 12),
        sometimes("ResponseContentLanguage", vec![json!("fr")], 12),
    ];
    parts.prop_map(|parts| parts.concat()).boxed()
}

/// A bucket, a key, and perhaps one of its versions.
pub fn place() -> BoxedStrategy<Json> {
    (bucket(), key())
        .prop_flat_map(|(bucket, key)| {
            version(bucket, &key).prop_map(move |id| {
                let input = on(bucket, &key);
                and(input, id.map(|id| ("VersionId", json!(id))))
            })
        })
        .boxed()
}

fn unversioned_place() -> BoxedStrategy<Json> {
    (bucket(), key()).prop_map(|(bucket, key)| on(bucket, &key)).boxed()
}

fn put() -> BoxedStrategy<Call> {
    let more = prop_oneof![
        12 => (described(), only_put(), condition()).prop_map(|(described, own, condition)| [described, own, condition].concat()),
        1 => digest(),
        1 => wrong_condition(),
    ];
    (unversioned_place(), body(), more)
        .prop_map(|(input, body, more)| Call::s3("PutObject", and(and(input, [("Body", body)]), more)))
        .boxed()
}

/// Puts at once of which one wins: none is there before, or the one that was there is not there after.
fn race() -> BoxedStrategy<Call> {
    let condition = prop_oneof![
        Just(("IfNoneMatch", json!("*"), bodies()[1].clone())),
        Just(("IfMatch", json!(etag(&bodies()[1])), bodies()[2].clone())),
        Just(("IfMatch", json!(etag(&bodies()[2])), bodies()[1].clone())),
    ];
    (unversioned_place(), condition, 2..5_u8)
        .prop_map(|(input, (member, tag, body), times)| {
            Call::s3("PutObject", and(input, [("Body", body), (member, tag)])).at_once(times)
        })
        .boxed()
}

fn copy() -> BoxedStrategy<Call> {
    let directives = prop_oneof![
        3 => Just(Vec::new()),
        1 => Just(vec![("MetadataDirective", json!("COPY"))]),
        3 => Just(vec![("MetadataDirective", json!("REPLACE"))]),
    ];
    let own = vec![
        sometimes("TaggingDirective", vec![json!("REPLACE"), json!("COPY")], 3),
        sometimes("ChecksumAlgorithm", vec![json!("SHA256"), json!("CRC32"), json!("CRC64NVME")], 8),
        sometimes("ServerSideEncryption", vec![json!("AES256")], 16),
    ];
    let described = described().prop_map(|all| {
        let taken = ["Metadata", "ContentType", "CacheControl", "Tagging", "StorageClass", "WebsiteRedirectLocation"];
        all.into_iter().filter(|(name, _)| taken.contains(name)).collect::<Members>()
    });
    // Now and then of an object onto itself, or of one of its versions.
    let itself =
        (select(&USUAL[..3]), prop_oneof![2 => Just(None), 1 => (0..3_usize).prop_map(Some)]).prop_map(|(key, of)| {
            let version = of.map_or_else(String::new, |of| format!("?versionId=${{version:{ONE}/{key}:{of}}}"));
            (on(ONE, key), format!("{ONE}/{key}{version}"))
        });
    let places = prop_oneof![5 => (unversioned_place(), source()), 1 => itself];
    (places, directives, own, described, condition(), source_condition())
        .prop_map(|((input, source), directives, own, described, condition, source_condition)| {
            let input = and(and(input, [("CopySource", json!(source))]), directives);
            let input = and(and(and(input, own.concat()), described), condition);
            Call::s3("CopyObject", and(input, source_condition))
        })
        .boxed()
}

fn delete_many() -> BoxedStrategy<Call> {
    let one = (
        key(),
        any::<bool>(),
        prop_oneof![8 => Just(None), 1 => tag().prop_map(Some), 1 => Just(Some("*".to_owned()))],
    );
    (bucket(), prop::collection::vec(one, 1..5), any::<bool>())
        .prop_flat_map(|(bucket, objects, quiet)| {
            let mut keys = std::collections::BTreeSet::new();
            // Each key once: of one that is named twice AWS promises nothing.
            let objects = objects.into_iter().filter(|(key, ..)| keys.insert(key.clone()) && key.len() <= 1024);
            let objects: Vec<_> = objects
                .map(|(key, named, tag)| {
                    let id = if named { version(bucket, &key).boxed() } else { Just(None).boxed() };
                    id.prop_map(move |id| {
                        let object = json!({"Key": key});
                        and(
                            and(object, id.map(|id| ("VersionId", json!(id)))),
                            tag.clone().map(|tag| ("ETag", json!(tag))),
                        )
                    })
                })
                .collect();
            objects.prop_map(move |objects| {
                let delete =
                    if quiet { json!({"Objects": objects, "Quiet": true}) } else { json!({"Objects": objects}) };
                Call::s3("DeleteObjects", json!({"Bucket": bucket, "Delete": delete}))
            })
        })
        .boxed()
}

fn tagging() -> BoxedStrategy<Call> {
    let named = |operation: &'static str| place().prop_map(move |input| Call::s3(operation, input));
    let put = (place(), tags())
        .prop_map(|(input, tags)| Call::s3("PutObjectTagging", and(input, [("Tagging", json!({"TagSet": tags}))])));
    prop_oneof![3 => put, 3 => named("GetObjectTagging"), 1 => named("DeleteObjectTagging")].boxed()
}

/// Lists of tags, most of them fine.
pub fn tags() -> BoxedStrategy<Json> {
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    let many = |count: usize| (0..count).map(|number| tag(&format!("t{number}"), "v")).collect::<Json>();
    select(vec![
        json!([]),
        json!([tag("a", "1")]),
        json!([tag("b", ""), tag("a", "ö + - = . _ : / @")]),
        json!([tag("a", "1"), tag("a", "2")]),
        json!([tag("aws:x", "1")]),
        json!([tag("AWS:x", "1")]),
        json!([tag("a,b", "1")]),
        json!([tag("a", "x{y}")]),
        json!([tag("", "1")]),
        json!([tag(&"k".repeat(128), &"v".repeat(256))]),
        json!([tag(&"k".repeat(129), "1")]),
        json!([tag("k", &"v".repeat(257))]),
        many(10),
        many(11),
        many(50),
        many(51),
    ])
    .boxed()
}

fn attributes() -> BoxedStrategy<Call> {
    let all = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];
    let wanted = prop::sample::subsequence(all.to_vec(), 1..=5);
    let page = prop_oneof![
        2 => Just(Vec::new()),
        1 => (1..3_u32, 0..3_u32).prop_map(|(most, after)| vec![("MaxParts", json!(most)), ("PartNumberMarker", json!(after.to_string()))]),
    ];
    (place(), wanted, page)
        .prop_map(|(input, wanted, page)| {
            Call::s3("GetObjectAttributes", and(and(input, [("ObjectAttributes", json!(wanted))]), page))
        })
        .boxed()
}

/// The first objects of a bucket; some have a version before, or were deleted again.
pub fn populated() -> BoxedStrategy<Vec<Call>> {
    let put = (key_of_few(), body(), described())
        .prop_map(|(key, body, described)| Call::s3("PutObject", and(and(on(ONE, key), [("Body", body)]), described)));
    let delete = key_of_few().prop_map(|key| Call::s3("DeleteObject", on(ONE, key)));
    prop::collection::vec(prop_oneof![5 => put, 1 => delete], 3..9).boxed()
}

fn key_of_few() -> BoxedStrategy<&'static str> {
    prop_oneof![select(&USUAL[..2]), select(&USUAL[..])].boxed()
}

/// What a write did, seen at once: how the object stands, or all versions of its bucket.
pub fn seen(written: &Call) -> Option<[Call; 2]> {
    let (bucket, key) = (written.input.get("Bucket")?, written.input.get("Key")?);
    let operations = ["PutObject", "CopyObject", "DeleteObject", "CompleteMultipartUpload"];
    operations.contains(&written.operation.as_str()).then(|| {
        let head = Call::s3("HeadObject", json!({"Bucket": bucket, "Key": key}));
        [head, Call::s3("ListObjectVersions", json!({"Bucket": bucket}))]
    })
}

pub fn step() -> BoxedStrategy<Call> {
    let get = (place(), range(), read_condition(), overrides()).prop_map(|(input, range, condition, overrides)| {
        Call::s3("GetObject", and(and(and(input, range), condition), overrides))
    });
    let mode = sometimes("ChecksumMode", vec![json!("ENABLED")], 2);
    let head = (place(), range(), read_condition(), mode).prop_map(|(input, range, condition, mode)| {
        Call::s3("HeadObject", and(and(and(input, range), condition), mode))
    });
    let tag = prop_oneof![4 => Just(None), 1 => tag().prop_map(Some), 1 => Just(Some("*".to_owned()))];
    let delete = (place(), tag)
        .prop_map(|(input, tag)| Call::s3("DeleteObject", and(input, tag.map(|tag| ("IfMatch", json!(tag))))));
    prop_oneof![
        12 => put(),
        1 => race(),
        12 => get,
        4 => head,
        8 => delete,
        2 => delete_many(),
        6 => copy(),
        4 => tagging(),
        2 => attributes(),
    ]
    .boxed()
}
