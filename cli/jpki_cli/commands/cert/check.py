"""``jpki cert check``: period, issuer pin, signature, use and policy of a certificate, each by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from jpki.identifiers import CertificateKind
from jpki_cli.app import AppContext, Command, at_option, parse_at, pass_app
from jpki_cli.certificate import issuer_options, read_certificate, read_issuers, script_secret, simulated_issuers
from jpki_cli.failures import EXIT_CHECK, CliError, Failure
from jpki_cli.pin import secret_options, take_secret_options
from jpki_cli.words import M

if TYPE_CHECKING:
    from datetime import date, datetime

    from jpki.card import MyNumberCard
    from jpki.certificate import Issuers
    from jpki.certificate.checks import CheckReport
    from jpki_cli.results.certificates import CertCheckResult


@pass_app
def _check(app: AppContext, /, kind: str, at: str | None, **values: Any) -> None:
    from jpki.certificate.checks import check
    from jpki_cli.screens import check as screen

    wanted = CertificateKind(kind)
    options = take_secret_options(values)
    ca, issuer_sha256 = values["ca"], values["issuer_sha256"]
    when = parse_at(at)
    issuers = read_issuers(ca, issuer_sha256, test=() if app.options.sim is None else simulated_issuers())
    result: CertCheckResult = {"schema": "jpki.cert-check/1", "kind": wanted.value}
    app.start_result(result)
    secret = script_secret(wanted, options)
    with app.open_card() as card:
        certificate = read_certificate(app, card, wanted, (options, secret), result)
        ca_certificate = _choose(issuers, certificate)
        others = _Others(card, wanted, needs_ca=ca_certificate is None)
    report = check(
        certificate,
        ca_certificate or others.ca_certificate,
        when,
        kind=wanted,
        test_anchors=issuers.test,
        accepted=issuers.accepted,
    )
    ends_with = _ends_with(report, certificate, others)
    if app.options.json:
        screen.note(result, report, when, ends_with)
    else:
        click.echo(screen.render(report, ends_with), nl=False)
    if report.failures:
        raise CliError(Failure(EXIT_CHECK, "check_failed", M("At least one check failed.")))
    app.print_result()


class _Others:
    """What else the card says that a check needs, read without a PIN; None if it does not say."""

    def __init__(self, card: MyNumberCard, kind: CertificateKind, *, needs_ca: bool) -> None:
        from jpki.certificate import read_summary
        from jpki.errors import CardError, DataError

        self.ca_certificate: bytes | None = None
        self.card_expiry: date | None = None
        self.auth_not_after: datetime | None = None
        with card.transaction():
            try:
                if needs_ca and not kind.is_ca:
                    self.ca_certificate = card.read_certificate(kind.issuer)
            except (CardError, DataError):
                self.ca_certificate = None
            try:
                if kind is CertificateKind.SIGN:
                    self.auth_not_after = read_summary(card.read_certificate(CertificateKind.AUTH)).not_after
                self.card_expiry = card.read_card_expiry()
            except (CardError, DataError):
                return


def _choose(issuers: Issuers, certificate: bytes) -> bytes | None:
    """Choose the issuer's certificate: among those that were named, or else those that come along."""
    from jpki.certificate import matching

    if not issuers.certificates:
        return issuers.find(certificate)
    return next(iter(matching(certificate, issuers.certificates)), issuers.certificates[0])


def _ends_with(report: CheckReport, certificate: bytes, others: _Others) -> tuple[str, ...] | None:
    """Say which rules name the last day; None for a CA certificate, which has none of them."""
    from jpki.certificate import end_rules, read_details, read_summary

    if report.kind.is_ca:
        return None
    birth = read_details(certificate).personal.birth_date
    rules = end_rules(
        read_summary(certificate),
        birth_date=None if birth is None else birth.day,
        card_expiry=others.card_expiry,
        auth_not_after=others.auth_not_after,
    )
    return tuple(rule.value for rule in rules)


command = Command(
    "check",
    params=[
        click.Argument(["kind"], type=click.Choice([kind.value for kind in CertificateKind])),
        *issuer_options(),
        at_option(),
        *secret_options(on_keys=True),
    ],
    callback=_check,
    text=M(
        "Check a certificate: period, issuer, signature, use and policy, each separately.\n\nThe issuer's "
        "certificate comes with this program or is read from the card, and is accepted only if it is one of the "
        "six of J-LIS that this program knows; with --ca only those in FILE are considered. Whether a certificate "
        "was revoked cannot be checked. The exit code is 7 if a check fails."
    ),
    examples=("jpki cert check auth", "jpki cert check auth --at 2030-01-01 --json"),
)
