"""One case of the tests of the diagnosis."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from diagnosisnames import require_named

from jpki.certificate.checks import Verdict

if TYPE_CHECKING:
    from fakefacts import FakeFacts

    from jpki.diagnosis.causes import Cause
    from jpki.diagnosis.examining import Detector


class Case(NamedTuple):
    """Facts, the detector that is to speak, and what it is to say."""

    row: str
    detector: Detector
    facts: FakeFacts
    cause: Cause
    details: tuple[str, ...] = ()
    verdict: Verdict = Verdict.FAIL
    code: int = 0
    sw: int | None = None


NOTE = Verdict.PASS
# Before the cases are imported, which name the causes.
require_named()
