"""The prompt on a console of Windows, with keys as a keyboard gives them, in both languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from terminal import ConsoleSession

if TYPE_CHECKING:
    import subprocess

    from jpki_sim.card import SimulatedCard
    from windows.conftest import Windows

TYPIST = Path(__file__).with_name("type_keys.py")
ENHANCED = 0x0100
LEFT, RIGHT, HOME, END, DELETE, UP, F7 = 0x25, 0x27, 0x24, 0x23, 0x2E, 0x26, 0x76
Keys: TypeAlias = list[list[int]]
ENTER = [0x0D, 0x0D, 0]


def typed(text: str) -> Keys:
    """Characters."""
    return [[ord(character.upper()) & 0xFF, ord(character), 0] for character in text]


def grey(key: int) -> Keys:
    """A cursor key of its own."""
    return [[key, 0, ENHANCED]]


def pad(key: int) -> Keys:
    """The same key on the number pad, while NumLock is off."""
    return [[key, 0, 0]]


def type_at(
    windows: Windows,
    folder: Path,
    keys: Keys,
    *arguments: str,
    ahead: Keys | None = None,
    session: type[ConsoleSession] = ConsoleSession,
    **more: str,
) -> ConsoleSession:
    """Start a command on a console and type at its prompt."""
    (folder / "ahead").write_text(json.dumps(ahead or []), encoding="ascii")

    def start(terminal: int) -> subprocess.Popen[Any]:
        return windows.start_on(
            terminal, [str(TYPIST), str(folder), json.dumps(keys), "-m", "jpki_cli", *arguments], **more
        )

    return session(start)


VERIFY = ("pin", "verify", "sign")


@pytest.mark.parametrize(
    "keys",
    [
        typed("SIMCARD1"),
        typed("SIMCRD1") + grey(LEFT) * 3 + typed("A"),
        typed("XIMCARD1") + grey(HOME) + grey(DELETE) + typed("S") + grey(END),
        typed("SIMCARD") + grey(RIGHT) + typed("1"),
        typed("WRONG\x15SIMCARD1"),
        [*typed("SIM12"), [ord("W"), 0x17, 0x8], *typed("SIMCARD1")],
    ],
)
def test_keys_edit(windows: Windows, card: SimulatedCard, tmp_path: Path, keys: Keys) -> None:
    """Cursor keys, Home, End, Delete, Ctrl-U and Ctrl-W edit the line; the right password goes to the card, once."""
    with type_at(windows, tmp_path, [*keys, ENTER], *VERIFY) as console:
        console.expect("Correct")
        assert console.end() == 0
    assert card.image.reference_data()["sign"].retries_remaining == 5


@pytest.mark.parametrize("key", [*map(pad, (LEFT, RIGHT, HOME, END, DELETE, UP)), grey(UP), [[F7, 0, 0]]])
@pytest.mark.parametrize(
    ("language", "said", "prompt"),
    [("en", "You pressed a key", "digits):"), ("ja", "文字を入力できないキー", "文字）：")],
)
def test_other_keys_have_the_entry_typed_again(
    windows: Windows, card: SimulatedCard, tmp_path: Path, key: Keys, language: str, said: str, prompt: str
) -> None:
    """The number pad without NumLock and function keys cost no try and become no letter."""
    keys = typed("SIMC") + key + typed("ARD1")
    again = typed("\x15SIMCARD1")
    with type_at(windows, tmp_path, [*keys, ENTER], *VERIFY, JPKI_LANG=language) as console:
        console.expect(said)
        console.expect(prompt)  # what is typed before it is dropped
        console.type("".join(chr(character) for _, character, _ in again) + "\r")
        assert console.end() == 0
    assert [command for command in card.command_log or () if command[:2] == b"\x00\x20" and len(command) > 5]
    assert card.image.reference_data()["sign"].retries_remaining == 5


def test_what_was_typed_before_the_question(windows: Windows, card: SimulatedCard, tmp_path: Path) -> None:
    """Keys from before the prompt, a function key and an Enter among them, are no part of the answer."""
    ahead = grey(UP) + typed("TARO1") + [[F7, 0, 0], ENTER]
    with type_at(windows, tmp_path, [*typed("SIMCARD1"), ENTER], *VERIFY, ahead=ahead) as console:
        console.expect("Correct")
        assert console.end() == 0


def test_ctrl_c_at_the_prompt(windows: Windows, card: SimulatedCard, tmp_path: Path) -> None:
    """Ctrl-C ends the program, and nothing was sent."""
    with type_at(windows, tmp_path, [*typed("SIM"), [ord("C"), 0x03, 0x8]], *VERIFY) as console:
        console.expect("Interrupted")
        assert console.end() == 130
    assert not [command for command in card.command_log or () if command[:2] == b"\x00\x20" and len(command) > 5]
