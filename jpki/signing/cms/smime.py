"""Signed mail (S/MIME, RFC 8551): the signature in it, and the part that it signs."""

from __future__ import annotations

import re
from base64 import b64decode
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from jpki.errors import DataError

if TYPE_CHECKING:
    from email.message import Message

#: A mail is read into memory; larger ones are not sent.
MAX_MAIL: Final = 64 * 1024 * 1024
_MAX_HEADER: Final = 64 * 1024
_SIGNED_MAIL: Final = "multipart/signed"
_SIGNATURE_TYPES: Final = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_PARTS: Final = 2
#: The first empty line, however its lines end.
_EMPTY_LINE: Final = re.compile(rb"\r?\n\r?\n")
_LINE_END_OF_ONE_RETURN: Final = re.compile(rb"\r(?!\n)")


class SignedMail(NamedTuple):
    """A signature in DER or BER, and the bytes that it signs, None if it holds them itself."""

    signature: bytes
    content: bytes | None


def looks_like_mail(head: bytes) -> bool:
    """Whether a file that begins so says in its header that it is signed mail."""
    kind = _header(head).get_content_type()
    return kind == _SIGNED_MAIL or kind in _SIGNATURE_TYPES


def read_mail(file: BinaryIO, size: int) -> SignedMail:
    """Take a signed mail apart.

    Raises:
        DataError: too large, or not of the form that signed mail has.
    """
    if size > MAX_MAIL:
        raise DataError("the mail is larger than any that is sent")
    file.seek(0)
    data = file.read(size)
    head_end = _end_of_header(data)
    header = _header(data[:head_end])
    _require_one_meaning(header, data[:head_end])
    if header.get_content_type() in _SIGNATURE_TYPES:
        return SignedMail(_decode(header, data[head_end:]), None)
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not boundary.isascii():
        raise DataError("the mail has no boundary between its parts")
    content, signature = _split(data[head_end:], boundary.encode())
    return SignedMail(_decode(_header(signature), signature[_end_of_header(signature) :]), _canonical(content))


def _header(data: bytes) -> Message:
    return BytesHeaderParser().parsebytes(data[:_MAX_HEADER], headersonly=True)


def _require_one_meaning(header: Message, encoded: bytes) -> None:
    """Refuse a mail of which each program may show other parts.

    It names its kind or its boundary twice, or programs differ about where its header ends and its parts begin: some
    end it at the first line that is none of a header, and some take a carriage return alone for the end of a line.
    """
    if len(encoded) > _MAX_HEADER or header.defects or _LINE_END_OF_ONE_RETURN.search(encoded):
        raise DataError("the mail has something in its header that is no header")
    named = [name.lower() for name, _ in header.get_params([])]
    if len(header.get_all("Content-Type", [])) > 1 or named.count("boundary") > 1:
        raise DataError("the mail says twice what its parts are")


def _end_of_header(data: bytes) -> int:
    found = _EMPTY_LINE.search(data)
    if found is None:
        raise DataError("the mail has no body")
    return found.end()


def _split(body: bytes, boundary: bytes) -> tuple[bytes, bytes]:
    """The two parts, without the line ends that belong to the boundaries (RFC 2046, 5.1.1)."""
    marked = b"\n" + body
    mark = b"--" + boundary
    parts = marked.split(b"\n" + mark)
    if len(parts) != _PARTS + 2 or not parts[-1].startswith(b"--") or parts[-1][2:].strip():
        raise DataError("the mail has not just a content and its signature")
    if mark in parts[0] or mark in parts[2]:  # a boundary for whoever ends lines in another way
        raise DataError("the mail has a boundary within a line")
    return _without_line_ends(parts[1]), _without_line_ends(parts[2])


def _without_line_ends(part: bytes) -> bytes:
    start = part.find(b"\n")
    if start < 0 or part[:start].strip():
        raise DataError("a boundary in the mail has more on its line")
    return part[start + 1 :].removesuffix(b"\r")


def _canonical(content: bytes) -> bytes:
    """What was signed has line ends of two characters (RFC 8551, 3.1.1); a mail that was saved may have lost one."""
    return content if b"\r\n" in content else content.replace(b"\n", b"\r\n")


def _decode(header: Message, body: bytes) -> bytes:
    encoding = str(header.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding != "base64":
        return body
    try:
        return b64decode(b"".join(body.split()), validate=True)
    except ValueError as exc:
        raise DataError("the signature in the mail is no base64") from exc
