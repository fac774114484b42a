"""``jpki pin change``: change a PIN whose current value is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from jpki.application.pin import Pin
from jpki.errors import CounterChangedError, PinChangeError
from jpki_cli.click_classes import Command, Option
from jpki_cli.context import AppContext, pass_app
from jpki_cli.i18n import M
from jpki_cli.pin_argument import pin_argument
from jpki_cli.pin_entry import (
    SecretOptions,
    ask_policy,
    ask_secret,
    note_changed,
    read_batch,
    require_person,
    secret_options,
    take_secret_options,
)

if TYPE_CHECKING:
    from jpki.application.my_number_card import MyNumberCard
    from jpki.application.pin import PinStatus
    from jpki.application.pin_commands import ChangeReport, TryPolicy
    from jpki.application.secret import Secret


@dataclass(frozen=True, slots=True)
class _Options:
    secrets: SecretOptions
    allow_weak: bool
    read_back: bool
    yes: bool


@pass_app
def _change(app: AppContext, /, pin: Pin, **values: Any) -> None:
    options = _Options(take_secret_options(values), **values)
    app.begin("jpki.pin-change/1", pin=pin.value, outcome="unchanged", retries_remaining=None)
    if options.secrets.is_batch:
        _require_yes(pin, yes=options.yes)
        report = _change_batch(app, pin, options)
    else:
        require_person()
        report = _change_in_person(app, pin, options)
    app.facts |= {
        "outcome": "changed",
        "retries_remaining": report.retries_remaining,
        "confirmed": report.is_confirmed,
        "warnings": [warning.value for warning in report.warnings],
    }
    if app.options.json:
        app.finish()
    else:
        _say(app, report)


def _change_batch(app: AppContext, pin: Pin, options: _Options) -> ChangeReport:
    from jpki.application.pin_commands import TryPolicy
    from jpki_cli.interrupts import shielded
    from jpki_cli.new_pin import check_batch

    current, new = read_batch([(pin, False), (pin, True)], options.secrets)
    with current, new:
        check_batch(pin, current, new, allow_weak=options.allow_weak)
        with app.open_card() as card, shielded() as check:
            policy = TryPolicy(None, options.secrets.use_last_try, check)
            return _Attempt(app, card, pin, read_back=options.read_back).run(current, new, policy)


def _change_in_person(app: AppContext, pin: Pin, options: _Options) -> ChangeReport:
    from jpki.application.pin_commands import TryPolicy
    from jpki_cli.interrupts import shielded
    from jpki_cli.new_pin import ask_new
    from jpki_cli.pin_words import pin_name

    with app.open_card() as card:
        policy = ask_policy(app, _read_status(card, pin), options.secrets)
        attempt = _Attempt(app, card, pin, read_back=options.read_back)
        if pin is Pin.JUKI:
            _confirm_juki(app, yes=options.yes)
        with (
            ask_secret(app, pin, M("Current {pin}: ", pin=pin_name(pin.value))) as current,
            ask_new(app, pin, current, allow_weak=options.allow_weak) as new,
        ):
            while True:
                try:
                    with shielded() as check:
                        shown = TryPolicy(policy.shown, policy.use_last_try, check)
                        return attempt.run(current, new, shown)
                except PinChangeError as exc:
                    if not isinstance(exc.cause, CounterChangedError):
                        raise
                    note_changed(app, exc.cause)
                    policy = ask_policy(app, _read_status(card, pin), options.secrets)
                    _confirm_go_on(exc)


def _confirm_go_on(exc: PinChangeError) -> None:
    from jpki_cli.prompts import confirm

    if not confirm(str(M("Go on with what you typed? [y/N] "))):
        raise exc


def _read_status(card: MyNumberCard, pin: Pin) -> PinStatus:
    from jpki.application.identifiers import Application

    with card.transaction():
        card.select(Application.JPKI)
        return card.read_pin_status(pin, all_copies=True)


class _Attempt:
    """One change on one card, whose outcome goes into the JSON object whatever happens."""

    def __init__(self, app: AppContext, card: MyNumberCard, pin: Pin, *, read_back: bool) -> None:
        self._app = app
        self._card = card
        self._pin = pin
        self._read_back = read_back

    def run(self, current: Secret, new: Secret, policy: TryPolicy) -> ChangeReport:
        from jpki.application.pin_commands import change_pin

        try:
            return change_pin(self._card, self._pin, current, new, policy, confirm=self._read_back)
        except PinChangeError as exc:
            self._app.facts |= {
                "outcome": "unknown" if exc.is_unknown else "unchanged",
                "retries_remaining": exc.retries_remaining,
            }
            raise


_JUKI = (
    M("The official software does not offer a change of this PIN; the office of your municipality does."),
    M(
        "The card holds this PIN twice. Only the one of the Basic Resident Register application is changed here; "
        "the other copy keeps its value, so an office's terminal may ask for either."
    ),
)


def _require_yes(pin: Pin, *, yes: bool) -> None:
    if pin is Pin.JUKI and not yes:
        from jpki_cli.failures import usage_error

        raise usage_error(_JUKI[0], code="needs_yes", remedy=(_JUKI[1], M("--yes goes on all the same.")))


def _confirm_juki(app: AppContext, *, yes: bool) -> None:
    from jpki_cli.failures import usage_error
    from jpki_cli.prompts import confirm

    for line in _JUKI:
        app.note(line)
    if not yes and not confirm(str(M("Go on? [y/N] "))):
        raise usage_error(M("Nothing was changed."), code="declined")


_WARNINGS = {
    "interrupted": M("Interrupted after the change; the change stands."),
    "connection_lost": M("The card was lost after the change; the change stands."),
    "not_confirmed": M("The new PIN could not be read back, because the answer was lost; the change stands."),
    "confirmation_refused": M("The card changed the PIN but then refused the new one. See: jpki pin status"),
}


def _say(app: AppContext, report: ChangeReport) -> None:
    from jpki_cli.pin_words import pin_name

    click.echo(str(M("The {pin} is changed.", pin=pin_name(report.pin.value))))
    if report.is_confirmed:
        click.echo(str(M("The card accepted the new one.")))
    for warning in report.warnings:
        app.note(_WARNINGS[warning.value])


command = Command(
    "change",
    params=[
        pin_argument(),
        Option(["--allow-weak"], is_flag=True, help=M("Take a weak new PIN without asking.")),
        Option(
            ["--confirm", "read_back"], is_flag=True, help=M("Present the new PIN to the card once more afterwards.")
        ),
        Option(["--yes"], is_flag=True, help=M("Answer yes to questions about the change.")),
        *secret_options(),
    ],
    callback=_change,
    text=M(
        "Change a PIN that you know.\n\nA forgotten or locked PIN cannot be changed: it is reset at the office of your "
        "municipality. With --pin-stdin the current and the new PIN are read, one a line."
    ),
    examples=("jpki pin change auth", "jpki --sim card.json pin change sign --pin-stdin < two-lines.txt"),
)
