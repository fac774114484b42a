"""The words for files that cannot be signed, verified or written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .message import M

if TYPE_CHECKING:
    from jpki.errors import FileError

    from .message import Message

#: By the fault of a :class:`jpki.errors.FileError`.
FILE_FAULTS: Final = {
    "pdf_broken": M("The PDF {path} is damaged: its structure cannot be read."),
    "pdf_encrypted": M("The PDF {path} is encrypted; encrypted PDF files are neither signed nor verified."),
    "pdf_xfa": M("The PDF {path} is an XFA form, whose appearance a signature cannot protect."),
    "pdf_no_such_page": M("The PDF {path} has no such page."),
    "pdf_no_such_field": M("The PDF {path} has no empty signature field with this name."),
    "pdf_changes_forbidden": M("A signature in the PDF {path} forbids changes, so another one would break it."),
    "pdf_certificates_too_large": M("The certificates are too large for the signature in the PDF {path}."),
    "pdf_no_such_place": M("The box would be outside the page of the PDF {path}."),
    "pdf_no_font": M("This computer has no font with the letters of the stamp in the PDF {path}."),
    "pdf_bad_font": M("The font {path} cannot be used: it is not TrueType or OpenType, or must not be embedded."),
    "pdf_letters_missing": M("The font {path} lacks letters of the stamp: {names}"),
    "pdf_bad_image": M("The image {path} cannot be used: it is not PNG or JPEG, or is too large."),
    "pdf_not_intact": M("The signed PDF {path} did not pass its check, so it was not written."),
    "file_changed": M("{path} changed while it was being signed."),
    "signature_changed": M("The signature changed while its content was being written."),
    "name_forbidden": M("Windows does not allow a file named {path}."),
    "is_folder": M("The output {path} is a folder."),
    "no_folder": M("There is no folder {path}."),
    "folder_closed": M("The output folder {path} cannot be written to."),
    "not_writable": M("The output {path} cannot be written."),
    "system_refuses": M("The output {path} cannot be written: {reason}"),
    "output_exists": M("The output file {path} exists."),
    "output_is_input": M("The output {path} is one of the files to be signed."),
    "another_result": M("The output {path} exists, but is not a signature over {source} as it is now."),
    "write_failed": M("The output file could not be written: {reason}"),
    "other_signer": M("{path} was signed with another certificate, so nothing more was signed."),
    "no_signature": M("There is no signature beside {path}; give its name."),
    "no_signature_in_pdf": M("There is no signature in the PDF {path}, nor in a file beside it."),
    "no_content": M("The signature {path} has no content inside that could be written."),
    "no_file_to_compare": M("The signature does not contain its file; give the file first, then the signature."),
    "unreadable_signature": M("The signature {path} cannot be read: it is damaged, or it is not CMS in DER or PEM."),
    "unsupported_signature": M("The signature {path} is of a kind that this program does not support."),
}


def file_failure(exc: FileError) -> tuple[Message, tuple[Message, ...]]:
    """Say what is wrong with a file, and what to do next."""
    message = FILE_FAULTS[exc.fault].with_values(path=exc.path, **exc.values)
    remedy = () if exc.kept is None else (M("The result is not lost. It is in {path}", path=exc.kept),)
    if exc.fault == "pdf_no_such_field" and exc.values.get("names"):
        remedy = (M("Empty fields: {names}", names=exc.values["names"]),)
    return message, remedy
