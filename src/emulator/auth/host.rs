//! The name in a host, and the bucket in that.

/// The names that stand for this machine, below which a label may be a bucket: `BUCKET.localhost`,
/// `BUCKET.s3.localhost.localstack.cloud`.
pub const LOCAL_DOMAINS: [&str; 2] = ["localhost.localstack.cloud", "localhost"];

/// The bucket that a `Host` header names, where it names one (virtual-hosted style); a port is left out.
///
/// What stands below a name of [`LOCAL_DOMAINS`] is the bucket, but for an ending `s3` or `s3.REGION`.
#[must_use]
pub fn virtual_bucket(host: &str) -> Option<String> {
    let name = host_name(host);
    let below = LOCAL_DOMAINS.iter().find_map(|domain| name.strip_suffix(domain)?.strip_suffix('.'))?;
    let bucket = match below.rsplit_once('.') {
        _ if below == "s3" => "",
        Some((bucket, "s3")) => bucket,
        Some(("s3", _region)) => "",
        Some((rest, _region)) => rest.strip_suffix(".s3").unwrap_or(below),
        None => below,
    };
    (!bucket.is_empty()).then(|| bucket.to_owned())
}

/// The one form of a host's name, by which hosts are compared: without port, in lower case, and without the dot with
/// which a name may end. Brackets of an IPv6 address are kept.
#[must_use]
pub fn host_name(host: &str) -> String {
    let name = without_port(host);
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// A host without its port, brackets of an IPv6 address kept.
#[must_use]
pub fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !name.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}
