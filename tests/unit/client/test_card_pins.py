"""What a card does with a PIN, as a program asks for it: the result, the error, and what is true of the PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cmsforge import attribute, oid
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_der_x509_certificate

import jpki
from jpki.errors import (
    DocumentDataError,
    LastTryError,
    OutcomeUnknownError,
    PinFormatError,
    SecurityStatusError,
    WeakPinError,
    WrongPinError,
)
from jpki.iso7816 import encode
from jpki_sim.card import SimulatedConnection
from jpki_sim.faults import FaultyCard, parse_faults
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AUTH, NEW, WRONG = "2846", "7351", "9999"


@pytest.fixture
def card() -> Iterator[jpki.Card]:
    """An ordinary adult's card."""
    with open_card("adult") as loaded, jpki.Card(SimulatedConnection(loaded.card)) as opened:
        yield opened


def left(card: jpki.Card, pin: jpki.Pin = jpki.Pin.AUTH) -> int | None:
    """The tries left of a PIN."""
    return card.pins()[pin].retries_remaining


def test_a_right_pin_is_told_and_uses_no_try(card: jpki.Card) -> None:
    """The report says right, no try used, and the full counter."""
    report = card.verify_pin(jpki.Pin.AUTH, jpki.Secret(AUTH))
    assert report == (jpki.Pin.AUTH, jpki.PinOutcome.RIGHT, jpki.TryUse.NO, 3, True)


def test_a_wrong_pin_raises_with_what_is_true_of_it(card: jpki.Card) -> None:
    """The error carries the report, which the card's counter confirms."""
    with pytest.raises(WrongPinError) as caught:
        card.verify_pin(jpki.Pin.AUTH, jpki.Secret(WRONG))
    report = jpki.pin_report(caught.value)
    assert report == (jpki.Pin.AUTH, jpki.PinOutcome.WRONG, jpki.TryUse.YES, 2, True)
    assert left(card) == 2


def test_the_last_try_needs_leave_of_the_call(card: jpki.Card) -> None:
    """With one try left nothing is sent, unless this one call allows it."""
    for _ in range(2):
        with pytest.raises(WrongPinError):
            card.verify_pin(jpki.Pin.AUTH, jpki.Secret(WRONG))
    with pytest.raises(LastTryError) as caught:
        card.verify_pin(jpki.Pin.AUTH, jpki.Secret(AUTH))
    report = jpki.pin_report(caught.value)
    assert report is not None
    assert (report.outcome, report.try_used) == (jpki.PinOutcome.NOT_SENT, jpki.TryUse.NO)
    assert card.verify_pin(jpki.Pin.AUTH, jpki.Secret(AUTH), use_last_try=True).retries_remaining == 3


@pytest.mark.parametrize("value", [AUTH, AUTH.encode(), 2846, None])
def test_a_pin_in_plain_text_is_refused(card: jpki.Card, value: object) -> None:
    """A str, bytes or a number is a TypeError that names Secret and shows no PIN; nothing is sent."""
    with pytest.raises(TypeError, match=r"jpki\.Secret") as caught:
        card.verify_pin(jpki.Pin.AUTH, value)  # type: ignore[arg-type] # the mistake that is tested
    assert AUTH not in str(caught.value)
    assert left(card) == 3


def test_a_value_of_another_form_is_not_sent(card: jpki.Card) -> None:
    """Five digits cannot be this PIN."""
    with pytest.raises(PinFormatError):
        card.verify_pin(jpki.Pin.AUTH, jpki.Secret("12345"))
    assert left(card) == 3


def test_a_pin_is_changed_and_the_caller_keeps_the_secrets(card: jpki.Card) -> None:
    """The new PIN holds afterwards, the old one does not; what the caller made is not wiped."""
    current, new = jpki.Secret(AUTH), jpki.Secret(NEW)
    report = card.change_pin(jpki.Pin.AUTH, current, new)
    assert report == (jpki.Pin.AUTH, jpki.PinOutcome.CHANGED, jpki.TryUse.NO, 3, True)
    assert card.verify_pin(jpki.Pin.AUTH, new).outcome is jpki.PinOutcome.RIGHT
    with pytest.raises(WrongPinError):
        card.verify_pin(jpki.Pin.AUTH, current)


def test_a_wrong_current_pin_is_a_wrong_pin_in_a_change_too(card: jpki.Card) -> None:
    """The same error as anywhere else; the report says that the PIN is unchanged and a try was used."""
    with pytest.raises(WrongPinError) as caught:
        card.change_pin(jpki.Pin.AUTH, jpki.Secret(WRONG), jpki.Secret(NEW))
    report = jpki.pin_report(caught.value)
    assert report == (jpki.Pin.AUTH, jpki.PinOutcome.UNCHANGED, jpki.TryUse.YES, 2, True)


def test_a_weak_new_pin_is_refused_before_the_card_is_asked(card: jpki.Card) -> None:
    """It names what is weak; the caller may allow it for one call."""
    with pytest.raises(WeakPinError) as caught:
        card.change_pin(jpki.Pin.AUTH, jpki.Secret(AUTH), jpki.Secret("1111"))
    assert "repetition" in caught.value.weaknesses
    assert (
        card.change_pin(jpki.Pin.AUTH, jpki.Secret(AUTH), jpki.Secret("1111"), allow_weak=True).retries_remaining == 3
    )


@pytest.mark.parametrize(
    "use",
    [
        lambda card: card.verify_pin(jpki.Pin.AUTH, jpki.Secret(AUTH)),
        lambda card: card.change_pin(jpki.Pin.AUTH, jpki.Secret(AUTH), jpki.Secret(NEW)),
    ],
    ids=["verify_pin", "change_pin"],
)
def test_a_lost_answer_is_told_as_unknown(use: Callable[[jpki.Card], object]) -> None:
    """A card that is gone after VERIFY: a try may have been used, whether the PIN was to be changed or not."""
    with open_card("adult") as loaded:
        port = FaultyCard(loaded.card, parse_faults("remove-after:verify"), sleep=lambda _: None)
        card = jpki.Card(SimulatedConnection(port))
        with pytest.raises(OutcomeUnknownError) as caught:
            use(card)
    report = jpki.pin_report(caught.value)
    assert report is not None
    assert report.try_used is jpki.TryUse.UNKNOWN
    assert report.retries_remaining is None


def test_an_exception_of_another_kind_has_no_report() -> None:
    """What has nothing to do with a PIN says nothing of one."""
    assert jpki.pin_report(ValueError("no PIN")) is None


@pytest.mark.parametrize(
    ("kind", "secret"), [(jpki.CertificateKind.AUTH, AUTH), (jpki.CertificateKind.SIGN, "SIMCARD1")], ids=str
)
def test_bytes_are_signed_with_the_key_of_a_certificate(
    card: jpki.Card, kind: jpki.CertificateKind, secret: str
) -> None:
    """Another library verifies the signature with the certificate's key."""
    signature = card.sign(kind, b"data", jpki.Secret(secret))
    key = load_der_x509_certificate(card.certificate(kind, jpki.Secret(secret)).der).public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(signature, b"data", PKCS1v15(), SHA256())


def test_the_login_key_signs_no_document(card: jpki.Card) -> None:
    """A program that has its holder log in gets no signature of a document for it."""
    members = (attribute("content_type", oid("data")), attribute("message_digest", encode(0x04, bytes(32))))
    with pytest.raises(DocumentDataError):
        card.sign(jpki.CertificateKind.AUTH, encode(0x31, b"".join(members)), jpki.Secret(AUTH))


def test_attributes_are_read_with_their_pin(card: jpki.Card) -> None:
    """The My Number is there only if it was asked for; nothing of the holder is in the repr."""
    secret = jpki.Secret("3957")
    found = card.attributes(secret)
    assert found.four.name
    assert found.my_number is None
    with_number = card.attributes(secret, my_number=True)
    assert with_number.my_number is not None
    assert repr(with_number) == "<Attributes>"


def test_nothing_is_left_open(card: jpki.Card) -> None:
    """After each use of a PIN the card asks for it again."""
    card.sign(jpki.CertificateKind.AUTH, b"data", jpki.Secret(AUTH))
    with pytest.raises(SecurityStatusError):
        card.certificate(jpki.CertificateKind.SIGN)
