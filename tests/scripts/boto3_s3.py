"""boto3 against S3: objects, listings, checksums, multipart, presigned URLs, and refusals.

Codes, messages and members are those that AWS's own answers were recorded with (us-east-1, 2023 to 2026).
"""

import base64
import datetime
import hashlib
import random
import urllib.error
import urllib.request
import uuid
import xml.etree.ElementTree
import zlib
from unittest import mock

import botocore.auth

from support.checks import run
from support.fixtures import objects as fixture_objects

MIB = 1024 * 1024
NOTHING = hashlib.md5(b"").hexdigest()


def name(stem):
    return f"{stem}-{uuid.uuid4().hex[:12]}"


def new_bucket(s3):
    bucket = name("bucket")
    s3.create_bucket(Bucket=bucket)
    return bucket


def noise(size, seed=7):
    return random.Random(seed).randbytes(size)


def etag(body):
    return f'"{hashlib.md5(body).hexdigest()}"'


def buckets(checks, program, _):
    s3 = program.boto3("s3")
    names = sorted(name("list") for _ in range(5))
    for bucket in names:
        made = s3.create_bucket(Bucket=bucket)
        checks.equal("CreateBucket: Location", made["Location"], f"/{bucket}")
    checks.equal("ListBuckets", [bucket["Name"] for bucket in s3.list_buckets(Prefix="list-")["Buckets"]], names)
    first = s3.list_buckets(Prefix="list-", MaxBuckets=2)
    checks.equal("ListBuckets: first page", [bucket["Name"] for bucket in first["Buckets"]], names[:2])
    rest = s3.list_buckets(Prefix="list-", ContinuationToken=first["ContinuationToken"])
    checks.equal("ListBuckets: the rest", [bucket["Name"] for bucket in rest["Buckets"]], names[2:])
    checks.equal("GetBucketLocation in us-east-1", s3.get_bucket_location(Bucket=names[0])["LocationConstraint"], None)
    checks.equal("HeadBucket: region", s3.head_bucket(Bucket=names[0])["BucketRegion"], "us-east-1")
    # us-east-1 alone answers 200 when the owner creates a bucket again.
    checks.equal("CreateBucket again", s3.create_bucket(Bucket=names[0])["ResponseMetadata"]["HTTPStatusCode"], 200)
    checks.equal("DeleteBucket", s3.delete_bucket(Bucket=names[0])["ResponseMetadata"]["HTTPStatusCode"], 204)
    checks.error("HeadBucket of a deleted bucket", lambda: s3.head_bucket(Bucket=names[0]), code="404", message="Not Found", status=404)


def objects(checks, program, _):
    resource = program.boto3("s3", "resource")
    samples = fixture_objects()
    for bucket in sorted({sample[0] for sample in samples}):
        resource.create_bucket(Bucket=bucket)
    for bucket, key, content_type, metadata, body in samples:
        put = resource.Object(bucket, key).put(Body=body, ContentType=content_type, Metadata=metadata)
        checks.equal(f"{key!r}: PutObject's ETag", put["ETag"], etag(body))
    for bucket in sorted({sample[0] for sample in samples}):
        want = sorted((sample[1] for sample in samples if sample[0] == bucket), key=lambda key: key.encode())
        checks.equal(f"{bucket}: listing, in the order of UTF-8", [found.key for found in resource.Bucket(bucket).objects.all()], want)
    for bucket, key, content_type, metadata, body in samples:
        got = resource.Object(bucket, key).get()
        checks.equal(f"{key!r}: bytes", got["Body"].read(), body)
        checks.equal(f"{key!r}: Content-Type", got["ContentType"], content_type)
        checks.equal(f"{key!r}: metadata", got["Metadata"], metadata)
        checks.equal(f"{key!r}: Content-Length", got["ContentLength"], len(body))
        checks.equal(f"{key!r}: ETag", got["ETag"], etag(body))
    # The body of `a` does not change when its neighbours go.
    keys = [sample[1] for sample in samples if sample[0] == "footbridge-awkward-keys" and sample[1] != "a"]
    gone = resource.Bucket("footbridge-awkward-keys").delete_objects(Delete={"Objects": [{"Key": key} for key in keys]})
    checks.equal("DeleteObjects names each key", sorted(entry["Key"] for entry in gone["Deleted"]), sorted(keys))
    checks.equal("what is left", [found.key for found in resource.Bucket("footbridge-awkward-keys").objects.all()], ["a"])
    checks.equal("its bytes", resource.Object("footbridge-awkward-keys", "a").get()["Body"].read(), b"body of a")


def headers(checks, program, _):
    s3 = program.boto3("s3")
    bucket = new_bucket(s3)
    body = noise(2048)
    put = s3.put_object(
        Bucket=bucket, Key="k", Body=body, CacheControl="max-age=60", ContentDisposition='attachment; filename="k"',
        ContentEncoding="identity", ContentLanguage="de", Metadata={"Mixed-Case": "kept as lower case", "empty": ""},
        Expires=datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
    )
    checks.equal("PutObject: server-side encryption is AES256 by default", put.get("ServerSideEncryption"), "AES256")
    for call in (s3.head_object, s3.get_object):
        got = call(Bucket=bucket, Key="k")
        where = call.__name__
        for member, want in {
            "CacheControl": "max-age=60", "ContentDisposition": 'attachment; filename="k"', "ContentEncoding": "identity",
            "ContentLanguage": "de", "Metadata": {"mixed-case": "kept as lower case", "empty": ""}, "ContentLength": 2048,
            "ContentType": "binary/octet-stream", "AcceptRanges": "bytes", "ETag": etag(body), "ServerSideEncryption": "AES256",
            "ExpiresString": "Wed, 02 Jan 2030 03:04:05 GMT",
        }.items():
            checks.equal(f"{where}: {member}", got.get(member), want)
    ranges = {
        "bytes=0-1023": (0, 1024), "bytes=1024-2047": (1024, 2048), "bytes=2000-9999": (2000, 2048), "bytes=-10": (2038, 2048),
        "bytes=5-": (5, 2048),
    }
    for asked, (start, end) in ranges.items():
        got = s3.get_object(Bucket=bucket, Key="k", Range=asked)
        checks.equal(f"{asked}: status", got["ResponseMetadata"]["HTTPStatusCode"], 206)
        checks.equal(f"{asked}: Content-Range", got["ContentRange"], f"bytes {start}-{end - 1}/2048")
        checks.equal(f"{asked}: bytes", got["Body"].read(), body[start:end])
    overridden = s3.get_object(Bucket=bucket, Key="k", ResponseContentType="text/x", ResponseCacheControl="no-store")
    checks.equal("response-content-type", overridden["ContentType"], "text/x")
    checks.equal("response-cache-control", overridden["CacheControl"], "no-store")
    failed = {"code": "412", "message": "Precondition Failed", "status": 412}
    checks.error("HeadObject If-Match", lambda: s3.head_object(Bucket=bucket, Key="k", IfMatch='"x"'), **failed)
    checks.error("GetObject If-None-Match", lambda: s3.get_object(Bucket=bucket, Key="k", IfNoneMatch=etag(body)),
                 code="304", message="Not Modified", status=304)
    checks.error("GetObject If-Match", lambda: s3.get_object(Bucket=bucket, Key="k", IfMatch='"x"'), status=412, Condition="If-Match",
                 code="PreconditionFailed", message="At least one of the pre-conditions you specified did not hold")
    checks.error("PutObject If-None-Match: *", lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"", IfNoneMatch="*"), status=412,
                 code="PreconditionFailed", message="At least one of the pre-conditions you specified did not hold", Condition="If-None-Match")
    checks.equal("the refused PutObject changed nothing", s3.get_object(Bucket=bucket, Key="k")["Body"].read(), body)


def listing(checks, program, _):
    s3 = program.boto3("s3")
    bucket = new_bucket(s3)
    keys = sorted([f"flat/{number:03}" for number in range(30)] + ["a/1", "a/2/x", "a/2/y", "b", "ä", "test/bar/foo/123", "test/foo/bar/123"],
                  key=lambda key: key.encode())
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    for version, continuing in (("list_objects_v2", "NextContinuationToken"), ("list_objects", "NextMarker")):
        call = getattr(s3, version)
        whole = call(Bucket=bucket)
        checks.equal(f"{version}: keys", [entry["Key"] for entry in whole["Contents"]], keys)
        checks.equal(f"{version}: sizes", [entry["Size"] for entry in whole["Contents"]], [len(key.encode()) for key in keys])
        checks.equal(f"{version}: ETags", [entry["ETag"] for entry in whole["Contents"]], [etag(key.encode()) for key in keys])
        checks.equal(f"{version}: class", {entry["StorageClass"] for entry in whole["Contents"]}, {"STANDARD"})
        checks.equal(f"{version}: truncated", (whole["IsTruncated"], whole["MaxKeys"], whole["Name"]), (False, 1000, bucket))
        paged = [entry["Key"] for page in s3.get_paginator(version).paginate(Bucket=bucket, PaginationConfig={"PageSize": 4})
                 for entry in page["Contents"]]
        checks.equal(f"{version}: pages of four", paged, keys)
        folders = call(Bucket=bucket, Delimiter="/")
        checks.equal(f"{version}: folders", [entry["Prefix"] for entry in folders["CommonPrefixes"]], ["a/", "flat/", "test/"])
        checks.equal(f"{version}: beside them", [entry["Key"] for entry in folders["Contents"]], ["b", "ä"])
        below = call(Bucket=bucket, Delimiter="/", Prefix="a/")
        checks.equal(f"{version}: below", ([entry["Key"] for entry in below["Contents"]], below["CommonPrefixes"], below["Prefix"]),
                     (["a/1"], [{"Prefix": "a/2/"}], "a/"))
        small = call(Bucket=bucket, Delimiter="/", MaxKeys=1)
        checks.equal(f"{version}: one folder a page", (small["CommonPrefixes"], small["IsTruncated"]), ([{"Prefix": "a/"}], True))
        checks.true(f"{version}: {continuing}", small.get(continuing))
    v2 = s3.list_objects_v2(Bucket=bucket, Prefix="test/", StartAfter="test/bar/foo/123")
    checks.equal("StartAfter", ([entry["Key"] for entry in v2["Contents"]], v2["KeyCount"], v2["StartAfter"]),
                 (["test/foo/bar/123"], 1, "test/bar/foo/123"))
    checks.equal("ListObjectsV2 shows no owner unless asked", "Owner" in v2["Contents"][0], False)
    checks.equal("an empty page", s3.list_objects_v2(Bucket=bucket, Prefix="none")["KeyCount"], 0)
    checks.error("a wrong token", lambda: s3.list_objects_v2(Bucket=bucket, ContinuationToken="wrong"), status=400,
                 code="InvalidArgument", message="The continuation token provided is incorrect", ArgumentName="continuation-token")
    checks.error("a wrong encoding", lambda: s3.list_objects_v2(Bucket=bucket, EncodingType="value"), status=400,
                 code="InvalidArgument", message="Invalid Encoding Method specified in Request", ArgumentName="encoding-type")


def checksums(checks, program, _):
    # The answer expected of the CRCs is the check value that their definitions give for "123456789".
    body = b"123456789"
    wanted = {
        "CRC32": zlib.crc32(body).to_bytes(4, "big"),
        "CRC32C": bytes.fromhex("e3069283"),
        "CRC64NVME": bytes.fromhex("ae8b14860a799888"),
        "SHA1": hashlib.sha1(body).digest(),
        "SHA256": hashlib.sha256(body).digest(),
    }
    s3 = program.boto3("s3", request_checksum_calculation="when_required", response_checksum_validation="when_required")
    bucket = new_bucket(s3)
    for algorithm, digest in wanted.items():
        member, value = f"Checksum{algorithm}", base64.b64encode(digest).decode()
        put = s3.put_object(Bucket=bucket, Key=algorithm, Body=body, **{member: value})
        checks.equal(f"{algorithm}: PutObject", (put.get(member), put.get("ChecksumType")), (value, "FULL_OBJECT"))
        got = s3.get_object(Bucket=bucket, Key=algorithm, ChecksumMode="ENABLED")
        checks.equal(f"{algorithm}: GetObject", (got.get(member), got.get("ChecksumType"), got["Body"].read()), (value, "FULL_OBJECT", body))
        head = s3.head_object(Bucket=bucket, Key=algorithm, ChecksumMode="ENABLED")
        checks.equal(f"{algorithm}: HeadObject", head.get(member), value)
        wrong = base64.b64encode(bytes(len(digest))).decode()
        checks.error(f"{algorithm}: a wrong one", lambda: s3.put_object(Bucket=bucket, Key="wrong", Body=body, **{member: wrong}), status=400,
                     code="BadDigest", message=f"The {algorithm} you specified did not match the calculated checksum.")
        checks.error(f"{algorithm}: no base64", lambda: s3.put_object(Bucket=bucket, Key="wrong", Body=body, **{member: "!"}), status=400,
                     code="InvalidRequest", message=f"Value for x-amz-checksum-{algorithm.lower()} header is invalid.")
    checks.error("what was refused is not there", lambda: s3.head_object(Bucket=bucket, Key="wrong"), code="404", status=404)
    # AWS gives CRC64NVME to an object that came without a checksum.
    s3.put_object(Bucket=bucket, Key="none", Body=body)
    got = s3.head_object(Bucket=bucket, Key="none", ChecksumMode="ENABLED")
    checks.equal("without one: CRC64NVME", got.get("ChecksumCRC64NVME"), base64.b64encode(wanted["CRC64NVME"]).decode())
    md5 = base64.b64encode(hashlib.md5(b"something else").digest()).decode()
    checks.error("Content-MD5: a wrong one", lambda: s3.put_object(Bucket=bucket, Key="wrong", Body=body, ContentMD5=md5), status=400,
                 code="BadDigest", message="The Content-MD5 you specified did not match what we received.",
                 CalculatedDigest=base64.b64encode(hashlib.md5(body).digest()).decode())
    checks.error("Content-MD5: no digest", lambda: s3.put_object(Bucket=bucket, Key="wrong", Body=body, ContentMD5="MTIz"), status=400,
                 code="InvalidDigest", message="The Content-MD5 you specified was invalid.")


def multipart(checks, program, _):
    s3 = program.boto3("s3")
    bucket = new_bucket(s3)
    parts = [noise(5 * MIB, 1), noise(5 * MIB, 2), noise(1000, 3)]
    upload = s3.create_multipart_upload(Bucket=bucket, Key="big", ContentType="text/x", Metadata={"m": "1"})["UploadId"]
    sent = []
    for number in (2, 1, 3):
        part = s3.upload_part(Bucket=bucket, Key="big", UploadId=upload, PartNumber=number, Body=parts[number - 1])
        checks.equal(f"part {number}: ETag", part["ETag"], etag(parts[number - 1]))
        # The upload names no checksum, so that its parts are named without.
        sent.append({"PartNumber": number, "ETag": part["ETag"]})
    sent.sort(key=lambda part: part["PartNumber"])
    listed = s3.list_parts(Bucket=bucket, Key="big", UploadId=upload)
    checks.equal("ListParts", [(part["PartNumber"], part["Size"], part["ETag"]) for part in listed["Parts"]],
                 [(number + 1, len(part), etag(part)) for number, part in enumerate(parts)])
    checks.equal("ListParts: pages", [part["PartNumber"] for page in s3.get_paginator("list_parts").paginate(
        Bucket=bucket, Key="big", UploadId=upload, PaginationConfig={"PageSize": 1}) for part in page["Parts"]], [1, 2, 3])
    uploads = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    checks.equal("ListMultipartUploads", [(entry["Key"], entry["UploadId"]) for entry in uploads], [("big", upload)])
    checks.error("before it is complete", lambda: s3.head_object(Bucket=bucket, Key="big"), code="404", status=404)

    def complete(chosen, identifier=upload):
        return lambda: s3.complete_multipart_upload(Bucket=bucket, Key="big", UploadId=identifier, MultipartUpload={"Parts": chosen})

    checks.error("parts in the wrong order", complete([sent[1], sent[0]]), status=400, code="InvalidPartOrder", UploadId=upload,
                 message="The list of parts was not in ascending order. Parts must be ordered by part number.")
    checks.error("an unknown part", complete([{"PartNumber": 9, "ETag": sent[0]["ETag"]}]), status=400, code="InvalidPart",
                 message="One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
                         "specified entity tag may not match the part's entity tag.", PartNumber="9")
    checks.error("another part's ETag", complete([*sent[:2], sent[2] | {"ETag": sent[0]["ETag"]}]), status=400, code="InvalidPart")
    whole = b"".join(parts)
    digest = hashlib.md5(b"".join(hashlib.md5(part).digest() for part in parts)).hexdigest()
    done = complete(sent)()
    checks.equal("CompleteMultipartUpload: ETag", done["ETag"], f'"{digest}-3"')
    got = s3.get_object(Bucket=bucket, Key="big")
    checks.equal("the object", (got["ETag"], got["ContentType"], got["Metadata"], got["ContentLength"]), (f'"{digest}-3"', "text/x", {"m": "1"}, len(whole)))
    checks.true("its bytes", got["Body"].read() == whole)
    across = s3.get_object(Bucket=bucket, Key="big", Range=f"bytes={5 * MIB - 3}-{5 * MIB + 2}")["Body"].read()
    checks.equal("a range across two parts", across, whole[5 * MIB - 3 : 5 * MIB + 3])
    second = s3.get_object(Bucket=bucket, Key="big", PartNumber=2)
    checks.equal("PartNumber=2", (second["PartsCount"], second["ContentLength"], second["Body"].read() == parts[1]), (3, 5 * MIB, True))
    no_upload = {
        "code": "NoSuchUpload", "status": 404,
        "message": "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    }
    other = s3.create_multipart_upload(Bucket=bucket, Key="big")["UploadId"]
    small = [s3.upload_part(Bucket=bucket, Key="big", UploadId=other, PartNumber=number, Body=b"tiny") for number in (1, 2)]
    chosen = [{"PartNumber": number + 1, "ETag": part["ETag"]} for number, part in enumerate(small)]
    checks.error("a part under 5 MiB before the last", complete(chosen, other), status=400, code="EntityTooSmall", PartNumber="1",
                 ProposedSize="4", MinSizeAllowed="5242880", message="Your proposed upload is smaller than the minimum allowed size")
    checks.equal("AbortMultipartUpload", s3.abort_multipart_upload(Bucket=bucket, Key="big", UploadId=other)["ResponseMetadata"]["HTTPStatusCode"], 204)
    checks.error("after it", lambda: s3.list_parts(Bucket=bucket, Key="big", UploadId=other), **no_upload)
    checks.error("an upload that never was", lambda: s3.upload_part(Bucket=bucket, Key="big", UploadId="fakeid", PartNumber=1, Body=b""),
                 **no_upload, UploadId="fakeid")
    checks.equal("no upload is left", "Uploads" in s3.list_multipart_uploads(Bucket=bucket), False)


def fetch(url, method="GET", body=None, headers=None):
    """One request without credentials of its own: (status, body)."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, data=body, method=method, headers=headers or {}), timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def presigned_error(body):
    root = xml.etree.ElementTree.fromstring(body)
    return root.findtext("Code"), root.findtext("Message")


def presign(checks, program, _):
    s3 = program.boto3("s3")
    bucket = new_bucket(s3)
    body = noise(3000)
    for version in ("s3v4", "s3"):
        signer = program.boto3("s3", signature_version=version)
        where = {"Bucket": bucket, "Key": f"a b+c/{version}"}
        put = signer.generate_presigned_url("put_object", Params=where | {"ContentType": "text/x"})
        checks.equal(f"{version}: PUT", fetch(put, "PUT", body, {"Content-Type": "text/x"})[0], 200)
        got = s3.get_object(**where)
        checks.equal(f"{version}: what it stored", (got["Body"].read(), got["ContentType"]), (body, "text/x"))
        get = signer.generate_presigned_url("get_object", Params=where)
        checks.equal(f"{version}: GET", fetch(get), (200, body))
        checks.equal(f"{version}: a range", fetch(get, headers={"Range": "bytes=1-4"}), (206, body[1:5]))
        mismatch = "The request signature we calculated does not match the signature you provided. Check your key and signing method."
        status, answer = fetch(get, "DELETE")
        checks.equal(f"{version}: another method", (status, *presigned_error(answer)), (403, "SignatureDoesNotMatch", mismatch))
        status, answer = fetch(get.replace(version, f"{version}x", 1))
        checks.equal(f"{version}: another key", (status, *presigned_error(answer)), (403, "SignatureDoesNotMatch", mismatch))
        expired = expired_url(signer, where, version)
        status, answer = fetch(expired)
        checks.equal(f"{version}: expired", (status, *presigned_error(answer)), (403, "AccessDenied", "Request has expired"))
    missing = program.boto3("s3", signature_version="s3v4").generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "missing"})
    status, answer = fetch(missing)
    checks.equal("a missing key", (status, *presigned_error(answer)), (404, "NoSuchKey", "The specified key does not exist."))
    status, answer = fetch(missing.split("?")[0])
    checks.equal("no signature at all", (status, *presigned_error(answer)), (403, "AccessDenied", "Access Denied"))


def expired_url(signer, where, version):
    """A URL that was signed two hours ago for one."""
    past = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=2)
    if version == "s3":
        clock = mock.patch.object(botocore.auth.time, "time", past.timestamp)
    else:
        clock = mock.patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: past.replace(tzinfo=None))
    with clock:
        return signer.generate_presigned_url("get_object", Params=where, ExpiresIn=3600)


def errors(checks, program, _):
    s3 = program.boto3("s3", parameter_validation=False)
    bucket = new_bucket(s3)
    no_key = {"code": "NoSuchKey", "message": "The specified key does not exist.", "status": 404}
    checks.error("GetObject of a missing key", lambda: s3.get_object(Bucket=bucket, Key="my-key"), **no_key, Key="my-key")
    checks.error("a range of a missing key", lambda: s3.get_object(Bucket=bucket, Key="my-key", Range="bytes=0-1"), **no_key, Key="my-key")
    no_bucket = {"code": "NoSuchBucket", "message": "The specified bucket does not exist", "status": 404, "BucketName": "does-not-exist-here"}
    gone = "does-not-exist-here"
    for call in (
        lambda: s3.get_object(Bucket=gone, Key="k"), lambda: s3.put_object(Bucket=gone, Key="k", Body=b"x"), lambda: s3.delete_bucket(Bucket=gone),
        lambda: s3.list_objects_v2(Bucket=gone), lambda: s3.list_objects(Bucket=gone), lambda: s3.delete_object(Bucket=gone, Key="k"),
        lambda: s3.delete_objects(Bucket=gone, Delete={"Objects": [{"Key": "k"}]}), lambda: s3.create_multipart_upload(Bucket=gone, Key="k"),
        lambda: s3.get_bucket_location(Bucket=gone),
    ):
        checks.error("a bucket that does not exist", call, **no_bucket)
    s3.put_object(Bucket=bucket, Key="k", Body=b"12345678")
    checks.error("DeleteBucket that is not empty", lambda: s3.delete_bucket(Bucket=bucket), status=409, code="BucketNotEmpty", BucketName=bucket,
                 message="The bucket you tried to delete is not empty")
    checks.error("a range past the end", lambda: s3.get_object(Bucket=bucket, Key="k", Range="bytes=1024-4096"), status=416, code="InvalidRange",
                 message="The requested range is not satisfiable", ActualObjectSize="8", RangeRequested="bytes=1024-4096")
    checks.error("Range and PartNumber", lambda: s3.get_object(Bucket=bucket, Key="k", Range="bytes=0-1", PartNumber=1), status=400,
                 code="InvalidRequest", message="Cannot specify both Range header and partNumber query parameter")
    checks.error("CreateBucket with a bad name", lambda: s3.create_bucket(Bucket="UPPER_case"), status=400, code="InvalidBucketName",
                 message="The specified bucket is not valid.", BucketName="UPPER_case")
    checks.error("DeleteObjects of nothing", lambda: s3.delete_objects(Bucket=bucket, Delete={"Objects": []}), status=400, code="MalformedXML",
                 message="The XML you provided was not well-formed or did not validate against our published schema")
    checks.equal("DeleteObject of a missing key", s3.delete_object(Bucket=bucket, Key="never")["ResponseMetadata"]["HTTPStatusCode"], 204)
    wrong = boto3_with_secret(program, "wrong")
    # Many have the built-in key with a secret of their own; what is signed in a URL must fit all the same.
    checks.equal("the built-in key with another secret", wrong.list_buckets()["ResponseMetadata"]["HTTPStatusCode"], 200)
    url = wrong.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
    try:
        urllib.request.urlopen(url)
        status = 200
    except urllib.error.HTTPError as error:
        status = error.code
    checks.equal("a presigned URL of another secret", status, 403)


def boto3_with_secret(program, secret):
    import boto3

    return boto3.session.Session("test", secret, region_name="us-east-1").client("s3", endpoint_url=program.endpoint)


if __name__ == "__main__":
    run({call.__name__: call for call in (buckets, objects, headers, listing, checksums, multipart, presign, errors)}, __doc__)
