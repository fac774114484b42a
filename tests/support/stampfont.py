"""Fonts and seals for tests: every letter is a black square, so that no font of the system is needed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

LETTERS = "電子署名見本太郎年月日（）時間 :0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-()"


def _square(pen: Any, units: int) -> None:
    pen.moveTo((units // 10, 0))
    for corner in ((units // 10, units * 7 // 10), (units * 9 // 10, units * 7 // 10), (units * 9 // 10, 0)):
        pen.lineTo(corner)
    pen.closePath()


def font(letters: str = LETTERS, *, units: int = 2048, usage: int = 0, is_cff: bool = False) -> bytes:
    """A font that has these letters, all as wide as they are high; ``usage`` is its permission to be embedded."""
    names = [".notdef", *(f"u{ord(letter):04X}" for letter in letters)]
    builder = FontBuilder(units, isTTF=not is_cff)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(letter): f"u{ord(letter):04X}" for letter in letters})
    blank = {".notdef", "u0020"}
    glyphs = {}
    for name in names:
        pen: Any = T2CharStringPen(units, None) if is_cff else TTGlyphPen(None)
        if name not in blank:
            _square(pen, units)
        glyphs[name] = pen.getCharString() if is_cff else pen.glyph()
    if is_cff:
        builder.setupCFF("TEST", {}, glyphs, {})
    else:
        builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(names, (units, units // 10)))
    builder.setupHorizontalHeader(ascent=units * 8 // 10, descent=-units // 5)
    builder.setupNameTable({"familyName": "TEST", "styleName": "Regular", "psName": "TEST"})
    builder.setupOS2(fsType=usage)
    builder.setupPost()
    output = io.BytesIO()
    builder.save(output)
    return output.getvalue()


def collection(*fonts: bytes) -> bytes:
    """Several fonts in one file."""
    made = TTCollection()
    made.fonts = [TTFont(io.BytesIO(data)) for data in fonts]
    output = io.BytesIO()
    made.save(output)
    return output.getvalue()


def seal(path: Path, *, side: int = 60, kind: str = "PNG") -> Path:
    """The image of a seal: a red square."""
    Image.new("RGB", (side, side), (200, 0, 0)).save(path, kind)
    return path
