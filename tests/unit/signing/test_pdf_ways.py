"""A PDF in which ever more ways lead to an object does not hold up whoever verifies it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import givenday
from pdfreadings import doubling

from jpki.certificate import Issuers
from jpki.signing.cms import SignatureItem, SignatureReason, Trust
from jpki.signing.pdf import readers, verify_pdf
from jpki_sim.pki import anchors

if TYPE_CHECKING:
    import pytest


def _reason(pdf: bytes) -> SignatureReason | None:
    trust = Trust(issuers=Issuers(test=anchors()))
    (report,) = verify_pdf(io.BytesIO(pdf), trust, now=givenday.now())
    result = report.result_of(SignatureItem.LATER_CHANGES)
    return None if result is None else result.reason


def test_objects_that_refer_twice_to_the_next_one_end_the_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty of them are 2 to the power of 60 ways: it cannot be told what was changed, and that is said."""
    monkeypatch.setattr(readers, "_MOST_OF_ONE", 1000)

    assert _reason(doubling(60)) is SignatureReason.CANNOT_TELL


def test_a_few_are_no_fault() -> None:
    """As many ways as honest files have are followed."""
    assert _reason(doubling(8)) is SignatureReason.VALIDATION_DATA_ADDED
