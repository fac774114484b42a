"""Using the auth key for one signature or a few: the PIN once, and what became of it in the JSON object."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from jpki.card import Pin
from jpki.errors import DataError, SecurityStatusError, SignatureInvalidError
from jpki.identifiers import CertificateKind
from jpki_cli.failures import EXIT_CARD, EXIT_CHECK, CliError, Failure
from jpki_cli.words import M

from .options import SecretOptions, read_batch, require_person
from .use import PinUse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.card import MyNumberCard
    from jpki.signing import SigningKey
    from jpki_cli.app import AppContext

T = TypeVar("T")


def use_auth_key(app: AppContext, options: SecretOptions, work: Callable[[SigningKey], T]) -> T:
    """Open the auth key with its PIN, from a person or a script, do one piece of work with it, and return its result.

    Raises:
        CliError: exit code 6, the card has no auth certificate; 7, its key does not belong to it.
        KeyNotSupportedError: the key is of another kind; nothing was asked or sent, where the certificate needs no PIN.
    """
    from jpki.signing import open_key

    secret = read_batch([(Pin.AUTH, False)], options)[0] if options.is_batch else None
    if secret is None:
        require_person()
    use = PinUse(app, Pin.AUTH, options, secret)
    with app.open_card() as card:
        require_auth_certificate(card)
        _require_auth_key(card)
        with _naming_mismatch(app):
            return use.run(card, lambda opened: work(open_key(opened, CertificateKind.AUTH, with_ca=False)))


def require_auth_certificate(card: MyNumberCard) -> None:
    """Refuse, before a PIN is asked for, a card that says that it has no auth certificate."""
    from jpki.words import CERTIFICATES
    from jpki_cli.words import absent

    with card.transaction():
        presence = card.read_presence()
    if presence.auth is False:
        message = M("{certificate}: {reason}", certificate=CERTIFICATES["auth"], reason=absent("auth"))
        raise CliError(Failure(EXIT_CARD, "certificate_absent", message))


def _require_auth_key(card: MyNumberCard) -> None:
    """Refuse, before a PIN is asked for, a key that cannot be used; a phone gives its certificate after the PIN."""
    from jpki.signing import require_key

    try:
        with card.transaction():
            certificate = card.read_certificate(CertificateKind.AUTH)
    except SecurityStatusError:
        return
    require_key(certificate)


@contextmanager
def _naming_mismatch(app: AppContext) -> Iterator[None]:
    """Tell a signature that does not match the certificate from other answers that make no sense."""
    try:
        yield
    except DataError as exc:
        if not isinstance(exc.__cause__, SignatureInvalidError):
            raise
        if "outcome" in app.facts:
            app.facts["outcome"] = "mismatch"
        message = M("What the card signed does not match its user certificate: the key is not the certificate's.")
        raise CliError(Failure(EXIT_CHECK, "key_mismatch", message)) from exc
