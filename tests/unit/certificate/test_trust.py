"""The known issuers, against the document that they are from, and what makes an issuer TEST."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from jpki.certificate import JST, issuer_label, known_issuer, read_summary, trust
from jpki.certificate.trust import KNOWN_ISSUERS, Confidence, issuer_of

_DOCUMENT = Path(__file__).parents[3] / "docs" / "certificates.md"


def _documented() -> dict[str, dict[str, str]]:
    """Labels with serial, notBefore, notAfter, SKI and both fingerprints, as the tables of section 1.3 have them."""
    text = _DOCUMENT.read_text(encoding="utf-8")
    section = text[text.index("### 1.3") : text.index("### 1.4")]
    found: dict[str, dict[str, str]] = {}
    labels: list[str] = []
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"(sign|auth) 2015", cells[1] if len(cells) == 4 else ""):
            labels = [cell.replace(" ", "-") for cell in cells[1:]]
        elif len(cells) == 4 and labels:
            for label, cell in zip(labels, cells[1:], strict=True):
                found.setdefault(label, {})[cells[0]] = cell
        elif match := re.fullmatch(r"\* ((?:sign|auth) \d{4}) `([0-9a-f]{64})`", line):
            entry = found.setdefault(match[1].replace(" ", "-"), {})
            entry["public key" if "certificate" in entry else "certificate"] = match[2]
    return found


def test_pins_are_those_of_the_document() -> None:
    """Each pin has the fingerprints, serial number, key identifier and times of docs/certificates.md, 1.3."""
    documented = _documented()
    assert set(documented) == {pin.label for pin in KNOWN_ISSUERS}
    for pin in KNOWN_ISSUERS:
        entry = documented[pin.label]
        assert pin.certificate_sha256.hex() == entry["certificate"]
        assert pin.public_key_sha256.hex() == entry["public key"]
        assert pin.key_identifier.hex().upper() == entry["SKI"]
        assert pin.serial == int(entry["serial"].split()[0], 0)
        assert pin.not_before == datetime.fromisoformat(entry["notBefore (UTC)"]).replace(tzinfo=UTC)
        assert pin.not_after == datetime.fromisoformat(entry["notAfter (UTC)"]).replace(tzinfo=UTC)


def test_pins_are_two_cas_in_three_generations() -> None:
    """Six different certificates, each ten years long and ending with the last second of a day of Japan."""
    assert {pin.label for pin in KNOWN_ISSUERS} == {
        f"{use}-{year}" for use in ("auth", "sign") for year in (2015, 2019, 2023)
    }
    for field in ("certificate_sha256", "public_key_sha256", "key_identifier"):
        assert len({getattr(pin, field) for pin in KNOWN_ISSUERS}) == 6
    for pin in KNOWN_ISSUERS:
        assert pin.use == pin.label[:4]
        assert str(pin.not_before.year) == pin.label[5:]
        assert pin.not_after.astimezone(JST).strftime("%H:%M:%S") == "23:59:59"
        assert timedelta(days=3650) < pin.not_after - pin.not_before < timedelta(days=3654)
        assert pin.provenance


def test_pins_of_one_source_say_so() -> None:
    """The bytes of both auth certificates that one project alone has are marked."""
    single = {pin.label for pin in KNOWN_ISSUERS if pin.confidence is Confidence.SINGLE_SOURCE}
    assert single == {"auth-2019", "auth-2023"}
    assert all(";" in pin.provenance for pin in KNOWN_ISSUERS if pin.label not in single)


def test_issuer_is_found_by_its_key_identifier() -> None:
    """Each key identifier finds its own pin; no identifier and an unknown one find none."""
    for pin in KNOWN_ISSUERS:
        assert issuer_of(pin.key_identifier) is pin
    assert issuer_of(None) is None
    assert issuer_of(b"") is None


@given(st.binary(max_size=40))
def test_unknown_key_identifiers_find_nothing(identifier: bytes) -> None:
    """Nothing but a whole known identifier finds an issuer."""
    assert issuer_of(identifier) is None
    assert known_issuer(identifier) is None


def test_certificate_is_found_by_its_fingerprint(
    make_ca: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate is a known one by the SHA-256 of all its bytes, and with one bit changed is not."""
    import hashlib

    certificate = make_ca()
    pin = replace(KNOWN_ISSUERS[0], certificate_sha256=hashlib.sha256(certificate).digest())
    monkeypatch.setattr(trust, "KNOWN_ISSUERS", (*KNOWN_ISSUERS[1:], pin))
    assert known_issuer(certificate) is pin
    assert known_issuer(certificate[:-1] + bytes((certificate[-1] ^ 1,))) is None


@pytest.mark.parametrize(
    ("organisations", "is_test"),
    [
        (("JPKI-SIM TEST",), True),
        (("JPKI-TEST",), True),
        (("JPKI-SIM TEST CARD ROOT",), True),
        (("JPKI", "JPKI-TEST"), True),
        (("JPKI",), False),
        (("FOREIGN TEST CA",), False),
        (("TEST",), False),
        ((), False),
    ],
)
def test_issuers_that_say_test(organisations: tuple[str, ...], is_test: bool) -> None:  # noqa: FBT001 - a table
    """A TEST issuer is one that calls itself JPKI and TEST; a stranger is a stranger, TEST or not."""
    assert trust.is_test_issuer(organisations) is is_test


def test_label_of_each_known_issuer(make_holder: Callable[..., bytes]) -> None:
    """A certificate that names the organisation and the key of a known CA has its label."""
    summary = replace(read_summary(make_holder()), issuer_organisations=("JPKI",))
    for pin in KNOWN_ISSUERS:
        assert issuer_label(replace(summary, authority_key_identifier=pin.key_identifier)) == pin.label
    assert issuer_label(summary) is None
    assert issuer_label(replace(summary, authority_key_identifier=None)) is None


@pytest.mark.parametrize(
    ("organisations", "label"),
    [
        (("JPKI-TEST",), "test"),
        (("JPKI-SIM TEST",), "test"),
        (("ELSEWHERE",), None),
        (("JPKI", "ELSEWHERE"), None),
        ((), None),
    ],
)
def test_no_other_issuer_has_a_label_of_j_lis(
    make_holder: Callable[..., bytes], organisations: tuple[str, ...], label: str | None
) -> None:
    """A TEST or foreign certificate that claims the key of J-LIS is never labelled as theirs."""
    claimed = KNOWN_ISSUERS[-1].key_identifier
    summary = replace(read_summary(make_holder()), issuer_organisations=organisations, authority_key_identifier=claimed)
    assert issuer_label(summary) == label


def test_labels_of_personas(persona_certificates: dict[str, bytes]) -> None:
    """No simulated card is taken for a real one, and the one from elsewhere is unknown."""
    labels = {name: issuer_label(read_summary(certificate)) for name, certificate in persona_certificates.items()}
    assert {name for name, label in labels.items() if label is None} == {"foreign-root/auth", "foreign-root/sign"}
    assert set(labels.values()) == {None, "test"}
