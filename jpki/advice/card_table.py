"""What the holder can do about each state of a card: the table, in the order of urgency.

Sources: docs/certificates.md, 3.1 to 3.6 and 5.2 to 5.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .card_table_certificates import CERTIFICATE_RULES
from .card_table_ends import END_RULES, OVER_RULES
from .card_table_pins import PIN_RULES

if TYPE_CHECKING:
    from .card_rules import CardRule

#: In the order in which they are shown: a card that has ended, what is locked, what ends, what is good to know.
CARD_RULES: Final[tuple[CardRule, ...]] = (
    *OVER_RULES,
    *PIN_RULES,
    *END_RULES,
    *CERTIFICATE_RULES,
)
