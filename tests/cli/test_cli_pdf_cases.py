"""Each check of a signature in a PDF by itself: what is sound is accepted, what is not fails for its own reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pdfreadings
import pytest
from pdfcases import SOUND, UNSOUND, PdfCase
from pdfsigners import pyhanko_signed
from signdesk import sign

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import CliResult, RunCli


def _verify(run_cli: RunCli, folder: Path, case: PdfCase) -> CliResult:
    path = folder / "a.pdf"
    path.write_bytes(case.build())
    return run_cli("verify", str(path), "--allow-test", "--json")


def _failed(result: CliResult) -> list[dict[str, str]]:
    return [
        {r["item"]: r["reason"] for r in [*s["results"], *(s["certificate"] or [])] if r["verdict"] == "fail"}
        for s in result.json["signatures"]
    ]


def _reasons(result: CliResult) -> list[tuple[str, str]]:
    """Of each signature but time stamps why coverage and later changes are as they are."""
    found = [{r["item"]: r["reason"] for r in s["results"]} for s in result.json["signatures"]]
    return [(items["coverage"], items["later_changes"]) for items in found if "coverage" in items]


@pytest.mark.parametrize("name", SOUND)
def test_what_is_sound_is_accepted(
    run_cli: RunCli, tmp_path: Path, validate: Callable[[dict[str, Any]], None], name: str
) -> None:
    """Exit 0, nothing failed, and what follows the signature is named."""
    case = SOUND[name]
    result = _verify(run_cli, tmp_path, case)

    assert tuple(_failed(result)) == case.failed
    assert result.code == 0
    assert tuple(_reasons(result)) == case.reasons
    validate(result.json)


@pytest.mark.parametrize("name", UNSOUND)
def test_what_is_not_fails_for_its_own_reason(
    run_cli: RunCli, tmp_path: Path, validate: Callable[[dict[str, Any]], None], name: str
) -> None:
    """Exit 7, and exactly those items."""
    case = UNSOUND[name]
    result = _verify(run_cli, tmp_path, case)

    assert tuple(_failed(result)) == case.failed
    assert result.code == 7
    validate(result.json)


def test_a_certified_pdf_is_not_called_broken(run_cli: RunCli, tmp_path: Path) -> None:
    """Where its author allows no change, another signature is refused for that reason, and the file is left alone."""
    path = tmp_path / "a.pdf"
    path.write_bytes(SOUND["certified, level 1"].build())
    result = sign(run_cli, str(path), "--json")

    assert (result.code, result.json["code"]) == (2, "pdf_changes_forbidden")
    assert [p.name for p in tmp_path.iterdir()] == ["a.pdf"]


@pytest.mark.parametrize("visible", [(), ("--visible", "1")], ids=["", "visible"])
def test_a_signature_that_another_one_would_break_is_left_alone(
    run_cli: RunCli, tmp_path: Path, visible: tuple[str, ...]
) -> None:
    """It locks all fields, those too that are added: what would be signed is looked at before the card is."""
    path = tmp_path / "a.pdf"
    path.write_bytes(pdfreadings.all_locked(pyhanko_signed))
    result = sign(run_cli, str(path), *visible, "--json")

    assert (result.code, result.json["code"]) == (2, "pdf_changes_forbidden")
    assert [p.name for p in tmp_path.iterdir()] == ["a.pdf"]
