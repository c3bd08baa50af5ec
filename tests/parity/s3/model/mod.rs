//! S3 as plainly as it can be written, from AWS's documentation and recorded answers. It shares no code with the emulator,
//! and holds everything in maps.

mod attributes;
mod buckets;
mod conditions;
mod configuration;
mod copies;
mod describe;
mod digest;
mod listings;
mod objects;
mod ranges;
mod refusal;
mod state;
mod tags;
mod uploads;
mod versions_listed;

use async_trait::async_trait;
use serde_json::{Map, Value as Json};

use crate::call::{Answer, Call, Manner};
use crate::names::Names;
use crate::normal;
use crate::reference::{Opinion, Reference};
use crate::wire;
use refusal::Refusal;
use state::World;

/// What comes of a call: the status and the members of a success, or why not.
type Said = Result<Told, Refusal>;

/// A success.
#[derive(Debug)]
struct Told {
    status: u16,
    output: Json,
}

fn told(status: u16, output: Json) -> Said {
    Ok(Told { status, output })
}

/// How much of an answer is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    Whole,
    Part,
}

/// Stands for a time.
const TIME: &str = "there";
/// The most pages of one listing.
const PAGES: usize = 500;

/// The model, as a reference.
pub struct Model {
    world: World,
    names: Names,
}

impl Default for Model {
    fn default() -> Self {
        // Its prefix is the placeholder itself: there is only one history in it.
        Self { world: World::default(), names: Names::new("${p}") }
    }
}

impl Model {
    /// How many bodies a store must hold once all is settled.
    pub fn bodies(&self) -> usize {
        self.world.bodies()
    }

    /// One answer, and how much of it is known.
    fn one(&mut self, operation: &str, input: &Json) -> (Answer, Known) {
        let head = operation.starts_with("Head");
        let named = text(input, "Bucket").filter(|_| operation != "CreateBucket");
        let missing = named.filter(|name| !self.world.buckets.contains_key(*name)).map(refusal::no_such_bucket);
        match say(&mut self.world, operation, input) {
            Ok(Told { status, mut output }) => {
                prune(&mut output);
                let Json::Object(output) = output else { panic!("an output is an object") };
                (Answer { status, output, ..Answer::default() }, Known::Whole)
            }
            // What else is wrong is told only where there is the bucket.
            Err(refusal) => {
                let refusal = missing.unwrap_or(refusal);
                (refusal.answer(head), refusal.known())
            }
        }
    }
}

fn say(world: &mut World, operation: &str, input: &Json) -> Said {
    match operation {
        "AbortMultipartUpload" => uploads::abort(world, input),
        "CompleteMultipartUpload" => uploads::complete(world, input),
        "CopyObject" => copies::copy(world, input),
        "CreateBucket" => buckets::create(world, input),
        "CreateMultipartUpload" => uploads::create(world, input),
        "DeleteBucket" => buckets::delete(world, input),
        "DeleteBucketCors" => configuration::delete_cors(world, input),
        "DeleteBucketEncryption" => configuration::delete_encryption(world, input),
        "DeleteBucketTagging" => tags::delete_of_bucket(world, input),
        "DeleteObject" => objects::delete(world, input),
        "DeleteObjects" => objects::delete_many(world, input),
        "DeleteObjectTagging" => tags::delete_of_object(world, input),
        "GetBucketCors" => configuration::get_cors(world, input),
        "GetBucketEncryption" => configuration::get_encryption(world, input),
        "GetBucketLocation" => buckets::location(world, input),
        "GetBucketTagging" => tags::get_of_bucket(world, input),
        "GetBucketVersioning" => buckets::get_versioning(world, input),
        "GetObject" => objects::get(world, input),
        "GetObjectAttributes" => attributes::get(world, input),
        "GetObjectTagging" => tags::get_of_object(world, input),
        "HeadBucket" => buckets::head(world, input),
        "HeadObject" => objects::head(world, input),
        "ListBuckets" => buckets::list(world, input),
        "ListMultipartUploads" => uploads::list(world, input),
        "ListObjects" => listings::first(world, input),
        "ListObjectsV2" => listings::second(world, input),
        "ListObjectVersions" => versions_listed::list(world, input),
        "ListParts" => uploads::list_parts(world, input),
        "PutBucketCors" => configuration::put_cors(world, input),
        "PutBucketEncryption" => configuration::put_encryption(world, input),
        "PutBucketTagging" => tags::put_of_bucket(world, input),
        "PutBucketVersioning" => buckets::put_versioning(world, input),
        "PutObject" => objects::put(world, input),
        "PutObjectTagging" => tags::put_of_object(world, input),
        "UploadPart" => uploads::part(world, input),
        "UploadPartCopy" => copies::part_copy(world, input),
        other => panic!("the model knows no {other}"),
    }
}

#[async_trait]
impl Reference for Model {
    fn name(&self) -> &str {
        "model"
    }

    async fn begin(&mut self) {
        *self = Self::default();
    }

    async fn answer(&mut self, call: &Call) -> Opinion {
        let mut input = self.names.fill(&call.input);
        let mut answers = Vec::new();
        match call.manner {
            Manner::Plain => answers.push(self.one(&call.operation, &input)),
            Manner::Race(times) => answers.extend((0..times).map(|_| self.one(&call.operation, &input))),
            Manner::Pages => loop {
                let page = self.one(&call.operation, &input);
                let more = wire::next_page(&call.operation, &mut input, &page.0);
                answers.push(page);
                if !more || answers.len() == PAGES {
                    break;
                }
            },
        }
        let known = answers.iter().map(|(_, known)| *known).max().expect("an answer");
        let mut plain = Vec::new();
        for (answer, _) in answers {
            self.names.remember(call, &answer);
            plain.push(normal::answer(call, answer, &mut self.names));
        }
        let answer = match call.manner {
            Manner::Plain => plain.remove(0),
            _ => normal::together(call, &plain),
        };
        match known {
            Known::Whole => Opinion::Answer(answer),
            Known::Part if call.manner.is_plain() => Opinion::Part(answer),
            Known::Part => Opinion::None,
        }
    }
}

/// A member that is a text.
fn text<'i>(input: &'i Json, member: &str) -> Option<&'i str> {
    input.get(member)?.as_str()
}

/// A header that no member stands for.
fn header<'i>(input: &'i Json, name: &str) -> Option<&'i str> {
    input.get("$headers")?.get(name)?.as_str()
}

/// Takes away nulls and empty lists, at any depth: they are members that are not there.
fn prune(value: &mut Json) {
    match value {
        Json::Array(values) => values.iter_mut().for_each(prune),
        Json::Object(members) => {
            members.values_mut().for_each(prune);
            let left = std::mem::take(members).into_iter();
            let there = |value: &Json| !value.is_null() && !value.as_array().is_some_and(Vec::is_empty);
            *members = left.filter(|(_, value)| there(value)).collect::<Map<_, _>>();
        }
        _ => {}
    }
}

/// The SHA-256 of bytes as S3 shows it.
pub fn sha256(bytes: &[u8]) -> String {
    digest::Checksum::of("SHA256", bytes).value
}
