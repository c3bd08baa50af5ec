"""boto3's transfer manager with a large object: many parts at a time, up and down, and a copy."""

import hashlib

from boto3.s3.transfer import TransferConfig

from support.checks import run

MIB = 1024 * 1024
PART = 16 * MIB
CONFIG = TransferConfig(multipart_threshold=8 * MIB, multipart_chunksize=PART, max_concurrency=10)


class Noise:
    """A stream of so many bytes that repeat nowhere."""

    def __init__(self, size):
        self.left = size
        self.block = 0
        self.rest = b""
        self.seen = hashlib.sha256()

    def read(self, size=-1):
        size = self.left if size < 0 else min(size, self.left)
        while len(self.rest) < size:
            self.rest += hashlib.shake_128(self.block.to_bytes(8)).digest(MIB)
            self.block += 1
        given, self.rest = self.rest[:size], self.rest[size:]
        self.left -= len(given)
        self.seen.update(given)
        return given


class Digest:
    def __init__(self):
        self.size = 0
        self.seen = hashlib.sha256()

    def write(self, data):
        self.size += len(data)
        self.seen.update(data)
        return len(data)


def transfer(checks, program, options):
    size = options.mib * MIB
    s3 = program.boto3("s3")
    s3.create_bucket(Bucket="large")
    source = Noise(size)
    s3.upload_fileobj(source, "large", "one", Config=CONFIG)
    checks.equal("parts", s3.head_object(Bucket="large", Key="one", PartNumber=1)["PartsCount"], -(-size // PART))
    s3.copy({"Bucket": "large", "Key": "one"}, "large", "two", Config=CONFIG)
    for key in ("one", "two"):
        path = program.work / key
        s3.download_file("large", key, str(path), Config=CONFIG)
        with open(path, "rb") as file:
            got = Digest()
            while part := file.read(MIB):
                got.write(part)
        path.unlink()
        checks.equal(f"{key} comes back", (got.size, got.seen.hexdigest()), (size, source.seen.hexdigest()))


if __name__ == "__main__":
    run({"transfer": transfer}, __doc__, [(["--mib"], {"type": int, "default": 1024, "help": "how large, more than 16"})])
