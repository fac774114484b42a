"""A certificate on the screen, and in the formats of other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.certificate import notes, period_calendar, rows
from jpki.words import CERTIFICATES
from jpki_cli.terminal import table, wrap

if TYPE_CHECKING:
    from datetime import date, datetime

    from jpki.identifiers import CertificateKind


def ssh(der: bytes) -> bytes:
    """Write the public key as a line of OpenSSH's authorized_keys."""
    from jpki.certificate import openssh_public_key

    return openssh_public_key(der, "jpki-auth").encode() + b"\n"


def ics(kind: CertificateKind, der: bytes, at: datetime, card_expires: date | None = None) -> bytes:
    """Write the time of renewal as a calendar entry without personal data."""
    from jpki.certificate import period_of, read_summary

    return period_calendar(kind, period_of(read_summary(der), at), at, card_expires)


def render(kind: CertificateKind, der: bytes, at: datetime, card_expires: date | None = None) -> str:
    """Return the whole screen."""
    described = table([[str(label), value] for label, value in rows(kind, der, at, card_expires)])
    below = [wrap(str(note)) for note in notes(kind, der, at, card_expires)]
    return "\n".join([str(CERTIFICATES[kind.value]), *described, *below]) + "\n"
