"""Errors of bytes, files, keys and signatures."""

from .base import JpkiError


class ExtraMissingError(JpkiError):
    """A library that only one function needs is not installed; ``extra`` is what to install: ``jpki[extra]``."""

    code = "extra_missing"

    def __init__(self, message: str, *, extra: str) -> None:
        """Keep the name of the extra beside the sentence."""
        super().__init__(message)
        self.extra = extra


class KeyNotSupportedError(JpkiError):
    """The card's key is of a kind that this library does not sign with; ``kind`` names it, as ``EC P-384``."""

    code = "key_not_supported"

    def __init__(self, kind: str) -> None:
        """Keep the kind of the key."""
        super().__init__(f"the card's key is of another kind: {kind}")
        self.kind = kind


class DocumentDataError(JpkiError):
    """A login key was to sign the attributes of a document signature; nothing was sent."""

    code = "document_data"


class TimeStampError(JpkiError):
    """A time stamp service gave no time stamp.

    ``fault`` is the value of a :class:`jpki.signing.cms.time_stamp_request.TimeStampFault`, ``detail`` what the system
    or the service said of it. ``is_signed`` says that the card had signed already: the password was right, so no try
    was used, and the signature was not written.
    """

    code = "time_stamp"

    def __init__(self, fault: str, detail: str = "") -> None:
        """Keep the fault, and what was said of it."""
        super().__init__(f"no time stamp: {fault} {detail}".rstrip())
        self.fault = fault
        self.detail = detail
        self.is_signed = False


class SignatureInvalidError(JpkiError):
    """A signature is not that of this key over these bytes."""

    code = "signature_invalid"


class CertificateAbsentError(JpkiError):
    """The card says that it has no certificate of this kind; ``kind`` is ``auth`` or ``sign``."""

    code = "certificate_absent"

    def __init__(self, message: str, *, kind: str) -> None:
        """Keep which one."""
        super().__init__(message)
        self.kind = kind


#: Faults of files that share a machine word with others.
_FILE_CODES = {
    "name_forbidden": "cannot_write",
    "is_folder": "cannot_write",
    "no_folder": "cannot_write",
    "folder_closed": "cannot_write",
    "not_writable": "cannot_write",
    "system_refuses": "cannot_write",
    "another_result": "output_exists",
    "signature_changed": "file_changed",
    "no_signature_in_pdf": "no_signature",
    "no_file_to_compare": "usage",
    "unreadable_signature": "bad_data",
    "unsupported_signature": "unsupported",
}


class FileError(JpkiError):
    """A file that cannot be signed, verified or written.

    ``fault`` is a key of :data:`jpki.words.file_failures.FILE_FAULTS` and ``code`` its machine word, which several
    faults share. ``path`` is the file; ``values`` are what else its sentence tells. ``for_signing``: it was to be
    signed. ``kept`` is where a result that could not be put in its place lies.
    """

    def __init__(
        self, fault: str, path: object, *, for_signing: bool = False, kept: object = None, **values: object
    ) -> None:
        """Keep the values; the text of the exception is the fault, as names of files can be personal."""
        super().__init__(fault)
        self.fault = fault
        self.code = _FILE_CODES.get(fault, fault)
        self.path = path
        self.for_signing = for_signing
        self.kept = kept
        self.values = values


class DataError(JpkiError):
    """Bytes that do not have the form they must have."""

    code = "bad_data"


class UnsupportedSignatureError(DataError):
    """A signature of a kind that this library does not verify; that says nothing against it."""


class PdfError(DataError):
    """A PDF that cannot be signed or looked at; ``fault`` is one of :class:`jpki.signing.pdf.library.PdfFault`."""

    def __init__(self, message: str, *, fault: str, names: tuple[str, ...] = ()) -> None:
        """Keep the fault, and the names (of signature fields) that it is about."""
        super().__init__(message)
        self.fault = fault
        self.names = names


class ApduError(DataError):
    """A response shorter than a status word, or bytes that are no command APDU."""


class TlvError(DataError):
    """Not BER-TLV, or longer than what is there."""


class CertificateError(DataError):
    """Not an X.509 certificate, or not one of the kind that was expected."""
