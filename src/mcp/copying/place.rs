//! What is copied or compared, and where: `dev:dynamodb://orders`, `s3://bucket/prefix`.

use std::fmt;
use std::str::FromStr;

/// A table, or the objects below a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Data {
    /// The items of a table.
    Table(String),
    /// The objects of a bucket whose keys begin so.
    Objects { bucket: String, prefix: String },
}

/// Data of a target; of the default one where none is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) target: Option<String>,
    pub(crate) data: Data,
}

impl Data {
    /// The resource, as authorizers know it.
    pub(crate) fn resource(&self) -> String {
        match self {
            Self::Table(table) => format!("dynamodb://{table}"),
            Self::Objects { bucket, prefix } => format!("s3://{bucket}/{prefix}*"),
        }
    }
}

impl FromStr for Data {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(table) = text.strip_prefix("dynamodb://").filter(|table| !table.is_empty() && !table.contains('/'))
        {
            return Ok(Self::Table(table.to_owned()));
        }
        let place = text.strip_prefix("s3://").map(|place| place.split_once('/').unwrap_or((place, "")));
        match place.filter(|(bucket, _)| !bucket.is_empty()) {
            Some((bucket, prefix)) => Ok(Self::Objects { bucket: bucket.to_owned(), prefix: prefix.to_owned() }),
            None => Err(format!("want dynamodb://table or s3://bucket/prefix, have {text:?}")),
        }
    }
}

impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(table) => write!(f, "dynamodb://{table}"),
            Self::Objects { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some((target, rest)) if !rest.starts_with("//") && rest.contains("://") => {
                Ok(Self { target: Some(target.to_owned()), data: rest.parse()? })
            }
            _ => Ok(Self { target: None, data: text.parse()? }),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target {
            Some(target) => write!(f, "{target}:{}", self.data),
            None => write!(f, "{}", self.data),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_target_and_data() {
        let place: Place = "dev:dynamodb://orders".parse().unwrap();
        assert_eq!((place.target.as_deref(), place.data.resource().as_str()), (Some("dev"), "dynamodb://orders"));
        let place: Place = "s3://b/a:b/c".parse().unwrap();
        assert_eq!((place.target, place.data.to_string().as_str()), (None, "s3://b/a:b/c"));
        for wrong in ["", "orders", "dynamodb://", "dynamodb://a/b", "dev:orders", "s3://", "before.ndjson", "C:\\a"] {
            assert!(wrong.parse::<Place>().is_err(), "{wrong}");
        }
        for text in ["dev:dynamodb://orders", "s3://bucket/", "prod:s3://bucket/a/b"] {
            assert_eq!(text.parse::<Place>().unwrap().to_string(), text);
        }
    }
}
