"""Where and how the signature of a PDF is seen, as the options of ``jpki sign`` say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki_cli.failures import usage_error
from jpki_cli.words import M, current_language

if TYPE_CHECKING:
    from pathlib import Path

    from jpki.signing.pdf import Corner, Offset, SignaturePlace, Stamp

    from .options import SignOptions

_REGISTRY: Final = "registry"
_NUMBERS: Final = 2
_MOST_MM: Final = 10_000


def signature_place(options: SignOptions, source: Path) -> SignaturePlace:
    """Say where and how a PDF is signed inside; ``source`` is the first that is.

    Raises:
        CliError: exit code 2, the options do not fit together, or the form for the registry lacks what it wants.
        FileError: the stamp cannot be made.
    """
    from jpki.crypto import Digest
    from jpki.signing.pdf import SignaturePlace

    for_registry = options.form == _REGISTRY
    if for_registry and (not (options.name or "").strip() or options.digest != Digest.SHA256.value):
        raise usage_error(M("--format registry needs SHA-256 and a --name that is not empty."))
    return SignaturePlace(
        options.visible,
        options.field,
        for_registry,
        options.name,
        options.reason,
        options.location,
        _stamp(options, source),
        _position(options),
        has_time_stamp=options.timestamp is not None,
    )


def _stamp(options: SignOptions, source: Path) -> Stamp:
    """Read what the stamp is made of, once for all files; one that is not seen needs nothing."""
    from jpki.errors import FileError, PdfError
    from jpki.signing.pdf import Stamp, make_stamp
    from jpki_cli.app import clock, require_file

    if options.visible is None and options.field is None:
        if options.font is not None or options.seal is not None:
            raise usage_error(M("--font and --seal are for a visible signature: add --visible or --field."))
        return Stamp()
    font = None if options.font is None else require_file(options.font)
    seal = None if options.seal is None else require_file(options.seal)
    try:
        return make_stamp(clock.now(), current_language(), name=options.name, font=font, seal=seal)
    except PdfError as exc:
        of = {"bad_image": seal, "no_font": source}.get(exc.fault, font)
        raise FileError(f"pdf_{exc.fault}", of, for_signing=True, names=" ".join(exc.names)) from exc


def _position(options: SignOptions) -> Corner | Offset:
    """A corner, or two numbers: millimetres from the left and from the top.

    Raises:
        CliError: exit code 2, neither.
    """
    from jpki.signing.pdf import Corner, Offset

    corners = {corner.value: corner for corner in Corner}
    if options.position in corners:
        found = corners[options.position]
        if found is not Corner.BOTTOM_RIGHT and options.visible is None:
            raise usage_error(M("--position is for --visible; a field has its own place on a page."))
        return found
    numbers = [_number(text) for text in options.position.split(",")]
    if len(numbers) != _NUMBERS or None in numbers or options.visible is None:
        raise usage_error(
            M(
                "--position needs --visible, and a corner ({corners}) or two numbers: millimetres from the left and "
                "from the top of the page, as 20,250.",
                corners=", ".join(corners),
            )
        )
    return Offset(numbers[0] or 0.0, numbers[1] or 0.0)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < _MOST_MM else None
