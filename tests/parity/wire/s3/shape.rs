//! Members of inputs and outputs: JSON here, the SDK's setters and getters there.

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use md5::{Digest, Md5};
use serde_json::{Map, Value as Json, json};

use crate::call::Answer;
use crate::wire::Sent;

/// The longest body that an answer shows.
const SHOWN: usize = 200;

/// Sets the members that an input has: `with!(call, input, "Bucket" => set_bucket, "MaxKeys" => set_max_keys as number)`.
/// A member that is no list and no object must be among them, or nothing would say that it is not sent.
macro_rules! with {
    ($call:expr, $input:expr, $($member:literal => $set:ident $(as $kind:ident)?),* $(,)?) => {{
        $crate::wire::s3::shape::known($input, &[$($member),*]);
        let call = $call;
        $(let call = call.$set(with!(@ $input, $member $(, $kind)?));)*
        call
    }};
    (@ $input:expr, $member:literal) => { $crate::wire::s3::shape::text($input, $member) };
    (@ $input:expr, $member:literal, word) => { $crate::wire::s3::shape::text($input, $member).map(|word| word.as_str().into()) };
    (@ $input:expr, $member:literal, number) => { $crate::wire::s3::shape::number($input, $member) };
    (@ $input:expr, $member:literal, size) => { $input.get($member).and_then(serde_json::Value::as_i64) };
    (@ $input:expr, $member:literal, flag) => { $input.get($member).and_then(serde_json::Value::as_bool) };
    (@ $input:expr, $member:literal, texts) => { $crate::wire::s3::shape::texts($input, $member) };
}
pub(super) use with;

/// Sends a call with its `$headers`: the status and the output, or the answer that refuses it.
macro_rules! send {
    ($call:expr, $input:expr) => {{
        let seen = $crate::wire::s3::seen::Seen::default();
        let extra = $crate::wire::s3::shape::headers($input);
        match $call.customize().mutate_request(extra).interceptor(seen.clone()).send().await {
            Ok(output) => (seen.status(), output),
            Err(error) => return $crate::wire::s3::refusal::refused(error),
        }
    }};
}
pub(super) use send;

/// The members of an output: `told!(output, "ETag" => e_tag, "StorageClass" => storage_class as word)`.
macro_rules! told {
    ($output:expr, $($member:literal => $get:ident $(as $kind:ident)?),* $(,)?) => {
        serde_json::json!({$($member: told!(@ $output.$get() $(, $kind)?)),*})
    };
    (@ $value:expr) => { $value };
    (@ $value:expr, word) => { $value.map(|word| word.as_str()) };
    (@ $value:expr, there) => { $value.map(|_| "there") };
}
pub(super) use told;

/// The checksums of an output, put in among its members.
macro_rules! checksums {
    ($members:expr, $output:expr) => {{
        let given = told!($output, "ChecksumCRC32" => checksum_crc32, "ChecksumCRC32C" => checksum_crc32_c,
            "ChecksumCRC64NVME" => checksum_crc64_nvme, "ChecksumSHA1" => checksum_sha1, "ChecksumSHA256" => checksum_sha256);
        $crate::wire::s3::shape::join(&mut $members, given);
    }};
}
pub(super) use checksums;

/// Refuses members that a call does not send.
pub fn known(input: &Json, members: &[&str]) {
    for (name, value) in input.as_object().into_iter().flatten() {
        let sent = value.is_object() || value.is_array() || name == "Body" || members.contains(&name.as_str());
        assert!(sent, "no call sends {name}");
    }
}

/// A member that is a text.
pub fn text(input: &Json, member: &str) -> Option<String> {
    input.get(member)?.as_str().map(str::to_owned)
}

/// A member that is a number.
pub fn number(input: &Json, member: &str) -> Option<i32> {
    i32::try_from(input.get(member)?.as_i64()?).ok()
}

/// A member that is an object of texts.
pub fn texts(input: &Json, member: &str) -> Option<std::collections::HashMap<String, String>> {
    let members = input.get(member)?.as_object()?.iter();
    Some(members.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect())
}

/// A member that is a list, its elements made into something.
pub fn list<T>(input: &Json, member: &str, make: impl Fn(&Json) -> T) -> Option<Vec<T>> {
    input.get(member)?.as_array().map(|values| values.iter().map(make).collect())
}

/// The bytes that an input's `Body` means.
pub fn body(input: &Json) -> Vec<u8> {
    match input.get("Body") {
        None => Vec::new(),
        Some(Json::String(text)) => text.clone().into_bytes(),
        Some(fill) => {
            let of = |at: usize| fill["$fill"][at].as_u64().expect("[byte, length]");
            vec![u8::try_from(of(0)).expect("a byte"); usize::try_from(of(1)).expect("a length")]
        }
    }
}

/// A body as an answer shows it.
pub fn shown(bytes: &[u8]) -> Json {
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.len() <= SHOWN => text.into(),
        _ => {
            let md5: String = Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            json!({"$md5": md5, "$length": bytes.len()})
        }
    }
}

/// The path of a location: each endpoint has a host of its own.
pub fn path(location: &str) -> &str {
    let host = location.find("://").map_or(0, |at| at + 3);
    location[host..].find('/').map_or("", |at| &location[host + at..])
}

/// What puts the `$headers` of an input into its request.
pub fn headers(input: &Json) -> impl Fn(&mut HttpRequest) + Send + Sync + 'static {
    let headers = texts(input, "$headers").unwrap_or_default();
    move |request| {
        for (name, value) in &headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
    }
}

/// An answer without the members that are not there.
pub fn ok(status: u16, mut output: Json) -> Sent {
    prune(&mut output);
    let Json::Object(output) = output else { panic!("an output is an object") };
    Ok(Answer { status, output, ..Answer::default() })
}

/// Puts members in among others.
pub fn join(members: &mut Json, more: Json) {
    let (Json::Object(members), Json::Object(more)) = (members, more) else { panic!("objects") };
    members.extend(more);
}

/// Takes away nulls and empty lists, at any depth.
fn prune(value: &mut Json) {
    match value {
        Json::Array(values) => values.iter_mut().for_each(prune),
        Json::Object(members) => {
            members.values_mut().for_each(prune);
            let left = std::mem::take(members).into_iter();
            *members = left.filter(|(_, value)| !value.is_null() && value != &json!([])).collect::<Map<_, _>>();
        }
        _ => {}
    }
}
