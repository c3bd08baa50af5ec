"""Buckets and objects, by keys alone."""

import re
import urllib.request

from support.tmux import NotShown

from .data import media
from .person import S3, aws, dashboard, leaves, lines


def s3(checks, program, _):
    """An object that the AWS CLI put is found by keys alone, and previewed."""
    with dashboard(checks, program, columns=140) as person:
        person.opens()
        program._endpoint = person.endpoint
        person.press(S3)
        person.sees("there is no bucket yet", lambda screen: re.search("[Nn]o buckets?", screen.text))
        (program.work / "hello.json").write_text('{"greeting": "hello from the CLI", "numbers": [1, 2, 3]}')
        aws(program, "s3", "mb", "s3://from-the-cli")
        aws(program, "s3", "cp", "--only-show-errors", "hello.json", "s3://from-the-cli/deep/folder/hello.json")
        client = program.boto3("s3")
        media(client)
        person.press("r")
        person.sees("the bucket shows", lines("from-the-cli", "us-east-1"))
        opens(person, "from-the-cli", "deep/")
        opens(person, "deep/", "folder/")
        opens(person, "folder/", "hello.json")
        person.sees("the object has its size", lines("  hello.json", "56 B"))
        opens(person, "hello.json", '"hello from the CLI"')
        leaves(person, "hello.json", lines("56 B", "hello.json"))
        for place, shows in (("folder", "folder/"), ("deep", "deep/"), ("from-the-cli", "BUCKET")):
            leaves(person, place, lines(shows))
        previews(checks, person)
        changes(checks, program, person, client)
        person.leaves()


def opens(person, name, shows):
    """Goes to the row of that name, and opens it."""
    selects(person, name)
    person.press("Enter")
    return person.sees(f"{name} opens", lines(shows))


def selects(person, name):
    """Goes down until the row of that name is the marked one."""
    person.moves("g")
    for _ in range(40):
        if any(name in line for line in person.marked()):
            return
        person.moves("j")
    raise NotShown(f"{name} is not among the rows:\n{person.screen}")


def previews(checks, person):
    """Each kind of object as it is read best."""
    opens(person, "media", "readme.txt")
    for path, shows in (
        (("data/", "prices.csv"), ("sku-2", "20.00")),
        (("data/", "order.json"), ('"order": 7',)),
        (("pictures/", "2026/", "small.png"), ("48", "32")),
        (("pictures/", "2026/", "bytes.bin"), ("00 01 02 03",)),
        (("readme.txt",), ("second words",)),
    ):
        for folder, inside in zip(path, path[1:]):
            opens(person, folder, inside)
        selects(person, path[-1])
        person.press("Enter")
        person.sees(f"{path[-1]} is previewed", lines(*shows))
        for inside in reversed(path):
            leaves(person, inside, lines(inside))


def changes(checks, program, person, client):
    """Versions; a download, a link, a deletion that asks first, and an upload."""
    selects(person, "readme.txt")
    person.press("v")
    person.sees("both versions show", lambda screen: screen.row(" current ") and screen.row(" older "))
    selects(person, " older ")
    person.press("Enter")
    person.sees("the older one is previewed", "first words")
    leaves(person, "it", lines(" older "))
    person.press("v")
    person.sees("and back to the objects", lines("pictures/"))
    selects(person, "readme.txt")
    person.press("d")
    person.sees("a download asks where to", lines("download to", "readme.txt"))
    person.press("Enter")
    person.sees("it is written", lines("Written", "29 B"))
    checks.equal("as it is", (person.directory / "readme.txt").read_text(), "second words\nand a line more\n")
    person.press("P")
    person.sees("a link is asked for", lines("Holds for"))
    person.press("Enter")
    person.sees("it shows", "X-Amz-Signature")
    url = person.until(lambda _: person.clipboard()) and person.clipboard()
    checks.equal("and anybody may fetch it", urllib.request.urlopen(url, timeout=20).read(), b"second words\nand a line more\n")
    leaves(person, "the link", lines("pictures/"))
    person.press("D")
    person.sees("a deletion is asked about", lines("s3://media/readme.txt"))
    person.press("n")
    person.sees("and left", lambda screen: screen.row("readme.txt", "29 B") and "do it" not in screen)
    person.press("D")
    person.sees("it is asked again", lines("do it"))
    person.press("y")
    person.sees("it is done", lambda screen: screen.row("readme.txt", "29 B") is None and "deleted" in screen)
    keys = [entry["Key"] for entry in client.list_objects_v2(Bucket="media")["Contents"]]
    checks.equal("boto3 no longer lists it", "readme.txt" in keys, False)
    checks.equal("its versions are there", len(client.list_object_versions(Bucket="media", Prefix="readme.txt")["Versions"]), 2)
    (person.directory / "new.csv").write_text("a,b\n1,2\n")
    person.press("u")
    person.sees("an upload asks for a file", lines("upload"))
    person.type(str(person.directory / "new.csv"))
    person.press("Enter")
    person.sees("and for its name there", lines("new.csv"))
    person.press("Enter")
    person.sees("it is there", lines("new.csv", "8 B"))
    checks.equal("boto3 reads it", client.get_object(Bucket="media", Key="new.csv")["Body"].read(), b"a,b\n1,2\n")
