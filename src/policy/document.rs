//! The policy itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// The most characters of a managed policy, white space aside
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>).
pub const LARGEST: usize = 6144;

/// Actions, and the ARNs or patterns that each is allowed on.
pub(super) type Grants = BTreeMap<String, BTreeSet<String>>;

/// One statement, which allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its name, letters and digits, unlike all others.
    pub sid: String,
    /// The actions.
    pub actions: BTreeSet<String>,
    /// The ARNs and patterns.
    pub resources: BTreeSet<String>,
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its statements. IAM takes none without one.
    pub statements: Vec<Statement>,
}

impl Document {
    /// The shortest policy that allows exactly `grants`: actions that share their resources stand together, or
    /// resources that share their actions.
    #[must_use]
    pub(super) fn of(grants: &Grants) -> Self {
        let mut by_resource = Grants::new();
        for (action, resources) in grants {
            for resource in resources {
                by_resource.entry(resource.clone()).or_default().insert(action.clone());
            }
        }
        let by_resource = together(by_resource).into_iter().map(|(actions, resources)| (resources, actions)).collect();
        let by_action = Self::named(together(grants.clone()));
        let by_resource = Self::named(by_resource);
        if by_action.length() < by_resource.length() { by_action } else { by_resource }
    }

    /// Names the statements, each of some resources and actions.
    fn named(groups: Vec<(BTreeSet<String>, BTreeSet<String>)>) -> Self {
        let mut groups: Vec<_> =
            groups.into_iter().map(|(resources, actions)| (label(&resources), actions, resources)).collect();
        groups.sort();
        let mut used = BTreeMap::<String, usize>::new();
        let statements = groups.into_iter().map(|(label, actions, resources)| {
            let count = used.entry(label.clone()).or_default();
            *count += 1;
            let sid = if *count == 1 { label } else { format!("{label}{count}") };
            Statement { sid, actions, resources }
        });
        Self { statements: statements.collect() }
    }

    /// The policy as IAM takes it.
    #[must_use]
    pub fn json(&self) -> Value {
        let one_or_more = |texts: &BTreeSet<String>| match texts.first() {
            Some(only) if texts.len() == 1 => json!(only),
            _ => json!(texts),
        };
        let statements = self.statements.iter().map(|statement| {
            json!({
                "Sid": statement.sid,
                "Effect": "Allow",
                "Action": one_or_more(&statement.actions),
                "Resource": one_or_more(&statement.resources),
            })
        });
        json!({"Version": "2012-10-17", "Statement": statements.collect::<Vec<_>>()})
    }

    /// Its characters, as IAM counts them: without white space.
    #[must_use]
    pub fn length(&self) -> usize {
        self.json().to_string().chars().filter(|c| !c.is_whitespace()).count()
    }
}

/// The keys of equal values together.
fn together(map: Grants) -> Vec<(BTreeSet<String>, BTreeSet<String>)> {
    let mut groups = BTreeMap::<BTreeSet<String>, BTreeSet<String>>::new();
    for (key, values) in map {
        groups.entry(values).or_default().insert(key);
    }
    groups.into_iter().collect()
}

/// What a statement on these resources is called, numbers aside.
fn label(resources: &BTreeSet<String>) -> String {
    let mut kinds = BTreeSet::new();
    let mut names = BTreeSet::new();
    for resource in resources {
        let (kind, name) = match (resource.split_once(":::"), resource.split_once(":table/")) {
            (Some((_, path)), _) => match path.split_once('/') {
                Some((bucket, _)) => ("Objects", bucket),
                None => ("Bucket", path),
            },
            (None, Some((_, path))) => match path.split_once('/') {
                Some((table, below)) if below.starts_with("index/") => ("Index", table),
                Some((table, _)) => ("Stream", table),
                None => ("Table", path),
            },
            (None, None) => ("Account", ""),
        };
        kinds.insert(kind);
        names.insert(name);
    }
    let mut label: String = kinds.into_iter().collect();
    if names.len() == 1 {
        for word in names.into_iter().flat_map(|name| name.split(|c: char| !c.is_ascii_alphanumeric())) {
            let mut letters = word.chars();
            label.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            label.push_str(letters.as_str());
        }
    } else if !label.ends_with('s') {
        label.push('s');
    }
    label
}
