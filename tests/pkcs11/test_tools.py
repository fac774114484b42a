"""Tools that list, sign and verify: pkcs11-tool, p11tool, certutil, modutil, openssl, ssh-keygen, Python libraries."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from agentdesk import PIN
from pkcs11bench import Bench, engine_configuration

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "JPKI user certificate"
PSS_OPTIONS = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32"


def public_key(bench: Bench) -> Path:
    """The card's login key as a file for openssl."""
    view = bench.desk.cards.look()
    assert view is not None
    (bench.folder / "auth.der").write_bytes(view.auth)
    key = bench.folder / "key.pem"
    made = bench.run("openssl x509 -inform DER -in auth.der -pubkey -noout")
    key.write_text(made.stdout, encoding="ascii")
    return key


def verified_by_openssl(bench: Bench, options: str = "") -> bool:
    """Whether data.sig is the signature of data by the login key."""
    key = public_key(bench)
    check = bench.run(f"openssl dgst -sha256 {options} -verify {key} -signature data.sig data")
    return "Verified OK" in check.stdout


def test_pkcs11_tool_lists_slots_objects_and_mechanisms(bench: Bench) -> None:
    """No question is asked; certificate, both keys, the CA and the mechanisms are there."""
    slots = bench.run(f"pkcs11-tool --module {bench.module} -L")
    assert TOKEN in slots.stdout, slots.stderr
    found = bench.run(f"pkcs11-tool --module {bench.module} -O").stdout
    kinds = [line.split()[0] for line in found.splitlines() if " Object" in line]
    assert kinds == ["Certificate", "Public", "Private", "Certificate"]
    mechanisms = bench.run(f"pkcs11-tool --module {bench.module} -M").stdout
    assert {"SHA256-RSA-PKCS", "RSA-PKCS-PSS"} <= {line.split(",")[0].strip() for line in mechanisms.splitlines()}
    assert bench.desk.person.asked == []


@pytest.mark.parametrize("login", ["", "--login", f"--login --pin {PIN}"])
def test_pkcs11_tool_signs_and_openssl_verifies(bench: Bench, login: str) -> None:
    """SHA256-RSA-PKCS: without a login, by our dialog, and with a PIN of the program's own."""
    (bench.folder / "data").write_bytes(b"data")
    done = bench.run(
        f"pkcs11-tool --module {bench.module} {login} --sign -m SHA256-RSA-PKCS --id 01 -i data -o data.sig"
    )
    assert done.returncode == 0, done.stderr
    assert verified_by_openssl(bench)
    assert bench.desk.person.secrets_asked == ("--pin" not in login)


def test_pkcs11_tool_signs_with_pss(bench: Bench) -> None:
    """RSA-PKCS-PSS of a prepared hash, salt 32."""
    (bench.folder / "data").write_bytes(b"data")
    (bench.folder / "hash").write_bytes(hashlib.sha256(b"data").digest())
    done = bench.run(
        f"pkcs11-tool --module {bench.module} --sign -m RSA-PKCS-PSS --hash-algorithm SHA256 --id 01 "
        "-i hash -o data.sig"
    )
    assert done.returncode == 0, done.stderr
    assert verified_by_openssl(bench, PSS_OPTIONS)


def test_pkcs11_tool_signs_with_pss_and_its_hash_where_the_client_carries_it(bench: Bench) -> None:
    """SHA256-RSA-PKCS-PSS is listed and signs from p11-kit 0.25 on; before, it is not listed, and nobody is asked."""
    (bench.folder / "data").write_bytes(b"data")
    listed = "SHA256-RSA-PKCS-PSS" in bench.run(f"pkcs11-tool --module {bench.module} -M").stdout
    done = bench.run(f"pkcs11-tool --module {bench.module} --sign -m SHA256-RSA-PKCS-PSS --id 01 -i data -o data.sig")
    if listed:
        assert done.returncode == 0, done.stderr
        assert verified_by_openssl(bench, PSS_OPTIONS)
    else:
        assert "CKR_MECHANISM_INVALID" in done.stderr
    assert bench.desk.person.secrets_asked == listed


def test_pkcs11_tool_tests_up_to_a_signature_of_what_is_no_hash(bench: Bench) -> None:
    """``--test`` ends at its raw signature of bytes that are no DigestInfo, which is refused; the PIN stays right."""
    bench.answer(30)
    done = bench.run(f"pkcs11-tool --module {bench.module} --test --login --pin {PIN}")
    assert "C_SignFinal failed: rv = CKR_DATA_INVALID" in done.stdout + done.stderr
    assert "testing key 0" in done.stdout
    assert bench.desk.tries() == 3


def test_p11tool_lists_everything(bench: Bench) -> None:
    """Four objects, with addresses that name the token."""
    found = bench.run(f"p11tool --provider {bench.module} --list-all")
    assert found.stdout.count("URL: pkcs11:") == 4, found.stderr
    assert "token=JPKI%20user%20certificate" in found.stdout


def test_nss_tools_list_certificate_and_key(bench: Bench) -> None:
    """modutil adds the module; certutil finds certificate and private key without a question."""
    folder = bench.folder / "nss"
    folder.mkdir()
    assert bench.run(f"certutil -N -d sql:{folder} --empty-password").returncode == 0
    added = bench.run(f"modutil -dbdir sql:{folder} -add jpki -libfile {bench.module} -force")
    assert added.returncode == 0, added.stderr
    listed = bench.run(f"certutil -L -d sql:{folder} -h all")
    assert f"{TOKEN}:auth" in listed.stdout, listed.stderr
    assert "u,u,u" in listed.stdout
    keys = bench.run(f"certutil -K -d sql:{folder} -h all")
    assert "rsa      01" in keys.stdout, keys.stderr
    assert bench.desk.person.asked == []


def test_ssh_keygen_prints_one_key(bench: Bench) -> None:
    """The CA's key is not among those that ssh would try."""
    done = bench.run(f"ssh-keygen -D {bench.module}")
    assert len({line.split()[1] for line in done.stdout.splitlines()}) == 1, done.stderr
    assert done.stdout.startswith("ssh-rsa ")


def sign_cms(bench: Bench, signer: str, key: str, *, signature: bool) -> subprocess.CompletedProcess[str]:
    """Have ``openssl cms`` sign letter.txt with the engine."""
    configuration = engine_configuration(bench)
    (bench.folder / "letter.txt").write_text("letter\n", encoding="ascii")
    return bench.run(
        "openssl cms -sign -binary -nosmimecap -md sha256 -in letter.txt -out letter.p7s -outform DER "
        f"-signer {signer} -keyform engine -engine pkcs11 -inkey {key}",
        signature=signature,
        OPENSSL_CONF=str(configuration),
    )


def test_openssl_cms_signs_with_the_signature_key_and_jpki_verifies(bench: Bench) -> None:
    """The signature token's CMS, which ``jpki verify`` then passes."""
    certificate = bench.learn_signature_certificate()
    learned = bench.desk.learned.certificates
    assert learned is not None
    assert learned.issuer is not None
    (bench.folder / "sign.der").write_bytes(certificate)
    (bench.folder / "ca.der").write_bytes(learned.issuer)
    bench.run("openssl x509 -inform DER -in sign.der -out sign.pem")
    signed = sign_cms(bench, "sign.pem", "pkcs11:id=%02;type=private", signature=True)
    assert signed.returncode == 0, signed.stderr
    assert bench.desk.person.secrets_asked == 1
    assert bench.desk.words.questions[0].pin.value == "sign"
    verified = bench.run(f"{sys.executable} -m jpki_cli verify letter.txt letter.p7s --ca ca.der --allow-test --json")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert json.loads(verified.stdout)["schema"].startswith("jpki.verify/")


LIBRARIES = {
    "pkcs11": """
import sys, pkcs11
token = pkcs11.lib(sys.argv[1]).get_token(token_label="JPKI user certificate")
with token.open() as session:
    key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY)
    print(len(key.sign(b"data", mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)))
""",
    "PyKCS11": """
import sys, PyKCS11
lib = PyKCS11.PyKCS11Lib()
lib.load(sys.argv[1])
session = lib.openSession(lib.getSlotList(tokenPresent=True)[0])
key = session.findObjects([(PyKCS11.CKA_CLASS, PyKCS11.CKO_PRIVATE_KEY)])[0]
print(len(session.sign(key, b"data", PyKCS11.Mechanism(PyKCS11.CKM_SHA256_RSA_PKCS))))
session.closeSession()
""",
}


@pytest.mark.parametrize("library", LIBRARIES)
def test_python_libraries_sign(bench: Bench, library: str) -> None:
    """python-pkcs11 and PyKCS11, each in a process of its own."""
    probe = subprocess.run([sys.executable, "-c", f"import {library}"], capture_output=True, check=False, cwd="/")
    if probe.returncode:
        pytest.skip(f"{library} is not installed")
    (bench.folder / "client.py").write_text(LIBRARIES[library], encoding="ascii")
    done = bench.run(f"{sys.executable} client.py {bench.module}")
    assert done.stdout.strip() == "256", done.stderr
