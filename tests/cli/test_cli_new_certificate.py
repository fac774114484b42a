"""A certificate that was issued today: services may not know it yet, and ``status`` says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from clitest import RunCli


def test_a_certificate_of_today_may_have_to_wait(run_cli: RunCli, validate: Callable[[dict[str, Any]], None]) -> None:
    """In JSON and on the screen, in both languages: up to about a day until services accept it."""
    value = run_cli("--sim", "issued-today", "status", "--json").json
    screens = {
        language: "".join(run_cli("--sim", "issued-today", "--lang", language, "status").stdout.split())
        for language in ("en", "ja")
    }

    validate(value)
    (advice,) = value["advice"]
    assert (advice["code"], advice["pin"], advice["certificate"]) == ("certificate_new", None, "auth")
    assert "up to about a day" in advice["text"]["en"]
    assert "24時間ほど" in advice["text"]["ja"]
    for language, screen in screens.items():
        assert "".join(advice["text"][language].split()) in screen
    assert "thereisnothingtodonow" not in screens["en"]


def test_the_guide_and_the_report_tell_it_as_well(run_cli: RunCli) -> None:
    """Both show the advice of ``status``."""
    guide = run_cli("--sim", "issued-today", "guide", "--json").json
    report = run_cli("--sim", "issued-today", "report", "--json").json

    assert [a["code"] for a in guide["advice"]] == ["certificate_new"]
    assert [a["code"] for a in report["advice"]] == ["certificate_new"]


@pytest.mark.parametrize("persona", ["adult", "not-yet-valid", "expired", "renewal-window", "moved-reissued"])
def test_other_certificates_are_not_called_new(run_cli: RunCli, persona: str) -> None:
    """One of years ago, one that has not begun, and a card of which only the unread certificate is of today."""
    value = run_cli("--sim", persona, "status", "--json").json

    assert "certificate_new" not in [a["code"] for a in value["advice"]]
