"""The page that signs files: nothing is sent before a yes and a password, and what was made verifies."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

import givenday
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from windowpages import READER, close_dialog, press, texts, type_pin

import jpki
from jpki.certificate import Issuers
from jpki.signing.pdf import Stamp, page_size
from jpki_sim.pki import anchors
from jpki_window.files import SignPage, page_picture, sign_page
from jpki_window.files.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from windowpages import PageDesk

    SitDown = Callable[..., PageDesk]

SIGNED = "Electronically signed"


def _tries(desk: PageDesk) -> int | None:
    with jpki.connect(READER, service=desk.readers) as card:
        return card.pins()[jpki.Pin.SIGN].retries_remaining


def _ready(desk: PageDesk, *files: Path) -> SignPage:
    page = SignPage(desk.context)
    desk.show(page)
    page.receive(list(files))
    page.consent.setChecked(True)
    return page


def _letter(folder: Path, name: str = "letter.txt") -> Path:
    path = folder / name
    path.write_text("TEST")
    return path


def _pdf(folder: Path) -> Path:
    from pdfsamples import plain

    path = folder / os.fsdecode("契約書.pdf".encode())  # in an ASCII locale too
    path.write_bytes(plain(pages=2))
    return path


def test_files_are_signed_with_one_entry(sit_down: SitDown, tmp_path: Path) -> None:
    """Each gets its signature beside it, which verifies; they leave the list, and the yes is asked for anew."""
    desk = sit_down()
    files = [_letter(tmp_path), _letter(tmp_path, "other.txt")]
    page = _ready(desk, *files)
    page.begin()
    type_pin(desk, "SIMCARD1")
    close_dialog()
    desk.wait(lambda: not page.files)
    for file in files:
        report = jpki.verify_file(file, issuers=Issuers(test=anchors()), at=givenday.now())
        assert report.passed
        assert str(file.with_name(f"{file.name}.p7s")) in texts(page)
    assert "2 files signed." in texts(page)
    assert not page.consent.isChecked()
    assert not page.sign.isEnabled()


def test_a_stamp_is_where_it_was_put(sit_down: SitDown, tmp_path: Path) -> None:
    """With the arrow keys, in millimetres; the page is drawn or empty, and its size the same."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    desk = sit_down()
    source = _pdf(tmp_path)
    page = _ready(desk, source)
    page.stamp.is_wanted.setChecked(True)
    page.stamp.page.setValue(2)
    desk.wait(lambda: page.stamp.view.right > 0 and desk.context.worker.is_idle)
    view, right, down = page.stamp.view, page.stamp.view.right, page.stamp.view.down
    view.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
        QTest.keyClick(view, key)
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert (view.right, view.down) == pytest.approx((right - 6, down - 5))
    assert f"{view.right:.0f} mm from the left" in view.accessibleDescription()
    page.begin()
    type_pin(desk, "SIMCARD1")
    close_dialog()
    desk.wait(lambda: not page.files)
    result = source.with_stem(f"{source.stem}-signed")
    with result.open("rb") as file:
        field = PdfFileReader(file).embedded_signatures[-1].sig_field
        left, _, _, top = (float(number) for number in field["/Rect"])
    with source.open("rb") as file:
        size = page_size(file, 2, Stamp())
    assert left * 25.4 / 72 == pytest.approx(view.right, abs=0.3)
    assert size.height - top * 25.4 / 72 == pytest.approx(view.down, abs=0.3)
    assert jpki.verify_file(result, issuers=Issuers(test=anchors()), at=givenday.now()).passed


def test_a_stamp_is_put_where_two_numbers_say(sit_down: SitDown, tmp_path: Path) -> None:
    """As a program for assistance sets them; they follow the arrow keys, and lead nowhere outside the page."""
    desk = sit_down()
    page = _ready(desk, _pdf(tmp_path))
    page.stamp.is_wanted.setChecked(True)
    stamp, view = page.stamp, page.stamp.view
    desk.wait(lambda: view.right > 0)
    assert (stamp.right.value(), stamp.down.value()) == (view.right, view.down)
    for box, place in ((stamp.right, 20.5), (stamp.down, 31.0)):
        interface = QAccessible.queryAccessibleInterface(box).valueInterface()
        assert interface is not None
        interface.setCurrentValue(place)
    seen = stamp.seen()
    assert seen is not None
    assert (seen.right, seen.down) == (20.5, 31.0)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert (stamp.right.value(), stamp.down.value()) == (15.5, 31.0)
    stamp.down.setValue(9999)
    assert view.down == pytest.approx(view.farthest[1], abs=0.1)
    assert view.right == 15.5


def test_without_a_picture_the_page_is_empty(
    sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no program draws it, the page has its size, and that it is empty is said."""
    monkeypatch.setattr(page_picture, "_program", lambda: None)
    desk = sit_down()
    page = _ready(desk, _pdf(tmp_path))
    page.stamp.is_wanted.setChecked(True)
    desk.wait(lambda: page.stamp.view.right > 0)
    assert not page.stamp.view.has_picture
    assert any("cannot be drawn" in line for line in texts(page))


def test_a_stamp_is_dragged_and_stays_on_the_page(sit_down: SitDown, tmp_path: Path) -> None:
    """The mouse takes it along; far outside it stops at the edge."""
    desk = sit_down()
    page = _ready(desk, _pdf(tmp_path))
    page.stamp.is_wanted.setChecked(True)
    view = page.stamp.view
    desk.wait(lambda: view.right > 0)
    corner = view.rect().topLeft() + QPoint(2, 2)  # a place of zeros would be taken for the middle
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=corner)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=corner)
    assert (view.right, view.down) == (0.0, 0.0)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=view.rect().bottomRight())
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=view.rect().bottomRight())
    seen = page.stamp.seen()
    assert seen is not None
    assert (seen.page, seen.right > 100, seen.down > 200) == (1, True, True)


def test_a_wrong_password_writes_nothing(sit_down: SitDown, tmp_path: Path) -> None:
    """The tries left are told, the file stays in the list, and nothing lies beside it."""
    desk = sit_down()
    page = _ready(desk, _letter(tmp_path))
    page.begin()
    dialog = type_pin(desk, "WRONG123")
    assert any("4 tries left" in line for line in dialog.visible_texts())  # type: ignore[attr-defined]  # a PinDialog
    close_dialog()
    desk.wait(lambda: desk.context.worker.is_idle)
    assert (len(page.files), _tries(desk)) == (1, 4)
    assert [path.name for path in tmp_path.glob("letter*")] == ["letter.txt"]


def test_leaving_the_dialog_sends_nothing(sit_down: SitDown, tmp_path: Path) -> None:
    """Esc at the password: no try is used, nothing is written."""
    from jpki_window.pin.dialog import PinDialog
    from jpki_window.pin.pages import SecretPage

    desk = sit_down()
    page = _ready(desk, _letter(tmp_path))
    page.begin()

    def asks() -> bool:
        found = QApplication.activeModalWidget()
        return isinstance(found, PinDialog) and isinstance(found.page, SecretPage)

    desk.wait(asks)

    def has_left() -> bool:
        # The page is drawn a moment before it takes keys.
        found = QApplication.activeModalWidget()
        if found is not None:
            QTest.keyClick(found, Qt.Key.Key_Escape)
        return found is None and desk.context.worker.is_idle

    desk.wait(has_left)
    assert (len(page.files), _tries(desk), list(tmp_path.glob("*.p7s"))) == (1, 5, [])


def test_a_result_that_is_there_is_not_replaced(sit_down: SitDown, tmp_path: Path) -> None:
    """Found out before the card is touched, and told with its code."""
    desk = sit_down()
    letter = _letter(tmp_path)
    letter.with_name("letter.txt.p7s").write_text("mine")
    page = _ready(desk, letter)
    page.begin()
    desk.wait(lambda: "Code: output_exists" in texts(page))
    assert QApplication.activeModalWidget() is None
    assert letter.with_name("letter.txt.p7s").read_text() == "mine"


def test_reading_is_stopped(sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop, while the files are read: the password is not asked for, and nothing is written."""

    class Stopped(Steps):
        """Somebody presses Stop at once."""

        def __init__(self, now: Callable[[], object]) -> None:
            super().__init__(now)  # type: ignore[arg-type]  # a clock
            self.stop()

    monkeypatch.setattr(sign_page, "Steps", Stopped)
    desk = sit_down()
    page = _ready(desk, _letter(tmp_path))
    page.begin()
    desk.wait(lambda: "Stopped. Nothing was written." in texts(page))
    assert QApplication.activeModalWidget() is None
    assert page.sign.isEnabled()


def test_a_yes_and_a_card_are_wanted(sit_down: SitDown, tmp_path: Path) -> None:
    """Without one of them there is nothing to press; what the signature holds stands beside the yes."""
    desk = sit_down()
    page = _ready(desk, _letter(tmp_path), tmp_path)
    assert [file.name for file in page.files] == ["letter.txt"]
    assert page.sign.isEnabled()
    page.consent.setChecked(False)
    assert not page.sign.isEnabled()
    assert any("name, address, birth date and sex" in line for line in texts(page))
    page.consent.setChecked(True)
    desk.readers.remove(READER)
    desk.wait(lambda: desk.context.glance.status is None)
    assert not page.sign.isEnabled()
    assert "To sign, put your card on the reader." in texts(page)


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ("locked-sign", "The signature password of this card is locked, so it cannot sign now."),
        ("child", "This card has no signature certificate, so it cannot sign."),
        ("adult", None),
        ("last-try-sign", None),
        ("locked-auth", None),
    ],
)
def test_a_card_that_cannot_sign_is_named_before_anything_is_pressed(
    sit_down: SitDown, tmp_path: Path, card: str, said: str | None
) -> None:
    """As soon as there are files; what to do then, "Sign" says."""
    page = _ready(sit_down(card), _letter(tmp_path))
    assert [line for line in texts(page) if "cannot sign" in line] == ([said] if said else [])


def test_of_another_card_it_is_said_that_it_is_another(sit_down: SitDown, tmp_path: Path) -> None:
    """And not that a card is to be put where one lies."""
    desk = sit_down("other-card")
    page = _ready(desk, _letter(tmp_path), tmp_path)
    assert not page.sign.isEnabled()
    assert "To sign, put your card on the reader." not in texts(page)
    assert any("This is not a My Number Card" in line for line in texts(page))


def test_a_file_is_taken_off_the_list(sit_down: SitDown, tmp_path: Path) -> None:
    """And the page is as before when the last one is gone."""
    desk = sit_down()
    page = _ready(desk, _letter(tmp_path), _letter(tmp_path, "b.txt"))
    page.list.setCurrentRow(0)
    press(page, "Remove from the list")
    assert [file.name for file in page.files] == ["b.txt"]
    page.list.setCurrentRow(0)
    press(page, "Remove from the list")
    assert (page.files, page.sign.isVisible()) == ({}, False)


@pytest.mark.parametrize("what", ["gone", "closed"])
def test_a_file_that_cannot_be_read_is_told_of(sit_down: SitDown, tmp_path: Path, what: str) -> None:
    """It was deleted since, or this user may not read it: by its name, before any password."""
    desk = sit_down()
    letter = _letter(tmp_path)
    if what == "closed":
        letter.chmod(0)
        if os.access(letter, os.R_OK):
            pytest.skip("this user may read everything")
    page = _ready(desk, letter)
    if what == "gone":
        letter.unlink()
    page.begin()
    desk.wait(lambda: any("letter.txt cannot be read" in line for line in texts(page)))
    assert QApplication.activeModalWidget() is None
    assert page.sign.isEnabled()


def test_a_broken_pdf_is_told_of(sit_down: SitDown, tmp_path: Path) -> None:
    """Before any password, with its code."""
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 no more")
    desk = sit_down()
    page = _ready(desk, broken)
    desk.wait(lambda: "Code: pdf_broken" in texts(page))


def test_a_pdf_is_signed_by_keyboard_alone(sit_down: SitDown, tmp_path: Path) -> None:
    """Tab, Space and the arrow keys: the stamp is wanted and moved, the yes is given, the password typed."""
    desk = sit_down()
    source = _pdf(tmp_path)
    page = SignPage(desk.context)
    desk.show(page)
    page.receive([source])
    desk.wait(lambda: desk.context.worker.is_idle)
    page.activateWindow()
    page.list.setFocus()
    _tab_to(page.stamp.is_wanted)
    QTest.keyClick(page.stamp.is_wanted, Qt.Key.Key_Space)
    desk.wait(lambda: page.stamp.view.right > 0)
    _tab_to(page.stamp.view)
    before = page.stamp.view.right
    QTest.keyClick(page.stamp.view, Qt.Key.Key_Left)
    assert page.stamp.view.right < before
    _tab_to(page.consent)
    QTest.keyClick(page.consent, Qt.Key.Key_Space)
    _tab_to(page.sign)
    QTest.keyClick(page.sign, Qt.Key.Key_Space)
    type_pin(desk, "SIMCARD1")
    close_dialog()
    desk.wait(lambda: not page.files)
    result = source.with_stem(f"{source.stem}-signed")
    assert jpki.verify_file(result, issuers=Issuers(test=anchors()), at=givenday.now()).passed


def _tab_to(wanted: QWidget) -> None:
    """Press Tab until it has the keyboard."""
    for _ in range(20):
        focused = QApplication.focusWidget()
        if focused is wanted:
            return
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not lead to {wanted.accessibleName()}")
