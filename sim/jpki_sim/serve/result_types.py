"""The JSON in which a server says what is in its readers."""

from typing import Annotated, TypedDict

from jpki.json_types import Count, Keywords


class SlotFacts(TypedDict):
    """A reader of the server."""

    slot: Count
    port: Annotated[int, Keywords(minimum=1, maximum=65535)]
    inserted: bool
    connected: bool
