"""Programs that sign a PDF with the signature key, which ``jpki verify`` then passes; run with JPKI_LONG=1."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pyhanko", reason="pyHanko is not installed (the extra `pdf`)")

from agentdesk import PASSWORD
from clientprograms import EXPORT, UNO_PYTHON
from pdfsamples import plain
from pkcs11bench import missing

if TYPE_CHECKING:
    from pathlib import Path

    from pkcs11bench import Bench

pytestmark = pytest.mark.skipif(os.environ.get("JPKI_LONG") != "1", reason="takes long; JPKI_LONG=1 runs it")
TOKEN = "JPKI signature certificate"
SECONDS = 240.0


@pytest.fixture
def database(bench: Bench) -> Path:
    """An NSS database with the signature token, whose certificate was learned."""
    bench.learn_signature_certificate()
    learned = bench.desk.learned.certificates
    assert learned is not None
    assert learned.issuer is not None
    (bench.folder / "ca.der").write_bytes(learned.issuer)
    folder = bench.folder / "nss"
    folder.mkdir()
    bench.run(f"certutil -N -d sql:{folder} --empty-password", signature=True)
    added = bench.run(f"modutil -dbdir sql:{folder} -add jpki -libfile {bench.module} -force", signature=True)
    assert added.returncode == 0, added.stderr
    bench.run(f"certutil -A -d sql:{folder} -n ca -t C,C,C -i ca.der", signature=True)
    return folder


def verify(bench: Bench, name: str) -> dict[str, object]:
    """What ``jpki verify`` says of a PDF; the certificate of a TEST card is let pass."""
    done = bench.run(f"{sys.executable} -m jpki_cli verify {name} --ca ca.der --allow-test --json")
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def questions(bench: Bench) -> list[str]:
    """Which PINs were asked for."""
    return [question.pin.value for question in bench.desk.words.questions]


def test_pdfsig_signs_a_pdf_with_one_password(bench: Bench, database: Path) -> None:
    """It signs twice, to learn the size: the person chooses "twice", and is asked once."""
    if shutil.which("pdfsig") is None:
        missing("pdfsig")
    (bench.folder / "in.pdf").write_bytes(plain())
    bench.desk.person.secrets, bench.desk.person.choices = [PASSWORD], [1]
    argv = ["pdfsig", "-nssdir", f"sql:{database}", "-nss-pwd", "x", "-add-signature", "-nick", f"{TOKEN}:sign"]
    done = subprocess.run(
        [*argv, "in.pdf", "out.pdf"],
        cwd=bench.folder,
        env=bench.environment(signature=True),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (bench.folder / "out.pdf").exists(), done.stdout + done.stderr
    verify(bench, "out.pdf")
    assert questions(bench) == ["sign"]
    assert not bench.desk.is_open()


def test_libreoffice_exports_a_signed_pdf(bench: Bench, database: Path) -> None:
    """Headless, by its API; one signature, one question."""
    office = shutil.which("soffice") or missing("soffice")
    if subprocess.run([UNO_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode:
        missing("python3-uno")
    bench.desk.person.secrets, bench.desk.person.choices = [PASSWORD], [0]
    pipe = f"jpki{os.getpid()}"
    environment = bench.environment(signature=True) | {"MOZILLA_CERTIFICATE_FOLDER": f"sql:{database}"}
    argv = [office, "--headless", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;"]
    argv.append(f"-env:UserInstallation=file://{bench.folder}/office")
    (bench.folder / "export.py").write_text(EXPORT, encoding="ascii")
    with (bench.folder / "office.txt").open("wb") as output:
        running = subprocess.Popen(argv, env=environment, stdout=output, stderr=output, start_new_session=True)
        try:
            done = subprocess.run(
                [UNO_PYTHON, "export.py", pipe, str(bench.folder / "letter.pdf")],
                cwd=bench.folder,
                env={"PATH": "/usr/bin:/bin", "HOME": str(bench.folder)},
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        finally:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
    assert done.stdout.split() == ["1", "stored"], done.stdout + done.stderr
    verify(bench, "letter.pdf")
    assert questions(bench) == ["sign"]
    assert not bench.desk.is_open()
