//! Secondary indexes.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{
    CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex, GlobalSecondaryIndexUpdate, KeyType, LocalSecondaryIndex,
    Projection, ProjectionType,
};

use super::{INVALID, Item, fill, item, n, numbers, put, s};
use crate::world::{World, defined, part, refusal};

fn projecting(kind: ProjectionType) -> Projection {
    Projection::builder().projection_type(kind).build()
}

/// A table with the global index `by_color`: color and size.
async fn colored(world: &World, projection: Projection) -> String {
    let index = GlobalSecondaryIndex::builder().index_name("by_color").projection(projection);
    let index =
        index.key_schema(part("color", KeyType::Hash)).key_schema(part("size", KeyType::Range)).build().unwrap();
    let more = |create: aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder| {
        let create = create.attribute_definitions(defined("color", "S")).attribute_definitions(defined("size", "N"));
        create.global_secondary_indexes(index)
    };
    world.table_with("t", "pk S", more).await
}

fn thing(pk: &str, color: &str, size: i64) -> Item {
    item([("pk", s(pk)), ("color", s(color)), ("size", n(size)), ("x", n(0)), ("y", n(1))])
}

fn by_color(world: &World, table: &str, color: &str) -> QueryFluentBuilder {
    let query = world.dynamodb.query().table_name(table).index_name("by_color");
    query.key_condition_expression("color = :color").expression_attribute_values(":color", s(color))
}

/// The items of a color, once there are so many.
async fn found(world: &World, table: &str, color: &str, count: i32) -> Vec<Item> {
    let look = async || {
        let found = by_color(world, table, color).send().await.unwrap();
        (found.count == count).then(|| found.items.unwrap_or_default())
    };
    world.eventually(&format!("{count} {color} in the index"), look).await
}

pub async fn an_index_follows_every_write(world: &World) {
    let table = colored(world, projecting(ProjectionType::All)).await;
    for (pk, size) in [("a", 3), ("b", 1), ("c", 2)] {
        put(world, &table, thing(pk, "red", size)).await;
    }
    assert_eq!(numbers(&found(world, &table, "red", 3).await, "size"), [1, 2, 3]);
    // An update moves an item to another place, and a delete takes it away.
    let update = world.dynamodb.update_item().table_name(&table).key("pk", s("b"));
    let update = update.update_expression("SET color = :blue").expression_attribute_values(":blue", s("blue"));
    update.send().await.unwrap();
    assert_eq!(found(world, &table, "blue", 1).await, [thing("b", "blue", 1)]);
    world.dynamodb.delete_item().table_name(&table).key("pk", s("a")).send().await.unwrap();
    assert_eq!(found(world, &table, "red", 1).await, [thing("c", "red", 2)]);
}

pub async fn what_has_no_index_key_is_not_in_it(world: &World) {
    let table = colored(world, projecting(ProjectionType::All)).await;
    put(world, &table, thing("a", "red", 1)).await;
    put(world, &table, item([("pk", s("no color")), ("size", n(1))])).await;
    put(world, &table, item([("pk", s("no size")), ("color", s("red"))])).await;
    found(world, &table, "red", 1).await;
    let scan = || world.dynamodb.scan().table_name(&table).index_name("by_color").send();
    assert_eq!(scan().await.unwrap().count(), 1);
    let wrong = item([("pk", s("b")), ("color", n(1)), ("size", n(1))]);
    assert_eq!(refusal(super::putting(world, &table, wrong).send().await), INVALID);
    let update = world.dynamodb.update_item().table_name(&table).key("pk", s("a")).update_expression("REMOVE #size");
    update.expression_attribute_names("#size", "size").send().await.unwrap();
    found(world, &table, "red", 0).await;
}

pub async fn an_index_holds_what_is_projected(world: &World) {
    let include = Projection::builder().projection_type(ProjectionType::Include).non_key_attributes("x").build();
    let table = colored(world, include).await;
    put(world, &table, thing("a", "red", 1)).await;
    let mut wanted = thing("a", "red", 1);
    wanted.remove("y");
    assert_eq!(found(world, &table, "red", 1).await, [wanted]);
    let more = by_color(world, &table, "red").projection_expression("y").send().await;
    assert_eq!(refusal(more), INVALID);
    let consistent = by_color(world, &table, "red").consistent_read(true).send().await;
    assert_eq!(refusal(consistent), INVALID);
}

pub async fn equal_index_keys_come_in_pages(world: &World) {
    let table = colored(world, projecting(ProjectionType::KeysOnly)).await;
    let wanted: Vec<String> = (0..7).map(|number| format!("pk{number}")).collect();
    fill(world, &table, wanted.iter().map(|pk| thing(pk, "red", 1))).await;
    found(world, &table, "red", 7).await;
    for limit in [2, 7] {
        let (mut seen, mut start) = (Vec::new(), None);
        loop {
            let page = by_color(world, &table, "red").limit(limit).set_exclusive_start_key(start).send().await.unwrap();
            seen.extend(page.items().iter().map(|item| item["pk"].as_s().unwrap().clone()));
            start = page.last_evaluated_key;
            let Some(start) = &start else { break };
            // It names the place in the index and the item.
            assert_eq!(start.len(), 3);
        }
        seen.sort_unstable();
        assert_eq!(seen, wanted, "limit {limit}");
    }
}

pub async fn a_local_index_is_as_fresh_as_its_table(world: &World) {
    let index = LocalSecondaryIndex::builder().index_name("by_size").projection(projecting(ProjectionType::KeysOnly));
    let index = index.key_schema(part("pk", KeyType::Hash)).key_schema(part("size", KeyType::Range)).build().unwrap();
    let more = |create: aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder| {
        create.attribute_definitions(defined("size", "N")).local_secondary_indexes(index)
    };
    let table = world.table_with("t", "pk S, sk N", more).await;
    for (sk, size) in [(1, 30), (2, 10), (3, 20)] {
        put(world, &table, item([("pk", s("a")), ("sk", n(sk)), ("size", n(size)), ("x", n(sk))])).await;
    }
    put(world, &table, item([("pk", s("a")), ("sk", n(4))])).await;
    let query = || {
        let query = world.dynamodb.query().table_name(&table).index_name("by_size").consistent_read(true);
        query.key_condition_expression("pk = :pk").expression_attribute_values(":pk", s("a"))
    };
    assert_eq!(numbers(query().send().await.unwrap().items(), "sk"), [2, 3, 1]);
    // A local index fetches from the table what it does not hold.
    let more = query().projection_expression("x").send().await.unwrap();
    assert_eq!(numbers(more.items(), "x"), [2, 3, 1]);
}

pub async fn an_index_made_later_holds_what_was_there(world: &World) {
    let table = world.table("t", "pk S").await;
    fill(world, &table, (0..5).map(|number| thing(&format!("pk{number}"), "red", number))).await;
    let create = CreateGlobalSecondaryIndexAction::builder().index_name("by_color");
    let create = create.projection(projecting(ProjectionType::All));
    let create = create.key_schema(part("color", KeyType::Hash)).key_schema(part("size", KeyType::Range));
    let change = GlobalSecondaryIndexUpdate::builder().create(create.build().unwrap()).build();
    let update = world.dynamodb.update_table().table_name(&table).global_secondary_index_updates(change);
    let update = update.attribute_definitions(defined("color", "S")).attribute_definitions(defined("size", "N"));
    update.send().await.unwrap();
    world.ready(&table).await;
    assert_eq!(numbers(&found(world, &table, "red", 5).await, "size"), [0, 1, 2, 3, 4]);
}
