"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jpki.certificate.checks import Verdict
from jpki.errors import CardError, TransportError
from jpki.transport import symbol_of

if TYPE_CHECKING:
    from jpki.advice import Advice
    from jpki.diagnosis.causes import Cause
    from jpki.diagnosis.remedies import Remedy

    from .codes import Check, Reason


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a detector found; ``details`` are names and numbers that a sentence about the cause may hold.

    With the verdict pass a ``cause`` is something to know, not a fault. ``pcsc_code`` is the PC/SC return code (0:
    none), ``status_word`` that of the card. Neither is personal data, and no detail ever is.
    ``advice`` is what the holder can do about the card; it is shown before the remedies.
    """

    verdict: Verdict
    cause: Cause | None = None
    remedies: tuple[Remedy, ...] = ()
    details: tuple[str, ...] = ()
    pcsc_code: int = 0
    status_word: int | None = None
    reason: Reason | None = None
    advice: tuple[Advice, ...] = ()

    @property
    def pcsc_name(self) -> str:
        """PC/SC's own name of the code, empty without a code."""
        return symbol_of(self.pcsc_code) if self.pcsc_code else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of a check; ``because_of`` is the failed check that kept this one from being made."""

    check: Check
    outcome: Outcome
    because_of: Check | None = None

    @property
    def is_failure(self) -> bool:
        """Whether something is wrong."""
        return self.outcome.verdict is Verdict.FAIL


PASSED = Outcome(Verdict.PASS)


def passed(*details: str) -> Outcome:
    """All is well; the details say what was seen."""
    return Outcome(Verdict.PASS, details=details)


def noted(cause: Cause, *, details: tuple[str, ...] = (), advice: tuple[Advice, ...] = ()) -> Outcome:
    """All is well, and something is good to know."""
    return Outcome(Verdict.PASS, cause, cause.remedies, details, advice=advice)


def not_checked(reason: Reason) -> Outcome:
    """The question could not be asked."""
    return Outcome(Verdict.NOT_CHECKED, reason=reason)


def failed(
    cause: Cause,
    *,
    details: tuple[str, ...] = (),
    error: BaseException | None = None,
    without: tuple[Remedy, ...] = (),
    advice: tuple[Advice, ...] = (),
) -> Outcome:
    """Something is wrong; the codes of ``error`` are kept, and remedies that do not fit here are left out."""
    return Outcome(
        Verdict.FAIL,
        cause,
        tuple(remedy for remedy in cause.remedies if remedy not in without),
        details,
        pcsc_code=error.pcsc_code if isinstance(error, TransportError) else 0,
        status_word=error.sw if isinstance(error, CardError) else None,
        advice=advice,
    )
