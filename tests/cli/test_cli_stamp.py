"""``jpki sign --visible`` with a name, a seal, a font and a place: what is seen, and what is refused beforehand."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pyhanko", reason="pyHanko is not installed (the extra `pdf`)")

from pyhanko.pdf_utils.reader import PdfFileReader
from signdesk import sign, verify
from stampfont import LETTERS, font, seal

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli


@pytest.fixture
def font_file(tmp_path: Path) -> Path:
    """A font with the letters that are needed."""
    path = tmp_path / "font.ttf"
    path.write_bytes(font())
    return path


def _box(path: Path) -> tuple[float, ...]:
    reader = PdfFileReader(io.BytesIO(path.read_bytes()))
    return tuple(float(number) for number in reader.embedded_signatures[-1].sig_field["/Rect"])


def _looks(path: Path) -> bytes:
    reader = PdfFileReader(io.BytesIO(path.read_bytes()))
    return bytes(reader.embedded_signatures[-1].sig_field["/AP"]["/N"].data)


def test_name_seal_and_time_are_in_the_box(run_cli: RunCli, contract: Path, font_file: Path) -> None:
    """In the language of the call, by a font that was named; the signature is good, and its name is that, too."""
    picture = seal(contract.with_name("seal.png"))
    arguments = ["--visible", "1", "--name", "見本 太郎", "--font", str(font_file), "--seal", str(picture)]
    result = run_cli(
        "--lang", "ja", "--sim", "adult", "sign", str(contract), *arguments, "--pin-stdin", "--yes", stdin="SIMCARD1\n"
    )
    made = contract.with_name("contract-signed.pdf")

    assert result.code == 0, result.stderr
    assert verify(run_cli, made).code == 0
    assert b"/Span" in _looks(made)
    assert b"/Img" in _looks(made)
    reader = PdfFileReader(io.BytesIO(made.read_bytes()))
    assert reader.embedded_signatures[0].sig_object["/Name"] == "見本 太郎"


def test_in_english_no_font_is_needed(run_cli: RunCli, contract: Path) -> None:
    """The text is in letters that every viewer has."""
    assert sign(run_cli, str(contract), "--visible", "1", "--name", "Taro Mihon").code == 0
    looks = _looks(contract.with_name("contract-signed.pdf"))

    assert b"(Electronically signed)" in looks
    assert b"(Taro Mihon)" in looks


@pytest.mark.parametrize(
    ("position", "left", "bottom"),
    [
        ("bottom-right", 595 - 24 - 170, 24),
        ("bottom-left", 24, 24),
        ("top-left", 24, 842 - 24 - 40),
        ("top-right", 595 - 24 - 170, 842 - 24 - 40),
        ("20,30", 20 * 72 / 25.4, 842 - 30 * 72 / 25.4 - 40),
        ("0,0", 0, 842 - 40),
    ],
)
def test_the_place_is_the_one_that_was_named(
    run_cli: RunCli, contract: Path, position: str, left: float, bottom: float
) -> None:
    """A corner, or millimetres from the upper left."""
    assert sign(run_cli, str(contract), "--visible", "1", "--position", position).code == 0
    assert _box(contract.with_name("contract-signed.pdf"))[:2] == pytest.approx((left, bottom), abs=1)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--visible", "1", "--position", "middle"),
        ("--visible", "1", "--position", "1"),
        ("--visible", "1", "--position", "1,2,3"),
        ("--visible", "1", "--position", "-1,2"),
        ("--visible", "1", "--position", "nan,2"),
        ("--visible", "1", "--position", "1,inf"),
        ("--position", "top-left"),
        ("--position", "1,2"),
        ("--field", "a", "--position", "top-left"),
        ("--seal", "seal.png"),
        ("--font", "font.ttf"),
        ("--visible", "1", "--seal", "no-such.png"),
        ("--cms", "--seal", "seal.png"),
        ("--cms", "--position", "top-left"),
    ],
)
def test_what_does_not_fit_is_refused(
    run_cli: RunCli, contract: Path, apdus: list[bytes], arguments: tuple[str, ...]
) -> None:
    """Exit 2 before the card is touched."""
    result = sign(run_cli, str(contract), *arguments, "--json")

    assert (result.code, result.json["code"] in ("usage", "no_such_file")) == (2, True)
    assert apdus == []


def test_a_place_outside_of_the_page_is_refused(run_cli: RunCli, contract: Path, apdus: list[bytes]) -> None:
    """The page is known once the file is read, which is before the card, too."""
    result = sign(run_cli, str(contract), "--visible", "1", "--position", "200,10", "--json")
    assert (result.code, result.json["code"], apdus) == (2, "pdf_no_such_place", [])


@pytest.mark.parametrize("case", ["no_font", "bad_font", "letters_missing", "bad_image"])
def test_a_stamp_that_cannot_be_made_is_told(
    run_cli: RunCli, contract: Path, apdus: list[bytes], monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """Which file it is about, and what helps; the card is not touched."""
    monkeypatch.setattr("jpki.signing.pdf.stamp.usual_places", tuple)
    other = contract.with_name("other.bin")
    other.write_bytes(font(LETTERS.replace("見", "").replace("本", "")) if case == "letters_missing" else b"x")
    named = {"no_font": (), "bad_image": ("--seal", str(other))}.get(case, ("--font", str(other)))
    name = "Taro" if case == "bad_image" else "見本"
    result = sign(run_cli, str(contract), "--visible", "1", "--name", name, *named)

    assert (result.code, apdus) == (2, [])
    said = " ".join(result.stderr.split())
    assert ("other.bin" in said) is (case != "no_font")
    assert ("見 本" in said) is (case == "letters_missing")
    assert ("--font FILE" in said) is (case == "no_font")
