"""Who signed: the first lines of ``jpki verify``, its JSON, and the signer that is expected."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from cmsforge import CONTENT, File, Holder, Signer, binding, ca_certificate, holder
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from signdesk import failed, sign

from jpki.outside_text import visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import CliResult, RunCli

    Write = Callable[[File], Path]

NAME = "テスト　花子"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a signature beside its content."""

    def make(made: File) -> Path:
        path = tmp_path / "contract.bin"
        path.write_bytes(CONTENT)
        path.with_name("contract.bin.p7s").write_bytes(made.build())
        return path

    return make


def _said(run_cli: RunCli, path: Path, *options: str) -> list[str]:
    return run_cli("verify", str(path), "--allow-test", *options).stdout.splitlines()


def _key_sha256(certificate: bytes) -> str:
    key = x509.load_der_x509_certificate(certificate).public_key()
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def test_the_first_lines_say_who_when_and_what(run_cli: RunCli, write: Write) -> None:
    """By name, with the clock that told the time; and that the certificate is a TEST one."""
    lines = _said(run_cli, write(File()))

    assert lines[0] == "contract.bin was compared with what contract.bin.p7s signs."
    assert lines[1] == "Signature 1: signature certificate"
    assert lines[2] == f"  Signed by “{NAME}” with a TEST certificate: not a real person."
    assert lines[3].startswith("  Signed on 20")
    assert lines[3].endswith("Japan time, by the signer's clock.")
    assert lines[4] == "  The content is what was signed."


def _other_key(_: bytes) -> bytes:
    return bytes(256)


@pytest.mark.parametrize(
    "made",
    [
        File((Signer(mangle_signature=_other_key),)),
        File((Signer(holder(issuer="foreign")),), certificates=(holder(issuer="foreign").certificate,)),
        File(
            (Signer(forged := holder(issuer="foreign", ca=ca_certificate())),),
            certificates=(forged.certificate, ca_certificate()),
        ),
        File((Signer(binding=binding(ca_certificate())),)),
    ],
    ids=["signature", "unknown issuer", "not issued by it", "binding"],
)
def test_a_name_that_is_not_confirmed_is_a_claim(run_cli: RunCli, write: Write, made: File) -> None:
    """Neither as a fact on the screen nor in JSON."""
    path = write(made)
    text = "\n".join(_said(run_cli, path))
    result = run_cli("verify", str(path), "--allow-test", "--json")

    assert result.code == 7
    assert f"somebody who claims to be “{NAME}”; this is not confirmed" in text
    assert f"Signed by “{NAME}”" not in text
    assert result.json["signatures"][0]["signer"]["is_confirmed"] is False


def test_a_changed_content_was_signed_by_nobody_here(run_cli: RunCli, write: Write) -> None:
    """The signer is confirmed, and the first lines say that this is not what was signed."""
    path = write(File())
    path.write_bytes(CONTENT + b"x")
    lines = _said(run_cli, path)

    assert NAME in lines[2]
    assert lines[4] == "  It is NOT certain that the content is what was signed."


def test_json_tells_who(run_cli: RunCli, write: Write, validate: Callable[[dict[str, Any]], None]) -> None:
    """Name, distinguished names, number, and both fingerprints."""
    result = run_cli("verify", str(write(File())), "--allow-test", "--json")
    certificate = holder().certificate
    (signature,) = result.json["signatures"]

    validate(result.json)
    assert signature["signer"] == {
        "is_confirmed": True,
        "name": NAME,
        "subject": "C=JP, CN=20240401093000TEST00001",
        "issuer": "C=JP, O=JPKI-SIM TEST, OU=TEST JPKI for digital signature, OU=TEST NOT ISSUED BY J-LIS",
        "serial": "7000001",
        "sha256": hashlib.sha256(certificate).hexdigest(),
        "public_key_sha256": _key_sha256(certificate),
    }


@pytest.mark.parametrize("name", ["花子\u202e偽", "花子\u200b", "Hanako\u2066x", "花\u00ad子"])
def test_a_name_cannot_act_on_the_screen(run_cli: RunCli, write: Write, name: str) -> None:
    """What reorders text or is not seen stands there as its number; JSON holds the number as text."""
    path = write(File((Signer(holder(name=name)),)))
    acting = next(c for c in name if not c.isprintable() or c == "\u00ad")
    result = run_cli("verify", str(path), "--allow-test", "--json")

    for text in ("\n".join(_said(run_cli, path)), result.stdout):
        assert acting not in text
        assert visible(acting) in text


def test_failures_come_first_and_passes_in_one_line(run_cli: RunCli, write: Write) -> None:
    """With -v each item has its line."""
    path = write(File())
    path.write_bytes(CONTENT + b"x")
    lines = _said(run_cli, path)
    verbose = run_cli("-v", "verify", str(path), "--allow-test").stdout.splitlines()

    assert lines[5].split()[:1] == ["FAILED"]
    assert sum(line.strip().startswith(("passed", "FAILED")) for line in lines) == 1
    assert any(line.startswith("  Passed: Signature, ") for line in lines)
    assert sum(line.strip().startswith("passed") for line in verbose) > 10


def _expected(path: Path, signer: Holder) -> list[str]:
    pem = path.with_name("expected.pem")
    pem.write_bytes(x509.load_der_x509_certificate(signer.certificate).public_bytes(Encoding.PEM))
    return [hashlib.sha256(signer.certificate).hexdigest(), _key_sha256(signer.certificate).upper(), str(pem)]


def _expect(run_cli: RunCli, path: Path, who: str) -> CliResult:
    return run_cli("verify", str(path), "--allow-test", "--expect-signer", who, "--json")


def test_the_expected_signer_passes_and_no_other(
    run_cli: RunCli, write: Write, validate: Callable[[dict[str, Any]], None]
) -> None:
    """By certificate, by key, by file; somebody else with the same name and issuer fails by that item alone."""
    other = holder(kind="2048", serial=0x07000009)
    path = write(File())
    for who in _expected(path, holder()):
        good = _expect(run_cli, path, who)
        assert (good.code, failed(good)) == (0, [[]])
        validate(good.json)
    for who in _expected(path, other):
        bad = _expect(run_cli, path, who)
        assert (bad.code, failed(bad)) == (7, [["expected_signer"]])
        validate(bad.json)


def test_one_of_several_signers_may_be_the_expected_one(run_cli: RunCli, write: Write) -> None:
    """The other signature is no failure then; with neither expected, both fail."""
    second = holder(kind="2048", serial=0x07000009)
    path = write(File((Signer(), Signer(second))))
    (who, *_) = _expected(path, second)

    assert _expect(run_cli, path, who).code == 0
    assert failed(_expect(run_cli, path, "00" * 32)) == [["expected_signer"], ["expected_signer"]]


@pytest.mark.parametrize("value", ["", "a" * 63, "a" * 66, "AB:" * 31 + "AB:0", "0" * 40])
def test_a_hash_of_another_length_is_named_so(run_cli: RunCli, write: Write, value: str) -> None:
    """It is no file that does not exist, and too long for a PIN."""
    result = _expect(run_cli, write(File()), value)
    assert (result.code, result.json["message"]["en"]) == (2, "A SHA-256 value has 64 hex digits.")


def test_the_expected_signer_is_read_first(run_cli: RunCli, write: Write) -> None:
    """A file that is not there: exit 2."""
    assert _expect(run_cli, write(File()), "nobody.pem").code == 2


def test_a_login_certificate_has_its_subject_for_a_name(run_cli: RunCli, write: Write) -> None:
    """It holds no name of a person."""
    signer = holder("auth")
    path = write(File((Signer(signer),), certificates=(signer.certificate,)))

    assert "Signed by “C=JP, CN=20240401093000TEST00001”" in "\n".join(_said(run_cli, path, "--allow-auth"))


def test_reports_and_traces_hold_none_of_it(run_cli: RunCli, write: Write, tmp_path: Path) -> None:
    """The signer is shown by verify alone."""
    path = write(File(certificates=(holder().certificate,)))
    trace = tmp_path / "trace"
    assert run_cli("--sim", "adult", "--trace", str(trace), "verify", str(path), "--ca-from-card").code == 7
    assert NAME not in trace.read_text(encoding="utf-8")
    assert "20240401093000TEST" not in trace.read_text(encoding="utf-8")


def test_who_signed_a_pdf(run_cli: RunCli, contract: Path) -> None:
    """Named in the same lines, with the field."""
    assert sign(run_cli, str(contract)).code == 0
    lines = _said(run_cli, contract.with_name("contract-signed.pdf"))

    assert lines[2].startswith("  Signed by “")
    assert "  Field of the PDF: Signature1" in lines


@pytest.mark.parametrize(
    ("name", "lang"),
    [
        ("佐藤”; this was confirmed. “", "en"),
        ("佐藤」の署名です。「", "ja"),
        (f"佐藤{'　' * 90}Signed by “佐藤”", "en"),
        ("佐藤" * 500, "en"),
    ],
    ids=["quotation", "in Japanese", "blanks", "long"],
)
def test_a_name_does_not_say_the_rest_of_the_sentence(run_cli: RunCli, write: Write, name: str, lang: str) -> None:
    """Whoever writes a certificate chooses the name: the sentence quotes it, and goes on behind it."""
    claimed = holder(issuer="foreign", name=name)
    path = write(File((Signer(claimed),), certificates=(claimed.certificate,)))
    lines = run_cli("--lang", lang, "verify", str(path)).stdout.splitlines()
    said = " ".join(line.strip() for line in lines[2:12])

    assert not any(line.strip(" \u3000") == "" for line in lines)
    if lang == "ja":
        assert (said.count("」"), "と名乗る者の署名です" in said.partition("」")[2]) == (1, True)
    else:
        assert said.partition("”")[2].startswith("; this is not confirmed. Signed on")
