"""PINs typed on the reader's keys, from the command line."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from pinpadreader import BOTH, CANCEL, NOTHING, VERIFY_ONLY, PinPadConnection

from jpki.application.secret import Secret
from jpki_cli import prompts
from jpki_cli.context import AppContext
from jpki_sim.connection import SimulatedConnection
from jpki_sim.loading import open_card

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clitest import CliResult, RunCli

    from jpki_sim.card import SimulatedCard

PINS = {"auth": ("2846", "7392"), "input": ("3957", "8053"), "juki": ("4068", "9164")}


class Desk:
    """A person at a terminal, and a card on a reader with keys."""

    def __init__(self, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> None:
        self._run_cli = run_cli
        self._monkeypatch = monkeypatch
        self.card: SimulatedCard = open_card("adult").card
        self.connection: PinPadConnection | None = None
        self.asked: list[str] = []
        self.answers: list[str] = []
        monkeypatch.setattr(prompts, "is_interactive", lambda: True)
        monkeypatch.setattr(prompts, "prompt_line", self._line)
        monkeypatch.setattr(prompts, "prompt_secret", self._secret)
        self.secrets: list[str] = []

    def put(self, *typed: str, features: bytes = BOTH) -> None:
        """Put the card on the reader; ``typed`` is what will be typed on its keys."""
        self.connection = PinPadConnection(SimulatedConnection(self.card), typed, features=features)

        @contextmanager
        def connect(_app: AppContext, _wait: float) -> Iterator[PinPadConnection | None]:
            yield self.connection

        self._monkeypatch.setattr(AppContext, "_connect", connect)

    def run(self, *arguments: str, stdin: str | None = None) -> CliResult:
        """Run one command line."""
        return self._run_cli(*arguments, stdin=stdin)

    def tries(self, pin: str) -> int:
        """Tries left on the card."""
        return self.card.image.reference_data()[pin].retries_remaining

    @property
    def sent(self) -> list[bytes]:
        """Commands that the reader sent."""
        assert self.connection is not None
        return self.connection.sent

    def _line(self, question: str) -> str:
        self.asked.append(question)
        return self.answers.pop(0)

    def _secret(self, question: str) -> Secret:
        self.asked.append(question)
        return Secret(self.secrets.pop(0))


@pytest.fixture
def desk(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with an empty reader."""
    return Desk(run_cli, monkeypatch)


@pytest.mark.parametrize("pin", PINS)
def test_verify_on_the_keys(desk: Desk, validate: Callable[[dict[str, Any]], None], pin: str) -> None:
    """The counter is shown, the keys are named, nothing is asked at the terminal."""
    desk.put(PINS[pin][0])
    result = desk.run("pin", "verify", pin, "--json")
    assert (result.code, result.json["outcome"]) == (0, "right")
    validate(result.json)
    assert "3 of 3 tries left" in result.stderr
    assert "keys of the reader" in result.stderr
    assert desk.asked == []
    assert len(desk.sent) == 1


@pytest.mark.parametrize("pin", PINS)
def test_change_on_the_keys(desk: Desk, validate: Callable[[dict[str, Any]], None], pin: str) -> None:
    """Current, new, new again; what nobody checks there is said before. The card holds the new PIN."""
    old, new = PINS[pin]
    desk.put(old, new, new)
    result = desk.run("pin", "change", pin, "--json", "--yes")
    assert (result.code, result.json["outcome"], result.json["retries_remaining"]) == (0, "changed", 3)
    validate(result.json)
    assert "birth date" in result.stderr
    assert desk.card.image.reference_data()[pin].value == new.encode()
    assert desk.asked == []


def test_the_new_pin_is_read_back_on_the_keys(desk: Desk) -> None:
    """--confirm has it typed once more."""
    desk.put("2846", "7392", "7392", "7392")
    result = desk.run("pin", "change", "auth", "--json", "--confirm")
    assert (result.code, result.json["confirmed"]) == (0, True)
    assert "once more" in result.stderr


@pytest.mark.parametrize("command", ["verify", "change"])
def test_no_pinpad_has_it_typed_here(desk: Desk, command: str) -> None:
    """The reader is not even asked for its keys."""
    desk.put()
    desk.secrets = ["2846", "7392", "7392"]
    result = desk.run("pin", command, "auth", "--no-pinpad")
    assert result.code == 0
    assert desk.connection is not None
    assert desk.connection.controls == []


@pytest.mark.parametrize("arguments", [("pin", "verify", "sign"), ("cert", "show", "sign")])
def test_the_signature_password_is_typed_here(desk: Desk, arguments: tuple[str, ...]) -> None:
    """Its form and capitals cannot be looked at on the keys."""
    desk.put()
    desk.secrets = ["simcard1"]
    assert desk.run(*arguments).code == 0
    assert desk.connection is not None
    assert desk.connection.controls == []


def test_a_script_does_not_use_the_keys(desk: Desk) -> None:
    """--pin-stdin is what it says."""
    desk.put()
    assert desk.run("pin", "verify", "auth", "--pin-stdin", stdin="2846\n").code == 0
    assert desk.connection is not None
    assert desk.connection.controls == []


@pytest.mark.parametrize(("typed", "code", "word"), [(NOTHING, 3, "pinpad_timeout"), (CANCEL, 130, "pinpad_cancelled")])
@pytest.mark.parametrize("command", ["verify", "change"])
def test_an_entry_that_the_reader_ends(
    desk: Desk, validate: Callable[[dict[str, Any]], None], command: str, typed: str, code: int, word: str
) -> None:
    """A word for machines, an exit code, no try used, and the PIN is what it was."""
    desk.put(typed)
    result = desk.run("pin", command, "auth", "--json")
    assert (result.code, result.json["code"]) == (code, word)
    validate(result.json)
    assert result.json["outcome"] == ("unchanged" if command == "change" else "not_sent")
    assert (desk.sent, desk.tries("auth")) == ([], 3)


@pytest.mark.parametrize(
    ("entries", "code", "word"),
    [(("7392", "7393"), 2, "pinpad_mismatch"), (("739", "739"), 2, "pinpad_length")],
)
def test_a_new_pin_that_the_reader_does_not_send(desk: Desk, entries: tuple[str, str], code: int, word: str) -> None:
    """The PIN is unchanged, and its counter full, since the current one was right."""
    desk.put("2846", *entries)
    result = desk.run("pin", "change", "auth", "--json")
    assert (result.code, result.json["code"], result.json["outcome"]) == (code, word, "unchanged")
    assert result.json["retries_remaining"] == 3
    text = desk.run("--lang", "ja", "pin", "change", "auth", "--no-pinpad", stdin="")
    assert text.code != 0


def test_a_wrong_pin_on_the_keys(desk: Desk) -> None:
    """Exit 4 with what is left, as for one typed here."""
    desk.put("1357")
    result = desk.run("pin", "verify", "auth", "--json")
    assert (result.code, result.json["outcome"], result.json["retries_remaining"]) == (4, "wrong", 2)


@pytest.mark.parametrize(("words", "code"), [("", 5), ("use the last try", 0)])
def test_the_last_try_is_asked_about_before_the_keys(desk: Desk, words: str, code: int) -> None:
    """Without the words nobody is told to type on the reader."""
    desk.card.image.reference_data()["auth"].retries_remaining = 1
    desk.put("2846")
    desk.answers = [words]
    result = desk.run("pin", "verify", "auth")
    assert result.code == code
    assert ("keys of the reader" in result.stderr) == (code == 0)
    assert len(desk.sent) == (code == 0)


def test_a_reader_whose_keys_only_verify(desk: Desk) -> None:
    """A change is typed here, and this is said."""
    desk.put(features=VERIFY_ONLY)
    desk.secrets = ["2846", "7392", "7392"]
    result = desk.run("pin", "change", "auth")
    assert result.code == 0
    assert "cannot take a new PIN" in result.stderr
    assert desk.sent == []


@pytest.mark.parametrize("show_data", [False, True])
def test_the_trace_names_the_reader_s_codes_and_not_their_data(desk: Desk, tmp_path: Any, *, show_data: bool) -> None:
    """Each control code is a line; what it carries, and what the card gives out afterwards, is hidden."""
    desk.put("2846")
    trace = tmp_path / "trace"
    options = ("--trace", str(trace), *(["--trace-data"] if show_data else []))
    assert desk.run(*options, "pin", "verify", "auth").code == 0
    text = trace.read_text()
    assert "reader control 42000D48\n" in text or "reader control 00313520\n" in text
    assert "reader control 42330006 [hidden]" in text
    assert "32 38 34 36" not in text
    assert "2846" not in text
