//! What is set for a bucket: CORS, encryption.

use serde_json::{Value as Json, json};

use super::refusal::{self, Refusal};
use super::state::World;
use super::{Said, told};

pub fn put_cors(world: &mut World, input: &Json) -> Said {
    let rules = &input["CORSConfiguration"]["CORSRules"];
    let all = rules.as_array().map_or(&[][..], Vec::as_slice);
    if all.is_empty()
        || all.iter().any(|rule| ["AllowedMethods", "AllowedOrigins"].iter().any(|list| rule[*list] == json!([])))
    {
        return Err(refusal::malformed());
    }
    let methods = all.iter().flat_map(|rule| rule["AllowedMethods"].as_array().into_iter().flatten());
    for method in methods.filter_map(Json::as_str) {
        if !["GET", "PUT", "HEAD", "POST", "DELETE"].contains(&method) {
            let message = format!("Found unsupported HTTP method in CORS config. Unsupported method is {method}");
            return Err(refusal::invalid_request(&message));
        }
    }
    world.bucket(input)?.cors = Some(rules.clone());
    told(200, json!({}))
}

pub fn get_cors(world: &mut World, input: &Json) -> Said {
    let missing = || {
        let refusal = Refusal::new(404, "NoSuchCORSConfiguration", "The CORS configuration does not exist");
        refusal.with("BucketName", input["Bucket"].clone())
    };
    let rules = world.bucket(input)?.cors.clone().ok_or_else(missing)?;
    told(200, json!({"CORSRules": rules}))
}

pub fn delete_cors(world: &mut World, input: &Json) -> Said {
    world.bucket(input)?.cors = None;
    told(204, json!({}))
}

pub fn put_encryption(world: &mut World, input: &Json) -> Said {
    let rules = &input["ServerSideEncryptionConfiguration"]["Rules"];
    world.bucket(input)?.encryption = Some(json!({
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
        "BucketKeyEnabled": rules[0]["BucketKeyEnabled"].as_bool().unwrap_or(false),
    }));
    told(200, json!({}))
}

/// Every bucket has AWS's default.
pub fn get_encryption(world: &mut World, input: &Json) -> Said {
    let default = json!({"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": false});
    let rule = world.bucket(input)?.encryption.clone().unwrap_or(default);
    told(200, json!({"Rules": [rule]}))
}

pub fn delete_encryption(world: &mut World, input: &Json) -> Said {
    world.bucket(input)?.encryption = None;
    told(204, json!({}))
}
