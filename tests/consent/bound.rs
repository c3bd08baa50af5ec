//! A yes to one call is for what was stored when it was asked for.

use footbridge::consent::How;
use footbridge::mcp::Caller;
use serde_json::json;

use crate::world::{World, call, object};

#[tokio::test]
async fn what_somebody_wrote_after_the_question_is_not_overwritten() {
    let other = json!({ "table": "orders", "items": [{ "pk": "a", "n": 7 }] });
    let text = |key: &str| json!({ "bucket": "media", "key": key, "text": "somebody else's" });
    for (tool, arguments, meanwhile, changed) in [
        ("s3_put_object", json!({ "bucket": "media", "key": "a.txt", "text": "x" }), "s3_put_object", text("a.txt")),
        ("s3_put_object", json!({ "bucket": "media", "key": "new", "text": "x" }), "s3_put_object", text("new")),
        ("s3_delete_objects", json!({ "bucket": "media", "keys": ["a.txt"] }), "s3_put_object", text("a.txt")),
        (
            "s3_copy_object",
            json!({ "from": "s3://media/a.txt", "to": "s3://media/b.txt" }),
            "s3_put_object",
            text("a.txt"),
        ),
        (
            "dynamodb_put_items",
            json!({ "table": "orders", "items": [{ "pk": "a" }] }),
            "dynamodb_put_items",
            other.clone(),
        ),
        (
            "dynamodb_delete_items",
            json!({ "table": "orders", "keys": [{ "pk": "a" }] }),
            "dynamodb_put_items",
            other.clone(),
        ),
    ] {
        for how in [How::Once, How::Session] {
            let world = World::new().await;
            let (bridge, caller) = (world.bridge(), Caller::client("agent", "1"));
            let (of, by, same) = (bridge.clone(), caller.clone(), arguments.clone());
            let waiting = tokio::spawn(async move { call(&of, &by, tool, &same).await });
            let request = world.asked().await;
            let person = Caller::Command("test");
            let write = footbridge::mcp::Bridge::new(world.options(footbridge::mcp::Mode::ReadWrite));
            write.call(&person, meanwhile, object(&changed)).await.unwrap();
            let before = world.far.writes();
            world.approve(&request, how);
            let came = waiting.await.unwrap();
            if how == How::Session {
                // That is for whatever is there.
                came.unwrap();
                continue;
            }
            let error = came.unwrap_err();
            assert_eq!((error.code.as_str(), world.far.writes()), ("changed_since_asked", before), "{tool}: {error}");
            // The next one asks about what is there now, and runs.
            let same = arguments.clone();
            let waiting = tokio::spawn(async move { call(&bridge, &caller, tool, &same).await });
            world.approve(&world.asked().await, How::Once);
            waiting.await.unwrap().unwrap();
        }
    }
}
