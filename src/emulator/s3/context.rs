//! What an operation knows of its request.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::HeaderMap;

use super::call::{Call, Level};
use super::catalogue::Bucket;
use super::error;
use crate::emulator::auth::Caller;
use crate::emulator::body::{self, Body};
use crate::emulator::error::AwsError;
use crate::emulator::store::Read;

/// A request as its operation sees it. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Context(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    caller: Caller,
    call: Call,
    headers: HeaderMap,
    document: Bytes,
    body: Mutex<Option<Body>>,
}

impl Context {
    /// A request whose body is bytes, or nothing.
    pub(super) fn new(caller: Caller, call: Call, headers: HeaderMap, body: Body) -> Self {
        Self(Arc::new(Inner { caller, call, headers, document: Bytes::new(), body: Mutex::new(Some(body)) }))
    }

    /// A request whose body is a document.
    pub(super) fn with_document(caller: Caller, call: Call, headers: HeaderMap, document: Bytes) -> Self {
        Self(Arc::new(Inner { caller, call, headers, document, body: Mutex::new(None) }))
    }

    /// The request's body; empty when it was taken before.
    pub(super) fn take_body(&self) -> Body {
        let body = self.0.body.lock().unwrap_or_else(PoisonError::into_inner).take();
        body.unwrap_or_else(|| body::full(Bytes::new()))
    }

    /// The document; empty where there was none, or the operation has none.
    pub(super) fn document(&self) -> &[u8] {
        &self.0.document
    }

    /// Who calls.
    pub(super) fn caller(&self) -> &Caller {
        &self.0.caller
    }

    /// The request's method.
    pub(super) fn method(&self) -> &str {
        self.0.call.method.as_str()
    }

    /// AWS's name of the operation.
    pub(super) fn operation(&self) -> &'static str {
        self.0.call.operation()
    }

    /// What the request is about.
    pub(super) fn level(&self) -> Level {
        self.0.call.target.level()
    }

    /// The bucket's name; empty where the request is about none.
    pub(super) fn bucket(&self) -> &str {
        self.0.call.target.bucket.as_deref().unwrap_or_default()
    }

    /// The object's key; empty where the request is about none.
    pub(super) fn key(&self) -> &str {
        self.0.call.target.key.as_deref().unwrap_or_default()
    }

    /// The host that the client called, with its port.
    pub(super) fn host(&self) -> &str {
        &self.0.call.target.host
    }

    /// Every header.
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The first header of this name, where it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
    }

    /// The query parameter of this name.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.0.call.query.get(name)
    }

    /// A query parameter that is a whole number from 0 to i32's end; `default` where it is missing or empty.
    pub(super) fn number(&self, name: &'static str, default: u32) -> Result<u32, AwsError> {
        self.number_or(name, default, |text| {
            let message = format!("Argument {name} must be an integer between 0 and 2147483647");
            error::invalid_argument(&message, name, text)
        })
    }

    /// The same, with what refuses a number below 0.
    pub(super) fn number_or(
        &self,
        name: &'static str,
        default: u32,
        negative: impl FnOnce(&str) -> AwsError,
    ) -> Result<u32, AwsError> {
        match self.query(name) {
            None | Some("") => Ok(default),
            Some(text) => match text.parse::<i64>() {
                Ok(number) if number >= 0 && i32::try_from(number).is_ok() => {
                    Ok(u32::try_from(number).unwrap_or(default))
                }
                Ok(number) if i32::try_from(number).is_ok() => Err(negative(text)),
                _ => Err(error::invalid_argument(
                    &format!("Provided {name} not an integer or within integer range"),
                    name,
                    text,
                )),
            },
        }
    }

    /// The account that a header expects to own a bucket; what is no account number is refused.
    fn expected_owner(&self, header: &str) -> Result<Option<&str>, AwsError> {
        let Some(expected) = self.header(header) else { return Ok(None) };
        if expected.len() == 12 && expected.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Some(expected));
        }
        let message =
            format!("The value of the expected bucket owner parameter must be an AWS Account ID... [{expected}]");
        Err(AwsError::new(400, "InvalidBucketOwnerAWSAccountID", message))
    }

    /// Refuses a bucket that is not the caller's, or not whose the caller expects it to be in `header`.
    pub(super) fn check_owner(&self, bucket: &Bucket, header: &str) -> Result<(), AwsError> {
        let expected = self.expected_owner(header)?;
        if self.0.caller.is_anonymous() || self.0.caller.account != bucket.account {
            return Err(error::access_denied());
        }
        if expected.is_some_and(|expected| expected != bucket.account) {
            return Err(error::access_denied());
        }
        Ok(())
    }

    /// The bucket of the request, once the caller may use it: it exists, is the caller's, and is whose the caller
    /// expects.
    pub(super) fn open_bucket(&self, read: &impl Read) -> Result<Bucket, AwsError> {
        const HEADER: &str = "x-amz-expected-bucket-owner";
        self.expected_owner(HEADER)?;
        let bucket = Bucket::get(read, self.bucket())?;
        self.check_owner(&bucket, HEADER)?;
        Ok(bucket)
    }
}
