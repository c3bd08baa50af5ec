"""What the dashboard takes: to its first frame, from a key to its frame, in memory, and to open a million.

`--fill` is the program `fill` of benches/. Figures are printed, not held to anything, and are of the machine they were
taken on.

calls   100,000 calls of 1 KB in the journal: first frame, key to frame, memory, and whether all of them are reached
keys    a bucket of a million keys beside one of a thousand, which are a page: Enter to the first page
items   a table of a million items beside one of a thousand
"""

import os
import platform
import re
import select
import statistics
import subprocess
import time
from pathlib import Path

from support.checks import run
from support.program import Program
from support.terminal import Terminal

COLUMNS, ROWS = 120, 36
# A frame has come to its end where nothing more came for so long.
SILENCE = 0.025
FIRST, KEY, MEMORY = 300, 16, 80
# Keys or items that a large one is compared with: a page of S3's.
SMALL = 1000


class Timed(Terminal):
    """A terminal that keeps when bytes came, and looks at them afterwards."""

    def burst(self, began, patience=5.0):
        """Takes what comes until it is silent: milliseconds from `began` to the last of it; `None` where nothing came."""
        last, pieces = None, []
        deadline = began + patience
        while True:
            wait = SILENCE if pieces else deadline - time.perf_counter()
            if not select.select([self.ours], [], [], max(wait, 0))[0]:
                break
            pieces.append(os.read(self.ours, 1 << 20))
            last = time.perf_counter()
        for piece in pieces:
            self.stream.feed(piece)
        return None if last is None else (last - began) * 1e3

    def key(self, keys):
        """Milliseconds from a key to the end of the frame that it made."""
        self.burst(time.perf_counter(), 0)
        began = time.perf_counter()
        self.press(keys)
        return self.burst(began)

    def until(self, holds, began, patience=60.0):
        """Milliseconds from `began` to the piece of output with which something holds of the screen."""
        deadline, came = began + patience, time.perf_counter()
        while not holds(self.text):
            left = deadline - time.perf_counter()
            if left <= 0 or not select.select([self.ours], [], [], left)[0]:
                raise AssertionError(f"not shown within {patience} s:\n{self.text}")
            piece = os.read(self.ours, 1 << 20)
            came = time.perf_counter()
            self.stream.feed(piece)
        return (came - began) * 1e3

    def leave(self):
        """Ends it as a person does: one that is killed leaves the data to be repaired by the next, which takes time and memory."""
        self.press("q")
        if self.end() != 0:
            raise AssertionError("the dashboard did not end")
        self.close()

    @property
    def marked(self):
        """What is marked as selected below the tabs."""
        cells = (self.screen.buffer[y][x] for y in range(2, self.screen.lines) for x in range(self.screen.columns))
        return "".join(cell.data for cell in cells if cell.reverse)

    def memory(self, what):
        """A line of /proc/PID/status, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{what}:\s+(\d+)", status).group(1)) * 1024 / 1e6


def report(words):
    print(f"report: {words}", flush=True)


def machine():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    load = os.getloadavg()[0]
    report(f"{os.cpu_count()} cores ({model.group(1) if model else platform.machine()}), {platform.system()} {platform.release()}, load {load:.1f}")


def fill(options, endpoint, what, count):
    done = subprocess.run([options.fill, endpoint, what, str(count)], capture_output=True, text=True, timeout=3600)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    report(done.stdout.strip())


def dashboard(program, *arguments):
    began = time.perf_counter()
    terminal = Timed(program.command(*arguments, "tui"), program.environment, program.work, COLUMNS, ROWS)
    return terminal, began


def percentile(times, percent):
    return sorted(times)[min(len(times) - 1, len(times) * percent // 100)]


def calls(checks, program, options):
    machine()
    server, endpoint = program.serve()
    fill(options, endpoint, "calls", options.calls)
    server.terminate()
    server.wait(30)
    size = sum(file.stat().st_size for file in (program.data / "journal").iterdir())
    report(f"journal of {size / 1e6:.0f} MB")
    firsts = []
    for _ in range(options.rounds):
        terminal, began = dashboard(program, "--listen", "0")
        firsts.append(terminal.until(lambda text: "LOCAL" in text and "PutItem" in text, began))
        terminal.leave()
    report(f"first frame with calls: {statistics.median(firsts):.0f} ms, {max(firsts):.0f} at most, of {FIRST} ms; each {shown(firsts)}")
    terminal, began = dashboard(program, "--listen", "0")
    count = re.compile(rf"\b{options.calls:,}|\b{options.calls}\b".replace(",", ",?"))
    took = terminal.until(lambda text: count.search(text), began, 120)
    report(f"all {options.calls:,} counted: {took:.0f} ms after the start")
    times = {}
    for keys in ["G", "k", "j", "\x1b[5~", "\x1b[6~", "g"] * 2 + ["k", "j", "\x1b[5~", "\x1b[6~"] * 50:
        took = terminal.key(keys)
        if took is not None:
            times.setdefault(keys, []).append(took)
    every = [took for each in times.values() for took in each]
    report(f"key to frame, {len(every)} keys: p50 {percentile(every, 50):.1f}, p99 {percentile(every, 99):.1f}, "
           f"{max(every):.1f} at most, of {KEY} ms at p99")
    for keys, each in times.items():
        report(f"  {keys!r}: p50 {percentile(each, 50):.1f}, {max(each):.1f} ms at most, of {len(each)}")
    reached = set()
    terminal.key("g")
    reached.update(re.findall(r"call-(\d+)", terminal.text))
    terminal.key("G")
    reached.update(re.findall(r"call-(\d+)", terminal.text))
    report(f"the first is reached: {any(int(number) < 200 for number in reached)}, "
           f"and the last: {any(int(number) >= options.calls - 200 for number in reached)}")
    for keys in ("/call-0050000\r", "\x1b"):
        report(f"filter {keys!r}: {terminal.key(keys)} ms to its last frame")
    report(f"memory: {terminal.memory('VmRSS'):.0f} MB, {terminal.memory('VmHWM'):.0f} at most, of {MEMORY} MB")
    terminal.close()


def shown(times):
    return ", ".join(f"{took:.0f}" for took in times)


def opens(terminal, way, name, first, rounds):
    """Goes to the row of that name by a key and opens it, again and again: milliseconds from Enter to its first page."""
    times = []
    for _ in range(rounds):
        terminal.press(way)
        terminal.until(lambda _: f"{name} " in terminal.marked, time.perf_counter())
        # What is still drawn of the way there is no part of opening it.
        terminal.burst(time.perf_counter(), 0.2)
        began = time.perf_counter()
        terminal.press("\r")
        times.append(terminal.until(lambda text: first in text, began))
        terminal.press("\x1b")
        terminal.until(lambda text: first not in text, time.perf_counter())
    return times


def beside(program, options, what, view, first, *, arguments=()):
    """Opens the small one and the large one in one dashboard."""
    terminal, began = dashboard(program, *arguments)
    try:
        terminal.until(lambda text: "S3" in text and "DynamoDB" in text, began)
        terminal.press(view)
        terminal.until(lambda text: f"{what}-{options.count}" in text, time.perf_counter())
        times = {}
        # Sorted by their names, these are the first and the last.
        for way, count in (("g", SMALL), ("G", options.count)):
            times[count] = opens(terminal, way, f"{what}-{count}", first, options.rounds)
            report(f"{what}-{count}: Enter to its first page {statistics.median(times[count]):.1f} ms; each {shown(times[count])}")
        ratio = statistics.median(times[options.count]) / statistics.median(times[SMALL])
        report(f"{what}: {options.count:,} open in {ratio:.2f} times the time of {SMALL:,}; memory {terminal.memory('VmRSS'):.0f} MB")
    finally:
        terminal.close()


def keys(checks, program, options):
    """In memory: a million files would measure the file system. The dashboard looks at it from outside, as at AWS."""
    machine()
    _, endpoint = program.serve("--ephemeral")
    for count in (SMALL, options.count):
        fill(options, endpoint, "keys", count)
    with Program(options.program.resolve()) as other:
        beside(other, options, "keys", "2", "folder-0000/", arguments=("--backend", "aws", "--endpoint-url", endpoint))


def items(checks, program, options):
    machine()
    server, endpoint = program.serve()
    for count in (SMALL, options.count):
        fill(options, endpoint, "items", count)
    beside(program, options, "items", "3", "item ", arguments=("--listen", "0"))


if __name__ == "__main__":
    run({"calls": calls, "keys": keys, "items": items}, __doc__, [
        (["--fill"], {"required": True, "help": "the program `fill` of benches/"}),
        (["--calls"], {"type": int, "default": 100_000}),
        (["--count"], {"type": int, "default": 1_000_000}),
        (["--rounds"], {"type": int, "default": 5}),
    ])
