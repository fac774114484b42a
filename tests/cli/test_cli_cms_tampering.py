"""Every form of CMS signature, tampered with: neither OpenSSL nor ``jpki verify`` accepts any of them."""

from __future__ import annotations

import base64
import shutil
import subprocess
from functools import cache
from typing import TYPE_CHECKING

import pytest
from asn1crypto import cms, pem
from signdesk import sign, verify

from jpki.crypto import Digest
from jpki_sim.pki import anchors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

CONTENT = b"to be signed\r\n\x00\xff" * 40
FORMS = [
    (digest, *form)
    for digest in ("sha256", "sha384", "sha512")
    for form in ((), ("--pem",), ("--attached",), ("--attached", "--pem"))
]


def _flip(der: bytes, part: bytes, at: int | None = None) -> bytes:
    """The signature with one bit of a part changed, of its last byte or another; the part stands in it once."""
    assert der.count(part) == 1
    changed = bytearray(part)
    changed[-1 if at is None else at] ^= 1
    return der.replace(part, changed)


def _info(der: bytes) -> cms.SignerInfo:
    return cms.ContentInfo.load(der)["content"]["signer_infos"][0]


def _attribute(der: bytes, name: str) -> bytes:
    for attribute in _info(der)["signed_attrs"]:
        if attribute["type"].native == name:
            return bytes(attribute["values"][0].contents)
    raise AssertionError(name)


def _certificate(der: bytes) -> bytes:
    certificates = cms.ContentInfo.load(der)["content"]["certificates"]
    return next(bytes(c.chosen.dump()) for c in certificates if not c.chosen.ca)


def _without(name: str) -> Callable[[bytes], bytes]:
    def change(der: bytes) -> bytes:
        info = cms.ContentInfo.load(der)
        signer = info["content"]["signer_infos"][0]
        signer["signed_attrs"] = [a for a in signer["signed_attrs"] if a["type"].native != name]
        return bytes(info.dump(force=True))

    return change


def _other_hash(der: bytes) -> bytes:
    info = cms.ContentInfo.load(der)
    signer = info["content"]["signer_infos"][0]
    other = "sha512" if signer["digest_algorithm"]["algorithm"].native == "sha256" else "sha256"
    for algorithm in (signer["digest_algorithm"], info["content"]["digest_algorithms"][0]):
        algorithm["algorithm"] = other
    return bytes(info.dump(force=True))


def _hash_of_another_file(der: bytes) -> bytes:
    name = Digest(_info(der)["digest_algorithm"]["algorithm"].native)
    return der.replace(name.of(CONTENT), name.of(CONTENT + b"x"))


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "a bit of the signature": lambda der: _flip(der, _info(der)["signature"].native),
    "a bit of the hash": lambda der: _flip(der, _attribute(der, "message_digest")),
    "the hash of another file": _hash_of_another_file,
    "another time of signing": lambda der: _flip(der, _attribute(der, "signing_time"), 5),
    "another certificate's hash": lambda der: _flip(der, _attribute(der, "signing_certificate_v2")),
    "a bit of the certificate's signature": lambda der: _flip(der, _certificate(der)),
    "a bit of the certificate's content": lambda der: _flip(der, _certificate(der), 400),
    "no hash": _without("message_digest"),
    "no type of content": _without("content_type"),
    "no time of signing": _without("signing_time"),
    "no binding of the certificate": _without("signing_certificate_v2"),
    "another hash function": _other_hash,
    "cut off": lambda der: der[:-1],
    "half of it": lambda der: der[: len(der) // 2],
}


class Case:
    """A good signature in one of its forms, in a folder."""

    def __init__(self, run_cli: RunCli, folder: Path, form: tuple[str, ...]) -> None:
        digest, *options = form
        self.file = folder / "contract.bin"
        self.file.write_bytes(CONTENT)
        self.is_attached = "--attached" in options
        self.signature = folder / f"contract.bin.{'p7m' if self.is_attached else 'p7s'}"
        self._is_pem = "--pem" in options
        self._folder = folder
        self._run_cli = run_cli
        assert sign(run_cli, str(self.file), "--digest", digest, *options).code == 0
        data = self.signature.read_bytes()
        self.der = pem.unarmor(data)[2] if self._is_pem else data
        (folder / "ca.pem").write_bytes(b"".join(pem.armor("CERTIFICATE", anchor) for anchor in anchors()))

    def write(self, der: bytes) -> None:
        """Replace the signature, in the same form."""
        text = b"-----BEGIN CMS-----\n" + base64.encodebytes(der) + b"-----END CMS-----\n"
        self.signature.write_bytes(text if self._is_pem else der)

    def is_accepted_by_openssl(self) -> bool:
        """OpenSSL's verdict, with the attributes of CAdES demanded."""
        command = ["openssl", "cms", "-verify", "-binary", "-cades", "-purpose", "any", "-CAfile", "ca.pem"]
        command += ["-in", self.signature.name, "-inform", "PEM" if self._is_pem else "DER", "-out", "out"]
        command += [] if self.is_attached else ["-content", self.file.name]
        return subprocess.run(command, cwd=self._folder, capture_output=True, check=False).returncode == 0

    def code(self) -> int:
        """This program's exit code."""
        return verify(self._run_cli, *([] if self.is_attached else [self.file]), self.signature).code


@pytest.fixture(params=FORMS, ids=" ".join)
def case(request: pytest.FixtureRequest, run_cli: RunCli, tmp_path: Path) -> Case:
    """Each form in turn."""
    if not _has_openssl():
        pytest.skip("openssl is not installed")
    return Case(run_cli, tmp_path, request.param)


@cache
def _has_openssl() -> bool:
    return shutil.which("openssl") is not None


def test_both_refuse_what_was_tampered_with(case: Case) -> None:
    """Of each form: good as it is, and with none of these changes."""
    assert (case.is_accepted_by_openssl(), case.code()) == (True, 0)
    accepted = []
    for name, change in CHANGES.items():
        changed = change(case.der)
        assert changed != case.der, name
        case.write(changed)
        if case.is_accepted_by_openssl() or case.code() not in (6, 7):
            accepted.append(name)
    assert accepted == []


def test_both_refuse_another_content(case: Case) -> None:
    """A byte of it changed, added or missing: beside the signature, or inside."""
    for changed in (CONTENT.replace(b"t", b"T", 1), CONTENT + b"x", CONTENT[:-1], b""):
        if not case.is_attached:
            case.file.write_bytes(changed)
        else:
            info = cms.ContentInfo.load(case.der)
            info["content"]["encap_content_info"]["content"] = changed
            case.write(info.dump(force=True))
        assert not case.is_accepted_by_openssl()
        assert case.code() == 7


def test_there_are_sixty_cases() -> None:
    """Counted over the forms."""
    assert len(CHANGES) * len(FORMS) >= 60
