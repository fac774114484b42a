"""``jpki sign`` and ``jpki verify`` with PDF files: what other software says of them, and that no tampering passes."""

from __future__ import annotations

import asyncio
import io
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pdftampering
import pytest
from asn1crypto import cms, x509
from pdfsamples import once, plain, signed, twice
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from signdesk import failed, sign, verify

from jpki_sim.pki import anchors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

TAMPERED = pdftampering.cases()


def _pyhanko(pdf: bytes) -> list[bool]:
    """The verdict of pyHanko's own validator for each signature."""
    return [is_good for is_good, _ in _with_coverage(pdf)]


def _with_coverage(pdf: bytes) -> list[tuple[bool, bool]]:
    """Of each signature pyHanko's verdict, and whether it covers the whole file; of an earlier one, as it was then."""
    roots = [x509.Certificate.load(anchor) for anchor in anchors()]
    reader = PdfFileReader(io.BytesIO(pdf))
    found: list[tuple[bool, bool]] = []
    for embedded in reader.embedded_regular_signatures:
        context = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
        status = asyncio.run(async_validate_pdf_signature(embedded, context))
        is_last = len(found) == len(reader.embedded_regular_signatures) - 1
        wanted = SignatureCoverageLevel.ENTIRE_FILE if is_last else SignatureCoverageLevel.ENTIRE_REVISION
        found.append((status.bottom_line, status.coverage is not None and status.coverage >= wanted))
    return found


def _pdfsig(path: Path) -> list[tuple[bool, bool]]:
    """Of each signature, whether pdfsig finds it good and reaching to the end of the file."""
    if shutil.which("pdfsig") is None:
        if os.environ.get("JPKI_REQUIRE_PCSCD") == "1":  # CI has every program that tests run
            pytest.fail("pdfsig (poppler-utils) is not installed")
        pytest.skip("pdfsig (poppler-utils) is not installed")
    done = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False)
    parts = re.split(r"Signature #\d+:", done.stdout)[1:]
    return [("Signature is Valid." in part, "Total document signed" in part) for part in parts]


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("options", [(), ("--visible", "2")], ids=["unseen", "visible"])
def test_others_accept_what_is_signed(
    run_cli: RunCli, contract: Path, digest: str, options: tuple[str, ...], validate: Callable[[dict[str, Any]], None]
) -> None:
    """pyHanko, pdfsig and this program find it good, and what was there is still there, byte by byte."""
    assert sign(run_cli, str(contract), "--digest", digest, *options).code == 0
    result_file = contract.with_name("contract-signed.pdf")
    pdf = result_file.read_bytes()

    result = verify(run_cli, result_file)
    assert (result.code, failed(result)) == (0, [[]])
    validate(result.json)
    assert _pyhanko(pdf) == [True]
    assert _pdfsig(result_file) == [(True, True)]
    assert pdf.startswith(plain())
    assert contract.read_bytes() == plain()
    assert result_file.stat().st_mode & 0o777 == 0o600


def test_it_is_pades_b_b(run_cli: RunCli, contract: Path) -> None:
    """ETSI EN 319 142-1, 6.3: sub-filter, a time in the dictionary and none in the CMS, the certificate bound in."""
    assert sign(run_cli, str(contract)).code == 0
    pdf = contract.with_name("contract-signed.pdf").read_bytes()
    (embedded,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    info = cms.ContentInfo.load(embedded.pkcs7_content)["content"]["signer_infos"][0]
    attributes = {attribute["type"].native for attribute in info["signed_attrs"]}

    assert embedded.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert attributes == {"content_type", "message_digest", "signing_certificate_v2"}
    assert "/M" in embedded.sig_object
    assert not {"/Name", "/Location", "/Reason", "/ContactInfo", "/Cert"} & set(embedded.sig_object)


@pytest.mark.parametrize("count", [2, 3])
def test_signatures_that_are_there_stay_intact(run_cli: RunCli, tmp_path: Path, count: int) -> None:
    """Each is reported, the later one named, and the other verifiers agree."""
    path = tmp_path / "a.pdf"
    path.write_bytes(plain())
    for _ in range(count):
        assert sign(run_cli, str(path), "-o", str(path), "--force", "--visible", "1").code == 0
    result = verify(run_cli, path)

    assert (result.code, failed(result)) == (0, [[]] * count)
    reasons = [[r["reason"] for r in s["results"] if r["item"] == "later_changes"] for s in result.json["signatures"]]
    assert reasons == [["signature_added"]] * (count - 1) + [["nothing_added"]]
    assert [s["field"] for s in result.json["signatures"]] == [f"Signature{n + 1}" for n in range(count)]
    assert _with_coverage(path.read_bytes()) == [(True, True)] * count
    assert _pdfsig(path) == [(True, False)] * (count - 1) + [(True, True)]


def test_there_are_sixty_ways_to_tamper() -> None:
    """The table below has at least so many rows."""
    assert len(TAMPERED) >= 60


@pytest.mark.parametrize("case", TAMPERED)
def test_no_tampered_pdf_passes(run_cli: RunCli, tmp_path: Path, case: str) -> None:
    """A check fails (7), or nothing can be verified (2); never a crash."""
    path = tmp_path / "tampered.pdf"
    path.write_bytes(TAMPERED[case]())
    result = verify(run_cli, path)

    assert result.code in (2, 7)
    assert result.json["code"] in ("check_failed", "pdf_broken", "no_signature")


#: In the gap, which no signature covers, other verifiers let another form of the same signature pass.
_IN_THE_GAP = ("flip gap+", "flip padding", "flip the case", "gap: ")


@pytest.mark.parametrize("case", [case for case in TAMPERED if not case.startswith(_IN_THE_GAP)])
def test_others_refuse_what_is_refused(case: str, tmp_path: Path) -> None:
    """By pyHanko and by pdfsig, too, not all signatures are good and the last one reaches to the end."""
    pdf = TAMPERED[case]()
    path = tmp_path / "tampered.pdf"
    path.write_bytes(pdf)
    try:
        verdicts = [is_good and is_whole for is_good, is_whole in _with_coverage(pdf)]
    except Exception:  # noqa: BLE001 - pyHanko raises whatever a broken file leads to
        verdicts = []
    others = _pdfsig(path)

    assert not (verdicts and all(verdicts))
    assert not (others and all(is_good for is_good, _ in others) and any(is_whole for _, is_whole in others))


def test_a_cut_back_pdf_is_the_one_signed_before(run_cli: RunCli, tmp_path: Path) -> None:
    """Cut to its first revision, a PDF with two signatures is the file that was signed once: nobody can tell."""
    path = tmp_path / "a.pdf"
    path.write_bytes(twice()[: len(once())])

    assert path.read_bytes() == once()
    assert len(verify(run_cli, path).json["signatures"]) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("a field filled", "form_filled"),
        ("another page content", "changed_after_signing"),
        ("a page dropped", "changed_after_signing"),
    ],
)
def test_what_was_added_is_named(run_cli: RunCli, tmp_path: Path, change: str, reason: str) -> None:
    """Beside the coverage, which fails as no signature covers the end of the file."""
    path = tmp_path / "a.pdf"
    path.write_bytes(TAMPERED[f"appended: {change}"]())
    result = verify(run_cli, path)
    found = {r["item"]: (r["verdict"], r["reason"]) for r in result.json["signatures"][0]["results"]}

    assert found["later_changes"][1] == reason
    assert found["coverage"] == ("fail", "not_whole_file")
    assert found["content"] == ("pass", "ok")


def test_a_change_between_two_signatures_fails_the_first(run_cli: RunCli, tmp_path: Path) -> None:
    """The second signer signed the changed text; the first one did not."""
    path = tmp_path / "a.pdf"
    path.write_bytes(signed(TAMPERED["appended: a field filled"]()))
    result = verify(run_cli, path)

    assert (result.code, failed(result)) == (7, [["later_changes"], []])


@pytest.mark.parametrize(
    ("persona", "expected"),
    [
        ("expired", ["period_now", "period"]),
        ("bad-signature", ["signature"]),
        ("foreign-root", ["issuer_pin"]),
        ("unknown-critical-extension", ["critical_extensions"]),
    ],
)
def test_each_defect_of_the_certificate_is_named(
    run_cli: RunCli, tmp_path: Path, persona: str, expected: list[str]
) -> None:
    """As for other files."""
    path = tmp_path / "a.pdf"
    path.write_bytes(signed(plain(), persona=persona))
    result = verify(run_cli, path)

    assert (result.code, failed(result)) == (7, [expected])


def test_a_pdf_with_cross_reference_streams_is_signed(run_cli: RunCli, contract: Path) -> None:
    """As newer programs write them."""
    contract.write_bytes(plain(stream_xrefs=True))
    assert sign(run_cli, str(contract)).code == 0
    result_file = contract.with_name("contract-signed.pdf")

    assert verify(run_cli, result_file).code == 0
    assert _pyhanko(result_file.read_bytes()) == [True]
    assert _pdfsig(result_file) == [(True, True)]
