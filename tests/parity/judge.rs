//! Who is right: recorded answers and the model decide; where they are silent, footbridge must not stand alone.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::call::{Answer, Aspects, Call, Service};
use crate::reference::{ANY, Opinion};

/// The aspects of DynamoDB in which a reference may differ and still hold the same data after.
const TOLD: [&str; 6] =
    ["message", "ConsumedCapacity", "TableDescription", "Table", "ItemCollectionMetrics", "Location"];

/// The aspects of S3 that show other data; the rest of an answer describes it.
const DATA: [&str; 11] = [
    "$answers",
    "Body",
    "CommonPrefixes",
    "Contents",
    "DeleteMarker",
    "DeleteMarkers",
    "ETag",
    "Parts",
    "Uploads",
    "VersionId",
    "Versions",
];

/// A refusal of S3's engines that have written all the same: moto 5.2.5 and MiniStack 1.5.33 keep the object without tags.
const HALF_DONE: &str = "Object tags cannot be greater than 10";

/// An aspect, what footbridge says of it, and what another does.
type Pair = (String, Json, Json);

/// The answers of one reference to one history.
#[derive(Debug, Clone)]
pub struct Answers {
    pub reference: String,
    pub opinions: Vec<Opinion>,
    /// What did not agree in what the history left.
    pub left: Vec<Difference>,
}

/// Something of an answer that is not the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Which call of the history, from 0; how many it has where it is one of those that were made after it.
    pub at: usize,
    pub call: Call,
    /// `outcome`, `message`, or a member of the output.
    pub aspect: String,
    /// What footbridge says; null for a member that is not there.
    pub footbridge: Json,
    /// The message with it, where it is an error.
    pub told: Option<String>,
    /// What the others say, with whom.
    pub others: Vec<(String, Json)>,
}

/// Where an answer is not as a model or a record has it, and what is wrong with what the history left.
pub fn against(history: &[Call], footbridge: &Answers, truth: &Answers) -> Vec<Difference> {
    let answered = (0..history.len()).flat_map(|at| self::at(history, footbridge, truth, at));
    answered.chain(footbridge.left.iter().cloned()).collect()
}

/// Where the answer to one call is not as another reference has it.
pub fn at(history: &[Call], footbridge: &Answers, other: &Answers, at: usize) -> Vec<Difference> {
    let found = differing(&footbridge.opinions[at], &other.opinions[at]).into_iter();
    let found = found.map(|(aspect, ours, theirs)| {
        let others = vec![(other.reference.clone(), theirs)];
        let told = told(&footbridge.opinions[at]);
        Difference { at, call: history[at].clone(), aspect, footbridge: ours, told, others }
    });
    found.collect()
}

/// Where at least two engines say the same, and footbridge and none of the others says what footbridge says.
///
/// An engine that may hold other data from some call on ([`parted`]) is not asked for the rest of the history.
pub fn alone(history: &[Call], footbridge: &Answers, engines: &[Answers]) -> Vec<Difference> {
    let mut asked: BTreeSet<usize> = (0..engines.len()).collect();
    let mut found = Vec::new();
    for (at, ours) in footbridge.opinions.iter().enumerate() {
        let mut others: Vec<(usize, Vec<Pair>)> = Vec::new();
        for engine in asked.clone() {
            let theirs = &engines[engine].opinions[at];
            if parted(&history[at], ours, theirs) {
                asked.remove(&engine);
            }
            if matches!(theirs, Opinion::Answer(_)) {
                others.push((engine, differing(ours, theirs)));
            }
        }
        let aspects: BTreeSet<&String> = others.iter().flat_map(|(_, all)| all.iter().map(|(name, ..)| name)).collect();
        for aspect in aspects {
            let of = |all: &Vec<Pair>| all.iter().find(|(name, ..)| name == aspect).cloned();
            let each: Vec<(usize, Option<Pair>)> = others.iter().map(|(engine, all)| (*engine, of(all))).collect();
            let values: Vec<(&str, Json)> = each
                .iter()
                .filter_map(|(engine, all)| Some((engines[*engine].reference.as_str(), all.as_ref()?.2.clone())))
                .collect();
            let two_agree =
                values.iter().any(|(_, value)| values.iter().filter(|(_, other)| other == value).count() > 1);
            if values.len() == each.len() && two_agree {
                let ours = each.iter().find_map(|(_, all)| Some(all.as_ref()?.1.clone())).unwrap_or_default();
                let others = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
                let aspect = aspect.clone();
                let told = told(&footbridge.opinions[at]);
                found.push(Difference { at, call: history[at].clone(), aspect, footbridge: ours, told, others });
            }
        }
    }
    found
}

/// The aspects in which two opinions differ, and both values.
fn differing(ours: &Opinion, theirs: &Opinion) -> Vec<Pair> {
    match (ours, theirs) {
        (Opinion::Broken(why), _) => vec![("outcome".to_owned(), format!("no answer: {why}").into(), Json::Null)],
        (Opinion::Answer(ours), Opinion::Answer(theirs)) => {
            let (ours, theirs) = aspects(ours, theirs);
            let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
            let of = |aspects: &Aspects, name: &String| aspects.get(name).cloned().unwrap_or_default();
            let both = names.into_iter().map(|name| (name.clone(), of(&ours, name), of(&theirs, name)));
            both.filter(|(_, ours, theirs)| ours != theirs).collect()
        }
        (Opinion::Answer(ours), Opinion::Part(theirs)) => {
            let (ours, theirs) = aspects(ours, theirs);
            let both = theirs.into_iter().map(|(name, theirs)| {
                let ours = ours.get(&name).cloned().unwrap_or_default();
                (name, ours, theirs)
            });
            both.filter(|(_, ours, theirs)| ours != theirs && (theirs != ANY || ours.is_null())).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether two that answered a call so may hold other data from then on: a write that only one of them took, or other data
/// in what both gave.
pub fn parted(call: &Call, ours: &Opinion, theirs: &Opinion) -> bool {
    let Opinion::Answer(one) = ours else { return false };
    let Opinion::Answer(other) = theirs else { return one.is_ok() && !call.reads() };
    // AWS rejects a batch as a whole; engines may have written what stands before its fault.
    if call.operation == "BatchWriteItem" && !one.is_ok() {
        return true;
    }
    if one.is_ok() != other.is_ok() {
        return !call.reads();
    }
    if other.message.as_deref() == Some(HALF_DONE) {
        return !call.reads();
    }
    let shows_data = |aspect: &String| match call.service {
        Service::DynamoDb => !TOLD.contains(&aspect.split('.').next().unwrap_or_default()),
        Service::S3 => DATA.contains(&aspect.as_str()),
    };
    one.is_ok() && differing(ours, theirs).iter().any(|(aspect, ..)| shows_data(aspect))
}

fn told(opinion: &Opinion) -> Option<String> {
    let Opinion::Answer(answer) = opinion else { return None };
    answer.message.clone()
}

/// The aspects of both; where the outcomes differ, nothing else is compared.
fn aspects(ours: &Answer, theirs: &Answer) -> (Aspects, Aspects) {
    if ours.outcome() == theirs.outcome() {
        return (ours.aspects(), theirs.aspects());
    }
    let outcome = |answer: &Answer| Aspects::from([("outcome".to_owned(), answer.outcome().into())]);
    (outcome(ours), outcome(theirs))
}

impl Difference {
    /// What kind of difference it is: differences of one kind have one cause, most likely.
    pub fn signature(&self) -> String {
        let mut others: Vec<String> = self.others.iter().map(|(_, value)| kind(&self.aspect, value)).collect();
        others.dedup();
        let ours = kind(&self.aspect, &self.footbridge);
        let told = self.told.iter().map(|told| kind("message", &told.as_str().into())).collect::<String>();
        format!("{} {}: {ours} {told} | {}", self.call.operation, self.aspect, others.join(" | "))
    }
}

/// A text without what is quoted and counted in it; of other values, only whether there is one.
fn kind(aspect: &str, value: &Json) -> String {
    match (aspect, value) {
        (_, Json::Null) => "nothing".to_owned(),
        ("message" | "outcome", Json::String(text)) => {
            let mut words = Vec::new();
            for word in text.split_whitespace() {
                let named = word.contains(['"', '\'', '#', '`', '{', '[']) || word.starts_with(':');
                words.push(if aspect == "message" && (named || word.contains(|c: char| c.is_ascii_digit())) {
                    "…"
                } else {
                    word
                });
            }
            words.dedup();
            words.truncate(14);
            words.join(" ")
        }
        _ => "something".to_owned(),
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(out, "call {}, {}: {}", self.at + 1, self.call.operation, self.aspect)?;
        let told = self.told.iter().filter(|_| self.aspect != "message").map(|told| format!("  ({told})"));
        let ours = format!("{}{}", self.footbridge, told.collect::<String>());
        writeln!(out, "  {:<12} {}", "footbridge", shortened(&ours))?;
        self.others.iter().try_for_each(|(name, value)| writeln!(out, "  {name:<12} {}", shortened(&value.to_string())))
    }
}

/// The longest answer that is printed whole, in characters.
const PRINTED: usize = 600;

/// A text without its middle, where it is long.
pub fn shortened(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= PRINTED {
        return text.to_owned();
    }
    let (start, end) = (&letters[..PRINTED / 2], &letters[letters.len() - PRINTED / 2..]);
    let left_out = letters.len() - PRINTED;
    format!("{} … {left_out} characters … {}", String::from_iter(start), String::from_iter(end))
}
