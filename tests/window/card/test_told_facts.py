"""What a screen reader is told of a card is what ``jpki status --json`` says of it: every card, both languages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from toldfacts import check_card
from windowdesk import Desk, heard

from jpki_cli.main import run
from jpki_sim.personas import personas

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = [persona.name for persona in personas() if not persona.unavailable]


def status_json(name: str, capfd: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What ``jpki status --json`` prints of a card."""
    capfd.readouterr()
    run(["--sim", name, "status", "--json"], {"LANG": "C.UTF-8"})
    found: dict[str, Any] = json.loads(capfd.readouterr().out)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_screen_reader_is_told_what_the_json_says(
    name: str, open_desk: Callable[..., Desk], capfd: pytest.CaptureFixture[str]
) -> None:
    """Verdict, tries of each PIN, certificates, the card's end and the advice: each equal, in both languages."""
    facts = status_json(name, capfd)
    desk = open_desk({"Reader": name})
    if "pins" not in facts:
        desk.wait_for_failure(facts["code"])
        page = desk.window.page("card")
        assert page is not None
        assert facts["message"]["en"] in [one.name for one in heard(page)]
        return
    desk.wait_for_card()
    for language in ("en", "ja"):
        desk.context.set_language(language)
        page = desk.window.page("card")
        assert page is not None
        check_card(heard(page), facts, language)
