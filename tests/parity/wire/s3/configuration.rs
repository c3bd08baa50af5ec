//! Calls on what is set for a bucket: CORS, encryption.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{
    CorsConfiguration, CorsRule, ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration,
    ServerSideEncryptionRule,
};
use serde_json::{Value as Json, json};

use super::shape::{list, ok, send, told, with};
use crate::wire::Sent;

fn words(rule: &Json, member: &str) -> Option<Vec<String>> {
    list(rule, member, |word| word.as_str().expect("a text").to_owned())
}

fn rule(given: &Json) -> CorsRule {
    let rule = with!(CorsRule::builder(), given, "ID" => set_id, "MaxAgeSeconds" => set_max_age_seconds as number);
    rule.set_allowed_headers(words(given, "AllowedHeaders"))
        .set_allowed_methods(words(given, "AllowedMethods").or(Some(Vec::new())))
        .set_allowed_origins(words(given, "AllowedOrigins").or(Some(Vec::new())))
        .set_expose_headers(words(given, "ExposeHeaders"))
        .build()
        .expect("methods and origins")
}

pub async fn put_cors(client: &Client, input: &Json) -> Sent {
    let rules = list(&input["CORSConfiguration"], "CORSRules", rule).or(Some(Vec::new()));
    let configuration = CorsConfiguration::builder().set_cors_rules(rules).build().expect("rules");
    let call = with!(client.put_bucket_cors(), input, "Bucket" => set_bucket).cors_configuration(configuration);
    let (status, _) = send!(call, input);
    ok(status, json!({}))
}

pub async fn get_cors(client: &Client, input: &Json) -> Sent {
    let (status, output) = send!(with!(client.get_bucket_cors(), input, "Bucket" => set_bucket), input);
    let rules = output.cors_rules().iter().map(|rule| {
        told!(rule, "ID" => id, "AllowedHeaders" => allowed_headers, "AllowedMethods" => allowed_methods,
            "AllowedOrigins" => allowed_origins, "ExposeHeaders" => expose_headers, "MaxAgeSeconds" => max_age_seconds)
    });
    ok(status, json!({"CORSRules": rules.collect::<Json>()}))
}

pub async fn delete_cors(client: &Client, input: &Json) -> Sent {
    let (status, _) = send!(with!(client.delete_bucket_cors(), input, "Bucket" => set_bucket), input);
    ok(status, json!({}))
}

pub async fn put_encryption(client: &Client, input: &Json) -> Sent {
    let rule = |given: &Json| {
        let default = given.get("ApplyServerSideEncryptionByDefault").map(|default| {
            let default =
                with!(ServerSideEncryptionByDefault::builder(), default, "SSEAlgorithm" => set_sse_algorithm as word);
            default.build().expect("an algorithm")
        });
        let rule =
            with!(ServerSideEncryptionRule::builder(), given, "BucketKeyEnabled" => set_bucket_key_enabled as flag);
        rule.set_apply_server_side_encryption_by_default(default).build()
    };
    let rules = list(&input["ServerSideEncryptionConfiguration"], "Rules", rule).or(Some(Vec::new()));
    let configuration = ServerSideEncryptionConfiguration::builder().set_rules(rules).build().expect("rules");
    let call = with!(client.put_bucket_encryption(), input, "Bucket" => set_bucket);
    let (status, _) = send!(call.server_side_encryption_configuration(configuration), input);
    ok(status, json!({}))
}

pub async fn get_encryption(client: &Client, input: &Json) -> Sent {
    let (status, output) = send!(with!(client.get_bucket_encryption(), input, "Bucket" => set_bucket), input);
    let rules = output.server_side_encryption_configuration().map(|configuration| configuration.rules());
    let rules = rules.into_iter().flatten().map(|rule| {
        let default = rule.apply_server_side_encryption_by_default();
        json!({
            "ApplyServerSideEncryptionByDefault": default.map(|default| json!({"SSEAlgorithm": default.sse_algorithm().as_str()})),
            "BucketKeyEnabled": rule.bucket_key_enabled(),
        })
    });
    ok(status, json!({"Rules": rules.collect::<Json>()}))
}

pub async fn delete_encryption(client: &Client, input: &Json) -> Sent {
    let (status, _) = send!(with!(client.delete_bucket_encryption(), input, "Bucket" => set_bucket), input);
    ok(status, json!({}))
}
