"""Which file is judged, and where its signature is: what is named first is what is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from jpki.errors import FileError
from jpki.words import M, Message

if TYPE_CHECKING:
    from pathlib import Path

#: Names that signatures have: beside their file, around it, and as some programs call the former.
_SUFFIXES: Final = (".p7s", ".p7m", ".sig")
_AROUND: Final = ".p7m"
#: What stands around a signature in a mail, or before it in PEM.
UNSIGNED_PARTS: Final = {
    "headers": M("The headers of the mail {signature}, with its subject and sender, are not signed."),
    "text": M("The text before the signature in {signature} is not signed."),
}


@dataclass(frozen=True, slots=True)
class Sources:
    """The file with the signature, and the file that its content is compared with.

    ``content`` is None if only a signature was named: its content is taken from it and compared with nothing.
    ``is_pdf``: the signatures are inside the PDF that was named.
    """

    signature: Path
    content: Path | None
    is_pdf: bool = False

    @property
    def kind(self) -> Literal["compared", "taken_from_signature", "in_pdf"]:
        """Where the content is, as a word for JSON."""
        if self.is_pdf:
            return "in_pdf"
        return "taken_from_signature" if self.content is None else "compared"

    def sentence(self) -> Message:
        """Say what was compared with what."""
        if self.is_pdf:
            return M("Signatures inside the PDF {path}.", path=self.signature.name)
        if self.content is None:
            return M("No file was compared: the content comes from {signature} itself.", signature=self.signature.name)
        return M(
            "{path} was compared with what {signature} signs.",
            path=self.content.name,
            signature=self.signature.name,
        )

    def unsigned_part(self) -> str | None:
        """Name in :data:`UNSIGNED_PARTS` what else is in the signature's file, as a reader may take it for signed."""
        from jpki.signing.cms import looks_like_mail

        from .beginning import LOOKED_AT, SEQUENCE, pem_start

        if self.is_pdf:
            return None
        with self.signature.open("rb") as file:
            begin = file.read(LOOKED_AT)
        if begin[:1] == SEQUENCE:
            return None
        if looks_like_mail(begin):
            return "headers"
        return "text" if begin[: pem_start(begin) or 0].strip() else None

    def around(self) -> Message | None:
        """Say what :meth:`unsigned_part` names."""
        part = self.unsigned_part()
        return None if part is None else UNSIGNED_PARTS[part].with_values(signature=self.signature.name)


def choose(file: Path, signature: Path | None) -> Sources:
    """Find the signature outside of a PDF: named, the file itself where it is one, or beside the file.

    Raises:
        FileError: no signature was found.
    """
    from .beginning import looks_like_cms

    if signature is not None:
        return Sources(signature, file)
    suffix = file.suffix.lower()
    if suffix in _SUFFIXES:
        beside = file.with_suffix("")
        return Sources(file, beside if suffix != _AROUND and beside.is_file() else None)
    for suffix in _SUFFIXES:
        named = file.with_name(file.name + suffix)
        if named.is_file():
            return Sources(named, file)
    if looks_like_cms(file):
        return Sources(file, None)
    raise FileError("no_signature", file)


def has_signature_beside(file: Path) -> bool:
    """Whether a file with one of the usual names is beside this one."""
    return any(file.with_name(file.name + suffix).is_file() for suffix in _SUFFIXES)
