"""``jpki pkcs11 remember`` with cards whose signature certificate no program could use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli


@pytest.mark.parametrize(
    ("persona", "code", "said"),
    [
        ("declined", 6, "signature certificate: not on this card"),
        ("child", 6, "signature certificate: not on this card"),
        ("phone", 2, "nothing by which it could be recognised"),
        ("next-generation", 6, ""),
    ],
)
def test_what_no_program_could_use_is_not_stored(
    run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, persona: str, code: int, said: str
) -> None:
    """It is said what is the matter: no certificate, nothing to recognise, or a key of another kind."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    result = run_cli("--sim", persona, "pkcs11", "remember", "--pin-stdin", stdin="SIMCARD1\n")
    assert result.code == code
    assert said in " ".join(result.stderr.split())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
