"""The survey through a real PC/SC service: of the simulated card, and of a card program written apart from it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

if TYPE_CHECKING:
    from pcscd.conftest import Pcscd

HERE = Path(__file__).parent
SCHEMA = HERE.parents[1] / "docs" / "schema" / "survey.json"
JPKI = [sys.executable, "-m", "jpki_cli"]
PORT = 35963
_HOLD = (
    "import sys\n"
    "from smartcard.scard import *\n"
    "_, context = SCardEstablishContext(SCARD_SCOPE_USER)\n"
    "_, card, protocol = SCardConnect(context, 'Virtual PCD 00 00', SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1)\n"
    "print('open', flush=True)\n"
    "sys.stdin.readline()\n"
)


def survey(pcscd: Pcscd, *arguments: str, stdin: str | None = None) -> tuple[dict[str, Any], str]:
    """The JSON object of a survey, checked against its schema, and what was said beside it."""
    result = pcscd.run([*JPKI, "survey", "--yes", "--json", *arguments], stdin)
    value: dict[str, Any] = json.loads(result.stdout)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(value)
    assert result.returncode == 0, result.stderr
    return value, result.stderr


def test_the_simulated_card_is_surveyed_with_a_reset(pcscd: Pcscd) -> None:
    """Keeping the card, a reset and a cut of power go through the service; the counters stay full."""
    pcscd.start_card("adult")
    options = ("--pin-stdin", "--with-pin", "auth", "--with-pin", "input", "--with-reset", "--extended")
    value, _ = survey(pcscd, *options, stdin="2846\n3957\n")
    pins = json.loads(pcscd.run([*JPKI, "pin", "status", "--json"]).stdout)["pins"]

    answers = value["answers"]
    assert answers["auth.selected_again"] == "open"
    assert answers["auth.reset"] == "open, contactless"
    assert answers["auth.power_cut"] == "closed"
    assert answers["read.extended"] == "taken"
    assert value["was_restarted"]
    assert [pin["state"] for pin in pins] == ["full"] * 4


def test_a_contact_card_closes_at_a_reset(pcscd: Pcscd, tmp_path: Path) -> None:
    """The same through the other interface, so the answer is the card's and not the program's."""
    from jpki_sim.dates import japan_today
    from jpki_sim.files import save
    from jpki_sim.personas import find_persona, new_card

    card = new_card(find_persona("adult"), today=japan_today(), generate_keys=False)
    card.interface = "contact"
    save(card, tmp_path / "card.json")
    pcscd.start_card(tmp_path / "card.json")
    value, _ = survey(pcscd, "--pin-stdin", "--with-pin", "auth", "--with-reset", stdin="2846\n")

    assert value["answers"]["auth.reset"] == "closed, contact"


def test_a_card_that_another_program_has_open_is_not_reset(pcscd: Pcscd) -> None:
    """It is said so, and the rest is asked."""
    pcscd.start_card("adult")
    other = pcscd.popen([sys.executable, "-c", _HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == "open\n"
    value, said = survey(pcscd, "--pin-stdin", "--with-pin", "auth", "--with-reset", stdin="2846\n")
    other.communicate("\n", timeout=120)

    assert "not reset" in said
    assert not value["was_restarted"]
    assert value["answers"]["auth.selected_again"] == "open"
    assert "auth.reset" not in value["answers"]


_AS_DESCRIBED = {
    "atr": "3BE000FF8131FE4514",
    "application.visual": "6A82",
    "application.juki": "6A82",
    "locked.status": "63C0",
    "locked.status_with_le": "6700",
    "verified.status": "63Cx",
    "read.short_identifier": "9000",
    "read.more_than_is_left": "9000",
    "read.extended": "6700",
    "select.information": "no data",
    "data.0045": "6D00",
    "counter.text.0014": "63CA",
    "file.jpki.0016": "SELECT 6A82",
    "auth.signature": "verifies",
    "auth.signatures": "3 or more",
    "auth.pss_of_hash": "salt of 32 bytes, mask with SHA-256",
    "auth.pss_of_message": "6A86",
    "auth.selected_again": "open",
    "auth.reset": "closed, contact",
    "input.my_number": "FF 10 0C, 17 bytes",
    "input.attributes_length": "longer than needed",
    "input.other_application_selected": "closed",
}
_OTHERWISE = _AS_DESCRIBED | {
    "atr": "3B888001000005E0B381A1007F",
    "locked.status": "6983",
    "verified.status": "9000",
    "read.short_identifier": "6A86",
    "read.more_than_is_left": "6282",
    "auth.pss_of_hash": "salt of 20 bytes, mask with SHA-256",
    "auth.reset": "open, contactless",
    "auth.power_cut": "closed",
}


@pytest.mark.parametrize(("side", "expected"), [("described", _AS_DESCRIBED), ("otherwise", _OTHERWISE)])
def test_a_card_program_written_apart_is_reported_as_it_is(pcscd: Pcscd, side: str, expected: dict[str, str]) -> None:
    """Each answer is that program's own; each PIN came once, no try was used, and nothing is open at the end."""
    served = pcscd.start_card_process([sys.executable, HERE / "written_card.py", str(PORT), side], PORT)
    options = ("--pin-stdin", "--with-pin", "auth", "--with-pin", "input", "--with-reset", "--extended")
    value, _ = survey(pcscd, *options, stdin="2846\n3957\n")
    last = served.log.read_text(encoding="ascii").splitlines()[-1]

    answers = value["answers"]
    assert {key: answers.get(key) for key in expected} == expected
    assert last == "11,18 3,5,3,0,10,10,3 []"
