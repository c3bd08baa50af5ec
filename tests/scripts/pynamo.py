"""PynamoDB: a small shop as its users model it, with both kinds of index, conditions, batches and transactions."""

import datetime
import os

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute, UTCDateTimeAttribute, VersionAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, IncludeProjection, LocalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactGet, TransactWrite

from support.checks import run

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


class ByStatus(GlobalSecondaryIndex):
    class Meta:
        index_name = "by-status"
        projection = AllProjection()

    status = UnicodeAttribute(hash_key=True)
    placed = UTCDateTimeAttribute(range_key=True)


class ByTotal(LocalSecondaryIndex):
    class Meta:
        index_name = "by-total"
        projection = IncludeProjection(["status"])

    customer = UnicodeAttribute(hash_key=True)
    total = NumberAttribute(range_key=True)


class Order(Model):
    class Meta:
        table_name = "orders"
        region = "us-east-1"
        billing_mode = "PAY_PER_REQUEST"

    customer = UnicodeAttribute(hash_key=True)
    number = NumberAttribute(range_key=True)
    status = UnicodeAttribute(null=True)
    placed = UTCDateTimeAttribute(null=True)
    total = NumberAttribute(null=True)
    tags = UnicodeSetAttribute(null=True)
    version = VersionAttribute()
    by_status = ByStatus()
    by_total = ByTotal()


def order(customer, number, **more):
    return Order(customer, number, status="open" if number % 2 else "paid", placed=START + datetime.timedelta(hours=number),
                 total=100 - number, tags={"tea", f"t{number}"}, **more)


def model_on(program):
    os.environ.update(program.environment)
    Order.Meta.host = program.endpoint
    Order._connection = None


def shop(checks, program, _):
    model_on(program)
    Order.create_table(wait=True)
    checks.true("the table is there", Order.exists())
    with Order.batch_write() as batch:
        for customer in ("ann", "bob"):
            for number in range(30):
                batch.save(order(customer, number))
    checks.equal("count", Order.count("ann"), 30)
    checks.equal("query, newest first", [each.number for each in Order.query("ann", Order.number > 25, scan_index_forward=False)], [29, 28, 27, 26])
    late = Order.by_status.query("open", Order.placed >= START + datetime.timedelta(hours=27))
    checks.equal("global index", sorted((each.customer, each.number) for each in late), [("ann", 27), ("ann", 29), ("bob", 27), ("bob", 29)])
    cheap = list(Order.by_total.query("bob", Order.total < 74, attributes_to_get=["status", "total"]))
    checks.equal("local index", [(each.total, each.status) for each in cheap], [(71, "open"), (72, "paid"), (73, "open")])
    checks.equal("filter", sum(1 for _ in Order.scan(Order.tags.contains("t7"))), 2)
    checks.equal("batch get", sorted(each.number for each in Order.batch_get([("ann", 3), ("ann", 4), ("zoe", 1)])), [3, 4])

    mine = Order.get("ann", 1)
    mine.update(actions=[Order.total.set(Order.total + 5), Order.tags.delete({"t1"})])
    # A batch leaves versions alone, so that this is the first.
    checks.equal("update", (mine.total, mine.tags, mine.version), (104, {"tea"}, 1))
    stale = Order.get("ann", 1)
    mine.save()
    try:
        stale.save()
        checks.true("a stale version is refused", False)
    except PutError as refused:
        checks.equal("a stale version is refused", refused.cause_response_code, "ConditionalCheckFailedException")
    mine.delete()
    checks.equal("deleted", Order.count("ann"), 29)


def transactions(checks, program, _):
    model_on(program)
    Order.create_table(wait=True)
    connection = Connection(region="us-east-1", host=program.endpoint)
    for number in range(3):
        order("ann", number).save()
    with TransactWrite(connection=connection) as write:
        write.save(order("bob", 1))
        write.update(Order.get("ann", 1), actions=[Order.total.set(0)])
        write.delete(Order.get("ann", 2))
        write.condition_check(Order, "ann", 0, condition=Order.total == 100)
    with TransactGet(connection=connection) as read:
        bob, ann = read.get(Order, "bob", 1), read.get(Order, "ann", 1)
    checks.equal("transaction", (bob.get().total, ann.get().total, Order.count("ann")), (99, 0, 2))
    try:
        with TransactWrite(connection=connection) as write:
            write.save(order("zoe", 1))
            write.condition_check(Order, "ann", 0, condition=Order.total == 1)
        checks.true("a failed check cancels", False)
    except TransactWriteError as refused:
        checks.equal("a failed check cancels", [reason and reason.code for reason in refused.cancellation_reasons],
                     # PynamoDB sends its checks first.
                     ["ConditionalCheckFailed", None])
    checks.equal("and nothing is written", Order.count("zoe"), 0)


if __name__ == "__main__":
    run({call.__name__: call for call in (shop, transactions)}, __doc__)
