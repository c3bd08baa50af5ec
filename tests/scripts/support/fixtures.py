"""The sample tables and objects of fixtures/."""

import base64
import json
from decimal import Decimal
from pathlib import Path

from .items import typed_item

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"


def tables():
    """Each sample table: the CreateTable request, and the items as typed JSON."""
    found = []
    for schema in sorted((FIXTURES / "dynamodb").glob("*.schema.json")):
        natural = json.loads(schema.with_name(schema.name.replace(".schema", "")).read_text(), parse_float=Decimal)
        found.append((json.loads(schema.read_text()), [typed_item(item) for item in natural]))
    if not found:
        raise FileNotFoundError(f"no table in {FIXTURES}")
    return found


def objects():
    """Each sample object: bucket, key, content type, metadata, body."""
    manifest = json.loads((FIXTURES / "s3" / "manifest.json").read_text())
    return [
        (
            entry["bucket"], entry["key"], entry["content_type"], entry["metadata"],
            base64.b64decode(entry["base64"]) if "base64" in entry else entry["text"].encode(),
        )
        for entry in manifest["objects"]
    ]
