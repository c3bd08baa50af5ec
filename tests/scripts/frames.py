"""s3fs and pandas: data frames written and read as Parquet, and s3fs as a file system."""

import os

import pandas
import s3fs

from support.checks import run


def options_of(program):
    os.environ.update(program.environment)
    # With a region_name here, s3fs asks for LocationConstraint us-east-1, which AWS refuses.
    return {
        "client_kwargs": {"endpoint_url": program.endpoint},
        "config_kwargs": {"proxies": {}, "retries": {"total_max_attempts": 1}},
    }


def frame():
    rows = range(50_000)
    return pandas.DataFrame({
        "order": list(rows),
        "shop": [f"shop-{row % 7}" for row in rows],
        "amount": [row * 0.25 for row in rows],
        "when": pandas.date_range("2026-01-01", periods=len(rows), freq="min"),
    })


def parquet(checks, program, _):
    settings = options_of(program)
    s3fs.S3FileSystem(**settings).mkdir("frames")
    want = frame()
    want.to_parquet("s3://frames/orders.parquet", storage_options=settings)
    got = pandas.read_parquet("s3://frames/orders.parquet", storage_options=settings)
    checks.true("one file comes back as it was", got.equals(want))
    few = pandas.read_parquet("s3://frames/orders.parquet", columns=["amount"], storage_options=settings)
    checks.equal("one column", float(few["amount"].sum()), float(want["amount"].sum()))
    want.to_parquet("s3://frames/by-shop", partition_cols=["shop"], storage_options=settings)
    got = pandas.read_parquet("s3://frames/by-shop", filters=[("shop", "==", "shop-3")], storage_options=settings)
    checks.equal("a partition", sorted(got["order"]), [row for row in range(50_000) if row % 7 == 3])
    want.head(1000).to_csv("s3://frames/orders.csv", index=False, storage_options=settings)
    checks.equal("CSV", len(pandas.read_csv("s3://frames/orders.csv", storage_options=settings)), 1000)


def files(checks, program, _):
    fs = s3fs.S3FileSystem(**options_of(program))
    fs.mkdir("drive")
    with fs.open("drive/a/large.bin", "wb", block_size=5 * 2**20) as file:
        for part in range(3):
            file.write(bytes([part]) * (6 * 2**20))
    checks.equal("info", fs.info("drive/a/large.bin")["size"], 18 * 2**20)
    with fs.open("drive/a/large.bin", "rb") as file:
        file.seek(12 * 2**20 - 2)
        checks.equal("seek and read", file.read(4), b"\x01\x01\x02\x02")
    fs.pipe("drive/a/b.txt", b"tea")
    fs.copy("drive/a/b.txt", "drive/c/b.txt")
    checks.equal("copy", fs.cat("drive/c/b.txt"), b"tea")
    fs.mv("drive/a/large.bin", "drive/c/moved.bin")
    checks.equal("find", sorted(fs.find("drive")), ["drive/a/b.txt", "drive/c/b.txt", "drive/c/moved.bin"])
    checks.equal("glob", fs.glob("drive/**/b.txt"), ["drive/a/b.txt", "drive/c/b.txt"])
    fs.rm("drive/c", recursive=True)
    checks.equal("ls", fs.ls("drive", refresh=True), ["drive/a"])
    checks.true("exists", fs.exists("drive/a/b.txt") and not fs.exists("drive/c/b.txt"))


if __name__ == "__main__":
    run({call.__name__: call for call in (parquet, files)}, __doc__)
