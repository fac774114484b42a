"""A diagnosis from a program."""

from __future__ import annotations

import jpki
from jpki.diagnosis import Check, Reason
from jpki_sim.serve import SimulatedReaders


def test_diagnosis_sees_the_card_of_the_service_in_place() -> None:
    """The checks of the card are made on the card that lies on the given reader; a locked PIN is among the failures."""
    with SimulatedReaders({"Reader": "locked-auth"}) as desk:
        found = jpki.diagnose(service=desk, environment={})
    assert Check.PINS in {finding.check for finding in found.failures}
    assert found.system


def test_readers_that_are_not_those_of_pcsc_are_not_looked_at() -> None:
    """Library and service are not checked where simulated readers stand in their place."""
    with SimulatedReaders({"Reader": "adult"}) as desk, jpki.use_service(desk):
        found = jpki.diagnose(environment={})
    unchecked = {finding.check for finding in found.findings if finding.outcome.reason is Reason.SIMULATED}
    assert {Check.LIBRARY, Check.SERVICE_RUNNING, Check.READER} <= unchecked
    assert Check.PINS not in unchecked
