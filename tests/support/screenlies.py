"""What stands on the window's screen after a PIN was used, against what the card holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jpki.card import Pin


def lies_about(screen: str, pin: Pin, *, is_changed: bool, left: int, is_right: bool, before: int) -> list[str]:
    """Everything on the last screen that is not so.

    ``is_changed``: the card holds the new PIN; ``left``: its tries now, ``before``: those before; ``is_right``: the
    right PIN was typed.
    """
    claims = (
        (r"was changed\.", is_changed),
        (r"is unchanged\.|: the old one still holds\.", not is_changed),
        (r"Correct: that is the|so the .* was right", is_right),
        (r"Wrong", not is_right or is_changed),
        (r"is (now )?locked", left == 0),
        (r"All (\d) tries are available again", left == pin.retry_limit),
        (r"[Nn]othing (of it )?was sent", left == before and not is_changed),
    )
    found = [claim for claim, is_so in claims if re.search(claim, screen) and not is_so]
    if is_changed and not re.search(r"was changed\.|not certain whether", screen):
        found.append("nothing of the change")
    numbers = re.findall(r"(?:You have (\d+) tr|^(\d+) tr(?:y|ies) (?:is|are) left)", screen, re.MULTILINE)
    return found + [f"{number} tries left" for number in numbers if int("".join(number)) != left]
