//! What the guard lets through and what it refuses, and what is left after a run: against an emulator in this process.

use std::path::Path;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, Tag,
};
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::primitives::ByteStream;
use footbridge::backend::Clients;
use footbridge::testing::Footbridge;

use super::run::run;
use crate::account::clean::TAG;
use crate::account::guard::NotSent;
use crate::account::ledger::{State, Thing};
use crate::account::{Account, Reached};
use crate::play::Histories;

struct World {
    aws: Footbridge,
    ledgers: tempfile::TempDir,
}

impl World {
    /// An account in which somebody else has a table and a bucket.
    async fn new() -> Self {
        let world = Self { aws: footbridge::testing::start().await.unwrap(), ledgers: tempfile::tempdir().unwrap() };
        world.theirs("orders").await;
        world
    }

    async fn theirs(&self, name: &str) {
        create(&Clients::of(self.aws.config()), name, None).await.unwrap();
        let put = self.aws.dynamodb.put_item().table_name(name).item("pk", AttributeValue::S("kept".into()));
        put.send().await.unwrap();
        self.aws.s3.create_bucket().bucket(name).send().await.unwrap();
        self.aws.s3.put_object().bucket(name).key("kept").body(ByteStream::from_static(b"kept")).send().await.unwrap();
    }

    async fn reached(&self) -> Reached {
        Reached::by(self.aws.config().clone(), vec!["http://localhost".into()]).await.unwrap()
    }

    async fn account(&self, id: &str, budget: u64) -> Account {
        self.reached().await.begin_as(self.ledgers.path(), id, budget, None).unwrap()
    }

    async fn is_whole(&self, name: &str) {
        let items = self.aws.dynamodb.scan().table_name(name).send().await.unwrap();
        assert_eq!(items.count(), 1);
        let got = self.aws.s3.get_object().bucket(name).key("kept").send().await.unwrap();
        assert_eq!(got.body.collect().await.unwrap().to_vec(), b"kept");
    }

    /// The tables and buckets that there are.
    async fn names(&self) -> Vec<String> {
        let tables = self.aws.dynamodb.list_tables().send().await.unwrap();
        let buckets = self.aws.s3.list_buckets().send().await.unwrap();
        let buckets = buckets.buckets().iter().map(|bucket| bucket.name().unwrap().to_owned());
        tables.table_names().iter().cloned().chain(buckets).collect()
    }

    fn ledgers(&self) -> usize {
        std::fs::read_dir(self.ledgers.path()).unwrap().count()
    }
}

async fn create(clients: &Clients, name: &str, tag: Option<&str>) -> Result<(), String> {
    let create = clients.dynamodb.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    let pk = AttributeDefinition::builder().attribute_name("pk").attribute_type(ScalarAttributeType::S);
    let hash = KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash);
    let tag = tag.map(|value| vec![Tag::builder().key(TAG).value(value).build().unwrap()]);
    let create = create.attribute_definitions(pk.build().unwrap()).key_schema(hash.build().unwrap()).set_tags(tag);
    create.send().await.map(drop).map_err(|error| DisplayErrorContext(error).to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_this_run_did_not_make_is_refused_before_anything_is_sent() {
    let world = World::new().await;
    let account = world.account("00000001", 1000).await;
    let Clients { s3, dynamodb, .. } = account.clients();
    let key = || AttributeValue::S("kept".into());
    let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/orders";
    macro_rules! refused {
        ($($call:expr),+ $(,)?) => {$(
            let why = DisplayErrorContext($call.send().await.err().expect("it is refused")).to_string();
            assert!(why.contains("refused before sending"), "{why}");
        )+};
    }
    let put = aws_sdk_dynamodb::types::PutRequest::builder().item("pk", key()).build().unwrap();
    let put = aws_sdk_dynamodb::types::WriteRequest::builder().put_request(put).build();
    let doomed = aws_sdk_dynamodb::types::Delete::builder().table_name("orders").key("pk", key()).build().unwrap();
    let doomed = aws_sdk_dynamodb::types::TransactWriteItem::builder().delete(doomed).build();
    let elsewhere =
        aws_sdk_s3::types::CreateBucketConfiguration::builder().location_constraint("eu-west-1".into()).build();
    refused!(
        dynamodb.get_item().table_name("orders").key("pk", key()),
        dynamodb.put_item().table_name("orders").item("pk", key()),
        dynamodb.put_item().table_name(arn).item("pk", key()),
        dynamodb.delete_item().table_name("orders").key("pk", key()),
        dynamodb.scan().table_name("orders"),
        dynamodb.batch_write_item().request_items("orders", vec![put]),
        dynamodb.transact_write_items().transact_items(doomed),
        dynamodb.execute_statement().statement("DELETE FROM orders WHERE pk = 'kept'"),
        dynamodb.delete_table().table_name("orders"),
        dynamodb.tag_resource().resource_arn(arn).tags(Tag::builder().key("a").value("b").build().unwrap()),
        dynamodb.update_table().table_name("orders").deletion_protection_enabled(true),
        dynamodb.update_continuous_backups().table_name("orders"),
        dynamodb.create_table().table_name("mine").billing_mode(BillingMode::PayPerRequest),
        s3.get_object().bucket("orders").key("kept"),
        s3.put_object().bucket("orders").key("kept"),
        s3.delete_object().bucket("orders").key("kept"),
        s3.delete_bucket().bucket("orders"),
        s3.create_bucket().bucket("mine"),
        s3.list_objects_v2().bucket("orders"),
        s3.put_bucket_policy().bucket(format!("{}b", account.prefix())).policy("{}"),
        s3.create_bucket().bucket(format!("{}b", account.prefix())).object_lock_enabled_for_bucket(true),
        s3.create_bucket().bucket(format!("{}b", account.prefix())).create_bucket_configuration(elsewhere),
    );
    let mine = format!("{}b", account.prefix());
    s3.create_bucket().bucket(&mine).send().await.unwrap();
    refused!(s3.copy_object().bucket(&mine).key("stolen").copy_source("orders/kept"));
    world.is_whole("orders").await;
    // What lists the account shows what is ours.
    assert_eq!(s3.list_buckets().send().await.unwrap().buckets().len(), 1);
    assert!(dynamodb.list_tables().send().await.unwrap().table_names().is_empty());
    assert_eq!(account.close().await, Vec::<String>::new());
    assert_eq!((world.names().await, world.ledgers()), (vec!["orders".into(), "orders".into()], 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_with_the_prefix_that_somebody_else_took_is_foreign() {
    let world = World::new().await;
    let account = world.account("00000002", 1000).await;
    let name = format!("{}taken", account.prefix());
    world.theirs(&name).await;
    let clients = account.clients();
    let why = create(&clients, &name, None).await.unwrap_err();
    assert!(why.contains("was there before this run"), "{why}");
    let why = clients.s3.create_bucket().bucket(&name).send().await.unwrap_err();
    assert!(DisplayErrorContext(why).to_string().contains("was there before this run"));
    let why = clients.s3.delete_object().bucket(&name).key("kept").send().await.unwrap_err();
    assert!(DisplayErrorContext(why).to_string().contains("somebody else's"));
    for thing in [Thing::Table(name.clone()), Thing::Bucket(name.clone())] {
        assert_eq!(account.guard.ledger.state(&thing), Some(State::Foreign));
    }
    assert_eq!(account.close().await, Vec::<String>::new());
    world.is_whole(&name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spent_budget_ends_the_run_and_not_the_clean_up() {
    let world = World::new().await;
    let account = world.account("00000003", 6).await;
    let clients = account.clients();
    let (table, bucket) = (format!("{}t", account.prefix()), format!("{}b", account.prefix()));
    create(&clients, &table, None).await.unwrap();
    clients.s3.create_bucket().bucket(&bucket).send().await.unwrap();
    clients.s3.put_object().bucket(&bucket).key("k").send().await.unwrap();
    clients.s3.put_object().bucket(&bucket).key("l").send().await.unwrap();
    let refused = clients.s3.put_object().bucket(&bucket).key("m").send().await.unwrap_err();
    assert!(DisplayErrorContext(refused).to_string().contains("the budget of 6 calls is spent"));
    assert_eq!((account.guard.sent(), account.guard.not_sent()), (6, vec![NotSent::Spent(6)]));
    assert_eq!(account.close().await, Vec::<String>::new());
    assert_eq!(world.names().await, ["orders", "orders"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_run_left_is_taken_away_and_nothing_else() {
    let world = World::new().await;
    let account = world.account("00000004", 1000).await;
    let clients = account.clients();
    let name = |label: &str| format!("footbridge-parity-00000004-{label}");
    create(&clients, &name("made"), Some("00000004")).await.unwrap();
    clients.s3.create_bucket().bucket(name("made")).send().await.unwrap();
    clients.s3.put_object().bucket(name("made")).key("k").send().await.unwrap();
    clients.s3.create_multipart_upload().bucket(name("made")).key("open").send().await.unwrap();
    // Killed between a creation and its answer: the tag tells whose it is.
    account.guard.ledger.set(&Thing::Table(name("tagged")), State::Wanted { at: 0 }).unwrap();
    create(&Clients::of(world.aws.config()), &name("tagged"), Some("00000004")).await.unwrap();
    // Somebody else's, of the same name as something that was wanted, and something that was never.
    let other = State::Made { wanted: 1, at: 2, id: Some("another id".into()) };
    account.guard.ledger.set(&Thing::Table(name("theirs")), other.clone()).unwrap();
    account.guard.ledger.set(&Thing::Bucket(name("theirs")), other).unwrap();
    world.theirs(&name("theirs")).await;
    world.theirs(&name("never")).await;
    let directory = world.ledgers.path();
    let (while_it_lives, _) = world.reached().await.clean_left(directory).await.unwrap();
    assert_eq!(while_it_lives, 0);
    drop((clients, account));
    let (ledgers, left) = world.reached().await.clean_left(directory).await.unwrap();
    assert_eq!(ledgers, 1);
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left.iter().all(|one| one.contains("theirs")), "{left:?}");
    let mut names = world.names().await;
    names.sort_unstable();
    assert_eq!(names, [name("never"), name("never"), name("theirs"), name("theirs"), "orders".into(), "orders".into()]);
    for foreign in [name("theirs"), name("never"), "orders".into()] {
        world.is_whole(&foreign).await;
    }
    assert_eq!(world.ledgers(), 1, "what is left stays written down");
    readable_by_its_owner_only(&directory.join("00000004.ledger"));
}

#[cfg(unix)]
fn readable_by_its_owner_only(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(not(unix))]
fn readable_by_its_owner_only(_: &Path) {}

#[tokio::test(flavor = "multi_thread")]
async fn histories_agree_until_the_budget_is_spent() {
    let world = World::new().await;
    let account = world.account("00000005", 600).await;
    let outcome = run(&account, Histories::new()).await;
    assert_eq!(outcome.found, Vec::<String>::new());
    assert!(outcome.compared > 0 && account.guard.sent() <= 600, "{outcome:?}");
    assert_eq!(account.close().await, Vec::<String>::new());
    assert_eq!((world.names().await, world.ledgers()), (vec!["orders".into(), "orders".into()], 0));
}
