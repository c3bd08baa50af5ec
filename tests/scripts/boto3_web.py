"""What web pages do with S3: forms of generate_presigned_post, CORS with preflights, presigned DELETE and HEAD.

The requests are those that browsers send; messages are those that AWS's own answers were recorded with.
"""

import hashlib
import http.client
import json
import re
import urllib.error
import urllib.request
import uuid
import xml.etree.ElementTree
from urllib.parse import parse_qs, urlsplit

from support.checks import run

MIB = 1024 * 1024
PAGE = "https://app.example"
MOST_MEMORY = 96 * MIB


def new_bucket(s3):
    bucket = f"web-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=bucket)
    return bucket


def fetch(url, method="GET", body=None, headers=None):
    """Status, headers and body; redirects are not followed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    connection.request(method, f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, headers or {})
    answer = connection.getresponse()
    got = answer.status, answer.headers, answer.read()
    connection.close()
    return got


def encoded(fields, body, filename="photo.png", late=()):
    """A form as browsers encode it: head, tail and content type."""
    boundary = f"----WebKitFormBoundary{uuid.uuid4().hex[:16]}"
    part = lambda name, value: f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
    head = "".join(part(name, value) for name, value in fields.items())
    head += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\nContent-Type: image/png\r\n\r\n'
    tail = "\r\n" + "".join(part(name, value) for name, value in late) + f"--{boundary}--\r\n"
    return head.encode() + body, tail.encode(), f"multipart/form-data; boundary={boundary}"


def submit(post, body, headers=None, filename="photo.png", late=()):
    head, tail, kind = encoded(post["fields"], body, filename, late)
    return fetch(post["url"], "POST", head + tail, {"Content-Type": kind} | (headers or {}))


def refusal(body):
    root = xml.etree.ElementTree.fromstring(body)
    return root.findtext("Code"), root.findtext("Message")


def forms(checks, program, _):
    s3 = program.boto3("s3")
    bucket = new_bucket(s3)
    for version in ("s3v4", "s3"):
        signer = program.boto3("s3", signature_version=version)
        fields = {"Content-Type": "image/png", "x-amz-meta-who": "me", "success_action_status": "201"}
        conditions = [{"Content-Type": "image/png"}, ["starts-with", "$x-amz-meta-who", ""], {"success_action_status": "201"},
                      ["content-length-range", 2, 20000]]
        post = signer.generate_presigned_post(bucket, f"up/{version}/${{filename}}", Fields=fields, Conditions=conditions)
        status, headers, answer = submit(post, b"png" * 1000, late=[("key", "elsewhere")])
        key = f"up/{version}/photo.png"
        checks.equal(f"{version}: a form", status, 201)
        root = xml.etree.ElementTree.fromstring(answer)
        etag = f'"{hashlib.md5(b"png" * 1000).hexdigest()}"'
        checks.equal(f"{version}: PostResponse", (root.tag, root.findtext("Bucket"), root.findtext("Key"), root.findtext("ETag")),
                     ("PostResponse", bucket, key, etag))
        checks.equal(f"{version}: Location", headers["Location"], root.findtext("Location"))
        got = s3.get_object(Bucket=bucket, Key=key)
        checks.equal(f"{version}: the object", (got["Body"].read(), got["ContentType"], got["Metadata"], got["ServerSideEncryption"]),
                     (b"png" * 1000, "image/png", {"who": "me"}, "AES256"))
        status, _, answer = submit(post, b"x" * 20001)
        checks.equal(f"{version}: too large", (status, *refusal(answer)), (400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"))
        status, _, answer = submit(post | {"fields": post["fields"] | {"x-amz-meta-more": "1"}}, b"xxx")
        checks.equal(f"{version}: a field more", (status, *refusal(answer)),
                     (403, "AccessDenied", "Invalid according to Policy: Extra input fields: x-amz-meta-more"))
        status, _, answer = submit(post | {"fields": post["fields"] | {"Content-Type": "text/html"}}, b"xxx")
        checks.equal(f"{version}: another type", (status, *refusal(answer)),
                     (403, "AccessDenied", 'Invalid according to Policy: Policy Condition failed: ["eq", "$Content-Type", "image/png"]'))
        expired = signer.generate_presigned_post(bucket, "k", ExpiresIn=-1)
        status, _, answer = submit(expired, b"x")
        checks.equal(f"{version}: expired", (status, *refusal(answer)), (403, "AccessDenied", "Invalid according to Policy: Policy expired."))
        page = {"success_action_redirect": "http://site.example/done?a=b"}
        post = signer.generate_presigned_post(bucket, "k", Fields=page, Conditions=[page])
        status, headers, _ = submit(post, b"x")
        query = {name: values[0] for name, values in parse_qs(urlsplit(headers["Location"]).query).items()}
        checks.equal(f"{version}: a redirect", (status, query), (303, {"a": "b", "bucket": bucket, "key": "k", "etag": f'"{hashlib.md5(b"x").hexdigest()}"'}))
    # A page on another port of this machine may send a form, any other one only with a key that nobody else knows.
    post = s3.generate_presigned_post(bucket, "foreign")
    for headers, want in (({"Origin": "http://localhost:3000"}, 204), ({"Origin": "https://evil.example"}, 403), ({"Origin": "null"}, 403),
                          ({"Sec-Fetch-Site": "cross-site"}, 403), ({"Origin": program.endpoint}, 403)):
        checks.equal(f"a page's form: {headers}", submit(post, b"x", headers)[0], want)
        unknown = post["fields"] | {name: post["fields"][name].replace("test", "nobody") for name in ("x-amz-credential",) if name in post["fields"]}
        unknown |= {"AWSAccessKeyId": "nobody"} if "AWSAccessKeyId" in unknown else {}
        status, _, answer = submit(post | {"fields": unknown}, b"x", headers)
        checks.equal(f"of an unknown key: {headers}", (status, refusal(answer)[0]), (403, "AccessForbidden"))


def large_form(checks, program, options):
    """A form streams through: the process never holds its file."""
    large = options.large * MIB
    s3 = program.boto3("s3")
    bucket = new_bucket(s3)
    process, endpoint = program.running[0], program.endpoint
    post = s3.generate_presigned_post(bucket, "large")
    head, tail, kind = encoded(post["fields"], b"")
    block = bytes(range(256)) * 4096
    sent = hashlib.md5()
    parts = urlsplit(endpoint)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)
    connection.putrequest("POST", f"/{bucket}")
    for name, value in {"Content-Type": kind, "Content-Length": str(len(head) + large + len(tail))}.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(head)
    for _ in range(large // len(block)):
        connection.send(block)
        sent.update(block)
    connection.send(tail)
    answer = connection.getresponse()
    checks.equal("a large form", (answer.status, answer.headers["ETag"]), (204, f'"{sent.hexdigest()}"'))
    checks.equal("its size", s3.head_object(Bucket=bucket, Key="large")["ContentLength"], large)
    try:
        with open(f"/proc/{process.pid}/status") as status:
            peak = int(re.search(r"VmHWM:\s+(\d+)", status.read())[1]) * 1024
    except FileNotFoundError:
        return
    print(f"report: a form of {options.large} MiB: {peak // MIB} MiB of memory at the most", flush=True)
    checks.true("memory stays small", peak < MOST_MEMORY, f"{peak // MIB} MiB")


def cors(checks, program, _):
    s3 = program.boto3("s3")
    bucket = new_bucket(s3)
    url = f"{program.endpoint}/{bucket}/k"
    s3.put_object(Bucket=bucket, Key="k", Body=b"cors")
    preflight = {"Origin": PAGE, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type,x-amz-meta-a"}
    checks.error("no rules yet", lambda: s3.get_bucket_cors(Bucket=bucket), code="NoSuchCORSConfiguration", status=404,
                 message="The CORS configuration does not exist", BucketName=bucket)
    status, _, answer = fetch(url, "OPTIONS", headers=preflight)
    checks.equal("a preflight without rules", (status, *refusal(answer)), (403, "AccessForbidden", "CORSResponse: CORS is not enabled for this bucket."))
    rules = [{"AllowedOrigins": [PAGE], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["*"], "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 60},
             {"AllowedOrigins": ["*"], "AllowedMethods": ["HEAD"]}]
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": rules})
    checks.equal("GetBucketCors", s3.get_bucket_cors(Bucket=bucket)["CORSRules"], rules)
    checks.error("a method that there is not", lambda: s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["MYMETHOD"]}]}),
                 code="InvalidRequest", status=400, message="Found unsupported HTTP method in CORS config. Unsupported method is MYMETHOD")
    grant = {"Access-Control-Allow-Origin": PAGE, "Access-Control-Allow-Credentials": "true", "Access-Control-Allow-Methods": "GET, PUT",
             "Access-Control-Expose-Headers": "ETag", "Access-Control-Max-Age": "60",
             "Vary": "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"}
    status, headers, answer = fetch(url, "OPTIONS", headers=preflight)
    checks.equal("a preflight", (status, answer), (200, b""))
    checks.equal("what it grants", {name: headers[name] for name in grant} | {"h": headers["Access-Control-Allow-Headers"]},
                 grant | {"h": "content-type, x-amz-meta-a"})
    signer = program.boto3("s3", signature_version="s3v4")
    put = signer.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "k"})
    status, headers, _ = fetch(put, "OPTIONS", headers=preflight)
    checks.equal("a preflight of a presigned URL", status, 200)
    status, headers, _ = fetch(put, "PUT", b"from a page", {"Origin": PAGE})
    checks.equal("a presigned PUT of the page", (status, {name: headers[name] for name in grant}), (200, grant))
    status, headers, _ = fetch(f"{program.endpoint}/{bucket}/none?AWSAccessKeyId=test&Signature=x&Expires=1", headers={"Origin": PAGE})
    checks.equal("a refusal can be read by the page", (status, headers["Access-Control-Allow-Origin"]), (403, PAGE))
    s3.put_object(Bucket=bucket, Key="k", Body=b"cors")
    # A key that nobody knows lets no page in, whatever the rules say: any page can make it up.
    unsigned = {"Authorization": "AWS nobody:x", "Date": http_date()}
    for what, method, path, headers, want in (
        ("no page", "GET", "/k", {}, 200),
        ("a page that the rules name", "GET", "/k", {"Origin": PAGE}, 403),
        ("another page", "GET", "/k", {"Origin": "https://evil.example"}, 403),
        ("a page without an origin", "GET", "/k", {"Origin": "null"}, 403),
        ("any page, where a rule names all", "HEAD", "/k", {"Origin": "https://evil.example"}, 403),
        ("a load of another site", "GET", "/k", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("a method that the rules leave out", "DELETE", "/k", {"Origin": PAGE}, 403),
        ("a simple request", "POST", "?delete", {"Origin": "https://evil.example", "Content-Type": "text/plain"}, 403),
        ("the same site", "GET", "/k", {"Origin": program.endpoint}, 403),
    ):
        status, _, _ = fetch(f"{program.endpoint}/{bucket}{path}", method, headers=unsigned | headers)
        checks.equal(what, status, want)
    get, head = (signer.generate_presigned_url(name, Params={"Bucket": bucket, "Key": "k"}) for name in ("get_object", "head_object"))
    for what, method, signed, origin, want in (
        ("a page that the rules name, with the built-in key", "GET", get, PAGE, 200),
        ("another page, with the built-in key", "GET", get, "https://evil.example", 403),
        ("any page, where a rule names all, with the built-in key", "HEAD", head, "https://evil.example", 403),
        ("a page of this machine there", "HEAD", head, "http://localhost:3000", 200),
    ):
        checks.equal(what, fetch(signed, method, headers={"Origin": origin})[0], want)
    for what, method, path, headers in (
        ("ListBuckets", "GET", "/", unsigned),
        ("a new bucket", "PUT", "/made-by-a-page", unsigned),
        ("DynamoDB", "POST", "/", {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}),
        ("DynamoDB, as a simple request", "POST", "/", {"Content-Type": "text/plain"}),
        ("a path of footbridge's own", "GET", "/_footbridge/other", {}),
        ("reset", "POST", "/_footbridge/reset", {}),
        ("a reset as a form", "POST", "/_footbridge/reset", {"Content-Type": "multipart/form-data; boundary=b"}),
        ("another host's name", "GET", f"/{bucket}/k", {"Host": "evil.example"} | unsigned),
    ):
        for origin in (PAGE, "https://evil.example"):
            status, got, _ = fetch(program.endpoint + path, method, headers=headers | {"Origin": origin})
            checks.equal(f"{what} of a foreign page", (status, got["Access-Control-Allow-Origin"]), (403, None))
    status, got, _ = fetch(program.endpoint + "/_footbridge/health", headers={"Origin": PAGE})
    checks.equal("health of a foreign page", (status, got["Access-Control-Allow-Origin"]), (200, None))
    checks.equal("nothing was deleted", s3.get_object(Bucket=bucket, Key="k")["Body"].read(), b"cors")
    checks.equal("DeleteBucketCors", s3.delete_bucket_cors(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"], 204)
    checks.equal("then no page", fetch(url, headers=unsigned | {"Origin": PAGE})[0], 403)


def http_date():
    import email.utils

    return email.utils.formatdate(usegmt=True)


def encryption(checks, program, _):
    s3 = program.boto3("s3")
    bucket = new_bucket(s3)
    default = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]}
    get = lambda: s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    checks.equal("the default", get(), default)
    keyed = json.loads(json.dumps(default))
    keyed["Rules"][0]["BucketKeyEnabled"] = True
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=keyed)
    checks.equal("as it was put", get(), keyed)
    s3.delete_bucket_encryption(Bucket=bucket)
    checks.equal("as it was", get(), default)
    kms = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}
    checks.error("KMS", lambda: s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=kms), code="NotImplemented", status=501)
    checks.equal("PutObject", s3.put_object(Bucket=bucket, Key="k", Body=b"x")["ServerSideEncryption"], "AES256")
    checks.equal("GetObject", s3.get_object(Bucket=bucket, Key="k")["ServerSideEncryption"], "AES256")


def presigned(checks, program, _):
    s3 = program.boto3("s3")
    bucket = new_bucket(s3)
    mismatch = (403, "SignatureDoesNotMatch")
    for version in ("s3v4", "s3"):
        signer = program.boto3("s3", signature_version=version)
        where = {"Bucket": bucket, "Key": f"a b+c/{version}"}
        s3.put_object(**where, Body=b"twelve bytes")
        head = signer.generate_presigned_url("head_object", Params=where)
        status, headers, body = fetch(head, "HEAD")
        checks.equal(f"{version}: HEAD", (status, headers["Content-Length"], body), (200, "12", b""))
        status, _, body = fetch(head, "GET")
        checks.equal(f"{version}: GET by the URL of a HEAD", (status, refusal(body)[0]), mismatch)
        if version == "s3v4":
            owner = signer.generate_presigned_url("head_object", Params=where | {"ExpectedBucketOwner": "000000000000"})
            checks.equal("a header that is signed", fetch(owner, "HEAD", headers={"x-amz-expected-bucket-owner": "000000000000"})[0], 200)
            checks.equal("and is not sent", fetch(owner, "HEAD")[0], 403)
            status, _, body = fetch(signer.generate_presigned_url("delete_object", Params=where), "DELETE", headers={"x-amz-request-payer": "requester"})
            checks.equal("a header that is not signed", (status, *refusal(body)), (403, "AccessDenied", "There were headers present in the request which were not signed"))
        delete = signer.generate_presigned_url("delete_object", Params=where)
        status, _, body = fetch(delete, "PUT", b"other")
        checks.equal(f"{version}: PUT by the URL of a DELETE", (status, refusal(body)[0]), mismatch)
        expired = signer.generate_presigned_url("delete_object", Params=where, ExpiresIn=-1 if version == "s3" else 0)
        if version == "s3":
            status, _, body = fetch(expired, "DELETE")
            checks.equal(f"{version}: expired", (status, *refusal(body)), (403, "AccessDenied", "Request has expired"))
        checks.equal(f"{version}: DELETE", fetch(delete, "DELETE")[::2], (204, b""))
        checks.equal(f"{version}: it is gone", fetch(head, "HEAD")[0], 404)
        checks.equal(f"{version}: DELETE again", fetch(delete, "DELETE")[0], 204)
    where = {"bucket": bucket, "key": "by-tool"}
    s3.put_object(Bucket=bucket, Key="by-tool", Body=b"x")
    for method, want in (("head", 200), ("delete", 204), ("head", 404)):
        code, out, err = program.call("s3_presign_url", method=method, **where)
        checks.equal(f"s3_presign_url {method}: {err}", code, 0)
        answer = json.loads(out)
        answer = answer.get("result", answer)
        checks.equal(f"what the URL of {method} does", fetch(answer["url"], answer["method"])[0], want)


if __name__ == "__main__":
    run({call.__name__: call for call in (forms, large_form, cors, encryption, presigned)}, __doc__,
        [(["--large"], {"type": int, "default": 256, "help": "the size of the large form, in MiB"})])
