"""``jpki verify`` with signatures in PEM (RFC 7468)."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import pytest
from signdesk import failed, sign, verify

from jpki.signing.cms import decode_pem, pem as module

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli


@pytest.fixture
def signature(run_cli: RunCli, tmp_path: Path) -> Path:
    """A signature beside its file."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"content")
    assert sign(run_cli, str(path), "--pem").code == 0
    return path.with_name("a.txt.p7s")


@pytest.mark.parametrize("size", [0, 1, 47, 48, 49, 100_000])
def test_pem_of_any_size_is_read_back(run_cli: RunCli, tmp_path: Path, size: int) -> None:
    """Lines of 64 characters (RFC 7468); the content inside is found again."""
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(size))
    assert sign(run_cli, str(path), "--attached", "--pem").code == 0
    lines = path.with_name("a.bin.p7m").read_bytes().split(b"\n")

    assert {len(line) for line in lines[1:-3]} == {64}
    assert failed(verify(run_cli, path.with_name("a.bin.p7m"))) == [[]]


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 64, 65, 1000])
def test_pieces_may_end_anywhere(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    """In a line, at its end, amid the last line: the same bytes, none of them twice."""
    data = bytes(range(256)) * 3
    monkeypatch.setattr(module, "_CHUNK", chunk)
    for length in (0, 1, 2, 3, 47, 48, 49, len(data)):
        text = b"-----BEGIN CMS-----\n" + base64.encodebytes(data[:length]) + b"-----END CMS-----\n"
        counted: list[int] = []
        file = io.BytesIO(text)
        assert b"".join(decode_pem(file, advance=counted.append)) == data[:length]
        assert sum(counted) <= len(text)


def _lines(pem: bytes) -> list[bytes]:
    return pem.splitlines(keepends=True)


PEM_CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda pem: b"".join(_lines(pem)[:-1]),
    "a line is missing": lambda pem: b"".join(_lines(pem)[:3] + _lines(pem)[4:]),
    "another end": lambda pem: pem.replace(b"END CMS", b"END PKCS7"),
    "something behind": lambda pem: pem + b"x\n",
    "twice": lambda pem: pem + pem,
    "an end amid": lambda pem: b"".join([*_lines(pem)[:3], _lines(pem)[-1], *_lines(pem)[3:]]),
    "a beginning amid": lambda pem: b"".join([*_lines(pem)[:3], _lines(pem)[0], *_lines(pem)[3:]]),
    "far behind": lambda pem: pem + b"\n" * 3_000_000 + b"x",
    "a character of another alphabet": lambda pem: pem.replace(_lines(pem)[3], b"*" + _lines(pem)[3][1:]),
    "padding amid": lambda pem: pem.replace(_lines(pem)[3], _lines(pem)[3][:-3] + b"==\n"),
    "a header": lambda pem: pem.replace(b"-----\n", b"-----\nComment: x\n\n", 1),
    "no data": lambda pem: _lines(pem)[0] + _lines(pem)[-1],
    "nothing but the beginning": lambda pem: _lines(pem)[0],
    "one line without end": lambda pem: b"-----BEGIN CMS-----",
    "something behind, in DER": lambda pem: _with_der(pem, lambda der: der + b"\0"),
}


def _with_der(pem: bytes, change: Callable[[bytes], bytes]) -> bytes:
    lines = _lines(pem)
    der = change(base64.b64decode(b"".join(lines[1:-1])))
    return lines[0] + base64.encodebytes(der) + lines[-1]


@pytest.mark.parametrize("change", PEM_CHANGES)
def test_pem_that_was_changed_is_none(run_cli: RunCli, signature: Path, change: str) -> None:
    """Exit 6 and a sentence."""
    good = signature.read_bytes()
    assert PEM_CHANGES[change](good) != good
    signature.write_bytes(PEM_CHANGES[change](good))

    assert verify(run_cli, signature).code == 6


def test_pem_with_other_line_ends_is_the_same(run_cli: RunCli, signature: Path) -> None:
    """Mail programs make CRLF of LF, some lines longer, and empty ones between."""
    lines = _lines(signature.read_bytes())
    data = b"".join(line.strip() for line in lines[1:-1])
    for text in (
        b"".join(lines).replace(b"\n", b"\r\n"),
        lines[0] + data + b"\n" + lines[-1],
        b"".join(lines).rstrip(),
    ):
        signature.write_bytes(text)
        assert failed(verify(run_cli, signature)) == [[]]


def test_text_before_a_pem_is_said_not_to_be_signed(run_cli: RunCli, tmp_path: Path) -> None:
    """Who opens the file reads it there, above the signature that passes; blank lines say nothing."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"content")
    assert sign(run_cli, str(path), "--pem", "--attached").code == 0
    signature = path.with_name("a.txt.p7m")
    good, said = signature.read_bytes(), "The text before the signature in a.txt.p7m is not signed."
    for before, is_said in ((b"", False), (b"\n \n", False), (b"I owe you 1000 yen.\n", True)):
        signature.write_bytes(before + good)
        result = run_cli("verify", str(signature), "--allow-test")
        assert (result.code, said in " ".join(result.stdout.split())) == (0, is_said)
        assert verify(run_cli, signature).json.get("unsigned_part") == ("text" if is_said else None)


@pytest.mark.parametrize("label", [b"CMS", b"PKCS7", b"SIGNED MESSAGE", b"PKCS #7 SIGNED DATA"])
def test_the_labels_of_other_programs_are_known(run_cli: RunCli, signature: Path, label: bytes) -> None:
    """``gpgsm --armor`` has one of its own, and so had OpenSSL."""
    signature.write_bytes(signature.read_bytes().replace(b" CMS-----", b" " + label + b"-----"))

    assert failed(verify(run_cli, signature)) == [[]]
