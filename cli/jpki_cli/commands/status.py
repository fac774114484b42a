"""``jpki status``: the four PINs, the certificates, and what to do next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from jpki_cli.click_classes import Command, Option
from jpki_cli.context import AppContext, pass_app
from jpki_cli.i18n import M

if TYPE_CHECKING:
    from jpki.application.my_number_card import MyNumberCard

_SCHEMA: Final = "jpki.status/1"


@pass_app
def _status(app: AppContext, *, is_watching: bool) -> None:
    if is_watching:
        from jpki_cli.watching import watch

        watch(app, _SCHEMA, _show)
    app.begin(_SCHEMA)
    with app.open_card() as card:
        _show(app, card)
    app.finish()


def _show(app: AppContext, card: MyNumberCard) -> None:
    from jpki.advice.rules import advise_status
    from jpki.application.status import read_status

    now = datetime.now(UTC)
    status = read_status(card, at=now)
    advice = advise_status(status, now)
    if app.options.json:
        from jpki_cli.advice_texts import advice_facts
        from jpki_cli.screens.json_facts import certificate_facts, day, pin_facts

        app.facts |= {
            "card": {"kind": status.token.kind.value, "token": status.token.label},
            "pins": [pin_facts(pin) for pin in status.pins],
            "certificates": [certificate_facts(certificate) for certificate in status.certificates],
            "card_expires": day(status.card_expires),
            "advice": advice_facts(advice),
        }
    else:
        from jpki_cli.screens.status import render

        render(status, advice, reader=str(app.facts["reader"]))
    if status.fault is not None:
        raise status.fault


command = Command(
    "status",
    params=[
        Option(
            ["--watch", "is_watching"],
            is_flag=True,
            help=M("Show it again whenever a card or reader comes or goes; Ctrl-C ends."),
        )
    ],
    callback=_status,
    text=M(
        "Show how many tries are left for the four PINs, which certificates are there and until when the readable ones "
        "run, and what to do next.\n\nNeeds no PIN and uses no try."
    ),
    examples=("jpki status", "jpki --sim adult status", "jpki status --json", "jpki status --watch"),
)
