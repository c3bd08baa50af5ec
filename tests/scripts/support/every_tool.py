"""A call of every tool, in an order in which each finds what it needs, and what must be found in its answer.

The file tools work in the working directory, which `files` fills anew.
"""

import json
import shutil

ITEM = {"pk": "a", "n": 1, "deep": {"list": [1, {"on": True}, None]}}
MORE = [{"pk": "b", "n": 2, "status": "open"}, {"pk": "b", "n": 3, "status": "open"}]
DOCUMENT = {"title": "ünï", "parts": [{"n": 1}, {"n": 2.5}]}


def keys(answer):
    return [each["key"] for each in answer["objects"]]


# The tool, its arguments, and whether an answer is right.
CALLS = [
    ("bridge_status", {}, lambda answer: answer["target"].startswith("LOCAL")),
    ("s3_create_bucket", {"bucket": "clients"}, lambda answer: answer["created"] == "clients"),
    ("s3_put_object", {"bucket": "clients", "key": "a/b c", "json": DOCUMENT}, lambda answer: answer["content_type"] == "application/json"),
    ("s3_get_object", {"bucket": "clients", "key": "a/b c"}, lambda answer: answer["json"] == DOCUMENT),
    ("s3_list_objects", {"bucket": "clients", "prefix": "a/"}, lambda answer: keys(answer) == ["a/b c"]),
    ("s3_list_buckets", {}, lambda answer: [each["name"] for each in answer["buckets"]] == ["clients"]),
    ("s3_copy_object", {"from": "s3://clients/a/b c", "to": "s3://clients/a/d"}, lambda answer: "s3://clients/a/d" in json.dumps(answer)),
    ("s3_copy_prefix", {"from": "s3://clients/a/", "to": "s3://clients/e/"}, lambda answer: answer["objects"] == 2),
    ("s3_upload_directory", {"bucket": "clients", "directory": "site", "prefix": "site/"}, lambda answer: answer["objects"] == 1),
    ("s3_usage", {"bucket": "clients"}, lambda answer: answer["objects"] == 5),
    ("s3_presign_url", {"bucket": "clients", "key": "a/d"}, lambda answer: "X-Amz-Signature=" in answer["url"]),
    ("s3_download_object", {"bucket": "clients", "key": "a/d", "save_to": "saved.json"}, lambda answer: answer["saved_to"].endswith("saved.json")),
    ("s3_download_prefix", {"bucket": "clients", "prefix": "site/", "save_to": "saved"}, lambda answer: answer["saved"] == 1),
    ("snapshot", {"name": "before"}, lambda answer: answer["snapshot"] == "before"),
    ("s3_delete_objects", {"bucket": "clients", "keys": ["a/d"]}, lambda answer: answer["deleted"] == 1),
    ("restore", {"name": "before", "confirm": True}, lambda answer: answer["restored"] == "before"),
    ("dynamodb_create_table", {"table": "clients", "keys": {"pk": "S", "n": "N"}}, lambda answer: answer["status"] == "ACTIVE"),
    ("dynamodb_put_items", {"table": "clients", "items": [ITEM]}, lambda answer: answer["written"] == 1),
    ("dynamodb_load_items", {"table": "clients", "file": "more.ndjson"}, lambda answer: answer["written"] == 2),
    ("dynamodb_get_items", {"table": "clients", "keys": [{"pk": "a", "n": 1}]}, lambda answer: answer["items"] == [ITEM]),
    ("dynamodb_query", {"table": "clients", "key_condition": "pk = :p", "values": {":p": "a"}}, lambda answer: answer["items"] == [ITEM]),
    ("dynamodb_scan", {"table": "clients", "filter": "n > :n", "values": {":n": 1}}, lambda answer: answer["items"] == MORE),
    ("dynamodb_list_tables", {}, lambda answer: answer["tables"] == ["clients"]),
    ("dynamodb_describe_table", {"table": "clients"}, lambda answer: answer["table"] == "clients"),
    ("dynamodb_update_item", {"table": "clients", "key": {"pk": "b", "n": 2}, "update": "SET #s = :s", "names": {"#s": "status"}, "values": {":s": "paid"}}, lambda answer: "paid" in json.dumps(answer)),
    ("dynamodb_update_by_query", {"table": "clients", "update": "SET #s = :s", "filter": "n = :n", "names": {"#s": "status"}, "values": {":s": "paid", ":n": 3}, "confirm": True}, lambda answer: answer["updated"] == 1),
    ("dynamodb_count", {"table": "clients", "by": "status"}, lambda answer: answer["count"] == 3),
    ("dynamodb_export_items", {"table": "clients", "save_to": "copy.ndjson"}, lambda answer: answer["items"] == 3),
    ("dynamodb_transact_write", {"operations": [{"table": "clients", "put": {"pk": "c", "n": 1}}, {"table": "clients", "delete": {"pk": "d", "n": 1}}]}, lambda answer: answer["done"] == 2),
    ("undo", {}, lambda answer: "dynamodb_transact_write" in json.dumps(answer)),
    ("dynamodb_update_table", {"table": "clients", "add_index": {"name": "by_status", "keys": {"status": "S"}}}, lambda answer: "by_status" in json.dumps(answer)),
    ("copy_from_target", {"data": "s3://clients/a/", "to": "s3://clients/z/"}, lambda answer: answer["objects"] == 2),
    ("dynamodb_delete_by_query", {"table": "clients", "filter": "pk = :p", "values": {":p": "b"}, "confirm": True}, lambda answer: answer["deleted"] == 2),
    ("dynamodb_delete_items", {"table": "clients", "keys": [{"pk": "a", "n": 1}]}, lambda answer: answer["item"] == ITEM),
    ("dynamodb_delete_table", {"table": "clients", "confirm": True}, lambda answer: answer["deleted"] == "clients"),
    ("s3_delete_bucket", {"bucket": "clients", "force": True, "confirm": True}, lambda answer: answer["deleted"] == "clients"),
]


def files(folder):
    """Puts into `folder` what the file tools read, and takes away what they wrote."""
    for name in ("saved.json", "copy.ndjson"):
        (folder / name).unlink(missing_ok=True)
    for name in ("saved", "site"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "site").mkdir()
    (folder / "site/index.html").write_text("<h1>hello</h1>")
    (folder / "more.ndjson").write_text("".join(json.dumps(item) + "\n" for item in MORE))


def faults(answers, calls):
    """What is wrong with these answers to these calls."""
    found = []
    for (tool, _, holds), answer in zip(calls, answers, strict=True):
        try:
            right = holds(json.loads(answer))
        except (json.JSONDecodeError, KeyError, TypeError):
            right = False
        if not right:
            found.append(f"{tool} answers {answer[:300]}")
    return found
