"""``report --for-holder``: one page for the holder, with nothing about the computer."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from jpki_cli.app import clock
from jpki_cli.terminal import width

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli

PERSONAS = ("adult", "all-locked", "locked-sign", "card-expired-locked", "child-locked", "phone-locked", "moved")


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("persona", PERSONAS)
def test_the_sheet_begins_with_the_verdict_of_status(run_cli: RunCli, persona: str, language: str) -> None:
    """The same sentence, no command, no word of a reader, and at most 79 columns."""
    verdict = run_cli("--sim", persona, "status", "--json").json["verdict"][language]
    result = run_cli("--lang", language, "--sim", persona, "report", "--for-holder")
    lines = result.stdout.splitlines()

    assert result.code == 0
    assert "".join(verdict.split()) in "".join(lines[3:7]).replace(" ", "")
    assert not re.search(r"jpki|--|reader|リーダー|コマンド", result.stdout)
    assert [line for line in lines if width(line) > 79] == []


def test_what_to_bring_and_to_ask_follow_from_what_is_the_matter(run_cli: RunCli) -> None:
    """Locked PINs: a new one; a new card: when it is ready; a phone is sent to no office; nothing to do: no errand."""
    texts = {name: run_cli("--sim", name, "report", "--for-holder").stdout for name in PERSONAS}

    assert "A new PIN, chosen before you go." in texts["all-locked"]
    assert "convenience store" not in texts["all-locked"]
    assert "a convenience store with a terminal" in texts["locked-sign"]
    assert "When will the new card be ready?" in texts["card-expired-locked"]
    assert "A new PIN" not in texts["card-expired-locked"]
    assert "Where to go\n  - Your own phone" in texts["phone-locked"]
    assert "Where to go" not in texts["adult"]
    assert "does not show whether a certificate was revoked" in " ".join(texts["adult"].split())


def test_the_html_form_is_one_file_that_fetches_nothing(run_cli: RunCli, tmp_path: Path) -> None:
    """Text is escaped, nothing is loaded, and it says that the card is simulated."""
    target = tmp_path / "sheet.html"
    assert run_cli("--sim", "all-locked", "report", "--for-holder", "-o", str(target)).code == 0
    page = target.read_text(encoding="utf-8")

    assert page.startswith("<!DOCTYPE html>")
    assert "Simulated card" in page
    assert not re.search(r"<script|src=|href=|url\(|https?:", page)


def test_it_is_no_json_object(run_cli: RunCli) -> None:
    """Exit 2: the sheet is for people."""
    assert run_cli("--sim", "adult", "report", "--for-holder", "--json").code == 2


@pytest.mark.parametrize(("year", "is_old"), [(2026, False), (2027, False), (2028, True)])
@pytest.mark.parametrize(
    "command",
    [("guide", "locked"), ("doctor",), ("report",), ("report", "--format", "html"), ("report", "--for-holder")],
)
def test_all_that_gives_guidance_says_of_when_it_is(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], year: int, *, is_old: bool
) -> None:
    """One line with the month; more than a year later that it is old, and where to ask."""
    monkeypatch.setattr(clock, "now", lambda: datetime(year, 11, 28, 3, tzinfo=UTC))
    said = " ".join(run_cli("--sim", "all-locked", *command).stdout.split())
    assert ("As of 2026-11." in said) is not is_old
    assert ("This guidance dates from 2026-11 and is more than a year old." in said) is is_old
    assert ("call 0120-95-0178 for the current rules" in said) is is_old
