"""Taking a signed mail apart: each way in which it can be of another form is refused with its reason."""

from __future__ import annotations

import io
from base64 import encodebytes
from typing import TYPE_CHECKING

import pytest

from jpki.errors import DataError
from jpki.files.sources import Sources
from jpki.signing.cms import read_mail

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURE = b"the signature, as bytes"
CONTENT = b"Content-Type: text/plain\r\n\r\nI owe you 100 yen."
OPAQUE = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n"
PART = b"Content-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n"
HEAD = b'Content-Type: multipart/signed; boundary="=_b"\r\n\r\n'
#: A part that some programs show and others pass over, because it stands before what is the first part to them.
SLIPPED_IN = b"--=_b\n\nI owe you 1000000 yen."


def mail(*parts: bytes, head: bytes = HEAD, end: bytes = b"--\r\n") -> bytes:
    """A mail of these parts."""
    return head + b"".join(b"\r\n--=_b\r\n" + part for part in parts) + b"\r\n--=_b" + end


def read(data: bytes) -> tuple[bytes, bytes | None]:
    """Signature and content."""
    return read_mail(io.BytesIO(data), len(data))


def test_the_headers_of_a_mail_are_said_not_to_be_signed(tmp_path: Path) -> None:
    """A mail program shows them above the content; a PDF or a signature in DER has nothing of the kind."""
    path = tmp_path / "a.eml"
    path.write_bytes(b"Subject: I owe you 1000 yen\r\n" + mail(CONTENT, PART + encodebytes(SIGNATURE)))
    around = Sources(path, None).around()

    assert str(around) == "The headers of the mail a.eml, with its subject and sender, are not signed."
    assert Sources(path, None, is_pdf=True).around() is None
    path.write_bytes(b"0\x80")
    assert Sources(path, None).around() is None


def test_a_mail_of_both_forms_is_read() -> None:
    """The signature as bytes, and the content without the line end that belongs to the boundary."""
    assert read(OPAQUE + encodebytes(SIGNATURE)) == (SIGNATURE, None)
    assert read(mail(CONTENT, PART + encodebytes(SIGNATURE))) == (SIGNATURE, CONTENT)
    assert read(OPAQUE.replace(b"base64", b"binary") + SIGNATURE) == (SIGNATURE, None)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(OPAQUE + b"AAAA*AAA", "no base64", id="a letter that base64 has not"),
        pytest.param(OPAQUE + b"AAAAA", "no base64", id="base64 that is cut"),
        pytest.param(mail(CONTENT, PART + b"AAAAA"), "no base64", id="base64 that is cut, in a part"),
        pytest.param(OPAQUE.rstrip(), "no body", id="a header alone"),
        pytest.param(mail(CONTENT, PART.rstrip()), "no body", id="a part with a header alone"),
        pytest.param(
            mail(CONTENT, PART, head=b"Content-Type: multipart/signed\r\n\r\n"), "no boundary", id="no boundary"
        ),
        pytest.param(mail(CONTENT, PART, head=HEAD.replace(b"=_b", "境".encode())), "no boundary", id="a Japanese one"),
        pytest.param(
            mail(CONTENT, PART, head=HEAD.rstrip() + b"\r\nContent-Type: multipart/mixed; boundary=other\r\n\r\n"),
            "twice what its parts are",
            id="a kind of mail too many",
        ),
        pytest.param(
            mail(CONTENT, PART, head=HEAD.replace(b"\r\n\r\n", b"; Boundary=other\r\n\r\n")),
            "twice what its parts are",
            id="a boundary too many",
        ),
        pytest.param(
            HEAD[:-2] + SLIPPED_IN + mail(CONTENT, PART, head=b""),
            "no header",
            id="a part before the empty line behind the header",
        ),
        pytest.param(
            mail(CONTENT, PART, head=HEAD[:-4] + b"\n\r\n" + SLIPPED_IN.replace(b"\n\n", b"\n\r\n") + b"\r\n\r\n"),
            "not just a content",
            id="a part behind an empty line of another form",
        ),
        pytest.param(
            mail(CONTENT, PART, head=HEAD + b"Hello.\r" + SLIPPED_IN.replace(b"\n", b"\r")),
            "within a line",
            id="a part in lines that end in a carriage return alone",
        ),
        pytest.param(
            HEAD[:-2] + SLIPPED_IN.replace(b"\n", b"\r") + mail(CONTENT, PART, head=b"\r\n\r\n"),
            "no header",
            id="such a part in the header",
        ),
        pytest.param(
            mail(CONTENT, PART, head=HEAD[:-2] + b"X: y\r\n" * 20000 + b"\r\n"), "no header", id="a header without end"
        ),
        pytest.param(
            mail(CONTENT, OPAQUE.replace(b"base64", b"binary") + b"0\r--=_b\r\rMore."), "within a line", id="one behind"
        ),
        pytest.param(mail(CONTENT), "not just a content", id="one part"),
        pytest.param(mail(CONTENT, PART, PART), "not just a content", id="three parts"),
        pytest.param(mail(CONTENT, PART, end=b"\r\n"), "not just a content", id="no end"),
        pytest.param(mail(CONTENT, PART, end=b"--\r\nmore"), "not just a content", id="text behind the end"),
        pytest.param(mail(CONTENT, PART).replace(b"=_b\r\n", b"=_b x\r\n"), "more on its line", id="text behind one"),
    ],
)
def test_another_form_is_refused(data: bytes, reason: str) -> None:
    """Nothing is guessed: it is a DataError, and the error says what is wrong."""
    with pytest.raises(DataError, match=reason):
        read(data)
