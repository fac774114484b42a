"""Runs every case of a fault while a PIN is used (faultfamilies.py), and prints how many told something untrue."""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from faultcases import sample
from faultfamilies import FAMILIES, cases_of, misreports_of

_AT_ONCE = 200
_SHOWN = 20


def main() -> int:
    """Run the families that are named, or all; exit code 1 where anything untrue was told."""
    parser = argparse.ArgumentParser(prog="scripts/enumerate-faults", description=__doc__)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=", ".join(FAMILIES))
    parser.add_argument("--share", type=int, default=1, metavar="N", help="run one case of N")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes")
    options = parser.parse_args()
    _say("| family | cases | run | told something untrue | seconds |\n|---|---|---|---|---|")
    is_bad = False
    with ProcessPoolExecutor(options.jobs) as pool:
        for family in options.families or FAMILIES:
            begin = time.monotonic()
            found = list(cases_of(family))
            chosen = found if options.share == 1 else sample(found, options.share)
            parts = [(family, chosen[at : at + _AT_ONCE]) for at in range(0, len(chosen), _AT_ONCE)]
            bad = [told for part in pool.map(_run, parts) for told in part]
            row = (family, f"{len(found):,}", f"{len(chosen):,}", str(len(bad)), f"{time.monotonic() - begin:.0f}")
            _say(f"| {' | '.join(row)} |")
            for case, lies in bad[:_SHOWN]:
                sys.stderr.write(f"  {case}: {'; '.join(lies)}\n")
            is_bad = is_bad or bool(bad)
    return int(is_bad)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _run(part: tuple[str, list[Any]]) -> list[tuple[Any, list[str]]]:
    family, chosen = part
    found = [(case, misreports_of(family, case)) for case in chosen]
    return [(case, lies) for case, lies in found if lies]


if __name__ == "__main__":
    sys.exit(main())
