"""A certificate that is not on the card: what is said of it, and of its PIN, which has no use."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jpki.errors import PinBlockedError
from jpki_cli.failures.explain import EXIT_CARD, CliError, Failure
from jpki_cli.words.i18n import M

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jpki.card.my_number_card import MyNumberCard
    from jpki.identifiers import CertificateKind


def absent_certificate(kind: CertificateKind) -> CliError:
    """Make the failure, exit code 6."""
    from jpki.words.names import CERTIFICATES
    from jpki_cli.words.sentences import absent

    message = M("{certificate}: {reason}", certificate=CERTIFICATES[kind.value], reason=absent(kind.value))
    return CliError(Failure(EXIT_CARD, "certificate_absent", message))


def require_certificate(card: MyNumberCard, kind: CertificateKind) -> None:
    """Refuse, before a PIN is asked for, a card that says that it has no such certificate."""
    with card.transaction():
        presence = card.read_presence()
    if presence.of(kind) is False:
        raise absent_certificate(kind)


@contextmanager
def naming_absence(kind: CertificateKind) -> Iterator[None]:
    """Say of a PIN that answers as locked, because it has no use, that its certificate is not there.

    A script is spared the question beforehand: the counter is read before its secret is sent anyhow.
    """
    try:
        yield
    except PinBlockedError as exc:
        if exc.lacks_certificate:
            raise absent_certificate(kind) from exc
        raise
