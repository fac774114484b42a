"""What the online service would say of a card's certificates: the card itself stays innocent of revocation.

A file ``card.oracle.json`` beside ``card.json`` holds a code for each certificate, of those that the official Java API
names (docs/certificates.md, 6.2). Nothing in this program asks any service; the file is for showing and for tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki_sim.errors import CardFileError
from jpki_sim.model import encode_document, naming, read_document, replace_file

from .oracle_codes import CODES, EXPIRED, GOOD, NOT_YET_VALID, Code

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from jpki_sim.model import CardFile
    from jpki_sim.pki import Use

    from .result_types import OracleDocument
    from .shipped import Persona

SCHEMA: Final = "jpki.oracle/1"
NOTE: Final = "TEST: what a service would say of a simulated card; no service was asked"
_USES: Final = ("auth", "sign")


@dataclass(frozen=True, slots=True)
class Oracle:
    """The service's answers, by certificate; None if the card has none."""

    auth: int | None
    sign: int | None

    def code(self, use: Use) -> Code | None:
        """The answer about one of the two certificates."""
        number = self.auth if use == "auth" else self.sign
        return None if number is None else CODES[number]


def oracle_path(card_path: Path) -> Path:
    """Path of the service file that belongs to a card file."""
    return card_path.with_name(f"{card_path.name.removesuffix('.json')}.oracle.json")


def innocent(card: CardFile, at: datetime) -> Oracle:
    """What the service says where nothing happened to a card but the passing of time."""
    from jpki_sim.dates import JST, resolve_instant

    today = at.astimezone(JST).date()
    answers: dict[str, int | None] = dict.fromkeys(_USES)
    for use in _USES:
        if (entry := card.certificate(use)) is None:
            continue
        if at > resolve_instant(entry.not_after, today, is_end=True):
            answers[use] = EXPIRED
        elif at < resolve_instant(entry.not_before, today, is_end=False):
            answers[use] = NOT_YET_VALID
        else:
            answers[use] = GOOD
    return Oracle(**answers)


def persona_oracle(persona: Persona, card: CardFile, at: datetime) -> Oracle:
    """What the service says of a persona's card.

    A suspended card has its user certificate on hold (613) and its signature certificate revoked (607): lifting the
    suspension does not bring that one back (docs/certificates.md, 3.4).
    """
    plain = innocent(card, at)
    said = persona.oracle or {}
    return Oracle(said.get("auth", plain.auth), said.get("sign", plain.sign))


def load_oracle(path: Path) -> Oracle:
    """Read a service file.

    Raises:
        CardFileError: not there, not readable, another schema, or a code that the API does not have.
    """
    document = read_document(path, SCHEMA)
    with naming(path):
        for name in document:
            if name not in ("note", *_USES):
                raise CardFileError(f"{name} is not a key of a service file", key=name)
        return Oracle(**{use: _code(document.get(use), use) for use in _USES})


def _code(value: object, key: str) -> int | None:
    if value is None or (type(value) is int and value in CODES):
        return value
    raise CardFileError(f"{key} must be null or one of {', '.join(map(str, CODES))}", key=key)


def save_oracle(oracle: Oracle, path: Path) -> None:
    """Write a service file in one step.

    Raises:
        CardFileError: it cannot be written.
    """
    document: OracleDocument = {"schema": SCHEMA, "note": NOTE, "auth": oracle.auth, "sign": oracle.sign}
    replace_file(path, encode_document(document))
