"""``jpki pkcs11 remember``: reads the signature certificate once, for programs to find without the password."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from jpki_cli.app import AppContext, Command, pass_app
from jpki_cli.failures import usage_error
from jpki_cli.pin import secret_options, take_secret_options
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki_cli.results.agent import Pkcs11RememberResult


@pass_app
def _remember(app: AppContext, /, **values: Any) -> None:
    from jpki.agent import LearnedCertificates
    from jpki.agent.pkcs11 import KeyCertificates
    from jpki.identifiers import CertificateKind
    from jpki.signing import require_key
    from jpki_cli.agent import learned_folder
    from jpki_cli.certificate import read_certificate, script_secret
    from jpki_cli.pin import require_certificate

    options = take_secret_options(values)
    result: Pkcs11RememberResult = {"schema": "jpki.pkcs11-remember/1"}
    app.start_result(result)
    app.note(
        M(
            "The signature certificate contains your name, address, birth date and sex. It is stored in a file of "
            "yours, which every program that you run can read from then on. The key stays on the card, and each "
            "signature needs the password."
        )
    )
    secret = script_secret(CertificateKind.SIGN, options)
    with app.open_card() as card:
        with card.transaction():
            fingerprint = card.read_fingerprint()
            issuer = card.read_certificate(CertificateKind.SIGN_CA)
        if fingerprint is None:
            require_certificate(card, CertificateKind.SIGN)  # a card without any shows nothing else either
            raise usage_error(
                M("This card shows nothing by which it could be recognised later."), code="no_fingerprint"
            )
        certificate = read_certificate(app, card, CertificateKind.SIGN, (options, secret), result)
    require_key(certificate)  # the agent offers no other
    store = LearnedCertificates(learned_folder(os.environ))
    try:
        path = store.keep(fingerprint, KeyCertificates(certificate, issuer))
    except OSError as exc:
        reason = exc.strerror or ""
        folder = learned_folder(os.environ)
        raise usage_error(M("{path} cannot be written: {reason}", path=folder, reason=reason)) from exc
    result["path"] = str(path)
    if app.options.json:
        app.print_result()
    else:
        click.echo(str(M("written: {path}", path=path)))
        app.note(M("jpki pkcs11 forget removes it. Programs see it while jpki agent --with-signature runs."))


command = Command(
    "remember",
    params=secret_options(),
    callback=_remember,
    text=M(
        "Let programs see the signature certificate.\n\nIt can be read from the card only with the password. It is "
        "read once and stored in a file that only you can read; programs that sign find it there. The password is "
        "used once."
    ),
    examples=("jpki pkcs11 remember",),
)
