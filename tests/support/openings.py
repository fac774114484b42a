"""What each PIN opens on a card, as plain APDUs of another program; written from docs/card.md, not from the library."""

from __future__ import annotations

_JPKI = "00A4040C0AD392F000260100000001"
_TEXT = "00A4040C0AD3921000310001010408"
_JUKI = "00A4040C0AD3921000310001010401"
_SIGN = "802A00800230000" + "0"
#: Changing a PIN that is left verified, to values of the other program's own.
_CHANGE = "00240180" + "0431313131"
_CHANGE_PASSWORD = "00240180" + "06414141414131"
_CHANGE_KEY = "80320080" + "0431313131"
_READ = "00B0000004"

CLOSED = "6982"
#: For each PIN: SELECT of the application, then SELECT of a file and a command that a closed card answers with 6982.
OPENINGS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "auth": (_JPKI, [("0017", _SIGN), ("0018", _CHANGE)]),
    "sign": (_JPKI, [("001A", _SIGN), ("0001", _READ), ("001B", _CHANGE_PASSWORD)]),
    "input": (_TEXT, [("0002", _READ), ("0011", _CHANGE)]),
    "juki": (_JUKI, [("001C", _CHANGE_KEY)]),
}
#: On a phone the auth PIN guards its certificate, too.
PHONE_AUTH = (_JPKI, [("0017", _SIGN), ("000A", _READ), ("0018", _CHANGE)])


def probe(pin: str, *, is_phone: bool = False) -> tuple[list[str], list[str]]:
    """Commands of another program in hex, and the status words that a card with nothing left open gives to them."""
    select, files = PHONE_AUTH if is_phone and pin == "auth" else OPENINGS[pin]
    commands, words = [select], ["9000"]
    for ef_id, command in files:
        commands += ["00A4020C02" + ef_id, command]
        words += ["9000", CLOSED]
    return commands, words
