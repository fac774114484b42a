"""The order of the checks, and what becomes of those that depend on one that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from diagnosisfacts import LOST, MISSING, NO_READER, STOPPED, with_card, with_pcsc
from fakefacts import READER, FakeFacts, FakePcsc, FakePlatform

from jpki import errors
from jpki.certificate.checks import Verdict
from jpki.diagnosis import CHECKS, Check, Reason, examine
from jpki.diagnosis.causes import ReaderCause
from jpki.diagnosis.findings import passed
from jpki.transport import ReaderState

if TYPE_CHECKING:
    from jpki.diagnosis import Finding


def found(facts: FakeFacts) -> dict[Check, Finding]:
    """Every finding by its check."""
    return {finding.check: finding for finding in examine(facts)}


def test_every_check_is_made_once_and_in_the_order_of_the_table() -> None:
    """From what is cheap to what needs the card; nothing is left out."""
    assert [finding.check for finding in examine(FakeFacts())] == [specification.check for specification in CHECKS]


def test_a_check_needs_only_checks_before_it() -> None:
    """Otherwise it could never be said to be not checked."""
    seen: set[Check] = set()
    for specification in CHECKS:
        assert set(specification.needs) <= seen
        seen.add(specification.check)


def test_a_healthy_computer_has_no_failure() -> None:
    """Not one."""
    assert [f for f in examine(FakeFacts()) if f.is_failure] == []


@pytest.mark.parametrize(
    ("facts", "failed"),
    [
        (FakeFacts(platform=FakePlatform(pyscard=None)), Check.PYSCARD),
        (FakeFacts(pcsc=FakePcsc(library=errors.PcscLibraryMissingError("", component="x"))), Check.LIBRARY),
        (with_pcsc(MISSING), Check.SERVICE_INSTALLED),
        (with_pcsc(STOPPED), Check.SERVICE_RUNNING),
        (with_pcsc(errors.PermissionDeniedError("no")), Check.PERMISSION),
        (with_pcsc(errors.TransportError("no")), Check.SERVICE_ANSWERS),
        (with_pcsc(NO_READER), Check.READER),
        (with_pcsc((ReaderState("Reader", 0),)), Check.CARD_PRESENT),
        (with_card(errors.NotMyNumberCardError("SELECT", 0x6A82)), Check.APPLICATION),
    ],
)
def test_what_depends_on_a_failure_is_not_checked_because_of_it(facts: FakeFacts, failed: Check) -> None:
    """One failure, what needs it names it, and what does not need it is made."""
    findings = found(facts)
    failures = [check for check, finding in findings.items() if finding.is_failure]
    after = [f for f in findings.values() if f.outcome.reason is Reason.AFTER_FAILURE]

    assert failures == [failed]
    assert after
    assert {f.because_of for f in after} == {failed}
    assert findings[Check.PINS] in after
    assert findings[Check.PYTHON].outcome.verdict is Verdict.PASS
    assert findings[Check.PIN_LOGGING].outcome.verdict is Verdict.PASS


def test_a_simulated_card_needs_no_reader() -> None:
    """What belongs to readers is said to be not checked, what belongs to the card is checked."""
    findings = found(FakeFacts(pcsc=FakePcsc(is_simulated=True)))
    simulated = {check for check, f in findings.items() if f.outcome.reason is Reason.SIMULATED}

    assert simulated == {s.check for s in CHECKS if s.is_of_reader}
    assert not any(f.is_failure for f in findings.values())
    assert findings[Check.APPLICATION].outcome.verdict is Verdict.PASS


def test_a_card_that_goes_away_between_two_checks_is_a_finding() -> None:
    """The check that is under way fails with the cause; the diagnosis goes on to its end."""

    class Leaving(FakePcsc):
        def ca_periods(self, reader: str) -> tuple[()]:
            raise errors.CardRemovedError(f"{reader} is empty", pcsc_code=0x80100069)

    outcome = found(FakeFacts(pcsc=Leaving()))[Check.CA_CERTIFICATES].outcome

    assert (outcome.cause, outcome.pcsc_code, outcome.pcsc_name) == (
        ReaderCause.CARD_REMOVED,
        0x80100069,
        "SCARD_W_REMOVED_CARD",
    )


def test_a_transport_failure_while_reading_is_the_first_obstacle() -> None:
    """What follows from the card's data is not guessed."""
    findings = found(with_card(LOST))

    assert findings[Check.APPLICATION].outcome.cause is ReaderCause.ANSWER_LOST
    assert findings[Check.CERTIFICATES].because_of is Check.APPLICATION


def test_the_card_is_read_in_the_one_reader_that_has_it() -> None:
    """A second, empty reader is no obstacle, and is noted."""
    findings = found(with_pcsc((ReaderState("Empty", 0), READER)))

    assert findings[Check.READER_CHOICE].outcome.details == (READER.name,)
    assert findings[Check.READER_CHOICE].outcome.cause is ReaderCause.SEVERAL_READERS
    assert not any(f.is_failure for f in findings.values())


def test_of_several_empty_readers_none_is_said_to_count() -> None:
    """Their names are told, and then that no card is there."""
    findings = found(with_pcsc((ReaderState("A", 0), ReaderState("B", 1))))

    assert findings[Check.READER_CHOICE].outcome == passed("A", "B")
    assert findings[Check.CARD_PRESENT].outcome.cause is ReaderCause.NO_CARD
