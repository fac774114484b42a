"""What no command may print, and the commands that reach a card, for names from outside."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clitest import CliResult

_ACTING: Final = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_AGENT_CLIENT: Final = Path(__file__).parent / "agentclient.py"

#: Commands that reach a card, with what a script gives them.
COMMANDS: Final[list[tuple[tuple[str, ...], str | None]]] = [
    (("status",), None),
    (("guide",), None),
    (("pin", "status"), None),
    (("pin", "verify", "auth"), "2846"),
    (("pin", "verify", "auth"), "7391"),
    (("pin", "change", "auth", "--yes"), "2846\n8517\n"),
    (("cert", "show", "auth"), None),
    (("cert", "show", "sign"), "SIMCARD1"),
    (("cert", "check", "sign"), "SIMCARD1"),
    (("cert", "show", "auth", "--format", "pem"), None),
    (("cert", "show", "auth", "--format", "ssh"), None),
    (("attributes",), "3957"),
    (("auth", "test"), "2846"),
    (("auth", "sign", "--challenge", "0011223344556677"), "2846"),
    (("sign", "--yes", "FILE"), "SIMCARD1"),
    (("apdu", "00A4040C"), None),
]


def words_of(command: tuple[str, ...], contract: Path, secret: str | None) -> list[str]:
    """Words of a command on this file, and where its secret comes from."""
    words = [str(contract) if word == "FILE" else word for word in command]
    return [*words, *([] if secret is None else ["--pin-stdin"])]


def harmless(result: CliResult, *, name: str = "") -> None:
    """Nothing acts, in the text and in every value of the JSON; ``name`` is what is to be seen."""
    shown = result.stdout.replace("\r\n", "\n")  # the lines of a calendar
    for text in (shown, result.stderr, *_texts(result.stdout)):
        assert acting_in(text) == []
        assert "\nError: false" not in text
    assert name in result.stdout.replace("\\\\", "\\") + "".join(result.stderr.split("\n"))


def acting_in(text: str) -> list[str]:
    """Characters in a text that act, hide or reorder, but for lines and tabs."""
    return [c for c in text if unicodedata.category(c) in _ACTING and c not in "\n\t"]


def _texts(output: str) -> Iterator[str]:
    """All names and values of JSON objects, one or one a line."""
    values: list[Any] = []
    try:
        values = [json.loads(output)]
    except ValueError:
        values = [json.loads(line) for line in output.splitlines() if line.startswith('{"') and line.endswith("}")]
    while values:
        value = values.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            values += [*value, *value.values()]
        elif isinstance(value, list):
            values += value
