"""The conformance suite with `--reader`, as somebody runs it on a card: over PC/SC, and reading only."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jpki_sim.dates import japan_today
from jpki_sim.files import save
from jpki_sim.personas import find_persona, new_card

if TYPE_CHECKING:
    from pcscd.conftest import Pcscd

ROOT = Path(__file__).parents[2]
PORT = 35963
#: The suite takes five seconds on an idle machine; this is for a busy one.
SECONDS = 300.0
SECRET = re.compile(r"00 ?20|00 ?24|00 ?2C|80 ?32")


@pytest.mark.parametrize("persona", ["adult", "last-try"])
def test_the_suite_holds_on_a_card_and_only_reads(pcscd: Pcscd, tmp_path: Path, persona: str) -> None:
    """Every harmless row passes on a whole card, the report names it, and no secret is sent or changed."""
    path = tmp_path / "card.json"
    save(new_card(find_persona(persona), today=japan_today(), generate_keys=False), path)
    before, log = path.read_bytes(), tmp_path / "log"
    pcscd.start_card(path, PORT, "--log", str(log), "--log-raw")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:cov"]
    suite = pcscd.run([*command, "tests/contract", "--reader", "Virtual PCD 00 00"], timeout=SECONDS, cwd=ROOT)

    assert suite.returncode == 0, suite.stdout
    assert "skipped" in suite.stdout
    assert not re.search(r"\b[0-9]+ failed", suite.stdout)
    rows = suite.stdout.partition("rows of docs/card.md")[2]
    assert "passed  unknown AID: 6A82" in rows
    assert "passed  P1 bit 8: short EF identifier, the EF becomes current" in rows
    assert path.read_bytes() == before
    sent = [json.loads(line).get("command", "") for line in log.read_text().splitlines()]
    assert len(sent) > 200
    with_data = [apdu for apdu in sent if SECRET.match(apdu) and any(bytes.fromhex(apdu)[4:])]
    assert with_data == []
