//! The policy of a form: until when it holds, and what it lets the fields say.
//!
//! Source: AWS's "Creating a POST policy"; wordings recorded 2026-02, where they were.

use std::ops::RangeInclusive;
use std::time::SystemTime;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::fields::Fields;
use crate::emulator::error::AwsError;
use crate::emulator::s3::ingest::LARGEST;

/// Fields that no condition has to name.
const FREE: [&str; 6] = ["x-amz-signature", "awsaccesskeyid", "signature", "policy", "file", "bucket"];

/// A policy, read.
#[derive(Debug)]
pub(in crate::emulator::s3) struct Policy {
    expiration: DateTime,
    conditions: Vec<Condition>,
}

/// One condition, as AWS prints it when it fails.
#[derive(Debug, Clone)]
struct Condition {
    operator: Operator,
    elements: [String; 3],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    StartsWith,
    LengthRange,
}

impl Policy {
    /// Reads the field `policy`: JSON in base64.
    pub(in crate::emulator::s3) fn read(encoded: &str) -> Result<Self, AwsError> {
        let bare: String = encoded.split_ascii_whitespace().collect();
        let json = STANDARD.decode(bare).ok().and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let Some(Value::Object(policy)) = json else { return Err(invalid("Invalid JSON.")) };
        let Some(expiration) = policy.get("expiration") else { return Err(invalid("Policy missing expiration.")) };
        let expiration = expiration.as_str().unwrap_or_default();
        let Ok(expiration) = DateTime::from_str(expiration, Format::DateTime) else {
            return Err(invalid(&format!("Invalid 'expiration' value: '{expiration}'")));
        };
        let Some(Value::Array(conditions)) = policy.get("conditions") else {
            return Err(invalid("Policy missing conditions."));
        };
        if let Some(name) = policy.keys().find(|name| !["expiration", "conditions"].contains(&name.as_str())) {
            return Err(invalid(&format!("Unexpected: '{name}'")));
        }
        Ok(Self { expiration, conditions: conditions.iter().map(Condition::read).collect::<Result<_, _>>()? })
    }

    /// Holds the fields of a form for `bucket` against the policy, and gives the sizes that the file may have.
    pub(in crate::emulator::s3) fn check(
        &self,
        fields: &Fields,
        bucket: &str,
        now: SystemTime,
    ) -> Result<RangeInclusive<u64>, AwsError> {
        let now = DateTime::from(now);
        if (self.expiration.secs(), self.expiration.subsec_nanos()) < (now.secs(), now.subsec_nanos()) {
            return Err(denied("Policy expired."));
        }
        let value = |name: &str| if name == "bucket" { Some(bucket) } else { fields.get(name) };
        let mut sizes = 0..=LARGEST;
        for condition in &self.conditions {
            let holds = match condition.range() {
                Some(range) => {
                    sizes = *sizes.start().max(range.start())..=*sizes.end().min(range.end());
                    true
                }
                None => condition.name().is_some_and(|name| value(&name).is_some_and(|value| condition.allows(value))),
            };
            if !holds {
                return Err(denied(&format!("Policy Condition failed: {}", condition.shown())));
            }
        }
        let named: Vec<String> = self.conditions.iter().filter_map(Condition::name).collect();
        let extra: Vec<&str> = fields
            .names()
            .filter(|name| !FREE.contains(name) && !name.starts_with("x-ignore-"))
            .filter(|name| !named.iter().any(|known| known == name))
            .collect();
        if extra.is_empty() { Ok(sizes) } else { Err(denied(&format!("Extra input fields: {}", extra.join(", ")))) }
    }
}

impl Condition {
    fn read(given: &Value) -> Result<Self, AwsError> {
        let text = |value: &Value| match value {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            _ => Err(invalid("Invalid Condition: its elements must be texts or numbers.")),
        };
        match given {
            Value::Object(simple) => {
                let mut properties = simple.iter();
                let (Some((name, value)), None) = (properties.next(), properties.next()) else {
                    return Err(invalid(
                        "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
                    ));
                };
                Ok(Self { operator: Operator::Equal, elements: ["eq".into(), format!("${name}"), text(value)?] })
            }
            Value::Array(elements) => {
                let elements = elements.iter().map(text).collect::<Result<Vec<_>, _>>()?;
                let Ok(elements) = <[String; 3]>::try_from(elements) else {
                    return Err(invalid("Invalid Condition: wrong number of arguments."));
                };
                let operator = match elements[0].to_ascii_lowercase().as_str() {
                    "eq" => Operator::Equal,
                    "starts-with" => Operator::StartsWith,
                    "content-length-range" => Operator::LengthRange,
                    other => return Err(invalid(&format!("Invalid Condition: unknown operation '{other}'."))),
                };
                Ok(Self { operator, elements })
            }
            _ => Err(invalid("Invalid Condition: it must be a list or an object.")),
        }
    }

    /// The field that this is about, in lower case. Without its `$` a name stands for none (recorded 2026-02).
    fn name(&self) -> Option<String> {
        let named = self.operator != Operator::LengthRange;
        self.elements[1].strip_prefix('$').filter(|_| named).map(str::to_ascii_lowercase)
    }

    fn range(&self) -> Option<RangeInclusive<u64>> {
        let [_, least, most] = &self.elements;
        (self.operator == Operator::LengthRange).then_some(())?;
        Some(least.parse().ok()?..=most.parse().ok()?)
    }

    fn allows(&self, value: &str) -> bool {
        let expected = self.elements[2].as_str();
        match self.operator {
            Operator::Equal => value == expected,
            // AWS reads a content type with commas as a list.
            Operator::StartsWith if self.name().as_deref() == Some("content-type") => {
                value.split(',').all(|kind| kind.trim().starts_with(expected))
            }
            Operator::StartsWith => value.starts_with(expected),
            Operator::LengthRange => false,
        }
    }

    fn shown(&self) -> String {
        let elements = self.elements.clone().map(|element| Value::String(element).to_string());
        format!("[{}]", elements.join(", "))
    }
}

fn denied(why: &str) -> AwsError {
    AwsError::new(403, "AccessDenied", format!("Invalid according to Policy: {why}"))
}

fn invalid(why: &str) -> AwsError {
    AwsError::new(400, "InvalidPolicyDocument", format!("Invalid Policy: {why}"))
}
