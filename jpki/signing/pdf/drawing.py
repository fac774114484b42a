"""Drawing the stamp of a signature, upright also on a page that is shown turned; loaded with pyHanko."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import AppearanceContent, ResourceType
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.stamp import BaseStampStyle

from .stamp import Stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyhanko.pdf_utils.writer import BasePdfFileWriter

    from .stamp import Seal

_PADDING: Final = 4.0
#: Size of the letters in points, at most; distance of two lines, and height of the first baseline, in such sizes.
_LETTERS: Final = 9.0
_LEADING: Final = 1.35
_ASCENT: Final = 1.1
_FRAME: Final = b"0.5 G 0.5 w 0.25 0.25 %g %g re S 0 G"
#: By how many degrees a page is shown turned clockwise, and the matrix that turns its stamp back (ISO 32000-1, 8.3.3).
_TURNS: Final = {90: (0, 1, -1, 0, 0, 0), 180: (-1, 0, 0, -1, 0, 0), 270: (0, -1, 1, 0, 0, 0)}
_UPRIGHT: Final = (0, 180)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Box:
    """A part of the stamp, in points from its lower left corner."""

    left: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True)
class StampStyle(BaseStampStyle):
    """What pyHanko asks for the appearance of a signature; ``turn`` is that of the page in degrees."""

    stamp: Stamp = field(default_factory=Stamp)
    at: datetime = _NEVER
    turn: int = 0

    def create_stamp(self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, Any]) -> Any:  # noqa: ARG002 - pyHanko's signature
        """Draw it as large as the box is on the page."""
        size = (box.width, box.height) if self.turn in _UPRIGHT else (box.height, box.width)
        return _Drawing(writer, self, size)


class _Drawing(AppearanceContent):
    """The form that a viewer puts into the signature's box (ISO 32000-1, 12.5.5)."""

    def __init__(self, writer: BasePdfFileWriter, style: StampStyle, size: tuple[float, float]) -> None:
        super().__init__(writer, BoxConstraints(width=size[0], height=size[1]))
        self._style = style
        self._writer = writer
        self._size = size

    def as_form_xobject(self) -> Any:
        """The form; a viewer fits it into the box as it is when turned."""
        form = super().as_form_xobject()
        if self._style.turn in _TURNS:
            form["/Matrix"] = generic.ArrayObject(map(generic.NumberObject, _TURNS[self._style.turn]))
        return form

    def render(self) -> bytes:
        """Draw frame, seal and text."""
        width, height = self._size
        parts = [b"q", _FRAME % (width - 0.5, height - 0.5)]
        stamp, left = self._style.stamp, _PADDING
        side = height - 2 * _PADDING
        if stamp.seal is not None and 0 < side < width / 2:
            parts.append(self._seal(stamp.seal, side))
            left += side + _PADDING
        box = _Box(left, _PADDING, max(1.0, width - left - _PADDING), max(1.0, side))
        parts += [self._text(stamp, box), b"Q"]
        return b" ".join(parts)

    def _seal(self, seal: Seal, side: float) -> bytes:
        """The seal at the left, as large as it fits."""
        from PIL import Image
        from pyhanko.pdf_utils.images import PdfImage

        with Image.open(io.BytesIO(seal.png), formats=("PNG",)) as image:
            image.load()
            scale = side / max(image.width, image.height)
            width, height = image.width * scale, image.height * scale
            drawn = PdfImage(image, self._writer, box=BoxConstraints(width=width, height=height))
            commands = drawn.render()
        self.import_resources(drawn.resources)
        place = (_PADDING + (side - width) / 2, _PADDING + (side - height) / 2)
        return b"q 1 0 0 1 %g %g cm %s Q" % (*place, commands)

    def _text(self, stamp: Stamp, box: _Box) -> bytes:
        commands, font = _draw_text(self._writer, stamp, stamp.lines(self._style.at), box)
        self.set_resource(ResourceType.FONT, generic.pdf_name("/F1"), font)
        return commands


def _draw_text(writer: BasePdfFileWriter, stamp: Stamp, lines: Sequence[str], box: _Box) -> tuple[bytes, Any]:
    """Draw lines below one another, as large as they fit up to the usual size; the operators, and the font."""
    engine = _engine(writer, stamp)
    widest = max(engine.shape(line).x_advance for line in lines)
    size = round(min(_LETTERS, box.width / widest, box.height / (len(lines) * _LEADING)), 2)
    engine.font_size = size
    # The first baseline, such that all lines stand in the middle of the box.
    start = box.bottom + (box.height + len(lines) * _LEADING * size) / 2 - _ASCENT * size
    parts = [b"0 g BT /F1 %g Tf" % size]
    for number, line in enumerate(lines):
        place = (box.left, start - number * _LEADING * size)
        parts.append(b"1 0 0 1 %g %g Tm %s" % (*place, engine.shape(line).graphics_ops))
    font = engine.as_resource()
    # One that stands in the resources themselves some viewers look for in vain.
    return b" ".join([*parts, b"ET"]), font if stamp.font is not None else writer.add_object(font)


def _engine(writer: BasePdfFileWriter, stamp: Stamp) -> Any:
    """What turns letters into shapes; a font is embedded with these letters only."""
    from pyhanko.pdf_utils.font.basic import SimpleFontEngineFactory

    if stamp.font is None:
        return SimpleFontEngineFactory.default_factory().create_font_engine(writer)
    from pyhanko.pdf_utils.font.opentype import GlyphAccumulator

    return GlyphAccumulator(writer, io.BytesIO(stamp.font.data), font_size=1)
