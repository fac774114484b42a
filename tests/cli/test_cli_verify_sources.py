"""``jpki verify FILE`` judges FILE: what was compared with what, and what may be taken out of a signature."""

from __future__ import annotations

import hashlib
import sys
from typing import TYPE_CHECKING, Any

import pytest
from asn1crypto import cms
from cmsforge import File, Signer
from pdfsamples import plain
from signdesk import failed, sign, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import CliResult, RunCli

CONTENT = b"I owe you 100 yen\r\n"


def _sources(result: CliResult) -> tuple[str | None, str | None, str]:
    """The signature, the file that was compared, and how."""
    return result.json["signature_file"], result.json["content_file"], result.json["content"]


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A file to sign."""
    path = tmp_path / "contract.txt"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def attached(run_cli: RunCli, document: Path) -> Path:
    """Its signature with the content inside, beside it."""
    assert sign(run_cli, str(document), "--attached").code == 0
    return document.with_name("contract.txt.p7m")


def test_a_changed_file_fails_beside_the_signature_that_holds_the_old_one(
    run_cli: RunCli, document: Path, attached: Path
) -> None:
    """Exit 7 for the content alone; the same file unchanged passes."""
    before = verify(run_cli, document)
    document.write_bytes(CONTENT.replace(b"100", b"900"))
    after = verify(run_cli, document)

    assert (before.code, failed(before)) == (0, [[]])
    assert (after.code, failed(after)) == (7, [["content"]])
    for result in (before, after):
        assert _sources(result) == (str(attached), str(document), "compared")


@pytest.mark.parametrize("content", [b"", b"anything", plain()], ids=["empty", "text", "an unsigned PDF"])
@pytest.mark.parametrize("form", [(), ("--attached",)], ids=["beside", "around"])
def test_a_foreign_signature_beside_a_file_fails(
    run_cli: RunCli, tmp_path: Path, document: Path, form: tuple[str, ...], content: bytes
) -> None:
    """A signature of another file that was renamed to stand beside this one."""
    assert sign(run_cli, str(document), *form).code == 0
    suffix = ".p7m" if form else ".p7s"
    other = tmp_path / "other.pdf"
    other.write_bytes(content)
    document.with_name(document.name + suffix).rename(tmp_path / f"other.pdf{suffix}")
    result = verify(run_cli, other)

    assert (result.code, failed(result)) == (7, [["content"]])
    assert result.json["content"] == "compared"


@pytest.mark.parametrize("content", [b"no PDF at all", plain()[:200]], ids=["by name only", "broken"])
def test_a_pdf_that_cannot_be_read_is_judged_by_the_signature_beside_it(
    run_cli: RunCli, contract: Path, content: bytes
) -> None:
    """As ``sign --cms`` makes it where nothing can be signed inside."""
    contract.write_bytes(content)
    assert sign(run_cli, str(contract), "--cms").code == 0
    good = verify(run_cli, contract)
    contract.write_bytes(content + b"x")
    bad = verify(run_cli, contract)

    assert (good.code, good.json["content"]) == (0, "compared")
    assert (bad.code, failed(bad)) == (7, [["content"]])


@pytest.mark.parametrize(
    "made",
    [
        Signer(content_digest=b""),
        Signer(content_digest=hashlib.sha256(b"beside").digest()),
        Signer(has_attributes=False),
    ],
    ids=["of nothing", "of the file beside", "no attributes"],
)
def test_no_signed_hash_passes_for_a_file_that_is_not_the_content_inside(
    run_cli: RunCli, document: Path, made: Signer
) -> None:
    """Whoever signs chooses the hash: an empty one, too, which would stand for every file there is."""
    document.write_bytes(b"beside")
    document.with_name("contract.txt.p7m").write_bytes(File((made,), content=b"inside", is_attached=True).build())
    result = verify(run_cli, document)

    assert result.code == 7
    assert "content" in failed(result)[0]


def test_the_signature_alone_compares_no_file(run_cli: RunCli, document: Path, attached: Path) -> None:
    """It passes for what it holds; that no file was compared is told, even with a changed one beside it."""
    document.write_bytes(b"changed")
    result = verify(run_cli, attached)
    said = " ".join(run_cli("verify", str(attached), "--allow-test").stdout.split())

    assert (result.code, failed(result)) == (0, [[]])
    assert _sources(result) == (str(attached), None, "taken_from_signature")
    assert "No file was compared" in said


def test_a_signature_named_second_is_compared_with_the_file_named_first(
    run_cli: RunCli, tmp_path: Path, document: Path, attached: Path
) -> None:
    """Whatever lies beside that file; the screen names both."""
    other = tmp_path / "other.txt"
    other.write_bytes(CONTENT + b"x")
    bad = verify(run_cli, other, attached)
    good = run_cli("verify", str(document), str(attached), "--allow-test")

    assert (bad.code, failed(bad), bad.json["content_file"]) == (7, [["content"]], str(other))
    assert good.code == 0
    for name in ("contract.txt", "contract.txt.p7m", "was compared with"):
        assert name in good.stdout


def test_a_detached_signature_named_alone_takes_the_file_beside_it(run_cli: RunCli, document: Path) -> None:
    """FILE.p7s stands for FILE, and the output says that FILE was compared."""
    assert sign(run_cli, str(document)).code == 0
    result = verify(run_cli, f"{document}.p7s")

    assert (result.code, _sources(result)) == (0, (f"{document}.p7s", str(document), "compared"))


def test_signatures_inside_a_pdf_are_told_so(run_cli: RunCli, contract: Path) -> None:
    """The PDF is both: the file that is judged and the one that holds the signature."""
    assert sign(run_cli, str(contract)).code == 0
    signed = contract.with_name("contract-signed.pdf")
    result = verify(run_cli, signed)

    assert (result.code, _sources(result)) == (0, (str(signed), str(signed), "in_pdf"))


@pytest.mark.parametrize("form", [(), ("--pem",)], ids=["DER", "PEM"])
def test_the_content_is_written_once_it_has_passed(
    run_cli: RunCli, document: Path, validate: Callable[[dict[str, Any]], None], form: tuple[str, ...]
) -> None:
    """The same bytes, readable by the user alone."""
    assert sign(run_cli, str(document), "--attached", *form).code == 0
    out = document.with_name("out.txt")
    result = run_cli("verify", f"{document}.p7m", "--allow-test", "--extract", str(out), "--json")

    assert result.code == 0
    validate(result.json)
    assert result.json["extracted"] == str(out)
    assert out.read_bytes() == CONTENT
    assert sys.platform == "win32" or out.stat().st_mode & 0o777 == 0o600


def test_nothing_is_extracted_over_a_file(run_cli: RunCli, document: Path, attached: Path) -> None:
    """Exit 2, and the file that was there stays."""
    result = run_cli("verify", str(attached), "--allow-test", "--extract", str(document), "--json")

    assert (result.code, result.json["code"]) == (2, "output_exists")
    assert document.read_bytes() == CONTENT
    said = run_cli("verify", str(attached), "--allow-test", "--extract", str(document)).stderr
    assert "Give another name; no file is replaced." in said
    assert "--force" not in said


def _other_content(data: bytes) -> bytes:
    info = cms.ContentInfo.load(data)
    info["content"]["encap_content_info"]["content"] = b"another content"
    return bytes(info.dump(force=True))


def _other_signature(data: bytes) -> bytes:
    info = cms.ContentInfo.load(data)
    signer = info["content"]["signer_infos"][0]
    signer["signature"] = bytes(256)
    return bytes(info.dump(force=True))


@pytest.mark.parametrize(
    ("change", "options"),
    [(_other_content, ("--allow-test",)), (_other_signature, ("--allow-test",)), (bytes, ())],
    ids=["content", "signature", "issuer"],
)
def test_nothing_is_extracted_that_did_not_pass(
    run_cli: RunCli,
    attached: Path,
    validate: Callable[[dict[str, Any]], None],
    change: Callable[[bytes], bytes],
    options: tuple[str, ...],
) -> None:
    """Content, signature and issuer have to pass, each; else exit 7 and no file."""
    attached.write_bytes(change(attached.read_bytes()))
    out = attached.with_name("out.txt")
    result = run_cli("verify", str(attached), *options, "--extract", str(out), "--json")

    assert (result.code, result.json["extracted"]) == (7, None)
    validate(result.json)
    assert sorted(path.name for path in attached.parent.iterdir()) == ["contract.txt", "contract.txt.p7m"]


@pytest.mark.parametrize("name", ["contract.txt", "contract-signed.pdf"])
def test_only_a_content_inside_can_be_extracted(run_cli: RunCli, document: Path, contract: Path, name: str) -> None:
    """A signature beside its file and one inside a PDF hold none: exit 2."""
    assert sign(run_cli, str(document)).code == 0
    assert sign(run_cli, str(contract)).code == 0
    result = run_cli("verify", str(document.with_name(name)), "--extract", str(document.with_name("out")), "--json")

    assert (result.code, result.json["code"]) == (2, "no_content")
    assert not document.with_name("out").exists()


def test_verdicts_and_content_do_not_share_standard_output(run_cli: RunCli, attached: Path) -> None:
    """--extract - is refused."""
    assert run_cli("verify", str(attached), "--extract", "-").code == 2
