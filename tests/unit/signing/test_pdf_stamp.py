"""The stamp of a signature: its text, its font, its seal, and how it looks on a page, also on one that is turned."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pdfsamples import name, plain, signed, updated
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from stampfont import LETTERS, collection, font, seal

from jpki.certificate import Issuers
from jpki.errors import ExtraMissingError, PdfError
from jpki.signing.cms import Trust
from jpki.signing.pdf import Corner, Offset, SignaturePlace, fonts, make_stamp, verify_pdf
from jpki.signing.pdf.fonts import find_font, load_font, usual_places
from jpki.signing.pdf.library import open_reader
from jpki.signing.pdf.signatures import filled_fields
from jpki.signing.pdf.stamp import load_seal
from jpki_sim import dates
from jpki_sim.pki import anchors

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

AT = datetime(2026, 11, 28, 16, 0, 5, tzinfo=UTC)


@pytest.fixture
def font_file(tmp_path: Path) -> Path:
    """A font with the letters that the tests need."""
    path = tmp_path / "font.ttf"
    path.write_bytes(font())
    return path


def _faulty(work: Any) -> PdfError:
    with pytest.raises(PdfError) as caught:
        work()
    return caught.value


def test_the_text_is_in_japanese_with_name_and_time_in_japan(font_file: Path) -> None:
    """One second past four in the afternoon of UTC is the next day in Japan."""
    stamp = make_stamp(AT, "ja", name=" 見本\n太郎\x07 ", font=font_file)
    assert stamp.lines(AT) == ("電子署名", "見本 太郎", "2026年11月29日 01:00:05（日本時間）")


def test_the_text_is_in_english_and_without_a_name() -> None:
    """Latin letters need no font in the file."""
    stamp = make_stamp(AT)
    assert stamp.lines(AT) == ("Electronically signed", "2026-11-29 01:00:05 (Japan time)")
    assert stamp.font is None
    assert make_stamp(AT, name=" \n").name is None


def test_a_name_with_other_letters_needs_a_font(monkeypatch: pytest.MonkeyPatch, font_file: Path) -> None:
    """It is looked for in the usual places, and without one that has them nothing is made."""
    monkeypatch.setattr("jpki.signing.pdf.stamp.usual_places", lambda: (Path("/nowhere"), font_file))
    assert make_stamp(AT, name="見本 太郎").font is not None

    monkeypatch.setattr("jpki.signing.pdf.stamp.usual_places", lambda: (Path("/nowhere"),))
    assert _faulty(lambda: make_stamp(AT, name="見本 太郎")).fault == "no_font"


def test_a_named_font_that_lacks_letters_says_which(tmp_path: Path) -> None:
    """Each once, in their order."""
    path = tmp_path / "font.ttf"
    path.write_bytes(font(LETTERS.replace("見", "").replace("郎", "")))
    error = _faulty(lambda: load_font(path, "見本見太郎"))

    assert (error.fault, error.names) == ("letters_missing", ("見", "郎"))


@pytest.mark.parametrize("usage", [0x0002, 0x0100, 0x0104, 0x0200])
def test_a_font_that_must_not_be_embedded_is_not(tmp_path: Path, usage: int) -> None:
    """What its maker allows stands in its table OS/2 (fsType)."""
    path = tmp_path / "font.ttf"
    path.write_bytes(font(usage=usage))
    assert _faulty(lambda: load_font(path, "見本")).fault == "bad_font"


@pytest.mark.parametrize("usage", [0, 4, 8])
def test_a_font_that_may_be_embedded_is(tmp_path: Path, usage: int) -> None:
    """For installing, for printing and preview, for editing."""
    path = tmp_path / "font.ttf"
    path.write_bytes(font(usage=usage))
    assert load_font(path, "見本").data


def test_of_a_collection_the_face_with_the_letters_is_taken(tmp_path: Path) -> None:
    """Also where it is not the first."""
    path = tmp_path / "font.ttc"
    path.write_bytes(collection(font("abc"), font()))
    assert load_font(path, "見本").data
    assert _faulty(lambda: load_font(path, "見本髙")).names == ("髙",)


@pytest.mark.parametrize("data", [b"", b"ttcf", b"no font at all", font()[:400], b"ttcf" + font()])
def test_what_is_no_font_is_refused(tmp_path: Path, data: bytes) -> None:
    """And does not keep another one from being found."""
    path, good = tmp_path / "bad.ttf", tmp_path / "good.ttf"
    path.write_bytes(data)
    good.write_bytes(font())
    assert _faulty(lambda: load_font(path, "見本")).fault == "bad_font"
    assert find_font("見本", [path, good]).data


def test_a_file_larger_than_any_font_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused by its size."""
    path = tmp_path / "font.ttf"
    path.write_bytes(font())
    monkeypatch.setattr(fonts, "_MAX_BYTES", 100)
    assert _faulty(lambda: load_font(path, "見本")).fault == "bad_font"


@pytest.mark.parametrize(("platform", "part"), [("win32", "Windows"), ("darwin", "Library"), ("linux", "share")])
def test_every_system_has_its_places(monkeypatch: pytest.MonkeyPatch, platform: str, part: str) -> None:
    """All are absolute there, and of one system."""
    monkeypatch.setattr(sys, "platform", platform)
    assert all(part in str(path) for path in usual_places())


@pytest.mark.parametrize("module", ["uharfbuzz", "fontTools"])
def test_letters_without_their_libraries_say_what_to_install(
    monkeypatch: pytest.MonkeyPatch, font_file: Path, module: str
) -> None:
    """The extra is named before a password is asked for."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ExtraMissingError) as caught:
        load_font(font_file, "見本")
    assert caught.value.extra == "pdf"


def test_a_seal_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Likewise."""
    path = seal(tmp_path / "seal.png")
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ExtraMissingError):
        load_seal(path)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_seal_becomes_a_picture_and_nothing_else(tmp_path: Path, kind: str) -> None:
    """Of a size that a stamp can show."""
    made = load_seal(seal(tmp_path / "seal", side=1000, kind=kind))
    with Image.open(io.BytesIO(made.png)) as image:
        assert (image.format, image.size, image.mode) == ("PNG", (640, 640), "RGBA")


@pytest.mark.parametrize("case", ["gif", "text", "pixels", "bytes", "cut"])
def test_what_is_no_seal_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """Another format, no picture, too many pixels or bytes, half of one."""
    path = seal(tmp_path / "seal", kind="GIF" if case == "gif" else "PNG")
    if case == "text":
        path.write_bytes(b"no picture")
    if case == "cut":
        path.write_bytes(path.read_bytes()[:70])
    if case == "pixels":
        monkeypatch.setattr("jpki.signing.pdf.stamp._MAX_SEAL_PIXELS", 3599)
    if case == "bytes":
        monkeypatch.setattr("jpki.signing.pdf.stamp._MAX_SEAL_BYTES", path.stat().st_size - 1)
    assert _faulty(lambda: load_seal(path)).fault == "bad_image"


def _turned(degrees: int) -> Any:
    def change(update: IncrementalPdfFileWriter) -> None:
        page = update.root["/Pages"]["/Kids"][0]
        page["/Rotate"] = generic.NumberObject(degrees)
        update.update_container(page)

    return change


def _picture(pdf: bytes, folder: Path, scale: int = 1) -> Image.Image:
    """The first page as poppler shows it, so many dots to a point."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    path = folder / "shown.pdf"
    path.write_bytes(pdf)
    command = ["pdftoppm", "-r", str(72 * scale), "-png", "-f", "1", "-singlefile", str(path), str(folder / "shown")]
    subprocess.run(command, check=True, capture_output=True)
    with Image.open(folder / "shown.png") as image:
        return image.convert("RGB")


def _found(image: Image.Image, *, red: bool, part: float = 0.75) -> list[tuple[int, int]]:
    """The dots of the seal, or those of the letters, below a part of the page."""
    wide, high = image.size
    first = int(high * part)
    data = image.crop((0, first, wide, high)).tobytes()
    found = []
    for place in range(len(data) // 3):
        r, g, b = data[3 * place : 3 * place + 3]
        if max(g, b) < 60 and (r > 150 if red else r < 60):
            found.append((place % wide, first + place // wide))
    return found


@pytest.mark.parametrize("is_cff", [False, True], ids=["TrueType", "CFF"])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270, -90])
def test_it_is_upright_on_a_page_that_is_shown_turned(tmp_path: Path, degrees: int, *, is_cff: bool) -> None:
    """In the lower right corner as shown: seal at the left, three lines of letters of their own width beside it."""
    path = tmp_path / "font.otf"
    path.write_bytes(font(is_cff=is_cff))
    stamp = make_stamp(AT, "ja", name="見本 太郎", font=path, seal=seal(tmp_path / "seal.png"))
    pdf = signed(updated(plain(text=b""), _turned(degrees)), place=SignaturePlace(page=1, stamp=stamp))
    image = _picture(pdf, tmp_path, 4)
    red, black = _found(image, red=True), _found(image, red=False)
    wide, high = image.size

    assert red
    assert black
    assert max(x for x, _ in red) < min(x for x, _ in black)
    assert max(x for x, _ in red + black) < wide - 24 * 4
    assert high - 80 * 4 < min(y for _, y in red + black) < max(y for _, y in red + black) < high - 24 * 4
    # 電子署名 are four letters and the time is 26; each but for a tenth of it at both sides is black.
    rows = sorted({y for _, y in black})
    first = [x for x, y in black if y == rows[1]]
    last = [x for x, y in black if y == rows[-2]]
    assert (max(last) - min(last)) / (max(first) - min(first)) == pytest.approx(25.8 / 3.8, rel=0.03)
    assert len([y for y in rows if y - 1 not in rows]) == 3


def test_the_letters_are_embedded_and_no_others(tmp_path: Path, font_file: Path) -> None:
    """So it looks the same in every viewer, and its text can be copied."""
    stamp = make_stamp(AT, "ja", name="見本 太郎", font=font_file)
    path = tmp_path / "a.pdf"
    path.write_bytes(signed(plain(text=b""), place=SignaturePlace(page=1, stamp=stamp)))
    if shutil.which("pdffonts") is None:
        pytest.skip("pdffonts (poppler-utils) is not installed")
    shown = subprocess.run(["pdffonts", str(path)], check=True, capture_output=True, text=True).stdout
    (line,) = [line for line in shown.splitlines() if "TEST" in line]
    text = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True, encoding="utf-8").stdout

    assert line.split()[-5:-2] == ["yes", "yes", "yes"]
    assert "見本 太郎" in text
    assert stamp.font is not None
    assert len(stamp.font.data) < len(font_file.read_bytes()) / 2


def _boxes(pdf: bytes) -> list[tuple[float, ...]]:
    fields = filled_fields(open_reader(io.BytesIO(pdf)))
    return [tuple(float(n) for n in f.embedded.sig_field["/Rect"]) for f in fields if f.embedded is not None]


def _overlaps(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("corner", Corner)
def test_each_corner_takes_many_stamps_of_different_heights(tmp_path: Path, corner: Corner) -> None:
    """They lie on the page, beside one another, and none of the earlier signatures is broken by them."""
    pdf = plain()
    picture = seal(tmp_path / "seal.png")
    for count in range(4):
        stamp = make_stamp(AT, name="Taro" if count % 2 else None, seal=picture if count == 2 else None)
        pdf = signed(pdf, place=SignaturePlace(page=1, stamp=stamp, position=corner))
    boxes = _boxes(pdf)

    assert len(boxes) == 4
    assert not any(_overlaps(a, b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert all((x1 + x2 < 595) is corner.is_left and (y1 + y2 > 842) is corner.is_top for x1, y1, x2, y2 in boxes)
    assert all(0 <= x1 < x2 <= 595 and 0 <= y1 < y2 <= 842 for x1, y1, x2, y2 in boxes)
    reports = verify_pdf(io.BytesIO(pdf), Trust(Issuers(test=anchors())), now=dates.now())
    assert not any(report.has_failed for report in reports)


def test_where_no_room_is_left_a_stamp_is_still_made() -> None:
    """Over another one: a page can be full."""
    pdf = updated(plain(), _small(120))
    for _ in range(4):
        pdf = signed(pdf, place=SignaturePlace(page=1))
    assert all(0 <= x1 < x2 <= 120 and 0 <= y1 < y2 <= 120 for x1, y1, x2, y2 in _boxes(pdf))


def _small(side: int) -> Any:
    def change(update: IncrementalPdfFileWriter) -> None:
        page = update.root["/Pages"]["/Kids"][0]
        page["/MediaBox"] = generic.ArrayObject(map(generic.NumberObject, (0, 0, side, side)))
        update.update_container(page)

    return change


def test_on_a_small_page_it_is_no_more_than_a_quarter() -> None:
    """More would make the signatures that were there before fail."""
    pdf = signed(signed(updated(plain(), _small(99))), place=SignaturePlace(page=1))
    x1, y1, x2, y2 = _boxes(pdf)[-1]

    assert 0 < (x2 - x1) * (y2 - y1) <= 99 * 99 / 4
    reports = verify_pdf(io.BytesIO(pdf), Trust(Issuers(test=anchors())), now=dates.now())
    assert not any(report.has_failed for report in reports)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_place_counts_from_the_upper_left_as_shown(tmp_path: Path, degrees: int) -> None:
    """In millimetres, also on a page that is turned."""
    place = SignaturePlace(page=1, position=Offset(20, 30), stamp=make_stamp(AT, seal=seal(tmp_path / "seal.png")))
    image = _picture(signed(updated(plain(text=b""), _turned(degrees)), place=place), tmp_path)
    red = _found(image, red=True, part=0)

    assert min(x for x, _ in red) == pytest.approx(20 / 25.4 * 72 + 4, abs=2)
    assert min(y for _, y in red) == pytest.approx(30 / 25.4 * 72 + 4, abs=2)


@pytest.mark.parametrize("position", [Offset(-1, 0), Offset(0, -1), Offset(150.1, 0), Offset(0, 283.5)])
def test_a_place_outside_of_the_page_is_refused(position: Offset) -> None:
    """A stamp that nobody sees is none."""
    error = _faulty(lambda: signed(plain(), place=SignaturePlace(page=1, position=position)))
    assert error.fault == "no_such_place"


def test_a_field_of_the_file_shows_it_too(tmp_path: Path) -> None:
    """Fitted into the field's own box, upright on a page that is turned."""
    box = (400, 30, 470, 240)
    made = updated(
        updated(plain(text=b""), _turned(90)),
        lambda update: append_signature_field(update, SigFieldSpec("buyer", box=box)),
    )
    stamp = make_stamp(AT, name="Taro", seal=seal(tmp_path / "seal.png"))
    image = _picture(signed(made, place=SignaturePlace(field="buyer", stamp=stamp)), tmp_path)
    red = _found(image, red=True, part=0)

    assert 30 < min(x for x, _ in red) < max(x for x, _ in red) < 110
    assert 400 < min(y for _, y in red) < max(y for _, y in red) < 470


def test_a_page_that_is_turned_askew_is_taken_as_it_is() -> None:
    """Only quarters are turns (ISO 32000-1, 7.7.3.3)."""
    pdf = signed(updated(plain(), _turned(45)), place=SignaturePlace(page=1))
    form = open_reader(io.BytesIO(pdf)).root["/AcroForm"]["/Fields"][-1].get_object()["/AP"]["/N"]
    assert name("/Matrix") not in form
