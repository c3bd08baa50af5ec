"""The dashboard in tmux, as a person drives it by keys, while real clients work beside it."""

from dashboard import approvals, calls, dynamodb, endings, hostile, keys, mouse, s3, server, sizes, starts
from support.checks import run

run({
    "calls": calls.calls,
    "both": calls.both,
    "demo_beside": calls.demo,
    "processes": calls.processes,
    "history": calls.history,
    "s3": s3.s3,
    "dynamodb": dynamodb.dynamodb,
    "approvals": approvals.approvals,
    "killed": server.killed,
    "hostile_data": hostile.stored,
    "hostile_calls": hostile.asked,
    "hostile_journal": hostile.journal,
    "keys": keys.documented,
    "mouse": mouse.mouse,
    "sizes": sizes.sizes,
    "terminals": sizes.terminals,
    "endings": endings.endings,
    "window": endings.window,
    "pipe": endings.pipe,
    "serve": starts.serve,
    "serve_tui": starts.serve_tui,
    "watch": starts.watch,
    "demo_alone": starts.demo,
    "demo_tui": starts.demo_tui,
}, __doc__)
