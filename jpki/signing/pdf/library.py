"""The way to pyHanko: loaded late, kept silent, and its many errors told as one."""

from __future__ import annotations

import enum
import errno
import logging
import struct
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

from jpki.errors import ExtraMissingError, PdfError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.reader import PdfFileReader

#: What a PDF begins with (ISO 32000-1, 7.5.2); offsets count from here, so nothing may stand before it.
HEADER: Final = b"%PDF-"
#: pyHanko parses lazily, and a malformed part raises whatever it leads to.
_MALFORMED: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class PdfFault(enum.Enum):
    """Why a PDF cannot be signed or looked at."""

    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    XFA = "xfa"
    NO_SUCH_PAGE = "no_such_page"
    NO_SUCH_FIELD = "no_such_field"
    CHANGES_FORBIDDEN = "changes_forbidden"
    CERTIFICATES_TOO_LARGE = "certificates_too_large"
    NO_SUCH_PLACE = "no_such_place"
    NO_FONT = "no_font"
    BAD_FONT = "bad_font"
    LETTERS_MISSING = "letters_missing"
    BAD_IMAGE = "bad_image"


def is_pdf(file: BinaryIO) -> bool:
    """Whether a file begins as a PDF does."""
    file.seek(0)
    return file.read(len(HEADER)) == HEADER


def require_pyhanko() -> None:
    """Load pyHanko, or say that the extra for PDF is missing.

    Raises:
        ExtraMissingError: it is not installed.
    """
    try:
        import pyhanko.sign
    except ImportError as exc:
        raise ExtraMissingError("signatures in PDF files need the library pyHanko", extra="pdf") from exc
    # Without a handler Python prints warnings to stderr; a program that wants them has handlers of its own.
    for name in (pyhanko.__name__, "pyhanko_certvalidator"):
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


@contextmanager
def pdf_errors() -> Iterator[None]:
    """Tell whatever a malformed PDF leads pyHanko to as a PdfError."""
    from pyhanko.pdf_utils.misc import PdfError as LibraryError
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.validation.errors import SignatureValidationError

    try:
        yield
    except PdfError:
        raise
    except (LibraryError, SigningError, SignatureValidationError, *_MALFORMED) as exc:
        raise PdfError("the PDF cannot be read", fault=PdfFault.BROKEN.value) from exc
    except OSError as exc:
        # An offset before the beginning of the file; other faults are those of the disk.
        if exc.errno != errno.EINVAL:
            raise
        raise PdfError("the PDF cannot be read", fault=PdfFault.BROKEN.value) from exc


def open_reader(file: BinaryIO) -> PdfFileReader:
    """Read a PDF's structure, first by the letter of the standard, then as most programs do.

    Files of widespread programs differ from the standard. The reader's ``strict`` tells how it was read.

    Raises:
        ExtraMissingError: pyHanko is not installed.
        PdfError: it is broken or encrypted.
    """
    require_pyhanko()
    if not is_pdf(file):
        raise PdfError("the file does not begin as a PDF does", fault=PdfFault.BROKEN.value)
    try:
        with pdf_errors():
            return _read(file, strict=True)
    except PdfError as exc:
        if exc.fault != PdfFault.BROKEN.value:
            raise
    with pdf_errors():
        return _read(file, strict=False)


def _read(file: BinaryIO, *, strict: bool) -> PdfFileReader:
    from pyhanko.pdf_utils.misc import PdfReadError

    from .readers import BoundedReader

    file.seek(0)
    reader = BoundedReader(file, strict=strict)
    if reader.encrypted:
        raise PdfError("the PDF is encrypted", fault=PdfFault.ENCRYPTED.value)
    if reader.root["/Type"] != "/Catalog" or "/Kids" not in reader.root["/Pages"]:
        raise PdfReadError("no catalogue or no page tree")
    return reader


def writer_of(reader: PdfFileReader, file: BinaryIO) -> IncrementalPdfFileWriter:
    """Add to a PDF; new objects take numbers that no object has.

    Poppler's ``pdfunite`` states fewer objects than there are, so that by what it states pages would be written over.
    To a file with two tables (a hybrid file, as Word writes it) pyHanko adds only if it was not read strictly.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    previous = _read(file, strict=False) if reader.xrefs.hybrid_xrefs_present else reader
    writer = IncrementalPdfFileWriter(file, prev=previous)
    tables = (reader.xrefs.get_xref_data(revision) for revision in range(reader.xrefs.total_revisions))
    numbers = (max(data.standard_xrefs | data.xrefs_in_objstm, default=0) for data in tables)
    writer._lastobj_id = max(writer._lastobj_id, *numbers)  # noqa: SLF001 - it has no other way
    return writer


def has_xfa(reader: PdfFileReader) -> bool:
    """Whether the pages are drawn from an XFA form, whose looks no signature in the PDF can fix."""
    with pdf_errors():
        return "/AcroForm" in reader.root and "/XFA" in reader.root["/AcroForm"]
