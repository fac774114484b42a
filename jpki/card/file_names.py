"""Names of the applications and files that commands are about, for a trace (:class:`jpki.iso7816.trace.CommandNamer`).

It follows what is selected, from the commands and the status words alone: 9000 to a SELECT, or to a command with a
short EF identifier, makes that file the current one (docs/card.md, 3.1 and 3.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.identifiers import Application, CommonEf, JpkiEf, JukiEf, TextEf, VisualEf

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import IntEnum

_APPLICATIONS: Final = {
    Application.JPKI: "JPKI",
    Application.TEXT: "card-info input",
    Application.VISUAL: "card-face check",
    Application.JUKI: "Basic Resident Register",
    Application.COMMON: "common",
}
_FILES: Final[dict[Application, Iterable[IntEnum]]] = {
    Application.JPKI: JpkiEf,
    Application.TEXT: TextEf,
    Application.VISUAL: VisualEf,
    Application.JUKI: JukiEf,
    Application.COMMON: CommonEf,
}
# CLA and INS (docs/card.md, sections 2 and 3).
_SELECT: Final = (0x00, 0xA4)
_READ_BINARY: Final = (0x00, 0xB0)
_READ_RECORD: Final = (0x00, 0xB2)
#: VERIFY, CHANGE REFERENCE DATA, CHANGE KEY, COMPUTE DIGITAL SIGNATURE: about a PIN or a key.
_ABOUT_IEF: Final = frozenset({(0x00, 0x20), (0x00, 0x24), (0x80, 0x32), (0x80, 0x2A)})
_SELECT_DF: Final = 0x04
_SHORT_ID: Final = 0x80
_SHORT_ID_MASK: Final = 0x1F
_OFFSET_MASK: Final = 0x7FFF
_OK: Final = 0x9000
_END_OF_FILE: Final = 0x6282


def file_name(application: Application | None, ef_id: int) -> str:
    """Name an EF of an application, or give its identifier."""
    for file in _FILES.get(application, ()) if application else ():
        if file == ef_id:
            return file.name.replace("_", " ").lower()
    return f"EF {ef_id:04X}"


class FileNamer:
    """Names what each command of an exchange is about."""

    def __init__(self) -> None:
        """Begin with nothing selected."""
        self._application: Application | None = None
        self._ef: int | None = None
        self._after: tuple[Application | None, int | None] | None = None

    def about(self, header: bytes, data: bytes) -> str:
        """Name the application or file that a command is about; empty if that is not known."""
        self._after = None
        cla, ins, p1, p2 = header
        if (cla, ins) == _SELECT:
            return self._select(p1, data)
        if (cla, ins) == _READ_BINARY:
            return self._read_binary(p1, p2)
        if (cla, ins) == _READ_RECORD:
            return self._read_record(p1, p2)
        return self._reference(p2) if (cla, ins) in _ABOUT_IEF else ""

    def answered(self, sw: int) -> None:
        """Take note of the status word: a SELECT that failed has selected nothing."""
        if self._after is not None and sw in (_OK, _END_OF_FILE):
            self._application, self._ef = self._after
        self._after = None

    def reset(self) -> None:
        """Take note that nothing is selected any more."""
        self._application = self._ef = self._after = None

    def _select(self, p1: int, data: bytes) -> str:
        if p1 == _SELECT_DF:
            application = next((a for a in Application if a.df_name == data), None)
            self._after = (application, None)
            return f"application {_APPLICATIONS[application]}" if application else "unknown application"
        return self._name(int.from_bytes(data)) if data else ""

    def _read_binary(self, p1: int, p2: int) -> str:
        if p1 & _SHORT_ID:
            return self._at(self._name(p1 & _SHORT_ID_MASK), p2)
        return self._at(self._current(), (p1 << 8 | p2) & _OFFSET_MASK)

    def _read_record(self, p1: int, p2: int) -> str:
        name = self._name(p2 >> 3) if p2 >> 3 else self._current()
        return f"{name}, record {p1}" if name else ""

    def _reference(self, p2: int) -> str:
        return self._name(p2 & _SHORT_ID_MASK) if p2 & _SHORT_ID_MASK else self._current()

    def _name(self, ef_id: int) -> str:
        """Name a file that becomes the current one if the card finds it."""
        self._after = (self._application, ef_id)
        return self._in_application(ef_id)

    def _current(self) -> str:
        return "" if self._ef is None else self._in_application(self._ef)

    def _in_application(self, ef_id: int) -> str:
        name = file_name(self._application, ef_id)
        return f"{_APPLICATIONS[self._application]}: {name}" if self._application else name

    @staticmethod
    def _at(name: str, offset: int) -> str:
        return f"{name}, from byte {offset}" if name and offset else name
