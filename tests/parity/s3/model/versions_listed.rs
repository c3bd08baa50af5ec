//! ListObjectVersions.

use serde_json::{Value as Json, json};

use super::listings::{Entry, Listing, summary};
use super::refusal::{self, Refusal};
use super::state::{Version, World};
use super::{Said, TIME, text, told};

/// A version in a listing.
struct Line<'w> {
    key: &'w str,
    version: &'w Version,
    latest: bool,
}

pub fn list(world: &mut World, input: &Json) -> Said {
    let listing = Listing::of(input, "MaxKeys")?;
    let key_marker = text(input, "KeyMarker").unwrap_or_default();
    let id_marker = text(input, "VersionIdMarker").unwrap_or_default();
    if key_marker.is_empty() && !id_marker.is_empty() {
        let message = "A version-id marker cannot be specified without a key marker.";
        return Err(refusal::invalid_argument(message, "version-id-marker", id_marker));
    }
    if !id_marker.is_empty() && !world.is_id(id_marker) {
        return Err(Refusal::vague(400, "InvalidArgument"));
    }
    let bucket = world.bucket(input)?;
    // Ids are numbered as they are given: one that is gone still has its place.
    let gone = id_marker.strip_prefix("version-").and_then(|number| number.parse::<usize>().ok());
    let skipped = listing.rolled_up(key_marker);
    let lines = bucket.keys.iter().filter(|(key, _)| !skipped.is_some_and(|prefix| key.starts_with(prefix)));
    let lines = lines.flat_map(|(key, versions)| {
        let seen = match key.as_str().cmp(key_marker) {
            std::cmp::Ordering::Less => versions.len(),
            // Those of the marker's key follow only after a version of it.
            std::cmp::Ordering::Equal => match (versions.iter().position(|version| version.id == id_marker), gone) {
                (Some(at), _) => at + 1,
                (None, Some(order)) => versions.iter().filter(|version| version.order > order).count(),
                (None, None) => versions.len(),
            },
            std::cmp::Ordering::Greater => 0,
        };
        let rest = versions.iter().enumerate().skip(seen);
        rest.map(|(at, version)| (key.as_str(), Line { key: key.as_str(), version, latest: at == 0 }))
    });
    let page = listing.page(lines);
    let (mut versions, mut markers) = (Vec::new(), Vec::new());
    for Line { key, version, latest } in page.items() {
        let id = json!({"VersionId": version.id, "IsLatest": latest});
        let (list, mut shown) = match &version.object {
            Some(object) => (&mut versions, summary(&listing, key, object)),
            None => (&mut markers, json!({"Key": listing.shown(key), "LastModified": TIME})),
        };
        crate::wire::s3::join(&mut shown, id);
        list.push(shown);
    }
    let mut output = json!({"Versions": versions, "DeleteMarkers": markers});
    listing.tell(&mut output, &page);
    let (next_key, next_id) = match page.entries.last().filter(|_| page.truncated) {
        None => (None, None),
        Some(Entry::Item(line)) => (Some(listing.shown(line.key)), Some(line.version.id.as_str())),
        // Recorded: after a prefix there is no version to go on from.
        Some(Entry::Prefix(prefix)) => (Some(listing.shown(prefix)), None),
    };
    crate::wire::s3::join(
        &mut output,
        json!({
            "Name": input["Bucket"], "Prefix": listing.given(input, "Prefix").unwrap_or_default(), "MaxKeys": listing.most,
            "KeyMarker": listing.shown(key_marker), "VersionIdMarker": id_marker,
            "NextKeyMarker": next_key, "NextVersionIdMarker": next_id,
        }),
    );
    told(200, output)
}
