"""``jpki sign`` and ``jpki verify``: what other software accepts, and that no tampering passes."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("pyhanko", reason="pyHanko is not installed (the extra `pdf`)")

from pdfsamples import plain
from signdesk import failed, sign, verify

from jpki_sim.pki import anchors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import CliResult, RunCli

CONTENT = b"to be signed\r\n\x00\xff" * 40


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A file to sign."""
    path = tmp_path / "contract.bin"
    path.write_bytes(CONTENT)
    return path


def _failed(result: CliResult) -> list[str]:
    """Of the one signature."""
    (items,) = failed(result)
    return items


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("form", [(), ("--pem",), ("--attached",), ("--attached", "--pem")], ids=" ".join)
def test_openssl_accepts_every_variant(
    run_cli: RunCli, document: Path, tmp_path: Path, digest: str, form: tuple[str, ...]
) -> None:
    """OpenSSL verifies content, signature, chain and the CAdES attributes, and so does this program."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    signature = tmp_path / "signature"
    assert sign(run_cli, str(document), "-o", str(signature), "--digest", digest, *form).code == 0
    ca = tmp_path / "ca.pem"
    assert run_cli("--sim", "adult", "cert", "show", "sign-ca", "--format", "pem", "-o", str(ca)).code == 0

    command = ["openssl", "cms", "-verify", "-binary", "-cades", "-purpose", "any", "-CAfile", str(ca)]
    command += ["-in", str(signature), "-inform", "PEM" if "--pem" in form else "DER", "-out", str(tmp_path / "out")]
    command += [] if "--attached" in form else ["-content", str(document)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stderr
    assert (tmp_path / "out").read_bytes() == CONTENT
    names = (str(signature),) if "--attached" in form else (str(document), str(signature))
    if "--attached" in form:
        attached = signature.rename(tmp_path / "contract.bin.p7m")
        names = (str(attached),)
    result = verify(run_cli, *names)
    assert (result.code, _failed(result)) == (0, [])


def test_the_objects_follow_their_schemas(
    run_cli: RunCli, document: Path, validate: Callable[[dict[str, Any]], None]
) -> None:
    """Of both commands, good and bad."""
    signed = run_cli("--sim", "adult", "sign", str(document), "--pin-stdin", "--yes", "--json", stdin="SIMCARD1")
    verified = verify(run_cli, str(document))
    unpinned = run_cli("verify", str(document), "--json")

    assert (signed.code, verified.code, unpinned.code) == (0, 0, 7)
    for result in (signed, verified, unpinned):
        validate(result.json)
    assert _failed(unpinned) == ["issuer_pin"]


def test_no_changed_byte_passes(run_cli: RunCli, document: Path) -> None:
    """A bit flipped at any of some hundred places of the signature file makes it fail or unreadable.

    The enclosed copy of the issuer's certificate is left out: nobody signed it, and the one that comes along is used.
    """
    assert sign(run_cli, str(document)).code == 0
    signature = document.with_name(document.name + ".p7s")
    good = signature.read_bytes()
    places = sorted({*range(60), *range(60, len(good), 97), *range(len(good) - 600, len(good), 13)})
    (ca,) = [range(good.find(anchor), good.find(anchor) + len(anchor)) for anchor in anchors() if anchor in good]
    accepted = []
    for place in places:
        changed = bytearray(good)
        changed[place] ^= 1
        signature.write_bytes(bytes(changed))
        if place not in ca and verify(run_cli, str(document)).code not in (2, 6, 7):
            accepted.append(place)

    assert len(places) >= 60
    assert accepted == []


def _appended(good: bytes) -> bytes:
    return good + b"\0"


def _truncated(good: bytes) -> bytes:
    return good[:-1]


def _doubled(good: bytes) -> bytes:
    return good + good


@pytest.mark.parametrize(
    "change", [_appended, _truncated, _doubled, lambda good: good[: len(good) // 2], lambda _: b""]
)
def test_no_cut_or_longer_signature_passes(run_cli: RunCli, document: Path, change: Callable[[bytes], bytes]) -> None:
    """What stands behind a signature, or is missing, is noticed: exit 6 and a sentence."""
    assert sign(run_cli, str(document)).code == 0
    signature = document.with_name(document.name + ".p7s")
    signature.write_bytes(change(signature.read_bytes()))
    result = run_cli("verify", str(document), "--allow-test")

    assert result.code == 6
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "change", [lambda c: c + b"x", lambda c: c[:-1], lambda c: c.replace(b"t", b"T", 1), lambda _: b""]
)
def test_a_changed_file_is_noticed(run_cli: RunCli, document: Path, change: Callable[[bytes], bytes]) -> None:
    """Exit 7, and only the content fails: the signature over its old hash is still good."""
    assert sign(run_cli, str(document)).code == 0
    document.write_bytes(change(CONTENT))
    result = verify(run_cli, str(document))

    assert (result.code, _failed(result)) == (7, ["content"])


@pytest.mark.parametrize(
    ("persona", "failed"),
    [
        ("expired", ["period_now", "period"]),
        ("bad-signature", ["signature"]),
        ("foreign-root", ["issuer_pin"]),
        ("unknown-critical-extension", ["critical_extensions"]),
    ],
)
def test_each_defect_of_the_certificate_is_named(
    run_cli: RunCli, document: Path, persona: str, failed: list[str]
) -> None:
    """The card signs whatever its certificate is worth; verifying says what is wrong with it."""
    assert sign(run_cli, str(document), card=persona).code == 0
    result = verify(run_cli, str(document))

    assert result.code == 7
    assert _failed(result) == failed


def test_a_key_that_does_not_fit_its_certificate_makes_no_file(run_cli: RunCli, document: Path) -> None:
    """The signature is checked before it is written: exit 6, and nothing is left behind."""
    result = sign(run_cli, str(document), card="key-mismatch")

    assert result.code == 6
    assert [path.name for path in document.parent.iterdir()] == ["contract.bin"]


def test_one_password_signs_many_files(run_cli: RunCli, tmp_path: Path, apdus: list[bytes]) -> None:
    """45 files: three turns at the card, one VERIFY in each, said before; all signatures are good."""
    files = []
    for number in range(45):
        path = tmp_path / f"file-{number}"
        path.write_text(str(number), encoding="utf-8")
        files.append(str(path))
    result = sign(run_cli, *files)

    assert result.code == 0
    assert len([a for a in apdus if a[1] == 0x20 and len(a) > 5]) == 3
    assert len([a for a in apdus if a[1] == 0x2A]) == 45
    assert "3 turns" in result.stderr
    assert verify(run_cli, files[-1]).code == 0


def test_the_card_is_left_closed(run_cli: RunCli, document: Path, apdus: list[bytes]) -> None:
    """The last command selects another application."""
    assert sign(run_cli, str(document)).code == 0

    assert apdus[-1][:4].hex() == "00a4040c"
    assert apdus[-1][5:].hex() != "d392f000260100000001"


def test_a_script_says_yes_to_its_name_in_the_file(run_cli: RunCli, document: Path, apdus: list[bytes]) -> None:
    """Exit 2 before the card is touched."""
    result = run_cli("--sim", "adult", "sign", str(document), "--pin-stdin", stdin="SIMCARD1\n")

    assert result.code == 2
    assert apdus == []
    assert "birth date" in " ".join(result.stderr.split())


def test_inputs_and_outputs_are_looked_at_first(run_cli: RunCli, document: Path, apdus: list[bytes]) -> None:
    """A file that is not there, an output that exists, one name for two files: exit 2, the card untouched."""
    document.with_name("contract.bin.p7s").write_text("keep", encoding="utf-8")
    wrong = [
        (str(document),),
        (str(document.parent / "missing"),),
        (str(document.parent),),
        (str(document), str(document), "--attached"),
        (str(document), str(document), "-o", str(document.parent / "one")),
    ]

    assert [sign(run_cli, *arguments).code for arguments in wrong] == [2] * len(wrong)
    assert apdus == []


def test_no_json_stands_behind_a_signature(run_cli: RunCli, document: Path, apdus: list[bytes]) -> None:
    """It would make the signature unreadable, and the signature it: refused before the card is touched."""
    result = sign(run_cli, str(document), "-o", "-", "--json")

    assert (result.code, result.json["code"], apdus) == (2, "usage", [])


@pytest.mark.parametrize("arguments", [("missing",), ("contract.bin",), ("contract.bin", "missing.p7s")])
def test_verify_needs_its_files(run_cli: RunCli, document: Path, arguments: tuple[str, ...]) -> None:
    """Exit 2 and a sentence."""
    result = run_cli("verify", *(str(document.parent / name) for name in arguments))

    assert result.code == 2


def test_the_test_issuers_are_not_trusted_by_default(run_cli: RunCli, document: Path, tmp_path: Path) -> None:
    """Not even when their certificate is given: only the six of J-LIS are pinned."""
    assert sign(run_cli, str(document)).code == 0
    ca = tmp_path / "ca.der"
    ca.write_bytes(anchors()[0])
    result = run_cli("verify", str(document), "--ca", str(ca), "--json")

    assert result.code == 7


@pytest.mark.parametrize("name", ["contract.bin", "contract.pdf"])
@pytest.mark.parametrize(
    ("card", "password", "options", "code", "presented"),
    [
        ("adult", "WRONG123", (), 4, 1),
        ("adult", "short", (), 2, 0),
        ("adult", "simcard1", (), 0, 1),  # read as capitals, as the card has them
        ("locked-sign", "SIMCARD1", (), 5, 0),
        ("last-try-sign", "SIMCARD1", (), 5, 0),
        ("last-try-sign", "SIMCARD1", ("--use-last-try",), 0, 1),
        ("last-try-sign", "WRONG123", ("--use-last-try",), 5, 1),
        ("child", "SIMCARD1", (), 6, 0),
        ("other-card", "SIMCARD1", (), 6, 0),
        ("phone", "SIMCARD1", (), 0, 1),
    ],
)
def test_guards_of_the_password(
    run_cli: RunCli,
    tmp_path: Path,
    apdus: list[bytes],
    validate: Callable[[dict[str, Any]], None],
    name: str,
    card: str,
    password: str,
    options: tuple[str, ...],
    code: int,
    presented: int,
) -> None:
    """One attempt at most, never the last one unasked, none that cannot be right; and no file without a signature."""
    path = tmp_path / name
    path.write_bytes(plain() if name.endswith(".pdf") else CONTENT)
    arguments = (str(path), *options, "--pin-stdin", "--yes", "--json")
    result = run_cli("--sim", card, "sign", *arguments, stdin=f"{password}\n")

    assert result.code == code
    validate(result.json)
    assert len([a for a in apdus if a[1] == 0x20 and len(a) > 5]) == presented
    assert len(list(tmp_path.iterdir())) == (2 if code == 0 else 1)


@pytest.mark.parametrize(
    ("card", "words"),
    [("adult", ""), ("expired", "has expired"), ("sign-expired", "has expired"), ("not-yet-valid", "has not started")],
)
def test_a_certificate_outside_its_period_is_told(run_cli: RunCli, document: Path, card: str, words: str) -> None:
    """The card signs all the same; the signer should not learn it from somebody else."""
    result = sign(run_cli, str(document), card=card)

    assert result.code == 0
    if words:
        assert f"signature certificate {words}" in " ".join(result.stderr.split())
    else:
        assert result.stderr == ""


@pytest.mark.parametrize("form", [(), ("--pem",)], ids=["DER", "PEM"])
def test_a_signature_is_known_by_what_it_holds(run_cli: RunCli, document: Path, form: tuple[str, ...]) -> None:
    """With its content inside it is verified under any name; without, its file is missing."""
    attached, detached = (document.with_name(name) for name in ("attached", "detached"))
    assert sign(run_cli, str(document), "--attached", "-o", str(attached), *form).code == 0
    assert sign(run_cli, str(document), "-o", str(detached), *form).code == 0

    assert failed(verify(run_cli, attached)) == [[]]
    alone = run_cli("verify", str(detached))
    assert alone.code == 2
    assert "give the file first" in " ".join(alone.stderr.split())


def test_names_in_the_wrong_order_are_told(run_cli: RunCli, document: Path) -> None:
    """Exit 6: the file is no signature; and which comes first."""
    assert sign(run_cli, str(document)).code == 0
    result = run_cli("verify", f"{document}.p7s", str(document))

    assert result.code == 6
    assert "Give the file first" in result.stderr


@pytest.mark.parametrize("content", [b"", b"text", bytes.fromhex("3082000a") + bytes(100)])
def test_a_file_without_signature_is_told(run_cli: RunCli, tmp_path: Path, content: bytes) -> None:
    """Exit 2, whatever it holds."""
    path = tmp_path / "unsigned"
    path.write_bytes(content)
    result = run_cli("verify", str(path), "--json")

    assert (result.code, result.json["code"]) == (2, "no_signature")
