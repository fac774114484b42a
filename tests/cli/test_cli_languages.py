"""Which language is spoken, and what becomes of it where it cannot be shown."""

from __future__ import annotations

import ctypes
import io
import json
import os
import subprocess
import sys
import types
from itertools import product
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.pofile import read_po
from generated import check_current

from jpki_cli.main import choose_language
from jpki_cli.process import can_encode, lacks_japanese
from jpki_cli.process.encodings import PLAIN
from jpki_cli.words import detect_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[2]
JPKI = [sys.executable, "-m", "jpki_cli"]
NOTE = "Note: this terminal cannot show Japanese, so the output is in English."
PO = ROOT / "jpki" / "words" / "locale" / "ja" / "LC_MESSAGES" / "jpki.po"
# Environments in which Python's own encoding of stdout is not UTF-8.
NARROW = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "cp437": {"PYTHONIOENCODING": "cp437"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "LC_ALL=C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
COMMANDS = [
    ("--sim", "child", "status"),
    ("--sim", "adult", "status", "--json"),
    ("--sim", "locked-auth", "pin", "status"),
    ("--sim", "adult", "cert", "check", "auth"),
    ("sim", "personas", "-v"),
    ("status", "--help"),
    ("--sim", "no-such-card", "status"),
]


def jpki(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own, with this environment and what every program needs."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "HOME") if name in os.environ}
    return subprocess.run([*JPKI, *arguments], env=kept | environment, capture_output=True, check=False)


@pytest.mark.parametrize("narrow", NARROW)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_japanese_falls_back_to_english_where_it_cannot_be_shown(narrow: str, command: tuple[str, ...]) -> None:
    """An encoding without Japanese gets English, a note on stderr, the usual exit code, and no UnicodeEncodeError."""
    usual = jpki(*command, JPKI_LANG="en", PYTHONIOENCODING="utf-8")
    done = jpki(*command, JPKI_LANG="ja", **NARROW[narrow])
    assert done.returncode == usual.returncode
    assert NOTE.encode() in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"UnicodeEncodeError" not in done.stderr
    if narrow == "ascii" or (narrow == "LC_ALL=C" and sys.platform != "win32"):  # Windows has its own code page then
        assert (done.stdout + done.stderr).isascii()
    if "--json" in command:
        assert json.loads(done.stdout) == json.loads(usual.stdout)


@pytest.mark.parametrize("narrow", ["ascii", "cp437", "LC_ALL=C"])
def test_dots_become_plain_signs(narrow: str) -> None:
    """Tries left are drawn with * and - where the encoding has no circles, in as many columns."""
    wide = jpki("--sim", "locked-auth", "pin", "status", PYTHONIOENCODING="utf-8").stdout.decode()
    plain = jpki("--sim", "locked-auth", "pin", "status", **NARROW[narrow]).stdout.decode("ascii")
    assert "○○○" in wide
    assert plain == wide.replace("●", "*").replace("○", "-")


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp", "iso2022_jp"])
def test_japanese_is_kept_where_it_can_be_shown(encoding: str) -> None:
    """The old Japanese encodings have what a screen needs, and no note is made."""
    done = jpki("--lang", "ja", "--sim", "adult", "status", PYTHONIOENCODING=encoding)
    text = done.stdout.decode(encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "利用者証明用電子証明書" in text
    assert "残り3回（全3回）  ●●●" in text
    assert "?" not in text


def test_plain_signs_are_ascii_and_as_wide() -> None:
    """Each plain sign is one column of ASCII, so tables stay aligned."""
    assert all(len(plain) == 1 and plain.isascii() and not sign.isascii() for sign, plain in PLAIN.items())


def test_a_stream_without_an_encoding_can_show_everything() -> None:
    """A stream that names no encoding, as in a notebook, is taken for one with all signs; an unknown one for ASCII."""
    assert can_encode("あ", io.StringIO())
    assert not can_encode("あ", types.SimpleNamespace(encoding="no-such"))  # type: ignore[arg-type]  # as far as needed
    assert can_encode("a", types.SimpleNamespace(encoding="no-such"))  # type: ignore[arg-type]  # as far as needed


class _Terminal(io.TextIOWrapper):
    """A terminal as far as the choice of the language looks at it."""

    def isatty(self) -> bool:
        return True


def test_the_kernels_console_has_no_japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Linux's own console Japanese is shown only to those who asked for it, as fbterm's users do."""
    monkeypatch.setattr(sys, "stdout", _Terminal(io.BytesIO(), encoding="utf-8"))
    assert lacks_japanese({"TERM": "linux"}, is_chosen=False)
    assert not lacks_japanese({"TERM": "linux"}, is_chosen=True)
    assert not lacks_japanese({"TERM": "xterm-256color"}, is_chosen=False)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja"}, "ja"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": ""}, "ja"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ja_JP.eucJP"}, "ja"),
        ({"LANG": "en_US.UTF-8", "JPKI_LANG": "ja"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "JPKI_LANG": "en"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "JPKI_LANG": "nonsense"}, "ja"),
    ],
)
def test_environment_decides_the_language(environment: dict[str, str], language: str) -> None:
    """LC_ALL before LC_MESSAGES before LANG, as gettext has it; JPKI_LANG before all of them."""
    assert choose_language([], environment) == language


@pytest.mark.parametrize("arguments", [["--lang", "ja", "status"], ["status", "--lang=ja"], ["--lang=en", "--lang=ja"]])
def test_the_option_decides_over_the_environment(arguments: list[str]) -> None:
    """``--lang`` counts wherever it stands, and the last one of several."""
    assert choose_language(arguments, {"LANG": "en_US.UTF-8", "JPKI_LANG": "en"}) == "ja"


@pytest.mark.parametrize(("language_id", "language"), [(0x0411, "ja"), (0x0409, "en"), (0x0407, "en")])
def test_windows_language_is_that_of_its_desktop(
    monkeypatch: pytest.MonkeyPatch, language_id: int, language: str
) -> None:
    """Where no locale variable is set, Windows is asked for the language of its desktop."""
    kernel = types.SimpleNamespace(GetUserDefaultUILanguage=lambda: language_id)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", types.SimpleNamespace(kernel32=kernel), raising=False)
    assert detect_language({}) == language


@pytest.mark.parametrize(("answer", "language"), [("ja_JP\n", "ja"), ("en_JP\n", "en"), ("", "en")])
def test_macos_language_is_that_of_its_desktop(monkeypatch: pytest.MonkeyPatch, answer: str, language: str) -> None:
    """Where no locale variable is set, macOS is asked for the language; a Japanese region alone is not one."""

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        assert command[-1] == "AppleLocale"
        return subprocess.CompletedProcess(command, 0 if answer else 1, answer, "")

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(subprocess, "run", run)
    assert detect_language({}) == language


def test_a_mac_that_cannot_be_asked_speaks_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing or hanging tool of the system keeps nobody from the program."""

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        raise FileNotFoundError(command[0])

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(subprocess, "run", run)
    assert detect_language({}) == "en"


def test_catalogues_are_complete() -> None:
    """Every sentence has its Japanese, none is fuzzy or left over, and the compiled catalogue is the written one."""
    check_current("catalogues")


def sentences() -> Iterator[tuple[str, str]]:
    """Every English sentence with its Japanese, plurals one by one."""
    with PO.open("rb") as file:
        catalogue = read_po(file, locale="ja")
    for message in catalogue:
        if message.id:
            yield from product(_forms(message.id), _forms(message.string))


def _forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str) or text is None else tuple(text)


def places(text: str) -> set[str]:
    """Names of the places in a sentence."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_places_of_both_languages_agree() -> None:
    """A Japanese sentence has the places of the English one and no other, but may leave out a singular's number."""
    different = [
        (english, japanese)
        for english, japanese in sentences()
        if japanese and places(english) - {"n"} != places(japanese) - {"n"}
    ]
    assert different == []
