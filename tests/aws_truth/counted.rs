//! How many of AWS's recorded answers are exercised: `fixtures/recorded.toml` says how many there are, and of how many the
//! number may not fall.

use std::fmt;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::{probes, scenes};

/// All answers of all sources. It only grows.
const ALL: usize = 2_214;
/// What the README says, before the number.
const CLAIM: &str = "checked against ";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledger {
    source: Vec<Source>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    name: String,
    kind: Kind,
    all: usize,
    exercised: usize,
    #[serde(default)]
    waiting: usize,
    #[serde(default)]
    not_rebuilt: usize,
    #[serde(default)]
    superseded: usize,
    #[serde(default)]
    repeated: usize,
    /// The classes of tests that are in it.
    #[serde(default)]
    classes: Vec<String>,
}

/// Where the fixtures of a source are.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    S3,
    Scenes,
    September,
    October,
    Older,
}

impl Source {
    /// The answers that tests compare. That they are given is what those tests assert.
    fn counted(&self) -> usize {
        match self.kind {
            Kind::S3 => s3(&self.classes),
            Kind::Scenes => scenes::exercised(),
            Kind::September => probes::exercised().0,
            Kind::October => probes::exercised().1,
            Kind::Older => 0,
        }
    }

    fn untouched(&self) -> usize {
        let touched = self.exercised + self.waiting + self.not_rebuilt + self.superseded + self.repeated;
        self.all.checked_sub(touched).unwrap_or_else(|| panic!("{}: more than all", self.name))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} of {} exercised", self.name, self.exercised, self.all)?;
        let rest = [
            (self.waiting, "waiting"),
            (self.not_rebuilt, "cannot be rebuilt"),
            (self.superseded, "superseded"),
            (self.repeated, "repeated by newer ones"),
            (self.untouched(), "not rebuilt yet"),
        ];
        rest.iter().filter(|(count, _)| *count > 0).try_for_each(|(count, what)| write!(f, ", {count} {what}"))
    }
}

/// The answers of tests of these classes that `tests/s3/recorded.rs` compares.
fn s3(classes: &[String]) -> usize {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/s3/recorded");
    let files = std::fs::read_dir(directory).expect("the recordings").map(|file| file.expect("a file").path());
    let files = files.filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    let tests = files.flat_map(|path| {
        let json: Json = serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON");
        json["tests"].as_array().cloned().expect("tests")
    });
    let of_class = |test: &Json| {
        let class = test["name"].as_str().and_then(|name| name.split("::").next());
        classes.iter().any(|known| Some(known.as_str()) == class)
    };
    let compared = |step: &&Json| !step["answer"].is_null() && step["differs"].is_null();
    tests.filter(of_class).map(|test| test["steps"].as_array().expect("steps").iter().filter(compared).count()).sum()
}

#[test]
fn as_many_recorded_answers_are_exercised_as_ever() {
    let ledger: Ledger = toml::from_str(include_str!("../../fixtures/recorded.toml")).expect("recorded.toml");
    for source in &ledger.source {
        println!("{source}");
    }
    let all: usize = ledger.source.iter().map(|source| source.all).sum();
    let exercised: usize = ledger.source.iter().map(Source::counted).sum();
    println!("{exercised} of {all} recorded answers exercised");
    for source in &ledger.source {
        let (name, floor) = (&source.name, source.exercised);
        assert_eq!(source.counted(), floor, "{name}: fewer than ever, or more: then say so in fixtures/recorded.toml");
    }
    assert_eq!(all, ALL, "what was recorded does not become less");
    let readme = include_str!("../../README.md").split_whitespace().collect::<Vec<_>>().join(" ");
    for (at, _) in readme.match_indices(CLAIM) {
        let claim: String = readme[at + CLAIM.len()..].split_whitespace().take(3).collect::<Vec<_>>().join(" ");
        if claim.contains("recorded") {
            assert_eq!(
                claim.replace(',', ""),
                format!("{exercised} recorded AWS"),
                "the README claims what is measured"
            );
        }
    }
}
