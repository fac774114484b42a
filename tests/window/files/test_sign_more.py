"""What is folded away on the page that signs: each choice, and the file that comes of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

import givenday
from pyhanko.pdf_utils.reader import PdfFileReader
from PySide6.QtWidgets import QApplication, QFileDialog
from stampfont import seal
from windowpages import close_dialog, press, texts, type_pin

import jpki
from jpki.certificate import Issuers
from jpki.certificate.checks import Verdict
from jpki.signing.cms import SignatureItem
from jpki_sim import dates
from jpki_sim.pki import anchors
from jpki_window.files import SignPage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from timestamping import Service
    from windowpages import PageDesk

    from jpki.files import VerifyReport

    SitDown = Callable[..., PageDesk]

NAME = "テスト　太郎"


def _page(desk: PageDesk, *files: Path) -> SignPage:
    page = SignPage(desk.context)
    desk.show(page)
    page.receive(list(files))
    press(page, "More options")
    page.consent.setChecked(True)
    desk.wait(lambda: desk.context.worker.is_idle)
    return page


def _pdf(folder: Path, **how: Any) -> Path:
    from pdfsamples import plain

    path = folder / "contract.pdf"
    path.write_bytes(plain(pages=1, **how))
    return path


def _sign(desk: PageDesk, page: SignPage) -> None:
    press(page, "Sign")
    type_pin(desk, "SIMCARD1")
    close_dialog()
    desk.wait(lambda: not page.files)


def _verified(file: Path, at: datetime | None = None, **how: Any) -> VerifyReport:
    report = jpki.verify_file(file, issuers=Issuers(test=anchors()), at=at or givenday.now(), **how)
    assert report.passed
    return report


def _dictionary(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        embedded = PdfFileReader(file).embedded_signatures[-1]
        return {str(key): value for key, value in embedded.sig_object.items()}


def test_the_simple_case_stays_simple(sit_down: SitDown, tmp_path: Path) -> None:
    """Nothing of it is seen until it is asked for, and folded again it keeps what was typed."""
    desk = sit_down()
    page = SignPage(desk.context)
    desk.show(page)
    page.receive([_pdf(tmp_path)])
    assert not any(part.isVisible() for part in (page.more.name, page.more.registry, page.more.time_stamps))
    press(page, "More options")
    assert page.more.name.isVisible()
    page.more.name.setText(NAME)
    press(page, "Fewer options")
    assert (page.more.name.isVisible(), page.more.wishes.name) == (False, NAME)
    desk.context.set_language("ja")
    page.retranslate()
    assert page.more.wishes.name == NAME


def test_what_is_typed_stands_in_the_pdf(sit_down: SitDown, tmp_path: Path) -> None:
    """Name, reason and place, without blanks around them."""
    desk = sit_down()
    page = _page(desk, _pdf(tmp_path))
    page.more.name.setText(NAME)
    page.more.reason.setText(" 契約 ")
    page.more.location.setText("Tokyo")
    _sign(desk, page)
    made = tmp_path / "contract-signed.pdf"
    _verified(made)
    found = _dictionary(made)
    assert [str(found[key]) for key in ("/Name", "/Reason", "/Location")] == [NAME, "契約", "Tokyo"]
    assert str(found["/SubFilter"]) == "/ETSI.CAdES.detached"


def test_the_form_for_the_legal_affairs_bureau(sit_down: SitDown, tmp_path: Path) -> None:
    """It wants a name, and that is said before anything is pressed."""
    desk = sit_down()
    page = _page(desk, _pdf(tmp_path))
    page.more.registry.setChecked(True)
    assert not page.sign.isEnabled()
    assert "The form for the Legal Affairs Bureau needs your name: type it above." in texts(page)
    page.more.name.setText(NAME)
    _sign(desk, page)
    made = tmp_path / "contract-signed.pdf"
    _verified(made)
    found = _dictionary(made)
    assert (str(found["/SubFilter"]), str(found["/Name"])) == ("/adbe.pkcs7.detached", NAME)


def test_a_seal_and_a_name_are_in_the_stamp(sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The image is asked for where there is a stamp only; the stamp grows, and stays on the page."""
    desk = sit_down()
    page = _page(desk, _pdf(tmp_path))
    assert "Image of a seal …" not in _buttons(page)
    page.stamp.is_wanted.setChecked(True)
    desk.wait(lambda: page.stamp.view.right > 0)
    before = page.stamp.view.right
    image = seal(tmp_path / "seal.png")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(image), ""))
    press(page, "Image of a seal …")
    assert "seal.png" in texts(page)
    page.more.name.setText("TEST")
    desk.wait(lambda: page.stamp.view.right < before and desk.context.worker.is_idle)
    _sign(desk, page)
    made = tmp_path / "contract-signed.pdf"
    _verified(made)
    with made.open("rb") as file:
        field = PdfFileReader(file).embedded_signatures[-1].sig_field
        drawn = field["/AP"]["/N"]
        assert b"TEST" in drawn.data
        images = drawn["/Resources"]["/XObject"]
        assert [str(images[name]["/Subtype"]) for name in images] == ["/Image"]


def test_a_name_that_is_typed_last_does_not_push_the_stamp_off_the_page(sit_down: SitDown, tmp_path: Path) -> None:
    """Signed before the larger stamp was drawn."""
    desk = sit_down()
    page = _page(desk, _pdf(tmp_path))
    page.stamp.is_wanted.setChecked(True)
    desk.wait(lambda: page.stamp.view.right > 0)
    page.stamp.view.move_to(500, 500)
    page.more.name.setText("TEST")
    page.begin()
    type_pin(desk, "SIMCARD1")
    close_dialog()
    desk.wait(lambda: not page.files)
    _verified(tmp_path / "contract-signed.pdf")


def test_no_seal_any_more_and_one_that_is_no_image(
    sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be used is told of with its name and code before the password; it can be taken back."""
    desk = sit_down()
    page = _page(desk, _pdf(tmp_path))
    page.stamp.is_wanted.setChecked(True)
    broken = tmp_path / "seal.png"
    broken.write_bytes(b"no image")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(broken), ""))
    press(page, "Image of a seal …")
    press(page, "Sign")
    desk.wait(lambda: "Code: pdf_bad_image" in texts(page) and page.sign.isEnabled())
    assert any("seal.png cannot be used" in line for line in texts(page))
    assert QApplication.activeModalWidget() is None
    press(page, "Without a seal")
    assert page.more.wishes.seal is None
    _sign(desk, page)


def test_a_time_stamp_and_the_network_said(
    sit_down: SitDown, tmp_path: Path, stamps: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked once before the password and once of the signature; where it goes stands beside the yes, folded or not."""
    monkeypatch.setattr(dates, "now", lambda: datetime.now(dates.JST))
    desk = sit_down()
    desk.context.now = lambda: datetime.now(UTC)
    page = _page(desk, _pdf(tmp_path))
    assert not any("Over the network" in line for line in texts(page))
    page.more.time_stamps.setText(stamps.url)
    press(page, "Fewer options")
    assert any(f"goes to the time stamp service {stamps.url}" in line for line in texts(page))
    _sign(desk, page)
    assert len(stamps.asked) == 2
    report = _verified(tmp_path / "contract-signed.pdf", datetime.now(UTC), time_stamp_cas=[stamps.ca])
    found = report.signatures[0].result_of(SignatureItem.TIME_STAMP)
    assert found is not None
    assert found.verdict is Verdict.PASS


@pytest.mark.parametrize("address", ["stamps.example", "http://127.0.0.1:1/none"])
def test_no_time_stamp_no_password(sit_down: SitDown, tmp_path: Path, address: str) -> None:
    """What is no address, or where nobody answers, is told of before anything is sent to the card."""
    desk = sit_down()
    page = _page(desk, _pdf(tmp_path))
    page.more.time_stamps.setText(address)
    press(page, "Sign")
    desk.wait(lambda: "Code: time_stamp" in texts(page))
    assert "Nothing was sent to the card." in texts(page)
    assert QApplication.activeModalWidget() is None
    assert [path.name for path in tmp_path.glob("contract*")] == ["contract.pdf"]


def test_a_pdf_from_outside_and_a_file_around(sit_down: SitDown, tmp_path: Path) -> None:
    """The list says what will be made; what is about the inside of a PDF goes away."""
    desk = sit_down()
    letter = tmp_path / "letter.txt"
    letter.write_text("TEST")
    page = _page(desk, _pdf(tmp_path), letter)
    assert page.more.name.isVisible()
    page.more.beside.setChecked(True)
    assert not page.more.name.isVisible()
    assert _listed(page) == ["contract.pdf  →  contract.pdf.p7s", "letter.txt  →  letter.txt.p7s"]
    page.more.around.setChecked(True)
    assert _listed(page) == ["contract.pdf  →  contract.pdf.p7m", "letter.txt  →  letter.txt.p7m"]
    _sign(desk, page)
    for name in ("contract.pdf", "letter.txt"):
        _verified(tmp_path / name)


def test_another_folder_for_the_results(sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And two files of one name are refused there before the password; beside the files is taken back."""
    desk = sit_down()
    folder, other = tmp_path / "results", tmp_path / "other"
    files = [folder.parent / "letter.txt", other / "letter.txt"]
    for place in (folder, other):
        place.mkdir()
    for file in files:
        file.write_text("TEST")
    page = _page(desk, *files)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    press(page, "Folder for the results …")
    assert str(folder) in texts(page)
    press(page, "Sign")
    desk.wait(lambda: "Code: output_exists" in texts(page))
    page.list.setCurrentRow(1)
    press(page, "Remove from the list")
    _sign(desk, page)
    _verified(files[0], signature=folder / "letter.txt.p7s")
    assert str(folder / "letter.txt.p7s") in texts(page)
    opened: list[object] = []
    desk.context.page_wanted.connect(lambda name, argument: opened.append((name, argument)))
    press(page, "Check the signature")
    assert opened == [("verify", [files[0], folder / "letter.txt.p7s"])]
    assert not (tmp_path / "letter.txt.p7s").exists()
    page.receive([files[1]])
    press(page, "Beside the files")
    assert page.more.wishes.folder is None


def test_what_a_pdf_holds_beside_its_pages_is_named_before(sit_down: SitDown, tmp_path: Path) -> None:
    """It is signed too, and nobody sees it on a page."""
    from pdfsamples import name, plain, updated
    from pyhanko.pdf_utils import generic

    def layered(update: Any) -> None:
        layers = {name("/OCGs"): generic.ArrayObject(), name("/D"): generic.DictionaryObject()}
        update.root["/OCProperties"] = update.add_object(generic.DictionaryObject(layers))
        update.update_root()

    desk = sit_down()
    path = tmp_path / "layers.pdf"
    path.write_bytes(updated(plain(), layered))
    page = _page(desk, path)
    desk.wait(lambda: any("contains layers" in line for line in texts(page)))
    page.more.beside.setChecked(True)
    assert not any("contains layers" in line for line in texts(page))


def _buttons(page: SignPage) -> list[str]:
    from PySide6.QtWidgets import QPushButton

    return [found.text() for found in page.findChildren(QPushButton) if found.isVisibleTo(page)]


def _listed(page: SignPage) -> list[str]:
    return [page.list.item(row).text() for row in range(page.list.count())]
