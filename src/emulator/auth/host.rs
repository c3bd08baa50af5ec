//! The bucket in a host name.

/// The names that stand for this machine, below which a label may be a bucket: `BUCKET.localhost`,
/// `BUCKET.s3.localhost.localstack.cloud`.
pub const LOCAL_DOMAINS: [&str; 2] = ["localhost.localstack.cloud", "localhost"];

/// The bucket that a `Host` header names, where it names one (virtual-hosted style); a port is left out.
///
/// What stands below a name of [`LOCAL_DOMAINS`] is the bucket, but for an ending `s3` or `s3.REGION`.
#[must_use]
pub fn virtual_bucket(host: &str) -> Option<&str> {
    let name = without_port(host);
    let below = LOCAL_DOMAINS.iter().find_map(|domain| name.strip_suffix(domain)?.strip_suffix('.'))?;
    let bucket = match below.rsplit_once('.') {
        _ if below == "s3" => "",
        Some((bucket, "s3")) => bucket,
        Some(("s3", _region)) => "",
        Some((rest, _region)) => rest.strip_suffix(".s3").unwrap_or(below),
        None => below,
    };
    (!bucket.is_empty()).then_some(bucket)
}

/// A host without its port, brackets of an IPv6 address kept.
#[must_use]
pub fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !name.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}
