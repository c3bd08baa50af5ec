"""Web pages in Chromium: what pages of other sites try with a running endpoint, and what a page of one's own goes on doing.

Each attack is shown to reach the endpoint (its refusal is counted) and to leave the data as it was.
"""

import base64
import hashlib
import contextlib
import http.server
import io
import json
import shutil
import threading
import wave
import zlib

from support.checks import run
from support.chromium import Chromium

OWN = ("OWNKEY", "a secret that no page knows")
PUBLIC = ("test", "test")
# One pixel.
PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
# What would take the endpoint over, if a browser ran it there.
TAKEOVER = """document.title = 'ran'; fetch('/_footbridge/reset', {method: 'POST', mode: 'no-cors'});"""


def sound():
    """A tenth of a second of silence, which a video element plays as well."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(bytes(1600))
    return file.getvalue()


class Site:
    """A web server whose pages are given here: on `localhost` that of a developer, on `NAME.example` anybody's."""

    def __init__(self):
        pages = self.pages = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                page = pages.get(self.path, "").encode()
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def serve(self, path, html):
        self.pages[path] = f"<!doctype html><title>quiet</title>{html}"

    def url(self, host, path):
        return f"http://{host}:{self.port}{path}"


class Doors:
    """The endpoint with data, a web server, a browser, and what they know of each other."""

    def __init__(self, program, stack):
        settings = program.root / ".config" / "footbridge"
        settings.mkdir(parents=True)
        (settings / "footbridge.toml").write_text(f'[[identity]]\nkey = "{OWN[0]}"\nsecret = "{OWN[1]}"\n')
        self.endpoint = program.endpoint.replace("127.0.0.1", "localhost")
        self.port = int(self.endpoint.rsplit(":", 1)[1])
        self.site = Site()
        stack.callback(self.site.server.server_close)
        stack.callback(self.site.server.shutdown)
        self.tab = stack.enter_context(Chromium(shutil.which("chromium"))).page()
        self.s3 = self.client("s3", PUBLIC)
        self.tables = self.client("dynamodb", PUBLIC)
        self.s3.create_bucket(Bucket="bkt")
        self.s3.put_object(Bucket="bkt", Key="kept", Body=b"kept", ContentType="text/plain")
        self.s3.put_object(Bucket="bkt", Key="picture", Body=PICTURE, ContentType="image/png")
        self.s3.put_object(Bucket="bkt", Key="sound", Body=sound(), ContentType="audio/wav")
        self.tables.create_table(TableName="kept", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                                 AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])

    def client(self, service, key):
        import boto3
        from botocore.config import Config

        config = Config(retries={"total_max_attempts": 1}, proxies={}, signature_version="s3v4" if service == "s3" else None,
                        s3={"addressing_style": "path"})
        return boto3.client(service, endpoint_url=self.endpoint, region_name="us-east-1", config=config,
                            aws_access_key_id=key[0], aws_secret_access_key=key[1])

    def presigned(self, operation, key=PUBLIC, **parameters):
        return self.client("s3", key).generate_presigned_url(operation, Params={"Bucket": "bkt"} | parameters)

    def signed(self, service, method, path, key=PUBLIC):
        """A URL for what SDKs do not presign."""
        from botocore.auth import S3SigV4QueryAuth, SigV4QueryAuth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        signer = (S3SigV4QueryAuth if service == "s3" else SigV4QueryAuth)(Credentials(*key), service, "us-east-1", 600)
        request = AWSRequest(method, self.endpoint + path)
        signer.add_auth(request)
        return request.url

    def form(self, name, kind, body, key=PUBLIC):
        """A form that uploads `body`, as HTML."""
        fields = {"Content-Type": kind}
        post = self.client("s3", key).generate_presigned_post("bkt", name, Fields=fields, Conditions=[fields])
        inputs = "".join(f'<input type=hidden name="{name}" value="{value}">' for name, value in post["fields"].items())
        return (f'<form id=form method=post enctype=multipart/form-data action="{post["url"]}">{inputs}'
                f'<textarea name=file>{body.replace("<", "&lt;")}</textarea></form>')

    def has(self, key):
        from botocore.exceptions import ClientError

        try:
            return self.s3.get_object(Bucket="bkt", Key=key)["Body"].read()
        except ClientError:
            return None

    def open(self, host, html=""):
        """The tab, with a page of this host."""
        path = f"/{len(self.site.pages)}"
        self.site.serve(path, html)
        return self.enter(self.site.url(host, path))

    def enter(self, url):
        """The tab at an address, as a person enters it."""
        self.tab.go(url)
        return self.tab

    def untouched(self, checks, what):
        state = self.has("kept"), self.tables.list_tables()["TableNames"]
        checks.equal(f"{what}: everything is as it was", state, (b"kept", ["kept"]))


@contextlib.contextmanager
def doors(program):
    with contextlib.ExitStack() as stack:
        yield Doors(program, stack)


def attacks(checks, program, _):
    with doors(program) as at:
        for attack in (upload_and_go, shown, without_preflight, sandboxed, own_origin, rebound):
            attack(checks, at)
            at.untouched(checks, attack.__name__)


def upload_and_go(checks, at):
    """A form signed with the pair that everybody knows, of another site and of a page that hides its origin."""
    for host, policy in (("evil.example", ""), ("localhost", "<meta name=referrer content=no-referrer>")):
        page = at.open(host, policy + at.form("page.html", "text/html", f"<script>{TAKEOVER}</script>"))
        page.after_load(lambda page=page: page.run("form.submit()"))
        checks.equal(f"{host}: a form with the built-in key", page.status("POST", "/bkt"), 403)
        checks.equal(f"{host}: nothing is stored", at.has("page.html"), None)
        checks.contains(f"{host}: it says what to do", page.run("document.documentElement.textContent"), "allowed_origins")
    checks.contains("and why", page.run("document.documentElement.textContent"), "no-referrer")


def shown(checks, at):
    """Documents in a bucket are shown, and nothing of them runs: not on a navigation, nor in a frame."""
    documents = {
        "text/html": f"<title>quiet</title>seen<script>{TAKEOVER}</script>",
        "application/xhtml+xml": f'<html xmlns="http://www.w3.org/1999/xhtml"><title>quiet</title>seen<script>{TAKEOVER}</script></html>',
        "image/svg+xml": f'<svg xmlns="http://www.w3.org/2000/svg"><text>seen</text><script>{TAKEOVER}</script></svg>',
    }
    for kind, document in documents.items():
        at.s3.put_object(Bucket="bkt", Key="document", Body=document.encode(), ContentType=kind)
        go_and_look(checks, at, kind, at.presigned("get_object", Key="document"))
    at.s3.put_object(Bucket="bkt", Key="document", Body=documents["text/html"].encode(), ContentType="text/plain")
    go_and_look(checks, at, "a type of the link's", at.presigned("get_object", Key="document", ResponseContentType="text/html"))
    # With no type that is known, a browser would look what it is.
    at.s3.put_object(Bucket="bkt", Key="document", Body=documents["text/html"].encode(), ContentType="text/plain")
    page = at.open("evil.example")
    page.after_load(lambda: page.run(f"location.href = {json.dumps(at.presigned('get_object', Key='document'))}"))
    checks.contains("text stays text", page.run("document.body.innerText"), "<script>")
    frame = at.presigned("get_object", Key="document", ResponseContentType="text/html")
    page = at.open("evil.example", f'<iframe src="{frame}"></iframe>')
    checks.equal("a frame of another site", page.status("GET", "/bkt/document"), 403)


def go_and_look(checks, at, what, link):
    page = at.open("evil.example")
    page.after_load(lambda: page.run(f"location.href = {json.dumps(link)}"))
    checks.equal(f"{what}: it is shown", page.status("GET", "/bkt/document"), 200)
    text = page.run("document.documentElement.textContent")
    checks.contains(f"{what}: its text", text, "seen")
    checks.equal(f"{what}: no script ran", page.run("document.title === 'ran'"), False)


def without_preflight(checks, at):
    """What a page may send anywhere unasked, and loads."""
    document = "<Delete><Object><Key>kept</Key></Object></Delete>"
    digest = base64.b64encode(zlib.crc32(document.encode()).to_bytes(4)).decode()
    delete = at.signed("s3", "POST", f"/bkt?delete=&x-amz-checksum-crc32={digest.replace('+', '%2B').replace('/', '%2F').replace('=', '%3D')}")
    listing = at.signed("dynamodb", "POST", "/")
    for host in ("evil.example", "localhost"):
        page = at.open(host)
        for url, part in ((delete, "?delete"), (listing, "dynamodb"), (f"{at.endpoint}/_footbridge/reset", "reset"),
                          (f"{at.endpoint}/_localstack/state/reset", "_localstack")):
            page.run(f"fetch({json.dumps(url)}, {{method: 'POST', mode: 'no-cors', body: {json.dumps(document)}}}).catch(String)")
            checks.equal(f"{host}: POST {part}", page.status("POST", part), 403)
        page.run(f"navigator.sendBeacon({json.dumps(f'{at.endpoint}/_footbridge/release')}, 'x')")
        checks.equal(f"{host}: a beacon", page.status("POST", "release"), 403)
    at.untouched(checks, "before a program sends the same")
    page = at.open("evil.example")
    for part, url in (("list-type", at.presigned("list_objects_v2")), ("/bkt/kept", at.presigned("get_object", Key="kept"))):
        for how in ("no-cors", "cors"):
            read = page.run(f"fetch({json.dumps(url)}, {{mode: '{how}'}}).then(a => a.text(), () => '')")
            checks.equal(f"a fetch ({how})", (page.status("GET", part), read), (403, ""))
    for tag in ("script", "iframe"):
        page = at.open("evil.example", f'<{tag} src="{at.presigned("get_object", Key="kept")}"></{tag}>')
        checks.equal(f"<{tag}>", page.status("GET", "/bkt/kept"), 403)
    # The same request of a program does what it says: it was the page that was refused.
    import urllib.request

    at.s3.put_object(Bucket="bkt", Key="kept-too", Body=b"x")
    other = document.replace("kept", "kept-too")
    # A checksum in the URL counts for the signature alone; this header no page can send without a preflight.
    digest = base64.b64encode(hashlib.md5(other.encode()).digest()).decode()
    request = urllib.request.Request(at.signed("s3", "POST", "/bkt?delete="), other.encode(), {"Content-MD5": digest}, method="POST")
    with urllib.request.urlopen(request) as answer:
        checks.equal("the same of a program", (answer.status, at.has("kept-too")), (200, None))


def sandboxed(checks, at):
    """A frame without an origin, of another site and of a page of this machine."""
    for host in ("evil.example", "localhost"):
        inner = at.form("from-frame", "text/html", "x") + "<script>onmessage = () => form.submit()</script>"
        page = at.open(host, f'<iframe sandbox="allow-scripts allow-forms" srcdoc="{inner.replace(chr(34), "&quot;")}"></iframe>')
        page.run("frames[0].postMessage('go', '*')")
        checks.equal(f"{host}: a form of a sandboxed frame", page.status("POST", "/bkt"), 403)
        checks.equal(f"{host}: nothing is stored", at.has("from-frame"), None)


def own_origin(checks, at):
    """If a script did run on the endpoint's own origin: here the browser's debugger runs it."""
    page = at.enter(at.presigned("get_object", Key="kept"))
    checks.equal("a person opens a link", page.run("document.body.innerText"), "kept")
    asked = page.run(f"""(async () => {{
        const status = async (url, options) => (await fetch(url, options)).status;
        const json = {{'x-amz-target': 'DynamoDB_20120810.ListTables', 'content-type': 'application/x-amz-json-1.0',
            authorization: 'AWS4-HMAC-SHA256 Credential=any/20261129/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0'}};
        const any = {{authorization: 'AWS any:x', date: 'now'}};
        return [await status('/', {{method: 'POST', headers: json, body: '{{}}'}}), await status('/_footbridge/reset', {{method: 'POST'}}),
            await status({json.dumps(at.signed("s3", "GET", "/"))}), await status({json.dumps(at.presigned("delete_object", Key="kept"))}, {{method: 'DELETE'}}),
            await status('/bkt?list-type=2', {{headers: any}})];
    }})()""")
    checks.equal("what a script there asks", asked, [403] * 5)
    at.s3.put_object(Bucket="bkt", Key="worker.js", Body=b"self.onfetch = () => {}", ContentType="text/javascript")
    for key in (PUBLIC, OWN):
        worker = at.presigned("get_object", key, Key="worker.js")
        said = page.run(f"navigator.serviceWorker.register({json.dumps(worker)}).then(() => 'registered', String)")
        checks.true("no service worker", said != "registered", said)
        checks.contains("the endpoint refused it", said, "403")


def rebound(checks, at):
    """A name of a stranger's that comes to point here, with the endpoint's own port."""
    page = at.enter(f"http://rebind.example:{at.port}/_footbridge/health")
    checks.equal("a rebound name", page.status("GET", "rebind.example"), 403)
    checks.contains("and what it is told", page.run("document.documentElement.textContent"), "does not answer to the host")
    read = page.run("fetch('/bkt?list-type=2').then(a => a.text(), () => '')")
    checks.equal("and what it reads then", (page.status("GET", "list-type"), read), (403, ""))


def uses(checks, program, _):
    with doors(program) as at:
        for use in (uploads, pictures, links, named):
            use(checks, at)


def uploads(checks, at):
    """A page of one's own dev server, with the built-in key."""
    page = at.open("localhost", at.form("by-form", "text/plain", "by form"))
    page.run("form.submit()")
    checks.equal("a form", (page.status("POST", "/bkt"), at.has("by-form")), (204, b"by form"))
    at.s3.put_bucket_cors(Bucket="bkt", CORSConfiguration={"CORSRules": [
        {"AllowedOrigins": ["*"], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["*"]}]})
    for host in ("localhost", "127.0.0.1"):
        page = at.open(host)
        url = json.dumps(at.presigned("put_object", Key=host))
        checks.equal(f"{host}: a presigned PUT", page.run(f"fetch({url}, {{method: 'PUT', body: 'by fetch'}}).then(a => a.status)"), 200)
        checks.equal(f"{host}: it is stored", at.has(host), b"by fetch")
        got = page.run(f"fetch({json.dumps(at.presigned('get_object', Key=host))}).then(a => a.text())")
        checks.equal(f"{host}: a presigned GET, read", got, "by fetch")
    # Another site, with the same rule: only with a key of one's own.
    page = at.open("evil.example")
    for key, want in ((PUBLIC, (403, None)), (OWN, (200, b"x"))):
        url = json.dumps(at.presigned("put_object", key, Key="of-a-site"))
        status = page.run(f"fetch({url}, {{method: 'PUT', body: 'x'}}).then(a => a.status)")
        checks.equal(f"another site's PUT with {key[0]}", (status, at.has("of-a-site")), want)
    at.s3.delete_bucket_cors(Bucket="bkt")
    page = at.open("evil.example", at.form("own-form", "text/plain", "x", OWN))
    page.run("form.submit()")
    checks.equal("another site's form with a key of one's own", (page.status("POST", "/bkt"), at.has("own-form")), (204, b"x"))


def pictures(checks, at):
    """Pictures, sound and video of a bucket in a page, of this machine or not."""
    for host in ("localhost", "chat.example"):
        sound = at.presigned("get_object", Key="sound")
        page = at.open(host, f"""<img id=img src="{at.presigned("get_object", Key="picture")}"><audio id=audio src="{sound}"></audio>
            <video id=video src="{sound}"></video>""")
        checks.equal(f"{host}: a picture", page.run("img.naturalWidth"), 1)
        for tag in ("audio", "video"):
            played = page.run(f"""new Promise(done => {{
                const end = () => {tag}.error ? done({tag}.error.message) : {tag}.readyState && done('yes');
                {tag}.onloadedmetadata = {tag}.onerror = end; end(); }})""")
            checks.equal(f"{host}: <{tag}>", played, "yes")


def links(checks, at):
    """A link in a chat, to a text and to a picture, with the built-in key."""
    for key, want in (("kept", "text/plain"), ("picture", "image/png")):
        page = at.open("chat.example", f'<a id=link href="{at.presigned("get_object", Key=key)}">look</a>')
        page.after_load(lambda page=page: page.run("link.click()"))
        checks.equal(f"a link to {key}", (page.status("GET", f"/bkt/{key}"), page.run("document.contentType")), (200, want))


def named(checks, at):
    """A CORS rule that has the origin of a site word for word."""
    origin = at.site.url("app.example", "")
    at.s3.put_bucket_cors(Bucket="bkt", CORSConfiguration={"CORSRules": [
        {"AllowedOrigins": [origin], "AllowedMethods": ["GET", "PUT", "DELETE"], "AllowedHeaders": ["*"]}]})
    page = at.open("app.example")
    url = json.dumps(at.presigned("put_object", Key="named"))
    checks.equal("a PUT", page.run(f"fetch({url}, {{method: 'PUT', body: 'named'}}).then(a => a.status)"), 200)
    checks.equal("a GET, read", page.run(f"fetch({json.dumps(at.presigned('get_object', Key='named'))}).then(a => a.text())"), "named")
    url = json.dumps(at.presigned("delete_object", Key="named"))
    checks.equal("a DELETE", page.run(f"fetch({url}, {{method: 'DELETE'}}).then(a => a.status)"), 204)
    checks.equal("it is gone", at.has("named"), None)


if __name__ == "__main__":
    run({call.__name__: call for call in (attacks, uses)}, __doc__)
