//! Calls on multipart uploads.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::names::{Members, ONE, and, bucket, etag, on, sometimes, source};
use super::objects::{condition, described, source_condition};
use crate::call::Call;

/// Few keys, so that uploads meet.
fn place() -> BoxedStrategy<(&'static str, &'static str)> {
    (bucket(), prop_oneof![3 => Just("a"), 1 => Just("a/b"), 1 => Just("é/ü")]).boxed()
}

/// The input of a call on an upload: mostly one of the key's, or one of another key, or one that never was.
fn upload() -> BoxedStrategy<Json> {
    let id = prop_oneof![
        16 => (place(), prop_oneof![3 => Just(0), 1 => 0..3_usize]).prop_map(|((bucket, key), number)| (bucket, key, format!("${{upload:{bucket}/{key}:{number}}}"))),
        1 => (place(), 0..3_usize).prop_map(|((bucket, key), number)| (bucket, key, format!("${{upload:{bucket}/a:{number}}}"))),
        1 => place().prop_map(|(bucket, key)| (bucket, key, "made-up".to_owned())),
    ];
    id.prop_map(|(bucket, key, id)| and(on(bucket, key), [("UploadId", json!(id))])).boxed()
}

/// The body of a part: mostly what its number says, so that a completion can name its entity tag.
fn part_body(number: i64, other: bool) -> Json {
    json!(format!("part {number}{}", if other { " again" } else { "" }))
}

fn number() -> BoxedStrategy<i64> {
    prop_oneof![20 => 1..4_i64, 1 => Just(9999), 1 => Just(10_000)].boxed()
}

fn create() -> BoxedStrategy<Call> {
    let described = described().prop_map(|all| {
        let taken = ["Metadata", "ContentType", "Tagging", "StorageClass"];
        all.into_iter().filter(|(name, _)| taken.contains(name)).collect::<Members>()
    });
    let algorithm = sometimes("ChecksumAlgorithm", ["CRC32", "CRC64NVME", "SHA256"].map(Json::from).to_vec(), 2);
    let kind = sometimes("ChecksumType", vec![json!("FULL_OBJECT"), json!("COMPOSITE")], 4);
    (place(), described, algorithm, kind)
        .prop_map(|((bucket, key), described, algorithm, kind)| {
            Call::s3("CreateMultipartUpload", and(and(and(on(bucket, key), described), algorithm), kind))
        })
        .boxed()
}

fn part() -> BoxedStrategy<Call> {
    let number = prop_oneof![20 => number(), 1 => Just(0), 1 => Just(10_001)];
    let algorithm = sometimes("ChecksumAlgorithm", ["CRC32", "CRC64NVME", "SHA256"].map(Json::from).to_vec(), 3);
    (upload(), number, prop::bool::weighted(0.15), algorithm)
        .prop_map(|(input, number, other, algorithm)| {
            let input = and(input, [("PartNumber", json!(number)), ("Body", part_body(number, other))]);
            Call::s3("UploadPart", and(input, algorithm))
        })
        .boxed()
}

fn part_copy() -> BoxedStrategy<Call> {
    let ranges = ["bytes=0-0", "bytes=2-5", "bytes=0-299", "bytes=11-12", "bytes=5-2", "bytes=0-", "0-4", "bytes=0-10"];
    let range = sometimes("CopySourceRange", ranges.map(Json::from).to_vec(), 2);
    (upload(), number(), source(), range, source_condition())
        .prop_map(|(input, number, source, range, condition)| {
            let input = and(input, [("PartNumber", json!(number)), ("CopySource", json!(source))]);
            Call::s3("UploadPartCopy", and(and(input, range), condition))
        })
        .boxed()
}

fn complete() -> BoxedStrategy<Call> {
    let part = || {
        (number(), prop::bool::weighted(0.1), 0..12_u8).prop_map(|(number, other, odd)| {
            let etag = etag(&part_body(number, other));
            // Quotes may be missing, and a tag may be wrong.
            let etag = match odd {
                0 => etag.trim_matches('"').to_owned(),
                1 => "\"00000000000000000000000000000000\"".to_owned(),
                _ => etag,
            };
            json!({"PartNumber": number, "ETag": etag})
        })
    };
    // Mostly one part: those before the last would be too small.
    let parts = prop_oneof![
        8 => prop::collection::vec(part(), 1),
        4 => prop::collection::vec(part(), 2..4),
        1 => prop::collection::vec(part(), 0),
    ];
    let size = sometimes("MpuObjectSize", vec![json!(6), json!(12)], 8);
    let times = prop_oneof![8 => Just(1), 1 => 2..4_u8];
    (upload(), parts, condition(), size, times)
        .prop_map(|(input, parts, condition, size, times)| {
            let input = and(input, [("MultipartUpload", json!({"Parts": parts}))]);
            let call = Call::s3("CompleteMultipartUpload", and(and(input, condition.clone()), size));
            if times > 1 && condition.is_empty() { call.at_once(times) } else { call }
        })
        .boxed()
}

fn list_parts() -> BoxedStrategy<Call> {
    let (most, after) =
        (vec![json!(0), json!(1), json!(2), json!(1000), json!(1001)], vec![json!("1"), json!("3"), json!("10")]);
    let page = (sometimes("MaxParts", most, 2), sometimes("PartNumberMarker", after, 3));
    (upload(), page, prop::bool::weighted(0.3))
        .prop_map(|(input, (most, after), all)| {
            let pages = all && most.first().is_some_and(|(_, most)| *most != json!(0));
            let call = Call::s3("ListParts", and(and(input, most), after));
            if pages { call.in_pages() } else { call }
        })
        .boxed()
}

pub fn step() -> BoxedStrategy<Call> {
    prop_oneof![
        4 => create(),
        6 => part(),
        2 => part_copy(),
        6 => complete(),
        1 => upload().prop_map(|input| Call::s3("AbortMultipartUpload", input)),
        2 => list_parts(),
    ]
    .boxed()
}

/// An upload from its beginning to its end: of one part, or of two of which the first is too small.
pub fn whole() -> BoxedStrategy<Vec<Call>> {
    let described =
        described().prop_map(|all| all.into_iter().filter(|(name, _)| *name == "Metadata").collect::<Members>());
    let numbers = prop::sample::subsequence(vec![1, 2, 3_i64], 1..=2);
    (select(&["m1", "m2", "m3", "a"][..]), described, numbers, any::<bool>(), condition())
        .prop_map(|(key, described, numbers, listed, condition)| {
            let upload = and(on(ONE, key), [("UploadId", json!(format!("${{upload:{ONE}/{key}:0}}")))]);
            let part = |number: &i64| {
                Call::s3(
                    "UploadPart",
                    and(upload.clone(), [("PartNumber", json!(number)), ("Body", part_body(*number, false))]),
                )
            };
            let mut history = vec![Call::s3("CreateMultipartUpload", and(on(ONE, key), described))];
            history.extend(numbers.iter().rev().map(part));
            history.extend(listed.then(|| Call::s3("ListParts", upload.clone())));
            let parts =
                numbers.iter().map(|number| json!({"PartNumber": number, "ETag": etag(&part_body(*number, false))}));
            let all = json!({"Parts": parts.collect::<Vec<_>>()});
            history.push(Call::s3("CompleteMultipartUpload", and(and(upload, [("MultipartUpload", all)]), condition)));
            history.push(Call::s3("GetObject", on(ONE, key)));
            history
        })
        .boxed()
}

/// An upload whose parts are as large as they must be, made of copies of one object each, read by part and by range.
pub fn large() -> BoxedStrategy<Vec<Call>> {
    const LEAST: u64 = 5 << 20;
    let algorithm = prop_oneof![Just(None), Just(Some("SHA256")), Just(Some("CRC64NVME"))];
    let read = prop_oneof![
        (1..4_u32).prop_map(|number| ("PartNumber", json!(number))),
        select(vec!["bytes=5242879-5242881", "bytes=-10", "bytes=0-3", "bytes=5242880-"])
            .prop_map(|range| ("Range", json!(range))),
    ];
    let last = select(vec!["bytes=0-9", "bytes=0-5242879", "bytes=0-5242878"]);
    (algorithm, last, prop::collection::vec(read, 1..4), any::<bool>())
        .prop_map(|(algorithm, last, reads, swapped)| {
            let place = on(ONE, "a");
            let upload = and(place.clone(), [("UploadId", json!("${upload:${p}one/a:0}"))]);
            // Each part has a byte of its own, so that their order shows: its number.
            let source = |number: u32| {
                Call::s3(
                    "PutObject",
                    and(on(ONE, &format!("source{number}")), [("Body", json!({"$fill": [number, LEAST]}))]),
                )
            };
            let begin = and(place.clone(), algorithm.map(|algorithm| ("ChecksumAlgorithm", json!(algorithm))));
            let copy = |number: u32, range: &str| {
                let source =
                    [("PartNumber", json!(number)), ("CopySource", json!(format!("${{p}}one/source{number}")))];
                Call::s3("UploadPartCopy", and(and(upload.clone(), source), [("CopySourceRange", json!(range))]))
            };
            let first = "bytes=0-5242879";
            // The second part is the last, or with its size the first, and then too small perhaps.
            let (one, two) = if swapped { (last, first) } else { (first, last) };
            let length = |range: &str| -> usize {
                range.rsplit('-').next().and_then(|end| end.parse().ok()).map(|end: usize| end + 1).expect("an end")
            };
            let tag = |number: u8, range: &str| etag(&json!({"$fill": [number, length(range)]}));
            let parts = json!([{"PartNumber": 2, "ETag": tag(2, one)}, {"PartNumber": 7, "ETag": tag(7, two)}]);
            let sums = |number: u8, range: &str| super::super::model::sha256(&vec![number; length(range)]);
            let parts = match algorithm {
                Some("SHA256") => json!([
                    and(parts[0].clone(), [("ChecksumSHA256", json!(sums(2, one)))]),
                    and(parts[1].clone(), [("ChecksumSHA256", json!(sums(7, two)))]),
                ]),
                _ => parts,
            };
            let complete = Call::s3(
                "CompleteMultipartUpload",
                and(upload.clone(), [("MultipartUpload", json!({"Parts": parts}))]),
            );
            let wanted = json!(["ETag", "Checksum", "ObjectParts", "ObjectSize"]);
            let mut history = vec![
                Call::s3("CreateBucket", json!({"Bucket": ONE})),
                source(2),
                source(7),
                Call::s3("CreateMultipartUpload", begin),
                copy(7, two),
                copy(2, one),
                Call::s3("ListParts", upload.clone()),
                complete,
                Call::s3("GetObjectAttributes", and(place.clone(), [("ObjectAttributes", wanted)])),
            ];
            history.extend(reads.into_iter().map(|read| Call::s3("GetObject", and(place.clone(), [read]))));
            history.push(Call::s3("CopyObject", and(on(ONE, "copy"), [("CopySource", json!("${p}one/a"))])));
            history
        })
        .boxed()
}
