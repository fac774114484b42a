"""The agent's dialog with a question of the tests. Usage: asking.py FILE, which the answer is written to."""

from __future__ import annotations

import io
import json
import sys

from jpki_window.pin import main

QUESTION = {
    "kind": "secret",
    "title": "My Number Card: login",
    "description": "“/bin/program” (process 1) wants to log in.",
    "prompt": "PIN:",
    "ok": "OK",
    "cancel": "Cancel",
}

with open(sys.argv[1], "wb", buffering=0) as answer:
    code = main([], io.StringIO(json.dumps(QUESTION) + "\n"), answer.fileno())
sys.exit(code)
