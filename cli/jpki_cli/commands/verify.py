"""``jpki verify``: check a signed file, item by item, without a card."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from jpki_cli.app import AppContext, Command, Option, pass_app
from jpki_cli.certificate import issuer_options, read_expected_signer, read_issuers, simulated_issuers
from jpki_cli.failures import EXIT_CHECK, CliError, Failure, usage_error
from jpki_cli.words import M, Message

if TYPE_CHECKING:
    from jpki.files import FileTarget, VerifyReport
    from jpki.signing.cms import SignerReport, Trust
    from jpki_cli.results.signing import VerifyResult
    from jpki_cli.signing import CardCa


@dataclass(frozen=True, slots=True)
class _Options:
    file: str
    signature: str | None
    ca: tuple[str, ...]
    issuer_sha256: tuple[str, ...]
    ca_from_card: bool
    timestamp_ca: tuple[str, ...]
    allow_test: bool
    allow_auth: bool
    expect_signer: str | None
    extract: str | None


@pass_app
def _verify(app: AppContext, /, **values: Any) -> None:
    from jpki.files import judge
    from jpki.signing.cms import expect_signer
    from jpki_cli.app import following, require_file
    from jpki_cli.signing import CardCa

    options = _Options(**values)
    result: VerifyResult = {"schema": "jpki.verify/1"}
    app.start_result(result)
    file = require_file(options.file, None if options.signature is None else 1)
    signature = None if options.signature is None else require_file(options.signature, 2)
    result["file"] = options.file
    target = None if options.extract is None else _extract_target(options.extract)
    trust = _trust(options)
    expected = None if options.expect_signer is None else read_expected_signer(options.expect_signer)
    card = CardCa(app) if options.ca_from_card else None
    trust = trust if card is None else replace(trust, from_card=card.read)
    found = judge(file, signature, trust, following(), target=target)
    if expected is not None:
        found = replace(found, signatures=expect_signer(found.signatures, expected))
    _show(app, result, found)
    if card is not None:
        result["card_ca"] = card.facts()
    _tell_extracted(app, result, target)
    if not found.passed:
        remedies = _remedies(found.signatures, card)
        raise CliError(Failure(EXIT_CHECK, "check_failed", M("At least one check failed."), remedies))
    app.print_result()


def _extract_target(name: str) -> FileTarget:
    """Look at the output before anything is read; it must not exist."""
    from pathlib import Path

    from jpki.errors import FileError
    from jpki.files import FileTarget

    if name == "-":
        raise usage_error(M("--extract writes a file; the results of the checks go to standard output."))
    try:
        return FileTarget(Path(name))
    except FileError as exc:
        exc.values["is_never_replaced"] = True
        raise


def _show(app: AppContext, result: VerifyResult, found: VerifyReport) -> None:
    from jpki.files import PARTS, UNSIGNED_PARTS
    from jpki.outside_text import visible
    from jpki_cli.screens import signature as screen
    from jpki_cli.terminal import wrap

    sources = found.sources
    result.update(
        {
            "signature_file": str(sources.signature),
            "content_file": None if sources.content is None else str(sources.content),
            "content": sources.kind,
        }
    )
    if sources.is_pdf:
        result["pdf_parts"] = list(found.pdf_parts)
    if (unsigned := sources.unsigned_part()) is not None:
        result["unsigned_part"] = unsigned
    result["signatures"] = [screen.facts(report) for report in found.signatures]
    if not app.options.json:
        for part in found.pdf_parts:
            click.echo(wrap(visible(str(PARTS[part].with_values(path=sources.signature.name)))))
        if unsigned is not None:
            click.echo(wrap(visible(str(UNSIGNED_PARTS[unsigned].with_values(signature=sources.signature.name)))))
        click.echo(screen.render(found.signatures, sources.sentence(), is_verbose=app.options.verbose), nl=False)


def _tell_extracted(app: AppContext, result: VerifyResult, target: FileTarget | None) -> None:
    """Say whether the content was written."""
    if target is None:
        return
    is_written = target.path is not None and target.path.exists()
    result["extracted"] = str(target.path) if is_written else None
    if is_written:
        app.note(M("The signed content was written to {path}.", path=target.path))
    else:
        app.note(M("The content was not written, because content, signature and issuer did not all pass."))


def _remedies(reports: tuple[SignerReport, ...], card: CardCa | None) -> tuple[Message, ...]:
    """Say where the issuer's certificate can come from, if it was missing."""
    from jpki_cli.signing import lacks_ca

    if card is not None:
        return card.others(reports)
    if not any(lacks_ca(report) for report in reports):
        return ()
    return (
        M(
            "The issuer's certificate is not in the signature. Give it with --ca FILE, or read it from a My Number "
            "Card with --ca-from-card, without a PIN."
        ),
    )


def _trust(options: _Options) -> Trust:
    from jpki.signing.cms import Trust

    test = simulated_issuers() if options.allow_test else ()
    return Trust(
        read_issuers(options.ca, options.issuer_sha256, test=test),
        allow_auth=options.allow_auth,
        time_stamp_cas=read_issuers(options.timestamp_ca, ()).certificates,
    )


command = Command(
    "verify",
    params=[
        click.Argument(["file"]),
        click.Argument(["signature"], required=False),
        *issuer_options(),
        Option(
            ["--ca-from-card"],
            is_flag=True,
            help=M("Read the CA certificate from the card, without a PIN; it is accepted only if it is a J-LIS one."),
        ),
        Option(
            ["--timestamp-ca"],
            multiple=True,
            metavar="FILE",
            help=M("CA certificate of a time stamp service that you trust, in DER or PEM; may be a bundle."),
        ),
        Option(
            ["--expect-signer"],
            metavar="CERT|SHA256",
            help=M(
                "Fail unless this certificate signed the file: give its file, or the SHA-256 of the certificate "
                "or of its key."
            ),
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
        "Check a signed file: content, signature, certificate, issuer, period, use and policy, each separately. In "
        "a PDF every signature is checked, including whether it covers the whole file and what was added after "
        "it.\n\nFILE is what is checked: its content is compared with what the signature signs. Without SIGNATURE, "
        "FILE.p7s or FILE.p7m in the same folder is used; if FILE is itself a signature with its content inside, "
        "no file is compared. Needs no card, unless --ca-from-card is used. The exit code is 7 if a check fails. "
        "Whether a certificate was revoked cannot be checked; verifying signatures as a business needs the "
        "minister's approval."
    ),
    examples=(
        "jpki verify contract.txt",
        "jpki verify contract-signed.pdf",
        "jpki verify contract.txt contract.txt.p7s --json",
        "jpki verify a.txt.p7m --extract a.txt",
        "jpki verify contract.txt --ca-from-card",
    ),
)
