"""``jpki status --watch``: the screen again whenever a card or a reader is added or removed."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

import click

from jpki.errors import JpkiError, NoReaderError, ServiceStoppedError
from jpki.transport import starts_with_a_reader
from jpki.words import WAIT_FOR_CARD
from jpki_cli.failures import explain, usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.card import MyNumberCard
    from jpki.transport import PcscSystem, ReaderState
    from jpki_cli.results.common import ReaderResult

    from .context import AppContext

R = TypeVar("R", bound="ReaderResult")
#: How long one wait for a change lasts before the next begins.
_SECONDS: Final = 3600.0


def watch(app: AppContext, start: Callable[[], R], show: Callable[[R, MyNumberCard], object]) -> None:
    """Show the card with ``show``, and again after every change, until Ctrl-C; ``start`` begins an object for JSON.

    On a terminal each screen takes the place of the one before; elsewhere one follows the other, as JSON one a line,
    the last one for what ended it.
    What is in the way of a card is shown in its place.

    Raises:
        CliError: with ``--sim``, since a simulated card is never added or removed.
        TransportError: there is no service, or it went away.
    """
    from jpki_cli.process import insistent

    from .readers import open_system

    if app.options.sim is not None:
        raise usage_error(M("--watch needs a reader; it cannot be used with a simulated card."))
    with insistent(), open_system(app) as system:
        shown = _readers(system)
        while True:
            result = start()
            _begin(app)
            _show(app, system, result, show)
            _end(app)
            start()  # whatever ends the wait is an object of its own
            shown = _next(system, shown)


def _readers(system: PcscSystem) -> tuple[ReaderState, ...]:
    try:
        return system.readers()
    except NoReaderError:
        return ()
    except ServiceStoppedError:
        if not starts_with_a_reader():
            raise
        return ()  # Windows stops the service with the last reader


def _next(system: PcscSystem, shown: tuple[ReaderState, ...]) -> tuple[ReaderState, ...]:
    """Wait until readers and cards are others than those that were shown."""
    from jpki.transport import has_changed

    current = _readers(system)
    while not has_changed(_unused(shown), _unused(current)):
        current = system.wait_for_change(current, _SECONDS)
    return current


def _unused(states: tuple[ReaderState, ...]) -> tuple[ReaderState, ...]:
    """Leave out whether a card is in use: this program's own use is a change too."""
    return tuple(replace(state, is_in_use=False) for state in states)


def _begin(app: AppContext) -> None:
    if app.options.json:
        return
    if sys.stdout.isatty():
        click.clear()
    now = datetime.now().astimezone()
    click.echo(str(M("{time}  (Ctrl-C ends)", time=f"{now:%Y-%m-%d %H:%M:%S}")))
    click.echo()


def _show(app: AppContext, system: PcscSystem, result: R, show: Callable[[R, MyNumberCard], object]) -> None:
    try:
        with _opened(app, system, result) as card:
            show(result, card)
    except JpkiError as exc:
        failure = explain(exc)
        app.note_failure(failure)
        if not app.options.json:
            _say(str(failure.message), *(str(line) for line in failure.remedy if line is not WAIT_FOR_CARD))


@contextmanager
def _opened(app: AppContext, system: PcscSystem, result: ReaderResult) -> Iterator[MyNumberCard]:
    from jpki.card import MyNumberCard, is_my_number_card
    from jpki.transport import open_connection

    connection = open_connection(system, is_my_number_card, reader=app.options.reader)
    try:
        with app.traced(connection) as traced:
            result["reader"] = connection.reader
            yield MyNumberCard(traced, extended_le=app.options.extended)
    finally:
        connection.close()


def _say(message: str, *remedy: str) -> None:
    from jpki_cli.terminal import wrap

    click.echo(wrap(message))
    for line in remedy:
        click.echo(wrap(line, indent="  "))


def _end(app: AppContext) -> None:
    """End a block, at once and not when a buffer is full."""
    if app.options.json:
        app.print_result()
    else:
        click.echo()
        sys.stdout.flush()
