//! What a run compared, engine by engine, and every kind of difference that it met.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Value as Json, json};

use crate::call::{Call, Service};
use crate::judge::{self, Answers, Difference};
use crate::reference::Opinion;

/// Counts of one run.
#[derive(Debug, Default)]
pub struct Report {
    engines: BTreeMap<String, Count>,
    /// Kinds of differences with each engine: how often, and the first of them.
    kinds: BTreeMap<String, (usize, String)>,
}

#[derive(Debug, Default)]
struct Count {
    compared: usize,
    same: usize,
    broken: usize,
}

impl Report {
    pub fn new(engines: &BTreeSet<String>) -> Self {
        Self { engines: engines.iter().map(|name| (name.clone(), Count::default())).collect(), ..Self::default() }
    }

    /// Adds a history: of each engine, the calls up to the first after which it may hold other data.
    pub fn add(&mut self, history: &[Call], answers: &[Answers]) {
        let (ours, engines) = answers.split_first().expect("footbridge's answers");
        for engine in engines {
            let count = self.engines.entry(engine.reference.clone()).or_default();
            for (at, theirs) in engine.opinions.iter().enumerate() {
                if let Opinion::Broken(why) = theirs {
                    count.broken += 1;
                    let kind = format!("{}: {} no answer", engine.reference, history[at].operation);
                    self.kinds.entry(kind).or_insert_with(|| (0, format!("call {}: {why}\n", at + 1))).0 += 1;
                    if judge::parted(&history[at], &ours.opinions[at], theirs) {
                        break;
                    }
                    continue;
                }
                count.compared += 1;
                let differences = judge::at(history, ours, engine, at);
                count.same += usize::from(differences.is_empty());
                for difference in &differences {
                    let kind = format!("{}: {}", engine.reference, difference.signature());
                    self.kinds.entry(kind).or_insert_with(|| (0, difference.to_string())).0 += 1;
                }
                if judge::parted(&history[at], &ours.opinions[at], theirs) {
                    break;
                }
            }
        }
    }

    /// Writes all kinds of differences where `FOOTBRIDGE_PARITY_REPORT` says, the most frequent first; and beside them those in
    /// which footbridge stands alone, in the form of `accepted.toml`, for whoever finds a reason and a source.
    pub fn write<'f>(&self, service: Service, alone: impl Iterator<Item = (&'f Difference, &'f [Call])>) {
        let Ok(path) = std::env::var("FOOTBRIDGE_PARITY_REPORT") else { return };
        let mut kinds: Vec<_> = self.kinds.iter().collect();
        kinds.sort_by_key(|(_, (times, _))| std::cmp::Reverse(*times));
        let text: String =
            kinds.iter().map(|(kind, (times, first))| format!("{times} times, {kind}\n{first}\n")).collect();
        let name = json!(service).as_str().unwrap_or_default().to_owned();
        std::fs::write(format!("{path}.{name}"), text).unwrap();
        let entry = |(difference, history): (&Difference, &[Call])| {
            let needs: Vec<&str> = difference.others.iter().map(|(engine, _)| engine.as_str()).collect();
            let said = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let calls: Vec<String> = history.iter().map(|call| json!(call).to_string()).collect();
            format!(
                "[[difference]]\nservice = \"{name}\"\noperations = [\"{}\"]\naspect = \"{}\"\nfootbridge = {}\nmessage = {}\n\
                 needs = {}\nreason = \"\"\nsource = \"\"\nhistory = '''[\n  {}\n]'''\n\n",
                difference.call.operation,
                difference.aspect,
                json!(said(&difference.footbridge)),
                json!(difference.told.clone().unwrap_or_default()),
                json!(needs),
                calls.join(",\n  "),
            )
        };
        std::fs::write(format!("{path}.{name}.toml"), alone.map(entry).collect::<String>()).unwrap();
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, Count { compared, same, broken }) in &self.engines {
            writeln!(out, "{name}: {compared} answers compared, {same} the same in all, {broken} times no answer")?;
        }
        Ok(())
    }
}
