//! What the client does, and what it expects; expectations come from the sample data, never from answers.

use serde_json::{Map, Value, json};

use super::fixtures::{self, Object, Table};
use super::stage::Stage;

/// Plays all acts in turn.
pub(super) async fn play(stage: &Stage) -> anyhow::Result<()> {
    let tables = fixtures::tables()?;
    let objects = fixtures::objects()?;
    stage.greet().await?;
    stage
        .call("bridge_status", json!({}), |status| status["backend"] == "local" && status["mode"] == "read-write")
        .await?;
    load_tables(stage, &tables).await?;
    load_objects(stage, &objects.buckets, &objects.objects).await?;
    read_items(stage, &tables).await?;
    change_items(stage, &tables).await?;
    presign(stage, &objects.objects).await?;
    go_wrong(stage).await
}

async fn load_tables(stage: &Stage, tables: &[Table]) -> anyhow::Result<()> {
    stage.title("Create tables and load them").await?;
    for Table { name, keys, indexes, items } in tables {
        let count = indexes.as_object().map_or(0, serde_json::Map::len);
        let right = |table: &Value| {
            let indexes = table["indexes"].as_array().map_or(0, Vec::len);
            table["status"] == "ACTIVE" && table["keys"] == *keys && indexes == count
        };
        let mut create = json!({ "table": name, "keys": keys });
        if count > 0 {
            create["indexes"] = indexes.clone();
        }
        stage.call("dynamodb_create_table", create, right).await?;
        let put = json!({ "table": name, "items": items });
        stage.call("dynamodb_put_items", put, |answer| answer["written"] == items.len()).await?;
    }
    let mut names: Vec<_> = tables.iter().map(|table| table.name).collect();
    names.sort_unstable();
    stage.call("dynamodb_list_tables", json!({}), |answer| answer["tables"] == json!(names)).await?;
    Ok(())
}

async fn load_objects(stage: &Stage, buckets: &[String], objects: &[Object]) -> anyhow::Result<()> {
    stage.title("Create buckets and upload objects").await?;
    for bucket in buckets {
        stage.call("s3_create_bucket", json!({ "bucket": bucket }), |answer| answer["created"] == *bucket).await?;
    }
    let puts: Vec<_> = objects.iter().map(Object::arguments).collect();
    stage.calls("s3_put_object", &puts, |answer| answer["etag"].is_string()).await?;
    for bucket in buckets {
        // S3 lists keys in the order of their UTF-8 bytes, which is Rust's own.
        let mut keys: Vec<_> = objects.iter().filter(|o| o.bucket == *bucket).map(|o| o.key.as_str()).collect();
        keys.sort_unstable();
        let right = |answer: &Value| {
            let listed = answer["objects"].as_array().into_iter().flatten();
            answer["cursor"].is_null() && listed.map(|object| &object["key"]).eq(&keys)
        };
        stage.call("s3_list_objects", json!({ "bucket": bucket }), right).await?;
    }
    let level = json!({ "bucket": "footbridge-shop-media", "delimiter": "/" });
    let prefixes = json!(["exports/", "invoices/", "products/", "reports/"]);
    stage.call("s3_list_objects", level, |answer| answer["prefixes"] == prefixes).await?;
    let index = json!({ "bucket": "footbridge-shop-media", "key": "products/index.json" });
    stage.call("s3_get_object", index, |answer| answer["json"]["products"][0] == "tea-assam").await?;
    Ok(())
}

async fn read_items(stage: &Stage, tables: &[Table]) -> anyhow::Result<()> {
    stage.title("Query and scan").await?;
    let shop = items_of(tables, "Shop");
    let is_order = |item: &&Value| item["sk"].as_str().is_some_and(|sk| sk.starts_with("ORDER#"));
    let mut orders: Vec<_> = shop.iter().filter(|item| item["pk"] == "CUSTOMER#ada").filter(is_order).collect();
    orders.sort_unstable_by_key(|item| item["sk"].as_str());
    orders.reverse();
    let newest_first = json!({
        "table": "Shop",
        "key_condition": "pk = :p AND begins_with(sk, :o)",
        "values": { ":p": "CUSTOMER#ada", ":o": "ORDER#" },
        "descending": true,
    });
    stage.call("dynamodb_query", newest_first, |answer| answer["items"] == json!(orders)).await?;

    let dear = items_of(tables, "ProductCatalog").iter().filter(|item| item["Price"].as_i64() > Some(250)).count();
    let scan = json!({
        "table": "ProductCatalog",
        "filter": "Price > :p",
        "values": { ":p": 250 },
        "fields": ["Title", "Price"],
    });
    let right = |answer: &Value| {
        let names = |item: &Value| item.as_object().is_some_and(|item| item.keys().eq(["Price", "Title"]));
        answer["count"] == dear && answer["items"].as_array().is_some_and(|items| items.iter().all(names))
    };
    stage.call("dynamodb_scan", scan, right).await?;
    stage.call("dynamodb_scan", json!({ "table": "Shop", "count": true }), |a| a["count"] == shop.len()).await?;

    // Numbers of 38 digits, binary and sets come back as they went.
    let extremes = shop.iter().find(|item| item["sk"] == "EXTREMES").cloned().unwrap_or_default();
    let keys = json!({ "table": "Shop", "keys": [{ "pk": "LEDGER#2026", "sk": "EXTREMES" }] });
    stage.call("dynamodb_get_items", keys, |answer| same(&answer["items"][0], &extremes)).await?;

    stage.title("A long answer comes page by page").await?;
    let mut arguments = json!({ "table": "Shop", "limit": 12 });
    let mut seen = 0;
    loop {
        let answer = stage.call("dynamodb_scan", arguments.clone(), |a| a["items"].is_array()).await?;
        seen += answer["items"].as_array().map_or(0, Vec::len);
        if answer["cursor"].is_null() || answer["items"].is_null() {
            break;
        }
        arguments["cursor"] = answer["cursor"].clone();
    }
    anyhow::ensure!(seen == shop.len(), "the pages held {seen} items, not {}", shop.len());
    Ok(())
}

async fn change_items(stage: &Stage, tables: &[Table]) -> anyhow::Result<()> {
    stage.title("Change and delete").await?;
    let thread = items_of(tables, "Thread").first().cloned().unwrap_or_default();
    let views = thread["Views"].as_i64().unwrap_or_default();
    // `Views` is one of DynamoDB's reserved words: the bridge takes care of it.
    let update = json!({
        "table": "Thread",
        "key": { "ForumName": thread["ForumName"], "Subject": thread["Subject"] },
        "update": "SET Views = Views + :one, LastPostedBy = :who",
        "values": { ":one": 1, ":who": "User B" },
        "return": "updated_new",
    });
    let right = |answer: &Value| answer["attributes"] == json!({ "LastPostedBy": "User B", "Views": views + 1 });
    stage.call("dynamodb_update_item", update, right).await?;

    let extra = json!({ "Name": "Footbridges", "Category": "Engineering", "Threads": 0 });
    stage.call("dynamodb_put_items", json!({ "table": "Forum", "items": [extra] }), |a| a["written"] == 1).await?;
    let delete = json!({ "table": "Forum", "keys": [{ "Name": "Footbridges" }] });
    stage.call("dynamodb_delete_items", delete, |answer| same(&answer["item"], &extra)).await?;
    Ok(())
}

async fn presign(stage: &Stage, objects: &[Object]) -> anyhow::Result<()> {
    stage.title("Presigned URLs, fetched over plain HTTP").await?;
    let bucket = "footbridge-shop-media";
    let key = "invoices/1001.txt";
    let invoice = objects.iter().find(|object| object.bucket == bucket && object.key == key);
    let text = invoice.and_then(|object| object.text.clone()).unwrap_or_default();
    let has_url = |answer: &Value| answer["url"].as_str().is_some_and(|url| url.contains("X-Amz-Signature="));
    let get = stage.call("s3_presign_url", json!({ "bucket": bucket, "key": key }), has_url).await?;
    stage.http(&get, "", |status, body| status == 200 && body == text).await?;
    let (key, note) = ("notes/from-curl.txt", "sent without any SDK\n");
    let arguments = json!({ "bucket": bucket, "key": key, "method": "put", "expires_in": 300 });
    let put = stage.call("s3_presign_url", arguments, has_url).await?;
    stage.http(&put, note, |status, _| status == 200).await?;
    let read = json!({ "bucket": bucket, "key": key, "as": "text" });
    stage.call("s3_get_object", read, |answer| answer["text"] == note).await?;
    Ok(())
}

async fn go_wrong(stage: &Stage) -> anyhow::Result<()> {
    stage.title("Errors are AWS's own, with a hint; what destroys wants a word first").await?;
    let missing = json!({ "bucket": "footbridge-shop-media", "key": "no/such/key" });
    stage.fail("s3_get_object", missing, "NoSuchKey").await?;
    let twice = json!({
        "table": "Forum",
        "items": [{ "Name": "Amazon S3" }],
        "condition": "attribute_not_exists(Name)",
    });
    stage.fail("dynamodb_put_items", twice, "ConditionalCheckFailedException").await?;
    stage.fail("dynamodb_query", json!({ "table": "Shop", "key": "x" }), "invalid_arguments").await?;
    stage.fail("dynamodb_delete_table", json!({ "table": "Shop" }), "confirm_required").await
}

fn items_of<'a>(tables: &'a [Table], name: &str) -> &'a [Value] {
    tables.iter().find(|table| table.name == name).map_or(&[], |table| table.items.as_slice())
}

/// Whether two items are the same: sets have no order.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, value)| member(name, value, b))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (a, b) => a == b,
    }
}

fn member(name: &str, value: &Value, other: &Map<String, Value>) -> bool {
    match (value, other.get(name)) {
        (Value::Array(a), Some(Value::Array(b))) if matches!(name, "$ss" | "$ns" | "$bs") => {
            a.len() == b.len() && a.iter().all(|element| b.contains(element))
        }
        (value, Some(other)) => same(value, other),
        (_, None) => false,
    }
}
