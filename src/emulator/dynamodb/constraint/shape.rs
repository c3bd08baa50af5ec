//! The declarations: shapes of requests and what their members must satisfy.

use super::recorded;

/// The shape of a value in a request.
#[derive(Debug)]
pub enum Shape {
    /// An attribute value; its own rules are those of [`super::super::value`].
    AttributeValue,
    /// Base64 text.
    Blob,
    /// `true` or `false`.
    Boolean,
    /// Seconds since the Unix epoch.
    Timestamp,
    /// A floating-point number.
    Double,
    /// A 32-bit integer.
    Integer(Range),
    /// A 64-bit integer.
    Long(Range),
    /// Text.
    String(Text),
    /// A list.
    List(Elements),
    /// A map from text.
    Map(Entries),
    /// Named members.
    Structure(Structure),
}

/// Bounds of a number, both inclusive.
#[derive(Debug)]
pub struct Range {
    /// The least value.
    pub min: Option<i64>,
    /// The greatest value.
    pub max: Option<i64>,
}

/// What text must satisfy; lengths are in UTF-16 units, as Java counts.
#[derive(Debug)]
pub struct Text {
    /// The least length.
    pub min: Option<u32>,
    /// The greatest length.
    pub max: Option<u32>,
    /// The regular expression that the whole text must match.
    pub pattern: Option<&'static str>,
    /// The values that are allowed, in the order in which AWS prints them. Empty: any.
    pub values: &'static [&'static str],
    /// Whether an ARN may stand in its place.
    pub arn: bool,
}

/// What a list must satisfy.
#[derive(Debug)]
pub struct Elements {
    /// The least number of elements.
    pub min: Option<u32>,
    /// The greatest number of elements.
    pub max: Option<u32>,
    /// What each element is.
    pub element: &'static Shape,
}

/// What a map must satisfy.
#[derive(Debug)]
pub struct Entries {
    /// The least number of entries.
    pub min: Option<u32>,
    /// The greatest number of entries.
    pub max: Option<u32>,
    /// What each key is: text.
    pub key: &'static Shape,
    /// What each value is.
    pub value: &'static Shape,
}

/// A structure and its members, in the model's order.
#[derive(Debug)]
pub struct Structure {
    /// AWS's name of the shape.
    pub name: &'static str,
    /// Its members.
    pub members: &'static [Member],
}

/// A member of a structure.
#[derive(Debug)]
pub struct Member {
    /// AWS's name of the member, as it stands in the request.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What it is.
    pub shape: &'static Shape,
}

/// One thing that a value must satisfy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// It must be there.
    NotNull,
    /// Text, list or map: the least length.
    MinLength(u32),
    /// Text, list or map: the greatest length.
    MaxLength(u32),
    /// A number: the least value.
    MinValue(i64),
    /// A number: the greatest value.
    MaxValue(i64),
    /// Text: the whole of it must match.
    Pattern(&'static str),
    /// Text: one of these.
    Enum(&'static [&'static str]),
}

impl std::fmt::Display for Constraint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotNull => f.write_str("Member must not be null"),
            Self::MinLength(min) => write!(f, "Member must have length greater than or equal to {min}"),
            Self::MaxLength(max) => write!(f, "Member must have length less than or equal to {max}"),
            Self::MinValue(min) => write!(f, "Member must have value greater than or equal to {min}"),
            Self::MaxValue(max) => write!(f, "Member must have value less than or equal to {max}"),
            Self::Pattern(pattern) => write!(f, "Member must satisfy regular expression pattern: {pattern}"),
            Self::Enum(values) => {
                write!(f, "Member must satisfy enum value set: [{}]", recorded::listed(values).join(", "))
            }
        }
    }
}

impl Shape {
    /// What the shape itself demands, not what its members do. In the order in which AWS lists them where it lists
    /// several: greatest length, least length, pattern (recorded for BatchWriteItem's `RequestItems`).
    #[must_use]
    pub fn constraints(&self) -> Vec<Constraint> {
        let lengths = |max: Option<u32>, min: Option<u32>| {
            max.map(Constraint::MaxLength).into_iter().chain(min.map(Constraint::MinLength))
        };
        match self {
            Self::Integer(range) | Self::Long(range) => {
                range.max.map(Constraint::MaxValue).into_iter().chain(range.min.map(Constraint::MinValue)).collect()
            }
            Self::String(text) => lengths(text.max, text.min)
                .chain(text.pattern.map(Constraint::Pattern))
                .chain((!text.values.is_empty()).then_some(Constraint::Enum(text.values)))
                .collect(),
            Self::List(list) => lengths(list.max, list.min).collect(),
            Self::Map(map) => lengths(map.max, map.min).collect(),
            Self::AttributeValue | Self::Blob | Self::Boolean | Self::Timestamp | Self::Double | Self::Structure(_) => {
                Vec::new()
            }
        }
    }
}
