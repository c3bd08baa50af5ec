"""Everyday tasks of an agent beside dynoxide's MCP server: calls, and bytes that pass through the model.

    python3 tests/scripts/tasks_beside.py --peer DYNOXIDE

Ours are those of tests/tasks/tasks.ndjson, which a test holds. The peer is given the fewest calls that its tools can do the
task with, on the same items; it has no S3 and no files, so those tasks are beyond it. tests/scripts/install_engines.sh builds it.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

TASKS = Path(__file__).parents[1] / "tasks/tasks.ndjson"
STATUSES = ["open", "paid", "shipped", "cancelled"]
ORDERS = [{"customer": f"c{n % 50}", "id": f"o{n:03}", "status": STATUSES[n % 4], "total": n} for n in range(500)]
PRODUCTS = [{"sku": f"p{n}", "name": f"Product {n}", "price": 10 * n, "stock": 3} for n in range(5)]


def typed(value):
    return {"N": str(value)} if isinstance(value, int | float) else {"S": value}


def item(plain):
    return {name: typed(value) for name, value in plain.items()}


class Peer:
    """A client that counts what the model writes and reads."""

    def __init__(self, program, folder):
        self.process = subprocess.Popen([program, "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True, cwd=folder)
        self.id = 0
        self.ask("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "tasks", "version": "1"}})
        self.say({"jsonrpc": "2.0", "method": "notifications/initialized"})
        self.calls = self.bytes = 0

    def say(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def ask(self, method, params):
        self.id += 1
        self.say({"jsonrpc": "2.0", "id": self.id, "method": method, "params": params})
        while True:
            answer = json.loads(self.process.stdout.readline())
            if answer.get("id") == self.id:
                return answer["result"]

    def call(self, tool, **arguments):
        answer = self.ask("tools/call", {"name": tool, "arguments": arguments})
        text = "".join(part.get("text", "") for part in answer["content"])
        if answer.get("isError"):
            raise RuntimeError(f"{tool}: {text}")
        self.calls += 1
        self.bytes += len(tool) + len(json.dumps(arguments, separators=(",", ":"))) + len(text)
        return json.loads(text)

    def fill(self):
        string = lambda *names: [{"AttributeName": name, "AttributeType": "S"} for name in names]
        keys = lambda *names: [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"))]
        self.call("create_table", table_name="orders", attribute_definitions=string("customer", "id", "status"),
                  key_schema=keys("customer", "id"), billing_mode="PAY_PER_REQUEST",
                  global_secondary_indexes=[{"IndexName": "by_status", "KeySchema": keys("status", "id"), "Projection": {"ProjectionType": "ALL"}}])
        self.call("create_table", table_name="products", attribute_definitions=string("sku"), key_schema=keys("sku"), billing_mode="PAY_PER_REQUEST")
        self.call("bulk_put_items", table_name="orders", items=[item(order) for order in ORDERS])
        self.call("bulk_put_items", table_name="products", items=[item(product) for product in PRODUCTS])
        self.calls = self.bytes = 0

    def of_status(self, status):
        """All orders of a status, page by page as the model would."""
        found, start = [], None
        while True:
            more = {"exclusive_start_key": start} if start else {}
            page = self.call("query", table_name="orders", index_name="by_status", key_condition_expression="#s = :s",
                             expression_attribute_names={"#s": "status"}, expression_attribute_values={":s": {"S": status}}, **more)
            found += page["Items"]
            start = page.get("LastEvaluatedKey")
            if not start:
                return found

    def scan(self, **arguments):
        start = None
        while True:
            more = {"exclusive_start_key": start} if start else {}
            page = self.call("scan", table_name="orders", **arguments, **more)
            start = page.get("LastEvaluatedKey")
            if not start:
                return


def load(peer):
    items = [item({"sku": f"p{n}", "name": f"Product {n}", "price": n}) for n in range(100, 200)]
    peer.call("bulk_put_items", table_name="products", items=items)


def delete_all(peer):
    keys = [{"customer": order["customer"], "id": order["id"]} for order in peer.of_status("cancelled")]
    for at in range(0, len(keys), 25):
        peer.call("batch_write_item", request_items={"orders": [{"DeleteRequest": {"Key": key}} for key in keys[at:at + 25]]})


def change_all(peer):
    for order in peer.of_status("open"):
        peer.call("update_item", table_name="orders", key={"customer": order["customer"], "id": order["id"]},
                  update_expression="SET #s = :s", expression_attribute_names={"#s": "status"}, expression_attribute_values={":s": {"S": "paid"}})


def query(peer, **more):
    peer.call("query", table_name="orders", key_condition_expression="customer = :c", expression_attribute_values={":c": {"S": "c7"}}, **more)


def stock(peer):
    update = lambda sku, sign, **more: {"Update": {"TableName": "products", "Key": item({"sku": sku}),
                                                   "UpdateExpression": f"SET stock = stock {sign} :n", "ExpressionAttributeValues": {":n": {"N": "2"}}, **more}}
    peer.call("transact_write_items", transact_items=[update("p1", "-", ConditionExpression="stock >= :n"), update("p2", "+")])


# By how our task begins.
DOES = {
    "which tables": lambda peer: peer.call("list_tables"),
    "what do orders": lambda peer: (peer.call("describe_table", table_name="orders"), peer.call("scan", table_name="orders", limit=20)),
    "the orders of customer": query,
    "the last three": lambda peer: query(peer, scan_index_forward=False, limit=3),
    "how many orders are open": lambda peer: peer.call(
        "query", table_name="orders", index_name="by_status", key_condition_expression="#s = :s", select="COUNT",
        expression_attribute_names={"#s": "status"}, expression_attribute_values={":s": {"S": "open"}}),
    "orders over 490": lambda peer: peer.scan(filter_expression="#t > :t", expression_attribute_names={"#t": "total"},
                                              expression_attribute_values={":t": {"N": "490"}}),
    "one order": lambda peer: peer.call("get_item", table_name="orders", key=item({"customer": "c7", "id": "o007"})),
    "add a product": lambda peer: peer.call("put_item", table_name="products", item=item({"sku": "p9", "name": "New", "price": 5}),
                                            condition_expression="attribute_not_exists(sku)"),
    "change a price": lambda peer: peer.call("update_item", table_name="products", key=item({"sku": "p1"}), update_expression="SET price = :p",
                                             condition_expression="attribute_exists(sku)", expression_attribute_values={":p": {"N": "12.5"}}),
    "take one from": lambda peer: peer.call(
        "update_item", table_name="products", key=item({"sku": "p1"}), update_expression="SET stock = stock - :one",
        condition_expression="stock > :no", expression_attribute_values={":one": {"N": "1"}, ":no": {"N": "0"}}, return_values="UPDATED_NEW"),
    "delete one order": lambda peer: peer.call("delete_item", table_name="orders", key=item({"customer": "c7", "id": "o007"})),
    "move stock": stock,
    "load 100 products from a file": load,
    "export 500": lambda peer: peer.scan(),
    "delete all cancelled": delete_all,
    "change the status of all": change_all,
}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peer", required=True)
    options = options.parse_args()
    tasks = [json.loads(line) for line in TASKS.read_text().splitlines()]
    unknown = [begins for begins in DOES if not any(task["task"].startswith(begins) for task in tasks)]
    if unknown:
        raise SystemExit(f"no such tasks: {unknown}")
    print("| task | calls | bytes | dynoxide: calls | bytes |\n|---|---|---|---|---|")
    for task in tasks:
        does = next((does for begins, does in DOES.items() if task["task"].startswith(begins)), None)
        theirs = "– | –"
        if does:
            with tempfile.TemporaryDirectory() as folder:
                peer = Peer(options.peer, folder)
                peer.fill()
                does(peer)
                theirs = f"{peer.calls} | {peer.bytes:,}"
                peer.process.stdin.close()
                peer.process.wait(10)
        print(f"| {task['task']} | {len(task['calls'])} | {task['bytes']:,} | {theirs} |")


if __name__ == "__main__":
    main()
