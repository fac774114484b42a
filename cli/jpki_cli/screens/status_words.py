"""Status words in words, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.words import N_
from jpki_cli.words import M, Message

if TYPE_CHECKING:
    from jpki.iso7816 import StatusWord

#: The library's English words (jpki.iso7816.status), marked for the catalogues.
PATTERNS: Final = (
    N_("no error"),
    N_("part of the returned data may be corrupted"),
    N_("end of file reached before Le bytes"),
    N_("verification failed, no limit of tries"),
    N_("execution error, state unchanged"),
    N_("execution error, state changed"),
    N_("memory failure"),
    N_("security function not configured"),
    N_("wrong length"),
    N_("logical channel not supported"),
    N_("secure messaging not supported"),
    N_("command incompatible with file structure"),
    N_("security status not satisfied"),
    N_("authentication method blocked"),
    N_("reference data blocked or not usable"),
    N_("conditions of use not satisfied"),
    N_("no current elementary file"),
    N_("incorrect parameters in the data field"),
    N_("function not supported"),
    N_("file or application not found"),
    N_("record not found"),
    N_("not enough memory in the file"),
    N_("incorrect parameters P1-P2"),
    N_("referenced data not found"),
    N_("offset outside the file"),
    N_("instruction not supported"),
    N_("class not supported"),
    N_("no precise diagnosis"),
    N_("secure messaging not possible here"),
    N_("verification failed, tries left: {n}"),
    N_("{n} more bytes available"),
    N_("wrong Le, exact length is {n}"),
)


def status_word_text(sw: StatusWord) -> Message:
    """Say what a status word means."""
    if not sw.pattern:
        return M("a status word without a known meaning")
    return M(sw.pattern, n=sw.number)
