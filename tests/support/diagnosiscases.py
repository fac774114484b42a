"""All cases: facts that a test states, the detector that is to speak, and what it is to say of them."""

from __future__ import annotations

from diagnosiscard import CARD_CASES
from diagnosisprograms import PROGRAM_CASES
from diagnosisreader import READER_CASES
from diagnosisservice import SERVICE_CASES

CASES = [*SERVICE_CASES, *READER_CASES, *CARD_CASES, *PROGRAM_CASES]
