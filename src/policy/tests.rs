use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::journal::{Call, Finished, Outcome, Started, Subject, Target, Who};

struct Bench(Needs);

impl Bench {
    fn new(options: Options) -> Self {
        Self(Needs::new(options))
    }

    /// A call at the endpoint.
    fn call(&mut self, operation: &str, status: u16, asked: Value) -> &mut Self {
        self.call_of("s3", operation, status, asked, &[])
    }

    fn call_of(&mut self, service: &str, operation: &str, status: u16, asked: Value, resources: &[&str]) -> &mut Self {
        let outcome = match status {
            200 => Outcome::Ok,
            404 => Outcome::Error { code: "NoSuchKey".into(), message: String::new() },
            501 => Outcome::Error { code: "NotImplemented".into(), message: String::new() },
            _ => Outcome::Error { code: "SignatureDoesNotMatch".into(), message: String::new() },
        };
        let (account, region) = (Some("111122223333".into()), Some("eu-west-1".into()));
        self.0.add(&Call {
            id: uuid::Uuid::nil(),
            at: 0,
            time: None,
            file: String::new(),
            started: Started {
                pid: 1,
                who: Who::Endpoint { user_agent: None },
                target: Target::Local { account, region },
                target_name: None,
                subject: Subject::Operation { service: service.into(), operation: operation.into() },
                admission: None,
                resources: resources.iter().map(|name| (*name).to_owned()).collect(),
                access: serde_json::from_value(asked).unwrap(),
                parameters: Value::Null,
                bytes_in: None,
                partial: false,
            },
            finished: Some(Finished {
                outcome,
                ms: 1.0,
                http_status: Some(status),
                bytes_out: None,
                aws_calls: Vec::new(),
                aws_calls_left_out: 0,
                response: Value::Null,
                response_partial: false,
                consent: None,
            }),
        });
        self
    }

    fn statements(&self) -> Value {
        self.0.document().map(|document| document.json()["Statement"].clone()).unwrap_or_default()
    }

    /// What an action is allowed on.
    fn of(&self, action: &str) -> BTreeSet<String> {
        let statements = self.0.document().map(|document| document.statements).unwrap_or_default();
        let with = statements.into_iter().filter(|statement| statement.actions.contains(action));
        with.flat_map(|statement| statement.resources).collect()
    }
}

fn set(texts: &[&str]) -> BTreeSet<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn actions_and_resources_stand_together_where_that_is_shortest() {
    let mut bench = Bench::new(Options::default());
    bench
        .call("PutObject", 200, json!({"s3:PutObject": ["s3://photos/a"]}))
        .call("GetObject", 200, json!({"s3:GetObject": ["s3://photos/a"]}))
        .call("ListObjectsV2", 200, json!({"s3:ListBucket": ["s3://photos"]}))
        .call("ListBuckets", 200, json!({"s3:ListAllMyBuckets": ["*"]}))
        .call_of("dynamodb", "Query", 200, json!({"dynamodb:Query": ["dynamodb://orders/index/by_day"]}), &[])
        .call_of("dynamodb", "Query", 200, json!({"dynamodb:Query": ["dynamodb://orders"]}), &[])
        .call_of("dynamodb", "GetRecords", 200, json!({"dynamodb:GetRecords": ["dynamodb://orders/stream"]}), &[]);
    let table = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
    assert_eq!(
        bench.statements(),
        json!([
            {"Sid": "Account", "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"},
            {"Sid": "BucketPhotos", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::photos"},
            {"Sid": "IndexTableOrders", "Effect": "Allow", "Action": "dynamodb:Query",
             "Resource": [table, format!("{table}/index/by_day")]},
            {"Sid": "ObjectsPhotos", "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
             "Resource": "arn:aws:s3:::photos/a"},
            {"Sid": "StreamOrders", "Effect": "Allow", "Action": "dynamodb:GetRecords",
             "Resource": format!("{table}/stream/*")},
        ])
    );
    assert_eq!(bench.0.in_use().buckets, set(&["photos"]));
}

#[test]
fn account_region_and_partition_can_be_set() {
    let options = Options { account: Some("1".repeat(12)), region: Some("cn-north-1".into()), ..Options::default() };
    let mut bench = Bench::new(options);
    bench.call_of("dynamodb", "GetItem", 200, json!({"dynamodb:GetItem": ["dynamodb://orders"]}), &[]);
    bench.call("HeadBucket", 200, json!({"s3:ListBucket": ["s3://photos"]}));
    assert_eq!(bench.of("dynamodb:GetItem"), set(&["arn:aws-cn:dynamodb:cn-north-1:111111111111:table/orders"]));
    assert_eq!(bench.of("s3:ListBucket"), set(&["arn:aws-cn:s3:::photos"]));
}

#[test]
fn a_missing_key_needs_the_listing_of_its_bucket() {
    let mut bench = Bench::new(Options::default());
    bench.call("HeadObject", 404, json!({"s3:GetObject": ["s3://photos/none"]}));
    assert_eq!(bench.of("s3:ListBucket"), set(&["arn:aws:s3:::photos"]));
    assert_eq!(bench.of("s3:GetObject"), set(&["arn:aws:s3:::photos/none"]));
}

#[test]
fn what_aws_would_not_have_asked_iam_for_is_left_out_and_said() {
    let mut bench = Bench::new(Options::default());
    bench
        .call("GetBucketPolicy", 501, json!({}))
        .call("GetObject", 403, json!({"s3:GetObject": ["s3://photos/a"]}))
        .call("CreateBucket", 400, json!({"s3:CreateBucket": ["s3://No_such/*"]}))
        .call_of("sts", "GetCallerIdentity", 200, json!({}), &[]);
    assert_eq!((bench.0.document(), bench.0.calls()), (None, 1));
    let notes = bench.0.notes().join("\n");
    for part in ["GetBucketPolicy is not built", "not signed", "GetCallerIdentity needs no permission"] {
        assert!(notes.contains(part), "{notes}");
    }
}

#[test]
fn what_an_older_journal_does_not_know_is_said_and_a_wildcard_only_on_demand() {
    for wildcards in [false, true] {
        let mut bench = Bench::new(Options { wildcards, ..Options::default() });
        bench
            .call_of("s3", "DeleteObjects", 200, json!({}), &["s3://photos"])
            .call_of("s3", "GetObject", 200, json!({}), &["s3://photos/a"])
            .call_of("dynamodb", "PutItem", 200, json!({}), &["dynamodb://orders"])
            .call_of("dynamodb", "Query", 200, json!({}), &[]);
        assert_eq!(bench.of("s3:GetObject"), set(&["arn:aws:s3:::photos/a"]));
        assert_eq!(bench.of("dynamodb:PutItem"), set(&["arn:aws:dynamodb:eu-west-1:111122223333:table/orders"]));
        let (keys, tables) = (bench.of("s3:DeleteObject"), bench.of("dynamodb:Query"));
        if wildcards {
            assert_eq!(keys, set(&["arn:aws:s3:::photos/*"]));
            assert_eq!(tables, set(&["arn:aws:dynamodb:eu-west-1:111122223333:table/*"]));
        } else {
            assert_eq!((keys, tables), (set(&[]), set(&[])));
        }
        assert!(bench.0.notes().iter().any(|note| note.contains("which keys of photos DeleteObjects")));
    }
}

#[test]
fn keys_are_named_as_closely_as_asked() {
    let with = |keys: Keys, names: &[&str]| {
        let mut bench = Bench::new(Options { keys, ..Options::default() });
        for name in names {
            bench.call("GetObject", 200, json!({"s3:GetObject": [format!("s3://photos/{name}")]}));
        }
        let found = bench.of("s3:GetObject");
        found.into_iter().map(|arn| arn.replace("arn:aws:s3:::photos/", "")).collect::<Vec<_>>()
    };
    let few = ["2025/a", "2026/b/c", "top"];
    assert_eq!(with(Keys::Auto, &few), few);
    assert_eq!(with(Keys::Prefix, &few), ["2025/a", "2026/b/*", "top"]);
    assert_eq!(with(Keys::Bucket, &few), ["*"]);
    let many: Vec<String> = (0..30).map(|n| format!("year/{}/{n}", n % 3)).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(with(Keys::Auto, &many), ["year/0/*", "year/1/*", "year/2/*"]);
    assert_eq!(with(Keys::Exact, &many).len(), 30);
    let scattered: Vec<String> = (0..30).map(|n| format!("{n}/{n}")).collect();
    let scattered: Vec<&str> = scattered.iter().map(String::as_str).collect();
    assert_eq!(with(Keys::Auto, &scattered), ["*"]);
    assert_eq!(with(Keys::Auto, &["a*b?$c", "ü/\u{4e2d}\u{6587}.txt"]), ["a${*}b${?}${$}c", "ü/*.txt"]);
}

#[test]
fn every_statement_has_a_name_of_its_own_of_letters_and_digits() {
    let mut bench = Bench::new(Options::default());
    for n in 0..5 {
        let table = format!("dynamodb://my-table_{n}");
        bench.call_of("dynamodb", "GetItem", 200, json!({"dynamodb:GetItem": [table]}), &[]);
        for m in 0..n {
            let action = format!("dynamodb:Other{m}");
            bench.call_of("dynamodb", "Other", 200, json!({ action: [format!("dynamodb://my-table_{n}")] }), &[]);
        }
    }
    let statements = bench.0.document().unwrap().statements;
    let sids: BTreeSet<_> = statements.iter().map(|statement| &statement.sid).collect();
    assert_eq!(sids.len(), statements.len());
    assert!(sids.iter().all(|sid| !sid.is_empty() && sid.chars().all(|c| c.is_ascii_alphanumeric())), "{sids:?}");
}

#[test]
fn a_role_that_was_assumed_is_named_by_its_arn() {
    let role = "arn:aws:iam::444455556666:role/team/Reader";
    let mut bench = Bench::new(Options::default());
    bench
        .call_of("sts", "AssumeRole", 200, json!({"sts:AssumeRole": [role], "sts:TagSession": [role]}), &[role])
        .call_of("sts", "GetSessionToken", 200, json!({}), &[])
        .call_of("sts", "AssumeRole", 200, json!({"sts:AssumeRole": ["arn:aws:iam::1:role/*"]}), &[]);
    assert_eq!(bench.of("sts:AssumeRole"), set(&[role]));
    assert_eq!(bench.of("sts:TagSession"), set(&[role]));
}
