"""The fenced blocks of Markdown pages, and the table that says which of them cannot run on every machine."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^(?P<indent> *)(?P<marks>```+)(?P<language>[\w+-]*)[^\n`]*\n(?P<text>.*?)^(?P=indent)(?P=marks) *$", re.M | re.S)
# A comment with nothing but a path, on the line before the fence: the block is that file.
FILE = re.compile(r"<!-- (?P<path>[\w./~-]+\.\w+) -->\n\Z")
# What an entry of the table may say beside `first`.
MEMBERS = {"needs", "run_by", "before", "without", "instead", "code"}


@dataclass(frozen=True)
class Block:
    page: str
    line: int
    language: str
    text: str
    # The path that it is the content of.
    file: str | None

    @property
    def first(self):
        return self.text.strip().split("\n", 1)[0]

    def __str__(self):
        return f"{self.page}:{self.line} ({self.first[:60]})"


def blocks_of(root, page):
    text = (root / page).read_text()
    for fence in FENCE.finditer(text):
        before = FILE.search(text, 0, fence.start())
        indent = len(fence["indent"])
        lines = [line[indent:] if line[:indent].isspace() else line for line in fence["text"].splitlines()]
        yield Block(page, text.count("\n", 0, fence.start()) + 1, fence["language"], "\n".join(lines) + "\n", before and before["path"])


def pages_of(root):
    """The pages for people, as paths from the top."""
    found = [root / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")] + sorted((root / "docs").rglob("*.md"))
    return [str(path.relative_to(root)) for path in found if path.exists()]


class Table:
    """`docs_blocks.toml`: for a page a list of entries, each of the block whose first line begins so."""

    def __init__(self, path: Path, root: Path):
        table = tomllib.loads(path.read_text()) if path.exists() else {}
        self.reasons = table.pop("needs", {})
        self.pages = table
        self.used = set()
        self.faults = []
        needed = set()
        for page, entries in table.items():
            for entry in entries:
                name = f"{path.name}: {page}, `{entry.get('first')}`"
                if unknown := set(entry) - MEMBERS - {"first"}:
                    self.faults.append(f"{name} has the unknown members {', '.join(sorted(unknown))}")
                for need in [entry["needs"]] if "needs" in entry else entry.get("without", {}).values():
                    needed.add(need)
                    if need not in self.reasons:
                        self.faults.append(f"{name} needs `{need}`, which [needs] does not explain")
                if "run_by" in entry and not (root / entry["run_by"]).exists():
                    self.faults.append(f"{name} is run by {entry['run_by']}, which is not there")
        self.faults += [f"{path.name}: nothing needs `{reason}` any more" for reason in set(self.reasons) - needed]

    def entry(self, block):
        for number, entry in enumerate(self.pages.get(block.page, [])):
            if block.first.startswith(entry["first"]):
                self.used.add((block.page, number))
                return entry
        return {}

    def unused(self):
        return [
            f"no block of {page} begins with `{entry['first']}` any more"
            for page, entries in self.pages.items() for number, entry in enumerate(entries) if (page, number) not in self.used
        ]
