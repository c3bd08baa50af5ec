"""Tables of files, and files of a web application: DuckDB's httpfs, polars, Delta Lake and django-storages."""

import hashlib
import random
import threading
import urllib.request
from pathlib import Path

from support.checks import run

ROWS = 200_000
MIB = 1024 * 1024


def bucket(program, name):
    program.boto3("s3").create_bucket(Bucket=name)
    return f"s3://{name}"


def stored(program, name):
    """All keys of a bucket."""
    pages = program.boto3("s3").get_paginator("list_objects_v2").paginate(Bucket=name)
    return [entry["Key"] for page in pages for entry in page.get("Contents", [])]


def duckdb(checks, program, _):
    import duckdb
    import duckdb_extension_httpfs

    where = bucket(program, "ducks")
    [extension] = Path(duckdb_extension_httpfs.__file__).parent.rglob("httpfs.duckdb_extension")
    database = duckdb.connect(config={"home_directory": str(program.root)})
    database.execute(f"LOAD '{extension}'")
    host = program.endpoint.removeprefix("http://")
    database.execute(f"CREATE SECRET (TYPE s3, KEY_ID 'test', SECRET 'test', REGION 'us-east-1', ENDPOINT '{host}', URL_STYLE 'path', USE_SSL false)")
    database.execute(f"CREATE TABLE orders AS SELECT i AS id, i % 7 AS shop, i * 0.25 AS amount, md5(i::VARCHAR) AS note FROM range({ROWS}) t(i)")
    database.execute(f"COPY orders TO '{where}/orders.parquet'")
    database.execute(f"COPY orders TO '{where}/orders.csv'")
    database.execute(f"COPY orders TO '{where}/by-shop' (FORMAT parquet, PARTITION_BY (shop))")
    want = database.execute("SELECT count(*), sum(amount), min(note) FROM orders").fetchone()
    for source in ("orders.parquet", "orders.csv", "by-shop/*/*.parquet"):
        checks.equal(source, database.execute(f"SELECT count(*), sum(amount), min(note) FROM '{where}/{source}'").fetchone(), want)
    few = database.execute(f"SELECT sum(amount) FROM read_parquet('{where}/by-shop/*/*.parquet', hive_partitioning = true) WHERE shop = 3").fetchone()
    checks.equal("one partition", few, database.execute("SELECT sum(amount) FROM orders WHERE shop = 3").fetchone())
    found = database.execute(f"SELECT count(*) FROM glob('{where}/by-shop/*/*')").fetchone()[0]
    checks.equal("glob", found, sum(key.startswith("by-shop/") for key in stored(program, "ducks")))


def options_of(program):
    """As the crate object_store takes them."""
    return {"aws_endpoint_url": program.endpoint, "aws_region": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test",
            "aws_allow_http": "true"}


def polars(checks, program, _):
    import polars

    where, options = bucket(program, "bears"), options_of(program)
    source = random.Random(5)
    want = polars.DataFrame({"id": range(ROWS), "shop": [n % 7 for n in range(ROWS)], "noise": [source.random() for _ in range(ROWS)]})
    want.write_parquet(f"{where}/a/frame.parquet", storage_options=options)
    checks.true("Parquet", polars.read_parquet(f"{where}/a/frame.parquet", storage_options=options).equals(want))
    lazy = polars.scan_parquet(f"{where}/a/*.parquet", storage_options=options).filter(polars.col("shop") == 3).select(polars.col("id").sum())
    checks.equal("a scan of some columns", lazy.collect().item(), sum(range(3, ROWS, 7)))
    want.lazy().sink_parquet(f"{where}/b/sunk.parquet", storage_options=options)
    checks.true("a sink", polars.read_parquet(f"{where}/b/sunk.parquet", storage_options=options).equals(want))
    want.head(1000).lazy().sink_csv(f"{where}/b/few.csv", storage_options=options)
    checks.equal("CSV", polars.scan_csv(f"{where}/b/few.csv", storage_options=options).collect().shape, (1000, 3))


def deltalake(checks, program, _):
    import pyarrow
    from deltalake import DeltaTable, write_deltalake

    table, options = f"{bucket(program, 'delta')}/table", options_of(program)
    rows = lambda first: pyarrow.table({"id": list(range(first, first + 1000)), "kind": ["even" if n % 2 == 0 else "odd" for n in range(1000)]})
    write_deltalake(table, rows(0), storage_options=options, partition_by=["kind"])
    # Writers that meet: each has to see that its version is taken, which is PutObject with If-None-Match.
    failures = []

    def append(first):
        try:
            write_deltalake(table, rows(first), mode="append", storage_options=options)
        except Exception as error:
            failures.append(error)

    writers = [threading.Thread(target=append, args=(n * 1000,)) for n in range(1, 5)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    checks.equal("four appends at once", failures, [])
    read = DeltaTable(table, storage_options=options)
    checks.equal("its version", read.version(), 4)
    checks.equal("its rows", sorted(read.to_pyarrow_table(columns=["id"])["id"].to_pylist()), list(range(5000)))
    checks.equal("one partition", read.to_pyarrow_table(filters=[("kind", "=", "odd")]).num_rows, 2500)
    read.delete("id < 1000")
    checks.equal("after a delete", DeltaTable(table, storage_options=options).to_pyarrow_table().num_rows, 4000)
    checks.equal("the first version is still there", DeltaTable(table, version=0, storage_options=options).to_pyarrow_table().num_rows, 1000)
    read.optimize.compact()
    read.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
    checks.equal("after compaction and vacuum", DeltaTable(table, storage_options=options).to_pyarrow_table().num_rows, 4000)


def django(checks, program, _):
    import django.conf
    from django.core.files.base import ContentFile

    bucket(program, "uploads")
    django.conf.settings.configure(USE_TZ=True)
    from storages.backends.s3 import S3Storage

    # With the URL style "auto" and an address for a host, botocore puts the bucket into the path by itself.
    storage = S3Storage(bucket_name="uploads", endpoint_url=program.endpoint, access_key="test", secret_key="test", region_name="us-east-1",
                        signature_version="s3v4", file_overwrite=False, proxies={})
    body = random.Random(6).randbytes(9 * MIB)
    name = storage.save("photos/ü 1.bin", ContentFile(body))
    checks.equal("the name", name, "photos/ü 1.bin")
    second = storage.save("photos/ü 1.bin", ContentFile(b"second"))
    checks.true("another file gets another name", second != name)
    with storage.open(name) as file:
        file.seek(5 * MIB)
        checks.equal("a read from the middle", file.read(100), body[5 * MIB : 5 * MIB + 100])
        file.seek(0)
        checks.equal("all of it", hashlib.md5(file.read()).hexdigest(), hashlib.md5(body).hexdigest())
    with storage.open("written.txt", "w") as file:
        file.write("written in pieces ")
        file.write("and closed")
    checks.equal("a file that was written", storage.open("written.txt", "r").read(), "written in pieces and closed")
    checks.equal("listdir", (storage.listdir("")[0], sorted(storage.listdir("photos")[1])), (["photos"], sorted([name[7:], second[7:]])))
    checks.equal("size", (storage.size(name), storage.exists(name), storage.exists("none")), (len(body), True, False))
    checks.true("modified", storage.get_modified_time(name) is not None)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(storage.url(second), timeout=30) as answer:
        checks.equal("a signed URL", answer.read(), b"second")
    for each in (name, second, "written.txt"):
        storage.delete(each)
    checks.equal("nothing is left", stored(program, "uploads"), [])


if __name__ == "__main__":
    run({call.__name__: call for call in (duckdb, polars, deltalake, django)}, __doc__)
