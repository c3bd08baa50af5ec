//! Forms as browsers send them, signed by version 4 and version 2.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;

use crate::harness::{Answer, World};

const LATER: &str = "2999-01-01T00:00:00Z";
const DATE: &str = "20261122";
const CREDENTIAL: &str = "test/20261122/us-east-1/s3/aws4_request";
pub const KIND: &str = "multipart/form-data; boundary=----WebKitFormBoundaryX";

/// A form, and how it is signed.
#[derive(Debug, Clone)]
pub struct Form {
    pub fields: Vec<(String, String)>,
    pub conditions: Vec<Value>,
    pub expiration: String,
    pub file: Vec<u8>,
    pub filename: Option<String>,
    pub after: Vec<(String, String)>,
}

fn hmac256(key: &[u8], data: &str) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(data).finalize().into_bytes().to_vec()
}

impl Form {
    /// A form that puts `file` at `key`, its policy naming both.
    pub fn of(key: &str, file: &[u8]) -> Self {
        Self {
            fields: vec![("key".into(), key.into())],
            conditions: vec![json!({"bucket": "bkt"}), json!(["starts-with", "$key", ""])],
            expiration: LATER.into(),
            file: file.to_vec(),
            filename: Some("file.txt".into()),
            after: Vec::new(),
        }
    }

    /// With a field that the policy allows.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.conditions.push(json!(["eq", format!("${name}"), value]));
        self.field(name, value)
    }

    /// With a field that the policy says nothing of.
    pub fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    pub fn condition(mut self, condition: Value) -> Self {
        self.conditions.push(condition);
        self
    }

    fn policy(&self) -> String {
        STANDARD.encode(json!({"expiration": self.expiration, "conditions": self.conditions}).to_string())
    }

    pub fn v4(self) -> Self {
        let mut form = self
            .with("x-amz-algorithm", "AWS4-HMAC-SHA256")
            .with("x-amz-credential", CREDENTIAL)
            .with("x-amz-date", "20261122T000000Z");
        let policy = form.policy();
        let mut key = hmac256(b"AWS4test", DATE);
        for part in ["us-east-1", "s3", "aws4_request"] {
            key = hmac256(&key, part);
        }
        let digits = hmac256(&key, &policy).into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let signature: String = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
        form = form.field("policy", &policy);
        form.field("x-amz-signature", &signature)
    }

    pub fn v2(self) -> Self {
        let policy = self.policy();
        let mac = Hmac::<Sha1>::new_from_slice(b"test").unwrap().chain_update(&policy).finalize().into_bytes();
        self.field("AWSAccessKeyId", "test").field("policy", &policy).field("signature", &STANDARD.encode(mac))
    }

    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    pub fn replaced(self, name: &str, value: &str) -> Self {
        self.without(name).field(name, value)
    }

    pub fn body(&self) -> Vec<u8> {
        let mut body = Vec::new();
        let mut part = |head: String, value: &[u8]| {
            body.extend_from_slice(b"------WebKitFormBoundaryX\r\nContent-Disposition: form-data; ");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(b"\r\n\r\n");
            body.extend_from_slice(value);
            body.extend_from_slice(b"\r\n");
        };
        for (name, value) in &self.fields {
            part(format!("name=\"{name}\""), value.as_bytes());
        }
        match &self.filename {
            Some(name) => part(format!("name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/html"), &self.file),
            None => part("name=\"file\"".into(), &self.file),
        }
        for (name, value) in &self.after {
            part(format!("name=\"{name}\""), value.as_bytes());
        }
        body.extend_from_slice(b"------WebKitFormBoundaryX--\r\n");
        body
    }

    pub async fn send(&self, world: &World) -> Answer {
        self.send_with(world, &[]).await
    }

    pub async fn send_with(&self, world: &World, headers: &[(&str, &str)]) -> Answer {
        let headers = [&[("content-type", KIND)], headers].concat();
        world.receive("POST", "/bkt", &headers, self.body()).await
    }
}
