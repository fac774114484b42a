"""``jpki verify``: check a signed file, item by item, without a card."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jpki.errors import DataError
from jpki_cli.app import clock
from jpki_cli.app.click_classes import Command, Option
from jpki_cli.app.context import AppContext, pass_app
from jpki_cli.failures.explain import EXIT_CARD, EXIT_CHECK, CliError, Failure, usage_error
from jpki_cli.words.i18n import M, Message

if TYPE_CHECKING:
    from jpki.signing.cms.verify import SignerReport, Trust
    from jpki_cli.signing.card_ca import CardCa

_SUFFIXES = (".p7s", ".p7m", ".sig")


@pass_app
def _verify(
    app: AppContext, /, file: str, signature: str | None, ca: tuple[str, ...], *, ca_from_card: bool, allow_test: bool
) -> None:
    from jpki_cli.app.input_files import require_file
    from jpki_cli.screens import signature as screen
    from jpki_cli.signing.card_ca import CardCa

    app.begin("jpki.verify/1")
    content = require_file(file, None if signature is None else 1)
    named = None if signature is None else require_file(signature, 2)
    app.facts["file"] = file
    trust = _trust(ca, allow_test=allow_test)
    card = CardCa(app) if ca_from_card else None
    reports = _reports(content, named, trust if card is None else replace(trust, from_card=card.read))
    app.facts["signatures"] = [screen.facts(report) for report in reports]
    if card is not None:
        app.facts["card_ca"] = card.facts()
    if not app.options.json:
        click.echo(screen.render(reports), nl=False)
    if any(report.has_failed for report in reports):
        raise CliError(Failure(EXIT_CHECK, "check_failed", M("At least one check failed."), _remedies(reports, card)))
    app.finish()


def _remedies(reports: tuple[SignerReport, ...], card: CardCa | None) -> tuple[Message, ...]:
    """Say where the issuer's certificate can come from, if it was missing."""
    from jpki_cli.signing.card_ca import lacks_ca

    if card is not None:
        return card.others(reports)
    if not any(lacks_ca(report) for report in reports):
        return ()
    return (
        M(
            "The issuer's certificate is not in the signature. --ca FILE names it; --ca-from-card reads it from a My "
            "Number Card, without a PIN."
        ),
    )


def _reports(file: Path, signature: Path | None, trust: Trust) -> tuple[SignerReport, ...]:
    """Look inside a PDF first; else at the signature that was named or is found."""
    from jpki_cli.signing.pdf_files import looks_like_pdf
    from jpki_cli.signing.verification import verify_file, verify_pdf_file

    now = clock.now()
    if signature is None and (looks_like_pdf(file) or file.suffix.lower() == ".pdf"):
        reports = verify_pdf_file(file, trust, now=now)
        if any(not report.is_time_stamp for report in reports):
            return reports
        if not any(file.with_name(file.name + suffix).is_file() for suffix in _SUFFIXES):
            message = M("There is no signature in the PDF {path}, and none beside it.", path=file)
            raise usage_error(message, code="no_signature")
    content, signed = _choose(file, signature)
    try:
        return verify_file(content, signed, trust, now=now)
    except DataError as exc:
        message = M("The signature {path} cannot be read: it is broken, or no CMS in DER or PEM.", path=signed)
        remedy = () if signature is None else (M("The file is named first, then its signature."),)
        raise CliError(Failure(EXIT_CARD, "bad_data", message, remedy)) from exc


def _choose(file: Path, signature: Path | None) -> tuple[Path | None, Path]:
    """Find the signature: named, beside the file, or the file itself where it is an attached one."""
    from jpki_cli.signing.verification import looks_like_cms

    if signature is not None:
        return file, signature
    if file.suffix.lower() in _SUFFIXES:
        inside = file.with_suffix("")
        return (inside if file.suffix.lower() != ".p7m" and inside.is_file() else None), file
    for suffix in _SUFFIXES:
        beside = file.with_name(file.name + suffix)
        if beside.is_file():
            return (None if suffix == ".p7m" else file), beside
    if looks_like_cms(file):
        return None, file
    raise usage_error(M("There is no signature beside {path}; name it.", path=file), code="no_signature")


def _trust(ca: tuple[str, ...], *, allow_test: bool) -> Trust:
    from jpki.signing.cms.verify import Trust
    from jpki_cli.certificate.files import read_certificate_file

    certificates = tuple(read_certificate_file(Path(name)) for name in ca)
    if not allow_test:
        return Trust(certificates)
    from jpki_sim.pki.issuers import anchors

    return Trust(certificates, anchors())


command = Command(
    "verify",
    params=[
        click.Argument(["file"]),
        click.Argument(["signature"], required=False),
        Option(
            ["--ca"], metavar="FILE", multiple=True, help=M("A CA certificate; it counts only if it is a J-LIS one.")
        ),
        Option(
            ["--ca-from-card"],
            is_flag=True,
            help=M("Read the CA certificate from the card, without a PIN; it counts only if it is a J-LIS one."),
        ),
        Option(["--allow-test"], is_flag=True, help=M("Accept the TEST issuers of the simulated cards.")),
    ],
    callback=_verify,
    text=M(
        "Check a signed file: content, signature, certificate, issuer, period, use and policy, each by itself. Of a "
        "PDF every signature is checked, whether it covers the whole file, and what was added after it.\n\n"
        "Needs no card, unless --ca-from-card is given. Without SIGNATURE, FILE.p7s or FILE.p7m beside the file is "
        "taken. Exit code 7 when a check fails. Whether a certificate was revoked cannot be checked; verifying "
        "signatures as a business needs the minister's approval."
    ),
    examples=(
        "jpki verify contract.txt",
        "jpki verify contract-signed.pdf",
        "jpki verify contract.txt contract.txt.p7s --json",
        "jpki verify a.txt.p7m",
        "jpki verify contract.txt --ca-from-card",
    ),
)
