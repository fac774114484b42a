"""The JSON of a service file."""

from typing import Annotated, Literal, NotRequired, TypedDict

from jpki.json_types import words

from .oracle_codes import CODES

_Answer = Annotated[
    Annotated[int, words(CODES)] | None,
    "A code of the official Java API (docs/certificates.md, 6.2); null or left out: no such certificate.",
]


class OracleDocument(TypedDict):
    """What an online service would say of a simulated card (docs/card-file.md). No service was asked."""

    schema: Literal["jpki.oracle/1"]
    note: NotRequired[str]
    auth: NotRequired[_Answer]
    sign: NotRequired[_Answer]
