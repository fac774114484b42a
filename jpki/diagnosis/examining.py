"""All checks in their order, from what is cheap to what needs the card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.diagnosis.detectors import card, computer, other_programs, privacy, reader, service, usb
from jpki.errors import TransportError

from .codes import Check, Reason, Step
from .findings import PASSED, Finding, not_checked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .facts import Facts
    from .findings import Outcome

    Detector = Callable[[Facts], Outcome | None]


@dataclass(frozen=True, slots=True)
class Specification:
    """A check: its detectors in the order in which they are asked, until one says something; if none does, it passed.

    ``needs`` are the checks without which the question makes no sense. ``is_of_reader``: a simulated card has no part
    of it.
    """

    check: Check
    step: Step
    detectors: tuple[Detector, ...]
    needs: tuple[Check, ...] = ()
    is_of_reader: bool = True


_C, _S = Check, Step
#: Each check with its step and detectors, in the order in which they are made.
CHECKS: Final = (
    Specification(_C.PYTHON, _S.COMPUTER, (computer.python_version,), is_of_reader=False),
    Specification(_C.PYSCARD, _S.COMPUTER, (computer.pyscard_missing, computer.pyscard_version)),
    Specification(_C.SANDBOX, _S.COMPUTER, (computer.sandbox,)),
    Specification(_C.WSL, _S.COMPUTER, (computer.wsl,)),
    Specification(_C.REMOTE_DESKTOP, _S.COMPUTER, (computer.remote_desktop,)),
    Specification(_C.LIBRARY, _S.SERVICE, (computer.library,)),
    Specification(_C.SERVICE_INSTALLED, _S.SERVICE, (service.service_installed,), (_C.PYSCARD, _C.LIBRARY, _C.SANDBOX)),
    Specification(
        _C.SERVICE_RUNNING,
        _S.SERVICE,
        (service.service_disabled, service.service_waits_for_reader, service.service_stopped),
        (_C.SERVICE_INSTALLED, _C.REMOTE_DESKTOP),
    ),
    Specification(
        _C.PERMISSION,
        _S.SERVICE,
        (service.permission_proc_hidden, service.permission_remote, service.permission),
        (_C.SERVICE_RUNNING,),
    ),
    Specification(_C.SERVICE_ANSWERS, _S.SERVICE, (service.service_hangs, service.service_answers), (_C.PERMISSION,)),
    Specification(
        _C.READER,
        _S.READER,
        (
            usb.rc_s380,
            usb.kernel_nfc_driver,
            usb.kernel_nfc_modules,
            usb.reader_taken_by_gnupg,
            usb.usb_permission,
            usb.driver_missing,
            usb.driver_too_old,
            usb.reader_not_taken,
            usb.no_reader,
            reader.no_virtual_only,
        ),
        (_C.SERVICE_ANSWERS, _C.WSL),
    ),
    Specification(
        _C.READER_CHOICE,
        _S.READER,
        (reader.known_reader, reader.several_cards, reader.reader_choice),
        (_C.READER,),
    ),
    Specification(_C.CARD_PRESENT, _S.READER, (reader.card_present,), (_C.READER_CHOICE,)),
    Specification(_C.CARD_ANSWERS, _S.READER, (reader.card_answers,), (_C.CARD_PRESENT,)),
    Specification(_C.CARD_FREE, _S.READER, (reader.card_free,), (_C.CARD_ANSWERS,)),
    Specification(_C.CONNECTION, _S.CARD, (card.connection,), (_C.CARD_FREE,)),
    Specification(_C.READER_DRIVER, _S.CARD, (card.reader_driver,), (_C.CONNECTION,)),
    Specification(_C.PIN_PAD, _S.CARD, (card.pin_pad,), (_C.CONNECTION,)),
    Specification(
        _C.APPLICATION,
        _S.CARD,
        (card.not_my_number_card, card.old_juki_card, card.application_fails, card.application),
        (_C.CONNECTION, _C.READER_DRIVER),
        is_of_reader=False,
    ),
    Specification(_C.CARD_PERIOD, _S.CARD, (card.card_period,), (_C.APPLICATION,), is_of_reader=False),
    Specification(
        _C.PINS,
        _S.CARD,
        (card.pins_blocked, card.pins_used, card.pins_absent),
        (_C.APPLICATION, _C.CARD_PERIOD),
        is_of_reader=False,
    ),
    Specification(
        _C.CERTIFICATES,
        _S.CARD,
        (
            card.certificate_out_of_period,
            card.certificate_missing,
            card.certificate_denied,
            card.certificate_closed,
            card.certificates,
        ),
        (_C.APPLICATION, _C.CARD_PERIOD),
        is_of_reader=False,
    ),
    Specification(_C.CA_CERTIFICATES, _S.CARD, (card.ca_certificates,), (_C.APPLICATION,), is_of_reader=False),
    Specification(_C.EXTENDED_APDU, _S.CARD, (card.extended_apdu,), (_C.APPLICATION,)),
    Specification(
        _C.PIN_LOGGING,
        _S.PRIVACY,
        (
            privacy.logged_by_service,
            privacy.logged_by_spy,
            privacy.logged_by_driver,
            privacy.logged_by_macos,
            privacy.nothing_logs_pins,
        ),
        is_of_reader=False,
    ),
    Specification(
        _C.OTHER_PROGRAMS,
        _S.PROGRAMS,
        (
            other_programs.not_set_up,
            other_programs.p11_kit_missing,
            other_programs.agent_not_running,
            other_programs.agent_elsewhere,
            other_programs.root_without_modules,
        ),
        is_of_reader=False,
    ),
    Specification(
        _C.BROWSERS, _S.PROGRAMS, (other_programs.not_set_up, other_programs.browser_in_sandbox), is_of_reader=False
    ),
)


def examine(facts: Facts) -> Iterator[Finding]:
    """Make every check in order; those that depend on one that failed are said to be not checked."""
    blamed: dict[Check, Check] = {}
    for specification in CHECKS:
        finding = _examine(specification, facts, blamed)
        if finding.is_failure:
            blamed[finding.check] = finding.check
        elif finding.because_of is not None:
            blamed[finding.check] = finding.because_of
        yield finding


def _examine(specification: Specification, facts: Facts, blamed: dict[Check, Check]) -> Finding:
    if specification.is_of_reader and facts.pcsc.is_simulated:
        return Finding(specification.check, not_checked(Reason.SIMULATED))
    for needed in specification.needs:
        if needed in blamed:
            return Finding(specification.check, not_checked(Reason.AFTER_FAILURE), because_of=blamed[needed])
    return Finding(specification.check, _ask(specification.detectors, facts))


def _ask(detectors: tuple[Detector, ...], facts: Facts) -> Outcome:
    for detector in detectors:
        try:
            outcome = detector(facts)
        except TransportError as exc:  # the service or the card went away since an earlier check
            return card.transport_failure(facts, exc)
        if outcome is not None:
            return outcome
    return PASSED
