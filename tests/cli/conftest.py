"""The command line in this process, against simulated cards."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from clitest import CliResult, RunCli

from jpki_cli.main import run
from jpki_cli.words import set_language
from jpki_sim.card import SimulatedConnection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"


class _Stdin(io.TextIOWrapper):
    """A pipe as standard input."""

    def fileno(self) -> int:
        raise OSError("no descriptor")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Each test begins in English, whatever language the one before chose for this process."""
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def run_cli(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> RunCli:
    """Call ``jpki`` in this process."""

    def call(*arguments: str, stdin: str | None = None, environment: dict[str, str] | None = None) -> CliResult:
        # The language is chosen through the environment of gettext; it must not leak into the next test.
        monkeypatch.setenv("LANGUAGE", "en")
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", _Stdin(io.BytesIO(stdin.encode())))
        capfdbinary.readouterr()
        code = run(arguments, {"LANG": "C.UTF-8"} if environment is None else environment)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return CliResult(code, out.decode(), err.decode())

    return call


@pytest.fixture
def apdus(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Collect every command APDU that reaches a simulated card."""
    seen: list[bytes] = []
    original: Callable[[SimulatedConnection, bytes | bytearray], bytes] = SimulatedConnection.transmit

    def transmit(self: SimulatedConnection, command: bytes | bytearray) -> bytes:
        seen.append(bytes(command))
        return original(self, command)

    monkeypatch.setattr(SimulatedConnection, "transmit", transmit)
    return seen


@pytest.fixture
def card_file(tmp_path: Path, run_cli: RunCli) -> Path:
    """A card file of an ordinary adult, with public TEST keys."""
    path = tmp_path / "card.json"
    assert run_cli("sim", "new", str(path), "--shared-keys").code == 0
    return path


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    """A PDF to sign."""
    pytest.importorskip("pyhanko", reason="pyHanko is not installed (the extra `pdf`)")
    from pdfsamples import plain

    path = tmp_path / "contract.pdf"
    path.write_bytes(plain())
    return path


@pytest.fixture
def validate() -> Callable[[dict[str, Any]], None]:
    """Check a JSON object against the published schema that it names."""
    import jsonschema

    def check(value: dict[str, Any]) -> None:
        name = value["schema"].removeprefix("jpki.").rsplit("/", 1)[0]
        schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(schema).validate(value)

    return check
