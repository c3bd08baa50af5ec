//! What a schema file asks for: a CreateTable request, whichever of AWS's forms it is written in.

use std::path::Path;

use serde_json::{Map, Value as Json};

use super::SeedError;

/// What CreateTable takes.
const REQUEST: &[&str] = &[
    "TableName",
    "AttributeDefinitions",
    "KeySchema",
    "BillingMode",
    "ProvisionedThroughput",
    "LocalSecondaryIndexes",
    "GlobalSecondaryIndexes",
    "StreamSpecification",
    "SSESpecification",
    "Tags",
    "TableClass",
    "DeletionProtectionEnabled",
    "WarmThroughput",
    "OnDemandThroughput",
    "ResourcePolicy",
];
/// What a description of a table, or a template, says of how the table is to be; the rest is its state, or asks for what is
/// not here.
const SETTINGS: &[&str] = &[
    "TableName",
    "AttributeDefinitions",
    "KeySchema",
    "BillingMode",
    "ProvisionedThroughput",
    "LocalSecondaryIndexes",
    "GlobalSecondaryIndexes",
    "StreamSpecification",
    "Tags",
    "TableClass",
    "DeletionProtectionEnabled",
    "OnDemandThroughput",
];
/// The same, of an index.
const INDEX_SETTINGS: &[&str] =
    &["IndexName", "KeySchema", "Projection", "ProvisionedThroughput", "OnDemandThroughput"];
/// Members by which a description is known that stands alone.
const STATE: &[&str] = &["TableStatus", "TableArn", "CreationDateTime", "ItemCount"];
/// CloudFormation's name of a table.
const RESOURCE: &str = "AWS::DynamoDB::Table";
/// When items expire, which CreateTable does not take.
const EXPIRY: &str = "TimeToLiveSpecification";

/// A table as its schema file wants it.
#[derive(Debug)]
pub(super) struct Design {
    /// What CreateTable is sent.
    pub(super) request: Map<String, Json>,
    /// The attribute with the second at which an item expires.
    pub(super) expiry: Option<String>,
    /// The members of the file that are not followed.
    pub(super) left_out: Vec<String>,
}

/// How a file is written.
enum Form {
    Request,
    Description,
    Template,
}

/// Reads the schema file of `table`.
pub(super) fn read(path: &Path, table: &str) -> Result<Design, SeedError> {
    let failed = |what: String| SeedError::content(path, what);
    let text = std::fs::read(path).map_err(|error| SeedError::read(path, error))?;
    // Windows puts a byte order mark first.
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    let schema: Json = serde_json::from_slice(text).map_err(|error| failed(error.to_string()))?;
    let Json::Object(members) = schema else { return Err(failed("is no JSON object".to_owned())) };
    let (form, members) = unwrapped(members, table).map_err(failed)?;
    let mut design = Design { request: members, expiry: None, left_out: Vec::new() };
    design.take_expiry();
    match form {
        Form::Request => {
            if let Some(name) = design.request.keys().find(|name| !REQUEST.contains(&name.as_str())) {
                return Err(failed(format!("CreateTable has no member {name}")));
            }
        }
        Form::Description => design.described(),
        Form::Template => {
            design.keep(SETTINGS);
            if let Some(Json::Object(stream)) = design.request.get_mut("StreamSpecification") {
                stream.retain(|name, _| name == "StreamViewType");
                stream.insert("StreamEnabled".to_owned(), true.into());
            }
            design.keep_of_indexes();
            design.request.remove("TableName");
            if let Some((place, asked)) = design.request.iter().find_map(|(name, value)| computed(value, name)) {
                return Err(failed(format!(
                    "{place} is {asked}, which only CloudFormation can work out: write the value"
                )));
            }
        }
    }
    design.request.insert("TableName".to_owned(), table.into());
    // What people mean who say nothing of money.
    if !design.request.contains_key("BillingMode") && !design.request.contains_key("ProvisionedThroughput") {
        design.request.insert("BillingMode".to_owned(), "PAY_PER_REQUEST".into());
    }
    Ok(design)
}

/// The members that say how the table is to be, and the form that they are in.
fn unwrapped(mut file: Map<String, Json>, table: &str) -> Result<(Form, Map<String, Json>), String> {
    for wrapper in ["Table", "TableDescription"] {
        if let Some(Json::Object(described)) = file.get_mut(wrapper) {
            return Ok((Form::Description, std::mem::take(described)));
        }
    }
    for wrapper in ["resources", "Resources"] {
        if let Some(Json::Object(resources)) = file.get_mut(wrapper) {
            // A Serverless file has CloudFormation's `Resources` below its own.
            return match resources.get_mut("Resources") {
                Some(Json::Object(inner)) => resource(std::mem::take(inner), table),
                _ => resource(std::mem::take(resources), table),
            };
        }
    }
    if let Some(Json::Object(properties)) = file.get_mut("Properties") {
        let properties = std::mem::take(properties);
        return match file.get("Type").and_then(Json::as_str) {
            None | Some(RESOURCE) => Ok((Form::Template, properties)),
            Some(other) => Err(format!("is a resource of type {other}, not {RESOURCE}")),
        };
    }
    let form = if STATE.iter().any(|name| file.contains_key(*name)) { Form::Description } else { Form::Request };
    Ok((form, file))
}

/// The table of a template that is meant: the only one, or the one of that name.
fn resource(resources: Map<String, Json>, table: &str) -> Result<(Form, Map<String, Json>), String> {
    let tables: Vec<_> = resources.into_iter().filter(|(_, resource)| resource["Type"] == RESOURCE).collect();
    let is_meant = |(id, resource): &&(String, Json)| id == table || resource["Properties"]["TableName"] == table;
    let found = match tables.as_slice() {
        [only] => Some(only),
        several => several.iter().find(is_meant),
    };
    match found.map(|(_, resource)| &resource["Properties"]) {
        Some(Json::Object(properties)) => Ok((Form::Template, properties.clone())),
        _ if tables.is_empty() => Err(format!("has no resource of type {RESOURCE}")),
        _ => {
            let names: Vec<_> = tables.iter().map(|(id, _)| id.as_str()).collect();
            Err(format!("has several tables ({}), none of the name {table}", names.join(", ")))
        }
    }
}

/// The first value that a template leaves to CloudFormation, with its place.
fn computed(value: &Json, place: &str) -> Option<(String, String)> {
    match value {
        Json::Object(members) => {
            let asks = members.keys().find(|name| *name == "Ref" || name.starts_with("Fn::"));
            match asks {
                Some(asks) if members.len() == 1 => Some((place.to_owned(), format!("{{\"{asks}\": …}}"))),
                _ => members.iter().find_map(|(name, value)| computed(value, &format!("{place}.{name}"))),
            }
        }
        Json::Array(values) => {
            values.iter().enumerate().find_map(|(index, value)| computed(value, &format!("{place}[{index}]")))
        }
        _ => None,
    }
}

impl Design {
    fn take_expiry(&mut self) {
        let Some(asked) = self.request.remove(EXPIRY) else { return };
        if asked["Enabled"] != false
            && let Some(name) = asked["AttributeName"].as_str().filter(|name| !name.is_empty())
        {
            self.expiry = Some(name.to_owned());
        }
    }

    /// Keeps these members of the table, and notes the others.
    fn keep(&mut self, settings: &[&str]) {
        let left_out = &mut self.left_out;
        self.request.retain(|name, _| {
            let kept = settings.contains(&name.as_str());
            if !kept {
                left_out.push(name.clone());
            }
            kept
        });
    }

    fn keep_of_indexes(&mut self) {
        for list in ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"] {
            for index in self.request.get_mut(list).and_then(Json::as_array_mut).into_iter().flatten() {
                let Some(index) = index.as_object_mut() else { continue };
                index.retain(|name, _| INDEX_SETTINGS.contains(&name.as_str()));
                if list == "LocalSecondaryIndexes" {
                    index.remove("ProvisionedThroughput");
                }
            }
        }
    }

    /// Makes the request for a table like the one described.
    fn described(&mut self) {
        let billing = self.request.remove("BillingModeSummary").map(|mode| mode["BillingMode"].clone());
        let class = self.request.remove("TableClassSummary").map(|class| class["TableClass"].clone());
        let units = |throughput: &Json| throughput["ReadCapacityUnits"].as_u64();
        let on_demand = match &billing {
            Some(mode) => mode == "PAY_PER_REQUEST",
            None => self.request.get("ProvisionedThroughput").is_some_and(|throughput| units(throughput) == Some(0)),
        };
        self.keep(SETTINGS);
        self.keep_of_indexes();
        if on_demand {
            self.request.insert("BillingMode".to_owned(), "PAY_PER_REQUEST".into());
        }
        if let Some(class) = class {
            self.request.insert("TableClass".to_owned(), class);
        }
        let throughput = |of: &mut Map<String, Json>| match of.get_mut("ProvisionedThroughput") {
            Some(Json::Object(units)) if !on_demand => {
                units.retain(|name, _| matches!(name.as_str(), "ReadCapacityUnits" | "WriteCapacityUnits"));
            }
            _ => drop(of.remove("ProvisionedThroughput")),
        };
        throughput(&mut self.request);
        let indexes = self.request.get_mut("GlobalSecondaryIndexes").and_then(Json::as_array_mut);
        indexes.into_iter().flatten().filter_map(Json::as_object_mut).for_each(throughput);
    }
}
