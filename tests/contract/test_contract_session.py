"""How long a verified PIN lasts (docs/card.md, section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.errors import CardResetError
from jpki_sim.card import SimulatedConnection

if TYPE_CHECKING:
    from contract.conftest import CardUnderTest

JPKI = "D392F000260100000001"
TEXT = "D3921000310001010408"
row = pytest.mark.card_md


def unlock(card: CardUnderTest) -> None:
    """Verify the sign password, which opens EF 0001."""
    assert card.verify(JPKI, "001B", "SIMCARD1") == 0x9000


def reconnect(card: CardUnderTest) -> None:
    """Open a connection of another program to the same card."""
    assert card.simulated is not None
    card.connection = SimulatedConnection(card.simulated)


@row("7", "SELECT another EF in the same AP keeps")
def test_another_file_keeps(card: CardUnderTest) -> None:
    """Selecting files does not end the security status."""
    unlock(card)
    assert card.sw("00A4020C02000A", "00A4020C020006") == 0x9000
    assert card.read("0001").sw == 0x9000


@row("7", "SELECT a different AP clears")
def test_another_application_clears(card: CardUnderTest) -> None:
    """Selecting another application ends the security status of the one left."""
    unlock(card)
    card.select(TEXT)
    card.select(JPKI)
    assert card.read("0001").sw == 0x6982


@row("7", "SELECT a different AP clears")
def test_unknown_application_keeps(card: CardUnderTest) -> None:
    """An application that is not found ends nothing."""
    unlock(card)
    assert card.sw("00A4040C05A000000001") == 0x6A82
    assert card.read("0001").sw == 0x9000


@row("7", "re-SELECT of the same AP keeps")
@pytest.mark.parametrize("prefix", [JPKI, JPKI[:10], JPKI[:6]])
def test_the_same_application_keeps(card: CardUnderTest, prefix: str) -> None:
    """Selecting the same application again, by its name or its beginning, keeps the security status."""
    unlock(card)
    card.select(prefix)
    assert card.read("0001").sw == 0x9000


@row("7", "disconnect does not clear")
def test_disconnecting_keeps(card: CardUnderTest) -> None:
    """After a program has disconnected, the next one finds the key unlocked."""
    unlock(card)
    card.connection.close()
    reconnect(card)
    card.select(JPKI)
    assert card.read("0001").sw == 0x9000


@row("7", "SCARD_RESET_CARD over contactless does not clear")
def test_contactless_reset_keeps(card: CardUnderTest) -> None:
    """A reset over contactless takes the selection, and leaves the security status."""
    unlock(card)
    assert card.simulated is not None
    card.simulated.reset()
    with pytest.raises(CardResetError):
        card.send("00B0000000")
    reconnect(card)
    assert card.sw("00B0000000") == 0x6986
    assert card.sw("00A40000") == 0x6A86
    card.select(JPKI)
    assert card.read("0001").sw == 0x9000


@row("7", "SCARD_UNPOWER clears")
def test_unpower_clears(card: CardUnderTest) -> None:
    """Cutting the power ends the security status."""
    unlock(card)
    card.connection.unpower()
    reconnect(card)
    card.select(JPKI)
    assert card.read("0001").sw == 0x6982


@row("7", "auth and sign status coexist")
def test_two_secrets_at_once(card: CardUnderTest) -> None:
    """Both keys can be unlocked in one session."""
    unlock(card)
    assert card.sw("00A4020C020018", "002000800432383436") == 0x9000
    assert card.sw("802A00970178" + "00") == 0x9000
    assert card.sw("802A009A0178" + "00") == 0x9000


@row("7", "one VERIFY, many signatures")
@pytest.mark.parametrize(("ef", "value", "p2"), [("0018", "2846", "97"), ("001B", "SIMCARD1", "9A")])
def test_many_signatures(card: CardUnderTest, ef: str, value: str, p2: str) -> None:
    """A secret is presented once for as many signatures as wanted."""
    assert card.verify(JPKI, ef, value) == 0x9000
    assert {card.sw(f"802A00{p2}017800") for _ in range(5)} == {0x9000}


@row("7", "failed VERIFY drops that key's status")
def test_failed_verify_drops_its_status(card: CardUnderTest) -> None:
    """A wrong value ends the status of its own key and no other."""
    unlock(card)
    assert card.sw("00A4020C020018", "002000800432383436") == 0x9000
    assert card.sw("00A4020C02001B", "002000800857524F4E47505731") == 0x63C4
    assert card.read("0001").sw == 0x6982
    assert card.sw("802A00970178" + "00") == 0x9000
    assert card.sw("802A009A0178" + "00") == 0x6982


@row("7", "PIN change: new value at once, status stays")
def test_change_keeps_the_status(card: CardUnderTest) -> None:
    """A changed PIN stays verified, and the new value counts at once."""
    unlock(card)
    assert card.sw("00A4020C02001B", "00240180084E455750415353" + "31") == 0x9000
    assert card.read("0001").sw == 0x9000
    assert card.verify(JPKI, "001B", "SIMCARD1") == 0x63C4
    assert card.verify(JPKI, "001B", "NEWPASS1") == 0x9000


@row("7", "empty VERIFY: no effect")
def test_empty_verify_has_no_effect(card: CardUnderTest) -> None:
    """Asking for a counter changes neither status nor counter."""
    unlock(card)
    assert card.sw("00A4020C02001B", "00200080") == 0x63C5
    assert card.read("0001").sw == 0x9000
