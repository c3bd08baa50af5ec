//! How it ends, what it passes over, and journals.

use std::path::Path;

use super::{WORKS, check, report, tree};

#[test]
fn what_works_ends_with_0_and_nothing_found_with_2() {
    let works = tree(&[("app.py", WORKS)]);
    let (report, code) = report(works.path(), &[]);
    assert_eq!((code, &report["summary"]["works"]), (0, &1.into()));
    let nothing = tree(&[("app.py", "print('hello')\n")]);
    let output = check(nothing.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stdout).unwrap().contains("No operation of S3 or DynamoDB was found"));
}

#[test]
fn what_is_not_emulated_ends_with_5_and_is_named() {
    let directory =
        tree(&[("app.py", WORKS), ("b.py", "import boto3\nboto3.client('s3').put_bucket_website(Bucket='b')\n")]);
    let output = check(directory.path(), &["--quiet"]);
    assert_eq!(output.status.code(), Some(5));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("not emulated  s3 PutBucketWebsite  b.py:2"), "{text}");
    assert!(!text.contains("GetObject"), "{text}");
    assert!(
        text.contains("2 operations: 1 work, 0 work with differences, 1 not emulated; 2 of 2 source files use them"),
        "{text}"
    );
}

#[test]
fn what_is_not_there_ends_with_1() {
    let directory = tree(&[]);
    let output = check(directory.path(), &["nowhere"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("nowhere"));
}

#[test]
fn what_others_wrote_is_passed_over_and_links_are_not_followed() {
    let directory = tree(&[
        ("app.py", WORKS),
        ("node_modules/x/index.py", WORKS),
        (".venv/lib/x.py", WORKS),
        ("env/pyvenv.cfg", ""),
        ("env/x.py", WORKS),
    ]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(directory.path().join("app.py"), directory.path().join("link.py")).unwrap();
        std::os::unix::fs::symlink(directory.path(), directory.path().join("round")).unwrap();
    }
    let (report, code) = report(directory.path(), &[]);
    assert_eq!((code, &report["files"]["read"], &report["operations"][0]["count"]), (0, &1.into(), &1.into()));
    assert_eq!(report["files"]["folders_passed_over"], 3);
}

#[test]
fn what_cannot_be_read_is_told_and_ends_with_1() {
    let large = "#".repeat((2 << 20) + 1);
    let directory = tree(&[("app.py", WORKS), ("binary.py", "\0\0"), ("large.py", &large)]);
    std::fs::write(directory.path().join("latin.py"), b"import boto3  # \xe9\nboto3.client('s3').list_buckets()\n")
        .unwrap();
    let (report, code) = report(directory.path(), &[]);
    assert_eq!(code, 1);
    let not_read: Vec<_> =
        report["files"]["not_read"].as_array().unwrap().iter().map(|file| file["why"].as_str().unwrap()).collect();
    assert_eq!(not_read, ["it is no text", "it is larger than 2 MiB"]);
    assert_eq!(report["summary"]["works"], 2);
}

#[test]
#[cfg(unix)]
fn names_of_files_do_nothing_to_a_terminal() {
    let directory = tree(&[("\u{1b}[2Jx.py", WORKS)]);
    let output = check(directory.path(), &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(!output.stdout.contains(&0x1b));
}

#[test]
fn a_journal_is_read() {
    let journal = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/journal/demo.ndjson");
    let directory = tree(&[]);
    let (report, code) = report(directory.path(), &["--journal", journal.to_str().unwrap()]);
    assert_eq!(code, 0);
    assert_eq!(report["calls"], 48);
    let names: Vec<_> =
        report["operations"].as_array().unwrap().iter().map(|used| used["operation"].as_str().unwrap()).collect();
    assert!(names.contains(&"GetObject") && names.contains(&"Scan"), "{names:?}");
}

#[test]
fn parameters_of_a_journal_are_read() {
    let line = |operation: &str, service: &str, parameters: &str| {
        let id = format!("01a20000-0000-7000-8000-0000000000{:02x}", operation.len());
        format!(
            r#"{{"v":2,"id":"{id}","at":1,"event":"started","pid":1,"who":{{"kind":"endpoint"}},"target":{{"kind":"local"}},"service":"{service}","operation":"{operation}","parameters":{parameters}}}"#
        )
    };
    let put = line(
        "PutObject",
        "s3",
        r#"{"bucket":"b","key":"k","headers":{"x-amz-server-side-encryption":"aws:kms","content-type":"text/plain"},"body":"x"}"#,
    );
    let scan = line("Scan", "dynamodb", r#"{"TableName":"t","Limit":1}"#);
    let directory = tree(&[("j.ndjson", &format!("{put}\n{scan}\n"))]);
    let (report, code) = report(directory.path(), &["--journal", "j.ndjson"]);
    assert_eq!(code, 5, "{report}");
    let put = report["operations"].as_array().unwrap().iter().find(|used| used["operation"] == "PutObject").unwrap();
    assert_eq!(put["not_visible"], 0);
    let apart: Vec<_> = put["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|given| (given["name"].as_str().unwrap(), given["status"].as_str().unwrap()))
        .collect();
    assert_eq!(
        apart,
        [("Bucket", "works"), ("ContentType", "works"), ("Key", "works"), ("ServerSideEncryption", "not_emulated")]
    );
}
