"""What all commands share: the global options, the result being made, and the way to the card."""

from __future__ import annotations

import errno
import sys
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, cast

import click

from jpki.errors import JpkiError
from jpki_cli.words import MN, M

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.advice import Advice
    from jpki.card import MyNumberCard
    from jpki.transport import CardConnection
    from jpki_cli.failures import Failure
    from jpki_cli.results.common import ReaderResult, Result


_SILENCE = M("Waiting: the smart card service or the card has not answered yet. Leave the card where it is.")


class GlobalOptions:
    """Values of the global options, with their defaults."""

    reader: str | None = None
    sim: str | None = None
    wait: float = 0.0
    json: bool = False
    timeout: float = 30.0
    extended: bool = False
    lang: str | None = None
    trace: str | None = None
    trace_data: bool = False
    verbose: bool = False
    debug: bool = False


class AppContext:
    """Lives for one call of the program; nothing here touches a reader until :meth:`open_card`.

    ``result`` is the JSON object that the command is making: a failure is printed in the same object, beside what was
    found before it. ``advice`` is what the card's holder can do about the PIN that a command failed at.
    """

    def __init__(self) -> None:
        """Begin with defaults."""
        self.options = GlobalOptions()
        self.result: Result = {}
        #: Whether the command prints several JSON objects, one a line.
        self.in_json_lines = False
        self.advice: tuple[Advice, ...] = ()
        self._card: MyNumberCard | None = None
        self._is_trace_failure_told = False

    def start_result(self, result: Result) -> None:
        """Say which JSON object this command makes, and goes on making; nothing is printed yet."""
        self.result = result

    def note_failure(self, failure: Failure) -> None:
        """Put a failure into the JSON object."""
        self.result["code"] = failure.code
        self.result["exit_code"] = failure.exit_code
        self.result["message"] = failure.message.both()

    def print_result(self) -> None:
        """Print the JSON object, if JSON was asked for."""
        if self.options.json:
            from .json_output import print_json, print_json_line

            (print_json_line if self.in_json_lines else print_json)(self.result)

    def note(self, message: object) -> None:
        """Print a paragraph for the person at the terminal, on stderr."""
        from jpki_cli.terminal import columns_of, wrap

        click.echo(wrap(str(message), columns=columns_of(sys.stderr)), err=True)

    @contextmanager
    def open_card(self, *, wait: float | None = None) -> Iterator[MyNumberCard]:
        """Connect to the card chosen by --reader, --sim and --wait, and close it on exit; ``wait`` replaces --wait."""
        from jpki.card import MyNumberCard

        with (
            self._connect(self.options.wait if wait is None else wait) as connection,
            self.traced(connection) as traced,
        ):
            cast("ReaderResult", self.result).setdefault("reader", connection.reader)
            card = MyNumberCard(traced, extended_le=self.options.extended)
            self._card = card
            try:
                yield card
            except JpkiError as exc:
                self._find_advice(card, connection, exc)
                raise
            finally:
                self._card = None

    def note_advice(self, pin: str) -> None:
        """Say before a prompt what can be done about a PIN, as far as the open card shows."""
        from jpki.advice import advice_about

        from . import clock

        for advice in advice_about(self._card, pin, clock.now()) if self._card is not None else ():
            self.note(advice.message)

    def _find_advice(self, card: MyNumberCard, connection: CardConnection, exc: JpkiError) -> None:
        """Ask the rules about a PIN that is locked or has one try left, while the card is still there."""
        from jpki.advice import advice_about, pin_in_trouble

        from . import clock

        pin = pin_in_trouble(exc)
        if pin is None:
            return
        if not card.has_ended:
            self.advice = advice_about(card, pin, clock.now())
            return
        # Nothing else closes a phone after a PIN but cutting its power: it has one application.
        from jpki.card import MyNumberCard

        with suppress(JpkiError), self._connect_again(connection) as opened:
            self.advice = advice_about(MyNumberCard(opened), pin, clock.now())

    @contextmanager
    def _connect(self, wait: float) -> Iterator[CardConnection]:
        if self.options.sim is not None:
            from .simulated import open_simulated

            with open_simulated(self.options.sim) as connection:
                yield connection
        else:
            from .readers import open_reader

            with open_reader(self, wait) as connection:
                yield connection

    @contextmanager
    def _connect_again(self, ended: CardConnection) -> Iterator[CardConnection]:
        """Connect to the card of a connection that has ended."""
        if self.options.sim is not None:
            from .simulated import open_again

            with open_again(ended) as connection:
                yield connection
        else:
            from .readers import open_reader

            with open_reader(self, 0) as connection:
                yield connection

    @contextmanager
    def traced(self, connection: CardConnection) -> Iterator[CardConnection]:
        """Write what goes over a connection to the file of ``--trace``, if one was named."""
        if self.options.trace is None:
            yield connection
            return
        from datetime import datetime

        from jpki.card import FileNamer
        from jpki.iso7816 import TracingConnection

        with open_trace(self.options.trace) as file:
            tracing = TracingConnection(
                connection,
                _line_writer(file),
                show_data=self.options.trace_data,
                now=lambda: datetime.now().astimezone(),
                namer=FileNamer(),
            )
            try:
                yield tracing
            finally:
                self._tell_trace_failure(tracing.failure)

    def _tell_trace_failure(self, failure: OSError | ValueError | None) -> None:
        """Say, once, that lines are missing in the trace; that changes nothing about what the command did."""
        if failure is None or self._is_trace_failure_told:
            return
        self._is_trace_failure_told = True
        reason = (isinstance(failure, OSError) and failure.strerror) or type(failure).__name__
        with suppress(OSError, ValueError):  # the trace may have gone to stderr
            self.note(M("The trace is incomplete: {reason}", reason=reason))

    def waiting_announcer(self) -> Callable[[str], None]:
        """Tell the user why nothing happens while another program holds the card."""

        def announce(reader: str) -> None:
            self.note(M("Waiting: another program is using the card in “{reader}”.", reader=reader))

        return announce

    def silence_announcer(self) -> Callable[[], None]:
        """Tell the user, once, that nothing happens because no answer comes; that it cannot be told ends nothing."""
        is_told = False

        def announce() -> None:
            nonlocal is_told
            if not is_told:
                is_told = True
                with suppress(OSError, ValueError):
                    self.note(_SILENCE)

        return announce

    def countdown(self) -> Callable[[float], None]:
        """Show how long the program still waits for a card; Ctrl-C ends it."""

        def show(seconds: float) -> None:
            left = max(0, round(seconds))
            text = MN(
                "Waiting for a card: {n} second (Ctrl-C ends)",
                "Waiting for a card: {n} seconds (Ctrl-C ends)",
                left,
            )
            if sys.stderr.isatty():
                click.echo(f"\r\033[K{text}", err=True, nl=False)
            else:
                click.echo(str(text), err=True)

        return show


def _line_writer(file: IO[str]) -> Callable[[str], None]:
    def write(line: str) -> None:
        file.write(line + "\n")
        file.flush()

    return write


@contextmanager
def open_trace(path: str) -> Iterator[IO[str]]:
    """Open the file of ``--trace`` for appending, readable by its owner alone; ``-`` is stderr."""
    import os

    from jpki_cli.failures import usage_error

    if path == "-":
        if sys.stderr is None:
            message = M("The trace file cannot be written: {reason}", reason=os.strerror(errno.EBADF))
            raise usage_error(message, code="cannot_write")
        yield sys.stderr
        return
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        _keep_from_others(descriptor)
    except OSError as exc:
        message = M("The trace file cannot be written: {reason}", reason=exc.strerror)
        raise usage_error(message, code="cannot_write") from exc
    file = open(descriptor, "w", encoding="utf-8")  # noqa: SIM115 - closed below
    try:
        yield file
    finally:
        # Each line was flushed; what could not be written then cannot be now, and is not a failure of the command.
        with suppress(OSError):
            file.close()


def _keep_from_others(descriptor: int) -> None:
    """Let only the owner read a trace that is appended to an existing file; a device keeps its mode.

    Raises:
        OSError: the file is another user's; it is closed.
    """
    import os
    import stat

    if sys.platform == "win32" or not stat.S_ISREG(os.fstat(descriptor).st_mode):
        return
    try:
        os.fchmod(descriptor, 0o600)
    except OSError:
        os.close(descriptor)
        raise


def app_of(ctx: click.Context) -> AppContext:
    """Return the application context of a command."""
    return ctx.ensure_object(AppContext)


pass_app = click.make_pass_decorator(AppContext, ensure=True)
