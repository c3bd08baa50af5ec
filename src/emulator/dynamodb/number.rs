//! DynamoDB's number: up to 38 significant digits, magnitude 1E-130 to 9.99…E+125.

/// A DynamoDB number in its normalised decimal form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number(String);
