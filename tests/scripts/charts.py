"""The charts, the image and Argo CD's documents: rendered, held against their schemas, and run with the program.

    python3 charts.py --program footbridge --helm helm [--modules node_modules] [--only SECTIONS]

`--modules` has Argo CD's types, TypeScript and Node. No cluster and no container engine is asked: what a container would be
started with is read from the rendered documents, and the program is started so.
"""

import base64
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import kubernetes_validate
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent))
from support.checks import run  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
CHARTS = ROOT / "infra/helm/charts"
VERSIONS = ("1.25", "1.31", "1.37")

# A chart, a file of values, more values: what has to render, and what the whole of it is held to.
RENDERED = [
    ("footbridge", None, ()),
    ("footbridge", "local", ()),
    ("footbridge", "dev", ()),
    ("footbridge", "prod", ()),
    ("footbridge", "prod", ("networkPolicy.podIdentity=true", "allow.prefixes={s3://media/docs/}")),
    ("footbridge", "local", ("config=default_table = \"orders\"", "ingress.enabled=true", "ingress.host=mcp.example.com",
                             "ingress.tlsSecret=mcp-tls", "ingress.className=nginx", "endpoint.publicUrl=https://s3.example.com",
                             "allowHosts={*.devbox}", "persistence.enabled=true", "persistence.storageClass=fast")),
    ("footbridge", None, ("config=default_table = \"orders\"", "seed.configMap=seed", "seed.files[0].key=orders.schema",
                          "seed.files[0].path=dynamodb/orders.schema.json", "networkPolicy.allowSameNamespace=false")),
    ("footbridge", None, ("backend=aws", "aws.region=eu-west-1", "aws.webIdentity.roleArn=arn:aws:iam::111122223333:role/gke")),
    ("example-app", "dev", ()),
    ("example-app", "prod", ()),
]

# Values that are refused, and a word of the refusal.
REFUSED = [
    ("footbridge", ("replicas=3",), "replicas"),
    ("footbridge", ("image.tga=1",), "tga"),
    ("footbridge", ("image.tag=latest",), "tag"),
    ("footbridge", ("backend=azure",), "backend"),
    ("footbridge", ("mode=write",), "mode"),
    ("footbridge", ("backend=aws", "endpoint.enabled=true"), "endpoint"),
    ("footbridge", ("backend=aws", "seed.configMap=seed", "seed.files[0].key=a", "seed.files[0].path=s3/b/c"), "seed"),
    ("footbridge", ("aws.region=eu-west-1",), "region"),
    ("footbridge", ("aws.webIdentity.roleArn=arn:aws:iam::111122223333:role/r",), "roleArn"),
    ("footbridge", ("backend=aws", "aws.region=eu-west-1@evil.example"), "region"),
    ("footbridge", ("networkPolicy.podIdentity=true",), "podIdentity"),
    ("footbridge", ("endpoint.existingSecret=mine",), "enabled"),
    ("footbridge", ("endpoint.enabled=true", "endpoint.existingSecret=mine", "config=a = 1"), "config"),
    ("footbridge", ("endpoint.publicUrl=https://s3.example.com",), "enabled"),
    ("footbridge", ("ingress.enabled=true", "ingress.host=mcp.example.com"), "tlsSecret"),
    ("footbridge", ("ingress.enabled=true", "ingress.tlsSecret=tls"), "host"),
    ("footbridge", ("seed.files[0].key=a", "seed.files[0].path=s3/b/c"), "files"),
    ("footbridge", ("seed.configMap=seed",), "files"),
    ("footbridge", ("seed.configMap=seed", "seed.files[0].key=a", "seed.files[0].path=s3/../../etc/passwd"), "path"),
    ("footbridge", ("serviceAccount.create=false",), "name"),
    ("footbridge", ("persistence.enabled=false", "persistence.existingClaim=mine"), "existingClaim"),
    ("footbridge", ("persistence.accessModes={ReadWriteMany}",), "accessModes"),
    ("footbridge", ("allow.tables={*}",), "tables"),
    ("example-app", ("aws.endpointUrl=http://footbridge:4566",), "credentialsSecret"),
    ("example-app", ("aws.credentialsSecret=keys",), "credentialsSecret"),
    ("example-app", ("makeMissing=true",), "makeMissing"),
    ("example-app", ("aws.endpointUrl=http://footbridge:4566", "aws.credentialsSecret=keys",
                     r"serviceAccount.annotations.eks\.amazonaws\.com/role-arn=arn:aws:iam::111122223333:role/r"), "role-arn"),
]


def helm(options, *words):
    done = subprocess.run([options.helm, *words], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def values(chart, file, more):
    words = ["--values", str(CHARTS / chart / f"values-{file}.yaml")] if file else []
    # Lists stand in braces, with commas between; elsewhere a comma would begin another value.
    for one in more:
        words += ["--set", one]
    return words


def rendered(options, chart, file=None, more=(), namespace="footbridge-dev"):
    """The documents that the chart gives, as a release of its own name."""
    code, said, wrong = helm(options, "template", chart, str(CHARTS / chart), "--namespace", namespace, *values(chart, file, more))
    if code:
        raise RuntimeError(f"helm template {chart} {file} {more}: {wrong}")
    return [document for document in yaml.safe_load_all(said) if document]


def one(documents, kind):
    return next(document for document in documents if document["kind"] == kind)


def charts(checks, _program, options):
    """Every way to render a chart passes the linter, the schemas of three Kubernetes, and its strictest profile of pods."""
    for chart, file, more in RENDERED:
        what = f"{chart} {file or 'as it is'} {' '.join(more)}".strip()
        code, said, wrong = helm(options, "lint", "--strict", "--quiet", str(CHARTS / chart), *values(chart, file, more))
        checks.equal(f"{what}: lint", (code, said.strip()), (0, ""))
        documents = rendered(options, chart, file, more)
        for document in documents:
            name = f"{what}: {document['kind']} {document['metadata']['name']}"
            for version in VERSIONS:
                try:
                    kubernetes_validate.validate(document, version, strict=True)
                    checks.equal(f"{name} in {version}", "", "")
                except kubernetes_validate.ValidationError as error:
                    checks.equal(f"{name} in {version}", error.message, "")
            checks.equal(f"{name}: namespace", document["metadata"].get("namespace"), "footbridge-dev")
        restricted(checks, what, one(documents, "Deployment")["spec"]["template"]["spec"])
        related(checks, what, documents)
        code, said, wrong = helm(options, "install", chart, str(CHARTS / chart), "--dry-run=client", *values(chart, file, more))
        checks.equal(f"{what}: notes", (code, "NOTES:" in said, wrong if code else ""), (0, True, ""))


def restricted(checks, what, pod):
    """What Kubernetes' profile `restricted` asks of a pod, and more: a root file system that cannot be written, no token."""
    context = pod["securityContext"]
    checks.equal(f"{what}: not root", (context["runAsNonRoot"], context["runAsUser"] > 0), (True, True))
    checks.equal(f"{what}: seccomp", context["seccompProfile"], {"type": "RuntimeDefault"})
    checks.equal(f"{what}: no token of the cluster", pod["automountServiceAccountToken"], False)
    for name in ("hostNetwork", "hostPID", "hostIPC"):
        checks.true(f"{what}: {name}", not pod.get(name))
    kinds = {kind for volume in pod["volumes"] for kind in volume if kind != "name"}
    allowed = {"configMap", "emptyDir", "persistentVolumeClaim", "projected", "secret"}
    checks.equal(f"{what}: volumes", kinds - allowed, set())
    for container in pod["containers"]:
        own = container["securityContext"]
        checks.equal(f"{what}: {container['name']}", (own["allowPrivilegeEscalation"], own["readOnlyRootFilesystem"],
                     own["capabilities"]), (False, True, {"drop": ["ALL"]}))
        checks.true(f"{what}: probes", "livenessProbe" in container and "readinessProbe" in container)
        checks.true(f"{what}: memory is limited", "memory" in container["resources"]["limits"])
        checks.true(f"{what}: the image is named", not container["image"].endswith((":", ":latest")))


def related(checks, what, documents):
    """Names that documents say of one another are there."""
    deployment = one(documents, "Deployment")
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    ports = {port["name"]: port["containerPort"] for port in deployment["spec"]["template"]["spec"]["containers"][0].get("ports", [])}
    for document in documents:
        kind, spec = document["kind"], document.get("spec", {})
        selector = {"Service": lambda: spec["selector"], "NetworkPolicy": lambda: spec["podSelector"]["matchLabels"],
                    "PodDisruptionBudget": lambda: spec["selector"]["matchLabels"],
                    "Deployment": lambda: spec["selector"]["matchLabels"]}.get(kind)
        if selector:
            checks.true(f"{what}: {kind} is about the pod", selector().items() <= labels.items())
        if kind == "Service":
            checks.equal(f"{what}: ports", {port["targetPort"] for port in spec["ports"]}, set(ports))
        if kind == "NetworkPolicy":
            open_ports = {port["port"] for rule in spec["ingress"] for port in rule["ports"]}
            wanted = set(ports.values()) if spec["ingress"] else set()
            checks.equal(f"{what}: ports that are let through", open_ports, wanted)
            checks.true(f"{what}: nobody is let in by default", all(rule["from"] for rule in spec["ingress"]))
    mounted = {mount["name"] for mount in deployment["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]}
    checks.equal(f"{what}: volumes are used", {volume["name"] for volume in deployment["spec"]["template"]["spec"]["volumes"]}, mounted)


def refused(checks, _program, options):
    """A value that nobody knows, and values that do not go together, are refused by name."""
    for chart, more, word in REFUSED:
        code, _, wrong = helm(options, "template", chart, str(CHARTS / chart), *values(chart, None, more))
        checks.true(f"{chart} {' '.join(more)} is refused", code != 0 and "don't meet the specifications of the schema" in wrong, wrong)
        checks.contains(f"{chart} {' '.join(more)}", wrong, word)


class Container:
    """What a rendered Deployment would start, as a process: paths and ports are the machine's, all else is the chart's."""

    def __init__(self, program, documents, secrets=None):
        self.program = program
        self.documents = documents
        self.secrets = secrets or {}
        for document in documents:
            if document["kind"] == "Secret":
                data = {name: base64.b64decode(value).decode() for name, value in document.get("data", {}).items()}
                self.secrets[document["metadata"]["name"]] = data | document.get("stringData", {})
        self.spec = one(documents, "Deployment")["spec"]["template"]["spec"]["containers"][0]
        self.env = {entry["name"]: self.value(entry) for entry in self.spec["env"]}

    def value(self, entry):
        if "value" in entry:
            return entry["value"]
        wanted = entry["valueFrom"]["secretKeyRef"]
        return self.secrets[wanted["name"]][wanted["key"]]

    def config(self):
        """The file that FOOTBRIDGE_CONFIG names, from the volume that is mounted there."""
        volume = next(volume for volume in one(self.documents, "Deployment")["spec"]["template"]["spec"]["volumes"] if volume["name"] == "config")
        if "secret" in volume:
            return self.secrets[volume["secret"]["secretName"]]["footbridge.toml"]
        return one(self.documents, "ConfigMap")["data"]["footbridge.toml"]

    def start(self):
        environment = {"PATH": os.environ["PATH"]} | self.env
        environment["FOOTBRIDGE_DATA_DIR"] = str(self.program.root / "volume/footbridge")
        if "FOOTBRIDGE_CONFIG" in environment:
            path = self.program.root / "footbridge.toml"
            path.write_text(self.config())
            environment["FOOTBRIDGE_CONFIG"] = str(path)
        if "FOOTBRIDGE_LISTEN" in environment:
            assert environment["FOOTBRIDGE_LISTEN"] == "0.0.0.0:4566"
            environment["FOOTBRIDGE_LISTEN"] = "0.0.0.0:0"
        if "AWS_WEB_IDENTITY_TOKEN_FILE" not in environment:
            environment["AWS_EC2_METADATA_DISABLED"] = "true"
        (self.program.root / "volume").mkdir()
        arguments = [{"0.0.0.0:4570": "0.0.0.0:0"}.get(word, word) for word in self.spec["args"]]
        assert "0.0.0.0:0" in arguments, arguments
        process = subprocess.Popen([str(self.program.binary), *arguments], env=environment, cwd=self.program.work,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.program.running.append(process)
        said = ""
        for line in process.stderr:
            said += line
            if found := re.search(r"http://0\.0\.0\.0:(\d+)/mcp", line):
                self.mcp = int(found[1])
                break
        else:
            raise RuntimeError(f"it ended with {process.wait()}: {said}")
        self.environment = environment
        return self

    def endpoint(self):
        """Where the endpoint is, once it is there."""
        deadline = time.monotonic() + 30
        there = Path(self.environment["FOOTBRIDGE_DATA_DIR"]) / "endpoints"
        while time.monotonic() < deadline:
            for path in there.glob("*.json"):
                with contextlib.suppress(ValueError, KeyError):
                    return "http://127.0.0.1:" + json.loads(path.read_text())["address"].rsplit(":", 1)[1]
            time.sleep(0.02)
        raise TimeoutError("no endpoint after 30 s")


def status(url, body=None, **headers):
    request = urllib.request.Request(url, data=body, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def initialize(container, host="127.0.0.1", token=None):
    body = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "charts", "version": "1"}}}
    headers = {"Host": host, "Content_Type": "application/json", "Accept": "application/json, text/event-stream"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return status(f"http://127.0.0.1:{container.mcp}/mcp", json.dumps(body).encode(), **headers)


def held(checks, what, container):
    """Probes pass without a token; MCP is for the service's names and the token alone."""
    ports = {"mcp": container.mcp, "endpoint": None}
    if "FOOTBRIDGE_LISTEN" in container.env:
        ports["endpoint"] = int(container.endpoint().rsplit(":", 1)[1])
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        asked = container.spec[probe]["httpGet"]
        checks.equal(f"{what}: {probe}", status(f"http://127.0.0.1:{ports[asked['port']]}{asked['path']}")[0], 200)
    token = container.env["FOOTBRIDGE_MCP_TOKEN"]
    service = one(container.documents, "Service")["metadata"]
    name, namespace = service["name"], service["namespace"]
    for host in (name, f"{name}.{namespace}", f"{name}.{namespace}.svc", f"{name}.{namespace}.svc.cluster.local"):
        checks.equal(f"{what}: MCP at {host}", initialize(container, f"{host}:4570", token)[0], 200)
    checks.equal(f"{what}: without the token", initialize(container)[0], 401)
    checks.equal(f"{what}: at another host", initialize(container, "rebound.example", token)[0], 403)
    return initialize(container, token=token)[1]


def local(checks, program, options):
    """The program takes all that the charts give it, and answers: on the emulator with the endpoint, for its keys alone."""
    container = Container(program, rendered(options, "footbridge", "local", ("config=default_table = \"orders\"",))).start()
    said = held(checks, "local", container)
    checks.contains("local: what it is", said, "LOCAL us-east-1")
    keys = container.secrets["footbridge-endpoint"]
    import boto3
    from botocore.exceptions import ClientError

    def client(key, secret):
        return boto3.client("s3", endpoint_url=container.endpoint(), aws_access_key_id=key, aws_secret_access_key=secret,
                            region_name="us-east-1")

    client(keys["accessKeyId"], keys["secretAccessKey"]).create_bucket(Bucket="ours")
    for key, secret in (("test", "test"), ("111122223333", "x"), (keys["accessKeyId"], "x" * 40)):
        try:
            client(key, secret).list_buckets()
            checks.true(f"{key} is let in", False)
        except ClientError as error:
            checks.true(f"{key} is not let in", error.response["Error"]["Code"] in ("InvalidAccessKeyId", "SignatureDoesNotMatch"))


def secrets_of_ones_own(checks, program, options):
    """The values for dev, with the Secrets that docs/containers.md says to make."""
    toml = '[[identity]]\nkey = "AKIDDEV"\nsecret = "dev-secret"\n'
    secrets = {"footbridge-token": {"token": "a-token-of-ones-own"}, "footbridge-endpoint": {
        "accessKeyId": "AKIDDEV", "secretAccessKey": "dev-secret", "footbridge.toml": toml}}
    documents = rendered(options, "footbridge", "dev")
    checks.true("no Secret is made beside one's own", not any(document["kind"] == "Secret" for document in documents))
    held(checks, "dev", Container(program, documents, secrets).start())


def aws(checks, program, options):
    """The values for prod: AWS, where writes wait, within the lists."""
    secrets = {"footbridge-token": {"token": "a-token-of-ones-own"}}
    container = Container(program, rendered(options, "footbridge", "prod", namespace="footbridge-prod"), secrets)
    # What EKS's webhook mounts for the role; nothing is asked of AWS here.
    container.env |= {"AWS_ACCESS_KEY_ID": "AKIDNOBODY", "AWS_SECRET_ACCESS_KEY": "x"}
    said = held(checks, "prod", container.start())
    checks.contains("prod: what it is", said, "AWS eu-west-1")
    checks.contains("prod: its mode", said, "ask")


def seeded(checks, program, options):
    """A seed of a ConfigMap's keys lands where the program looks for it, under names that it knows."""
    more = ("seed.configMap=seed", "seed.files[0].key=schema", "seed.files[0].path=dynamodb/orders.schema.json",
            "seed.files[1].key=items", "seed.files[1].path=dynamodb/orders.json")
    container = Container(program, rendered(options, "footbridge", None, more))
    data = {"schema": json.dumps({"AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                                  "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]}), "items": '[{"pk": "seeded"}]'}
    seeds = program.root / "seed.d"
    for mount in container.spec["volumeMounts"]:
        if mount["name"] == "seed":
            path = seeds / Path(mount["mountPath"]).relative_to("/etc/footbridge/seed.d")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(data[mount["subPath"]])
    checks.equal("where seeds are", container.env["FOOTBRIDGE_SEED_PATH"], "/etc/footbridge/seed.d")
    container.env["FOOTBRIDGE_SEED_PATH"] = str(seeds)
    container.start()
    checks.equal("it answers", initialize(container, token=container.env["FOOTBRIDGE_MCP_TOKEN"])[0], 200)
    done = subprocess.run([str(program.binary), "call", "dynamodb_scan", "table=orders"], env=container.environment,
                          cwd=program.work, capture_output=True, text=True, timeout=60, check=False)
    checks.contains("what was seeded", done.stdout + done.stderr, "seeded")


def app(checks, program, options):
    """The app's script as the values for dev start it, on the footbridge that the chart's values for a local cluster start."""
    footbridge = Container(program, rendered(options, "footbridge", "local")).start()
    documents = rendered(options, "example-app", "dev")
    app = Container(program, documents, {"footbridge-endpoint": footbridge.secrets["footbridge-endpoint"]})
    service = one(footbridge.documents, "Service")
    port = next(port["port"] for port in service["spec"]["ports"] if port["name"] == "endpoint")
    checks.equal("where the app looks", app.env["AWS_ENDPOINT_URL"], f"http://{service['metadata']['name']}:{port}")
    alive = program.root / "alive"
    script = one(documents, "ConfigMap")["data"]["app.sh"].replace("/tmp/alive", str(alive))
    environment = app.env | {"PATH": os.environ["PATH"], "HOME": str(program.root), "AWS_ENDPOINT_URL": footbridge.endpoint()}
    process = subprocess.Popen(["sh", "-c", script], env=environment, cwd=program.work, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        said = ""
        for line in process.stdout:
            said += line
            if line.startswith("heartbeat of"):
                break
        checks.true("a round of the app", re.search(r"^heartbeat of \d{4}-\d\d-\d\dT", said, re.MULTILINE), said)
        deadline = time.monotonic() + 10
        while not alive.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        checks.true("the probe's file", alive.exists())
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def image(checks, program, _options):
    """The image starts nothing that nobody decided, and its health check says whether it answers."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "infra/docker/Dockerfile").read_text())
    said = {name: json.loads(words) for name, words in re.findall(r"^(?:HEALTHCHECK .*)?\b(CMD|ENTRYPOINT) (\[.*\])$", text, re.MULTILINE)}
    health = json.loads(re.search(r"^HEALTHCHECK .*CMD (\[.*\])$", text, re.MULTILINE)[1])
    checks.equal("entry point", said["ENTRYPOINT"], health[:1])
    checks.true("its user is a number, and not root's", re.search(r"^USER [1-9]\d*:\d+$", text, re.MULTILINE))
    command = [str(program.binary), *said["CMD"]]
    environment = program.environment | {"FOOTBRIDGE_DATA_DIR": str(program.data)}
    done = subprocess.run(command, env=environment, cwd=program.work, capture_output=True, text=True, timeout=60, check=False)
    checks.equal("by itself it does not start", done.returncode, 2)
    checks.contains("and says what to decide", done.stderr, "--any-credentials")
    ask = [str(program.binary), *health[1:]]
    _, endpoint = program.serve("--any-credentials")
    listen = {"FOOTBRIDGE_LISTEN": endpoint.removeprefix("http://")}
    for what, more, code in (("while it answers", listen, 0), ("where nothing does", {"FOOTBRIDGE_LISTEN": "127.0.0.1:1"}, 1)):
        done = subprocess.run(ask, env=environment | more, cwd=program.work, capture_output=True, timeout=60, check=False)
        checks.equal(f"health {what}", done.returncode, code)
    version = re.search(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
    for chart in ("footbridge", "example-app"):
        checks.equal(f"{chart}: appVersion", yaml.safe_load((CHARTS / chart / "Chart.yaml").read_text())["appVersion"], version)
    # What the build needs is let through.
    ignore = (ROOT / ".dockerignore").read_text().splitlines()
    for path in (line[1:] for line in ignore if line.startswith("!")):
        checks.true(f".dockerignore: {path} is there", (ROOT / path).exists())
    members = re.search(r"^members = \[(.*)\]$", (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
    for member in set(re.findall(r'"([^"]+)"', members)) - {"."}:
        checks.true(f".dockerignore lets {member} through", f"!{member}" in ignore or f"!{member.split('/')[0]}" in ignore)


def argocd(checks, program, options):
    """Argo CD's documents have its own types, and what they deploy is what their project allows."""
    documents = {path.name: list(yaml.safe_load_all(path.read_text())) for path in sorted((ROOT / "infra/argocd").glob("*.yaml"))}
    for namespace in documents.pop("namespaces.yaml"):
        kubernetes_validate.validate(namespace, VERSIONS[-1], strict=True)
    everything = [document for file in documents.values() for document in file]
    checks.equal("as it is", typed(program, options, everything), "")
    wrong = json.loads(json.dumps(everything))
    one(wrong, "Application")["spec"]["source"]["helm"]["valueFile"] = ["values-dev.yaml"]
    checks.contains("an unknown key", typed(program, options, wrong), "valueFile")
    project = one(everything, "AppProject")["spec"]
    allowed = {(entry["group"], entry["kind"]) for entry in project["namespaceResourceWhitelist"]}
    checks.equal("nothing of the cluster", project["clusterResourceWhitelist"], [])
    for application in everything:
        if application["kind"] != "Application":
            continue
        name, spec = application["metadata"]["name"], application["spec"]
        checks.equal(f"{name}: project", spec["project"], "footbridge")
        checks.true(f"{name}: source", spec["source"]["repoURL"] in project["sourceRepos"])
        checks.true(f"{name}: destination", spec["destination"] in project["destinations"])
        chart = Path(spec["source"]["path"]).name
        checks.equal(f"{name}: path", ROOT / spec["source"]["path"], CHARTS / chart)
        checks.equal(f"{name}: release", spec["source"]["helm"]["releaseName"], chart)
        [file] = spec["source"]["helm"]["valueFiles"]
        deployed = rendered(options, chart, file.removeprefix("values-").removesuffix(".yaml"), namespace=spec["destination"]["namespace"])
        kinds = {(document["apiVersion"].rpartition("/")[0], document["kind"]) for document in deployed}
        checks.equal(f"{name}: kinds that the project does not allow", kinds - allowed, set())


def typed(program, options, documents):
    """What TypeScript says of the documents as literals of Argo CD's types."""
    where = program.root / f"typed-{time.monotonic_ns()}"
    where.mkdir()
    (where / "node_modules").symlink_to(options.modules.resolve())
    lines = ["import type { IApplication, IAppProject } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1';"]
    lines += [f"export const d{index}: I{document['kind']} = {json.dumps(document)};" for index, document in enumerate(documents)]
    (where / "documents.mts").write_text("\n".join(lines))
    tsc = [str(options.modules / ".bin/node"), str(options.modules / "typescript/lib/tsc.js"), "--noEmit", "--strict", "--target", "es2022",
           "--module", "nodenext", "--skipLibCheck", "documents.mts"]
    done = subprocess.run(tsc, cwd=where, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


SECTIONS = {section.__name__: section for section in (charts, refused, local, secrets_of_ones_own, aws, seeded, app, image, argocd)}

if __name__ == "__main__":
    run(SECTIONS, __doc__, [(["--helm"], {"default": "helm", "help": "the program"}),
                            (["--modules"], {"type": Path, "help": "the node_modules with Argo CD's types, TypeScript and node"})])
