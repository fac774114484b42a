"""``jpki status``: the four PINs, the certificates, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki_cli.app import AppContext, Command, Option, clock, pass_app
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki.card import CardStatus, MyNumberCard
    from jpki_cli.app import OutputTarget
    from jpki_cli.results.card import StatusResult


@pass_app
def _status(app: AppContext, *, is_watching: bool, ics: str | None, force: bool) -> None:
    if is_watching:
        if ics is not None:
            from jpki_cli.failures import usage_error

            raise usage_error(M("--ics cannot be used with --watch."))
        from jpki_cli.app import watch

        watch(app, lambda: _start(app), lambda result, card: _show(app, result, card))
    target = None if ics is None else _calendar_target(ics, force=force)
    result = _start(app)
    with app.open_card() as card:
        status = _show(app, result, card)
    if target is not None:
        _write_calendar(app, status, target)
    app.print_result()


def _start(app: AppContext) -> StatusResult:
    """Begin the JSON object."""
    result: StatusResult = {"schema": "jpki.status/1"}
    app.start_result(result)
    return result


def _calendar_target(path: str, *, force: bool) -> OutputTarget:
    from jpki_cli.app import OutputTarget

    if path == "-":
        from jpki_cli.failures import usage_error

        # The state of the card stands there already.
        raise usage_error(M("--ics needs a file: a calendar is not written to standard output."))
    return OutputTarget(path, force=force, is_binary=False)


def _write_calendar(app: AppContext, status: CardStatus, target: OutputTarget) -> None:
    """Write when to renew the certificate that was read; the calendar holds no personal data."""
    from jpki.certificate import period_calendar

    periods = [(certificate.kind, certificate.period) for certificate in status.certificates]
    kind, period = next(((kind, period) for kind, period in periods if period is not None), (None, None))
    if kind is None or period is None:
        from jpki_cli.failures import EXIT_CARD, CliError, Failure

        message = M("No certificate could be read, so there is nothing to write into a calendar.")
        raise CliError(Failure(EXIT_CARD, "certificate_absent", message))
    target.write(period_calendar(kind, period, clock.now(), status.card_expires))
    app.note(M("Written: {path}", path=target.path))


def _show(app: AppContext, result: StatusResult, card: MyNumberCard) -> CardStatus:
    from jpki.advice import advise_status, verdict_on
    from jpki.card import read_status

    now = clock.now()
    status = read_status(card, at=now, with_issuer=app.options.json)
    advice = advise_status(status, now)
    if app.options.json:
        from jpki.report import advice_facts, pin_facts
        from jpki_cli.screens import certificate_facts, day

        result.update(
            {
                "card": {"kind": status.token.kind.value, "token": status.token.label},
                "pins": [pin_facts(pin) for pin in status.pins],
                "certificates": [certificate_facts(certificate) for certificate in status.certificates],
                "card_expires": day(status.card_expires),
                "verdict": verdict_on(advice).both(),
                "advice": advice_facts(advice),
            }
        )
    else:
        from jpki_cli.screens import render_status

        render_status(status, advice, now, reader=result.get("reader", ""))
    if status.fault is not None:
        raise status.fault
    return status


command = Command(
    "status",
    params=[
        Option(
            ["--watch", "is_watching"],
            is_flag=True,
            help=M("Show it again whenever a card or reader is added or removed; Ctrl-C stops."),
        ),
        Option(["--ics"], metavar="FILE", help=M("Write when to renew the certificate as a calendar file.")),
        Option(["--force"], is_flag=True, help=M("Replace the output file if it exists.")),
    ],
    callback=_status,
    text=M(
        "Show how many tries are left for the four PINs, which certificates the card has and when they expire, and "
        "what to do next.\n\nNeeds no PIN and uses no try."
    ),
    examples=("jpki status", "jpki --sim adult status", "jpki status --json", "jpki status --watch"),
)
