"""``jpki cert show``: a certificate as text, PEM, DER, JSON, SSH key or calendar entry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import click

from jpki.application.my_number_card import CertificateKind
from jpki_cli.click_classes import Command, Option
from jpki_cli.context import AppContext, pass_app
from jpki_cli.failures import EXIT_CARD, CliError, Failure, usage_error
from jpki_cli.i18n import M
from jpki_cli.pin_entry import SecretOptions, read_batch, secret_options, take_secret_options

if TYPE_CHECKING:
    from jpki.application.my_number_card import MyNumberCard
    from jpki.application.pin import Pin
    from jpki.application.pin_commands import TryPolicy
    from jpki.application.secret import Secret
    from jpki_cli.output import OutputTarget

_FORMATS: Final = ("text", "pem", "der", "json", "ssh", "ics")


@pass_app
def _show(app: AppContext, /, kind: str, output_format: str | None, output: str | None, **values: Any) -> None:
    from jpki_cli.output import OutputTarget

    options = take_secret_options(values)
    wanted = CertificateKind(kind)
    chosen = _choose_format(app, output_format)
    _check_format(wanted, chosen)
    app.begin("jpki.cert/1", kind=wanted.value)
    target = OutputTarget(output, force=values["force"], is_binary=chosen == "der")
    secret = _batch_secret(wanted, options)
    with app.open_card() as card:
        der = _read(app, card, wanted, options, secret)
    _write(app, wanted, der, chosen, target)


def _choose_format(app: AppContext, chosen: str | None) -> str:
    if app.options.json and chosen not in (None, "json"):
        raise usage_error(M("--json and --format contradict each other."))
    if chosen == "json":
        app.options.json = True
    return "json" if app.options.json else chosen or "text"


def _check_format(kind: CertificateKind, chosen: str) -> None:
    is_ca = kind in (CertificateKind.AUTH_CA, CertificateKind.SIGN_CA)
    if chosen == "ssh" and kind is not CertificateKind.AUTH:
        raise usage_error(M("The format ssh is for the user certificate (auth) only."))
    if chosen == "ics" and is_ca:
        raise usage_error(M("The format ics is for the certificates auth and sign only."))


def _pin_of(kind: CertificateKind) -> Pin:
    from jpki.application.pin import Pin

    return Pin.SIGN if kind is CertificateKind.SIGN else Pin.AUTH


def _batch_secret(kind: CertificateKind, options: SecretOptions) -> Secret | None:
    if not options.is_batch:
        return None
    if kind not in (CertificateKind.SIGN, CertificateKind.AUTH):
        raise usage_error(M("This certificate is read without a PIN."))
    return read_batch([(_pin_of(kind), False)], options)[0]


def _read(
    app: AppContext, card: MyNumberCard, kind: CertificateKind, options: SecretOptions, secret: Secret | None
) -> bytes:
    """Read the certificate; a PIN is used only where the card wants one."""
    from jpki.errors import SecurityStatusError

    if kind is CertificateKind.SIGN:
        with card.transaction():
            if card.read_presence().sign is False:
                raise _absent(kind)
        return _read_with_pin(app, card, kind, options, secret)
    try:
        with card.transaction():
            return card.read_certificate(kind)
    except SecurityStatusError:
        return _read_with_pin(app, card, kind, options, secret)


def _absent(kind: CertificateKind) -> CliError:
    from jpki_cli.sentences import CERTIFICATES, absent

    message = M("{certificate}: {reason}", certificate=CERTIFICATES[kind.value], reason=absent(kind.value))
    return CliError(Failure(EXIT_CARD, "certificate_absent", message))


def _read_with_pin(
    app: AppContext, card: MyNumberCard, kind: CertificateKind, options: SecretOptions, secret: Secret | None
) -> bytes:
    from jpki.application.pin_commands import read_protected_certificate
    from jpki_cli.pin_entry import require_person, use_batch, with_pin

    found: list[bytes] = []

    def use(pin: Secret, policy: TryPolicy) -> None:
        found.append(read_protected_certificate(card, kind, pin, policy))

    if secret is not None:
        use_batch(secret, options, use)
    else:
        require_person()
        if kind is CertificateKind.SIGN:
            app.note(M("This certificate holds your name, address, birth date and sex."))
        with_pin(app, card, _pin_of(kind), options, use)
    return found[0]


def _write(app: AppContext, kind: CertificateKind, der: bytes, chosen: str, target: OutputTarget) -> None:
    from jpki_cli.screens import certificate as screen

    at = datetime.now(UTC)
    if chosen == "json":
        from jpki_cli.screens.certificate_json import certificate_json

        app.facts |= certificate_json(der, at)
        if target.path is None:
            app.finish()
        else:
            from jpki_cli.output import json_text

            target.write(json_text(app.schema, app.facts).encode() + b"\n")
    elif chosen == "text":
        target.write(screen.render(kind, der, at).encode())
    elif chosen == "pem":
        target.write(screen.pem(der))
    elif chosen == "der":
        target.write(der)
    elif chosen == "ssh":
        target.write(screen.ssh(der))
    else:
        target.write(screen.ics(kind, der, at))
    if target.path is not None:
        app.note(M("Written: {path}", path=target.path))


command = Command(
    "show",
    params=[
        click.Argument(["kind"], type=click.Choice([kind.value for kind in CertificateKind])),
        Option(["--format", "output_format"], type=click.Choice(_FORMATS), help=M("Form of the output.")),
        Option(["-o", "--output"], metavar="FILE", help=M("Write to a file that only you can read.")),
        Option(["--force"], is_flag=True, help=M("Replace the output file if it exists.")),
        *secret_options(),
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
