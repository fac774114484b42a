"""Waits until the reader whose name ends as given is `empty` or holds a card (`present`), as PC/SC sees it.

Usage: await_reader.py SUFFIX empty|present SECONDS. Exits 0 when it is so, 1 with what was seen when time is up. It
speaks to the service through pyscard's bare functions, so that nothing of the program under test is needed.
"""

import sys
import time

from smartcard import scard

STEP_MS = 200
WANTED = {"empty": scard.SCARD_STATE_EMPTY, "present": scard.SCARD_STATE_PRESENT}


def find_reader(context: object, suffix: str) -> str | None:
    """Returns the name of the reader that ends in the suffix, if it is there."""
    _, names = scard.SCardListReaders(context, [])
    return next((name for name in names if name.endswith(suffix)), None)


def wait(suffix: str, wanted: int, seconds: float) -> str | None:
    """Returns None once the reader is in the wanted state, else what was seen last."""
    deadline = time.monotonic() + seconds
    seen = "no answer from the service"
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    while time.monotonic() < deadline:
        if result != scard.SCARD_S_SUCCESS:
            time.sleep(STEP_MS / 1000)
            result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
            continue
        name = find_reader(context, suffix)
        state, seen = scard.SCARD_STATE_UNAWARE, f"no reader whose name ends in {suffix!r}"
        if name is not None:
            _, states = scard.SCardGetStatusChange(context, 0, [(name, state)])
            state, seen = states[0][1], f"{name}: state {states[0][1]:#x}"
        if state & wanted:
            return None
        if name is None:
            time.sleep(STEP_MS / 1000)
        else:
            scard.SCardGetStatusChange(context, STEP_MS, [(name, state)])
    return seen


if __name__ == "__main__":
    problem = wait(sys.argv[1], WANTED[sys.argv[2]], float(sys.argv[3]))
    if problem is not None:
        sys.stderr.write(problem + "\n")
        sys.exit(1)
