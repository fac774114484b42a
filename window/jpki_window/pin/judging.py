"""What is said of an entry while it is typed; the rules are the library's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.pin import FormFault, conversion_texts, form_fault, normalise, weakness_text, weaknesses
from jpki.words import FORM_FAULTS, M

if TYPE_CHECKING:
    from jpki.card import Pin
    from jpki.pin import Secret
    from jpki.words import Message

_RIGHT_FORM: Final = M("The form is correct.")
_DIGITS: Final = 4
_PASSWORD_MIN: Final = 6
#: They may be mended by typing on.
_UNFINISHED: Final = frozenset(
    {FormFault.NOT_FOUR_DIGITS, FormFault.PASSWORD_LENGTH, FormFault.PASSWORD_NEEDS_LETTER_AND_DIGIT}
)


class Judgement(NamedTuple):
    """Sentences about what was typed so far; ``is_bad``: typing on does not mend it, or it is weak."""

    sentences: tuple[Message, ...]
    is_bad: bool = False
    is_fit: bool = False


def judge(pin: Pin, typed: Secret, *, is_new: bool) -> Judgement:
    """Say what is wrong or weak; ``typed`` is wiped."""
    length = len(typed.reveal())
    normalised = normalise(pin, typed)
    with normalised.secret as secret:
        fault = form_fault(pin, secret, is_new=is_new)
        if fault is not None:
            return Judgement((FORM_FAULTS[fault.value],), is_bad=length > 0 and _is_beyond(secret, fault))
        notes = conversion_texts(normalised.conversions)
        weak = tuple(weakness_text(found) for found in weaknesses(pin, secret)) if is_new else ()
    if weak:
        return Judgement((*weak, *notes), is_bad=True, is_fit=True)
    return Judgement((_RIGHT_FORM, *notes), is_fit=True)


def _is_beyond(secret: Secret, fault: FormFault) -> bool:
    """Whether typing on cannot mend a fault."""
    raw = secret.reveal()
    if fault not in _UNFINISHED:
        return True
    if fault is FormFault.NOT_FOUR_DIGITS:
        return len(raw) >= _DIGITS or not raw.isdigit()
    return fault is FormFault.PASSWORD_LENGTH and len(raw) > _PASSWORD_MIN
