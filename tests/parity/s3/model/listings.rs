//! Listings of objects, and what all listings share.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};

use super::refusal::{self, Refusal};
use super::state::{Bucket, Object, World};
use super::{Said, TIME, text, told};

/// The most entries of one page.
const MOST: i64 = 1000;

/// What a listing asks for.
pub struct Listing<'i> {
    prefix: &'i str,
    delimiter: Option<&'i str>,
    encoded: bool,
    /// The most entries of a page.
    pub most: i64,
}

/// An entry of a page.
pub enum Entry<T> {
    Item(T),
    Prefix(String),
}

/// A page.
pub struct Page<T> {
    pub entries: Vec<Entry<T>>,
    pub truncated: bool,
}

impl<T> Page<T> {
    pub fn items(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Item(item) => Some(item),
            Entry::Prefix(_) => None,
        })
    }

    fn prefixes(&self) -> impl Iterator<Item = &String> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Item(_) => None,
            Entry::Prefix(prefix) => Some(prefix),
        })
    }
}

impl<'i> Listing<'i> {
    pub fn of(input: &'i Json, limit: &str) -> Result<Self, Refusal> {
        let encoded = match text(input, "EncodingType") {
            None => false,
            Some("url") => true,
            Some(other) => {
                let message = "Invalid Encoding Method specified in Request";
                return Err(refusal::invalid_argument(message, "encoding-type", other));
            }
        };
        let most = input.get(limit).and_then(Json::as_i64).unwrap_or(MOST);
        if most < 0 {
            return Err(Refusal::vague(400, "InvalidArgument"));
        }
        let prefix = text(input, "Prefix").unwrap_or_default();
        let delimiter = text(input, "Delimiter").filter(|delimiter| !delimiter.is_empty());
        Ok(Self { prefix, delimiter, encoded, most: most.min(MOST) })
    }

    /// The common prefix that a key is shown as.
    pub fn rolled_up<'k>(&self, key: &'k str) -> Option<&'k str> {
        let delimiter = self.delimiter?;
        let at = key.strip_prefix(self.prefix)?.find(delimiter)?;
        Some(&key[..self.prefix.len() + at + delimiter.len()])
    }

    /// The first of what follows, in the order of the keys' bytes.
    pub fn page<'k, T>(&self, all: impl Iterator<Item = (&'k str, T)>) -> Page<T> {
        let (mut entries, mut seen): (Vec<Entry<T>>, BTreeSet<&str>) = Default::default();
        let most = usize::try_from(self.most).expect("not negative");
        for (key, item) in all.filter(|(key, _)| key.starts_with(self.prefix)) {
            let prefix = self.rolled_up(key);
            if prefix.is_some_and(|prefix| seen.contains(prefix)) {
                continue;
            }
            if entries.len() == most {
                // Asked for nothing, AWS says that there is no more.
                return Page { entries, truncated: most > 0 };
            }
            seen.extend(prefix);
            entries.push(prefix.map_or(Entry::Item(item), |prefix| Entry::Prefix(prefix.to_owned())));
        }
        Page { entries, truncated: false }
    }

    /// A name as it is shown.
    pub fn shown(&self, name: &str) -> String {
        const KEEP: &AsciiSet =
            &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'*').remove(b' ');
        // A prefix of a bucket's name is in no key.
        if self.encoded { utf8_percent_encode(name, KEEP).to_string().replace(' ', "+") } else { name.to_owned() }
    }

    /// A name of the input as it is shown.
    pub fn given(&self, input: &Json, member: &str) -> Option<String> {
        text(input, member).filter(|text| !text.is_empty()).map(|text| self.shown(text))
    }

    /// Tells what every listing tells.
    pub fn tell<T>(&self, output: &mut Json, page: &Page<T>) {
        output["IsTruncated"] = json!(page.truncated);
        output["EncodingType"] = json!(self.encoded.then_some("url"));
        output["Delimiter"] = json!(self.delimiter.map(|delimiter| self.shown(delimiter)));
        output["CommonPrefixes"] = page.prefixes().map(|prefix| json!({"Prefix": self.shown(prefix)})).collect();
    }
}

/// Objects as they stand after a key, without what a page before showed as one prefix.
fn after<'w>(
    bucket: &'w Bucket,
    listing: &Listing<'_>,
    marker: &str,
) -> impl Iterator<Item = (&'w str, (&'w str, &'w Object))> {
    let skipped = listing.rolled_up(marker).map(str::to_owned);
    let marker = marker.to_owned();
    let current = bucket.keys.iter().filter_map(|(key, versions)| Some((key.as_str(), versions[0].object.as_ref()?)));
    current
        .filter(move |(key, _)| *key > marker.as_str())
        .filter(move |(key, _)| !skipped.as_deref().is_some_and(|prefix| key.starts_with(prefix)))
        .map(|(key, object)| (key, (key, object)))
}

/// What a listing tells of an object.
pub fn summary(listing: &Listing<'_>, key: &str, object: &Object) -> Json {
    json!({
        "Key": listing.shown(key), "ETag": format!("\"{}\"", object.etag), "Size": object.bytes.len(), "LastModified": TIME,
        "StorageClass": object.described.class.as_deref().unwrap_or("STANDARD"),
        "ChecksumAlgorithm": [object.checksum.algorithm], "ChecksumType": object.checksum.kind,
    })
}

/// The key or prefix that a page ends with.
fn last(page: &Page<(&str, &Object)>) -> Option<String> {
    page.entries.last().map(|entry| match entry {
        Entry::Item((key, _)) => (*key).to_owned(),
        Entry::Prefix(prefix) => prefix.clone(),
    })
}

pub fn first(world: &mut World, input: &Json) -> Said {
    let listing = Listing::of(input, "MaxKeys")?;
    let marker = text(input, "Marker").unwrap_or_default();
    let bucket = world.bucket(input)?;
    let page = listing.page(after(bucket, &listing, marker));
    let contents = page.items().map(|(key, object)| {
        let mut shown = summary(&listing, key, object);
        shown["Owner"] = json!(TIME);
        shown
    });
    let mut output = json!({"Contents": contents.collect::<Json>()});
    listing.tell(&mut output, &page);
    // Without a delimiter the last key says it.
    let next = last(&page).filter(|_| page.truncated && listing.delimiter.is_some());
    crate::wire::s3::join(
        &mut output,
        json!({
            "Name": input["Bucket"], "Prefix": listing.shown(listing.prefix), "Marker": listing.shown(marker),
            "MaxKeys": listing.most, "NextMarker": next.map(|next| listing.shown(&next)),
        }),
    );
    told(200, output)
}

pub fn second(world: &mut World, input: &Json) -> Said {
    let listing = Listing::of(input, "MaxKeys")?;
    let start = text(input, "StartAfter");
    // The model's token is the last key, with something before it.
    let token = match text(input, "ContinuationToken") {
        None => None,
        Some(token) => Some(token.strip_prefix("after ").ok_or_else(|| {
            Refusal::new(400, "InvalidArgument", "The continuation token provided is incorrect")
                .with("ArgumentName", "continuation-token")
        })?),
    };
    let bucket = world.bucket(input)?;
    let page = listing.page(after(bucket, &listing, token.or(start).unwrap_or_default()));
    let contents = page.items().map(|(key, object)| {
        let mut shown = summary(&listing, key, object);
        shown["Owner"] = json!((input["FetchOwner"] == json!(true)).then_some(TIME));
        shown
    });
    let mut output = json!({"Contents": contents.collect::<Json>(), "KeyCount": page.entries.len()});
    listing.tell(&mut output, &page);
    let next = last(&page).filter(|_| page.truncated).map(|last| format!("after {last}"));
    crate::wire::s3::join(
        &mut output,
        json!({
            "Name": input["Bucket"], "Prefix": listing.shown(listing.prefix), "MaxKeys": listing.most,
            "ContinuationToken": input.get("ContinuationToken"), "NextContinuationToken": next,
            "StartAfter": start.filter(|_| token.is_none()).map(|start| listing.shown(start)),
        }),
    );
    told(200, output)
}
