//! Buckets, keys, version ids and bodies.

use md5::{Digest, Md5};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value as Json, json};

pub const ONE: &str = "${p}one";
pub const TWO: &str = "${p}two";

/// Keys of which one begins another, and some below a common prefix.
pub const USUAL: [&str; 6] = ["a", "a/b", "a/b/c", "ab", "b/x", "é/ü"];
/// Keys that something on the way may take for something else.
const ODD: [&str; 15] = [
    "b+ &=?#%",
    "%2F%41",
    "a//b",
    "a/",
    "/",
    "//",
    "/a",
    ".",
    "...",
    "a/../b",
    "./a",
    "日本語/😀",
    "quotes\"'<>&amp;",
    "a b  c ",
    "~!*()|\\^`{}[];:@$,",
];

pub fn bucket() -> BoxedStrategy<&'static str> {
    prop_oneof![30 => Just(ONE), 4 => Just(TWO), 1 => Just("${p}missing")].boxed()
}

pub fn key() -> BoxedStrategy<String> {
    prop_oneof![
        // Few keys are met most, so that they have versions.
        30 => select(&USUAL[..2]).prop_map(str::to_owned),
        30 => select(&USUAL[..]).prop_map(str::to_owned),
        8 => select(&ODD[..]).prop_map(str::to_owned),
        // As long as a key can be, and one more.
        1 => Just("x".repeat(1024)),
        1 => Just("é".repeat(512) + "y"),
    ]
    .boxed()
}

/// The member `VersionId` of a call on a key: mostly none.
pub fn version(bucket: &str, key: &str) -> BoxedStrategy<Option<String>> {
    let (of, other) = (format!("{bucket}/{key}"), format!("{bucket}/a"));
    prop_oneof![
        8 => Just(None),
        1 => Just(Some("null".to_owned())),
        5 => (0..4_usize).prop_map(move |number| Some(format!("${{version:{of}:{number}}}"))),
        // Perhaps of another key.
        1 => (0..4_usize).prop_map(move |number| Some(format!("${{version:{other}:{number}}}"))),
        1 => Just(Some("HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD".to_owned())),
    ]
    .boxed()
}

/// The input of a call on a key.
pub fn on(bucket: &str, key: &str) -> Json {
    json!({"Bucket": bucket, "Key": key})
}

/// The header that names a source.
pub fn source() -> BoxedStrategy<String> {
    let place = (bucket(), prop_oneof![2 => select(&USUAL[..]).prop_map(str::to_owned), 1 => key()]).prop_flat_map(
        |(bucket, key)| {
            let version = version(bucket, &key);
            (Just(bucket), Just(key), version, any::<bool>())
        },
    );
    let usual = place.prop_map(|(bucket, key, version, slash)| {
        let (slash, key) = (if slash { "/" } else { "" }, utf8_percent_encode(&key, NON_ALPHANUMERIC));
        let version = version.map_or_else(String::new, |id| format!("?versionId={id}"));
        format!("{slash}{bucket}/{key}{version}")
    });
    prop_oneof![30 => usual, 1 => Just("${p}one".to_owned()), 1 => Just("${p}one/".to_owned())].boxed()
}

/// The bodies that there are.
pub fn bodies() -> [Json; 6] {
    [
        json!(""),
        json!("a"),
        json!("hello world"),
        json!("größer"),
        json!({"$fill": [120, 300]}),
        json!({"$fill": [0, 70_000]}),
    ]
}

pub fn body() -> BoxedStrategy<Json> {
    prop_oneof![6 => select(bodies()[1..3].to_vec()), 6 => select(bodies()[..5].to_vec()), 1 => select(bodies().to_vec())].boxed()
}

/// The entity tag of a body, in quotes.
pub fn etag(body: &Json) -> String {
    let bytes = crate::wire::s3::body(&json!({"Body": body}));
    let digest: String = Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digest}\"")
}

/// An entity tag: of one of the first bodies, so that it often matches, or another.
pub fn tag() -> BoxedStrategy<String> {
    prop_oneof![
        8 => select(bodies()[..3].to_vec()).prop_map(|body| etag(&body)),
        1 => select(bodies()[..3].to_vec()).prop_map(|body| etag(&body).trim_matches('"').to_owned()),
        1 => Just("\"00000000000000000000000000000000\"".to_owned()),
    ]
    .boxed()
}

/// Members of which each is there or not.
pub type Members = Vec<(&'static str, Json)>;

/// A member that is there once in so many times.
pub fn sometimes(member: &'static str, values: Vec<Json>, times: u32) -> BoxedStrategy<Members> {
    prop_oneof![times - 1 => Just(Vec::new()), 1 => select(values).prop_map(move |value| vec![(member, value)])].boxed()
}

/// The input with further members.
pub fn and(mut input: Json, members: impl IntoIterator<Item = (&'static str, Json)>) -> Json {
    let object = input.as_object_mut().expect("an input");
    for (member, value) in members {
        match (object.get_mut(member).and_then(Json::as_object_mut), value) {
            (Some(there), Json::Object(more)) => there.extend(more),
            (_, value) => drop(object.insert(member.to_owned(), value)),
        }
    }
    input
}

/// Members by their names.
pub fn object(members: &[(&str, Json)]) -> Json {
    members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<Map<_, _>>().into()
}
