"""Errors of the simulated card's own: its files and its names, never what the card answers."""

from __future__ import annotations

from jpki.errors import JpkiError


class CardFileError(JpkiError):
    """A card file (or the service file beside it) cannot be used; nothing was written.

    ``key`` is the dotted key that is wrong, empty if the whole file is.
    """

    def __init__(self, message: str, *, key: str = "") -> None:
        super().__init__(message)
        self.key = key


class CardFileMissingError(CardFileError):
    """There is no card file of this name; ``path`` is the name."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} cannot be read: there is no such file")
        self.path = path


class CardFileInUseError(CardFileError):
    """Another program uses the card file."""


class UnknownPersonaError(JpkiError):
    """No persona has this name; ``close`` are the names most like it."""

    def __init__(self, name: str, *, close: tuple[str, ...] = ()) -> None:
        hint = f"; did you mean {' or '.join(close)}?" if close else ""
        super().__init__(f"there is no simulated card named {name!r}{hint}")
        self.name = name
        self.close = close


class PersonaNotAvailableError(JpkiError):
    """The persona is listed and cannot be built; ``reason`` says why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"the simulated card {name!r} is listed only: {reason}")
        self.name = name
        self.reason = reason
