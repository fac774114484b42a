"""The font of a stamp: found on the computer or named, and embedded as far as the stamp needs it.

No font is shipped with this program: one that has the characters of Japanese names takes some 5 MB, and every desktop
in Japan has several. The places below are those of the systems' own fonts.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jpki.errors import ExtraMissingError, PdfError

from .library import PdfFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Debian with its kin, Fedora, Arch; of Debian's fonts-ipafont-gothic, which this was tried with, the first.
_LINUX: Final = (
    "/usr/share/fonts/truetype/fonts-japanese-gothic.ttf",
    "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf",
    "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf",
    "/usr/share/fonts/truetype/takao-gothic/TakaoGothic.ttf",
    "/usr/share/fonts/truetype/vlgothic/VL-Gothic-Regular.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/ipa-gothic-fonts/ipag.ttf",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/OTF/ipag.ttf",
)
_WINDOWS: Final = (
    "C:/Windows/Fonts/BIZ-UDGothicR.ttc",
    "C:/Windows/Fonts/YuGothR.ttc",
    "C:/Windows/Fonts/meiryo.ttc",
    "C:/Windows/Fonts/msgothic.ttc",
)
_MACOS: Final = (
    "/System/Library/Fonts/ヒラギノ角ゴシック W3.ttc",
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "/Library/Fonts/Arial Unicode.ttf",
)
#: OS/2.fsType (OpenType): the font must not be embedded at all, not as a subset, or as pictures only.
_RESTRICTED: Final = 0x0002
_USAGE: Final = 0x000F
_NO_SUBSET: Final = 0x0100
_BITMAPS_ONLY: Final = 0x0200
#: Larger than any font of a system; what is no font is not read whole.
_MAX_BYTES: Final = 128 * 1024 * 1024
_COLLECTION: Final = b"ttcf"
_UNITS: Final = 1000


@dataclass(frozen=True, slots=True)
class Font:
    """The letters of a stamp, as an OpenType font of their own."""

    data: bytes


def usual_places() -> tuple[Path, ...]:
    """Where this computer's system keeps fonts with Japanese letters."""
    places = _WINDOWS if sys.platform == "win32" else _MACOS if sys.platform == "darwin" else _LINUX
    return tuple(map(Path, places))


def find_font(text: str, places: Iterable[Path]) -> Font:
    """Load the first of the fonts that has every character of a text and may be embedded.

    Raises:
        PdfError: no such font is installed.
        ExtraMissingError: fontTools is not installed.
    """
    for place in places:
        try:
            return load_font(place, text)
        except (OSError, PdfError):
            continue
    raise PdfError("no font with these letters", fault=PdfFault.NO_FONT.value)


def load_font(path: Path, text: str) -> Font:
    """Load a font that has every character of a text: TrueType, OpenType, or a collection of them.

    Raises:
        OSError: it cannot be opened.
        PdfError: it is no such font, must not be embedded, or lacks characters, which ``names`` lists.
        ExtraMissingError: fontTools is not installed.
    """
    try:
        import uharfbuzz  # noqa: F401 - it lays the letters out later, when the password has been asked for
        from fontTools import ttLib
    except ImportError as exc:
        raise ExtraMissingError("letters of a stamp need the library fontTools", extra="pdf") from exc
    with path.open("rb") as file:
        if file.seek(0, io.SEEK_END) > _MAX_BYTES:
            raise PdfError("no font is so large", fault=PdfFault.BAD_FONT.value)
        try:
            faces = _faces(ttLib, file)
            lacking = [_lacking(face, text) for face in faces]
            if [] in lacking:
                return Font(_with_letters(faces[lacking.index([])], text))
        except PdfError:
            raise
        except Exception as exc:  # fontTools raises whatever a file leads to
            raise PdfError("not a readable font", fault=PdfFault.BAD_FONT.value) from exc
    best: list[str] = min(lacking, key=len)
    raise PdfError("the font lacks characters", fault=PdfFault.LETTERS_MISSING.value, names=tuple(best))


def _faces(tt_lib: Any, file: Any) -> Sequence[Any]:
    file.seek(0)
    is_collection = file.read(4) == _COLLECTION
    file.seek(0)
    return list(tt_lib.TTCollection(file, lazy=True).fonts) if is_collection else [tt_lib.TTFont(file, lazy=True)]


def _lacking(face: Any, text: str) -> list[str]:
    """The characters of a text that a face lacks, each once.

    Raises:
        PdfError: it must not be embedded, or has outlines of another kind than PDF takes.
    """
    usage = face["OS/2"].fsType
    is_forbidden = usage & _USAGE == _RESTRICTED or usage & (_NO_SUBSET | _BITMAPS_ONLY)
    if is_forbidden or not ("glyf" in face or "CFF " in face):
        raise PdfError("the font must not or cannot be embedded", fault=PdfFault.BAD_FONT.value)
    known = face.getBestCmap()
    return [letter for letter in dict.fromkeys(text) if not letter.isspace() and ord(letter) not in known]


def _with_letters(face: Any, text: str) -> bytes:
    """A font that has these letters only, and counts in thousandths of its size, as the widths in a PDF do."""
    from fontTools import subset
    from fontTools.ttLib.scaleUpem import scale_upem

    options = subset.Options(layout_closure=False, notdef_outline=True, hinting=False)
    options.drop_tables += ["GPOS", "GDEF", "GSUB", "BASE", "DSIG"]
    subsetter = subset.Subsetter(options=options)
    subsetter.populate(text=text + " ")
    subsetter.subset(face)
    if face["head"].unitsPerEm != _UNITS:
        scale_upem(face, _UNITS)
    output = io.BytesIO()
    face.flavor = None
    face.save(output)
    return output.getvalue()
