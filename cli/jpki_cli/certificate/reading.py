"""Reading a certificate from the card, with its PIN where the card wants one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jpki.identifiers import CertificateKind
from jpki_cli.failures import usage_error
from jpki_cli.pin import (
    PinUse,
    SecretOptions,
    naming_absence,
    note_use,
    read_script_secrets,
    require_certificate,
    require_person,
)
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki.card import MyNumberCard, Pin
    from jpki.pin import Secret
    from jpki_cli.app import AppContext
    from jpki_cli.results.common import PinIfUsedFacts


def script_secret(kind: CertificateKind, options: SecretOptions) -> Secret | None:
    """Read a script's PIN for a certificate, before the card is touched; None if a person is to be asked."""
    if not options.is_script:
        return None
    if kind not in (CertificateKind.SIGN, CertificateKind.AUTH):
        raise usage_error(M("This certificate is read without a PIN."))
    return read_script_secrets([(_pin_of(kind), False)], options)[0]


def _pin_of(kind: CertificateKind) -> Pin:
    from jpki.card import Pin

    return Pin.SIGN if kind is CertificateKind.SIGN else Pin.AUTH


def read_certificate(
    app: AppContext,
    card: MyNumberCard,
    kind: CertificateKind,
    script: tuple[SecretOptions, Secret | None],
    result: PinIfUsedFacts,
) -> bytes:
    """Read the certificate's DER; a PIN is used only where the card wants one, and ``result`` says how it fared.

    Raises:
        CliError: exit code 6, the card has no such certificate, which is not the same as a locked one.
    """
    use = PinUse(app, _pin_of(kind), *script, partial(note_use, result))
    if use.is_script:
        with card.transaction():  # one for everything: no question is asked in between
            return _read(app, card, kind, use)
    return _read(app, card, kind, use)


def _read(app: AppContext, card: MyNumberCard, kind: CertificateKind, use: PinUse) -> bytes:
    from jpki.errors import SecurityStatusError

    if kind is CertificateKind.SIGN:
        if not use.is_script:
            require_certificate(card, kind)
        return _read_with_pin(app, card, kind, use)
    try:
        with card.transaction():
            return card.read_certificate(kind)
    except SecurityStatusError:
        return _read_with_pin(app, card, kind, use)


def _read_with_pin(app: AppContext, card: MyNumberCard, kind: CertificateKind, use: PinUse) -> bytes:
    if not use.is_script:
        require_person()
        if kind is CertificateKind.SIGN:
            app.note(M("This certificate holds your name, address, birth date and sex."))
    with naming_absence(kind):
        return use.run(card, lambda opened: opened.read_certificate(kind))
