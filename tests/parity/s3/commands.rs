//! S3's calls as AWS CLI commands: bodies in files, ids in files that later commands read.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use crate::call::{Call, Manner};

/// What the commands need before the first of them.
pub const PRELUDE: &str = r#"made=$(mktemp -d)
ids() { printf '%s' "$made/ids-$(printf '%s' "$1 $2" | cksum | tr ' ' -)"; }
# id KIND PLACE N: the Nth id that a call gave for the place, counted around.
id() {
  local all=()
  [ -e "$(ids "$1" "$2")" ] && mapfile -t all <"$(ids "$1" "$2")"
  if [ ${#all[@]} -eq 0 ]; then printf none-given; else printf '%s' "${all[$3 % ${#all[@]}]}"; fi
}
# keep PLACE: shows an answer, and keeps each id that it gives for the place once.
keep() {
  local answer kind name given
  answer=$(cat)
  printf '%s\n' "$answer"
  for kind in version:VersionId upload:UploadId; do
    name=${kind#*:} kind=${kind%%:*}
    given=$(sed -n 's/^    "'"$name"'": "\(.*\)",\{0,1\}$/\1/p' <<<"$answer")
    [ -z "$given" ] || grep -qxF -- "$given" "$(ids "$kind" "$1")" 2>/dev/null || echo "$given" >>"$(ids "$kind" "$1")"
  done
}
"#;
/// Headers that the CLI has members for.
const HEADERS: [(&str, &str); 5] = [
    ("if-modified-since", "IfModifiedSince"),
    ("if-unmodified-since", "IfUnmodifiedSince"),
    ("x-amz-copy-source-if-modified-since", "CopySourceIfModifiedSince"),
    ("x-amz-copy-source-if-unmodified-since", "CopySourceIfUnmodifiedSince"),
    ("expires", "Expires"),
];

/// The commands of a call, `name` being its operation as the CLI spells it.
pub fn command(call: &Call, name: &str) -> String {
    let mut input = call.input.clone();
    let members = input.as_object_mut().expect("an input");
    let headers = members.remove("$headers");
    for (header, value) in headers.iter().filter_map(Json::as_object).flatten() {
        if let Some((_, member)) = HEADERS.iter().find(|(known, _)| known == header) {
            members.insert((*member).to_owned(), value.clone());
        }
    }
    // A text in the SDK's model, a number in the CLI's.
    if let Some(marker) =
        members.get("PartNumberMarker").and_then(Json::as_str).and_then(|text| text.parse::<u64>().ok())
    {
        members.insert("PartNumberMarker".to_owned(), json!(marker));
    }
    let body = members.remove("Body").map(|body| match body {
        Json::String(text) => format!("printf '%s' {} >\"$made/body\"\n", quoted(&text)),
        fill => {
            let of = |at: usize| fill["$fill"][at].as_u64().expect("[byte, length]");
            format!("head -c {} /dev/zero | tr '\\0' '\\{:03o}' >\"$made/body\"\n", of(1), of(0))
        }
    });
    let mut line = format!("aws s3api {name} --cli-input-json {}", quoted(&input.to_string()));
    // The CLI would ask for all pages by itself.
    if name.starts_with("list-") && call.manner.is_plain() {
        line.push_str(" --no-paginate");
    }
    if body.is_some() {
        line.push_str(" --body \"$made/body\"");
    }
    if call.operation == "GetObject" {
        // The CLI takes these from nowhere else where it writes a file.
        let of = |member: &str| quoted(call.input[member].as_str().unwrap_or_default());
        write!(line, " --bucket {} --key {} \"$made/out\"", of("Bucket"), of("Key")).expect("a String");
    }
    if let (Some(bucket), Some(key)) = (call.input["Bucket"].as_str(), call.input["Key"].as_str()) {
        line = format!("{line} | keep {}", quoted(&format!("{bucket}/{key}")));
    }
    line = match call.manner {
        Manner::Race(times) => format!("for _ in $(seq {times}); do {line} & done; wait"),
        Manner::Plain | Manner::Pages => line,
    };
    format!("{}{line}\n", body.unwrap_or_default())
}

/// JSON for the shell, its placeholders filled by it.
fn quoted(text: &str) -> String {
    let plain = |text: &str| text.replace("${p}", "parity-").replace('\'', "'\\''");
    let (mut rest, mut quoted) = (text, String::from("'"));
    while let Some((at, kind, place, number, after)) = placeholder(rest) {
        // The place is JSON within JSON.
        let place = serde_json::from_str(&format!("\"{place}\"")).unwrap_or_else(|_| place.to_owned());
        write!(quoted, "{}'\"$(id {kind} '{}' {number})\"'", plain(&rest[..at]), plain(&place)).expect("a String");
        rest = after;
    }
    quoted + &plain(rest) + "'"
}

/// The first `${KIND:PLACE:NUMBER}`: where it begins, what it says, and what follows it.
fn placeholder(text: &str) -> Option<(usize, &str, &str, &str, &str)> {
    let kinds = ["version", "upload"].into_iter();
    let (at, kind) = kinds.filter_map(|kind| Some((text.find(&format!("${{{kind}:"))?, kind))).min()?;
    let inner = &text[at + kind.len() + 3..];
    inner.match_indices(':').find_map(|(colon, _)| {
        let (number, after) = inner[colon + 1..].split_once('}')?;
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        digits.then_some((at, kind, &inner[..colon], number, after))
    })
}

#[test]
fn commands_send_bodies_from_files_and_read_ids_that_were_given() {
    let place = json!({"Bucket": "${p}b", "Key": "it's}"});
    let put = Call::s3("PutObject", json!({"Bucket": "${p}b", "Key": "it's}", "Body": {"$fill": [65, 3]}}));
    assert_eq!(
        command(&put, "put-object"),
        "head -c 3 /dev/zero | tr '\\0' '\\101' >\"$made/body\"\n\
         aws s3api put-object --cli-input-json '{\"Bucket\":\"parity-b\",\"Key\":\"it'\\''s}\"}' --body \"$made/body\" \
         | keep 'parity-b/it'\\''s}'\n"
    );
    let mut input = place;
    input["VersionId"] = json!("${version:${p}b/it's}:2}");
    assert_eq!(
        command(&Call::s3("DeleteObject", input), "delete-object"),
        "aws s3api delete-object --cli-input-json '{\"Bucket\":\"parity-b\",\"Key\":\"it'\\''s}\",\"VersionId\":\"'\"$(id \
         version 'parity-b/it'\\''s}' 2)\"'\"}' | keep 'parity-b/it'\\''s}'\n"
    );
}
