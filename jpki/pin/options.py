"""What the caller of one request allows, and what it has for the person who is asked."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from jpki.words import MN

from .person import Notice, NoticeKind, Person
from .presenting import TryPolicy
from .secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from jpki.card import MyNumberCard
    from jpki.errors import CounterChangedError

    from .record import PinRecord

#: Opens the card again after it was lost, waiting for it so many seconds.
Reopen: TypeAlias = "Callable[[float], AbstractContextManager[MyNumberCard]]"
#: Remembers interruptions inside the block; what it gives raises the first of them.
Shield: TypeAlias = "Callable[[], AbstractContextManager[Callable[[], None]]]"


def _no_interruption() -> None:
    """For a caller that records none: Ctrl-C ends the wait for the card, and the answer counts as lost."""


@contextmanager
def unshielded() -> Iterator[Callable[[], None]]:
    """Let interruptions through as they come."""
    yield _no_interruption


@dataclass(frozen=True, slots=True)
class PinOptions:
    """What the caller of one request allows, and what it has for the person.

    ``use_last_try`` and ``use_hidden_counter`` allow a try that is or may be the last; where they are not given a
    person is asked, and a script's secret is not sent. ``with_pad``: a person types on the reader's own keys, where it
    has some. ``reopen`` reaches the card again when it was lost; without it nothing is found out. ``shield`` keeps
    interruptions from losing an answer of the card.
    """

    use_last_try: bool = False
    use_hidden_counter: bool = False
    with_pad: bool = True
    reopen: Reopen | None = None
    shield: Shield = unshielded

    def policy(self, record: PinRecord) -> TryPolicy:
        """What is allowed before anything was shown."""
        return TryPolicy(use_last_try=self.use_last_try, use_hidden_counter=self.use_hidden_counter, record=record)


def require_entry(value: object) -> None:
    """Refuse a PIN that is plain text: a str cannot be overwritten, and turns up in tracebacks and logs.

    Raises:
        TypeError: it is neither a Secret nor a Person.
    """
    if not isinstance(value, (Secret, Person)):
        raise TypeError(f"a PIN is given as jpki.Secret(...) or by a jpki.Person, not as {type(value).__name__}")


def was_interrupted(check: Callable[[], None]) -> bool:
    """Whether a shield remembers an interruption; ``check`` is what it gave."""
    try:
        check()
    except BaseException:  # noqa: BLE001 - what it raises represents the signal
        return True
    return False


def tell_changed(person: Person, exc: CounterChangedError) -> None:
    """Tell that another program used the PIN meanwhile, before asking again."""
    message = MN(
        "Nothing was sent: another program used this PIN in the meantime. {n} try is left now.",
        "Nothing was sent: another program used this PIN in the meantime. {n} tries are left now.",
        exc.found or 0,
    )
    person.tell(Notice(NoticeKind.PROGRESS, message))
