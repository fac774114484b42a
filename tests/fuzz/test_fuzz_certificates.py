"""Whatever the bytes are, each reader of certificates gives a result or a CertificateError."""

import random
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from jpki.certificate import CertificateSummary, issuer_label, openssh_public_key, period_of, read_details, read_summary
from jpki.certificate.checks import CheckItem, check
from jpki.errors import CertificateError
from jpki.identifiers import CertificateKind

_AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
_ANSWERS = {"ok": "read", "refused": "refused", "part": "read in part"}
# A check reads both certificates again, so one in four is enough.
_CHECKED_OF = 4
_KINDS = tuple(CertificateKind)


def _read(data: bytes, ca: bytes) -> str:
    """Give the input to every reader; anything but a result or a CertificateError comes out of here."""
    try:
        summary = read_summary(data)
    except CertificateError:
        with pytest.raises(CertificateError):
            read_details(data)
        return "refused"
    period_of(summary, _AT)
    issuer_label(summary)
    try:
        details = read_details(data)
    except CertificateError:
        return "read in part"
    assert (details.serial, details.not_after) == (summary.serial, summary.not_after)
    details.subject.to_text()
    if len(data) % _CHECKED_OF == 0:
        _check(data, ca, summary)
    try:
        openssh_public_key(data, "TEST")
    except CertificateError:
        return "read, without an OpenSSH key"
    return "read"


def _check(data: bytes, ca: bytes, summary: CertificateSummary) -> None:
    kind = _KINDS[summary.serial % len(_KINDS)]
    report = check(data, ca, _AT, kind=kind, test_anchors=(ca,))
    as_issuer = check(ca, data, _AT, kind=kind, test_anchors=(ca,))
    assert report.result_of(CheckItem.REVOCATION) is not None
    assert as_issuer.result_of(CheckItem.REVOCATION) is not None


def _compare(data: bytes) -> None:
    """Where cryptography reads the input too, both read the same."""
    try:
        summary = read_summary(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reference = x509.load_der_x509_certificate(data)
            serial, end = reference.serial_number, reference.not_valid_after_utc
    except (CertificateError, ValueError):
        return
    assert (summary.serial, summary.not_after) == (serial, end)


def test_corpus_gives_answers(corpus: dict[str, bytes]) -> None:
    """Each file of the corpus gives an answer; what it begins with (``ok-``, ``part-``, ``refused-``) says which."""
    assert len(corpus) >= 10
    for name, data in corpus.items():
        answer = _read(data, corpus["ok-ca.der"])
        _compare(data)
        assert answer.startswith(
            {"ok": "read", "refused": "refused", "part": "read in part"}[name.partition("-")[0]]
        ), name


def test_certificates_changed_at_random_give_answers(
    corpus: dict[str, bytes],
    mutate: Callable[[bytes, Sequence[bytes], random.Random], bytes],
    inputs: int,
    seed: int,
    tally: Counter[str],
    tmp_path: Path,
) -> None:
    """Inputs made by changing the corpus give answers; one that does not is written down, to go into the corpus."""
    chance = random.Random(seed)  # noqa: S311 - inputs have to come out the same again
    seeds = list(corpus.values())
    for number in range(inputs):
        data = chance.choice(seeds)
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            data = mutate(data, seeds, chance)
        try:
            tally[_read(data, corpus["ok-ca.der"])] += 1
            _compare(data)
        except Exception:  # noqa: BLE001 - whatever it is, it is the finding
            finding = tmp_path / "finding.der"
            finding.write_bytes(data)
            pytest.fail(f"seed {seed}, input {number}, kept in {finding}", pytrace=True)
