//! S3's views on a stage: pictures, keys, and data that is slow, fails, is huge or means harm.

mod data;
mod hostile;
mod keys;
mod pictures;
mod storms;
mod ways;
