//! DynamoDB's number: up to 38 significant digits, magnitude 1E-130 to 9.99…E+125.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A DynamoDB number: `coefficient × 10^exponent`, normalised (no trailing zeros in the coefficient, zero is 0×10^0), so
/// that equality of the fields is equality of the numbers. It prints as AWS prints it: plain decimal notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Number {
    coefficient: i128,
    exponent: i16,
}

/// Why a text is not a DynamoDB number, or a sum is out of range: AWS's sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not a number at all.
    #[error("The parameter cannot be converted to a numeric value{}", _0)]
    NotNumeric(String),
    /// More than 38 significant digits.
    #[error("Attempting to store more than 38 significant digits in a Number")]
    Precision,
    /// Over 9.99…E+125.
    #[error("Number overflow. Attempting to store a number with magnitude larger than supported range")]
    Overflow,
    /// Under 1E-130.
    #[error("Number underflow. Attempting to store a number with magnitude smaller than supported range")]
    Underflow,
}

impl Number {
    /// The sum, exact, or why it cannot be stored.
    pub fn add(self, other: Self) -> Result<Self, NumberError> {
        todo!()
    }
    /// The difference.
    pub fn sub(self, other: Self) -> Result<Self, NumberError> {
        todo!()
    }
    /// Bytes as AWS counts them.
    pub fn size(self) -> usize {
        todo!()
    }
    /// Appends the order-preserving encoding.
    pub fn encode(self, out: &mut Vec<u8>) {
        todo!()
    }
    /// Reads back; gives the number and the bytes used.
    pub fn decode(bytes: &[u8]) -> Option<(Self, usize)> {
        todo!()
    }
}
impl FromStr for Number {
    type Err = NumberError;
    fn from_str(text: &str) -> Result<Self, NumberError> {
        todo!()
    }
}
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
    }
}
impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        todo!()
    }
}
impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl From<i64> for Number {
    fn from(value: i64) -> Self {
        todo!()
    }
}
