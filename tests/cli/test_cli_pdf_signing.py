"""PDF files that are not signed, and the ways to sign one: ``jpki sign`` with options, fields and locks."""

from __future__ import annotations

import io
import socket
import sys
from typing import TYPE_CHECKING

import pytest
from pdfsamples import plain, updated, written
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, append_signature_field
from signdesk import failed, sign, verify

from jpki.files import pdf as signing_pdf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


def _encrypted() -> bytes:
    made = copy_into_new_writer(PdfFileReader(io.BytesIO(plain())))
    made.encrypt(owner_pass="a", user_pass="b")
    return written(made)


def _xfa() -> bytes:
    def change(update: IncrementalPdfFileWriter) -> None:
        update.root["/AcroForm"]["/XFA"] = update.add_object(generic.StreamObject(stream_data=b"<xdp/>"))
        update.update_container(update.root["/AcroForm"])

    return updated(plain(), change)


def _by_hand(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1, the first of which is the catalogue."""
    made = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, value in enumerate(objects, 1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    made += b"trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(made)


_CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"


def _deep() -> bytes:
    nodes = [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (number + 3) for number in range(5000)]
    return _by_hand(_CATALOGUE, *nodes, b"<</Type/Page/MediaBox[0 0 99 99]>>")


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "encrypted": (_encrypted, "pdf_encrypted"),
    "XFA": (_xfa, "pdf_xfa"),
    "empty": (lambda: b"", "pdf_broken"),
    "no PDF": (lambda: b"plain text", "pdf_broken"),
    "header only": (lambda: b"%PDF-1.7\n", "pdf_broken"),
    "cut": (lambda: plain()[: len(plain()) // 2], "pdf_broken"),
    "no catalogue": (lambda: _by_hand(b"<</A 1>>"), "pdf_broken"),
    "no page tree": (lambda: _by_hand(b"<</Type/Catalog>>"), "pdf_broken"),
    "no page": (lambda: _by_hand(_CATALOGUE, b"<</Type/Pages/Count 0/Kids[]>>"), "pdf_broken"),
    "a page tree that holds itself": (
        lambda: _by_hand(_CATALOGUE, b"<</Type/Pages/Count 1/Kids[2 0 R]>>"),
        "pdf_broken",
    ),
    "a page tree 5000 deep": (_deep, "pdf_broken"),
    "a catalogue that is itself": (lambda: _by_hand(b"1 0 R"), "pdf_broken"),
    "arrays 100000 deep": (lambda: _by_hand(b"[" * 100000), "pdf_broken"),
    "a form that holds itself": (
        lambda: _by_hand(
            b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
            b"<</T(a)/Kids[4 0 R]>>",
        ),
        "pdf_broken",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_pdf_that_cannot_be_signed_gets_a_sentence(
    run_cli: RunCli, contract: Path, apdus: list[bytes], case: str
) -> None:
    """Exit 2 before the card is touched, and nothing is written."""
    make, code = BAD[case]
    contract.write_bytes(make())
    result = sign(run_cli, str(contract), "--json")

    assert (result.code, result.json["code"]) == (2, code)
    assert apdus == []
    assert [path.name for path in contract.parent.iterdir()] == ["contract.pdf"]


@pytest.mark.parametrize("case", BAD)
def test_a_pdf_that_cannot_be_looked_at_gets_a_sentence(run_cli: RunCli, contract: Path, case: str) -> None:
    """Exit 2: broken, encrypted, or without any signature."""
    contract.write_bytes(BAD[case][0]())
    result = verify(run_cli, contract)

    assert result.code == 2
    assert result.json["code"] in (BAD[case][1], "no_signature")


def _with_field(pdf: bytes) -> bytes:
    return updated(pdf, lambda update: append_signature_field(update, SigFieldSpec("buyer", box=(10, 10, 150, 60))))


def test_an_empty_field_is_signed_by_name(run_cli: RunCli, contract: Path) -> None:
    """Once; afterwards it is no empty field any longer."""
    contract.write_bytes(_with_field(plain()))
    first = sign(run_cli, str(contract), "--field", "buyer", "-o", str(contract), "--force")
    result = verify(run_cli, contract)
    again = sign(run_cli, str(contract), "--field", "buyer", "--json")

    assert (first.code, result.code) == (0, 0)
    assert [s["field"] for s in result.json["signatures"]] == ["buyer"]
    assert (again.code, again.json["code"]) == (2, "pdf_no_such_field")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--field", "nobody"), "pdf_no_such_field"),
        (("--visible", "3"), "pdf_no_such_page"),
        (("--visible", "0"), "usage"),
        (("--visible", "1", "--field", "a"), "usage"),
        (("--cms", "--visible", "1"), "usage"),
        (("--attached",), "usage"),
        (("--pem",), "usage"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    run_cli: RunCli, contract: Path, apdus: list[bytes], arguments: tuple[str, ...], code: str
) -> None:
    """Exit 2, before the card is touched."""
    result = sign(run_cli, str(contract), *arguments, "--json")

    assert (result.code, result.json["code"]) == (2, code)
    assert apdus == []


def test_a_signature_that_forbids_changes_is_not_broken(run_cli: RunCli, contract: Path, apdus: list[bytes]) -> None:
    """One that locks the document (ISO 32000-1, 12.8.2.2) keeps others out: exit 2, the card untouched."""
    lock = FieldMDPSpec(FieldMDPAction.ALL)
    spec = SigFieldSpec("last", field_mdp_spec=lock, doc_mdp_update_value=MDPPerm.NO_CHANGES)
    locked = updated(plain(), lambda update: append_signature_field(update, spec))
    contract.write_bytes(locked)
    assert sign(run_cli, str(contract), "--field", "last", "-o", str(contract), "--force").code == 0
    assert verify(run_cli, contract).code == 0
    apdus.clear()
    result = sign(run_cli, str(contract), "--json")

    assert (result.code, result.json["code"]) == (2, "pdf_changes_forbidden")
    assert apdus == []


def test_a_pdf_can_be_signed_as_any_file(run_cli: RunCli, contract: Path) -> None:
    """``--cms`` leaves it as it is, and the signature beside it is found."""
    assert sign(run_cli, str(contract), "--cms").code == 0

    assert contract.with_name("contract.pdf.p7s").exists()
    assert contract.read_bytes() == plain()
    assert (verify(run_cli, contract).code, failed(verify(run_cli, contract))) == (0, [[]])


def test_a_pdf_is_known_by_what_it_holds(run_cli: RunCli, tmp_path: Path) -> None:
    """Not by its name alone."""
    path = tmp_path / "contract"
    path.write_bytes(plain())

    assert sign(run_cli, str(path)).code == 0
    assert verify(run_cli, tmp_path / "contract-signed.pdf").code == 0


def test_nothing_is_replaced_unasked(run_cli: RunCli, contract: Path, apdus: list[bytes]) -> None:
    """Neither the PDF itself nor an earlier result."""
    contract.with_name("contract-signed.pdf").write_bytes(b"keep")

    assert sign(run_cli, str(contract)).code == 2
    assert sign(run_cli, str(contract), "-o", str(contract)).code == 2
    assert apdus == []


def test_files_of_both_kinds_share_a_password(run_cli: RunCli, tmp_path: Path, apdus: list[bytes]) -> None:
    """One VERIFY and one turn at the card; afterwards it is left closed."""
    names = []
    for number in range(3):
        (tmp_path / f"{number}.pdf").write_bytes(plain())
        (tmp_path / f"{number}.txt").write_bytes(b"text")
        names += [str(tmp_path / f"{number}.pdf"), str(tmp_path / f"{number}.txt")]
    assert sign(run_cli, *names).code == 0

    assert len([a for a in apdus if a[1] == 0x20 and len(a) > 5]) == 1
    assert len([a for a in apdus if a[1] == 0x2A]) == 6
    assert apdus[-1][:4].hex() == "00a4040c"
    assert verify(run_cli, tmp_path / "2-signed.pdf").code == 0


def test_a_key_that_does_not_fit_its_certificate_makes_no_file(run_cli: RunCli, contract: Path) -> None:
    """Exit 6, and nothing is left behind."""
    assert sign(run_cli, str(contract), card="key-mismatch").code == 6
    assert [path.name for path in contract.parent.iterdir()] == ["contract.pdf"]


def test_a_signed_pdf_that_does_not_verify_is_not_written(
    run_cli: RunCli, contract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked at before it is written: exit 1, and nothing is left behind."""
    monkeypatch.setattr(signing_pdf, "verify_pdf", lambda *_, **__: ())
    result = sign(run_cli, str(contract), "--json")

    assert (result.code, result.json["code"]) == (1, "pdf_not_intact")
    assert [path.name for path in contract.parent.iterdir()] == ["contract.pdf"]


def test_the_missing_library_is_named(
    run_cli: RunCli, contract: Path, apdus: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without pyHanko: exit 2, what to install, and CMS still works."""
    monkeypatch.setitem(sys.modules, "pyhanko.sign", None)
    for result in (sign(run_cli, str(contract)), run_cli("verify", str(contract))):
        assert result.code == 2
        assert "pipx install --force '.[pdf]'" in result.stderr
    assert apdus == []
    assert sign(run_cli, str(contract), "--cms").code == 0


def test_no_network_is_used(run_cli: RunCli, contract: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither to sign nor to verify: no name is looked up and no connection begun."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)

    assert sign(run_cli, str(contract)).code == 0
    assert verify(run_cli, contract.with_name("contract-signed.pdf")).code == 0


def test_names_of_the_file_cannot_move_the_cursor(run_cli: RunCli, tmp_path: Path) -> None:
    """The name of a field is shown without control characters."""
    title = "\x1b[2Jx"
    spec = SigFieldSpec(title)
    path = tmp_path / "a.pdf"
    path.write_bytes(updated(plain(), lambda update: append_signature_field(update, spec)))
    assert sign(run_cli, str(path), "--field", title, "-o", str(path), "--force").code == 0
    result = run_cli("verify", str(path), "--allow-test")

    assert result.code == 0
    assert "\x1b" not in result.stdout
