//! Buckets.

use serde_json::{Value as Json, json};

use super::refusal::{self, Refusal};
use super::state::{Bucket, Keeping, World};
use super::tags::{self, Holder};
use super::{Said, TIME, text, told};

/// The rules of general purpose buckets in AWS's user guide.
fn is_name(name: &str) -> bool {
    // The prefix that every endpoint makes up is a fine beginning.
    let name = name.replace("${p}", "p-");
    let edge =
        |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit());
    let edges = edge(name.chars().next()) && edge(name.chars().last());
    let letters = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-.".contains(letter);
    let is_address =
        name.split('.').count() == 4 && name.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    let kept = name.starts_with("xn--")
        || name.starts_with("sthree-")
        || ["-s3alias", "--ol-s3", "--x-s3", "--table-s3", ".mrap"].iter().any(|end| name.ends_with(end));
    (3..=63).contains(&name.len()) && name.chars().all(letters) && edges && !name.contains("..") && !is_address && !kept
}

pub fn create(world: &mut World, input: &Json) -> Said {
    let name = text(input, "Bucket").expect("a bucket");
    if !is_name(name) {
        let refusal = Refusal::new(400, "InvalidBucketName", "The specified bucket is not valid.");
        return Err(refusal.with("BucketName", name));
    }
    let given = &input["CreateBucketConfiguration"];
    let constraint = text(given, "LocationConstraint").map(str::to_owned);
    if constraint.as_deref().is_some_and(|constraint| !["eu-west-1", "EU", "ap-southeast-2"].contains(&constraint)) {
        let refusal = Refusal::new(400, "InvalidLocationConstraint", "The specified location-constraint is not valid");
        return Err(refusal.with("LocationConstraint", constraint));
    }
    let tags = tags::of_list(Holder::NewBucket, &given["Tags"])?;
    match world.buckets.get(name) {
        // In us-east-1, and only there, it is no error to make one's own bucket again.
        Some(existing) if existing.constraint.is_some() || !tags.is_empty() => {
            let message = "Your previous request to create the named bucket succeeded and you already own it.";
            return Err(Refusal::new(409, "BucketAlreadyOwnedByYou", message).with("BucketName", name));
        }
        Some(_) => {}
        None => drop(
            world.buckets.insert(name.to_owned(), Bucket { constraint: constraint.clone(), tags, ..Bucket::default() }),
        ),
    }
    told(200, json!({"Location": format!("/{name}"), "BucketArn": format!("arn:aws:s3:::{name}")}))
}

pub fn delete(world: &mut World, input: &Json) -> Said {
    let name = input["Bucket"].clone();
    let bucket = world.bucket(input)?;
    if !bucket.keys.is_empty() {
        let more = " You must delete all versions in the bucket.";
        let message = "The bucket you tried to delete is not empty";
        let message = if bucket.keeping == Keeping::Never { message.to_owned() } else { format!("{message}.{more}") };
        return Err(Refusal::new(409, "BucketNotEmpty", &message).with("BucketName", name));
    }
    world.buckets.remove(name.as_str().expect("a name"));
    told(204, json!({}))
}

/// The region of a bucket.
fn region(bucket: &Bucket) -> &str {
    match bucket.constraint.as_deref() {
        None => "us-east-1",
        Some("EU") => "eu-west-1",
        Some(region) => region,
    }
}

pub fn head(world: &mut World, input: &Json) -> Said {
    let bucket = world.bucket(input)?;
    let arn = format!("arn:aws:s3:::{}", text(input, "Bucket").expect("a bucket"));
    told(200, json!({"BucketRegion": region(bucket), "BucketArn": arn}))
}

pub fn list(world: &mut World, input: &Json) -> Said {
    let limit = input.get("MaxBuckets").and_then(Json::as_i64).unwrap_or(10_000);
    if !(1..=10_000).contains(&limit) {
        return Err(Refusal::vague(400, "InvalidArgument"));
    }
    let prefix = text(input, "Prefix").expect("a prefix: other histories have buckets too");
    let after = text(input, "ContinuationToken").unwrap_or_default();
    let all: Vec<_> =
        world.buckets.iter().filter(|(name, _)| name.starts_with(prefix) && name.as_str() > after).collect();
    let page = &all[..all.len().min(usize::try_from(limit).expect("not so many"))];
    let shown = page.iter().map(|(name, bucket)| {
        let arn = format!("arn:aws:s3:::{name}");
        json!({"Name": name, "CreationDate": TIME, "BucketRegion": region(bucket), "BucketArn": arn})
    });
    let next = page.last().filter(|_| page.len() < all.len()).map(|(name, _)| name);
    told(200, json!({"Buckets": shown.collect::<Json>(), "Prefix": prefix, "ContinuationToken": next}))
}

pub fn location(world: &mut World, input: &Json) -> Said {
    let bucket = world.bucket(input)?;
    told(200, json!({"LocationConstraint": bucket.constraint.clone().unwrap_or_default()}))
}

pub fn put_versioning(world: &mut World, input: &Json) -> Said {
    let status = text(&input["VersioningConfiguration"], "Status");
    let keeping = match status {
        Some("Enabled") => Keeping::Enabled,
        Some("Suspended") => Keeping::Suspended,
        Some(_) => return Err(refusal::malformed()),
        None => {
            let message = "The Versioning element must be specified";
            return Err(Refusal::new(400, "IllegalVersioningConfigurationException", message));
        }
    };
    world.bucket(input)?.keeping = keeping;
    told(200, json!({}))
}

pub fn get_versioning(world: &mut World, input: &Json) -> Said {
    let status = match world.bucket(input)?.keeping {
        Keeping::Never => None,
        Keeping::Enabled => Some("Enabled"),
        Keeping::Suspended => Some("Suspended"),
    };
    told(200, json!({"Status": status}))
}
