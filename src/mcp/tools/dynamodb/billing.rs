//! How a table is paid for, as `dynamodb_create_table` and `dynamodb_update_table` take it.

use std::borrow::Cow;

use aws_sdk_dynamodb::types::{BillingMode, ProvisionedThroughput};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::design::wrong;
use crate::mcp::error::ToolError;

/// Read and write units a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Units {
    read: i64,
    write: i64,
}

impl Units {
    /// Both or neither.
    pub(super) fn of(read: Option<i64>, write: Option<i64>) -> Result<Option<Self>, ToolError> {
        match (read, write) {
            (None, None) => Ok(None),
            (Some(read), Some(write)) => Ok(Some(Self { read, write })),
            _ => Err(ToolError::arguments("read and write go together")),
        }
    }

    pub(super) fn throughput(self) -> Result<ProvisionedThroughput, ToolError> {
        let units = ProvisionedThroughput::builder().read_capacity_units(self.read).write_capacity_units(self.write);
        units.build().map_err(wrong)
    }
}

/// The parameter `billing`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Billing {
    OnDemand,
    /// With the units beside it.
    Provisioned,
    /// As `dynamodb_describe_table` tells it.
    Units(Units),
}

impl<'de> Deserialize<'de> for Billing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        match value.as_str().map(str::to_ascii_lowercase).as_deref() {
            Some("on_demand" | "pay_per_request") => return Ok(Self::OnDemand),
            Some("provisioned") => return Ok(Self::Provisioned),
            _ => {}
        }
        let units = value.is_object().then(|| Units::deserialize(&value).ok()).flatten();
        units.map(Self::Units).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "{value} is neither \"on_demand\" nor \"provisioned\" (with read and write beside it)"
            ))
        })
    }
}

impl schemars::JsonSchema for Billing {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Billing".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "enum": ["on_demand", "provisioned"] })
    }
}

/// What a table is to be paid by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    OnDemand,
    Provisioned(Units),
}

impl Plan {
    /// Reads `billing` with the units beside it; neither is no change.
    pub(super) fn of(billing: Option<Billing>, units: Option<Units>) -> Result<Option<Self>, ToolError> {
        match (billing, units) {
            (None, None) => Ok(None),
            (Some(Billing::OnDemand), None) => Ok(Some(Self::OnDemand)),
            (Some(Billing::Units(units)), None) | (None | Some(Billing::Provisioned), Some(units)) => {
                Ok(Some(Self::Provisioned(units)))
            }
            (Some(Billing::Provisioned), None) => {
                Err(ToolError::arguments("billing: provisioned wants read and write, its units"))
            }
            (Some(Billing::OnDemand), Some(_)) => {
                Err(ToolError::arguments("read and write are units of billing: provisioned; on_demand has none"))
            }
            (Some(Billing::Units(_)), Some(_)) => {
                Err(ToolError::arguments("billing has units already: leave read and write out"))
            }
        }
    }

    pub(super) fn units(self) -> Option<Units> {
        match self {
            Self::OnDemand => None,
            Self::Provisioned(units) => Some(units),
        }
    }

    pub(super) fn mode(self) -> BillingMode {
        match self {
            Self::OnDemand => BillingMode::PayPerRequest,
            Self::Provisioned(_) => BillingMode::Provisioned,
        }
    }
}
