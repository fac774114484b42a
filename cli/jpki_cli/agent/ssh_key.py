"""The key that ``jpki ssh agent`` is started for: what is wrong with it is said at once, not to each client."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from jpki.agent import errors as agent_errors
from jpki.identifiers import CertificateKind
from jpki_cli.failures import EXIT_INTERRUPTED, CliError, Failure
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki.agent import CardAccess, CardView, Signer
    from jpki.card import MyNumberCard
    from jpki_cli.app import AppContext
    from jpki_cli.results.common import ReaderResult

_SECONDS: Final = 1.0


def require_ssh_key(app: AppContext, result: ReaderResult, cards: CardAccess, signer: Signer) -> None:
    """Have the certificate read whose key is to be offered, with the PIN of a phone.

    Raises:
        CliError: the card has no such key, or the PIN of a phone was not given.
        JpkiError: it cannot be read, or its key is of another kind.
    """
    from jpki.signing import require_key
    from jpki_cli.pin import require_certificate

    view = _await_card(app, cards)
    if view is None:
        cards.ask(lambda card: require_certificate(card, CertificateKind.AUTH))
        certificate = cards.ask(_read_certificate)
    else:
        certificate = view.auth or _learn(signer, view)
        result.setdefault("reader", view.reader)
    require_key(certificate)


def _await_card(app: AppContext, cards: CardAccess) -> CardView | None:
    left = app.options.wait
    while (view := cards.look()) is None and left > 0:
        cards.await_change(None, min(left, _SECONDS))
        left -= _SECONDS
    return view


def _read_certificate(card: MyNumberCard) -> bytes:
    from jpki.certificate import split

    found = card.read_certificate(CertificateKind.AUTH)
    split(found)
    return found


def _learn(signer: Signer, view: CardView) -> bytes:
    from jpki.agent import Client, describe

    if sys.platform == "win32":
        raise OSError("the agent is for POSIX systems")
    own = Client(describe(os.getpid(), os.geteuid()), lambda: True, "own")
    try:
        return signer.learn_phone_certificate(own, view)
    except (agent_errors.DialogDeclinedError, agent_errors.NoDialogError) as exc:
        message = M("The user certificate of this phone was not read: no PIN was entered.")
        raise CliError(Failure(EXIT_INTERRUPTED, "interrupted", message)) from exc
