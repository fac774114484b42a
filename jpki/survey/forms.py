"""What may stand in the result of a survey: short words and numbers, and nothing that is a holder's."""

from __future__ import annotations

import re
from typing import Final

#: What an answer may look like. It is short, and every answer of :mod:`jpki.survey.facts` fits.
ANSWER: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z ,_.-]{0,79}")
#: How a version of this program may look.
VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,30}")
#: The PINs that a survey can present.
SURVEYED: Final = ("input", "sign", "auth")
#: How a card can be read.
INTERFACES: Final = ("contact", "contactless")
#: The commands that are timed.
TIMINGS: Final = frozenset(
    {"select", "read_binary", "read_record", "get_response", "get_data", "empty_verify", "verify", "sign"}
)
#: No command takes more milliseconds, and no survey sends more commands.
MILLISECONDS_MAX: Final = 10**6
