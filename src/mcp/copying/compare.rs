//! Two places compared: what only one has, and what differs.

use std::collections::BTreeMap;
use std::hash::Hasher as _;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use sha2::{Digest as _, Sha256};
use twox_hash::XxHash64;

use super::objects::size;
use super::{Data, Objects, tables};
use crate::items::canonical;
use crate::json;
use crate::mcp::{Context, ToolError, report};

/// What a place has: by key, what each entry consists of, and a hash of each part.
#[derive(Debug, Default)]
pub(crate) struct Side(BTreeMap<String, Vec<(Arc<str>, u64)>>);

/// The part of an object that its entity tag stands for, until its bytes are read.
const TAG: &str = "content";

impl Side {
    /// Reads a place, of at most so many entries.
    pub(crate) async fn read(context: &Context, data: &Data, most: usize) -> Result<Self, ToolError> {
        match data {
            Data::Table(table) => Self::of_table(context, table, most).await,
            Data::Objects { bucket, prefix } => {
                Self::of_objects(context, &Objects { bucket: bucket.clone(), prefix: prefix.clone() }, most).await
            }
        }
    }

    async fn of_table(context: &Context, table: &str, most: usize) -> Result<Self, ToolError> {
        let mut side = Self::default();
        let mut names: BTreeMap<String, Arc<str>> = BTreeMap::new();
        tables::every(context, table, |keys, items| {
            for item in items {
                let key = json::from_item(&keys.key(&item))?.to_string();
                let part = |(name, value): (&String, &AttributeValue)| {
                    let name = names.entry(name.clone()).or_insert_with(|| name.as_str().into());
                    (Arc::clone(name), hash(value))
                };
                let mut parts: Vec<_> = item.iter().map(part).collect();
                parts.sort_unstable();
                side.add(key, parts, most)?;
            }
            report(u64::try_from(side.0.len()).unwrap_or_default(), None);
            Ok(())
        })
        .await?;
        Ok(side)
    }

    async fn of_objects(context: &Context, objects: &Objects, most: usize) -> Result<Self, ToolError> {
        let mut side = Self::default();
        let (length, tag): (Arc<str>, Arc<str>) = ("size".into(), TAG.into());
        let mut after: Option<String> = None;
        loop {
            let (page, more) = objects.page(context, after.as_deref()).await?;
            for object in &page {
                let key = object.key().unwrap_or_default();
                let rest = key.strip_prefix(objects.prefix.as_str()).unwrap_or(key).to_owned();
                let tagged = XxHash64::oneshot(0, object.e_tag().unwrap_or_default().as_bytes());
                side.add(rest, vec![(Arc::clone(&length), size(object)), (Arc::clone(&tag), tagged)], most)?;
            }
            report(u64::try_from(side.0.len()).unwrap_or_default(), None);
            after = page.last().and_then(|object| object.key.clone());
            if !more || after.is_none() {
                return Ok(side);
            }
        }
    }

    fn add(&mut self, key: String, parts: Vec<(Arc<str>, u64)>, most: usize) -> Result<(), ToolError> {
        if self.0.len() == most {
            let what = format!("there are more than {most} on one side");
            return Err(ToolError::new("too_much", what).hint("allow more with --max, or choose a prefix."));
        }
        self.0.insert(key, parts);
        Ok(())
    }

    /// The entries whose entity tags alone differ from those of the other side: a tag is no hash of the bytes where an object
    /// came in parts, or is encrypted.
    pub(crate) fn doubtful(&self, other: &Self) -> Vec<String> {
        let doubtful = self.0.iter().filter(|(key, parts)| {
            let there = other.0.get(*key);
            there.is_some_and(|there| there != *parts && differing(parts, there).iter().all(|part| &**part == TAG))
        });
        doubtful.map(|(key, _)| key.clone()).collect()
    }

    /// Puts the bytes themselves in the place of the tags of these objects.
    pub(crate) async fn read_bytes(
        &mut self,
        context: &Context,
        data: &Data,
        keys: &[String],
    ) -> Result<(), ToolError> {
        let Data::Objects { bucket, prefix } = data else { return Ok(()) };
        for key in keys {
            let answer = context.s3.get_object().bucket(bucket).key(format!("{prefix}{key}")).send().await?;
            let (mut body, mut digest) = (answer.body, Sha256::new());
            while let Some(chunk) = body
                .try_next()
                .await
                .map_err(|error| ToolError::new("no_answer", format!("the object's body: {error}")))?
            {
                digest.update(&chunk);
            }
            let read = XxHash64::oneshot(1, &digest.finalize());
            let parts = self.0.get_mut(key).into_iter().flatten();
            parts.filter(|(part, _)| &**part == TAG).for_each(|(_, hash)| *hash = read);
        }
        Ok(())
    }
}

/// A hash that equal values share, in whatever order a set or a map comes.
fn hash(value: &AttributeValue) -> u64 {
    let mut hasher = XxHash64::with_seed(0);
    hasher.write(plain(value).as_bytes());
    hasher.finish()
}

fn plain(value: &AttributeValue) -> String {
    let sorted = |mut all: Vec<String>| {
        all.sort_unstable();
        all.join(",")
    };
    let number = |number: &String| {
        let only = std::collections::HashMap::from([("n".to_owned(), AttributeValue::N(number.clone()))]);
        canonical(&only, &["n".to_owned()]).concat()
    };
    match value {
        AttributeValue::N(text) => number(text),
        AttributeValue::Ns(numbers) => format!("Ns{}", sorted(numbers.iter().map(number).collect())),
        AttributeValue::Ss(texts) => format!("Ss{}", sorted(texts.iter().map(|text| format!("{text:?}")).collect())),
        AttributeValue::Bs(all) => {
            format!("Bs{}", sorted(all.iter().map(|bytes| format!("{:?}", bytes.as_ref())).collect()))
        }
        AttributeValue::L(values) => format!("L[{}]", values.iter().map(plain).collect::<Vec<_>>().join(",")),
        AttributeValue::M(map) => {
            format!("M{{{}}}", sorted(map.iter().map(|(name, value)| format!("{name:?}:{}", plain(value))).collect()))
        }
        other => format!("{other:?}"),
    }
}

/// How an entry differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Difference {
    OnlyLeft,
    OnlyRight,
    /// In these parts.
    Parts(Vec<String>),
}

/// What a comparison came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Compared {
    pub(crate) left: usize,
    pub(crate) right: usize,
    pub(crate) same: usize,
    pub(crate) only_left: usize,
    pub(crate) only_right: usize,
    pub(crate) differing: usize,
    /// The first that differ, by key.
    pub(crate) sample: Vec<(String, Difference)>,
}

impl Compared {
    pub(crate) fn differs(&self) -> bool {
        self.only_left + self.only_right + self.differing > 0
    }
}

/// Compares two sides, and shows at most so many of the differences.
pub(crate) fn compare(left: &Side, right: &Side, shown: usize) -> Compared {
    let mut compared = Compared { left: left.0.len(), right: right.0.len(), ..Compared::default() };
    let mut keys: Vec<_> = left.0.keys().chain(right.0.keys().filter(|key| !left.0.contains_key(*key))).collect();
    keys.sort_unstable();
    for key in keys {
        let difference = match (left.0.get(key), right.0.get(key)) {
            (Some(one), Some(other)) if one == other => {
                compared.same += 1;
                continue;
            }
            (Some(one), Some(other)) => {
                compared.differing += 1;
                Difference::Parts(differing(one, other).into_iter().map(|part| part.to_string()).collect())
            }
            (Some(_), None) => {
                compared.only_left += 1;
                Difference::OnlyLeft
            }
            (None, _) => {
                compared.only_right += 1;
                Difference::OnlyRight
            }
        };
        if compared.sample.len() < shown {
            compared.sample.push((key.clone(), difference));
        }
    }
    compared
}

/// The parts that one side alone has, or has otherwise.
fn differing(left: &[(Arc<str>, u64)], right: &[(Arc<str>, u64)]) -> Vec<Arc<str>> {
    let of = |one: &[(Arc<str>, u64)], other: &[(Arc<str>, u64)]| {
        one.iter().filter(|part| !other.contains(part)).map(|(name, _)| Arc::clone(name)).collect::<Vec<_>>()
    };
    let mut parts = [of(left, right), of(right, left)].concat();
    parts.sort_unstable();
    parts.dedup();
    parts
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn side(items: &[(&str, Value)]) -> Side {
        let parts = |item: &Value| {
            let item = json::to_item(item, "item").unwrap();
            let mut parts: Vec<_> = item.iter().map(|(name, value)| (Arc::from(name.as_str()), hash(value))).collect();
            parts.sort_unstable();
            parts
        };
        Side(items.iter().map(|(key, item)| ((*key).to_owned(), parts(item))).collect())
    }

    #[test]
    fn what_only_one_side_has_and_what_differs_is_counted_and_shown() {
        let left = side(&[("a", json!({"n": 1})), ("b", json!({"n": 1, "x": "y"})), ("c", json!({"n": 1}))]);
        let right = side(&[("a", json!({"n": 1})), ("b", json!({"n": 2, "z": 0, "x": "y"})), ("d", json!({"n": 1}))]);
        let compared = compare(&left, &right, 10);
        assert_eq!((compared.same, compared.only_left, compared.only_right, compared.differing), (1, 1, 1, 1));
        let expected = [
            ("b".to_owned(), Difference::Parts(vec!["n".to_owned(), "z".to_owned()])),
            ("c".to_owned(), Difference::OnlyLeft),
            ("d".to_owned(), Difference::OnlyRight),
        ];
        assert_eq!(compared.sample, expected);
        assert_eq!(compare(&left, &right, 1).sample.len(), 1);
        assert!(compared.differs() && !compare(&left, &left, 1).differs());
    }

    #[test]
    fn values_that_are_equal_to_dynamodb_are_equal() {
        let same = [
            (json!({"$ss": ["a", "b"]}), json!({"$ss": ["b", "a"]})),
            (json!({"$ns": [1, 2]}), json!({"$ns": [2, "1.0"]})),
            (json!({"$n": "1.50"}), json!(1.5)),
            (json!({"a": 1, "b": [1, 2]}), json!({"b": [1, 2], "a": 1})),
        ];
        for (one, other) in same {
            let of = |value: &Value| hash(&json::to_attribute(value, "v").unwrap());
            assert_eq!(of(&one), of(&other), "{one} {other}");
        }
        let others = [(json!("1"), json!(1)), (json!([1, 2]), json!([2, 1])), (json!(["a,b"]), json!(["a", "b"]))];
        for (one, other) in others {
            let of = |value: &Value| hash(&json::to_attribute(value, "v").unwrap());
            assert_ne!(of(&one), of(&other), "{one} {other}");
        }
    }
}
