//! TransactWriteItems: up to 100 puts, updates, deletes and checks of items, all of them or none.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Context, Outcome};
use crate::emulator::dynamodb::account::Account;
use crate::emulator::dynamodb::answer::Answer;
use crate::emulator::dynamodb::capacity::{Bill, read_units};
use crate::emulator::dynamodb::item::Row;
use crate::emulator::dynamodb::prepared::{Asked, Door, Prepared};
use crate::emulator::dynamodb::request::Request;
use crate::emulator::dynamodb::table::{Table, TableName};
use crate::emulator::dynamodb::transaction::action;
use crate::emulator::dynamodb::transaction::cancel::{self, Reasons};
use crate::emulator::dynamodb::transaction::tokens::{self, Token};
use crate::emulator::error::AwsError;
use crate::emulator::store::{Read, Snapshot, Table as Rows};

/// How an action is read.
type Ask = fn(&mut Request, Door) -> Result<Asked, AwsError>;

/// The actions, as the request names them.
const ACTIONS: &[(&str, Ask)] =
    &[("ConditionCheck", Asked::check), ("Put", Asked::put), ("Delete", Asked::delete), ("Update", Asked::update)];

pub async fn run(context: &Context, mut request: Request) -> Outcome {
    let mut account = Account::of(&request, Bill::of_transaction());
    let token = token(context, &mut request);
    let actions = request.take("TransactItems").and_then(|mut actions| actions.as_array_mut().map(std::mem::take));
    let asked = actions.unwrap_or_default().into_iter().map(|action| ask(context, action));
    let asked: Vec<_> = asked.collect::<Result<_, _>>()?;

    let service = &context.service;
    let held = token.as_ref().map(|token| service.tokens.transaction(vec![token.id().to_vec()])).transpose();
    let _held = held.map_err(|_| tokens::in_progress())?;
    let (origin, now) = (context.origin(), service.clock.millis());
    let snapshot = service.store.read()?;
    let writes = prepare(context, &snapshot, asked)?;
    if let Some(token) = &token
        && token.done(&snapshot, now)?
    {
        repeated(&snapshot, &writes, &mut account.bill)?;
        return Ok(answer(account));
    }
    drop(snapshot);

    let _flight = service.items.transaction(writes.iter().map(|write| write.key().to_vec()).collect())?;
    let mut tables: Vec<Arc<Table>> = writes.iter().map(|write| Arc::clone(write.table())).collect();
    tables.dedup_by_key(|table| table.row.id);
    let account = context
        .write(tables, move |txn| {
            if let Some(token) = &token {
                // Again, because a request whose caller went away may have been done all the same.
                if token.done(txn, now)? {
                    repeated(txn, &writes, &mut account.bill)?;
                    return Ok(account);
                }
                token.remember(txn, now)?;
            }
            let (mut reasons, mut size) = (Reasons::default(), 0);
            for write in writes {
                if let Some(done) = reasons.take(write.run(txn, origin))? {
                    size += done.written.new.or(done.written.old).unwrap_or_default();
                    account.add(&done);
                }
            }
            reasons.check()?;
            cancel::check_size(size)?;
            Ok(account)
        })
        .await?;
    Ok(answer(account))
}

fn answer(account: Account) -> Answer {
    let mut answer = Answer::new();
    account.tell_all(&mut answer);
    answer
}

/// The request's client token, and what the request asks for beside it.
fn token(context: &Context, request: &mut Request) -> Option<Token> {
    let token = request.take("ClientRequestToken")?;
    token.as_str().map(|token| Token::new(&context.account, &context.region, token, request.members()))
}

fn ask(context: &Context, action: Json) -> Result<(TableName, Asked), AwsError> {
    let Json::Object(mut members) = action else { return Err(action::none()) };
    let mut given = ACTIONS.iter().filter_map(|(name, ask)| match members.remove(*name) {
        Some(Json::Object(parameters)) => Some((parameters, ask)),
        _ => None,
    });
    let (parameters, ask) = given.next().ok_or_else(action::none)?;
    if given.next().is_some() {
        return Err(action::several());
    }
    let mut request: Request = action::parameters(parameters)?;
    let name = context.table_name(&request)?;
    Ok((name, ask(&mut request, Door::Transaction)?))
}

/// Makes every action ready for its table. A missing table refuses the request, and then the first action that is on an
/// earlier one's item or has an empty key value; another key that does not fit cancels the transaction (recorded
/// 2026-09-20).
fn prepare(context: &Context, rows: &Snapshot, asked: Vec<(TableName, Asked)>) -> Result<Vec<Prepared>, AwsError> {
    let mut on_tables = Vec::with_capacity(asked.len());
    for (name, asked) in asked {
        let table = context.table(rows, &name)?;
        on_tables.push((asked, table));
    }
    for (at, one) in on_tables.iter().enumerate() {
        if on_tables[..at].iter().any(|other| same(one, other)) {
            return Err(cancel::duplicate());
        }
        one.0.check_not_empty(&one.1)?;
    }
    let (mut writes, mut reasons) = (Vec::with_capacity(on_tables.len()), Reasons::default());
    for (asked, table) in on_tables {
        writes.extend(reasons.take(asked.on(table))?);
    }
    reasons.check()?;
    Ok(writes)
}

/// Whether two actions are on one item; one whose key does not fit is on none.
fn same((one, on): &(Asked, Arc<Table>), (other, table): &(Asked, Arc<Table>)) -> bool {
    let mut key = on.schema.attributes().map(|part| (one.item().get(&part.name), other.item().get(&part.name)));
    on.row.id == table.row.id && key.all(|(one, other)| one.is_some() && one == other)
}

/// What a request costs that was done before: reading its items.
fn repeated(rows: &impl Read, writes: &[Prepared], bill: &mut Bill) -> Result<(), AwsError> {
    for write in writes {
        let row = rows.get(Rows::Items, write.key())?;
        let size = row.as_deref().map(Row::read).transpose()?.map_or(0, |row| row.size);
        bill.on(&write.table().name.name).read(read_units(size, true));
    }
    Ok(())
}
