"""A card as a program opens it, and what it reads without a PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import jpki
from jpki.errors import CardRemovedError, NoCardError, SecurityStatusError, UnknownReaderError
from jpki_sim.serve import SimulatedReaders

if TYPE_CHECKING:
    from jpki.transport import ReaderState


class Counted(SimulatedReaders):
    """Simulated readers that tell whether they were closed."""

    is_closed = False

    def close(self) -> None:
        """Note it, and close."""
        self.is_closed = True
        super().close()


def test_the_only_card_is_opened() -> None:
    """Of several readers the one with a card is meant; its name is told."""
    with SimulatedReaders({"A": None, "B": "adult"}) as desk, jpki.connect(service=desk) as card:
        assert card.reader == "B"
        assert card.kind() is jpki.CardKind.CARD


@pytest.mark.parametrize("reader", ["Left", "left", 0])
def test_a_reader_is_named_by_name_part_or_number(reader: str | int) -> None:
    """With two cards the reader decides."""
    with SimulatedReaders({"Left": "adult", "Right": "child"}) as desk:
        with jpki.connect(reader, service=desk) as card:
            assert card.reader == "Left"
        with jpki.connect(desk.readers()[1], service=desk) as card:
            assert card.reader == "Right"


def test_a_number_is_no_part_of_a_name() -> None:
    """The reader 7 is not the one whose name has a 7."""
    with SimulatedReaders({"Reader 7": "adult"}) as desk, pytest.raises(UnknownReaderError):
        jpki.connect(7, service=desk)


def test_without_a_card_it_says_so_and_a_given_service_stays_open() -> None:
    """The caller's service is the caller's to close, whether the card was opened or not."""
    with Counted({"A": None}) as desk:
        with pytest.raises(NoCardError):
            jpki.connect(service=desk)
        desk.insert("A", "adult")
        jpki.connect(service=desk).close()
        assert not desk.is_closed


@pytest.mark.parametrize("next_card", [None, "child"])
def test_a_card_that_was_taken_out_is_gone_and_not_reset(next_card: str | None) -> None:
    """As a reader tells it of the card that was open, also where another one lies there since."""
    with SimulatedReaders({"A": "adult"}) as desk, jpki.connect(service=desk) as card:
        card.pins()
        desk.remove("A")
        if next_card is not None:
            desk.insert("A", next_card)
        with pytest.raises(CardRemovedError):
            card.pins()


class PutsBack(SimulatedReaders):
    """Simulated readers; whoever waits for a card sees it put on B."""

    def wait_for_change(self, known: tuple[ReaderState, ...], timeout: float) -> tuple[ReaderState, ...]:
        """Put it there."""
        self.insert("B", "adult")
        return super().wait_for_change(known, timeout)


def test_a_card_that_was_lost_is_reached_again_on_its_own_reader() -> None:
    """Whatever lies on the others; it is waited for as long as is said, and let go after the block."""
    with PutsBack({"A": "child", "B": "adult"}) as desk, jpki.connect("B", service=desk, extended=True) as card:
        reopen = card.options().reopen
        assert reopen is not None
        desk.remove("B")
        with pytest.raises(NoCardError), reopen(0):
            pass
        with reopen(5) as again:
            assert again.card.connection.reader == "B"
            assert again.card.takes_extended_le is None  # not tried yet, and wanted
            assert again.read_pin_status(jpki.Pin.AUTH).retries_remaining == 3
        with pytest.raises(ValueError, match="connection is closed"):
            again.read_pin_status(jpki.Pin.AUTH)


def test_a_closed_card_can_be_closed_again() -> None:
    """A second call does nothing."""
    with SimulatedReaders({"A": "adult"}) as desk:
        card = jpki.connect(service=desk)
        card.close()
        card.close()


def test_status_and_pins_agree() -> None:
    """The counters of the status are those of the PINs, by name."""
    with SimulatedReaders({"A": "partly-used"}) as desk, jpki.connect(service=desk) as card:
        pins = card.pins()
        assert list(pins) == list(jpki.Pin)
        assert tuple(pins.values()) == card.status().pins
        assert pins[jpki.Pin.AUTH].retries_remaining == 2


def test_a_fingerprint_tells_cards_apart_and_a_phone_shows_none() -> None:
    """Two cards differ, the same card does not, and a phone is known by nothing."""
    found = []
    with SimulatedReaders({"A": "adult", "B": "child", "C": "iphone"}) as desk:
        for reader in ("A", "A", "B", "C"):
            with jpki.connect(reader, service=desk) as card:
                found.append(card.fingerprint())
    assert found[0] == found[1]
    assert found[0] != found[2]
    assert found[3] is None


def test_the_user_certificate_is_read_and_the_other_wants_its_password() -> None:
    """Each reading of the certificate is there; the signature certificate is refused without a PIN."""
    with SimulatedReaders({"A": "adult"}) as desk, jpki.connect(service=desk) as card:
        certificate = card.certificate()
        assert certificate.pem().startswith("-----BEGIN CERTIFICATE-----\n")
        assert certificate.summary().not_after == certificate.details().not_after
        assert certificate.period().not_after == certificate.summary().not_after
        assert repr(certificate) == "<Certificate auth>"
        with pytest.raises(SecurityStatusError):
            card.certificate(jpki.CertificateKind.SIGN)
