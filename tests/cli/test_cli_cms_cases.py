"""Each check of a CMS signature by itself: what is sound is accepted, and what is not fails for its own reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cmscases import SOUND, UNSOUND, Case

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import CliResult, RunCli


def _verify(run_cli: RunCli, folder: Path, case: Case) -> CliResult:
    path = folder / "contract.bin"
    signature = folder / f"contract.bin{case.suffix}"
    signature.write_bytes(case.build())
    if case.content is not None:
        path.write_bytes(case.content)
    named = [signature] if case.content is None else [path, signature]
    return run_cli("verify", *map(str, named), "--allow-test", *case.options, "--json")


def _found(result: CliResult, verdict: str) -> list[dict[str, str]]:
    """Of each signature items and reasons; the certificate's own signature has the name of the signature's."""
    found = []
    for signature in result.json["signatures"]:
        items = {r["item"]: r["reason"] for r in signature["results"] if r["verdict"] == verdict}
        for r in signature["certificate"] or []:
            if r["verdict"] == verdict:
                items["certificate signature" if r["item"] == "signature" else r["item"]] = r["reason"]
        found.append(items)
    return found


@pytest.mark.parametrize("name", SOUND)
def test_what_is_sound_is_accepted(
    run_cli: RunCli, tmp_path: Path, validate: Callable[[dict[str, Any]], None], name: str
) -> None:
    """Exit 0, nothing failed, and beside revocation just what could not be checked is named."""
    case = SOUND[name]
    result = _verify(run_cli, tmp_path, case)

    assert result.code == 0, result.stdout
    assert all(failed == {} for failed in _found(result, "fail"))
    for remarks in _found(result, "not_checked"):
        assert remarks.pop("revocation") == "closed_service"
        assert remarks == case.remarks
    validate(result.json)


@pytest.mark.parametrize("name", UNSOUND)
def test_what_is_not_fails_for_its_own_reason(
    run_cli: RunCli, tmp_path: Path, validate: Callable[[dict[str, Any]], None], name: str
) -> None:
    """Exit 7 and exactly those items, or exit 6 where it is no signature that can be read."""
    case = UNSOUND[name]
    result = _verify(run_cli, tmp_path, case)

    assert result.code == case.code, result.stdout
    validate(result.json)
    if case.code == 7:
        assert _found(result, "fail") == [case.failed]
    else:
        assert result.json["code"] == ("unsupported" if name.startswith("kind: ") else "bad_data")


def test_a_signature_without_attributes_says_so_first(run_cli: RunCli, tmp_path: Path) -> None:
    """No time, not bound to the certificate."""
    _verify(run_cli, tmp_path, SOUND["no signed attributes"])
    lines = run_cli("verify", str(tmp_path / "contract.bin"), "--allow-test").stdout.splitlines()

    assert "The signing time is not known" in lines[3]
    assert "states no time and is not bound to a certificate" in " ".join(" ".join(lines[5:7]).split())
