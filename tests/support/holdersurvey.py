"""Random holders whose cards are surveyed: what of them, and what that differs, is in the results.

Run by itself it takes the number of holders: ``python tests/support/holdersurvey.py 10000``.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from canaries import forms, spellings
from surveying import survey_of

from jpki.survey import SCHEMA
from jpki_cli.screens import render_survey
from jpki_sim.card import rsa

if TYPE_CHECKING:
    from surveying import Holder

#: A length of these two is of the holder's own text, so its class of 256 bytes may differ.
OF_HOLDER = ("sign.opens_certificate",)


def sign_alike_once() -> None:
    """Have the simulated cards of this process remember signatures: all sign one sentence with a few TEST keys."""
    rsa.private_operation = cache(rsa.private_operation)


def survey_text(holder: Holder) -> tuple[dict[str, Any], str]:
    """The JSON object of a survey of this person's card with everything that can be asked, and the files as text."""
    result = survey_of(holder.card(), values=holder.pins)
    value = {"schema": SCHEMA, **result.facts()}
    return value, json.dumps(value) + render_survey(result)


def found_in(holder: Holder, text: str) -> list[str]:
    """What of a person is in a text, in whatever spelling."""
    folded = text.casefold()
    near = [secret for secret in holder.secrets() if any(form.casefold() in folded for form in spellings(secret))]
    return [secret for secret in near if any(form.search(text) for form in forms(secret))]


def without_times(value: dict[str, Any]) -> dict[str, Any]:
    """A result without what differs between two surveys of one card, and without the length of a holder's own text."""
    answers = {key: answer for key, answer in value["answers"].items() if key not in OF_HOLDER}
    return {**value, "answers": answers, "timings": {}}


def main() -> int:
    """Survey so many holders; 1 where one of them was found in a file, or a file differs from the others."""
    from surveying import Holder

    sign_alike_once()
    count = int(sys.argv[1])
    found = 0
    same: set[str] = set()
    for seed in range(count):
        holder = Holder(seed)
        value, text = survey_text(holder)
        found += bool(found_in(holder, text))
        same.add(json.dumps(without_times(value), sort_keys=True))
    sys.stdout.write(f"{count} holders: {found} found in their result, {len(same)} kind(s) of result\n")
    return int(found > 0 or len(same) != 1)


if __name__ == "__main__":
    sys.exit(main())
