"""``jpki pin change``: change a PIN whose current value is known."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from jpki.card import Pin
from jpki.pin import JUKI_NOTES, PinChange, PinOutcome
from jpki_cli.app import AppContext, Command, Option, pass_app
from jpki_cli.failures import usage_error
from jpki_cli.pin import (
    SecretOptions,
    TerminalPerson,
    note_outcome,
    pin_argument,
    pin_options,
    read_script_secrets,
    require_person,
    secret_options,
    take_secret_options,
)
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.pin import ChangeOptions, ChangeReport, Secret
    from jpki_cli.results.pins import PinChangeResult


@pass_app
def _change(app: AppContext, /, pin: Pin, *, allow_weak: bool, read_back: bool, yes: bool, **values: Any) -> None:
    from jpki.pin import ChangeOptions

    options = take_secret_options(values)
    result: PinChangeResult = {
        "schema": "jpki.pin-change/1",
        "pin": pin.value,
        "outcome": "unchanged",
        "retries_remaining": None,
        "try_used": "no",
    }
    app.start_result(result)
    how = ChangeOptions(allow_weak=allow_weak, confirm=read_back, accept_juki=yes)
    with _entries(app, pin, options, how) as (current, new):
        report = _settle(app, result, PinChange(pin, current, new, pin_options(app, options), how))
    warnings = [warning.value for warning in report.warnings]
    result.update({"confirmed": report.is_confirmed, "warnings": warnings})
    _tell(app, report)


@contextmanager
def _entries(
    app: AppContext, pin: Pin, options: SecretOptions, how: ChangeOptions
) -> Iterator[tuple[Secret | TerminalPerson, Secret | None]]:
    """A script's secrets, which are judged before the card is touched; or the person at the terminal."""
    if not options.is_script:
        require_person()
        yield TerminalPerson(app, changes=True), None
        return
    if pin is Pin.JUKI and not how.accept_juki:
        raise usage_error(JUKI_NOTES[0], code="needs_yes", remedy=(JUKI_NOTES[1], M("Use --yes to continue anyway.")))
    current, new = read_script_secrets([(pin, False), (pin, True)], options)
    with current, new:
        if not how.allow_weak:
            _require_strong(pin, current, new)
        yield current, new


def _require_strong(pin: Pin, current: Secret, new: Secret) -> None:
    from jpki.errors import WeakPinError
    from jpki.pin import Weakness, require_strong, weakness_text

    try:
        require_strong(pin, new, current=current)
    except WeakPinError as exc:
        raise usage_error(
            weakness_text(Weakness(exc.weaknesses[0])),
            code=exc.code,
            remedy=(M("Nothing was sent to the card."), M("Use --allow-weak to set it anyway.")),
        ) from exc


def _settle(app: AppContext, result: PinChangeResult, change: PinChange) -> ChangeReport:
    """Change the PIN of the chosen card; the JSON object tells what became of it, in every case.

    From then on a signal changes nothing: a change that nobody is told of leaves its holder without a PIN.
    """
    from jpki_cli.process import finish

    def on_card() -> None:
        with app.open_card() as card:
            change.run(card)

    try:
        try:
            return change.settle(on_card)
        finally:
            finish()
            note_outcome(result, change.report)
    except BaseException as exc:
        if isinstance(exc, Exception) or change.report.outcome is not PinOutcome.CHANGED:
            raise
        return change.settle(lambda: None)  # a signal came when it was settled: nothing is left to do


def _tell(app: AppContext, report: ChangeReport) -> None:
    from jpki.card import CHANGE_WARNINGS

    try:
        if app.options.json:
            app.print_result()
        else:
            _say(report)
    except OSError as exc:
        _say_elsewhere(app, report, exc)
    if not app.options.json:
        for warning in report.warnings:
            app.note(CHANGE_WARNINGS[warning.value])


def _say(report: ChangeReport) -> None:
    from jpki.card import ACCEPTED, changed

    click.echo(str(changed(report.pin)))
    if report.is_confirmed:
        click.echo(str(ACCEPTED))


def _say_elsewhere(app: AppContext, report: ChangeReport, failure: OSError) -> None:
    """Tell on stderr that the PIN is changed where stdout takes nothing: a change stays a success whatever follows."""
    import sys

    from jpki.card import changed
    from jpki_cli.process import discard

    discard(sys.stdout)
    with suppress(OSError):  # only the exit code is left to say it
        app.note(changed(report.pin))
        app.note(M("The output could not be written: {reason}", reason=failure.strerror or ""))


command = Command(
    "change",
    params=[
        pin_argument(),
        Option(["--allow-weak"], is_flag=True, help=M("Accept a weak new PIN without asking.")),
        Option(
            ["--confirm", "read_back"], is_flag=True, help=M("Check the new PIN with the card once more afterwards.")
        ),
        Option(["--yes"], is_flag=True, help=M("Answer yes to questions about the change.")),
        *secret_options(on_keys=True),
    ],
    callback=_change,
    text=M(
        "Change a PIN that you know.\n\nA forgotten or locked PIN cannot be changed: have it reset at your "
        "municipal office. With --pin-stdin the current and the new PIN are read, one per line."
    ),
    examples=("jpki pin change auth", "jpki --sim card.json pin change sign --pin-stdin < two-lines.txt"),
)
