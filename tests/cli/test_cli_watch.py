"""`jpki status --watch`: a block for each change; with --json one object a line, whatever happens."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from jpki.errors import JpkiError, NoReaderError, ServiceStoppedError
from jpki.transport import ReaderState
from jpki_cli.app import readers
from jpki_sim.card import SimulatedConnection
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from clitest import CliResult, RunCli

    from jpki.transport import CardConnection

    Validate = Callable[[dict[str, Any]], None]

EMPTY = (ReaderState("Reader 00 00", 0),)
FILLED = (ReaderState("Reader 00 00", 0, is_card_present=True),)


class Story:
    """A PC/SC service that goes through what a test tells: states of readers, and what ends the wait."""

    def __init__(self, states: Sequence[tuple[ReaderState, ...]], end: BaseException) -> None:
        self._states = list(states)
        self._end = end

    def readers(self) -> tuple[ReaderState, ...]:
        """The present state; none is an error, as with PC/SC."""
        if not self._states[0]:
            raise NoReaderError("none")
        return self._states[0]

    def wait_for_change(self, known: tuple[ReaderState, ...], timeout: float) -> tuple[ReaderState, ...]:
        """The next state, or the end."""
        assert timeout > 0
        assert known == self._states[0]
        if len(self._states) == 1:
            raise self._end
        del self._states[0]
        return self._states[0]

    def connect(self, reader: str) -> CardConnection:
        """An adult's card."""
        assert reader
        return SimulatedConnection(open_card("adult").card)


@pytest.fixture
def watch(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> Callable[..., CliResult]:
    """Run the command through a story."""

    def call(*options: str, states: Sequence[tuple[ReaderState, ...]], end: BaseException) -> CliResult:
        @contextmanager
        def open_system(_: object) -> Iterator[Story]:
            yield Story(states, end)

        monkeypatch.setattr(readers, "open_system", open_system)
        return run_cli("status", "--watch", *options)

    return call


@pytest.mark.parametrize(
    ("end", "exit_code", "code"),
    [
        (ServiceStoppedError("gone", pcsc_code=0x8010001D), 3, "pcsc_service_stopped"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (RuntimeError("a bug"), 1, "unexpected"),
    ],
    ids=["service stops", "Ctrl-C", "bug"],
)
def test_json_is_one_object_a_line_to_the_end(
    watch: Callable[..., CliResult], validate: Validate, end: BaseException, exit_code: int, code: str
) -> None:
    """No reader, an empty one, a card, and what ends it: each has its time, and none has what another one found."""
    result = watch("--json", states=((), EMPTY, FILLED), end=end)
    values = [json.loads(line) for line in result.stdout.splitlines()]
    for value in values:
        validate(value)
        assert datetime.fromisoformat(value["time"]).tzinfo is not None
    assert result.code == exit_code
    assert [value.get("code") for value in values] == ["no_reader", "no_card", None, code]
    assert ["pins" in value for value in values] == [False, False, True, False]


@pytest.mark.parametrize("words", [("--sim", "adult", "status", "--watch"), ("status", "--watch", "--nonsense")])
def test_a_usage_error_is_one_line_too(run_cli: RunCli, validate: Validate, words: tuple[str, ...]) -> None:
    """Whoever reads lines needs no second way of reading for what goes wrong at the beginning."""
    result = run_cli("--json", *words)
    (line,) = result.stdout.splitlines()
    validate(json.loads(line))
    assert json.loads(line)["time"]
    assert result.code == 2


def test_a_command_that_prints_one_object_has_no_time(run_cli: RunCli) -> None:
    """It is laid out for people, as before."""
    result = run_cli("--sim", "adult", "status", "--json")
    assert "time" not in result.json
    assert result.stdout.count("\n") > 1


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_screen_does_not_advise_to_wait(watch: Callable[..., CliResult], language: str) -> None:
    """It waits by itself: --wait is for the other commands; what to do with the card is said."""
    shown = watch("--lang", language, states=(EMPTY,), end=KeyboardInterrupt()).stdout
    assert "--wait" not in shown
    assert {"en": "Put the card on the reader", "ja": "カード"}[language] in shown


def test_other_commands_do_advise_it(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing waits, --wait is named."""

    @contextmanager
    def open_system(_: object) -> Iterator[Story]:
        yield Story((EMPTY,), JpkiError("not asked"))

    monkeypatch.setattr(readers, "open_system", open_system)
    assert "--wait SECONDS" in run_cli("status").stderr
