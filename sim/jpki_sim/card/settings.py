"""Where sources contradict each other, or real cards may differ, the card has a named setting.

Each default follows the advice of docs/card.md (section 10); the other value lets a developer test against a
card that behaves the other way.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

Interface = Literal["contactless", "contact"]
BlockedWord = Literal["63C0", "6983", "6984"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Behaviour of a simulated card; every field is a key of ``settings`` in a card file."""

    #: VERIFY with data on a blocked PIN (contradiction 1).
    verify_blocked: BlockedWord = "6984"
    #: Empty VERIFY on a blocked PIN (contradiction 2).
    status_blocked: BlockedWord = "63C0"
    #: Empty VERIFY after a successful one: the counter or 9000 (contradiction 3).
    status_verified: Literal["63Cx", "9000"] = "63Cx"
    #: Empty VERIFY with an Le byte (contradiction 4): what a card answers.
    status_with_le: Literal["6700", "63Cx"] = "6700"
    #: Selecting the application that is selected already keeps its security status (contradiction 5).
    reselect_keeps_status: bool = True
    #: A warm reset clears the security status (contradiction 6); None: contact clears, contactless does not.
    reset_clears_status: bool | None = None
    #: Whether 照合番号B opens EF 0003 of the text application (contradiction 15).
    text_0003_with_b: bool = True
    #: Whether the signature certificate needs the sign password (contradiction 16).
    sign_certificate_needs_pin: bool = True
    #: Whether the user certificate needs its PIN (contradiction 17; smartphones need it).
    auth_certificate_needs_pin: bool = False
    #: Length of the shortest sign password that the card takes as a new one (contradiction 18).
    sign_minimum_length: Literal["6", "4"] = "6"
    #: READ BINARY and VERIFY take short EF identifiers.
    short_ef_identifiers: bool = True
    #: Extended length fields are understood (contradiction 21).
    extended_length: bool = True
    #: The sign password must be given before each signature (contradiction 22).
    sign_pin_each_signature: bool = False
    #: A wrong VERIFY of a wrong length costs a try like any other (card.md, 2.4).
    wrong_length_costs_try: bool = True
    #: Status word for a new PIN of the wrong length or alphabet (card.md, 2.5).
    bad_new_pin: Literal["6A80", "6700"] = "6A80"
    #: RESET RETRY COUNTER (card.md, 2.6).
    reset_retry_counter: Literal["6D00", "6982"] = "6D00"
    #: The first command after power-up answers 6F00 (card.md, section 8).
    first_command_6f00: bool = False
    #: Reading past what is left ends with 9000, or with the warning 6282 (card.md, 3.2).
    end_of_file: Literal["9000", "6282"] = "9000"

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """All keys, in the order of the card file."""
        return tuple(field.name for field in fields(cls))
