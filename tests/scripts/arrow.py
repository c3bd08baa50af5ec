"""pyarrow's S3FileSystem, which is AWS's SDK for C++: files, parts, copies, data sets."""

import os

import pyarrow
import pyarrow.compute
import pyarrow.dataset
import pyarrow.parquet
from pyarrow import fs

from support.checks import run

LARGE = os.urandom(25_000_000)
SMALL = "ein Brief, åäö\n".encode()
KEY = "letters/a b+c/ü&'.txt"


def files_of(program, **more):
    return fs.S3FileSystem(access_key="test", secret_key="test", region="us-east-1", endpoint_override=program.endpoint,
                           allow_bucket_creation=True, allow_bucket_deletion=True, retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=1), **more)


def write(files, path, body, **more):
    with files.open_output_stream(path, **more) as stream:
        stream.write(body)


def read(files, path):
    with files.open_input_stream(path) as stream:
        return stream.read()


def listed(files, path):
    return [(found.path, found.type.name, found.size) for found in sorted(files.get_file_info(fs.FileSelector(path, recursive=True)), key=lambda found: found.path)]


def objects(checks, program, _):
    files = files_of(program)
    files.create_dir("arrow")
    write(files, f"arrow/{KEY}", SMALL, metadata={"Content-Type": "text/plain", "of": "arrow"})
    checks.equal("small", read(files, f"arrow/{KEY}"), SMALL)
    with files.open_input_stream(f"arrow/{KEY}") as stream:
        checks.equal("headers", {name: value for name, value in stream.metadata().items() if name in ("Content-Type", "Content-Length")},
                     {"Content-Type": b"text/plain", "Content-Length": b"%d" % len(SMALL)})
    # In parts from 10 MiB on; the second write is held until there is enough for one.
    with files.open_output_stream("arrow/large") as stream:
        stream.write(LARGE[:11_000_000])
        stream.write(LARGE[11_000_000:])
    checks.true("in parts", read(files, "arrow/large") == LARGE)
    with files.open_input_file("arrow/large") as file:
        checks.equal("size", file.size(), len(LARGE))
        file.seek(12_345_678)
        checks.equal("a range", file.read(10), LARGE[12_345_678:12_345_688])
        checks.equal("the end", file.read_at(10, len(LARGE) - 5), LARGE[-5:])
    write(files, "arrow/empty", b"")
    checks.equal("nothing", read(files, "arrow/empty"), b"")
    files.copy_file(f"arrow/{KEY}", "arrow/copies/small")
    files.copy_file("arrow/large", "arrow/copies/large")
    checks.equal("a copy", read(files, "arrow/copies/small"), SMALL)
    checks.true("a large copy", read(files, "arrow/copies/large") == LARGE)
    files.move("arrow/copies/small", "arrow/moved")
    files.create_dir("arrow/folder/below")
    checks.equal("list", listed(files, "arrow"), [
        ("arrow/copies", "Directory", None), ("arrow/copies/large", "File", len(LARGE)), ("arrow/empty", "File", 0),
        ("arrow/folder", "Directory", None), ("arrow/folder/below", "Directory", None), ("arrow/large", "File", len(LARGE)),
        ("arrow/letters", "Directory", None), ("arrow/letters/a b+c", "Directory", None), (f"arrow/{KEY}", "File", len(SMALL)), ("arrow/moved", "File", len(SMALL)),
    ])
    checks.equal("what is not there", [files.get_file_info(path).type.name for path in ("arrow/none", "not-there-at-all/x", "arrow/moved")], ["NotFound", "NotFound", "File"])
    try:
        checks.equal("a missing key", read(files, "arrow/none"), "FileNotFoundError")
    except FileNotFoundError:
        checks.true("a missing key", True)
    files.delete_file("arrow/moved")
    files.delete_dir("arrow/copies")
    files.delete_dir_contents("arrow")
    checks.equal("deleted", listed(files, "arrow"), [])
    files.delete_dir("arrow")
    checks.equal("no bucket is left", listed(files, ""), [])


def frames(checks, program, _):
    files = files_of(program, allow_delayed_open=True)
    files.create_dir("frames")
    count = 100_000
    table = pyarrow.table({"order": range(count), "shop": [f"shop {row % 7}" for row in range(count)], "amount": [row * 0.25 for row in range(count)]})
    pyarrow.parquet.write_table(table, "frames/orders.parquet", filesystem=files, row_group_size=10_000)
    checks.true("one file", pyarrow.parquet.read_table("frames/orders.parquet", filesystem=files).equals(table))
    pyarrow.dataset.write_dataset(table, "frames/by shop", filesystem=files, format="parquet", partitioning=["shop"], partitioning_flavor="hive")
    found = pyarrow.dataset.dataset("frames/by shop", filesystem=files, format="parquet", partitioning="hive")
    some = found.to_table(filter=pyarrow.dataset.field("shop") == "shop 3", columns=["order"])
    checks.equal("a partition", sorted(some["order"].to_pylist()), list(range(3, count, 7)))
    checks.equal("a column", pyarrow.compute.sum(found.to_table(columns=["amount"])["amount"]).as_py(), sum(row * 0.25 for row in range(count)))


if __name__ == "__main__":
    run({call.__name__: call for call in (objects, frames)}, __doc__)
