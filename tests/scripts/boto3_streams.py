"""boto3 against DynamoDB Streams and TTL: every view, exactly what each write leaves, items that expire, tags, and a
consumer that follows shards as the Kinesis client library does, with checkpoints that outlive it.
"""

import json
import time
import uuid

from support.checks import run

VIEWS = ("KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES")
EXPIRY_SECONDS = 20


def new_table(client, view=None, **more):
    name = f"streams-{uuid.uuid4().hex[:12]}"
    if view:
        more["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": view}
    made = client.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST", AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}], **more,
    )
    return name, made["TableDescription"].get("LatestStreamArn")


def shards_of(streams, arn):
    """The stream's shards, parents before their children."""
    shards, start = [], {}
    while True:
        described = streams.describe_stream(StreamArn=arn, **start)["StreamDescription"]
        shards += described["Shards"]
        if "LastEvaluatedShardId" not in described:
            return shards
        start = {"ExclusiveStartShardId": described["LastEvaluatedShardId"]}


class Consumer:
    """Reads a stream shard by shard, and keeps in `checkpoints` the last sequence number of each."""

    def __init__(self, streams, arn, checkpoints):
        self.streams, self.arn, self.checkpoints = streams, arn, checkpoints

    def iterator(self, shard):
        last = self.checkpoints.get(shard)
        kind = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": last} if last else {"ShardIteratorType": "TRIM_HORIZON"}
        return self.streams.get_shard_iterator(StreamArn=self.arn, ShardId=shard, **kind)["ShardIterator"]

    def read(self, most=None):
        """What came since the checkpoints, at most `most` records, two at a time."""
        taken = []
        for shard in (shard["ShardId"] for shard in shards_of(self.streams, self.arn)):
            iterator = self.iterator(shard)
            while iterator and (most is None or len(taken) < most):
                page = self.streams.get_records(ShardIterator=iterator, Limit=2)
                for record in page["Records"]:
                    self.checkpoints[shard] = record["dynamodb"]["SequenceNumber"]
                    taken.append(record)
                if not page["Records"]:
                    break
                iterator = page.get("NextShardIterator")
        return taken


def views(checks, program, _):
    client, streams = program.boto3("dynamodb"), program.boto3("dynamodbstreams")
    one = {"pk": {"S": "k"}, "a": {"N": "1.5"}, "b": {"B": b"\x00\xff"}, "s": {"SS": ["x", "y"]}, "m": {"M": {"l": {"L": [{"NULL": True}]}}}}
    two = {"pk": {"S": "k"}, "a": {"N": "2"}}
    for view in VIEWS:
        name, arn = new_table(client, view)
        client.put_item(TableName=name, Item=one)
        client.put_item(TableName=name, Item=one)
        client.update_item(TableName=name, Key={"pk": {"S": "k"}}, UpdateExpression="SET a = :two REMOVE b, s, m",
                           ExpressionAttributeValues={":two": {"N": "2"}})
        client.delete_item(TableName=name, Key={"pk": {"S": "none"}})
        client.delete_item(TableName=name, Key={"pk": {"S": "k"}})
        described = streams.describe_stream(StreamArn=arn)["StreamDescription"]
        checks.equal(f"{view}: status", (described["StreamStatus"], described["StreamViewType"], described["TableName"]), ("ENABLED", view, name))
        records = Consumer(streams, arn, {}).read()
        checks.equal(f"{view}: events", [record["eventName"] for record in records], ["INSERT", "MODIFY", "REMOVE"])
        images = [(None, one), (one, two), (two, None)]
        for record, (old, new) in zip(records, images):
            body = record["dynamodb"]
            checks.equal(f"{view}: keys", body["Keys"], {"pk": {"S": "k"}})
            checks.equal(f"{view}: new image", body.get("NewImage"), new if "NEW" in view else None)
            checks.equal(f"{view}: old image", body.get("OldImage"), old if "OLD" in view else None)
            checks.equal(f"{view}: view", (body["StreamViewType"], record["eventSource"], record["eventVersion"]), (view, "aws:dynamodb", "1.1"))
        numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in records]
        checks.true(f"{view}: numbers grow", numbers == sorted(set(numbers)))
        listed = streams.list_streams(TableName=name)["Streams"]
        checks.equal(f"{view}: listed", [stream["StreamArn"] for stream in listed], [arn])


def transactions(checks, program, _):
    client, streams = program.boto3("dynamodb"), program.boto3("dynamodbstreams")
    name, arn = new_table(client, "KEYS_ONLY")
    put = [{"Put": {"TableName": name, "Item": {"pk": {"S": key}}}} for key in "abc"]
    client.transact_write_items(TransactItems=put)
    client.batch_write_item(RequestItems={name: [{"DeleteRequest": {"Key": {"pk": {"S": key}}}} for key in "ab"]})
    got = [(record["dynamodb"]["Keys"]["pk"]["S"], record["eventName"]) for record in Consumer(streams, arn, {}).read()]
    checks.equal("a transaction, then a batch", sorted(got[:3]) + sorted(got[3:]),
                 [("a", "INSERT"), ("b", "INSERT"), ("c", "INSERT"), ("a", "REMOVE"), ("b", "REMOVE")])


def consumer(checks, program, _):
    client, streams = program.boto3("dynamodb"), program.boto3("dynamodbstreams")
    name, arn = new_table(client, "NEW_IMAGE")

    def write(numbers):
        for number in numbers:
            client.put_item(TableName=name, Item={"pk": {"S": str(number)}})

    def keys(records):
        return [int(record["dynamodb"]["Keys"]["pk"]["S"]) for record in records]

    write(range(10))
    first = Consumer(streams, arn, {})
    seen = keys(first.read(most=5))
    # The consumer ends here. What is left of it is its checkpoints, as text.
    kept = json.dumps(first.checkpoints)
    write(range(10, 15))
    second = Consumer(streams, arn, json.loads(kept))
    seen += keys(second.read())
    checks.equal("each record once, in order", seen, list(range(15)))
    checks.equal("nothing twice", keys(second.read()), [])
    shard = shards_of(streams, arn)[-1]["ShardId"]
    latest = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="LATEST")["ShardIterator"]
    write([99])
    page = streams.get_records(ShardIterator=latest)
    checks.equal("from the latest on", keys(page["Records"]), [99])
    checks.true("an open shard goes on", page["NextShardIterator"])

    client.delete_table(TableName=name)
    shards = shards_of(streams, arn)
    checks.true("the last shard is closed", shards[-1]["SequenceNumberRange"].get("EndingSequenceNumber"))
    checks.equal("a stream outlives its table", keys(second.read()), [99])
    end = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="LATEST")["ShardIterator"]
    checks.equal("and has an end", streams.get_records(ShardIterator=end).get("NextShardIterator"), None)


def restart(checks, program, _):
    process, endpoint = program.serve()
    program._endpoint = endpoint
    client, streams = program.boto3("dynamodb"), program.boto3("dynamodbstreams")
    name, arn = new_table(client, "KEYS_ONLY")
    client.put_item(TableName=name, Item={"pk": {"S": "before"}})
    checkpoints = {}
    checks.equal("before", len(Consumer(streams, arn, checkpoints).read()), 1)
    process.terminate()
    process.wait(30)
    program._endpoint = program.serve()[1]
    client, streams = program.boto3("dynamodb"), program.boto3("dynamodbstreams")
    client.put_item(TableName=name, Item={"pk": {"S": "after"}})
    got = Consumer(streams, arn, checkpoints).read()
    checks.equal("after a restart", [record["dynamodb"]["Keys"]["pk"]["S"] for record in got], ["after"])


def expiry(checks, program, _):
    client, streams = program.boto3("dynamodb"), program.boto3("dynamodbstreams")
    name, arn = new_table(client, "OLD_IMAGE")
    now = int(time.time())
    client.put_item(TableName=name, Item={"pk": {"S": "old"}, "ttl": {"N": str(now - 60)}})
    client.put_item(TableName=name, Item={"pk": {"S": "young"}, "ttl": {"N": str(now + 86400)}})
    client.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    described = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    checks.equal("TTL", described, {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"})
    client.put_item(TableName=name, Item={"pk": {"S": "soon"}, "ttl": {"N": str(now + 1)}})
    reader, removed, deadline = Consumer(streams, arn, {}), [], time.monotonic() + EXPIRY_SECONDS
    while len(removed) < 2 and time.monotonic() < deadline:
        removed += [record for record in reader.read() if record["eventName"] == "REMOVE"]
        time.sleep(0.1)
    checks.equal("expired", sorted(record["dynamodb"]["Keys"]["pk"]["S"] for record in removed), ["old", "soon"])
    for record in removed:
        checks.equal("by the service", record.get("userIdentity"), {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"})
    left = client.scan(TableName=name)["Items"]
    checks.equal("left", [item["pk"]["S"] for item in left], ["young"])
    checks.error("twice", lambda: client.update_time_to_live(
        TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}),
        code="ValidationException", message="TimeToLive is already enabled", status=400)


def tags(checks, program, _):
    client = program.boto3("dynamodb")
    name, _ = new_table(client, Tags=[{"Key": "team", "Value": "a"}])
    arn = client.describe_table(TableName=name)["Table"]["TableArn"]
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "stage", "Value": "test"}])
    client.untag_resource(ResourceArn=arn, TagKeys=["team"])
    listed = [tag for page in client.get_paginator("list_tags_of_resource").paginate(ResourceArn=arn) for tag in page["Tags"]]
    checks.equal("tags", listed, [{"Key": "stage", "Value": "test"}])
    limits = client.describe_limits()
    checks.equal("limits", (limits["AccountMaxReadCapacityUnits"], limits["TableMaxWriteCapacityUnits"]), (80000, 40000))
    endpoint = client.describe_endpoints()["Endpoints"][0]
    checks.equal("endpoint", f"http://{endpoint['Address']}", program.endpoint)
    discovering = program.boto3("dynamodb", endpoint_discovery_enabled=True)
    checks.equal("endpoint discovery", discovering.describe_table(TableName=name)["Table"]["TableName"], name)


def unset(checks, program, _):
    client = program.boto3("dynamodb")
    name, _ = new_table(client, SSESpecification={"Enabled": True})
    table = client.describe_table(TableName=name)["Table"]
    checks.equal("encryption", table["SSEDescription"]["Status"], "ENABLED")
    for told in (client.describe_continuous_backups(TableName=name),
                 client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification={
                     "PointInTimeRecoveryEnabled": False})):
        checks.equal("continuous backups", told["ContinuousBackupsDescription"], {
            "ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"}})
    checks.error("no such table", lambda: client.describe_continuous_backups(TableName="gone"),
                 code="TableNotFoundException", message="Table not found: gone", status=400)
    checks.equal("insights", client.describe_contributor_insights(TableName=name)["ContributorInsightsStatus"], "DISABLED")
    checks.equal("destinations", client.describe_kinesis_streaming_destination(TableName=name)["KinesisDataStreamDestinations"], [])
    checks.error("policy", lambda: client.get_resource_policy(ResourceArn=table["TableArn"]), code="PolicyNotFoundException",
                 message=f"Resource-based policy not found for the provided ResourceArn: {table['TableArn']}", status=400)
    for listed, member in (("backups", "BackupSummaries"), ("contributor_insights", "ContributorInsightsSummaries"),
                           ("exports", "ExportSummaries"), ("global_tables", "GlobalTables"), ("imports", "ImportSummaryList")):
        checks.equal(listed, getattr(client, f"list_{listed}")()[member], [])


def errors(checks, program, _):
    client, streams = program.boto3("dynamodb"), program.boto3("dynamodbstreams")
    name, arn = new_table(client, "KEYS_ONLY")
    gone = arn.replace(name, "gone")
    checks.error("no such stream", lambda: streams.describe_stream(StreamArn=gone), code="ResourceNotFoundException",
                 message=f"Requested resource not found: Stream: {gone} not found", status=400)
    shard = shards_of(streams, arn)[0]["ShardId"]
    other = shard[:-1] + ("0" if shard[-1] != "0" else "1")
    checks.error("no such shard", lambda: streams.get_shard_iterator(StreamArn=arn, ShardId=other, ShardIteratorType="LATEST"),
                 code="ResourceNotFoundException", status=400)
    checks.error("no such iterator", lambda: streams.get_records(ShardIterator="x"), code="ValidationException", status=400)
    checks.error("a wrong type", lambda: streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="OLDEST"),
                 code="ValidationException", status=400,
                 message="1 validation error detected: Value 'OLDEST' at 'shardIteratorType' failed to satisfy constraint: Member must "
                         "satisfy enum value set: [TRIM_HORIZON, LATEST, AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER, AT_TIMESTAMP]")


if __name__ == "__main__":
    run({call.__name__: call for call in (restart, views, transactions, consumer, expiry, tags, unset, errors)}, __doc__)
