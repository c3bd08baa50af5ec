"""Tables and items, by keys alone."""

import re

from .data import orders
from .person import DYNAMODB, dashboard, leaves, lines

KEY = {"pk": {"S": "customer-1"}, "sk": {"N": "1"}}


def dynamodb(checks, program, _):
    """An item is queried by an index, edited, and seen changed by boto3."""
    with dashboard(checks, program, columns=140) as person:
        person.opens()
        program._endpoint = person.endpoint
        client = program.boto3("dynamodb")
        person.press(DYNAMODB)
        person.sees("there is no table yet", lambda screen: re.search("[Nn]o tables?", screen.text))
        orders(client)
        person.press("r")
        row = person.sees("the table shows", lines("orders", "24")).line("orders", "24")
        checks.true("with its keys and its stream", "pk S, sk N" in row and "new+old" in row, row)
        queries(checks, person)
        edits(checks, person, client)
        collides(checks, person, client)
        adds_and_deletes(checks, person, client)
        person.leaves()


def queries(checks, person):
    """By the index, in the form; each row is one of those asked for."""
    person.press("Q")
    person.sees("a form asks for the key", "Query orders")
    person.press("Up", "Right")
    person.sees("or for an index and its key", lines("read", "by-state"))
    person.press("Down")
    person.type("paid")
    person.press("Enter")
    shown = person.sees("items come by the index", lines("by-state", "8 items"))
    rows = [line for line in shown.lines if re.search(r"customer-\d.*sku-", line)]
    checks.equal("those that were asked for", [re.findall("paid|open|sent", line) for line in rows], [["paid"]] * 8)


def edits(checks, person, client):
    person.press("Enter")
    person.sees("an item opens as JSON", '"sku-1"')
    changes(person, "99.25")
    person.sees("what changes is shown before it is written", lines("~ total", "1.5", "99.25"))
    checks.equal("nothing is written yet", client.get_item(TableName="orders", Key=KEY)["Item"]["total"], {"N": "1.5"})
    person.press("y")
    person.sees("the item shows as it is now", lambda screen: '"total": 99.25' in screen and "do it" not in screen)
    checks.equal("boto3 sees it changed", client.get_item(TableName="orders", Key=KEY)["Item"]["total"], {"N": "99.25"})


def goes_to_total(person):
    """Opens the item for editing, at the end of its last attribute, which is `total`."""
    person.press("e")
    screen = person.sees("it opens for editing", lines("Ctrl-S saves"))
    person.press(*["Down"] * (screen.row('"total":') - screen.row("Ctrl-S saves") - 1), "End")


def changes(person, total):
    goes_to_total(person)
    person.press(*["Backspace"] * 3)
    person.type(total)
    person.until(lines('"total"', total))
    person.press("Ctrl-S")


def collides(checks, person, client):
    """Somebody else is quicker."""
    goes_to_total(person)
    client.update_item(TableName="orders", Key=KEY, UpdateExpression="SET #s = :s", ExpressionAttributeNames={"#s": "state"},
                       ExpressionAttributeValues={":s": {"S": "lost"}})
    person.type("5")
    person.until(lines('"total"', "99.255"))
    person.press("Ctrl-S")
    person.sees("it asks", lines("~ total", "99.255"))
    person.press("y")
    person.sees("both are shown beside each other", lines("stored now", "what you wrote"))
    found = client.get_item(TableName="orders", Key=KEY)["Item"]
    checks.equal("and overwrites nothing", (found["state"], found["total"]), ({"S": "lost"}, {"N": "99.25"}))


def adds_and_deletes(checks, person, client):
    """A new item like this one, which is seen in the stream, and deleted again."""
    leaves(person, "both", lines("by-state", "8 items"))
    person.press("s")
    person.sees("the stream is followed", lines("Stream orders"))
    client.put_item(TableName="orders", Item={"pk": {"S": "customer-20"}, "sk": {"N": "1"}})
    person.sees("what is put comes", lines("INSERT", "customer-20"))
    leaves(person, "the stream", lines("by-state", "8 items"))
    person.press("A")
    screen = person.sees("an item like this one opens for editing", lines("Ctrl-S saves"))
    person.press(*["Up"] * 9, *["Down"] * (screen.row('"pk":') - screen.row("Ctrl-S saves") - 1), "End", "Left", "Left")
    person.type("9")
    person.until(lines('"pk":', "customer-19"))
    person.press("Ctrl-S")
    person.sees("it asks", lines("do it"))
    person.press("y")
    person.sees("it is written", lambda screen: "do it" not in screen and "Ctrl-S" not in screen)
    key = {"pk": {"S": "customer-19"}, "sk": {"N": "1"}}
    person.until(lambda _: "Item" in client.get_item(TableName="orders", Key=key), what="boto3 sees it")
    person.press("D")
    person.sees("a deletion is asked about", lines("do it"))
    person.press("n")
    checks.true("and left", "Item" in client.get_item(TableName="orders", Key=key))
    person.press("D")
    person.sees("it is asked again", lines("do it"))
    person.press("y")
    person.until(lambda _: "Item" not in client.get_item(TableName="orders", Key=key), what="boto3 no longer sees it")
