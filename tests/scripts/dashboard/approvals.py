"""What waits for a person's yes: an agent's writes to a far side that checks every signature, answered in the dashboard."""

import json
import threading

from support.mcp import Client
from support.program import Program

from .person import APPROVALS, CALLS, dashboard, footbridge, lines

KEY, SECRET = "AKIAFARSIDE", "right"
TABLE = "orders"
# For so long what came up takes no key.
READ = 0.4


class Call(threading.Thread):
    """A call of an agent, which waits for its answer beside us."""

    def __init__(self, agent, tool, **arguments):
        super().__init__(daemon=True)
        self.agent, self.tool, self.arguments = agent, tool, arguments
        self.answer = self.error = None
        self.start()

    def run(self):
        try:
            self.answer = self.agent.call(self.tool, **self.arguments)
        except RuntimeError as error:
            self.error = str(error)

    def ends(self):
        """Waits for its end; its error, if it had one."""
        self.join(30)
        if self.is_alive():
            raise RuntimeError(f"{self.tool} does not end")
        return self.error


class Far(Program):
    """The far side: a footbridge with data of its own and a key of its own, as AWS is one."""

    def begin(self):
        configuration = self.root / "strict.toml"
        configuration.write_text(f'[[identity]]\nkey = "{KEY}"\nsecret = "{SECRET}"\n')
        self.url = self._endpoint = self.serve("--strict", "--config", str(configuration))[1]
        import boto3

        session = boto3.session.Session(aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1")
        self.dynamodb = session.client("dynamodb", endpoint_url=self.url)
        self.dynamodb.create_table(
            TableName=TABLE, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        )
        self.dynamodb.put_item(TableName=TABLE, Item={"pk": {"S": "a"}, "total": {"N": "12.5"}, "note": {"S": "by hand"}})

    def total(self, key="a"):
        return self.dynamodb.get_item(TableName=TABLE, Key={"pk": {"S": key}}).get("Item", {}).get("total", {}).get("N")


def agent(program, far):
    """A client of a server that works on the far side, and asks for each change."""
    program.environment |= {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    return Client(program, "--backend", "aws", "--endpoint-url", far.url, "--mode", "ask")


def put(agent, key, total):
    return Call(agent, "dynamodb_put_items", table=TABLE, items=[{"pk": key, "total": total}])


def read(person):
    """Somebody reads what is on the screen."""
    person.quiet(READ)


def bells(person):
    """How often the bell rang: a bell that ends a sequence is none."""
    return person.written.count(b"\x07") - person.written.count(b"\x1b]52;")


def approvals(checks, program, _):
    """A write comes up, is allowed and runs; others are denied, allowed for the session, answered elsewhere, given up."""
    with Far(program.binary) as far, dashboard(checks, program, columns=140) as person:
        person.opens()
        far.begin()
        first = agent(program, far)
        person.press(CALLS)
        waits = put(first, "a", 13)
        person.sees("a write that waits is counted on the tab", lines("4 Approvals (1)"))
        person.sees("and said in the last row", lines("dynamodb_put_items", "waits for a yes"))
        checks.equal("the bell rang", bells(person), 1)
        checks.equal("nothing is written meanwhile", far.total(), "12.5")
        person.press(APPROVALS)
        screen = person.sees("the request is there", lines("on", f"dynamodb://{TABLE}"))
        for words in ("left", "client tests", "12.5", "13", "by hand", "replaces an item"):
            checks.contains("and says what it would do", screen.text, words)
        checks.true("what is there stands beside what would be", screen.row('-"total": 12.5', '+"total": 13') is not None, str(screen))
        person.sees("the time goes by", lambda later: later.line("Waits for you") != screen.line("Waits for you"))
        read(person)
        person.press("a")
        person.sees("it is allowed", "Allowed, once")
        checks.equal("and runs", waits.ends(), None)
        checks.equal("and has written", far.total(), "13")
        person.sees("which is said", lines("and it ran"))
        person.sees("and nothing is counted any more", lambda screen: "Approvals (" not in screen)

        waits = put(first, "a", 99)
        person.sees("another one comes up", lines("4 Approvals (1)"))
        checks.equal("the bell rang again", bells(person), 2)
        person.press("n")
        read(person)
        person.press("d")
        person.type("not on a Friday")
        person.press("Enter")
        person.sees("it is denied", "Denied")
        checks.contains("the agent is told why", waits.ends() or "", "not on a Friday")
        checks.equal("nothing is written", far.total(), "13")

        waits = put(first, "b", 1)
        person.sees("a third one comes up", lines("4 Approvals (1)"))
        person.press("n")
        read(person)
        person.press("s")
        checks.equal("allowed for the session, it runs", waits.ends(), None)
        checks.equal("and so does the next, unasked", put(first, "b", 2).ends(), None)
        checks.equal("both have written", far.total("b"), "2")

        second = agent(program, far)
        waits = put(second, "c", 1)
        person.sees("another process asks for itself", lines("4 Approvals (1)"))
        person.press("n")
        person.sees("and is selected", lines("Waits for you"))
        (request,) = json.loads(footbridge(program, "approve", "--json"))
        footbridge(program, "deny", request["id"], "--why", "from a shell")
        person.sees("what is answered elsewhere says so", lines("from a shel"))
        checks.contains("to its agent, too", waits.ends() or "", "from a shell")
        read(person)
        person.press("a")
        person.sees("and takes no key", "Not answered by you")

        waits = put(second, "c", 1)
        person.sees("it asks again", lines("4 Approvals (1)"))
        person.press("n")
        person.sees("and waits", lines("Waits for you"))
        second.process.kill()
        person.sees("what its client gave up says so", lines("Given up by its client"))
        waits.ends()
        read(person)
        person.press("a")
        person.sees("and cannot be allowed", "Not answered by you")
        checks.equal("nothing was written", far.total("c"), None)
        first.close()
        person.sees("nothing waits", lambda screen: "Approvals (" not in screen)
        checks.true("nothing is drawn while nothing happens", any(person.quiet(1.5) == 0 for _ in range(12)))
        person.leaves()
