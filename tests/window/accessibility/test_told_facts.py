"""What is in the tree of a screen reader is what ``jpki status --json`` says, card by card, in both languages.

Two cards run here, all of them where JPKI_LONG is set.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import product
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

import screenreader
from screenreader import session
from toldfacts import check_card
from windowhand import check_names

from jpki_sim.personas import personas

if TYPE_CHECKING:
    from pathlib import Path

LACKS: Final = screenreader.missing()
pytestmark = pytest.mark.skipif(LACKS is not None, reason=LACKS or "")

NAMES: Final = [persona.name for persona in personas() if not persona.unavailable]
CASES: Final = list(product(NAMES, ("en", "ja"))) if os.environ.get("JPKI_LONG") else [("adult", "ja"), ("child", "en")]


@pytest.mark.parametrize(("card", "language"), CASES)
def test_a_screen_reader_is_told_what_the_json_says(tmp_path: Path, card: str, language: str) -> None:
    """Verdict, tries of each PIN, certificates, the card's end and the advice."""
    command = [sys.executable, "-m", "jpki_cli", "--sim", card, "status", "--json"]
    facts = json.loads(subprocess.run(command, capture_output=True, text=True, check=False, timeout=120).stdout)
    expected = facts["verdict"][language] if "pins" in facts else facts["message"][language]
    with session(tmp_path, "--sim", card, "--lang", language) as at:
        at.wait(lambda node: node["name"] == expected)
        nodes = at.tree()
        check_names(nodes)
        if "pins" in facts:
            told = [SimpleNamespace(name=node["name"], description=node["description"]) for node in nodes]
            check_card(told, facts, language)
