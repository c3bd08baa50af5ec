//! The rule, cell by cell, and who is who.

use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method};

use super::{Key, What, Who, allows};

/// The columns of `SECURITY.md`: with which keys a dev page may, and any other. A person may all but the last.
const RULE: &[(What, &[Key], &[Key])] = &[
    (
        What::Health,
        &[Key::Own, Key::Public, Key::Unknown, Key::None],
        &[Key::Own, Key::Public, Key::Unknown, Key::None],
    ),
    (What::Service, &[], &[]),
    (What::Upload, &[Key::Own, Key::Public], &[Key::Own]),
    (What::Show, &[Key::Own, Key::Public, Key::None], &[Key::Own, Key::Public, Key::None]),
    (What::Load, &[Key::Own, Key::Public, Key::None], &[Key::Own, Key::None]),
    (What::Write, &[Key::Own], &[Key::Own]),
    (What::Named, &[Key::Own, Key::Public], &[Key::Own, Key::Public]),
    (What::Anyone, &[Key::Own, Key::Public], &[Key::Own]),
];

#[test]
fn the_rule_is_the_table() {
    for key in [Key::Own, Key::Public, Key::Unknown, Key::None] {
        for (what, dev, site) in RULE {
            assert!(allows(Who::Person, *what, key), "{what:?} {key:?}");
            assert_eq!(allows(Who::Dev, *what, key), dev.contains(&key), "{what:?} {key:?}");
            assert_eq!(allows(Who::Site, *what, key), site.contains(&key), "{what:?} {key:?}");
        }
        for who in [Who::Person, Who::Dev, Who::Site] {
            assert!(!allows(who, What::Worker, key));
        }
    }
}

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
    };
    let mut headers = HeaderMap::new();
    for (name, value) in pairs.iter().map(pair) {
        headers.append(name, value);
    }
    headers
}

fn who(pairs: &[(&str, &str)]) -> Who {
    Who::of(&headers(pairs), &[4566, 5000], &["http://app.test:3000".to_owned(), "http://localhost:4566".to_owned()])
}

#[test]
fn a_page_is_known_by_its_origin() {
    for (origin, expected) in [
        ("http://localhost:3000", Who::Dev),
        ("HTTP://LOCALHOST:3000", Who::Dev),
        ("https://localhost:8443", Who::Dev),
        ("http://localhost", Who::Dev),
        ("http://127.0.0.1:3000", Who::Dev),
        ("http://127.8.9.1:3000", Who::Dev),
        ("http://[::1]:3000", Who::Dev),
        ("http://app.localhost:3000", Who::Dev),
        ("http://app.test:3000", Who::Person),
        // An own origin is everybody's, unless somebody says otherwise.
        ("http://localhost:4566", Who::Person),
        ("http://127.0.0.1:4566", Who::Site),
        ("http://bucket.localhost:4566", Who::Site),
        ("http://localhost:5000", Who::Site),
        ("https://localhost:4566", Who::Site),
        ("null", Who::Site),
        ("", Who::Site),
        ("https://evil.test", Who::Site),
        ("http://evil.test:3000", Who::Site),
        ("http://localhost.evil.test:3000", Who::Site),
        ("http://evillocalhost:3000", Who::Site),
        ("http://localhost:3000@evil.test", Who::Site),
        ("http://a@localhost:3000", Who::Site),
        ("http://localhost:3000/", Who::Site),
        ("http://localhost:3000#x", Who::Site),
        ("http://localhost:3000 http://evil.test", Who::Site),
        ("http://localhost.localstack.cloud:3000", Who::Site),
        ("http://0.0.0.0:3000", Who::Site),
        ("http://10.0.0.1:3000", Who::Site),
        ("http://localhost:99999", Who::Site),
        ("file://localhost", Who::Site),
        ("chrome-extension://localhost:3000", Who::Site),
    ] {
        assert_eq!(who(&[("origin", origin)]), expected, "{origin}");
    }
    assert_eq!(who(&[("origin", "http://app.test:3000"), ("origin", "http://app.test:3000")]), Who::Site);
    assert_eq!(who(&[("referer", "http://localhost:3000/a?b=http://localhost:4566#c")]), Who::Dev);
    assert_eq!(who(&[("referer", "http://evil.test/?http://localhost:3000")]), Who::Site);
    assert_eq!(who(&[("referer", "about:blank")]), Who::Site);
    assert_eq!(who(&[]), Who::Person);
    // What Node's fetch sends.
    assert_eq!(who(&[("sec-fetch-mode", "cors")]), Who::Person);
    assert_eq!(who(&[("sec-fetch-site", "none"), ("sec-fetch-site", "cross-site")]), Who::Site);
}

#[test]
fn reads_are_told_apart_by_what_the_browser_does_with_them() {
    for (mode, dest, origin, expected) in [
        ("navigate", "document", false, What::Show),
        ("no-cors", "image", false, What::Show),
        ("no-cors", "audio", false, What::Show),
        ("no-cors", "video", false, What::Show),
        ("cors", "image", true, What::Load),
        ("no-cors", "image", true, What::Load),
        ("navigate", "iframe", false, What::Load),
        ("navigate", "embed", false, What::Load),
        ("navigate", "object", false, What::Load),
        ("no-cors", "script", false, What::Load),
        ("no-cors", "style", false, What::Load),
        ("no-cors", "empty", false, What::Load),
        ("cors", "empty", true, What::Load),
        ("same-origin", "document", false, What::Load),
    ] {
        let mut sent = headers(&[("sec-fetch-mode", mode), ("sec-fetch-dest", dest)]);
        if origin {
            sent.insert("origin", HeaderValue::from_static("https://evil.test"));
        }
        assert_eq!(What::of_s3("GetObject", &Method::GET, &sent), expected, "{mode} {dest}");
        assert_eq!(What::of_s3("ListBuckets", &Method::GET, &sent), expected, "{mode} {dest}");
    }
    assert_eq!(What::of_s3("GetObject", &Method::GET, &HeaderMap::new()), What::Load);
    for (operation, method, expected) in [
        ("PutObject", Method::PUT, What::Upload),
        ("UploadPart", Method::PUT, What::Upload),
        ("PostObject", Method::POST, What::Upload),
        ("CopyObject", Method::PUT, What::Write),
        ("CreateBucket", Method::PUT, What::Write),
        ("DeleteObjects", Method::POST, What::Write),
        ("DeleteObject", Method::DELETE, What::Write),
    ] {
        assert_eq!(What::of_s3(operation, &method, &HeaderMap::new()), expected, "{operation}");
    }
}
