"""What the trials look at: a shop's orders and media, and names and values that mean harm."""

import json
import struct
import zlib

STATES = ("open", "paid", "sent")


def orders(dynamodb, count=24):
    """A table with a key of two parts, an index, and so many items."""
    dynamodb.create_table(
        TableName="orders", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in (("pk", "S"), ("sk", "N"), ("state", "S"))],
        GlobalSecondaryIndexes=[{
            "IndexName": "by-state", "Projection": {"ProjectionType": "ALL"},
            "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        }],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    for number in range(count):
        dynamodb.put_item(TableName="orders", Item={
            "pk": {"S": f"customer-{number % 4}"}, "sk": {"N": str(number)}, "state": {"S": STATES[number % 3]},
            "total": {"N": f"{number}.50"}, "lines": {"L": [{"M": {"sku": {"S": f"sku-{number}"}, "count": {"N": "2"}}}]},
        })


def png(width, height):
    """A picture of that size, all of one colour."""
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = b"".join(b"\0" + b"\x40\x80\xc0" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def media(s3):
    """A bucket with versions, folders, and an object of each kind that has a preview of its own."""
    s3.create_bucket(Bucket="media")
    s3.put_bucket_versioning(Bucket="media", VersioningConfiguration={"Status": "Enabled"})
    put = s3.put_object
    put(Bucket="media", Key="readme.txt", Body=b"first words\n", ContentType="text/plain")
    put(Bucket="media", Key="readme.txt", Body=b"second words\nand a line more\n", ContentType="text/plain", Metadata={"author": "ada"})
    put(Bucket="media", Key="data/prices.csv", Body=b"sku,price\nsku-1,1.50\nsku-2,20.00\n", ContentType="text/csv")
    put(Bucket="media", Key="data/order.json", Body=json.dumps({"order": 7, "lines": [{"sku": "sku-1"}]}).encode(), ContentType="application/json")
    put(Bucket="media", Key="pictures/2026/small.png", Body=png(48, 32), ContentType="image/png", Tagging="shown=yes")
    put(Bucket="media", Key="pictures/2026/bytes.bin", Body=bytes(range(256)) * 64)


# A new title, a cleared screen, an answer-back, a palette, a link; by C1 controls too; text turned round and hidden.
ATTACKS = [
    "\x1b]0;pwned\x07", "\x1b[2J\x1b[H\x1b[31mpwned", "\x1b[c\x1b[6n", "\x1b]4;1;red\x07", "\x1b]8;;http://pwned.example\x07link",
    "\x9b2J\x9d0;pwned\x9c", "\u202egpj.exe\u202c", "\u2066hidden\u2069", "ze\u200bro\u200d\ufeffwidth", "tab\there\x08\x08\x7f", "line\r\nbreak",
    "𝕄𝕒𝕥𝕙 👩\u200d👩\u200d👧 漢字", "e" + "\u0301" * 40,
]
HUGE = "9" * 38
MB = 1024 * 1024


def hostile(program):
    """A bucket and a table of such names and values, and calls that name them."""
    s3, dynamodb = program.boto3("s3"), program.boto3("dynamodb")
    s3.create_bucket(Bucket="hostile")
    dynamodb.create_table(
        TableName="hostile", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    for number, attack in enumerate(ATTACKS):
        s3.put_object(Bucket="hostile", Key=f"{number:02} {attack}", Body=attack.encode(), ContentType="text/plain")
        if number % 4 == 0:
            s3.put_object(Bucket="hostile", Key=f"folder {number:02} {attack}/inside", Body=b"inside")
        dynamodb.put_item(TableName="hostile", Item={
            "pk": {"S": f"{number:02} {attack}"}, f"name {attack}": {"S": attack}, "list": {"L": [{"S": attack}]}, "map": {"M": {attack: {"S": attack}}},
        })
    dynamodb.put_item(TableName="hostile", Item={
        "pk": {"S": "90 large"}, "text": {"S": "x" * (390 * 1024)}, "huge": {"N": HUGE}, "tiny": {"N": f"-{HUGE[:37]}E-120"},
        "deep": deep(30), "binary": {"B": bytes(range(256))}, "nothing": {"NULL": True}, "set": {"NS": [HUGE, "-1"]},
    })
    s3.put_object(Bucket="hostile", Key="90 one line", Body=b"y" * MB, ContentType="text/plain")
    s3.put_object(Bucket="hostile", Key="91 no end.json", Body=b"[" * MB, ContentType="application/json")
    s3.put_object(Bucket="hostile", Key="92 bytes", Body="".join(ATTACKS).encode() + bytes(range(256)))
    s3.put_object(Bucket="hostile", Key="93 wide.csv", Body=b",".join(b"c" for _ in range(5000)) + b"\n" + b"\x1b[2J,\n" * 50, ContentType="text/csv")
    s3.put_object(Bucket="hostile", Key="94 no picture.png", Body=b"\x89PNG\r\n\x1a\n" + b"\xff" * 64, ContentType="image/png")
    s3.put_object(Bucket="hostile", Key="long/" + "k" * 1000, Body=b"")


def deep(levels):
    value = {"S": "ground"}
    for _ in range(levels):
        value = {"M": {"in": value}}
    return value
