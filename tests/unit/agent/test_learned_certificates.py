"""The file of a signature certificate that programs may see, when something else stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.agent import LearnedCertificates
from jpki.agent.pkcs11 import KeyCertificates

if TYPE_CHECKING:
    from pathlib import Path

FINGERPRINT = b"f" * 32


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{}", "1" * 60_000, "[" * 60_000, '{"a":' * 10_000, "\N{LATIN SMALL LETTER E WITH ACUTE}"],
    ids=["empty", "null", "list", "object", "number", "deep list", "deep object", "no ASCII"],
)
def test_a_file_that_is_none_is_no_certificate(tmp_path: Path, text: str) -> None:
    """And no error: every program that lists tokens would get it."""
    store = LearnedCertificates(tmp_path)
    path = store.keep(FINGERPRINT, KeyCertificates(b"certificate", None))
    assert store.find(FINGERPRINT) == KeyCertificates(b"certificate", None)
    path.write_text(text, encoding="utf-8")
    assert LearnedCertificates(tmp_path).find(FINGERPRINT) is None
