"""What the agent says on its terminal about requests by SSH."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from jpki.agent import errors as agent_errors
from jpki.agent.dialogs import Use
from jpki.errors import JpkiError, NoCardError
from jpki_cli.failures import explain
from jpki_cli.words import M, Message

if TYPE_CHECKING:
    from jpki.agent.dialogs import Purpose
    from jpki_cli.app import AppContext

_NOBODY: Final = M("Not signed: no PIN was entered.")
_REASONS: Final[dict[type[JpkiError], Message]] = {
    agent_errors.NoDialogError: M(
        "The agent cannot ask for the PIN: it has no terminal of its own, and SSH_ASKPASS is not set to a program."
    ),
    agent_errors.AnotherKeyError: M(
        "The card's key is not the one that the agent offers. The PIN was correct; nothing was signed."
    ),
}


class TerminalJournal:
    """Writes to stderr; see :class:`jpki.agent.ssh.service.Journal`."""

    def __init__(self, app: AppContext) -> None:
        """Write as the command's other notes are written."""
        self._app = app

    def _tell(self, message: Message) -> None:
        with suppress(OSError):  # nobody reads it any more: the terminal is closed, and who asked waits for the answer
            self._app.note(message)

    def signed(self, purpose: Purpose) -> None:
        """Say for what."""
        self._tell(purpose_sentence(purpose))
        self._tell(M("Signed."))

    def not_signed(self, purpose: Purpose, error: JpkiError) -> None:
        """Say for what, why, and what can be done."""
        self._tell(purpose_sentence(purpose))
        if isinstance(error, agent_errors.DialogDeclinedError | agent_errors.RequesterGoneError):
            self._tell(_NOBODY)
            return
        if isinstance(error, agent_errors.CardAbsentError):
            error = NoCardError("no card")
        failure = explain(error)
        self._tell(M("Not signed. {reason}", reason=_REASONS.get(type(error), failure.message)))
        for line in () if type(error) in _REASONS else failure.remedy:
            self._tell(line)

    def refused(self, reason: str) -> None:
        """Say why."""
        self._tell(M("A request was refused: {reason}", reason=reason))


def purpose_sentence(purpose: Purpose) -> Message:
    """Say what is to be signed."""
    details = purpose.details
    if purpose.use is Use.SSH_SIGNATURE:
        return M("A program wants a signature over data (SSHSIG) for “{namespace}”.", namespace=details[0])
    if purpose.use is Use.SSH_LOGIN:
        return M("A program wants to log in by SSH as “{user}”; the request does not name the server.", user=details[0])
    return M(
        "A program wants to log in by SSH as “{user}” at the server with the host key {host_key}.",
        user=details[0],
        host_key=details[1],
    )
