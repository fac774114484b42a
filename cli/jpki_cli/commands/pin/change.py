"""``jpki pin change``: change a PIN whose current value is known."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from jpki.errors import PinChangeError
from jpki_cli.app.click_classes import Command, Option
from jpki_cli.app.context import AppContext, pass_app
from jpki_cli.pin.argument import pin_argument
from jpki_cli.pin.changing import ChangeOptions, PinChanging
from jpki_cli.pin.entry import require_person, secret_options, take_secret_options
from jpki_cli.pin.facts import record_of
from jpki_cli.words.i18n import M, Message

if TYPE_CHECKING:
    from jpki.card.pin import Pin
    from jpki.pin.commands import ChangeReport


@pass_app
def _change(app: AppContext, /, pin: Pin, **values: Any) -> None:
    options = ChangeOptions(take_secret_options(values), **values)
    app.begin("jpki.pin-change/1", pin=pin.value, outcome="unchanged", retries_remaining=None, try_used="no")
    changing = PinChanging(app, pin, options)
    try:
        if options.secrets.is_batch:
            report = changing.by_script()
        else:
            require_person()
            report = changing.in_person()
    except PinChangeError as exc:
        outcome = "unknown" if exc.is_unknown else "unchanged"
        app.facts |= {"outcome": outcome, "retries_remaining": exc.retries_remaining}
        raise
    finally:
        app.facts["try_used"] = record_of(app).try_used.value
    app.facts |= {
        "outcome": "changed",
        "retries_remaining": report.retries_remaining,
        "confirmed": report.is_confirmed,
        "warnings": [warning.value for warning in report.warnings],
    }
    try:
        if app.options.json:
            app.finish()
        else:
            _say(report)
    except OSError as exc:
        _say_elsewhere(app, report, exc)
    if not app.options.json:
        for warning in report.warnings:
            app.note(_WARNINGS[warning.value])


_WARNINGS = {
    "interrupted": M("Interrupted after the change; the change stands."),
    "connection_lost": M("The card was lost after the change; the change stands."),
    "not_confirmed": M("The new PIN could not be read back; the change stands."),
    "confirmation_refused": M("The card changed the PIN but then refused the new one. See: jpki pin status"),
}


def _say(report: ChangeReport) -> None:
    click.echo(str(_changed(report)))
    if report.is_confirmed:
        click.echo(str(M("The card accepted the new one.")))


def _changed(report: ChangeReport) -> Message:
    from jpki.words.names import pin_name

    return M("The {pin} is changed.", pin=pin_name(report.pin.value))


def _say_elsewhere(app: AppContext, report: ChangeReport, failure: OSError) -> None:
    """Tell on stderr that the PIN is changed where stdout takes nothing: a change stays a success whatever follows."""
    import sys

    from jpki_cli.process.streams import discard

    discard(sys.stdout)
    with suppress(OSError):  # nobody is left to be told but by the exit code
        app.note(_changed(report))
        app.note(M("The output could not be written: {reason}", reason=failure.strerror or ""))


command = Command(
    "change",
    params=[
        pin_argument(),
        Option(["--allow-weak"], is_flag=True, help=M("Take a weak new PIN without asking.")),
        Option(
            ["--confirm", "read_back"], is_flag=True, help=M("Present the new PIN to the card once more afterwards.")
        ),
        Option(["--yes"], is_flag=True, help=M("Answer yes to questions about the change.")),
        *secret_options(on_keys=True),
    ],
    callback=_change,
    text=M(
        "Change a PIN that you know.\n\nA forgotten or locked PIN cannot be changed: it is reset at the office of your "
        "municipality. With --pin-stdin the current and the new PIN are read, one a line."
    ),
    examples=("jpki pin change auth", "jpki --sim card.json pin change sign --pin-stdin < two-lines.txt"),
)
