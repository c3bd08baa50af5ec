"""Amazon S3 and DynamoDB in a process beside this one, in memory and on a free port.

    import footbridge

    with footbridge.start() as aws:
        aws.client("s3").create_bucket(Bucket="photos")

It answers by the time `start` returns, and ends with this process, however that ends.
"""

from ._errors import BinaryNotFoundError, FootbridgeError, StartError
from ._program import binary
from ._server import Footbridge, Seeded, start

__all__ = ["BinaryNotFoundError", "Footbridge", "FootbridgeError", "Seeded", "StartError", "binary", "start"]
