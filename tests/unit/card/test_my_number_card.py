"""What a My Number Card says about itself: token, certificate flags and expiry, in every form that they may have."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from jpki.card import CardKind, MyNumberCard, is_my_number_card
from jpki.errors import CardError, DataError, FileNotFoundOnCardError, NotMyNumberCardError, UnexpectedStatusError
from jpki.identifiers import Application, CertificateKind
from jpki_sim.card import (
    CardImage,
    DedicatedFile,
    RecordFile,
    Settings,
    SimulatedCard,
    SimulatedConnection,
    TransparentFile,
)

if TYPE_CHECKING:
    from jpki_sim.card import ElementaryFile

_JPKI = "D392F000260100000001"
_COMMON = "D3921000310001010100"


def _card(jpki: list[ElementaryFile] | None = None, common: list[ElementaryFile] | None = None) -> MyNumberCard:
    """A card with these files and no others; None leaves the application out."""
    applications = [
        DedicatedFile.of(name, "TEST", files) for name, files in ((_JPKI, jpki), (_COMMON, common)) if files is not None
    ]
    return MyNumberCard(SimulatedConnection(SimulatedCard(CardImage(applications))))


@pytest.mark.parametrize(
    ("content", "label", "kind"),
    [
        (b"JPKIAPICCTOKEN2".ljust(32), "JPKIAPICCTOKEN2", CardKind.CARD),
        (b"JPKIAPICCTOKEN2".ljust(160), "JPKIAPICCTOKEN2", CardKind.CARD),
        (b"JPKIAPICCTOKEN2", "JPKIAPICCTOKEN2", CardKind.CARD),
        (b"JPKIAPICCTOKEN2".ljust(32, b"\0"), "JPKIAPICCTOKEN2", CardKind.CARD),
        (b"JPKIAPGPSETOKEN".ljust(32), "JPKIAPGPSETOKEN", CardKind.ANDROID),
        (b"JPKIAPIOSTOKEN".ljust(32), "JPKIAPIOSTOKEN", CardKind.IPHONE),
        (b"JPKIAPICCTOKEN".ljust(32), "JPKIAPICCTOKEN", CardKind.OLD_JUKI_CARD),
        (b"SOMETHING ELSE".ljust(32), "SOMETHING ELSE", CardKind.UNKNOWN),
        (b"jpkiapicctoken2".ljust(32), "jpkiapicctoken2", CardKind.UNKNOWN),
        (b" " * 32, "", CardKind.UNKNOWN),
    ],
)
def test_token_labels(content: bytes, label: str, kind: CardKind) -> None:
    """The first 32 bytes, without filler, are the label; an unknown one is told as it is."""
    token = _card([TransparentFile(0x06, content)]).read_token()
    assert (token.label, token.kind) == (label, kind)
    assert kind.is_phone == (kind in (CardKind.ANDROID, CardKind.IPHONE))


@pytest.mark.parametrize(
    "content", [b"\xff" * 32, "カード".encode(), b"JPKI\x1b[2JTOKEN", b"JPKI\nTOKEN", b"\x07" * 32]
)
def test_a_label_that_is_no_text_is_refused(content: bytes) -> None:
    """Bytes that are no printable ASCII never reach a screen."""
    with pytest.raises(DataError):
        _card([TransparentFile(0x06, content)]).read_token()


def test_a_card_without_a_token() -> None:
    """A JPKI application without EF 0006 is an error of the card, not another kind of card."""
    with pytest.raises(FileNotFoundOnCardError):
        _card([]).read_token()


@pytest.mark.parametrize(
    ("flags", "sign", "auth"),
    [
        (b"\x8f\x8f\x00", True, True),
        (b"\x00\x8f\x00", False, True),
        (b"\x8f\x00\x00", True, False),
        (b"\x00\x00\x00", False, False),
        (b"\x8e\x01\x00", None, None),
        (b"\x8f\xff\x00", True, None),
        (b"\x8f", True, None),
        (b"\x8f\x8f\x00\xff\xff", True, True),
        (None, None, None),
    ],
)
def test_certificate_flags(flags: bytes | None, sign: bool | None, auth: bool | None) -> None:  # noqa: FBT001 - table
    """8F is present, 00 is not, anything else and a missing file are not known (docs/card.md, 1.2)."""
    presence = _card([] if flags is None else [TransparentFile(0x08, flags)]).read_presence()
    assert (presence.sign, presence.auth) == (sign, auth)


def _record(digits: bytes) -> RecordFile:
    return RecordFile(0x01, (b"\x01\x1c" + digits,))


_SERIAL = b"123456789012345" + b"13101"


def test_the_expiry_of_a_card() -> None:
    """The last eight of 28 digits are the day until which the card runs."""
    assert _card(common=[_record(_SERIAL + b"20310310")]).read_card_expiry() == date(2031, 3, 10)


@pytest.mark.parametrize("common", [None, [], [TransparentFile(0x01, b"\x01\x1c")], [RecordFile(0x01, ())]])
def test_no_expiry(common: list[ElementaryFile] | None) -> None:
    """Where application, file or record is not there, the expiry is None."""
    assert _card([], common).read_card_expiry() is None


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"\x01",
        b"\x01\x1c",
        b"\x02\x1c" + _SERIAL + b"20310310",
        b"\x01\x1b" + _SERIAL + b"2031031",
        b"\x01\x1d" + _SERIAL + b"203103101",
        b"\x01\x1c" + _SERIAL + b"20310230",
        b"\x01\x1c" + _SERIAL + b"20311301",
        b"\x01\x1c" + _SERIAL + b"00000000",
        b"\x01\x1c" + _SERIAL + b"2031-3-1",
        b"\x01\x1c" + b"\xff" * 28,
        b"\x01\x1c" + _SERIAL + "２０".encode() + b"31",
    ],
)
def test_a_malformed_expiry(record: bytes) -> None:
    """A record of another form or a day that there is not is a DataError."""
    with pytest.raises(DataError):
        _card(common=[RecordFile(0x01, (record,))]).read_card_expiry()


@given(st.binary(max_size=64))
def test_any_content_is_read_or_refused(content: bytes) -> None:
    """Whatever bytes the small files hold, there is a result or a DataError, or a CardError for an empty file."""
    files: list[ElementaryFile] = [TransparentFile(ef_id, content) for ef_id in (0x06, 0x08, 0x0A)]
    card = _card(files, [RecordFile(0x01, (content,))])
    reads = (
        card.read_token,
        card.read_presence,
        card.read_fingerprint,
        card.read_card_expiry,
        lambda: card.read_certificate(CertificateKind.AUTH),
    )
    for read in reads:
        try:
            read()
        except (CardError, DataError):
            continue


def test_the_fingerprint() -> None:
    """A card is known again by the first 32 bytes of its auth certificate, where those can be read."""
    content = bytes.fromhex("30820100") + bytes(range(256))
    assert _card([TransparentFile(0x0A, content)]).read_fingerprint() == content[:32]
    assert _card([]).read_fingerprint() is None


@pytest.mark.parametrize(
    ("kind", "ef_id"),
    [
        (CertificateKind.SIGN, 0x01),
        (CertificateKind.SIGN_CA, 0x02),
        (CertificateKind.AUTH, 0x0A),
        (CertificateKind.AUTH_CA, 0x0B),
    ],
)
def test_files_of_the_certificates(kind: CertificateKind, ef_id: int) -> None:
    """Each certificate is read from its own EF (docs/card.md, 1.2)."""
    content = b"\x30\x01" + bytes((ef_id,))
    assert _card([TransparentFile(ef_id, content)]).read_certificate(kind) == content
    with pytest.raises(FileNotFoundOnCardError):
        _card([]).read_certificate(kind)


def test_a_my_number_card_is_one_with_the_application() -> None:
    """The JPKI application decides, in one command."""
    simulated = SimulatedCard(CardImage([DedicatedFile.of(_JPKI, "TEST", [])]))
    assert is_my_number_card(SimulatedConnection(simulated))
    assert simulated.apdu_count == 1
    assert not is_my_number_card(SimulatedConnection(SimulatedCard(CardImage([]))))


def test_the_first_command_may_be_answered_6f00() -> None:
    """A card that answers 6F00 to the first command after power-up is a My Number Card all the same."""
    image = CardImage([DedicatedFile.of(_JPKI, "TEST", [])])
    assert is_my_number_card(SimulatedConnection(SimulatedCard(image, settings=Settings(first_command_6f00=True))))


def test_errors_of_select() -> None:
    """A missing JPKI application is no My Number Card; another missing application is a missing file."""
    card = _card()
    with pytest.raises(NotMyNumberCardError) as caught:
        card.select(Application.JPKI)
    assert (caught.value.command, caught.value.sw) == ("SELECT", 0x6A82)
    with pytest.raises(FileNotFoundOnCardError):
        card.select(Application.TEXT)


class _Refusing:
    """A connection whose card refuses everything with one status word."""

    reader = "Refusing reader"
    atr = b""

    def __init__(self, sw: int) -> None:
        self.sw = sw
        self.is_closed = False

    def transmit(self, _: bytes | bytearray) -> bytes:
        return self.sw.to_bytes(2)

    def close(self) -> None:
        self.is_closed = True


def test_other_refusals_of_select() -> None:
    """A card that refuses SELECT in another way is no My Number Card either; other applications tell the word."""
    card = MyNumberCard(_Refusing(0x6E00))  # type: ignore[arg-type] # only transmit is needed
    with pytest.raises(NotMyNumberCardError):
        card.read_token()
    with pytest.raises(UnexpectedStatusError):
        card.select(Application.COMMON)


def test_closing_ends_the_connection() -> None:
    """Closing the card closes its connection and sends nothing."""
    connection = _Refusing(0x6E00)
    MyNumberCard(connection).close()  # type: ignore[arg-type] # only close is needed
    assert connection.is_closed
