"""A mail whose signature holds a content of its own: what its reader sees has to be that content."""

from __future__ import annotations

from base64 import encodebytes
from typing import TYPE_CHECKING

import pytest
from cmsforge import File
from signdesk import failed, verify

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli

SIGNED = b"Content-Type: text/plain\r\n\r\nI owe you 100 yen."
ANOTHER = SIGNED.replace(b"100", b"1000000")


def _mail(shown: bytes) -> bytes:
    """A mail in two parts, whose second holds the signed content too."""
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary="=_b"\r\n\r\n--=_b\r\n'
    part = b"\r\n--=_b\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    signature = encodebytes(File(content=SIGNED, is_attached=True).build()).replace(b"\n", b"\r\n")
    return head + shown + part + signature + b"\r\n--=_b--\r\n"


@pytest.mark.parametrize(("shown", "code", "fails"), [(SIGNED, 0, []), (ANOTHER, 7, ["content"])])
def test_the_part_that_is_shown_is_compared(
    run_cli: RunCli, tmp_path: Path, shown: bytes, code: int, fails: list[str]
) -> None:
    """A real signature around one content says nothing of the other one in the mail, which mail programs show."""
    path, out = tmp_path / "a.eml", tmp_path / "out"
    path.write_bytes(_mail(shown))
    result = verify(run_cli, path, "--extract", out)

    assert (result.code, failed(result)) == (code, [fails])
    assert out.exists() == (code == 0)
