//! The requests of a history, and what is read from their answers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::model::Line;
use super::step::Place;
use crate::harness::{Answer, World};

pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

pub fn path(place: &Place) -> String {
    format!("/{}/{}", place.bucket, encoded(place.key))
}

pub fn path_of(place: &Place, id: Option<&str>) -> String {
    match id {
        None => path(place),
        Some(id) => format!("{}?versionId={id}", path(place)),
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

pub fn etag_of(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

/// The entity tag of an object of one part.
pub fn etag_of_one_part(bytes: &[u8]) -> String {
    format!("{}-1", etag_of(&Md5::digest(bytes)))
}

pub async fn delete_many(world: &World, bucket: &str, objects: &[(&str, Option<String>)]) -> Answer {
    let objects: Vec<String> = objects
        .iter()
        .map(|(key, id)| {
            let version = id.as_ref().map_or_else(String::new, |id| format!("<VersionId>{id}</VersionId>"));
            format!("<Object><Key>{}</Key>{version}</Object>", key.replace('&', "&amp;"))
        })
        .collect();
    let body = format!("<Delete>{}</Delete>", objects.concat());
    let digest = STANDARD.encode(Md5::digest(&body));
    world.send("POST", &format!("/{bucket}?delete"), &[("content-md5", &digest)], body).await
}

/// The texts of every element of this name.
pub fn elements<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    text.split(&open).skip(1).filter_map(|rest| Some(rest.split_once(&close)?.0)).collect()
}

/// The text of the first of them.
pub fn element<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    elements(text, name).first().copied()
}

/// A name that the listing encoded.
fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8().unwrap().into_owned()
}

fn prefixes(text: &str) -> Vec<String> {
    elements(text, "CommonPrefixes").iter().filter_map(|common| Some(decoded(element(common, "Prefix")?))).collect()
}

/// Every page of a listing of objects: keys with entity tags, and common prefixes.
pub async fn list(
    world: &World,
    second: bool,
    bucket: &str,
    (prefix, delimiter, most): (&str, &str, usize),
) -> (Vec<(String, String)>, Vec<String>) {
    let ask = format!("encoding-type=url&max-keys={most}&prefix={}&delimiter={}", encoded(prefix), encoded(delimiter));
    let (mut objects, mut all) = (Vec::new(), Vec::new());
    let mut resume = String::new();
    loop {
        let version = if second { "list-type=2&" } else { "" };
        let page = world.send("GET", &format!("/{bucket}?{version}{ask}{resume}"), &[], "").await;
        assert_eq!(page.status, 200, "{}", page.text());
        let text = page.text();
        let contents = elements(&text, "Contents");
        let common = prefixes(&text);
        let truncated = element(&text, "IsTruncated") == Some("true");
        assert!(contents.len() + common.len() <= most && (!truncated || contents.len() + common.len() == most));
        objects.extend(contents.iter().map(|object| {
            let etag = element(object, "ETag").unwrap().replace("&quot;", "").replace('"', "");
            (decoded(element(object, "Key").unwrap()), etag)
        }));
        all.extend(common);
        if !truncated {
            return (objects, all);
        }
        resume = if second {
            format!("&continuation-token={}", element(&text, "NextContinuationToken").unwrap())
        } else {
            let last = objects.last().map(|(key, _)| encoded(key));
            format!("&marker={}", element(&text, "NextMarker").map(str::to_owned).or(last).unwrap())
        };
    }
}

/// Every page of a listing of versions.
pub async fn list_versions(
    world: &World,
    bucket: &str,
    (prefix, delimiter, most): (&str, &str, usize),
) -> (Vec<Line>, Vec<String>) {
    let ask = format!("encoding-type=url&max-keys={most}&prefix={}&delimiter={}", encoded(prefix), encoded(delimiter));
    let (mut lines, mut all) = (Vec::new(), Vec::new());
    let mut resume = String::new();
    loop {
        let page = world.send("GET", &format!("/{bucket}?versions&{ask}{resume}"), &[], "").await;
        assert_eq!(page.status, 200, "{}", page.text());
        let text = page.text();
        let common = prefixes(&text);
        let before = lines.len();
        for part in text.split("<Version>").flat_map(|part| part.split("<DeleteMarker>")).skip(1) {
            let of = |name| element(part, name).unwrap();
            let marker = element(part, "Size").is_none();
            lines.push((decoded(of("Key")), of("VersionId").to_owned(), marker, of("IsLatest") == "true"));
        }
        let shown = lines.len() - before + common.len();
        let truncated = element(&text, "IsTruncated") == Some("true");
        assert!(shown <= most && (!truncated || shown == most), "{text}");
        all.extend(common);
        if !truncated {
            return (lines, all);
        }
        resume = format!("&key-marker={}", element(&text, "NextKeyMarker").unwrap());
        if let Some(id) = element(&text, "NextVersionIdMarker") {
            resume = format!("{resume}&version-id-marker={id}");
        }
    }
}
