"""What a terminal or pipe can show: Japanese or not, and plain signs for those that its encoding lacks.

Nothing that is printed may end in a UnicodeEncodeError: on a stream whose encoding lacks a sign, ``●`` becomes ``*``,
typographic quotes become plain ones, and whatever else is missing becomes ``?``.
"""

from __future__ import annotations

import codecs
import sys
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

_HANDLER: Final = "jpki_plain"
_ASCII: Final = "jpki_ascii"
#: Signs of the screens and sentences that old encodings lack, with one that is in all of them and equally wide.
PLAIN: Final = {
    "●": "*",
    "○": "-",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "…": "~",
    "×": "x",
}
_JAPANESE: Final = "あ漢"
#: The console of the Linux kernel has a few hundred glyphs and none of them is Japanese (console_codes(4)).
_KERNEL_CONSOLE: Final = "linux"


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(PLAIN.get(sign, "?") for sign in error.object[error.start : error.end]), error.end


def make_streams_lenient() -> None:
    """Let stdout and stderr show a plain sign for each that their encoding lacks."""
    codecs.register_error(_HANDLER, _plain)
    codecs.register(_find_ascii)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding=_ASCII if _is_ascii(stream) else None, errors=_HANDLER)


def _is_ascii(stream: TextIO) -> bool:
    return codecs.lookup(stream.encoding).name == "ascii"


def _find_ascii(name: str) -> codecs.CodecInfo | None:
    """Find ASCII under another name: Click takes its own name for a mistake, and writes UTF-8 instead."""
    if name != _ASCII:
        return None
    ascii_codec = codecs.lookup("ascii")
    return codecs.CodecInfo(
        ascii_codec.encode,
        ascii_codec.decode,
        incrementalencoder=ascii_codec.incrementalencoder,
        incrementaldecoder=ascii_codec.incrementaldecoder,
        name=_ASCII,
    )


def can_encode(text: str, stream: TextIO | None) -> bool:
    """Whether a stream's encoding has every sign of a text."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    except LookupError:  # an encoding that Python does not know
        return text.isascii()
    return True


def lacks_japanese(environment: Mapping[str, str], *, is_chosen: bool) -> bool:
    """Whether Japanese would not be readable where this program prints.

    ``is_chosen`` says that the user asked for Japanese: on the kernel's console, which has no glyphs for it but may be
    another program's that has, that is believed.
    """
    if not can_encode(_JAPANESE, sys.stdout) or not can_encode(_JAPANESE, sys.stderr):
        return True
    is_console = environment.get("TERM") == _KERNEL_CONSOLE and _is_terminal(sys.stdout)
    return is_console and not is_chosen


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()
