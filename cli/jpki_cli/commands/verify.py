"""``jpki verify``: check a signed file, item by item, without a card."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from jpki.errors import DataError, UnsupportedSignatureError
from jpki_cli.app import AppContext, Command, Option, clock, pass_app
from jpki_cli.certificate import issuer_options, read_expected_signer, read_issuers, simulated_issuers
from jpki_cli.failures import EXIT_CARD, EXIT_CHECK, CliError, Failure, usage_error
from jpki_cli.words import M, Message

if TYPE_CHECKING:
    from pathlib import Path

    from jpki.signing.cms import SignerReport, Trust
    from jpki_cli.app import OutputTarget
    from jpki_cli.signing import CardCa, Sources


@dataclass(frozen=True, slots=True)
class _Options:
    file: str
    signature: str | None
    ca: tuple[str, ...]
    issuer_sha256: tuple[str, ...]
    ca_from_card: bool
    allow_test: bool
    allow_auth: bool
    expect_signer: str | None
    extract: str | None


@pass_app
def _verify(app: AppContext, /, **values: Any) -> None:
    from jpki.signing.cms import expect_signer
    from jpki_cli.app import require_file
    from jpki_cli.signing import CardCa, extract_target

    options = _Options(**values)
    app.begin("jpki.verify/1")
    file = require_file(options.file, None if options.signature is None else 1)
    signature = None if options.signature is None else require_file(options.signature, 2)
    app.facts["file"] = options.file
    target = None if options.extract is None else extract_target(options.extract)
    trust = _trust(options)
    expected = None if options.expect_signer is None else read_expected_signer(options.expect_signer)
    card = CardCa(app) if options.ca_from_card else None
    sources, reports = _judge(file, signature, trust if card is None else replace(trust, from_card=card.read), target)
    if expected is not None:
        reports = expect_signer(reports, expected)
    _show(app, sources, reports)
    if card is not None:
        app.facts["card_ca"] = card.facts()
    _tell_extracted(app, target)
    if any(report.has_failed for report in reports):
        raise CliError(Failure(EXIT_CHECK, "check_failed", M("At least one check failed."), _remedies(reports, card)))
    app.finish()


def _judge(
    file: Path, signature: Path | None, trust: Trust, target: OutputTarget | None
) -> tuple[Sources, tuple[SignerReport, ...]]:
    """Look inside a PDF first; else at the signature that was named or is found."""
    from jpki_cli.signing import Sources, choose, looks_like_pdf

    if signature is None and (looks_like_pdf(file) or file.suffix.lower() == ".pdf"):
        reports = _check_inside(file, trust, target)
        if reports:
            return Sources(file, file, is_pdf=True), reports
    sources = choose(file, signature)
    return sources, _check(sources, trust, target)


def _show(app: AppContext, sources: Sources, reports: tuple[SignerReport, ...]) -> None:
    from jpki.outside_text import visible
    from jpki_cli.screens import signature as screen
    from jpki_cli.signing import PARTS, parts_of
    from jpki_cli.terminal import wrap

    app.facts.update(sources.facts())
    parts = parts_of(sources.signature) if sources.is_pdf else ()
    if sources.is_pdf:
        app.facts["pdf_parts"] = list(parts)
    app.facts["signatures"] = [screen.facts(report) for report in reports]
    if not app.options.json:
        for part in parts:
            click.echo(wrap(visible(str(PARTS[part].with_values(path=sources.signature.name)))))
        click.echo(screen.render(reports, sources.sentence(), is_verbose=app.options.verbose), nl=False)


def _tell_extracted(app: AppContext, target: OutputTarget | None) -> None:
    """Say whether the content was written."""
    if target is None:
        return
    is_written = target.path is not None and target.path.exists()
    app.facts["extracted"] = str(target.path) if is_written else None
    if is_written:
        app.note(M("The signed content was written to {path}.", path=target.path))
    else:
        app.note(M("The content was not written: content, signature and issuer have to pass for that."))


def _remedies(reports: tuple[SignerReport, ...], card: CardCa | None) -> tuple[Message, ...]:
    """Say where the issuer's certificate can come from, if it was missing."""
    from jpki_cli.signing import lacks_ca

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


def _check(sources: Sources, trust: Trust, target: OutputTarget | None) -> tuple[SignerReport, ...]:
    """Check the signatures outside of a PDF."""
    from jpki_cli.signing import verify_file

    try:
        return verify_file(sources, trust, now=clock.now(), target=target)
    except UnsupportedSignatureError as exc:
        message = M("The signature {path} is of a kind that this program does not support.", path=sources.signature)
        raise CliError(Failure(EXIT_CARD, "unsupported", message)) from exc
    except DataError as exc:
        message = M(
            "The signature {path} cannot be read: it is broken, or no CMS in DER or PEM.", path=sources.signature
        )
        remedy = () if sources.content is None else (M("The file is named first, then its signature."),)
        raise CliError(Failure(EXIT_CARD, "bad_data", message, remedy)) from exc


def _check_inside(file: Path, trust: Trust, target: OutputTarget | None) -> tuple[SignerReport, ...]:
    """Check the signatures inside a PDF; an empty tuple where there is none, but one beside it."""
    from jpki_cli.signing import has_signature_beside, no_content_inside, verify_pdf_file

    try:
        reports = verify_pdf_file(file, trust, now=clock.now())
    except CliError:  # what cannot be signed inside is signed beside (sign --cms)
        if has_signature_beside(file):
            return ()
        raise
    if any(not report.is_time_stamp for report in reports):
        if target is not None:
            raise no_content_inside(file)
        return reports
    if not has_signature_beside(file):
        message = M("There is no signature in the PDF {path}, and none beside it.", path=file)
        raise usage_error(message, code="no_signature")
    return ()


def _trust(options: _Options) -> Trust:
    from jpki.signing.cms import Trust

    test = simulated_issuers() if options.allow_test else ()
    return Trust(read_issuers(options.ca, options.issuer_sha256, test=test), allow_auth=options.allow_auth)


command = Command(
    "verify",
    params=[
        click.Argument(["file"]),
        click.Argument(["signature"], required=False),
        *issuer_options(),
        Option(
            ["--ca-from-card"],
            is_flag=True,
            help=M("Read the CA certificate from the card, without a PIN; it counts only if it is a J-LIS one."),
        ),
        Option(
            ["--expect-signer"],
            metavar="CERT|SHA256",
            help=M("Fail unless this certificate signed: its file, or the SHA-256 of it or of its key."),
        ),
        Option(
            ["--extract"],
            metavar="OUT",
            help=M("Write the signed content of FILE.p7m to a new file, if content, signature and issuer pass."),
        ),
        Option(
            ["--allow-auth"],
            is_flag=True,
            help=M("Accept a signature made with the login key, which is not for documents."),
        ),
        Option(["--allow-test"], is_flag=True, help=M("Accept the TEST issuers of the simulated cards.")),
    ],
    callback=_verify,
    text=M(
        "Check a signed file: content, signature, certificate, issuer, period, use and policy, each by itself. Of a "
        "PDF every signature is checked, whether it covers the whole file, and what was added after it.\n\n"
        "FILE is what is judged: its content is compared with what the signature signs. Without SIGNATURE, FILE.p7s or "
        "FILE.p7m beside the file is taken; where FILE is a signature itself, with its content inside, no file is "
        "compared. Needs no card, unless --ca-from-card is given. Exit code 7 when a check fails. Whether a "
        "certificate was revoked cannot be checked; verifying signatures as a business needs the minister's approval."
    ),
    examples=(
        "jpki verify contract.txt",
        "jpki verify contract-signed.pdf",
        "jpki verify contract.txt contract.txt.p7s --json",
        "jpki verify a.txt.p7m --extract a.txt",
        "jpki verify contract.txt --ca-from-card",
    ),
)
