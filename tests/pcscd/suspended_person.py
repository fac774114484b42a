"""The person of window_person.py at a computer that goes to sleep amid the use of a PIN: this process stops itself.

Usage: suspended_person.py WHEN SECONDS READER. It sleeps once: WHEN is "typing", when the second secret is asked for,
or "before:" or "after:" and a command to the card ("before:verify"). Continued, its clock is so many SECONDS further
by scripts/shifted-clock.c, which has to be loaded.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from jpki.transport import pcsc_session
from jpki_sim.faults.plan import COMMAND_NAMES
from pcscd import window_person

if TYPE_CHECKING:
    from collections.abc import Iterator

WHEN, SECONDS = sys.argv.pop(1), sys.argv.pop(1)
transmit = pcsc_session.CardSession.transmit
characters = window_person.characters
asked: list[bool] = []
stopped: list[bool] = []


def stop(when: str) -> None:
    """Sleep, if this is when."""
    if when == WHEN and not stopped:
        stopped.append(True)
        before = time.time()
        os.kill(os.getpid(), signal.SIGSTOP)
        os.environ["JPKI_TEST_CLOCK_SHIFT"] = SECONDS
        assert time.time() - before >= float(SECONDS), "the clock was not moved"


def stopping_transmit(self: pcsc_session.CardSession, command: list[int]) -> bytes:
    """Send a command, with the moments before and after it."""
    # No copy of what follows the header: it is a PIN.
    head = bytes(command[:2]) + bytes(len(command) - 2)
    names = [name for name in ("verify", "change") if COMMAND_NAMES[name](head)]
    for name in names:
        stop(f"before:{name}")
    answer = transmit(self, command)
    for name in names:
        stop(f"after:{name}")
    return answer


def stopping_characters(secret: window_person.Secret) -> Iterator[str]:
    """The keys of a secret, with the moment before the second one."""
    asked.append(True)
    if len(asked) > 1:
        stop("typing")
    return characters(secret)


setattr(pcsc_session.CardSession, "transmit", stopping_transmit)  # noqa: B010 - in the place of the true one
setattr(window_person, "characters", stopping_characters)  # noqa: B010
window_person.main()
