"""What is seen of a signature: a box with what it is, a name if one was given, the time in Japan, and a seal.

It proves nothing: only verifying does. How it is drawn is in :mod:`jpki.signing.pdf.drawing`.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.certificate import in_japan
from jpki.errors import ExtraMissingError, PdfError
from jpki.words import M

from .fonts import Font, find_font, load_font, usual_places
from .library import PdfFault

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_MAX_SEAL_BYTES: Final = 16 * 1024 * 1024
_MAX_SEAL_PIXELS: Final = 4096 * 4096
_SEAL_FORMATS: Final = ("PNG", "JPEG")
#: A seal that has more is made smaller: this is 600 dots an inch of the largest stamp.
_SEAL_SIDE: Final = 640
#: Letters that need no font in the file: every viewer has Courier (ISO 32000-1, 9.6.2.2).
_LAST_PLAIN: Final = "~"


@dataclass(frozen=True, slots=True)
class Seal:
    """The image of a seal, as a PNG without anything beside the picture."""

    png: bytes


@dataclass(frozen=True, slots=True)
class Stamp:
    """How a signature looks on a page; without ``font`` its text has Latin letters only."""

    language: str = "en"
    name: str | None = None
    font: Font | None = None
    seal: Seal | None = None

    @property
    def line_count(self) -> int:
        """How many lines of text it has."""
        return 2 if self.name is None else 3

    def lines(self, at: datetime) -> tuple[str, ...]:
        """The text, with the time in Japan."""
        return tuple(text for text in (_title(self.language), self.name, _time(at, self.language)) if text is not None)


def _title(language: str) -> str:
    return M("Electronically signed").text(language)


def _time(at: datetime, language: str) -> str:
    local = in_japan(at)
    return M(
        "{year}-{month}-{day} {time} (Japan time)",
        year=f"{local.year:04}",
        month=f"{local.month:02}",
        day=f"{local.day:02}",
        time=f"{local:%H:%M:%S}",
    ).text(language)


def make_stamp(
    at: datetime, language: str = "en", *, name: str | None = None, font: Path | None = None, seal: Path | None = None
) -> Stamp:
    """Read what a stamp needs, before anybody is asked for a password.

    Args:
        at: any time; every time has the same letters but for its digits.
        language: of the text, ``ja`` or ``en``.
        name: shown as typed; line breaks and control characters become blanks.
        font: file of a font; without one it is looked for on this computer, if letters need it.
        seal: image of a seal, PNG or JPEG.

    Raises:
        OSError: a named file cannot be opened.
        PdfError: no font has the letters, or the image cannot be used.
        ExtraMissingError: pyHanko's libraries for letters and images are not installed.
    """
    shown = None if name is None else " ".join("".join(c if c.isprintable() else " " for c in name).split()) or None
    plain = Stamp(language, shown)
    text = "".join(plain.lines(at)) + "0123456789"
    found = None
    if font is not None:
        found = load_font(font, text)
    elif max(text) > _LAST_PLAIN:
        found = find_font(text, usual_places())
    return Stamp(language, shown, found, None if seal is None else load_seal(seal))


def load_seal(path: Path) -> Seal:
    """Read the image of a seal, and make it one that a PDF can hold.

    Raises:
        OSError: it cannot be opened.
        PdfError: it is no PNG or JPEG, or too large.
        ExtraMissingError: Pillow is not installed.
    """
    try:
        from PIL import Image
    except ImportError as exc:
        raise ExtraMissingError("the image of a seal needs the library Pillow", extra="pdf") from exc
    picture = None
    with path.open("rb") as file:
        data = file.read(_MAX_SEAL_BYTES + 1)
    try:
        with Image.open(io.BytesIO(data), formats=_SEAL_FORMATS) as image:
            # Looked at before the picture itself is unpacked.
            if len(data) <= _MAX_SEAL_BYTES and image.width * image.height <= _MAX_SEAL_PIXELS:
                picture = image.convert("RGBA")
    except Exception as exc:  # Pillow raises whatever a file leads to
        raise PdfError("not a usable image", fault=PdfFault.BAD_IMAGE.value) from exc
    if picture is None:
        raise PdfError("the image is too large", fault=PdfFault.BAD_IMAGE.value)
    picture.thumbnail((_SEAL_SIDE, _SEAL_SIDE))
    output = io.BytesIO()
    picture.save(output, "PNG")
    return Seal(output.getvalue())
