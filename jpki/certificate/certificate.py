"""One certificate, as a program gets it: its bytes, and each reading of them when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jpki.identifiers import CertificateKind

    from .details import CertificateDetails
    from .period import Period
    from .summary import CertificateSummary


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of the card in DER; nothing of it is looked at until it is asked for.

    Its ``repr`` shows the kind only: bytes, names and serial number tell whose card it is.
    """

    kind: CertificateKind
    der: bytes

    def __repr__(self) -> str:
        return f"<Certificate {self.kind.value}>"

    def summary(self) -> CertificateSummary:
        """Read period, issuer and policies, without loading any library; raises CertificateError."""
        from .summary import read_summary

        return read_summary(self.der)

    def details(self) -> CertificateDetails:
        """Read everything that it says; raises CertificateError."""
        from .details import read_details

        return read_details(self.der)

    def period(self, *, at: datetime | None = None) -> Period:
        """Return where an instant (now) is in its period, and until when it can be renewed; raises CertificateError."""
        from .period import period_of

        return period_of(self.summary(), at or datetime.now(UTC))

    def pem(self) -> str:
        """Write it as PEM (RFC 7468)."""
        return write_pem(self.der)


def write_pem(der: bytes) -> str:
    """Write a certificate as PEM (RFC 7468)."""
    from base64 import b64encode

    text = b64encode(der).decode()
    lines = "\n".join(text[i : i + 64] for i in range(0, len(text), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"
