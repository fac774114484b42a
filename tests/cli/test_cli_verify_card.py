"""``jpki verify --ca-from-card``: the issuer's certificate comes from a card, without a PIN, and counts when pinned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asn1crypto import cms
from cmsforge import CONTENT, File, Signer, holder
from signdesk import failed, sign, verify

from jpki.card import MyNumberCard
from jpki.certificate import Issuers, matching
from jpki.errors import DataError, FileNotFoundOnCardError, NoCardError
from jpki.identifiers import CertificateKind
from jpki_cli.app import readers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from clitest import CliResult, RunCli

CA_ITEMS = ["issuer_key", "signature", "ca_period", "ca_signature", "ca_basic_constraints", "ca_key_usage"]


@pytest.fixture(autouse=True)
def nothing_along(monkeypatch: pytest.MonkeyPatch) -> None:
    """No issuer's certificate comes along, as of auth-2019 and of a generation that is newer than this program."""

    def find(self: Issuers, certificate: bytes, others: Collection[bytes] = ()) -> bytes | None:
        found = matching(certificate, (*self.certificates, *others))
        return next((one for one in found if self.is_anchor(one)), next(iter(found), None))

    monkeypatch.setattr(Issuers, "find", find)


@pytest.fixture
def alone(run_cli: RunCli, tmp_path: Path) -> Path:
    """A signed file whose signature does not hold the CA certificate, as other programs make them."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"content")
    assert sign(run_cli, str(path)).code == 0
    signature = path.with_name("a.txt.p7s")
    info = cms.ContentInfo.load(signature.read_bytes())
    info["content"]["certificates"] = [c for c in info["content"]["certificates"] if not c.chosen.ca]
    signature.write_bytes(info.dump(force=True))
    return path


def _with_card(run_cli: RunCli, card: str, path: Path, *options: str) -> CliResult:
    return run_cli("--sim", card, "verify", str(path), "--ca-from-card", "--json", *options)


def test_without_it_the_issuer_is_missing_and_the_way_is_named(run_cli: RunCli, alone: Path) -> None:
    """Exit 7, nothing of the issuer is checked, and the options that bring its certificate are told."""
    result = verify(run_cli, alone)
    said = run_cli("verify", str(alone), "--allow-test").stderr
    found = {r["item"]: (r["verdict"], r["reason"]) for r in result.json["signatures"][0]["certificate"]}

    assert (result.code, failed(result)) == (7, [["issuer_pin"]])
    assert {found[item] for item in CA_ITEMS} == {("not_checked", "no_ca_certificate")}
    assert "--ca FILE" in said
    assert "--ca-from-card" in said


def test_the_card_brings_it_without_a_pin(
    run_cli: RunCli, alone: Path, apdus: list[bytes], validate: Callable[[dict[str, Any]], None]
) -> None:
    """All items pass; the card was asked for EF 0002 only, in one turn, with no VERIFY and no other file."""
    apdus.clear()
    result = _with_card(run_cli, "adult", alone, "--allow-test")

    assert (result.code, failed(result)) == (0, [[]])
    validate(result.json)
    assert result.json["card_ca"] == [{"kind": "sign-ca", "issuer": "test"}]
    assert {apdu[1] for apdu in apdus} == {0xA4, 0xB0}
    assert [apdu for apdu in apdus if apdu[1] == 0xA4] == [bytes.fromhex("00a4040c0ad392f000260100000001")]
    assert apdus[1][:3] == bytes.fromhex("00b082")  # READ BINARY by short EF identifier 2


def test_what_is_on_a_card_is_not_trusted_for_being_there(run_cli: RunCli, alone: Path) -> None:
    """Whoever makes a card writes its CA certificate: only a pinned one counts."""
    result = _with_card(run_cli, "adult", alone)

    assert (result.code, failed(result)) == (7, [["issuer_pin"]])
    assert {r["item"]: r["reason"] for r in result.json["signatures"][0]["certificate"]}["issuer_pin"] == "test_issuer"


@pytest.mark.parametrize(
    ("card", "words"),
    [("root-2019", "a TEST issuer, of the year 2019"), ("foreign-root", "an unknown issuer, of the year")],
)
def test_a_card_of_another_generation_is_named(
    run_cli: RunCli, alone: Path, card: str, words: str, validate: Callable[[dict[str, Any]], None]
) -> None:
    """Its CA certificate is another one: the issuer stays missing, and both are named."""
    result = _with_card(run_cli, card, alone, "--allow-test")
    said = run_cli("--sim", card, "verify", str(alone), "--ca-from-card", "--allow-test").stderr

    assert (result.code, failed(result)) == (7, [["issuer_pin"]])
    validate(result.json)
    assert words in " ".join(said.split())


def test_several_signatures_read_the_card_once(run_cli: RunCli, tmp_path: Path, apdus: list[bytes]) -> None:
    """A file with two signers: one SELECT."""
    path = tmp_path / "two.bin"
    path.write_bytes(CONTENT)
    signers = (Signer(), Signer(holder(serial=0x07000002)))
    certificates = tuple(signer.holder.certificate for signer in signers)
    path.with_name("two.bin.p7s").write_bytes(File(signers, certificates=certificates).build())
    result = _with_card(run_cli, "adult", path, "--allow-test")

    assert (result.code, failed(result)) == (0, [[], []])
    assert len([apdu for apdu in apdus if apdu[1] == 0xA4]) == 1


def test_the_card_is_not_read_for_what_is_there(run_cli: RunCli, contract: Path, apdus: list[bytes]) -> None:
    """The signature holds the issuer's certificate already."""
    assert sign(run_cli, str(contract), "-o", str(contract), "--force").code == 0
    apdus.clear()
    result = _with_card(run_cli, "adult", contract, "--allow-test")

    assert (result.code, result.json["card_ca"], apdus) == (0, [], [])


@pytest.mark.parametrize("card", ["phone", "iphone"])
def test_a_phone_is_asked_too(run_cli: RunCli, alone: Path, card: str) -> None:
    """Its application holds the same files."""
    result = _with_card(run_cli, card, alone, "--allow-test")

    assert result.code == 0


@pytest.mark.parametrize(
    ("card", "code", "word"),
    [
        ("other-card", 6, "not_my_number_card"),
        ("old-juki-card", 6, "not_on_card"),
        ("no-such-card", 2, "unknown_persona"),
    ],
)
def test_a_card_that_has_none_is_told(
    run_cli: RunCli, alone: Path, card: str, code: int, word: str, validate: Callable[[dict[str, Any]], None]
) -> None:
    """The exit code is the card's, not that of a failed check."""
    result = _with_card(run_cli, card, alone, "--allow-test")

    assert (result.code, result.json["code"]) == (code, word)
    validate(result.json)


def test_files_are_looked_at_before_the_card(run_cli: RunCli, alone: Path, apdus: list[bytes]) -> None:
    """What is missing, unsigned or unreadable is told without a card."""
    unsigned = alone.with_name("unsigned.txt")
    unsigned.write_bytes(b"x")
    broken = alone.with_name("broken.p7s")
    broken.write_bytes(b"0")
    apdus.clear()
    wrong = [((str(unsigned),), 2), ((str(alone), str(broken)), 6), ((str(alone), str(alone.with_name("no.p7s"))), 2)]

    for names, code in wrong:
        assert run_cli("--sim", "adult", "verify", *names, "--ca-from-card").code == code
    assert apdus == []


def test_the_card_is_not_reached_unless_it_is_asked_for(run_cli: RunCli, alone: Path, apdus: list[bytes]) -> None:
    """``--sim`` and ``--reader`` alone change nothing."""
    apdus.clear()
    assert run_cli("--sim", "adult", "verify", str(alone), "--allow-test").code == 7
    assert apdus == []


def test_without_a_reader_the_cause_is_told(run_cli: RunCli, alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 3, as for every command that needs a card."""

    def none(*_: object) -> None:
        raise NoCardError("no card")

    monkeypatch.setattr(readers, "open_reader", none)
    result = run_cli("verify", str(alone), "--ca-from-card", "--json")

    assert (result.code, result.json["code"]) == (3, "no_card")


def _card_gives(monkeypatch: pytest.MonkeyPatch, answer: bytes | Exception) -> None:
    """Let every card give these bytes as its CA certificate, or fail."""
    original = MyNumberCard.read_certificate

    def read(self: MyNumberCard, kind: CertificateKind, *, is_enough: Callable[[bytes], bool] | None = None) -> bytes:
        if kind is not CertificateKind.SIGN_CA:
            return original(self, kind, is_enough=is_enough)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(MyNumberCard, "read_certificate", read)


def test_a_ca_certificate_on_the_card_that_cannot_be_read_is_told(
    run_cli: RunCli, alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its length is there and its inside is not: it is no issuer, and that is said."""
    _card_gives(monkeypatch, bytes.fromhex("30820010") + bytes(16))
    result = run_cli("--sim", "adult", "verify", str(alone), "--ca-from-card", "--allow-test")

    assert result.code == 7
    assert "a certificate that cannot be read" in " ".join(result.stderr.split())


@pytest.mark.parametrize("name", ["a.txt", "contract.pdf"])
def test_nonsense_on_the_card_is_the_cards(
    run_cli: RunCli, alone: Path, contract: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """And not said of the signature: exit 6."""
    assert sign(run_cli, str(contract), "-o", str(contract), "--force").code == 0
    _card_gives(monkeypatch, DataError("no certificate"))
    result = run_cli("--sim", "adult", "verify", str(alone.with_name(name)), "--ca-from-card")

    assert result.code == 6
    assert "The card's reply could not be understood" in result.stderr


def test_a_card_without_ca_certificate_signs(run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The signature is made without it: a right password must not be used for nothing."""
    path = tmp_path / "b.txt"
    path.write_bytes(b"content")
    with monkeypatch.context() as patched:
        _card_gives(patched, FileNotFoundOnCardError("SELECT", 0x6A82))
        assert sign(run_cli, str(path)).code == 0
        result = _with_card(run_cli, "adult", path, "--allow-test")
    assert (result.code, result.json["code"]) == (6, "not_on_card")

    assert _with_card(run_cli, "adult", path, "--allow-test").code == 0
