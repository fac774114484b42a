"""``jpki report`` beside a real PC/SC service."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema

if TYPE_CHECKING:
    from pcscd.conftest import Pcscd

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "report.json"


def report(pcscd: Pcscd) -> dict[str, Any]:
    """The object, checked against its schema; making a report never fails because of what it reports."""
    done = pcscd.run([sys.executable, "-m", "jpki_cli", "report", "--json"])
    assert (done.returncode, done.stderr) == (0, "")
    value: dict[str, Any] = json.loads(done.stdout)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(value)
    return value


def test_report_of_a_card_in_a_reader(pcscd: Pcscd) -> None:
    """The service's version, the reader by name, every counter, and a month: all from the real way to the card."""
    pcscd.start_card("locked-auth")
    value = report(pcscd)
    assert value["environment"]["pcscd"]
    assert value["readers"][0]["name"] == "Virtual PCD 00 00"
    assert value["readers"][0]["card_present"]
    assert [pin["retries_remaining"] for pin in value["pins"]] == [0, 5, 3, 3]
    assert (value["usable"], value["obstacle"]) == (False, "pins")
    assert len(value["certificates"][0]["ends_month"]) == 7


def test_report_without_a_card_and_without_a_service(pcscd: Pcscd) -> None:
    """An empty reader, then no service: the report says where it ends, and has no card."""
    value = report(pcscd)
    assert (value["obstacle"], value["card"], value["pins"]) == ("card_present", None, [])
    pcscd.stop_daemon()
    value = report(pcscd)
    assert (value["obstacle"], value["readers"], value["card"]) == ("service_running", [], None)
