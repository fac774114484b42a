"""The CA certificate on a card, for ``jpki verify --ca-from-card``: read without a PIN, and no proof by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki_cli.failures import EXIT_CARD, CliError, Failure, explain
from jpki_cli.words import M, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jpki.identifiers import CertificateKind
    from jpki.signing.cms import SignerReport
    from jpki_cli.app import AppContext
    from jpki_cli.results.signing import CardCaFacts


class CardCa:
    """Reads each kind of CA certificate once, when a signature needs it; ``found`` are those that were read."""

    def __init__(self, app: AppContext) -> None:
        """Touch nothing yet."""
        self._app = app
        self.found: dict[CertificateKind, bytes] = {}

    def read(self, kind: CertificateKind) -> bytes:
        """Read it from the card that the global options mean.

        Raises:
            CliError: exit code 6, the card does not hold it.
        """
        if kind not in self.found:
            self.found[kind] = self._read(kind)
        return self.found[kind]

    def _read(self, kind: CertificateKind) -> bytes:
        from jpki.errors import DataError, FileNotFoundOnCardError
        from jpki.words import CERTIFICATES

        try:
            with self._app.open_card() as card, card.transaction():
                return card.read_certificate(kind)
        except FileNotFoundOnCardError as exc:
            message = M("This card does not have the {certificate}.", certificate=CERTIFICATES[kind.value])
            raise CliError(Failure(EXIT_CARD, "not_on_card", message)) from exc
        except DataError as exc:  # reported here as the card's fault: elsewhere it would be taken for the signature's
            raise CliError(explain(exc)) from exc

    def facts(self) -> list[CardCaFacts]:
        """Return the JSON member ``card_ca``."""
        return [{"kind": kind.value, "issuer": _label(found)} for kind, found in self.found.items()]

    def others(self, reports: Sequence[SignerReport]) -> tuple[Message, ...]:
        """Name each CA certificate of the card that is not the issuer of a signer's certificate."""
        return tuple(
            M(
                "The CA certificate on the card is a different one: {found}. The signer's certificate names {wanted}.",
                found=_named(self.found[kind]),
                wanted=_issuer_words(report.issuer),
            )
            for report in reports
            for kind in self.found
            if lacks_ca(report) and report.kind is not None and kind is report.kind.issuer
        )


def lacks_ca(report: SignerReport) -> bool:
    """Whether no certificate of the signer's issuer was found anywhere."""
    from jpki.certificate.checks import CheckItem, CheckReason

    result = None if report.certificate is None else report.certificate.result_of(CheckItem.ISSUER_PIN)
    return result is not None and result.reason is CheckReason.NO_CA_CERTIFICATE


def _label(certificate: bytes) -> str | None:
    """The label of a CA certificate of J-LIS, ``test`` for one that calls itself TEST, None for any other."""
    from jpki.certificate import TEST_LABEL, is_test_issuer, known_issuer, read_summary
    from jpki.errors import CertificateError

    pin = known_issuer(certificate)
    if pin is not None:
        return pin.label
    try:
        return TEST_LABEL if is_test_issuer(read_summary(certificate).issuer_organisations) else None
    except CertificateError:
        return None


def _named(certificate: bytes) -> Message:
    from jpki.certificate import in_japan, read_summary
    from jpki.errors import CertificateError

    try:
        year = in_japan(read_summary(certificate).not_before).year
    except CertificateError:
        return M("a certificate that cannot be read")
    return M("{issuer}, of the year {year}", issuer=_issuer_words(_label(certificate)), year=year)


def _issuer_words(label: str | None) -> Message:
    from jpki.certificate import TEST_LABEL

    if label is None:
        return M("an unknown issuer")
    if label == TEST_LABEL:
        return M("a TEST issuer")
    return M("the J-LIS certificate {details}", details=label)
