"""Using the auth key for one signature or a few: the PIN once, and what became of it in the JSON object."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from jpki.card import Pin
from jpki.errors import CardError, DataError, SecurityStatusError, SignatureInvalidError
from jpki.identifiers import CertificateKind
from jpki_cli.failures import EXIT_CHECK, CliError, Failure
from jpki_cli.words import M

from .absent import naming_absence, require_certificate
from .options import SecretOptions, read_script_secrets, require_person
from .use import PinUse, note_use

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.card import MyNumberCard
    from jpki.signing import SigningKey
    from jpki_cli.app import AppContext
    from jpki_cli.results.holder import AuthSignResult, AuthTestResult

T = TypeVar("T")


def use_auth_key(
    app: AppContext, result: AuthTestResult | AuthSignResult, options: SecretOptions, work: Callable[[SigningKey], T]
) -> T:
    """Open the auth key with its PIN, from a person or a script, do one piece of work with it, and return its result.

    ``result`` is told what became of the PIN.

    Raises:
        CliError: exit code 6, the card has no auth certificate; 7, its key does not belong to it.
        KeyNotSupportedError: the key is of another kind; nothing was asked or sent, where the certificate needs no PIN.
    """
    from jpki.signing import open_key

    secret = read_script_secrets([(Pin.AUTH, False)], options)[0] if options.is_script else None
    if secret is None:
        require_person()
    use = PinUse(app, Pin.AUTH, options, secret, partial(note_use, result))
    kind = CertificateKind.AUTH
    with ExitStack() as stack:
        card = stack.enter_context(app.open_card())
        if secret is not None:
            stack.enter_context(card.transaction())  # one for everything: no question is asked in between
        found = _read_auth_certificate(card)

        def opened(card: MyNumberCard) -> T:
            # A person's card may have been exchanged since it was read: then it is read again.
            is_known = found is not None and (secret is not None or use.was_shown(found))
            return work(open_key(card, kind, with_ca=False, certificate=found if is_known else None))

        with _naming_mismatch(result), naming_absence(kind):
            return use.run(card, opened)


def _read_auth_certificate(card: MyNumberCard) -> bytes | None:
    """Refuse, before a PIN is asked for, a key that cannot be used; None: a phone, whose certificate needs the PIN."""
    from jpki.signing import require_key

    try:
        with card.transaction():
            certificate = card.read_certificate(CertificateKind.AUTH)
        require_key(certificate)
    except SecurityStatusError:
        return None
    except (CardError, DataError):
        require_certificate(card, CertificateKind.AUTH)
        raise
    return certificate


@contextmanager
def _naming_mismatch(result: AuthTestResult | AuthSignResult) -> Iterator[None]:
    """Tell a signature that does not match the certificate from other answers that make no sense."""
    try:
        yield
    except DataError as exc:
        if not isinstance(exc.__cause__, SignatureInvalidError):
            raise
        if result["schema"] == "jpki.auth-test/1":
            result["outcome"] = "mismatch"
        message = M(
            "What the card signed does not match its user certificate: the key does not belong to the certificate."
        )
        raise CliError(Failure(EXIT_CHECK, "key_mismatch", message)) from exc
