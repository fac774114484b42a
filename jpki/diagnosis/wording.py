"""What a diagnosis found, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jpki.diagnosis.causes import Details
from jpki.words import CERTIFICATES, M, pin_name

if TYPE_CHECKING:
    from jpki.diagnosis.causes import Cause
    from jpki.words import Message

    from .findings import Outcome


def _details(outcome: Outcome) -> Message:
    """Names and numbers in the place {details} of a sentence."""
    parts = [_detail(outcome.cause, detail) for detail in outcome.details]
    if not parts:
        return M("not visible from here")
    joined = parts[-1]
    for part in reversed(parts[:-1]):
        joined = M("{first}, {others}", first=part, others=joined)
    return joined


def _detail(cause: Cause | None, detail: str) -> Message:
    if cause is not None and cause.details is Details.PINS:
        return pin_name(detail)
    if cause is not None and cause.details is Details.CERTIFICATES:
        return CERTIFICATES[detail]
    return M("{text}", text=detail)


def what(outcome: Outcome) -> Message:
    """Say what is wrong; for an outcome with a cause."""
    if outcome.cause is None:
        raise ValueError("nothing is the matter")
    return outcome.cause.what.with_values(details=_details(outcome))


def check_codes(outcome: Outcome) -> str:
    """The codes that a support desk asks for."""
    found = []
    if outcome.pcsc_code:
        found.append(f"{outcome.pcsc_name or 'PC/SC'} 0x{outcome.pcsc_code:08X}")
    if outcome.status_word is not None:
        found.append(f"SW {outcome.status_word:04X}")
    return ", ".join(found)
