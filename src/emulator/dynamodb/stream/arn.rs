//! Where a stream is: its table and its label, as its ARN has them.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use crate::emulator::dynamodb::table::TableName;
use crate::emulator::error::AwsError;
use crate::emulator::store::key;

/// Where a stream is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamArn {
    /// Its table, which may be gone.
    pub table: TableName,
    /// `StreamLabel`: when it was enabled.
    pub label: String,
}

impl StreamArn {
    /// Reads `arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/LABEL`.
    pub fn parse(given: &str) -> Result<Self, AwsError> {
        let read = || {
            let mut parts = given.splitn(6, ':');
            let (arn, _partition, service) = (parts.next()?, parts.next()?, parts.next()?);
            let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
            let (name, label) = resource.strip_prefix("table/")?.split_once("/stream/")?;
            let whole = (arn, service) == ("arn", "dynamodb") && !name.is_empty() && !label.is_empty();
            let owned = |text: &str| text.to_owned();
            let table = TableName { account: owned(account), region: owned(region), name: owned(name) };
            whole.then(|| Self { table, label: owned(label) })
        };
        read().ok_or_else(|| AwsError::validation(format!("Invalid StreamArn: {given}")))
    }

    /// What leads to the stream's row: streams of one table side by side, oldest first.
    #[must_use]
    pub fn key(&self) -> Vec<u8> {
        let TableName { account, region, name } = &self.table;
        key::composite(&[account.as_bytes(), region.as_bytes(), name.as_bytes(), self.label.as_bytes()])
    }

    /// The refusal where there is no such stream (LocalStack's snapshot of AWS, test_non_existent_stream).
    #[must_use]
    pub fn not_found(&self) -> AwsError {
        let message = format!("Requested resource not found: Stream: {self} not found");
        AwsError::new(400, "ResourceNotFoundException", message)
    }
}

impl std::fmt::Display for StreamArn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/stream/{}", self.table.arn(), self.label)
    }
}

/// A stream's label: `2026-11-22T17:58:19.042`, always with three digits after the point.
#[must_use]
pub fn label(millis: u64) -> String {
    let seconds = i64::try_from(millis / 1000).unwrap_or(i64::MAX);
    // A time past the year 9999 has no such form, and the number is still a label.
    let date = DateTime::from_secs(seconds).fmt(Format::DateTime).unwrap_or_else(|_| seconds.to_string());
    format!("{}.{:03}", date.trim_end_matches('Z'), millis % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_times_to_the_millisecond() {
        assert_eq!(label(1_700_000_000_123), "2023-11-14T22:13:20.123");
        assert_eq!(label(1_700_000_000_000), "2023-11-14T22:13:20.000");
        assert_eq!(label(1_700_000_000_020), "2023-11-14T22:13:20.020");
    }

    #[test]
    fn an_arn_is_read_as_it_is_written() {
        let text = "arn:aws:dynamodb:eu-west-1:000000000000:table/a.b/stream/2023-11-14T22:13:20.123";
        assert_eq!(StreamArn::parse(text).unwrap().to_string(), text);
        for broken in ["", "arn", "arn:aws:dynamodb:eu-west-1:0:table/a", "arn:aws:s3:eu-west-1:0:table/a/stream/b"] {
            assert_eq!(StreamArn::parse(broken).unwrap_err().code, "ValidationException", "{broken}");
        }
    }
}
