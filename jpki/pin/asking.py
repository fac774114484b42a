"""What a person is asked before a PIN is sent: whether a try may be used, and the PIN itself, until its form is right.

Nothing is sent to the card here. What was typed and has the wrong form is overwritten before the next question.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jpki.card import Pin, PinState, tries
from jpki.words import FORM_FAULTS, M, pin_name

from .person import Decision, Notice, NoticeKind, Question, SecretQuestion
from .presenting import check_tries
from .rules import Conversion, Weakness, form_fault, normalise, weaknesses
from .secret import Secret

if TYPE_CHECKING:
    from collections.abc import Collection

    from jpki.card import PinStatus
    from jpki.words import Message

    from .person import Person
    from .presenting import TryPolicy
    from .snapshot import CardSnapshot

LAST_TRY: Final = M("This is the last try. If the entry is wrong, the PIN will be locked and have to be reset.")
HIDDEN_COUNTER: Final = M(
    "The card does not show how many tries are left, so this may be the last one. If the entry is wrong, the PIN "
    "may be locked and have to be reset."
)
_CONVERSIONS: Final = {
    Conversion.FULL_WIDTH: M("Full-width characters were converted to half-width."),
    Conversion.LOWER_CASE: M("Lower-case letters were converted to capitals: this password has capitals only."),
}
_WEAKNESSES: Final = {
    Weakness.SAME_AS_OLD: M("Weak: it is the same as your current one."),
    Weakness.REPETITION: M("Weak: it repeats itself."),
    Weakness.RUN: M("Weak: it is a sequence of characters."),
    Weakness.DATE: M("Weak: it could be a month and a day."),
    Weakness.YEAR: M("Weak: it could be a year."),
}
_LIKE_FOUR_DIGITS: Final = M("What you typed has four digits, like the card's other PINs. This one is the {pin}.")
_LIKE_THE_PASSWORD: Final = M("What you typed looks like the signature password. This one is the {pin}.")
_NOT_YOUR_DATA: Final = M(
    "Do not use your birth date or your address (house number, post code); this program cannot check for them."
)
_MAY_BE_EQUAL: Final = M(
    "The three 4-digit PINs may be the same. Then whoever learns one knows all three. Never write a PIN on the card."
)
_NOT_ON_THE_CARD: Final = M("Never write the password on the card.")


def hints(pin: Pin) -> tuple[Message, ...]:
    """Say how to choose a new PIN, as far as that cannot be judged here."""
    return (_NOT_YOUR_DATA, _NOT_ON_THE_CARD if pin.is_password else _MAY_BE_EQUAL)


def weakness_text(weakness: Weakness) -> Message:
    """Say what is weak."""
    return _WEAKNESSES[weakness]


def conversion_texts(conversions: Collection[Conversion]) -> tuple[Message, ...]:
    """Say what was done to an entry so that it has the form of a PIN: of its shape, and nothing of its content."""
    return tuple(_CONVERSIONS[conversion] for conversion in Conversion if conversion in conversions)


def counter_text(status: PinStatus) -> Message:
    """Say the tries left of a PIN, with its name and form."""
    return M("{pin}: {tries}", pin=pin_name(status.name), tries=tries(status))


def form_of_another(pin: Pin, entered: Secret) -> Message | None:
    """Say so when a value of the wrong form has the form of another of the card's PINs, which was probably meant."""
    other, likeness = (Pin.AUTH, _LIKE_FOUR_DIGITS) if pin.is_password else (Pin.SIGN, _LIKE_THE_PASSWORD)
    with Secret(entered.reveal().upper()) as capitals:
        is_like = form_fault(other, capitals, is_new=True) is None
    return likeness.with_values(pin=pin_name(pin.value)) if is_like else None


def decide(person: Person, pin: Pin, seen: CardSnapshot, policy: TryPolicy) -> TryPolicy:
    """Tell the counter, and find out whether a try may be used; refuse as :func:`check_tries` does, before any typing.

    ``policy`` is what the caller allows; the card and the counter that were shown are added to it.
    """
    status = seen.status
    person.tell(Notice(NoticeKind.COUNTER, counter_text(status)))
    allows_last, allows_hidden = policy.use_last_try, policy.use_hidden_counter
    if status.state is PinState.LAST_TRY and not allows_last:
        allows_last = person.confirm(Question(Decision.LAST_TRY, pin, (LAST_TRY,)))
    elif status.is_hidden and not allows_hidden:
        allows_hidden = person.confirm(Question(Decision.HIDDEN_COUNTER, pin, (HIDDEN_COUNTER,)))
    decided = replace(
        policy,
        shown=status.retries_remaining,
        seen=seen.card,
        use_last_try=allows_last,
        use_hidden_counter=allows_hidden,
    )
    check_tries(status, decided)
    return decided


def enter(person: Person, question: SecretQuestion) -> Secret:
    """Ask until the form is right; nothing is sent meanwhile, and what has the wrong form is overwritten."""
    pin = question.pin
    while True:
        normalised = normalise(pin, person.ask_secret(question))
        fault = form_fault(pin, normalised.secret, is_new=question.is_new)
        if fault is None:
            for text in conversion_texts(normalised.conversions):
                person.tell(Notice(NoticeKind.ENTRY, text))
            return normalised.secret
        with normalised.secret:
            likeness = form_of_another(pin, normalised.secret)
        again = M("{reason} Nothing was sent; type it again.", reason=FORM_FAULTS[fault.value])
        person.tell(Notice(NoticeKind.ENTRY, again))
        if likeness is not None:
            person.tell(Notice(NoticeKind.ENTRY, likeness))
        question = question._replace(fault=fault)


def enter_new(person: Person, question: SecretQuestion, current: Secret, *, allow_weak: bool) -> Secret:
    """Ask for a new PIN, twice, until both entries agree and weakness is accepted."""
    for hint in hints(question.pin):
        person.tell(Notice(NoticeKind.HINT, hint))
    while True:
        new = enter(person, question)
        if not _is_strong(person, question.pin, new, current, allow_weak=allow_weak):
            new.wipe()
            continue
        with enter(person, question._replace(is_repeated=True)) as again:
            if new == again:
                return new
        new.wipe()
        differ = M("The two entries differ; nothing was sent. Type the new one again.")
        person.tell(Notice(NoticeKind.ENTRY, differ))


def _is_strong(person: Person, pin: Pin, new: Secret, current: Secret, *, allow_weak: bool) -> bool:
    """Whether a new PIN is not weak, or is to be taken anyway."""
    found = tuple(weakness_text(weakness) for weakness in weaknesses(pin, new, current=current))
    for text in found:
        person.tell(Notice(NoticeKind.WEAKNESS, text))
    return not found or allow_weak or person.confirm(Question(Decision.WEAK, pin, found))
