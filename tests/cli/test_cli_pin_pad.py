"""PINs typed on the reader's keys, from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from clidesk import Desk
from pinpadreader import CANCEL, NOTHING, VERIFY_ONLY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

PINS = {"auth": ("2846", "7392"), "input": ("3957", "8053"), "juki": ("4068", "9164")}


@pytest.fixture
def desk(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with an empty reader."""
    return Desk(run_cli, monkeypatch)


@pytest.mark.parametrize("pin", PINS)
def test_verify_on_the_keys(desk: Desk, validate: Callable[[dict[str, Any]], None], pin: str) -> None:
    """The counter is shown, the keys are named, nothing is asked at the terminal."""
    desk.put_keys(PINS[pin][0])
    result = desk.run("pin", "verify", pin, "--json")
    assert (result.code, result.json["outcome"]) == (0, "right")
    validate(result.json)
    assert "3 of 3 tries left" in result.stderr
    assert "keys of the reader" in result.stderr
    assert desk.asked == []
    assert len(desk.keys.sent) == 1


@pytest.mark.parametrize("pin", PINS)
def test_change_on_the_keys(desk: Desk, validate: Callable[[dict[str, Any]], None], pin: str) -> None:
    """Current, new, new again; what nobody checks there is said before. The card holds the new PIN."""
    old, new = PINS[pin]
    desk.put_keys(old, new, new)
    result = desk.run("pin", "change", pin, "--json", "--yes")
    assert (result.code, result.json["outcome"], result.json["retries_remaining"]) == (0, "changed", 3)
    validate(result.json)
    assert "birth date" in result.stderr
    assert desk.holds(pin) == new
    assert desk.asked == []


def test_the_new_pin_is_read_back_on_the_keys(desk: Desk) -> None:
    """--confirm has it typed once more."""
    desk.put_keys("2846", "7392", "7392", "7392")
    result = desk.run("pin", "change", "auth", "--json", "--confirm")
    assert (result.code, result.json["confirmed"]) == (0, True)
    assert "once more" in result.stderr


#: Commands that use a 4-digit PIN for something else than itself: the persona, the PIN, the words.
_USES: list[tuple[str, str, tuple[str, ...]]] = [
    ("adult", "auth", ("auth", "test")),
    ("adult", "auth", ("auth", "sign", "--challenge", "0011223344556677")),
    ("adult", "input", ("attributes",)),
    ("phone", "auth", ("cert", "show", "auth")),
]


@pytest.fixture
def sit_down(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Desk]:
    """Make a desk with a persona's card, perhaps one with faults."""
    return lambda persona, faults="": Desk(run_cli, monkeypatch, persona, faults)


@pytest.mark.parametrize(("persona", "pin", "command"), _USES)
def test_other_commands_take_the_pin_on_the_keys(
    sit_down: Callable[[str], Desk], persona: str, pin: str, command: tuple[str, ...]
) -> None:
    """As ``pin verify`` does: the counter is shown, the keys are named, one VERIFY, nothing asked at the terminal."""
    desk = sit_down(persona)
    desk.put_keys(PINS[pin][0])
    result = desk.run(*command, "--json")
    assert result.code == 0, result.stderr
    assert "3 of 3 tries left" in result.stderr
    assert "keys of the reader" in result.stderr
    assert (desk.asked, len(desk.keys.sent), len(desk.presented)) == ([], 1, 1)


@pytest.mark.parametrize(("persona", "pin", "command"), _USES)
@pytest.mark.parametrize(("typed", "code", "left"), [("1357", 4, 2), (CANCEL, 130, 3), (NOTHING, 3, 3)])
def test_other_commands_that_the_keys_do_not_serve(
    sit_down: Callable[[str], Desk],
    validate: Callable[[dict[str, Any]], None],
    persona: str,
    pin: str,
    command: tuple[str, ...],
    typed: str,
    code: int,
    left: int,
) -> None:
    """A wrong PIN costs its one try; an entry that the reader ends costs none."""
    desk = sit_down(persona)
    desk.put_keys(typed)
    result = desk.run(*command, "--json")
    assert (result.code, desk.tries(pin)) == (code, left)
    assert len(desk.keys.sent) == 3 - left
    validate(result.json)
    if command[0] != "cert":
        assert result.json["pin"] == ("wrong" if code == 4 else "not_sent")


@pytest.mark.parametrize(("persona", "pin", "command"), _USES)
def test_no_pinpad_has_other_commands_ask_here(
    sit_down: Callable[[str], Desk], persona: str, pin: str, command: tuple[str, ...]
) -> None:
    """The reader is not even asked for its keys."""
    desk = sit_down(persona)
    desk.put_keys()
    desk.secrets = [PINS[pin][0]]
    assert desk.run(*command, "--no-pinpad").code == 0
    assert desk.keys.controls == []


@pytest.mark.parametrize("command", ["verify", "change"])
def test_no_pinpad_has_it_typed_here(desk: Desk, command: str) -> None:
    """The reader is not even asked for its keys."""
    desk.put_keys()
    desk.secrets = ["2846", "7392", "7392"]
    result = desk.run("pin", command, "auth", "--no-pinpad")
    assert result.code == 0
    assert desk.keys.controls == []


@pytest.mark.parametrize("arguments", [("pin", "verify", "sign"), ("cert", "show", "sign")])
def test_the_signature_password_is_typed_here(desk: Desk, arguments: tuple[str, ...]) -> None:
    """Its form and capitals cannot be looked at on the keys."""
    desk.put_keys()
    desk.secrets = ["simcard1"]
    assert desk.run(*arguments).code == 0
    assert desk.keys.controls == []


def test_a_script_does_not_use_the_keys(desk: Desk) -> None:
    """--pin-stdin is what it says."""
    desk.put_keys()
    assert desk.run("pin", "verify", "auth", "--pin-stdin", stdin="2846\n").code == 0
    assert desk.keys.controls == []


@pytest.mark.parametrize(("typed", "code", "word"), [(NOTHING, 3, "pinpad_timeout"), (CANCEL, 130, "pinpad_cancelled")])
@pytest.mark.parametrize("command", ["verify", "change"])
def test_an_entry_that_the_reader_ends(
    desk: Desk, validate: Callable[[dict[str, Any]], None], command: str, typed: str, code: int, word: str
) -> None:
    """A word for machines, an exit code, no try used, and the PIN is what it was."""
    desk.put_keys(typed)
    result = desk.run("pin", command, "auth", "--json")
    assert (result.code, result.json["code"]) == (code, word)
    validate(result.json)
    assert result.json["outcome"] == ("unchanged" if command == "change" else "not_sent")
    assert (desk.keys.sent, desk.tries("auth")) == ([], 3)


@pytest.mark.parametrize(
    ("entries", "code", "word"),
    [(("7392", "7393"), 3, "pinpad_mismatch"), (("739", "739"), 3, "pinpad_length")],
)
def test_a_new_pin_that_the_reader_does_not_send(desk: Desk, entries: tuple[str, str], code: int, word: str) -> None:
    """The PIN is unchanged, and its counter full, since the current one was right."""
    desk.put_keys("2846", *entries)
    result = desk.run("pin", "change", "auth", "--json")
    assert (result.code, result.json["code"], result.json["outcome"]) == (code, word, "unchanged")
    assert result.json["retries_remaining"] == 3
    text = desk.run("--lang", "ja", "pin", "change", "auth", "--no-pinpad", stdin="")
    assert text.code != 0


def test_a_wrong_pin_on_the_keys(desk: Desk) -> None:
    """Exit 4 with what is left, as for one typed here."""
    desk.put_keys("1357")
    result = desk.run("pin", "verify", "auth", "--json")
    assert (result.code, result.json["outcome"], result.json["retries_remaining"]) == (4, "wrong", 2)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("", 5),
        ("y", 5),
        ("yes", 5),
        ("use the last try", 0),
        (" Use The Last Try ", 0),
        ("最後の1回を使う", 0),
        ("最後の１回を使う", 0),
    ],
)
def test_the_last_try_is_asked_about_before_the_keys(desk: Desk, words: str, code: int) -> None:
    """Without the words nobody is told to type on the reader."""
    desk.set_tries("auth", 1)
    desk.put_keys("2846")
    desk.answers = [words]
    result = desk.run("pin", "verify", "auth")
    assert result.code == code
    assert ("keys of the reader" in result.stderr) == (code == 0)
    assert len(desk.keys.sent) == (code == 0)


def test_a_reader_whose_keys_only_verify(desk: Desk) -> None:
    """A change is typed here, and this is said."""
    desk.put_keys(features=VERIFY_ONLY)
    desk.secrets = ["2846", "7392", "7392"]
    result = desk.run("pin", "change", "auth")
    assert result.code == 0
    assert "A new PIN cannot be entered" in result.stderr
    assert desk.keys.sent == []


@pytest.mark.parametrize("show_data", [False, True])
def test_the_trace_names_the_reader_s_codes_and_not_their_data(desk: Desk, tmp_path: Path, *, show_data: bool) -> None:
    """Each control code is a line; what it carries, and what the card gives out afterwards, is hidden."""
    desk.put_keys("2846")
    trace = tmp_path / "trace"
    options = ("--trace", str(trace), *(["--trace-data"] if show_data else []))
    assert desk.run(*options, "pin", "verify", "auth").code == 0
    text = trace.read_text()
    assert "reader control 42000D48\n" in text or "reader control 00313520\n" in text
    assert "reader control 42330006 [hidden]" in text
    assert "32 38 34 36" not in text
    assert "2846" not in text


@pytest.mark.parametrize("word", ["6400", "6401", "6402", "6403"])
@pytest.mark.parametrize("command", [("pin", "verify", "auth"), ("pin", "change", "auth"), ("auth", "test")])
def test_a_word_of_readers_that_was_the_cards(
    sit_down: Callable[..., Desk], command: tuple[str, ...], word: str
) -> None:
    """A counter that changed says that the PIN was sent, whatever the reader is taken to have said."""
    desk = sit_down("adult", f"sw:verify={word}")
    desk.put_keys("1357", "8517", "8517")
    result = desk.run(*command, "--json")
    assert (result.code, result.json["try_used"], result.json["retries_remaining"]) == (8, "yes", 2)
    assert desk.tries("auth") == 2
    assert len(desk.presented) == 1


@pytest.mark.parametrize("typed", [CANCEL, NOTHING])
def test_keys_that_were_left_cost_one_question_more(desk: Desk, typed: str) -> None:
    """The counter is as it was, so nothing was sent, and that is what is said."""
    desk.put_keys(typed)
    result = desk.run("pin", "verify", "auth", "--json")
    assert (result.json["outcome"], result.json["try_used"], result.json["retries_remaining"]) == ("not_sent", "no", 3)
    assert desk.presented == []
