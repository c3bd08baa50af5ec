//! Whose secret a request was signed with, by AWS's own recipe (Signature Version 4).

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::fake::Asked;

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Whether `asked` carries a signature that `secret` made.
pub fn is_of(secret: &str, asked: &Asked) -> bool {
    let authorization = asked.header("authorization");
    let part = |name: &str| {
        authorization.split([' ', ',']).find_map(|part| part.strip_prefix(name)).unwrap_or_default().to_owned()
    };
    let (credential, names, signature) = (part("Credential="), part("SignedHeaders="), part("Signature="));
    let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|p| !p.is_empty())
        .map(|p| if p.contains('=') { p.into() } else { format!("{p}=") })
        .collect();
    pairs.sort();
    let headers: Vec<String> = names.split(';').map(|name| format!("{name}:{}\n", asked.header(name).trim())).collect();
    let headers = headers.concat();
    let payload = match asked.header("x-amz-content-sha256") {
        "" => hex(&Sha256::digest(&asked.body)),
        said => said.to_owned(),
    };
    let canonical = format!("{}\n{path}\n{}\n{headers}\n{names}\n{payload}", asked.method, pairs.join("&"));
    let Some((_, scope)) = credential.split_once('/') else { return false };
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{}\n{scope}\n{}",
        asked.header("x-amz-date"),
        hex(&Sha256::digest(canonical.as_bytes()))
    );
    let key = scope.split('/').fold(format!("AWS4{secret}").into_bytes(), |key, part| hmac(&key, part));
    hex(&hmac(&key, &to_sign)) == signature
}
