//! Values as their source spells them, and how each type reads them.

use std::path::PathBuf;
use std::str::FromStr;

use super::allowed::Prefix;
use super::offered::Offered;
use super::setting::shown_value;
use super::target::TargetName;
use super::value::{Backend, Listen, Mode, StoreName};

/// A value before its type is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Raw {
    /// Text, from anywhere: the environment and flags have nothing else.
    Text(String),
    /// A TOML boolean.
    Bool(bool),
    /// A TOML integer.
    Int(i64),
    /// A TOML array of strings.
    List(Vec<String>),
}

impl Raw {
    /// What to call it in a message.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "a number",
            Self::List(_) => "a list",
        }
    }
}

/// Reads a value of one type; the error says what was expected.
pub(super) trait FromRaw: Sized {
    fn from_raw(raw: &Raw) -> Result<Self, String>;
}

fn text<T: FromStr<Err = String>>(raw: &Raw) -> Result<T, String> {
    String::from_raw(raw)?.parse()
}

impl FromRaw for String {
    fn from_raw(raw: &Raw) -> Result<Self, String> {
        match raw {
            Raw::Text(text) if text.trim().is_empty() => Err("is empty".to_owned()),
            Raw::Text(text) => Ok(text.clone()),
            other => Err(format!("must be text, not {}", other.kind())),
        }
    }
}

impl FromRaw for bool {
    fn from_raw(raw: &Raw) -> Result<Self, String> {
        match raw {
            Raw::Bool(value) => Ok(*value),
            Raw::Text(text) => match text.as_str() {
                "true" | "1" | "yes" | "on" => Ok(true),
                "false" | "0" | "no" | "off" => Ok(false),
                other => Err(format!("`{}` is neither true nor false", shown_value(other))),
            },
            other => Err(format!("must be true or false, not {}", other.kind())),
        }
    }
}

impl FromRaw for u64 {
    fn from_raw(raw: &Raw) -> Result<Self, String> {
        match raw {
            Raw::Int(value) => Self::try_from(*value).map_err(|_| format!("`{value}` must not be negative")),
            Raw::Text(text) => text.parse().map_err(|_| format!("`{}` is not a whole number", shown_value(text))),
            other => Err(format!("must be a whole number, not {}", other.kind())),
        }
    }
}

impl FromRaw for Vec<String> {
    /// A list, or text with commas.
    fn from_raw(raw: &Raw) -> Result<Self, String> {
        match raw {
            Raw::List(values) => Ok(values.clone()),
            Raw::Text(text) => {
                Ok(text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect())
            }
            other => Err(format!("must be a list, not {}", other.kind())),
        }
    }
}

impl FromRaw for Vec<Prefix> {
    fn from_raw(raw: &Raw) -> Result<Self, String> {
        Vec::<String>::from_raw(raw)?.iter().map(|text| text.parse()).collect()
    }
}

impl FromRaw for TargetName {
    fn from_raw(raw: &Raw) -> Result<Self, String> {
        text(raw)
    }
}

impl FromRaw for Offered {
    fn from_raw(raw: &Raw) -> Result<Self, String> {
        Vec::<String>::from_raw(raw)?.join(",").parse()
    }
}

impl FromRaw for PathBuf {
    fn from_raw(raw: &Raw) -> Result<Self, String> {
        String::from_raw(raw).map(Self::from)
    }
}

impl FromRaw for Vec<PathBuf> {
    /// A list, or text separated as `PATH` is.
    fn from_raw(raw: &Raw) -> Result<Self, String> {
        match raw {
            Raw::List(values) => Ok(values.iter().map(PathBuf::from).collect()),
            Raw::Text(text) => Ok(std::env::split_paths(text).filter(|path| !path.as_os_str().is_empty()).collect()),
            other => Err(format!("must be a list of directories, not {}", other.kind())),
        }
    }
}

/// An absolute `http` or `https` URL.
#[derive(Debug, Clone)]
pub(super) struct HttpUrl(pub(super) String);

impl FromRaw for HttpUrl {
    fn from_raw(raw: &Raw) -> Result<Self, String> {
        let text = String::from_raw(raw)?;
        let fits = text.parse::<http::Uri>().is_ok_and(|uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
                && uri.query().is_none()
        });
        if fits {
            Ok(Self(text))
        } else {
            // The text is not repeated: it may hold a password.
            Err("is not an endpoint: use http://HOST:PORT or https://HOST, without user or query".to_owned())
        }
    }
}

/// A region's name.
#[derive(Debug, Clone)]
pub(super) struct RegionName(pub(super) String);

impl FromRaw for RegionName {
    fn from_raw(raw: &Raw) -> Result<Self, String> {
        let text = String::from_raw(raw)?;
        if is_region(&text) {
            Ok(Self(text))
        } else {
            Err(format!("`{}` is not a region: use a name such as us-east-1", shown_value(&text)))
        }
    }
}

/// Whether `name` can be a region's: a label of a host name and not all digits, as botocore has it
/// (`validate_region_name`). It becomes part of the host that signed requests go to, so nothing else may stand in it.
pub(crate) fn is_region(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !name.bytes().all(|b| b.is_ascii_digit())
}

impl FromRaw for Backend {
    fn from_raw(raw: &Raw) -> Result<Self, String> {
        text(raw)
    }
}

impl FromRaw for Mode {
    fn from_raw(raw: &Raw) -> Result<Self, String> {
        text(raw)
    }
}

impl FromRaw for StoreName {
    fn from_raw(raw: &Raw) -> Result<Self, String> {
        text(raw)
    }
}

impl FromRaw for Listen {
    /// Text, or a bare port as a number.
    fn from_raw(raw: &Raw) -> Result<Self, String> {
        match raw {
            Raw::Int(port) => port.to_string().parse(),
            other => text(other),
        }
    }
}
