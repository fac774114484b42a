"""Signing files at the card: the dialog of the PIN around the library's signing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.card import Pin
from jpki.certificate import Issuers, Validity
from jpki.files import period_warning
from jpki.words import MN, M
from jpki_window.pin import Outcome, OutcomePage, PinFlow, Use, start

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from jpki import Card
    from jpki.client import FilesToSign, SignedFile
    from jpki.files import SigningJob
    from jpki.pin import PinOptions
    from jpki_window.pin import WindowPerson
    from jpki_window.reading import Context

Signed = tuple["SignedFile", ...]


def sign_flow(
    context: Context,
    files: FilesToSign,
    written: Callable[[SigningJob], None],
    parent: QWidget | None = None,
    *,
    notes: Path | None = None,
) -> PinFlow[Signed]:
    """Ask for the password once, and sign files that were read; ``written`` is called in the card's thread for each."""
    issuers = _issuers(context)

    def work(card: Card, person: WindowPerson, options: PinOptions) -> Signed:
        return files.sign(card, person, options, issuers=issuers, written=written)

    def show(signed: Signed) -> OutcomePage:
        return OutcomePage(context.say, outcome(context, signed))

    return PinFlow(context, Use(Pin.SIGN, M("Sign files"), work, show), parent, notes=notes)


def outcome(context: Context, signed: Signed) -> Outcome:
    """What is true in the end: how many files are signed, where, and whether the certificate is in its period."""
    notes = [str(file.path) for file in signed]
    if signed:
        summary = signed[0].certificate
        warning = period_warning(Validity(summary.not_before, summary.not_after), context.now())
        notes += [] if warning is None else [context.say(warning)]
    return Outcome(context.say(MN("{n} file signed.", "{n} files signed.", len(signed))), tuple(notes))


def start_signing(
    context: Context, files: FilesToSign, written: Callable[[SigningJob], None], parent: QWidget
) -> PinFlow[Signed]:
    """Sign as the window's button does."""
    flow = sign_flow(context, files, written, parent.window())
    start(context, flow)
    return flow


def _issuers(context: Context) -> Issuers:
    if not context.glance.is_simulated:
        return Issuers()
    from jpki_sim.pki import anchors

    return Issuers(test=anchors())
