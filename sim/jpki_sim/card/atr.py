"""Answers to reset of the card family (docs/card.md, 5.1), and what one shows: only the interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .settings import Interface

#: Contactless, Type B, in the form of PC/SC part 3; the default of the suggested profile (docs/card.md, 9.10).
CONTACTLESS_ATR: Final = bytes.fromhex("3B888001000005E0B381A1007F")
#: Contact, T=1, no historical bytes; the one ATR that OpenSC's jpki driver knows.
CONTACT_ATR: Final = bytes.fromhex("3BE000FF8131FE4514")
#: Every ATR of the table in docs/card.md, 5.1, with its interface.
KNOWN_ATRS: Final[dict[bytes, Interface]] = {
    CONTACT_ATR: "contact",
    bytes.fromhex("3BDA13FF8131FB468012392F31C173C601C03B"): "contact",
    bytes.fromhex("3BC5FF8131FB458073C6010000"): "contact",
    bytes.fromhex("3BF59100FF918171FE400042000100D1D6"): "contact",
    bytes.fromhex("3BF59100FF918171FE4000420001B3A115"): "contact",
    CONTACTLESS_ATR: "contactless",
    bytes.fromhex("3B888001000041E0B381A1003B"): "contactless",
    bytes.fromhex("3B888001004B51FF0081D100BC"): "contactless",
    bytes.fromhex("3B888001004B51FFB381D1000F"): "contactless",
    bytes.fromhex("3B888001000014E0B38191005E"): "contactless",
}
# TS, T0 with TD1 announced, TD1 = 80 and TD2 = 01: what a reader puts before the data of a contactless card.
_CONTACTLESS_TD: Final = b"\x80\x01"


def interface_of(atr: bytes) -> Interface:
    """Tell contactless from contact by TD1 and TD2; a contactless reader makes the ATR up in this one form."""
    return "contactless" if atr[2:4] == _CONTACTLESS_TD else "contact"
