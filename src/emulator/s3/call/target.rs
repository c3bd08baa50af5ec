//! What a request is about: the service, a bucket or an object, by path or by virtual host.

use http::request::Parts;
use percent_encoding::percent_decode_str;

use crate::emulator::auth::virtual_bucket;
use crate::emulator::error::AwsError;
use crate::emulator::s3::error;

/// What a request is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::emulator::s3) struct Target {
    /// The host that the client called, with its port.
    pub host: String,
    /// The bucket's name, as it was given.
    pub bucket: Option<String>,
    /// The object's key.
    pub key: Option<String>,
}

/// The three things that a request can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emulator::s3) enum Level {
    /// The service.
    Service,
    /// A bucket.
    Bucket,
    /// An object.
    Object,
}

impl Target {
    /// Reads host and path.
    pub(super) fn of(parts: &Parts) -> Result<Self, AwsError> {
        let header = parts.headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
        let host = header.or(parts.uri.authority().map(http::uri::Authority::as_str)).unwrap_or("localhost").to_owned();
        let path = parts.uri.path();
        let rest = path.strip_prefix('/').unwrap_or(path);
        let (bucket, key) = match virtual_bucket(&host) {
            Some(bucket) => (Some(bucket), rest),
            None => match rest.split_once('/') {
                Some((bucket, key)) => (Some(decode(bucket, path)?), key),
                None => (Some(decode(rest, path)?).filter(|bucket| !bucket.is_empty()), ""),
            },
        };
        let key = Some(decode(key, path)?).filter(|key| !key.is_empty());
        if key.is_some() && bucket.as_deref().is_none_or(str::is_empty) {
            return Err(invalid_uri(path));
        }
        Ok(Self { host, bucket: bucket.filter(|bucket| !bucket.is_empty()), key })
    }

    /// The object of this key in the same bucket.
    pub(in crate::emulator::s3) fn with_key(self, key: &str) -> Result<Self, AwsError> {
        let target = Self { key: Some(key.to_owned()), ..self };
        target.check_key()?;
        Ok(target)
    }

    /// Refuses a key that is too long, or that climbs above the bucket.
    pub(in crate::emulator::s3) fn check_key(&self) -> Result<(), AwsError> {
        let Some(key) = &self.key else { return Ok(()) };
        if climbs(key) {
            // Two reports of AWS's answers have it without a document.
            return Err(AwsError::new(400, "BadRequest", "The key climbs above its bucket").bare());
        }
        error::check_key(key)
    }

    /// What it is about.
    pub(in crate::emulator::s3) fn level(&self) -> Level {
        match (&self.bucket, &self.key) {
            (None, _) => Level::Service,
            (Some(_), None) => Level::Bucket,
            (Some(_), Some(_)) => Level::Object,
        }
    }

    /// `s3://bucket/key`, for the journal.
    pub(super) fn resource(&self) -> Option<String> {
        let bucket = self.bucket.as_deref()?;
        Some(match &self.key {
            Some(key) => format!("s3://{bucket}/{key}"),
            None => format!("s3://{bucket}"),
        })
    }
}

/// Whether, read from the left, `..` ever outnumbers the other elements of a key (AWS's user guide, "Naming Amazon S3
/// objects").
fn climbs(key: &str) -> bool {
    let mut depth = 0_usize;
    for element in key.split('/').filter(|element| !matches!(*element, "" | ".")) {
        match (element, depth) {
            ("..", 0) => return true,
            ("..", _) => depth -= 1,
            _ => depth += 1,
        }
    }
    false
}

fn decode(text: &str, path: &str) -> Result<String, AwsError> {
    percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| invalid_uri(path))
}

fn invalid_uri(path: &str) -> AwsError {
    AwsError::new(400, "InvalidURI", "Couldn't parse the specified URI.").with("URI", path)
}

/// Whether a new bucket may have this name (general purpose bucket naming rules).
pub(in crate::emulator::s3) fn is_bucket_name(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-';
    let outer = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let bytes = name.as_bytes();
    let reserved = ["xn--", "sthree-", "amzn-s3-demo-"].iter().any(|prefix| name.starts_with(prefix))
        || ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"].iter().any(|suffix| name.ends_with(suffix));
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| inner(*byte))
        && outer(bytes.first())
        && outer(bytes.last())
        && !name.contains("..")
        && name.parse::<std::net::Ipv4Addr>().is_err()
        && !reserved
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(host: &str, path: &str) -> Result<Target, AwsError> {
        let request = http::Request::builder().uri(path).header("host", host).body(()).expect("a request");
        Target::of(&request.into_parts().0)
    }

    fn of(host: &str, path: &str) -> (Option<String>, Option<String>) {
        let target = target(host, path).expect("a target");
        (target.bucket, target.key)
    }

    #[expect(clippy::unnecessary_wraps, reason = "what addresses are compared with")]
    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_bucket_is_found_in_the_path_or_in_the_host() {
        for host in ["127.0.0.1:4566", "localhost:4566", "s3.localhost", "s3.eu-west-1.localhost:1", "[::1]:4566"] {
            assert_eq!(of(host, "/b/k/l"), (some("b"), some("k/l")), "{host}");
            assert_eq!(of(host, "/"), (None, None), "{host}");
            assert_eq!(of(host, "/b/"), (some("b"), None), "{host}");
        }
        for host in [
            "b.c.localhost:4566",
            "b.c.s3.localhost",
            "b.c.s3.eu-west-1.localhost:4566",
            "b.c.localhost.:4566",
            "B.c.LocalHost",
            "B.C.S3.EU-west-1.LOCALHOST.:4566",
        ] {
            assert_eq!(of(host, "/k/l"), (some("b.c"), some("k/l")), "{host}");
            assert_eq!(of(host, "/"), (some("b.c"), None), "{host}");
        }
    }

    #[test]
    fn keys_stay_as_they_are() {
        for (path, key) in [
            ("/b/a//b", "a//b"),
            ("/b//a", "/a"),
            ("/b/a/", "a/"),
            ("/b/..", ".."),
            ("/b/%2e%2E%2fx", "../x"),
            ("/b/a+b%20c", "a+b c"),
            ("/b/%00%01%7F", "\0\u{1}\u{7f}"),
            ("/b/%F0%9F%98%80", "😀"),
        ] {
            assert_eq!(of("localhost", path), (some("b"), some(key)), "{path}");
        }
        assert_eq!(target("localhost", "/b/%FF").expect_err("not UTF-8").code, "InvalidURI");
        assert_eq!(target("localhost", "//k").expect_err("no bucket").code, "InvalidURI");
        let long = format!("/b/{}", "k".repeat(1025));
        let long = target("localhost", &long).expect("a target");
        assert_eq!(long.check_key().expect_err("too long").code, "KeyTooLongError");
    }

    #[test]
    fn a_key_does_not_climb_above_its_bucket() {
        for (key, climbs) in [
            ("a/../b", false),
            ("a/b/../../c", false),
            ("..a/b..", false),
            ("a/./../b", false),
            ("../x", true),
            ("..", true),
            ("test/../../hello", true),
            ("a/../../b/c", true),
            ("./../a", true),
            ("/../a", true),
        ] {
            assert_eq!(super::climbs(key), climbs, "{key}");
        }
    }

    #[test]
    fn bucket_names_follow_the_rules() {
        for name in ["abc", "a.b-c.1", "0aa", &"a".repeat(63)] {
            assert!(is_bucket_name(name), "{name}");
        }
        for name in
            ["ab", "Abc", "a_b", "-ab", "ab-", "a..b", "192.168.1.1", "xn--abc", "abc-s3alias", &"a".repeat(64), ".abc"]
        {
            assert!(!is_bucket_name(name), "{name}");
        }
    }
}
