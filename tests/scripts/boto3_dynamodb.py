"""boto3 against DynamoDB: the sample tables, numbers and sets, expressions, paging, indexes, and refusals.

Messages are those that AWS's own answers were recorded with in us-east-1 (fixtures/aws-truth/ says when).
"""

import time
import uuid
from decimal import Decimal

from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary
from botocore.exceptions import ClientError

from support.checks import run
from support.fixtures import tables as fixture_tables
from support.items import binary, comparable, for_resources, from_python, key_of, to_python


def new_table(dynamodb, stem="table", sort=None):
    """A table with the key `pk` (S), and the sort key `sk` of type `sort`."""
    name = f"{stem}-{uuid.uuid4().hex[:12]}"
    attributes = [{"AttributeName": "pk", "AttributeType": "S"}]
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}]
    if sort:
        attributes.append({"AttributeName": "sk", "AttributeType": sort})
        keys.append({"AttributeName": "sk", "KeyType": "RANGE"})
    table = dynamodb.create_table(TableName=name, AttributeDefinitions=attributes, KeySchema=keys, BillingMode="PAY_PER_REQUEST")
    table.wait_until_exists()
    return table


def read_index(checks, table, schema, index, rows):
    """Queries every partition of an index and scans it."""
    what = f"{table.name} by {index['IndexName']}"
    own = [element["AttributeName"] for element in index["KeySchema"]]
    order = [element["AttributeName"] for element in schema["KeySchema"]]
    projection = index["Projection"]
    shown = {*own, *order, *projection.get("NonKeyAttributes", [])}
    whole = projection["ProjectionType"] == "ALL"
    want = [{name: row[name] for name in row if whole or name in shown} for row in rows if all(name in row for name in own)]
    scanned = table.scan(IndexName=index["IndexName"])["Items"]
    checks.equal(f"{what}: Scan", in_order(map(from_python, scanned), order), in_order(want, order))
    for value in {row[own[0]]["S"] for row in want}:
        of_value = [row for row in want if row[own[0]]["S"] == value]
        found = [from_python(row) for row in table.query(IndexName=index["IndexName"], KeyConditionExpression=Key(own[0]).eq(value))["Items"]]
        checks.equal(f"{what}: Query {value}", in_order(found, order), in_order(of_value, order))
        ranges = [row[own[1]]["S"].encode() for row in found]
        checks.equal(f"{what}: Query {value} in order", ranges, sorted(ranges))


def indexes(checks, program, _):
    """UpdateTable makes an index of what is there, and deletes it."""
    client = program.boto3("dynamodb")
    dynamodb = program.boto3("dynamodb", "resource")
    table = new_table(dynamodb, "indexes")
    with table.batch_writer() as batch:
        for number in range(1500):
            batch.put_item(Item={"pk": str(number), "team": f"t{number % 3}"})
    made = client.update_table(
        TableName=table.name, AttributeDefinitions=[{"AttributeName": "team", "AttributeType": "S"}],
        GlobalSecondaryIndexUpdates=[{"Create": {
            "IndexName": "by-team", "KeySchema": [{"AttributeName": "team", "KeyType": "HASH"}], "Projection": {"ProjectionType": "KEYS_ONLY"}}}],
    )["TableDescription"]
    checks.equal("while it is made", (made["TableStatus"], made["GlobalSecondaryIndexes"][0]["IndexStatus"]), ("UPDATING", "CREATING"))
    described = wait_for(client, table.name)
    checks.equal("when it is made", described["GlobalSecondaryIndexes"][0]["IndexStatus"], "ACTIVE")
    pages = client.get_paginator("query").paginate(
        TableName=table.name, IndexName="by-team", KeyConditionExpression="team = :t", ExpressionAttributeValues={":t": {"S": "t1"}},
        PaginationConfig={"PageSize": 77})
    checks.equal("its items", sorted(int(row["pk"]["S"]) for page in pages for row in page["Items"]), list(range(1, 1500, 3)))
    cost = client.put_item(TableName=table.name, Item={"pk": {"S": "new"}, "team": {"S": "t1"}}, ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
    checks.equal("a put's capacity", (cost["CapacityUnits"], cost["GlobalSecondaryIndexes"]), (2.0, {"by-team": {"CapacityUnits": 1.0}}))
    client.update_table(TableName=table.name, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "by-team"}}])
    described = wait_for(client, table.name)
    checks.equal("when it is gone", (described.get("GlobalSecondaryIndexes"), len(described["AttributeDefinitions"])), (None, 1))
    table.delete()


def wait_for(client, name):
    """The table's description once nothing of it changes any more."""
    for _ in range(200):
        described = client.describe_table(TableName=name)["Table"]
        if described["TableStatus"] == "ACTIVE":
            return described
        time.sleep(0.05)
    raise TimeoutError(f"{name} stays {described['TableStatus']}")


def items(checks, program, _):
    dynamodb = program.boto3("dynamodb", "resource")
    client = program.boto3("dynamodb")
    for schema, every in fixture_tables():
        name = schema["TableName"]
        rows = [row for row in every if for_resources(row)]
        made = dynamodb.create_table(**schema)
        made.wait_until_exists()
        description = dynamodb.meta.client.describe_table(TableName=name)["Table"]
        checks.equal(f"{name}: key schema", description["KeySchema"], schema["KeySchema"])
        checks.equal(f"{name}: status", description["TableStatus"], "ACTIVE")
        checks.equal(f"{name}: ARN", description["TableArn"], f"arn:aws:dynamodb:us-east-1:000000000000:table/{name}")
        table = dynamodb.Table(name)
        with table.batch_writer() as batch:
            for row in rows:
                batch.put_item(Item=to_python(row))
        for row in rows:
            key = to_python(key_of(schema, row))
            got = table.get_item(Key=key, ConsistentRead=True).get("Item")
            checks.equal(f"{name} {key}", got and comparable(from_python(got)), comparable(row))
        scanned = [row for page in dynamodb.meta.client.get_paginator("scan").paginate(TableName=name, PaginationConfig={"PageSize": 3})
                   for row in page["Items"]]
        order = [element["AttributeName"] for element in schema["KeySchema"]]
        checks.equal(f"{name}: Scan in pages of three", in_order(map(from_python, scanned), order), in_order(rows, order))
        hashes = {repr(row[order[0]]): row[order[0]] for row in rows}
        for value in hashes.values():
            want = [row for row in rows if row[order[0]] == value]
            found = table.query(KeyConditionExpression=Key(order[0]).eq(to_python({"v": value})["v"]))
            checks.equal(f"{name}: Query {value}: Count", (found["Count"], found["ScannedCount"]), (len(want), len(want)))
            if len(order) > 1:
                want.sort(key=lambda row: row[order[1]]["S"].encode() if "S" in row[order[1]] else Decimal(row[order[1]]["N"]))
            checks.equal(f"{name}: Query {value}", [comparable(from_python(row)) for row in found["Items"]], [comparable(row) for row in want])
        for kind in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
            for index in schema.get(kind, []):
                read_index(checks, table, schema, index, rows)
        got = dynamodb.batch_get_item(RequestItems={name: {"Keys": [to_python(key_of(schema, row)) for row in rows[:20]]}})
        checks.equal(f"{name}: BatchGetItem", in_order(map(from_python, got["Responses"][name]), order), in_order(rows[:20], order))
        checks.equal(f"{name}: nothing unprocessed", got["UnprocessedKeys"], {})
        for row in (row for row in every if row not in rows):
            client.put_item(TableName=name, Item=binary({"M": row})["M"])
            got = client.get_item(TableName=name, Key=binary({"M": key_of(schema, row)})["M"])["Item"]
            checks.equal(f"{name}: an item that resources cannot carry", comparable(got), comparable(row))
    names = [schema["TableName"] for schema, _ in fixture_tables()]
    checks.equal("ListTables", sorted(table.name for table in dynamodb.tables.all()), sorted(names))
    for name in names:
        dynamodb.Table(name).delete()
        dynamodb.Table(name).wait_until_not_exists()
    checks.equal("ListTables at the end", [table.name for table in dynamodb.tables.all()], [])


def in_order(rows, order):
    """Items in one form, sorted by their keys."""
    return sorted((comparable(row) for row in rows), key=lambda row: [str(row[name]) for name in order])


def values(checks, program, _):
    dynamodb = program.boto3("dynamodb", "resource")
    table = new_table(dynamodb, "values")
    client = program.boto3("dynamodb")
    # The limits are those of "Supported data types and naming rules in Amazon DynamoDB".
    numbers = {
        "1.2345678901234567890123456789012345678": "1.2345678901234567890123456789012345678",
        "99999999999999999999999999999999999999": "99999999999999999999999999999999999999",
        "9.9999999999999999999999999999999999999E+125": "9.9999999999999999999999999999999999999E+125",
        "-9.9999999999999999999999999999999999999E+125": "-9.9999999999999999999999999999999999999E+125",
        "1E-130": "1E-130", "0": "0", "-0": "0", "0.10": "0.1", "007": "7", "1e3": "1000", "-1.50": "-1.5",
    }
    for sent, want in numbers.items():
        client.put_item(TableName=table.name, Item={"pk": {"S": sent}, "v": {"N": sent}})
        got = client.get_item(TableName=table.name, Key={"pk": {"S": sent}})["Item"]["v"]["N"]
        checks.equal(f"number {sent}", (Decimal(got), got.startswith("-0")), (Decimal(want), False))
    # These four spellings are those that AWS gives back: no zeros at the ends, no exponent in the middle of the range.
    for sent in ("-0", "0.10", "007", "-1.50"):
        got = client.get_item(TableName=table.name, Key={"pk": {"S": sent}})["Item"]["v"]["N"]
        checks.equal(f"number {sent}: spelling", got, numbers[sent])
    item = {
        "pk": "everything", "null": None, "true": True, "false": False, "empty": "", "text": "\u0000 \u2028 é e\u0301 日本 🦀 \"\\",
        "binary": Binary(bytes(range(256))), "empty binary": Binary(b""), "strings": {"a", "B", "ä", "🦀"}, "numbers": {1, Decimal("-2.5"), Decimal("1E+30")},
        "binaries": {Binary(b"\x00"), Binary(b"\xff\x00")}, "list": [], "map": {}, "nested": {"a": [{"b": [None, {"c": {"d", "e"}}]}]},
    }
    table.put_item(Item=item)
    got = table.get_item(Key={"pk": "everything"})["Item"]
    checks.equal("every type", comparable(from_python(got)), comparable(from_python(item)))
    sorted_table = new_table(dynamodb, "sorted", "N")
    keys = [Decimal(text) for text in ("-9E+125", "-1000", "-10.5", "-10", "-1E-130", "0", "1E-130", "0.5", "9", "10", "10.000001", "1E+20", "9E+125")]
    for key in sorted(keys, key=str):
        sorted_table.put_item(Item={"pk": "p", "sk": key})
    for forward, want in ((True, keys), (False, keys[::-1])):
        page = client.query(TableName=sorted_table.name, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "p"}},
                            ScanIndexForward=forward)
        checks.equal(f"order of numbers, forward {forward}", [Decimal(row["sk"]["N"]) for row in page["Items"]], want)
    whole = Key("pk").eq("p")
    between = whole & Key("sk").between(Decimal("-10"), Decimal("10"))
    checks.equal("between", [row["sk"] for row in sorted_table.query(KeyConditionExpression=between)["Items"]], keys[3:10])
    checks.equal("between again", [row["sk"] for row in sorted_table.query(KeyConditionExpression=whole & Key("sk").between(Decimal(-2000), 0))["Items"]], keys[1:6])
    binary_table = new_table(dynamodb, "binary", "B")
    for key in (b"\xff", b"\x00", b"\x00\x00", b"a", b"\x7f", b"\x80"):
        binary_table.put_item(Item={"pk": "p", "sk": Binary(key)})
    got = [bytes(row["sk"]) for row in binary_table.query(KeyConditionExpression=whole)["Items"]]
    checks.equal("order of bytes", got, [b"\x00", b"\x00\x00", b"a", b"\x7f", b"\x80", b"\xff"])
    string_table = new_table(dynamodb, "strings", "S")
    for key in ("b", "a", "Z", "ä", "🦀", "\uffee", "aa"):
        string_table.put_item(Item={"pk": "p", "sk": key})
    got = [row["sk"] for row in string_table.query(KeyConditionExpression=whole)["Items"]]
    checks.equal("order of strings is that of UTF-8", got, ["Z", "a", "aa", "b", "ä", "\uffee", "🦀"])
    got = [row["sk"] for row in string_table.query(KeyConditionExpression=whole & Key("sk").begins_with("a"))["Items"]]
    checks.equal("begins_with", got, ["a", "aa"])


def expressions(checks, program, _):
    dynamodb = program.boto3("dynamodb", "resource")
    table = new_table(dynamodb, "expressions")
    key = {"pk": "k"}
    base = {"pk": "k", "n": 5, "s": "text", "list": [1, 2], "set": {"a", "b"}, "map": {"in": {"deep": 1}}, "gone": True}

    def update(expression, returned="ALL_NEW", **values):
        names = values.pop("names", None)
        table.put_item(Item=base)
        extra = {"ExpressionAttributeValues": {f":{name}": value for name, value in values.items()}} if values else {}
        extra |= {"ExpressionAttributeNames": names} if names else {}
        return table.update_item(Key=key, UpdateExpression=expression, ReturnValues=returned, **extra).get("Attributes")

    without = {name: value for name, value in base.items() if name != "gone"}
    checks.equal("SET", update("SET n = n + :one, s = :s", one=1, s="new"), base | {"n": 6, "s": "new"})
    checks.equal("SET reads the old values", update("SET s = n, n = :v", v=9), base | {"s": 5, "n": 9})
    checks.equal("if_not_exists", update("SET fresh = if_not_exists(fresh, :v), n = if_not_exists(n, :v)", v=1), base | {"fresh": 1})
    checks.equal("list_append", update("SET #l = list_append(:v, #l)", v=[0], names={"#l": "list"}), base | {"list": [0, 1, 2]})
    checks.equal("an element past the end", update("SET #l[9] = :v", v=3, names={"#l": "list"}), base | {"list": [1, 2, 3]})
    checks.equal("a nested path", update("SET #m.#i.deep = :v", v=2, names={"#m": "map", "#i": "in"}), base | {"map": {"in": {"deep": 2}}})
    checks.equal("REMOVE", update("REMOVE gone, #l[0]", names={"#l": "list"}), without | {"list": [2]})
    checks.equal("ADD a number and to a set", update("ADD n :n, #set :set, fresh :n", n=-2, set={"c"}, names={"#set": "set"}),
                 base | {"n": 3, "set": {"a", "b", "c"}, "fresh": -2})
    checks.equal("DELETE from a set", update("DELETE #set :set", set={"a", "x"}, names={"#set": "set"}), base | {"set": {"b"}})
    checks.equal("UPDATED_OLD", update("SET n = :v, fresh = :v", "UPDATED_OLD", v=1), {"n": 5})
    checks.equal("UPDATED_NEW", update("SET n = :v, fresh = :v", "UPDATED_NEW", v=1), {"n": 1, "fresh": 1})
    checks.equal("ALL_OLD", update("SET n = :v", "ALL_OLD", v=1), base)
    checks.equal("NONE", update("SET n = :v", "NONE", v=1), None)
    checks.equal("PutItem ALL_OLD", table.put_item(Item={"pk": "k", "n": 0}, ReturnValues="ALL_OLD")["Attributes"], base | {"n": 1})
    checks.equal("DeleteItem ALL_OLD", table.delete_item(Key=key, ReturnValues="ALL_OLD")["Attributes"], {"pk": "k", "n": 0})
    checks.equal("DeleteItem of nothing", "Attributes" in table.delete_item(Key=key, ReturnValues="ALL_OLD"), False)
    for number in range(20):
        table.put_item(Item={"pk": f"{number:02}", "n": number, "tags": {f"t{number % 3}"}, "name": "x" * number, **({"odd": 1} if number % 2 else {})})
    filters = {
        "comparison": (Attr("n").gte(5) & Attr("n").lt(8), [5, 6, 7]),
        "or, not": ((Attr("n").eq(1) | Attr("n").eq(2)) & ~Attr("n").eq(2), [1]),
        "in": (Attr("n").is_in([3, 4, 99]), [3, 4]),
        "between": (Attr("n").between(17, 30), [17, 18, 19]),
        "contains": (Attr("tags").contains("t2") & Attr("n").lt(6), [2, 5]),
        "size": (Attr("name").size().gt(17), [18, 19]),
        "exists": (Attr("odd").exists() & Attr("n").lt(4), [1, 3]),
        "not exists": (Attr("odd").not_exists() & Attr("n").lt(4), [0, 2]),
        "type": (Attr("name").attribute_type("S") & Attr("n").lt(1), [0]),
        "begins with": (Attr("name").begins_with("x" * 19), [19]),
    }
    for what, (condition, want) in filters.items():
        found = table.scan(FilterExpression=condition)
        checks.equal(f"filter {what}", (sorted(int(row["n"]) for row in found["Items"]), found["Count"], found["ScannedCount"]), (want, len(want), 20))
    found = table.scan(FilterExpression=Attr("n").eq(4), ProjectionExpression="#n, tags", ExpressionAttributeNames={"#n": "n"})
    checks.equal("projection", found["Items"], [{"n": 4, "tags": {"t1"}}])
    checks.equal("Select COUNT", {name: table.scan(Select="COUNT").get(name) for name in ("Count", "ScannedCount", "Items")},
                 {"Count": 20, "ScannedCount": 20, "Items": None})
    counter = table.put_item(Item={"pk": "capacity"}, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]
    checks.equal("capacity of a small put", counter, {"TableName": table.name, "CapacityUnits": 1.0})


def paging(checks, program, _):
    client = program.boto3("dynamodb")
    table = new_table(program.boto3("dynamodb", "resource"), "paging", "N").name
    rows = {number: chr(97 + number % 26) * 50_000 for number in range(45)}
    for start in range(0, len(rows), 15):
        sent = [{"PutRequest": {"Item": {"pk": {"S": "p"}, "sk": {"N": str(number)}, "v": {"S": rows[number]}}}} for number in range(start, start + 15)]
        checks.equal("BatchWriteItem", client.batch_write_item(RequestItems={table: sent})["UnprocessedItems"], {})
    query = {"TableName": table, "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "p"}}}
    for operation, request in (("query", query), ("scan", {"TableName": table})):
        seen, pages, more = {}, 0, {}
        while more is not None:
            page = getattr(client, operation)(**request, **({"ExclusiveStartKey": more} if more else {}))
            size = sum(len(row["v"]["S"]) for row in page["Items"])
            checks.true(f"{operation}: a page is about 1 MB at most", size <= 1024 * 1024 + 50_000, size)
            seen |= {int(row["sk"]["N"]): row["v"]["S"] for row in page["Items"]}
            pages, more = pages + 1, page.get("LastEvaluatedKey")
        checks.equal(f"{operation}: pages", pages, 3)
        checks.true(f"{operation}: every row, once, whole", seen == rows)
    page = client.query(**query, Limit=4, ScanIndexForward=False)
    checks.equal("Limit", ([int(row["sk"]["N"]) for row in page["Items"]], page["LastEvaluatedKey"]),
                 ([44, 43, 42, 41], {"pk": {"S": "p"}, "sk": {"N": "41"}}))
    page = client.query(**query, Limit=4, ScanIndexForward=False, ExclusiveStartKey=page["LastEvaluatedKey"])
    checks.equal("the next page", [int(row["sk"]["N"]) for row in page["Items"]], [40, 39, 38, 37])
    segments = [int(row["sk"]["N"]) for segment in range(4) for page in client.get_paginator("scan").paginate(TableName=table, Segment=segment, TotalSegments=4)
                for row in page["Items"]]
    checks.equal("four segments", sorted(segments), sorted(rows))


def errors(checks, program, _):
    client = program.boto3("dynamodb", parameter_validation=False)
    table = new_table(program.boto3("dynamodb", "resource"), "errors").name
    pair = new_table(program.boto3("dynamodb", "resource"), "errors", "S").name
    key, item = {"pk": {"S": "k"}}, {"pk": {"S": "k"}, "n": {"N": "1"}}
    client.put_item(TableName=table, Item=item)
    missing = {"code": "ResourceNotFoundException", "status": 400, "message": "Requested resource not found"}
    for call in (
        lambda: client.get_item(TableName="non-existent", Key=key), lambda: client.put_item(TableName="non-existent", Item=item),
        lambda: client.delete_item(TableName="non-existent", Key=key), lambda: client.scan(TableName="non-existent"),
        lambda: client.batch_get_item(RequestItems={"non-existent": {"Keys": [key]}}),
    ):
        checks.error("a table that does not exist", call, **missing)
    missing["message"] += ": Table: non-existent not found"
    checks.error("DescribeTable of it", lambda: client.describe_table(TableName="non-existent"), **missing)
    checks.error("DeleteTable of it", lambda: client.delete_table(TableName="non-existent"), **missing)
    checks.error("CreateTable again", lambda: client.create_table(
        TableName=table, KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}]), code="ResourceInUseException", message=f"Table already exists: {table}", status=400)
    condition = {"TableName": table, "ConditionExpression": "attribute_not_exists(pk)"}
    failed = {"code": "ConditionalCheckFailedException", "message": "The conditional request failed", "status": 400}
    checks.error("a condition that fails", lambda: client.put_item(Item=item, **condition), **failed)
    checks.error("one of DeleteItem", lambda: client.delete_item(Key=key, **condition), **failed)
    checks.error("one of UpdateItem", lambda: client.update_item(Key=key, UpdateExpression="SET a = :a", ExpressionAttributeValues={":a": {"S": "x"}}, **condition), **failed)
    try:
        client.put_item(Item=item, ReturnValuesOnConditionCheckFailure="ALL_OLD", **condition)
        checks.equal("ReturnValuesOnConditionCheckFailure", "accepted", "refused")
    except ClientError as refused:
        checks.equal("ReturnValuesOnConditionCheckFailure", refused.response.get("Item"), item)
    checks.equal("what was refused changed nothing", client.get_item(TableName=table, Key=key)["Item"], item)

    def refused(what, message, call):
        checks.error(what, call, code="ValidationException", status=400, message=message)

    def put(value, **more):
        return lambda: client.put_item(TableName=table, Item={"pk": {"S": "k"}, "v": value}, **more)

    def update(expression, where=table, **more):
        target = key if where == table else key | {"sk": {"S": "s"}}
        return lambda: client.update_item(TableName=where, Key=target, UpdateExpression=expression, **more)

    one = "1 validation error detected: "
    refused("s_put_table_null", one + "Value null at 'tableName' failed to satisfy constraint: Member must not be null", lambda: client.put_item(Item=item))
    refused("s_put_table_badchars", one + "Value 'bad table!@#' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression "
            "pattern: [a-zA-Z0-9_.-]+", lambda: client.put_item(TableName="bad table!@#", Item=item))
    refused("b_put_empty_ss", one + "One or more parameter values were invalid: An string set  may not be empty", put({"SS": []}))
    refused("b_put_dup_ss", one + 'One or more parameter values were invalid: Input collection ["a", "a"] contains duplicates.', put({"SS": ["a", "a"]}))
    refused("esm_put_ns_empty", one + "The parameter cannot be converted to a numeric value: ", put({"NS": [""]}))
    refused("b_put_eav_no_expr", one + "ExpressionAttributeValues can only be specified when using expressions",
            put({"S": "x"}, ExpressionAttributeValues={":v": {"S": "x"}}))
    refused("u_upd_hashkey", "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key",
            update("SET pk = :v", ExpressionAttributeValues={":v": {"S": "x"}}))
    refused("u_upd_rangekey", "One or more parameter values were invalid: Cannot update attribute sk. This attribute is part of the key",
            update("SET sk = :v", pair, ExpressionAttributeValues={":v": {"S": "x"}}))
    refused("u_upd_syntax", one + 'Invalid UpdateExpression: Syntax error; token: "INVALID", near: "INVALID SYNTAX"', update("INVALID SYNTAX"))
    refused("u_upd_empty", one + "Invalid UpdateExpression: The expression can not be empty;", update(""))
    refused("u_upd_missing_eav", one + "Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :v",
            update("SET a = :v"))
    refused("u_upd_unused_eav", one + "Value provided in ExpressionAttributeValues unused in expressions: keys: {:unused}",
            update("SET a = :v", ExpressionAttributeValues={":v": {"S": "x"}, ":unused": {"S": "x"}}))
    refused("u_upd_unused_ean", one + "Value provided in ExpressionAttributeNames unused in expressions: keys: {#unused}",
            update("SET a = :v", ExpressionAttributeValues={":v": {"S": "x"}}, ExpressionAttributeNames={"#unused": "x"}))
    refused("get_key_empty", "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
            lambda: client.get_item(TableName=table, Key={"pk": {"S": ""}}))
    refused("get_key_wrongtype", "The provided key element does not match the schema", lambda: client.get_item(TableName=table, Key={"pk": {"N": "1"}}))
    refused("proj_get_d4", "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; "
            "path one: [a], path two: [a]",
            lambda: client.get_item(TableName=table, Key=key, ProjectionExpression="a, #a", ExpressionAttributeNames={"#a": "a"}))
    refused("o_bw_empty_requestitems", "The requestItems parameter is required for BatchWriteItem", lambda: client.batch_write_item(RequestItems={}))
    # AWS's documents give the limit of 38 digits and the range, and no text.
    for number in ("123456789012345678901234567890123456789", "1E+126", "1E-131", "x", "NaN", ""):
        checks.error(f"number {number!r}", put({"N": number}), code="ValidationException", status=400)
    checks.error("an item over 400 KB", put({"S": "x" * 410_000}), code="ValidationException", status=400)
    checks.equal("none of it was stored", client.get_item(TableName=table, Key=key)["Item"], item)


if __name__ == "__main__":
    run({call.__name__: call for call in (items, values, expressions, paging, indexes, errors)}, __doc__)
