"""Using the auth key for one signature or a few: the PIN once, and what became of it in the JSON object."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jpki.card.pin import Pin
from jpki.errors import DataError, SecurityStatusError, SignatureInvalidError
from jpki.identifiers import CertificateKind
from jpki_cli.failures.explain import EXIT_CARD, EXIT_CHECK, CliError, Failure
from jpki_cli.pin.entry import SecretOptions, read_batch, require_person, use_batch
from jpki_cli.pin.facts import noting_pin
from jpki_cli.pin.pads import with_pin_or_pad
from jpki_cli.words.i18n import M

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.card.my_number_card import MyNumberCard
    from jpki.pin.commands import TryPolicy
    from jpki.pin.pad import PinPad
    from jpki.pin.secret import Secret
    from jpki.signing.key import SigningKey
    from jpki_cli.app.context import AppContext


def use_auth_key(app: AppContext, options: SecretOptions, work: Callable[[SigningKey], None]) -> None:
    """Open the auth key with its PIN, from a person or a script, and do one piece of work with it.

    Raises:
        CliError: exit code 6, the card has no auth certificate; 7, its key does not belong to it.
        KeyNotSupportedError: the key is of another kind; nothing was asked or sent, where the certificate needs no PIN.
    """
    secret = read_batch([(Pin.AUTH, False)], options)[0] if options.is_batch else None
    if secret is None:
        require_person()
    with app.open_card() as card:
        require_auth_certificate(card)
        _require_auth_key(card)

        def use(entry: Secret | PinPad, policy: TryPolicy) -> None:
            _open(app, card, entry, policy, work)

        with noting_pin(app):
            if secret is None:
                with_pin_or_pad(app, card, Pin.AUTH, options, use)
            else:
                use_batch(app, secret, options, use)


def require_auth_certificate(card: MyNumberCard) -> None:
    """Refuse, before a PIN is asked for, a card that says that it has no auth certificate."""
    from jpki.words.names import CERTIFICATES
    from jpki_cli.words.sentences import absent

    with card.transaction():
        presence = card.read_presence()
    if presence.auth is False:
        message = M("{certificate}: {reason}", certificate=CERTIFICATES["auth"], reason=absent("auth"))
        raise CliError(Failure(EXIT_CARD, "certificate_absent", message))


def _require_auth_key(card: MyNumberCard) -> None:
    """Refuse, before a PIN is asked for, a key that cannot be used; a phone gives its certificate after the PIN."""
    from jpki.signing.key import require_key

    try:
        with card.transaction():
            certificate = card.read_certificate(CertificateKind.AUTH)
    except SecurityStatusError:
        return
    require_key(certificate)


def _open(
    app: AppContext,
    card: MyNumberCard,
    entry: Secret | PinPad,
    policy: TryPolicy,
    work: Callable[[SigningKey], None],
) -> None:
    """Present the PIN once and do one piece of work with the key."""
    from jpki.signing.key import signing_key

    with (
        _naming_mismatch(app),
        signing_key(card, CertificateKind.AUTH, entry, policy, with_ca=False) as key,
    ):
        work(key)


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
