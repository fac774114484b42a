"""File names as a Mac may give them: a kana and its sound mark as two characters (NFD).

HFS+ stores names so; APFS keeps the form in which they were made and finds a file by either (Apple File System,
Frequently Asked Questions: "preserves the normalization of the filename", "normalization-insensitive"). So this program
never changes the form of a name that it was given: what it makes of it is found by the same system, and on a disk or in
an archive that went to another computer, where the two forms are two names.
"""

from __future__ import annotations

import sys
import unicodedata
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pyhanko", reason="pyHanko is not installed (the extra `pdf`)")

from pdfsamples import plain
from signdesk import failed, sign, verify

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli

pytestmark = pytest.mark.skipif(sys.getfilesystemencoding() == "ascii", reason="an ASCII locale has no such names")
COMPOSED = "住民票の写しの申請書（ガイド）"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)


@pytest.mark.parametrize("name", [COMPOSED, DECOMPOSED])
def test_a_signature_is_named_as_its_file_is(run_cli: RunCli, tmp_path: Path, name: str) -> None:
    """In the form of the file's name; so it lies beside it, and is found there."""
    document = tmp_path / f"{name}.txt"
    document.write_bytes(b"to be signed")
    assert sign(run_cli, str(document)).code == 0

    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.txt", f"{name}.txt.p7s"}
    result = verify(run_cli, document)
    assert (result.code, failed(result)) == (0, [[]])
    assert result.json["signature_file"] == f"{document}.p7s"


def test_a_signed_pdf_keeps_the_form(run_cli: RunCli, tmp_path: Path) -> None:
    """The copy's name begins as that of the PDF."""
    document = tmp_path / f"{DECOMPOSED}.pdf"
    document.write_bytes(plain())
    assert sign(run_cli, str(document)).code == 0

    assert (tmp_path / f"{DECOMPOSED}-signed.pdf").is_file()


def test_sound_marks_are_shown(run_cli: RunCli, tmp_path: Path) -> None:
    """They are no characters that hide or reorder text: no number stands in their place."""
    missing = tmp_path / f"{DECOMPOSED}.txt"
    result = run_cli("verify", str(missing))

    assert result.code == 2
    assert DECOMPOSED in result.stderr.replace("\n", "")  # lines fit the terminal
    assert "\\u3099" not in result.stderr
