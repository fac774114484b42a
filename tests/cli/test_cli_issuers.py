"""Issuers come along: for ``verify`` and ``cert check``, and so that signing reads less of the card."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from asn1crypto import pem
from cmsforge import CONTENT, File, Signer, ca_certificate, holder
from signdesk import failed, sign, verify

from jpki.certificate import LIST_DATE
from jpki.certificate.issuers import shipped_certificates
from jpki_sim.pki import ISSUERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import CliResult, RunCli

#: READ BINARY by short EF identifier: the CA certificates of the card (docs/card.md, 1.3).
READ_CA = (bytes.fromhex("00b082"), bytes.fromhex("00b08b"))


@pytest.fixture
def write(tmp_path: Path) -> Callable[[File], Path]:
    """Write a signature beside its content."""

    def make(made: File) -> Path:
        path = tmp_path / "contract.bin"
        path.write_bytes(made.content)
        path.with_name("contract.bin.p7s").write_bytes(made.build())
        return path

    return make


def _reasons(result: CliResult) -> dict[str, tuple[str, str]]:
    (signature,) = result.json["signatures"]
    return {r["item"]: (r["verdict"], r["reason"]) for r in signature["certificate"]}


def test_a_signature_that_encloses_its_signer_alone_passes(run_cli: RunCli, write: Callable[[File], Path]) -> None:
    """As myna makes it: the issuer's certificate is not in the file, on no card and named by no option."""
    result = verify(run_cli, write(File(certificates=(holder().certificate,))))

    assert (result.code, failed(result)) == (0, [[]])


@pytest.mark.parametrize("enclosed", [True, False])
def test_a_known_root_does_not_pass_for_being_enclosed(
    run_cli: RunCli, write: Callable[[File], Path], validate: Callable[[dict[str, Any]], None], *, enclosed: bool
) -> None:
    """A forger names J-LIS's root with all its identifiers and encloses it; another key has signed."""
    real = next(c for c in shipped_certificates() if hashlib.sha256(c).hexdigest().startswith("d227f6cd"))
    forged = holder(issuer="foreign", ca=real)
    path = write(File((Signer(forged),), certificates=(forged.certificate, *((real,) if enclosed else ()))))
    result = run_cli("verify", str(path), "--json")

    assert result.code == 7
    # The real root ends one day, and then its period fails beside the signature.
    assert [[item for item in items if item != "ca_period"] for items in failed(result)] == [["signature"]]
    assert _reasons(result)["issuer_pin"] == ("not_checked", "not_issued_with_its_key")
    validate(result.json)


def test_an_unknown_issuer_may_be_newer(run_cli: RunCli, write: Callable[[File], Path]) -> None:
    """The date of the list is said, whether the issuer's certificate is in the file or not."""
    signer = holder(issuer="foreign")
    for certificates in ((signer.certificate,), (signer.certificate, ca_certificate("foreign"))):
        path = write(File((Signer(signer),), certificates=certificates))
        result = run_cli("verify", str(path), "--json")
        said = " ".join(run_cli("verify", str(path)).stdout.split())

        assert (result.code, failed(result)) == (7, [["issuer_pin"]])
        assert _reasons(result)["issuer_pin"][1] == "unknown_issuer"
        assert f"may be newer than this program's list ({LIST_DATE.isoformat()})" in said


def _bundle(path: Path, names: list[str]) -> Path:
    text = b"# a bundle\n".join(pem.armor("CERTIFICATE", ca_certificate(name)) for name in names)
    path.write_bytes(b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n" + text)
    return path


@pytest.mark.parametrize("names", [["foreign"], ["foreign", "sign-2015"], [*ISSUERS]], ids=len)
def test_a_new_generation_is_accepted_by_its_fingerprint(
    run_cli: RunCli, tmp_path: Path, write: Callable[[File], Path], names: list[str], validate: Callable[..., None]
) -> None:
    """The file of a bundle is read whole; what is not accepted in it does not count."""
    signer = holder(issuer="foreign")
    path = write(File((Signer(signer),), certificates=(signer.certificate,)))
    bundle = _bundle(tmp_path / "bundle.pem", names)
    fingerprint = hashlib.sha256(ca_certificate("foreign")).hexdigest().upper()
    spaced = ":".join(fingerprint[i : i + 2] for i in range(0, 64, 2))

    accepted = run_cli("verify", str(path), "--ca", str(bundle), "--issuer-sha256", spaced, "--json")
    alone = run_cli("verify", str(path), "--ca", str(bundle), "--json")
    other = run_cli("verify", str(path), "--ca", str(bundle), "--issuer-sha256", "00" * 32, "--json")

    assert (accepted.code, _reasons(accepted)["issuer_pin"]) == (0, ("pass", "accepted_issuer"))
    assert [failed(alone), failed(other)] == [[["issuer_pin"]], [["issuer_pin"]]]
    validate(accepted.json)


@pytest.mark.parametrize("text", ["", "00", "zz" * 32, "00" * 33])
def test_a_fingerprint_has_one_length(run_cli: RunCli, write: Callable[[File], Path], text: str) -> None:
    """Exit 2, and what was typed is named."""
    assert run_cli("verify", str(write(File())), "--issuer-sha256", text).code == 2


def test_signing_reads_no_ca_certificate(run_cli: RunCli, tmp_path: Path, apdus: list[bytes]) -> None:
    """The one that comes along is enclosed; of an unknown issuer the card's copy is read as before."""
    for number, card in enumerate(("adult", "foreign-root")):
        path = tmp_path / f"{number}.bin"
        path.write_bytes(CONTENT)
        apdus.clear()
        assert sign(run_cli, str(path), card=card).code == 0
        assert any(apdu.startswith(READ_CA) for apdu in apdus) is (card == "foreign-root")
    assert ca_certificate() in (tmp_path / "0.bin.p7s").read_bytes()
    assert ca_certificate("foreign") in (tmp_path / "1.bin.p7s").read_bytes()


def test_checking_a_certificate_reads_no_ca_certificate(run_cli: RunCli, apdus: list[bytes]) -> None:
    """Of an unknown issuer the card's copy is read, and does not count for being there."""
    known = run_cli("--sim", "adult", "cert", "check", "auth", "--json")
    assert not any(apdu.startswith(READ_CA) for apdu in apdus)
    foreign = run_cli("--sim", "foreign-root", "cert", "check", "auth", "--json")

    assert (known.code, foreign.code) == (0, 7)
    assert any(apdu.startswith(READ_CA) for apdu in apdus)


def test_checking_a_certificate_takes_a_bundle_and_a_fingerprint(run_cli: RunCli, tmp_path: Path) -> None:
    """As verifying does."""
    bundle = _bundle(tmp_path / "bundle.pem", [*ISSUERS])
    fingerprint = hashlib.sha256(ca_certificate("foreign")).hexdigest()
    asked = ("--sim", "foreign-root", "cert", "check", "auth", "--json", "--ca", str(bundle))

    assert run_cli(*asked).code == 7
    assert run_cli(*asked, "--issuer-sha256", fingerprint).code == 0
