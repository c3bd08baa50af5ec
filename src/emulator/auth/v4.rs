//! Signature version 4: the canonical request, the string to sign and the key.
//!
//! Source: AWS's "Create a signed AWS API request" and "Authenticating Requests (AWS Signature Version 4)" of S3.

use http::header::HOST;
use http::request::Parts;
use sha2::{Digest, Sha256};

use super::claim::{ALGORITHM, Claim};
use super::fault;
use super::hash::{hex, hmac_sha256, same};
use super::host::without_port;
use super::identity::{Identity, Signed};
use super::query;
use super::service::Service;
use crate::emulator::error::AwsError;

/// What the chunks of a streaming upload are signed with, once its request is verified.
#[derive(Clone)]
pub(super) struct Seed {
    pub(super) access_key: String,
    pub(super) key: [u8; 32],
    pub(super) stamp: String,
    pub(super) scope: String,
    pub(super) signature: String,
}

/// Verifies a claim under an identity's secret. `payloads` are the payload hashes that the client may have signed.
pub(super) fn verify(
    parts: &Parts,
    claim: &Claim,
    service: &Service,
    identity: &Identity,
    payloads: &[&str],
) -> Result<Seed, AwsError> {
    let scope = claim.scope(service);
    let key = signing_key(identity.secret(), &claim.date, &claim.region, service);
    let mut refusal = None;
    let paths = paths(parts, service);
    // Some clients (aiodynamo) sign the host without the port that they send.
    let hosts = hosts(parts);
    let ways = hosts.iter().flat_map(|host| paths.iter().map(move |path| (host, path)));
    for ((host, path), payload) in ways.flat_map(|way| payloads.iter().map(move |payload| (way, payload))) {
        let canonical = canonical_request(parts, claim, host, path, payload);
        let to_sign = format!("{ALGORITHM}\n{}\n{scope}\n{}", claim.stamp, hex(&Sha256::digest(&canonical)));
        if same(&hex(&hmac_sha256(&key, to_sign.as_bytes())), &claim.signature) {
            return Ok(Seed {
                access_key: claim.access_key.clone(),
                key,
                stamp: claim.stamp.clone(),
                scope,
                signature: claim.signature.clone(),
            });
        }
        refusal.get_or_insert_with(|| {
            fault::mismatch(service, &claim.access_key, &claim.signature, to_sign.as_bytes(), Some(&canonical))
        });
    }
    Err(refusal.unwrap_or_else(|| fault::missing_token(service)))
}

/// The key of a day, a region and a service.
pub(super) fn signing_key(secret: &str, date: &str, region: &str, service: &Service) -> [u8; 32] {
    let date = hmac_sha256(format!("AWS4{secret}").as_bytes(), date.as_bytes());
    let region = hmac_sha256(&date, region.as_bytes());
    let service = hmac_sha256(&region, service.signing_name().as_bytes());
    hmac_sha256(&service, b"aws4_request")
}

/// The path as S3 encodes it and, where that differs, as received: clients differ over `%2F` and `!`.
fn paths(parts: &Parts, service: &Service) -> Vec<String> {
    let mut paths = vec![query::encode_path(parts.uri.path()), parts.uri.path().to_owned()];
    paths.dedup();
    if *service != Service::S3 {
        // Every service but S3 signs the path encoded twice.
        paths = paths.iter().map(|path| query::encode_path_again(path)).collect();
    }
    paths
}

fn canonical_request(parts: &Parts, claim: &Claim, host: &[u8], path: &str, payload: &str) -> Vec<u8> {
    let mut canonical = format!("{}\n{path}\n{}\n", parts.method, canonical_query(parts, claim)).into_bytes();
    for name in &claim.signed_headers {
        canonical.extend_from_slice(name.as_bytes());
        canonical.push(b':');
        if name == HOST.as_str() {
            canonical.extend_from_slice(host);
        } else {
            // All values, each trimmed and with runs of spaces made one.
            canonical.extend(joined(parts, name, collapse));
        }
        canonical.push(b'\n');
    }
    canonical.extend_from_slice(format!("\n{}\n{payload}", claim.signed_headers.join(";")).as_bytes());
    canonical
}

fn canonical_query(parts: &Parts, claim: &Claim) -> String {
    let mut pairs: Vec<(String, String)> = query::pairs(parts.uri.query().unwrap_or_default())
        .filter(|(name, _)| claim.place != Signed::Query || name != b"X-Amz-Signature")
        .map(|(name, value)| (query::encode(&name), query::encode(&value)))
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// All values of a header, each as `form` gives it, joined by commas.
pub(super) fn joined(parts: &Parts, name: &str, form: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    parts.headers.get_all(name).iter().map(|value| form(value.as_bytes())).collect::<Vec<_>>().join(&b',')
}

/// The host that a request is sent to, with its port.
pub(super) fn host(parts: &Parts) -> &[u8] {
    let header = parts.headers.get(HOST).map(|host| host.as_bytes().trim_ascii());
    header.or(parts.uri.authority().map(|authority| authority.as_str().as_bytes())).unwrap_or_default()
}

/// The host as it was sent, and where that has a port, without it.
fn hosts(parts: &Parts) -> Vec<Vec<u8>> {
    let sent = host(parts);
    let bare = std::str::from_utf8(sent).map_or(sent, |host| without_port(host).as_bytes());
    let mut hosts = vec![sent.to_vec(), bare.to_vec()];
    hosts.dedup();
    hosts
}

fn collapse(value: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(value.len());
    for &byte in value.trim_ascii() {
        if byte != b' ' || kept.last() != Some(&b' ') {
            kept.push(byte);
        }
    }
    kept
}
