"""The program in a process of its own, on a given day: ``python ongivenday.py INSTANT ARGUMENT…``.

It puts another clock where tests in this process put theirs (tests/conftest.py). The program has no such switch.
"""

from __future__ import annotations

import sys
from datetime import datetime

from jpki_cli.app import clock
from jpki_cli.main import main
from jpki_sim import dates


def on_given_day(*arguments: str) -> list[str]:
    """The command line that runs the program at the instant that tests of this process are given."""
    return [sys.executable, __file__, dates.now().isoformat(), *arguments]


if __name__ == "__main__":
    at = datetime.fromisoformat(sys.argv.pop(1))
    dates.now = lambda: at.astimezone(dates.JST)
    clock.now = lambda: at
    main()
