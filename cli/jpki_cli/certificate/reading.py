"""Reading a certificate from the card, with its PIN where the card wants one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.identifiers import CertificateKind
from jpki_cli.failures import usage_error
from jpki_cli.pin import SecretOptions, naming_absence, read_script_secrets, require_certificate
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki.card import MyNumberCard, Pin
    from jpki.pin import Secret
    from jpki_cli.app import AppContext


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
    app: AppContext, card: MyNumberCard, kind: CertificateKind, options: SecretOptions, secret: Secret | None
) -> bytes:
    """Read the certificate's DER; a PIN is used only where the card wants one.

    Raises:
        CliError: exit code 6, the card has no such certificate, which is not the same as a locked one.
    """
    if secret is not None:
        with card.transaction():  # one for everything: no question is asked in between
            return _read(app, card, kind, options, secret)
    return _read(app, card, kind, options, secret)


def _read(
    app: AppContext, card: MyNumberCard, kind: CertificateKind, options: SecretOptions, secret: Secret | None
) -> bytes:
    from jpki.errors import SecurityStatusError

    if kind is CertificateKind.SIGN:
        if secret is None:
            require_certificate(card, kind)
        return _read_with_pin(app, card, kind, options, secret)
    try:
        with card.transaction():
            return card.read_certificate(kind)
    except SecurityStatusError:
        return _read_with_pin(app, card, kind, options, secret)


def _read_with_pin(
    app: AppContext, card: MyNumberCard, kind: CertificateKind, options: SecretOptions, secret: Secret | None
) -> bytes:
    from jpki_cli.pin import PinUse, require_person

    if secret is None:
        require_person()
        if kind is CertificateKind.SIGN:
            app.note(M("This certificate holds your name, address, birth date and sex."))
    with naming_absence(kind):
        return PinUse(app, _pin_of(kind), options, secret).run(card, lambda opened: opened.read_certificate(kind))
