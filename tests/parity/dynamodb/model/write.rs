//! PutItem, UpdateItem, DeleteItem, and the same as parts of batches and transactions.

use serde_json::{Value as Json, json};

use super::capacity::Costs;
use super::evaluate::{Fault, check, holds, project};
use super::parse::{Action, Bindings, Condition, Operand, Path, Source, Step};
use super::table::Table;
use super::update;
use super::value::{Item, items};

/// A write as a request asks for it, found to be right as far as that goes without an item.
#[derive(Debug, Clone)]
pub struct Write {
    pub what: What,
    pub condition: Option<Condition>,
    /// Whether an item that does not meet the condition is shown.
    pub shows_old: bool,
}

#[derive(Debug, Clone)]
pub enum What {
    Put(Item),
    Update(Item, Vec<Action>),
    Delete(Item),
    Check(Item),
}

impl Write {
    /// A write of an `Item` or on a `Key`.
    pub fn read(kind: &str, input: &Json) -> Result<Self, Fault> {
        let of = |member: &str| input[member].as_object().and_then(items).ok_or(Fault::Refused);
        let mut bindings = Bindings::of(input)?;
        let what = match kind {
            "Put" => What::Put(of("Item")?),
            "Delete" => What::Delete(of("Key")?),
            "ConditionCheck" => What::Check(of("Key")?),
            _ => {
                let actions = input.get("UpdateExpression").and_then(Json::as_str);
                let actions = actions.map(|text| bindings.update(text)).transpose()?.unwrap_or_default();
                What::Update(of("Key")?, actions)
            }
        };
        let condition = input.get("ConditionExpression").and_then(Json::as_str);
        let condition = condition.map(|text| bindings.condition(text)).transpose()?;
        bindings.all_used()?;
        if let What::Update(_, actions) = &what {
            update::check(actions)?;
        }
        condition.iter().try_for_each(check)?;
        if kind == "ConditionCheck" && condition.is_none() {
            return Err(Fault::Refused);
        }
        Ok(Self { what, condition, shows_old: input["ReturnValuesOnConditionCheckFailure"] == "ALL_OLD" })
    }

    pub fn item(&self) -> &Item {
        match &self.what {
            What::Put(item) | What::Update(item, _) | What::Delete(item) | What::Check(item) => item,
        }
    }

    /// What is wrong with it on this table.
    pub fn check(&self, table: &Table) -> Result<(), Fault> {
        match &self.what {
            What::Put(item) => table.check_item(item),
            What::Update(key, actions) => {
                let keyed =
                    actions.iter().any(|action| matches!(&action.path()[0], Step::Name(name) if table.keys.has(name)));
                if keyed { Err(Fault::Refused) } else { table.check_key(key) }
            }
            What::Delete(key) | What::Check(key) => table.check_key(key),
        }
    }

    /// The attributes that its update gives a value of the request, and the values.
    pub fn sets(&self) -> impl Iterator<Item = (&str, &Json)> {
        let actions = if let What::Update(_, actions) = &self.what { actions.as_slice() } else { &[] };
        actions.iter().filter_map(|action| match action {
            Action::Set(path, Source::Operand(Operand::Value(value))) => match path.as_slice() {
                [Step::Name(name)] => Some((name.as_str(), value)),
                _ => None,
            },
            _ => None,
        })
    }

    /// Whether its update makes the key of an index empty that was not.
    pub fn empties(&self, table: &Table) -> bool {
        let What::Update(key, actions) = &self.what else { return false };
        let old = table.find(key).unwrap_or(key);
        let emptied = |(name, value): (&String, &Json)| old.get(name) != Some(value) && table.is_emptied(name, value);
        update::apply(actions, old).is_ok_and(|new| new.iter().any(emptied))
    }

    /// Whether its condition is met.
    pub fn is_met(&self, table: &Table) -> bool {
        let old = table.find(self.item()).cloned().unwrap_or_default();
        self.condition.as_ref().is_none_or(|condition| holds(condition, &old))
    }

    /// The item that it leaves; none where there is none after it.
    pub fn outcome(&self, table: &Table) -> Result<Option<Item>, Fault> {
        match &self.what {
            What::Put(item) => Ok(Some(item.clone())),
            What::Delete(_) => Ok(None),
            What::Check(key) => Ok(table.find(key).cloned()),
            What::Update(key, actions) => {
                let new = update::apply(actions, table.find(key).unwrap_or(key))?;
                table.check_item(&new)?;
                Ok(Some(new))
            }
        }
    }

    fn touched(&self) -> Vec<Path> {
        match &self.what {
            What::Update(_, actions) => actions.iter().map(|action| action.path().clone()).collect(),
            _ => Vec::new(),
        }
    }
}

/// A write alone, found to be right as far as that goes without a table, and what it is to return.
pub fn asked<'i>(kind: &str, input: &'i Json) -> Result<(Write, &'i str), Fault> {
    let write = Write::read(kind, input)?;
    let returns = input.get("ReturnValues").and_then(Json::as_str).unwrap_or("NONE");
    let allowed: &[&str] = match kind {
        "Update" => &["NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"],
        _ => &["NONE", "ALL_OLD"],
    };
    if allowed.contains(&returns) { Ok((write, returns)) } else { Err(Fault::Refused) }
}

/// What a write alone answers: its output, and whether that is all of it.
pub fn single(kind: &str, table: &mut Table, input: &Json) -> Result<(Json, bool), Failed> {
    let (write, returns) = asked(kind, input)?;
    write.check(table)?;
    let old = table.find(write.item()).cloned();
    if !write.is_met(table) {
        return Err(Failed::Condition(old.filter(|_| write.shows_old)));
    }
    let new = write.outcome(table)?;
    let mut costs = Costs::default();
    costs.add(input["TableName"].as_str().unwrap_or_default(), table.replace(write.item(), new.clone()));
    let touched = write.touched();
    let some = |item: Option<Item>| item.filter(|item| !item.is_empty());
    let attributes = match returns {
        "ALL_OLD" => old,
        "ALL_NEW" => new,
        "UPDATED_OLD" => some(old.map(|old| project(&old, &touched))),
        "UPDATED_NEW" => some(new.map(|new| project(&new, &touched))),
        _ => None,
    };
    let mut output = json!({});
    // How elements of lists are numbered in what was updated is not modelled.
    let named = |path: &Path| path.iter().all(|step| matches!(step, Step::Name(_)));
    let plain = touched.iter().all(named) || !returns.starts_with("UPDATED");
    if let Some(attributes) = attributes.filter(|_| plain) {
        output["Attributes"] = json!(attributes);
    }
    costs.tell(input, "Write", false, &mut output);
    if input["ReturnItemCollectionMetrics"] == "SIZE" && table.indexes.iter().any(|index| index.local) {
        let (hash, _) = &table.keys.hash[0];
        output["ItemCollectionMetrics"] =
            json!({"ItemCollectionKey": {hash: write.item()[hash]}, "SizeEstimateRangeGB": [0.0, 1.0]});
    }
    Ok((output, plain))
}

/// Why a single write is not done.
#[derive(Debug, Clone)]
pub enum Failed {
    Fault(Fault),
    /// Its condition is not met; the item that is there, where it is asked for.
    Condition(Option<Item>),
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<super::parse::Wrong> for Failed {
    fn from(_: super::parse::Wrong) -> Self {
        Self::Fault(Fault::Refused)
    }
}
