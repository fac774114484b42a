"""Programs that sign a PDF with OpenSC's module in the place of ours; JPKI_LONG=1 runs it (docs/pkcs11.md)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from clientprograms import EXPORT, UNO_PYTHON
from openscdesk import COMMANDS, SECONDS, OpenscDesk
from pdfsamples import plain
from pkcs11bench import missing

if TYPE_CHECKING:
    from pathlib import Path

    from pcscd.conftest import Pcscd

PIN, PASSWORD = "2846", "SIMCARD1"
NICK = "JPKI (Digital Signature PIN):Digital Signature Certificate"


@pytest.fixture
def desk(pcscd: Pcscd, tmp_path: Path) -> OpenscDesk:
    """An adult's card over PC/SC, and an NSS database with OpenSC's module."""
    made = OpenscDesk(pcscd, tmp_path)
    made.nss_database(tmp_path / "nss")
    return made


def verified(name: str, desk: OpenscDesk) -> bool:
    """Whether ``jpki verify`` passes a PDF; the certificate of a TEST card is let pass."""
    argv = [sys.executable, "-m", "jpki_cli", "verify", name, "--allow-test", "--json"]
    done = desk.run(argv)
    return done.returncode == 0 and json.loads(done.stdout)["schema"].startswith("jpki.verify/")


def export(desk: OpenscDesk, *options: str, answers: tuple[str, ...] | None) -> tuple[str, str, int]:
    """Have LibreOffice export a signed PDF; its output and error, and how many windows asked for a PIN."""
    if shutil.which("soffice") is None:
        missing("soffice")
    if subprocess.run([UNO_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode:
        missing("python3-uno")
    (desk.folder / "export.py").write_text(EXPORT, encoding="ascii")
    pipe = f"jpki{uuid4().hex}"  # LibreOffice of the test before may still be ending, and have its own
    office = ["soffice", *options, "--norestore", "--nologo", "--nodefault", f"--accept=pipe,name={pipe};urp;"]
    office.append(f"-env:UserInstallation=file://{desk.folder}/office")
    environment = {"MOZILLA_CERTIFICATE_FOLDER": f"sql:{desk.folder}/nss"}
    asking = [UNO_PYTHON, "export.py", pipe, str(desk.folder / "letter.pdf")]
    with ExitStack() as stack:
        screen = stack.enter_context(desk.screen()) if answers is not None else None
        if screen is not None:
            environment["DISPLAY"] = screen.display
        stack.enter_context(desk.running(office, **environment))
        pipes = subprocess.PIPE
        program = desk.pcscd.popen(asking, stdout=pipes, stderr=pipes, cwd=desk.folder, env={"HOME": str(desk.folder)})
        if screen is not None:
            assert screen.answer("^Enter Password", answers or (), lambda: program.poll() is not None)
        out, error = program.communicate(timeout=SECONDS)
        return out, error, screen.asked if screen is not None else 0


def test_libreoffice_headless_finds_no_certificate_with_opensc(desk: OpenscDesk) -> None:
    """It cannot ask for the PINs, and lists nothing without them."""
    out, error, _ = export(desk, "--headless", answers=None)
    assert out == ""
    assert "NoPasswordException" in error


def test_libreoffice_signs_a_pdf_with_opensc(desk: OpenscDesk) -> None:
    """At a screen: both PINs are asked for before a certificate is listed; ``jpki verify`` passes the PDF."""
    desk.begin()
    out, error, asked = export(desk, answers=(PASSWORD, PIN))
    assert out.split() == ["2", "stored"], error
    assert (asked, desk.presented) == (2, 2)
    assert len(desk.commands) in COMMANDS
    assert verified("letter.pdf", desk)


def test_pdfsig_has_one_password_for_two_tokens(desk: OpenscDesk) -> None:
    """It logs in to both with the same one, which only one of them takes, and gives up."""
    if shutil.which("pdfsig") is None:
        missing("pdfsig")
    (desk.folder / "in.pdf").write_bytes(plain())
    desk.begin()
    argv = ["pdfsig", "-nssdir", f"sql:{desk.folder}/nss", "-nss-pwd", PASSWORD, "-add-signature", "-nick", NICK]
    done = desk.run([*argv, "in.pdf", "out.pdf"])
    assert "Password was not accepted" in done.stdout + done.stderr
    assert not (desk.folder / "out.pdf").exists()
    assert desk.presented == 1
