"""``jpki sign --format registry``: the form that the online filing of the Ministry of Justice asks for.

What it asks is known second-hand, from the conformance checker of github.com/nunnun/jpki-local-signer (seen
2026-11-28); its checks C1 to C9 are made here anew.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import pytest
from asn1crypto import cms
from pdfsamples import plain
from pyhanko.pdf_utils.reader import PdfFileReader
from signdesk import failed, sign, verify

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli

NAME = "テスト　太郎"


def _dictionary(path: Path, place: int = 0) -> Any:
    with path.open("rb") as file:
        embedded = PdfFileReader(file).embedded_signatures[place]
        return {str(key): value for key, value in embedded.sig_object.items()} | {"/Contents": embedded.pkcs7_content}


def _conformance(path: Path, place: int = 0) -> dict[str, bool]:
    """The nine checks, by their names there."""
    pdf, found = path.read_bytes(), _dictionary(path, place)
    start, gap, behind, length = (int(number) for number in found["/ByteRange"])
    hexadecimal = pdf[gap + 1 : behind - 1]
    contents = bytes.fromhex(hexadecimal.decode())
    info = cms.ContentInfo.load(contents)
    size = len(info.dump())
    signer = info["content"]["signer_infos"][0]
    attributes = {attribute["type"].native: attribute["values"][0].native for attribute in signer["signed_attrs"]}
    digest = hashlib.sha256(pdf[start:gap] + pdf[behind : behind + length]).digest()
    is_last = place == len(re.findall(rb"/ByteRange", pdf)) - 1
    ends_well = behind + length == len(pdf) if is_last else pdf[: behind + length].rstrip().endswith(b"%%EOF")
    return {
        "C1 type": found["/Type"] == "/Sig",
        "C2 sub-filter": found["/SubFilter"] == "/adbe.pkcs7.detached",
        "C3 name": bool(str(found["/Name"])),
        "C4 date": bool(re.fullmatch(r"D:\d{14}(Z|[+-]\d{2}'\d{2}'?)", str(found["/M"]))),
        "C5 range": start == 0 and pdf[gap : gap + 1] == b"<" and pdf[behind - 1 : behind] == b">" and ends_well,
        "C6 contents": info["content_type"].native == "signed_data" and not any(contents[size:]),
        "C7 attributes": {"content_type", "message_digest", "signing_time"} <= set(attributes),
        "C7 certificate": len(info["content"]["certificates"]) > 0,
        "C8 digest": attributes["message_digest"] == digest,
        "C9 algorithms": (signer["digest_algorithm"]["algorithm"].native, signer["signature_algorithm"].signature_algo)
        == ("sha256", "rsassa_pkcs1v15"),
    }


@pytest.mark.parametrize("options", [(), ("--visible", "1")], ids=["unseen", "visible"])
def test_the_form_for_the_registry(run_cli: RunCli, contract: Path, options: tuple[str, ...]) -> None:
    """All nine checks, and this program's own."""
    assert sign(run_cli, str(contract), "--format", "registry", "--name", NAME, *options).code == 0
    path = contract.with_name("contract-signed.pdf")
    result = verify(run_cli, path)

    assert [name for name, is_met in _conformance(path).items() if not is_met] == []
    assert str(_dictionary(path)["/Name"]) == NAME
    assert (result.code, failed(result)) == (0, [[]])


def test_two_people_sign_for_the_registry(run_cli: RunCli, contract: Path) -> None:
    """Each signature by itself, the first up to the end of its revision."""
    for card in ("adult", "root-2019"):
        how = ("--format", "registry", "--name", NAME, "-o", str(contract), "--force")
        assert sign(run_cli, str(contract), *how, card=card).code == 0

    assert all(all(_conformance(contract, place).values()) for place in (0, 1))
    assert failed(verify(run_cli, contract)) == [[], []]


def test_pades_stays_the_default_and_says_nothing_of_the_signer(run_cli: RunCli, contract: Path) -> None:
    """Name, reason and location are there only where they were typed, in either form."""
    assert sign(run_cli, str(contract)).code == 0
    assert not {"/Name", "/Reason", "/Location"} & set(_dictionary(contract.with_name("contract-signed.pdf")))
    texts = ("--name", NAME, "--reason", "承認のため", "--location", "架空市")
    assert sign(run_cli, str(contract), *texts, "-o", str(contract.with_name("said.pdf"))).code == 0
    found = _dictionary(contract.with_name("said.pdf"))

    assert found["/SubFilter"] == "/ETSI.CAdES.detached"
    assert [str(found[key]) for key in ("/Name", "/Reason", "/Location")] == [NAME, "承認のため", "架空市"]


@pytest.mark.parametrize(
    "options",
    [
        ("--format", "registry"),
        ("--format", "registry", "--name", "  "),
        ("--format", "registry", "--name", NAME, "--digest", "sha384"),
        ("--cms", "--reason", "x"),
        ("--cms", "--format", "registry", "--name", NAME),
    ],
)
def test_what_does_not_fit_is_refused(
    run_cli: RunCli, contract: Path, apdus: list[bytes], options: tuple[str, ...]
) -> None:
    """Exit 2 before the card is touched."""
    assert sign(run_cli, str(contract), *options).code == 2
    assert apdus == []
    assert contract.read_bytes() == plain()
