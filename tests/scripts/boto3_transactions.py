"""boto3 with transactions: all or nothing, reasons, tokens, capacity, item collections."""

import threading
import uuid

from botocore.exceptions import ClientError

from support.checks import run


def new_table(client, local_index=False):
    name = f"transactions-{uuid.uuid4().hex[:12]}"
    attributes, keys = ["pk"], [{"AttributeName": "pk", "KeyType": "HASH"}]
    more = {}
    if local_index:
        attributes += ["sk", "l"]
        keys.append({"AttributeName": "sk", "KeyType": "RANGE"})
        more["LocalSecondaryIndexes"] = [{
            "IndexName": "local", "Projection": {"ProjectionType": "ALL"},
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "l", "KeyType": "RANGE"}],
        }]
    definitions = [{"AttributeName": attribute, "AttributeType": "S"} for attribute in attributes]
    client.create_table(TableName=name, AttributeDefinitions=definitions, KeySchema=keys, BillingMode="PAY_PER_REQUEST", **more)
    client.get_waiter("table_exists").wait(TableName=name)
    return name


def key(pk):
    return {"pk": {"S": pk}}


def whole(checks, program, _):
    client = program.boto3("dynamodb")
    one, other = new_table(client), new_table(client)
    client.put_item(TableName=one, Item=key("count") | {"n": {"N": "1"}})
    add = {"Update": {"TableName": one, "Key": key("count"), "UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}}
    put = {"Put": {"TableName": other, "Item": key("new"), "ConditionExpression": "attribute_not_exists(pk)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}}
    client.transact_write_items(TransactItems=[add, put])
    gets = [{"Get": {"TableName": one, "Key": key("count"), "ProjectionExpression": "n"}}, {"Get": {"TableName": other, "Key": key("new")}},
            {"Get": {"TableName": other, "Key": key("none")}}]
    answer = client.transact_get_items(TransactItems=gets, ReturnConsumedCapacity="TOTAL")
    checks.equal("TransactGetItems", answer["Responses"], [{"Item": {"n": {"N": "2"}}}, {"Item": key("new")}, {}])
    checks.equal("its capacity", answer["ConsumedCapacity"], [{"TableName": one, "CapacityUnits": 2.0, "ReadCapacityUnits": 2.0},
                                                             {"TableName": other, "CapacityUnits": 4.0, "ReadCapacityUnits": 4.0}])
    try:
        client.transact_write_items(TransactItems=[add, put])
        checks.equal("a condition that fails", "done", "cancelled")
    except client.exceptions.TransactionCanceledException as cancelled:
        checks.equal("its message", cancelled.response["Error"]["Message"],
                     "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]")
        checks.equal("its reasons", cancelled.response["CancellationReasons"],
                     [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed", "Item": key("new")}])
    checks.equal("nothing was done", client.get_item(TableName=one, Key=key("count"))["Item"]["n"], {"N": "2"})
    request = {"TransactItems": [add], "ClientRequestToken": "token", "ReturnConsumedCapacity": "TOTAL"}
    members = [set(client.transact_write_items(**request)["ConsumedCapacity"][0]) - {"TableName", "CapacityUnits"} for _ in range(2)]
    checks.equal("a token: written once, then read", members, [{"WriteCapacityUnits"}, {"ReadCapacityUnits"}])
    checks.equal("done once", client.get_item(TableName=one, Key=key("count"))["Item"]["n"], {"N": "3"})
    checks.error("the token for another request", lambda: client.transact_write_items(TransactItems=[put], ClientRequestToken="token"),
                 code="IdempotentParameterMismatchException", status=400)
    checks.error("two actions on one item", lambda: client.transact_write_items(TransactItems=[add, add]), code="ValidationException",
                 message="Transaction request cannot include multiple operations on one item", status=400)


def collections(checks, program, _):
    client = program.boto3("dynamodb")
    table = new_table(client, local_index=True)
    item = key("a") | {"sk": {"S": "1"}, "l": {"S": "1"}}
    told = {"ReturnItemCollectionMetrics": "SIZE", "ReturnConsumedCapacity": "INDEXES"}
    metrics = {"ItemCollectionKey": key("a"), "SizeEstimateRangeGB": [0.0, 1.0]}
    answer = client.put_item(TableName=table, Item=item, **told)
    checks.equal("PutItem: collection", answer["ItemCollectionMetrics"], metrics)
    checks.equal("PutItem: capacity", answer["ConsumedCapacity"], {
        "TableName": table, "CapacityUnits": 2.0, "Table": {"CapacityUnits": 1.0}, "LocalSecondaryIndexes": {"local": {"CapacityUnits": 1.0}}})
    answer = client.transact_write_items(TransactItems=[{"Delete": {"TableName": table, "Key": {"pk": {"S": "a"}, "sk": {"S": "1"}}}}], **told)
    checks.equal("TransactWriteItems: collection", answer["ItemCollectionMetrics"], {table: [metrics]})
    arm = {"CapacityUnits": 1.0, "WriteCapacityUnits": 1.0}
    checks.equal("TransactWriteItems: capacity", answer["ConsumedCapacity"], [{
        "TableName": table, "CapacityUnits": 3.0, "WriteCapacityUnits": 3.0, "Table": {"CapacityUnits": 2.0, "WriteCapacityUnits": 2.0},
        "LocalSecondaryIndexes": {"local": arm}}])


def transfers(checks, program, _):
    """Sixteen threads move money; whoever meets another's transaction tries again, and no cent is lost."""
    client = program.boto3("dynamodb")
    table = new_table(client)
    accounts = [f"account {number}" for number in range(4)]
    for account in accounts:
        client.put_item(TableName=table, Item=key(account) | {"cents": {"N": "100"}})
    others = []

    def change(account, cents):
        return {"Update": {"TableName": table, "Key": key(account), "UpdateExpression": "ADD cents :cents",
                           "ExpressionAttributeValues": {":cents": {"N": str(cents)}}}}

    def move(worker):
        for step in range(10):
            giver, taker = accounts[(worker + step) % 4], accounts[(worker + 2 * step + 1) % 4]
            if giver == taker:
                continue
            while True:
                try:
                    client.transact_write_items(TransactItems=[change(giver, -1), change(taker, 1)])
                    break
                except ClientError as refused:
                    codes = {reason["Code"] for reason in refused.response.get("CancellationReasons", [])}
                    if "TransactionConflict" not in codes:
                        others.append(refused.response)
                        return

    threads = [threading.Thread(target=move, args=(worker,)) for worker in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    checks.equal("refused for anything but a conflict", others, [])
    rows = client.transact_get_items(TransactItems=[{"Get": {"TableName": table, "Key": key(account)}} for account in accounts])["Responses"]
    checks.equal("cents in all", sum(int(row["Item"]["cents"]["N"]) for row in rows), 400)


if __name__ == "__main__":
    run({call.__name__: call for call in (whole, collections, transfers)}, __doc__)
