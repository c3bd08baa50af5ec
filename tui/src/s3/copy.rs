//! What can be copied of a bucket, a folder or an object.

use std::fmt::Write as _;

use footbridge_record::text::visible_json;
use serde_json::json;

use crate::app::desk::Glance;
use crate::ask::ObjectName;
use crate::command::{Endpoint, names_a_file, option};
use crate::text::shell_word;

/// What a person can copy: a key, what it is, and the text.
pub(super) fn entries(name: &ObjectName, folder: bool, glance: &Glance) -> Vec<(char, &'static str, String)> {
    let ObjectName { bucket, key, version } = name;
    let uri = format!("s3://{bucket}/{key}");
    let endpoint = Endpoint::here(glance);
    let options = endpoint.options();
    let mut entries = Vec::new();
    if key.is_empty() {
        entries.push(('y', "bucket", bucket.clone()));
    } else {
        entries.push(('y', "key", key.clone()));
    }
    entries.push(('u', "URI", if key.is_empty() { format!("s3://{bucket}") } else { uri.clone() }));
    entries.push(('a', "ARN", format!("arn:aws:s3:::{bucket}{}{key}", if key.is_empty() { "" } else { "/" })));
    if folder || key.is_empty() {
        let uri = format!("s3://{bucket}/{key}");
        entries.push(('c', "AWS CLI", format!("aws s3 ls {}{options}", shell_word(&uri))));
        return entries;
    }
    let to = shell_word(&file_name(key));
    entries.push((
        'c',
        "AWS CLI",
        match version {
            Some(version) if names_a_file(key) || names_a_file(version) => {
                // In JSON the CLI takes a value for itself alone.
                let all = json!({ "Bucket": bucket, "Key": key, "VersionId": version });
                let given = option("--cli-input-json", &visible_json(&all.to_string()));
                format!("aws s3api get-object{options} {given} ./{to}")
            }
            Some(version) => format!(
                "aws s3api get-object{options} {} {} {} ./{to}",
                option("--bucket", bucket),
                option("--key", key),
                option("--version-id", version)
            ),
            None => format!("aws s3 cp {} ./{to}{options}", shell_word(&uri)),
        },
    ));
    if let Some(version) = version {
        entries.push(('v', "version", version.clone()));
    }
    if let Some(url) = endpoint.url.as_ref().filter(|_| endpoint.local) {
        let region = endpoint.region.as_deref().unwrap_or("us-east-1");
        let query =
            version.as_ref().map_or_else(String::new, |version| format!("?versionId={}", encoded(version, false)));
        let url = format!("{}/{}/{}{query}", url.trim_end_matches('/'), encoded(bucket, false), encoded(key, true));
        let curl = format!(
            "curl --fail --path-as-is -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' --aws-sigv4 {} --user {}:test -o {to} {}",
            shell_word(&format!("aws:amz:{region}:s3")),
            shell_word(endpoint.key()),
            shell_word(&url)
        );
        entries.push(('l', "curl", curl));
    }
    entries
}

/// The last part of a key as the name of a file: without what would lead elsewhere or does not show.
pub(super) fn file_name(key: &str) -> String {
    let last = key.trim_end_matches('/').rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String =
        last.chars().map(|c| if footbridge_record::text::is_treacherous(c) || c == ':' { '_' } else { c }).collect();
    if name.is_empty() || name.chars().all(|c| c == '.') { "object".to_owned() } else { name }
}

/// `text` in a URL, slashes left where `path`.
fn encoded(text: &str, path: bool) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b'/' if path => out.push('/'),
            // Writing to a String does not fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use footbridge_record::Target;

    use super::{encoded, entries, file_name};
    use crate::app::desk::Glance;
    use crate::ask::ObjectName;
    use crate::look::{Look, Theme};
    use crate::testing::local;

    fn command(target: Target, key: &str, version: Option<&str>, which: char) -> Option<String> {
        let facts = crate::source::Facts { target, ..local() };
        let glance = Glance {
            look: Look { theme: Theme::None, ascii: false },
            now: 0,
            offset: 0,
            facts: Some(facts),
            covered: false,
        };
        let name = ObjectName { bucket: "b".into(), key: key.into(), version: version.map(str::to_owned) };
        entries(&name, false, &glance).into_iter().find(|(found, ..)| *found == which).map(|(_, _, text)| text)
    }

    #[test]
    fn commands_go_where_the_data_is() {
        let region = || Some("eu-west-1".to_owned());
        let custom = Target::Custom { url: "https://minio.example:9000".into(), region: region() };
        assert_eq!(
            command(custom.clone(), "a", None, 'c').as_deref(),
            Some("aws s3 cp s3://b/a ./a --endpoint-url=https://minio.example:9000 --region=eu-west-1")
        );
        assert_eq!(command(custom, "a", None, 'l'), None);
        let aws = Target::Aws { account: None, region: region() };
        assert_eq!(command(aws, "a", None, 'c').as_deref(), Some("aws s3 cp s3://b/a ./a --region=eu-west-1"));
    }

    #[test]
    fn a_key_is_no_option_and_no_file() {
        let get = |key| command(local().target, key, Some("v"), 'c').unwrap();
        let to = "aws s3api get-object --endpoint-url=http://127.0.0.1:4566 --region=us-east-1";
        assert_eq!(get("-rf"), format!("{to} --bucket=b --key=-rf --version-id=v ./-rf"));
        assert_eq!(
            get("file:///etc/passwd"),
            format!(r#"{to} --cli-input-json='{{"Bucket":"b","Key":"file:///etc/passwd","VersionId":"v"}}' ./passwd"#)
        );
        let curl = command(local().target, "a", None, 'l').unwrap();
        assert!(curl.contains("-H 'x-amz-content-sha256: UNSIGNED-PAYLOAD'"), "{curl}");
    }

    #[test]
    fn a_key_is_encoded_for_a_path_and_for_a_query() {
        assert_eq!(encoded("a b/ü?", true), "a%20b/%C3%BC%3F");
    }

    #[test]
    fn a_key_does_not_lead_out_of_the_folder() {
        for (key, name) in [
            ("a/b.txt", "b.txt"),
            ("a/../..", "object"),
            ("x\\y", "y"),
            ("a/", "a"),
            ("a/\u{1b}[2J", "_[2J"),
            ("///", "object"),
        ] {
            assert_eq!(file_name(key), name);
        }
    }
}
