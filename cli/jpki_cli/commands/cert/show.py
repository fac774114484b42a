"""``jpki cert show``: a certificate as text, PEM, DER, JSON, SSH key or calendar entry."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

import click

from jpki.errors import JpkiError
from jpki.identifiers import CertificateKind
from jpki_cli.app import (
    AppContext,
    Command,
    Format,
    Option,
    at_option,
    choose_format,
    format_option,
    parse_at,
    pass_app,
)
from jpki_cli.certificate import read_certificate, script_secret
from jpki_cli.failures import usage_error
from jpki_cli.pin import secret_options, take_secret_options
from jpki_cli.words import M

if TYPE_CHECKING:
    from datetime import date, datetime

    from jpki.card import MyNumberCard
    from jpki_cli.app import OutputTarget
    from jpki_cli.results.certificates import CertResult

_FORMATS: Final = (Format.TEXT, Format.PEM, Format.DER, Format.JSON, Format.SSH, Format.ICS)


@pass_app
def _show(app: AppContext, /, kind: str, output_format: str | None, output: str | None, **values: Any) -> None:
    from jpki_cli.app import OutputTarget

    options = take_secret_options(values)
    wanted = CertificateKind(kind)
    chosen = choose_format(app, output_format, Format.TEXT)
    when = parse_at(values["at"])
    _check_format(wanted, chosen)
    result: CertResult = {"schema": "jpki.cert/1", "kind": wanted.value}
    app.start_result(result)
    target = OutputTarget(output, force=values["force"], is_binary=chosen is Format.DER)
    secret = script_secret(wanted, options)
    # A script's is one transaction; a person is asked between two.
    with app.open_card() as card, card.transaction() if secret is not None else nullcontext():
        # First, as a card may be unpowered and left after its PIN.
        card_expires = _card_end(card, wanted) if chosen in (Format.TEXT, Format.ICS) else None
        der = read_certificate(app, card, wanted, (options, secret), result)
    _Writer(app, wanted, when, target, card_expires).write(result, der, chosen)


def _card_end(card: MyNumberCard, kind: CertificateKind) -> date | None:
    """Read the end of the card, which a holder's certificate cannot outlive; None if it cannot be determined."""
    if kind.is_ca:
        return None
    try:
        with card.transaction():
            return card.read_card_expiry()
    except JpkiError:  # the certificate is what was asked for
        return None


def _check_format(kind: CertificateKind, chosen: Format) -> None:
    is_ca = kind.is_ca
    if chosen is Format.SSH and kind is not CertificateKind.AUTH:
        raise usage_error(M("The format ssh can be used only for the user certificate (auth)."))
    if chosen is Format.ICS and is_ca:
        raise usage_error(M("The format ics can be used only for the certificates auth and sign."))


class _Writer:
    """Writes one certificate in the form that was asked for."""

    def __init__(
        self, app: AppContext, kind: CertificateKind, at: datetime, target: OutputTarget, card_expires: date | None
    ) -> None:
        self._app = app
        self._kind = kind
        self._at = at
        self._target = target
        self._card_expires = card_expires

    def write(self, result: CertResult, der: bytes, chosen: Format) -> None:
        if chosen is Format.JSON:
            self._write_json(result, der)
        else:
            self._target.write(self._encode(der, chosen))
        if self._target.path is not None:
            self._app.note(M("Written: {path}", path=self._target.path))

    def _encode(self, der: bytes, chosen: Format) -> bytes:
        from jpki.certificate import write_pem
        from jpki_cli.screens import certificate as screen
        from jpki_cli.terminal import laid_out

        if chosen is Format.PEM:
            return write_pem(der).encode()
        if chosen is Format.SSH:
            return screen.ssh(der)
        if chosen is Format.ICS:
            return screen.ics(self._kind, der, self._at, self._card_expires)
        if chosen is Format.DER:
            return der
        with laid_out(for_file=self._target.path is not None):
            return screen.render(self._kind, der, self._at, self._card_expires).encode()

    def _write_json(self, result: CertResult, der: bytes) -> None:
        from jpki_cli.app import json_text
        from jpki_cli.screens import note_certificate

        note_certificate(result, der, self._at)
        if self._target.path is None:
            self._app.print_result()
        else:
            self._target.write(json_text(result).encode() + b"\n")


command = Command(
    "show",
    params=[
        click.Argument(["kind"], type=click.Choice([kind.value for kind in CertificateKind])),
        format_option(*_FORMATS, text=M("Form of the output.")),
        Option(["-o", "--output"], metavar="FILE", help=M("Write to a file that only you can read.")),
        at_option(),
        Option(["--force"], is_flag=True, help=M("Replace the output file if it exists.")),
        *secret_options(on_keys=True),
    ],
    callback=_show,
    text=M(
        "Show a certificate, or write it to a file.\n\nauth and the two CA certificates need no PIN. sign asks for the "
        "signature password: it holds name, address, birth date and sex."
    ),
    examples=(
        "jpki cert show auth",
        "jpki cert show auth --format pem -o auth.pem",
        "jpki cert show auth --format ssh >> ~/.ssh/authorized_keys",
        "jpki cert show sign",
    ),
)
