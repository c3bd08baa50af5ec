//! The signature in the fields of a browser's form (POST Object), versions 4 and 2: it is over the policy.
//!
//! Source: AWS's "Browser-Based Uploads Using POST (AWS Signature Version 4)"; refusals recorded 2026-02.

use http::request::Parts;
use http::{Method, header};

use super::admit::{Asker, AuthContext};
use super::claim::{self, ALGORITHM};
use super::hash::{hex, hmac_sha256, same};
use super::identity::{Caller, DEFAULT_REGION, Identity, Signed};
use super::service::{Service, text};
use super::{fault, time, v2, v4};
use crate::emulator::error::AwsError;

/// The fields of version 4 as AWS's refusals name them.
const V4: [&str; 4] = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature"];
/// The fields of version 2.
const V2: [&str; 2] = ["AWSAccessKeyId", "Signature"];

/// A request extension: the door for a form, whose caller is known only once its fields are read.
#[derive(Debug, Clone)]
pub struct FormDoor {
    context: AuthContext,
    asker: Asker,
}

/// Whether this is a POST of `multipart/form-data`.
#[must_use]
pub fn is_form(parts: &Parts) -> bool {
    let kind = text(&parts.headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    parts.method == Method::POST && essence.eq_ignore_ascii_case("multipart/form-data")
}

impl FormDoor {
    pub(super) fn new(context: &AuthContext, parts: &Parts) -> Self {
        Self { context: context.clone(), asker: Asker::of(&parts.extensions) }
    }

    /// The caller that the fields name, their signature verified where their key is known; anonymous without any.
    ///
    /// `field` gives a field's value by lower-case name.
    pub fn admit<'a>(&self, field: impl Fn(&str) -> Option<&'a str>) -> Result<Caller, AwsError> {
        let given = |names: &[&str]| names.iter().any(|name| field(&name.to_ascii_lowercase()).is_some());
        let token = field("x-amz-security-token").filter(|token| !token.trim().is_empty());
        let want = |name: &'static str| field(&name.to_ascii_lowercase()).ok_or_else(|| missing(name));
        if given(&V4) {
            let [algorithm, credential, stamp, signature] = [want(V4[0])?, want(V4[1])?, want(V4[2])?, want(V4[3])?];
            let policy = want("policy")?;
            if algorithm != ALGORITHM {
                return Err(argument("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"", V4[0], algorithm));
            }
            if time::parse_basic(stamp).is_none() {
                let message = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"";
                return Err(argument(message, V4[2], stamp));
            }
            let [key, date, region] = claim::scope(&Service::S3, Signed::Form, credential, stamp)?;
            return self.caller((&key, token), &region, signature, policy, |identity| {
                let signing = v4::signing_key(identity.secret(), &date, &region, &Service::S3);
                hex(&hmac_sha256(&signing, policy.as_bytes()))
            });
        }
        if given(&V2) {
            let [key, signature] = [want(V2[0])?, want(V2[1])?];
            let policy = want("policy")?;
            let expected = |identity: &Identity| v2::sign(identity, policy.as_bytes());
            return self.caller((key, token), DEFAULT_REGION, signature, policy, expected);
        }
        Ok(Caller::anonymous(Service::S3))
    }

    fn caller(
        &self,
        (key, token): (&str, Option<&str>),
        region: &str,
        signature: &str,
        policy: &str,
        expected: impl FnOnce(&Identity) -> String,
    ) -> Result<Caller, AwsError> {
        let service = Service::S3;
        match self.context.identity(key, token, self.asker, &service)? {
            Some(identity) if same(&expected(&identity), signature) => {
                Ok(Caller::identity(&identity, service, region, Signed::Form))
            }
            // Also of the built-in pair: AWS says so of a policy that was changed before it reads it (recorded 2026-02).
            Some(_) => Err(fault::mismatch(&service, key, signature, policy.as_bytes(), None)),
            None => Ok(Caller::root(key, service, region, Signed::Form)),
        }
    }
}

/// A field that a form must have (recorded 2026-02; two spaces are AWS's).
fn missing(name: &'static str) -> AwsError {
    let message = format!(
        "Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the fields."
    );
    argument(&message, name, "")
}

fn argument(message: &str, name: &'static str, value: &str) -> AwsError {
    AwsError::new(400, "InvalidArgument", message).with("ArgumentName", name).with("ArgumentValue", value)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::MustVerify;
    use super::super::{Identities, Seal};
    use super::*;
    use crate::clock::ManualClock;

    const POLICY: &str = "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9";

    fn admit(fields: &[(&str, &str)], must_verify: bool) -> Result<Caller, AwsError> {
        let identity = Identity::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY").unwrap();
        let identities = Identities::new([identity]).unwrap();
        let context = AuthContext {
            clock: Arc::new(ManualClock::at_millis(0)),
            identities,
            strict: false,
            sessions: Seal::in_memory(),
        };
        let mut extensions = http::Extensions::new();
        if must_verify {
            extensions.insert(MustVerify);
        }
        let door = FormDoor { context, asker: Asker::of(&extensions) };
        door.admit(|name| fields.iter().find(|(known, _)| *known == name).map(|(_, value)| *value))
    }

    /// AWS's own example: "Example: Browser-Based Upload using HTTP POST (Using AWS Signature Version 4)".
    const EXAMPLE: [(&str, &str); 5] = [
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
        ("x-amz-date", "20151229T000000Z"),
        ("policy", POLICY),
        ("x-amz-signature", "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"),
    ];

    #[test]
    fn a_form_signed_as_aws_documents_it_is_its_keys() {
        let caller = admit(&EXAMPLE, true).unwrap();
        assert_eq!(caller.access_key.as_deref(), Some("AKIAIOSFODNN7EXAMPLE"));
        assert_eq!((caller.signed, caller.region.as_str()), (Signed::Form, "us-east-1"));
    }

    #[test]
    fn what_is_signed_otherwise_is_refused() {
        let mut wrong = EXAMPLE;
        wrong[3].1 = "e30=";
        let error = admit(&wrong, false).unwrap_err();
        assert_eq!((error.status, &*error.code), (403, "SignatureDoesNotMatch"));
        let v2 = [("awsaccesskeyid", "test"), ("signature", "x"), ("policy", "e30=")];
        assert_eq!(admit(&v2, false).unwrap_err().code, "SignatureDoesNotMatch");
        let unknown = [("awsaccesskeyid", "other"), ("signature", "x"), ("policy", "e30=")];
        assert_eq!(admit(&unknown, false).unwrap().kind, super::super::Kind::Root);
        assert_eq!(admit(&unknown, true).unwrap_err().code, "InvalidAccessKeyId");
    }

    #[test]
    fn a_field_that_is_missing_is_named() {
        for (without, name) in [(0, "X-Amz-Algorithm"), (1, "X-Amz-Credential"), (4, "X-Amz-Signature"), (3, "policy")]
        {
            let mut fields = EXAMPLE.to_vec();
            fields.remove(without);
            let error = admit(&fields, false).unwrap_err();
            assert_eq!(
                error.message,
                format!(
                    "Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of \
                     the fields."
                )
            );
        }
        assert!(admit(&[("policy", "e30=")], false).unwrap().is_anonymous());
    }
}
