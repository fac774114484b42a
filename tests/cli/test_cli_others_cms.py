"""Files that OpenSSL and pyca sign with the keys of TEST cards are accepted as what they are."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cmsforge import ca_certificate, holder
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs7
from signdesk import failed, verify

from jpki_cli.app import clock

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli

CONTENT = b"Hello,\nI owe you 100 yen.\n"
#: Arguments of ``openssl cms -sign``, the kind of key, and the name of what comes out.
FORMS = {
    "detached": (("-binary", "-outform", "DER"), "card", "msg.txt.p7s"),
    "SHA-384": (("-binary", "-md", "sha384", "-outform", "DER"), "card", "msg.txt.p7s"),
    "-noattr": (("-binary", "-noattr", "-outform", "DER"), "card", "msg.txt.p7s"),
    "-cades": (("-binary", "-cades", "-outform", "PEM"), "card", "msg.txt.p7s"),
    "-nodetach": (("-binary", "-nodetach", "-outform", "DER"), "card", "msg.txt.p7m"),
    "-stream": (("-binary", "-nodetach", "-stream", "-outform", "DER"), "card", "msg.txt.p7m"),
    "-stream, PEM": (("-binary", "-nodetach", "-stream", "-outform", "PEM"), "card", "msg.txt.p7m"),
    "PSS": (("-binary", "-keyopt", "rsa_padding_mode:pss", "-outform", "DER"), "card", "msg.txt.p7s"),
    "P-256": (("-binary", "-outform", "DER"), "P-256", "msg.txt.p7s"),
    "P-384": (("-binary", "-md", "sha384", "-outform", "DER"), "P-384", "msg.txt.p7s"),
    "-keyid": (("-binary", "-keyid", "-outform", "DER"), "card", "msg.txt.p7s"),
    "S/MIME": (("-text",), "card", "msg.eml"),
    "S/MIME, inside": (("-nodetach",), "card", "msg.eml"),
}


#: OpenSSL and pyca ask the clock, so the certificate covers every day on which the TEST issuer could be asked.
_LONG = {"begins": timedelta(days=-400), "ends": timedelta(days=2300)}


@pytest.fixture(autouse=True)
def real_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """They sign now, so this is looked at now."""
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC))


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a file to sign."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    (tmp_path / "msg.txt").write_bytes(CONTENT)
    return tmp_path


def _write_key(folder: Path, kind: str) -> None:
    who = holder(kind=kind, **_LONG)
    key = who.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    certificate = x509.load_der_x509_certificate(who.certificate).public_bytes(Encoding.PEM)
    (folder / "signer.pem").write_bytes(key + certificate)


@pytest.mark.parametrize("form", FORMS)
def test_what_openssl_signs(run_cli: RunCli, desk: Path, form: str) -> None:
    """Every item passes that can, and a byte more in the file is noticed."""
    options, kind, name = FORMS[form]
    _write_key(desk, kind)
    command = ["openssl", "cms", "-sign", "-in", "msg.txt", "-signer", "signer.pem", *options, "-out", name]
    done = subprocess.run(command, cwd=desk, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    named = (desk / name,) if name.endswith(".eml") else (desk / "msg.txt",)
    good = verify(run_cli, *named)
    (desk / "msg.txt").write_bytes(CONTENT + b"x")
    bad = verify(run_cli, *named)

    assert (good.code, failed(good)) == (0, [[]])
    if not name.endswith(".eml"):
        assert bad.code == 7
        assert "content" in failed(bad)[0]


def test_what_pyca_signs(run_cli: RunCli, tmp_path: Path) -> None:
    """Its PKCS #7 files, which do not name the certificate's hash."""
    who = holder(**_LONG)
    (tmp_path / "msg.txt").write_bytes(CONTENT)
    certificate = x509.load_der_x509_certificate(who.certificate)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(CONTENT).add_signer(certificate, who.key, hashes.SHA256())
    builder = builder.add_certificate(x509.load_der_x509_certificate(ca_certificate()))
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    (tmp_path / "msg.txt.p7s").write_bytes(builder.sign(Encoding.DER, options))
    result = verify(run_cli, tmp_path / "msg.txt")

    assert (result.code, failed(result)) == (0, [[]])
