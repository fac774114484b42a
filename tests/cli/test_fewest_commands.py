"""How many commands each question takes, for a script and a card that takes short EF identifiers."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import pytest
from clidesk import Desk

from jpki.card import MyNumberCard, Pin
from jpki.identifiers import CertificateKind
from jpki.pin import PinRequest, Secret
from jpki_sim.card import SimulatedConnection
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli

#: Question, what a script gives, the commands beside the reads of a certificate, and which certificate that is.
BUDGETS = [
    (("pin", "status"), "", 7, None),
    (("pin", "verify", "auth", "--pin-stdin"), "2846\n", 5, None),
    (("pin", "change", "auth", "--yes", "--pin-stdin"), "2846\n8517\n", 6, None),
    (("pin", "change", "sign", "--yes", "--pin-stdin"), "SIMCARD1\nNEWCARD7\n", 6, None),
    (("pin", "change", "input", "--yes", "--pin-stdin"), "3957\n8053\n", 6, None),
    (("pin", "change", "juki", "--yes", "--pin-stdin"), "4068\n9164\n", 8, None),
    (("attributes", "--pin-stdin"), "3957\n", 6, None),
    (("attributes", "--integrity", "--pin-stdin"), "3957\n", 11, None),
    (("cert", "show", "auth", "--format", "pem"), "", 1, CertificateKind.AUTH),
    (("cert", "show", "sign", "--format", "pem", "--pin-stdin"), "SIMCARD1\n", 5, CertificateKind.SIGN),
    (("sign", "--cms", "--yes", "--pin-stdin", "TEXT"), "SIMCARD1\n", 7, CertificateKind.SIGN),
    (("sign", "--cms", "--yes", "--pin-stdin", "TEXT", "OTHER", "THIRD"), "SIMCARD1\n", 7 + 2, CertificateKind.SIGN),
    (("sign", "--yes", "--pin-stdin", "PDF"), "SIMCARD1\n", 7, CertificateKind.SIGN),
    (
        ("auth", "sign", "--challenge", "0011223344556677", "--pin-stdin", "-o", "OUT"),
        "2846\n",
        8,
        CertificateKind.AUTH,
    ),
    (("auth", "test", "--pin-stdin"), "2846\n", 8, CertificateKind.AUTH),
]


def reads(kind: CertificateKind | None) -> int:
    """READ BINARY of 256 bytes each that a certificate of the adult's card takes."""
    if kind is None:
        return 0
    with open_card("adult") as loaded:
        card = MyNumberCard(SimulatedConnection(loaded.card))
        if kind is CertificateKind.SIGN:
            request = PinRequest(card, Pin.SIGN, Secret("SIMCARD1"))
            return ceil(len(request.run(lambda opened: opened.read_certificate(kind))) / 256)
        with card.transaction():
            return ceil(len(card.read_certificate(kind)) / 256)


@pytest.mark.parametrize(("command", "secrets", "others", "kind"), BUDGETS, ids=lambda value: str(value)[:40])
def test_a_question_takes_few_commands(
    run_cli: RunCli,
    apdus: list[bytes],
    contract: Path,
    tmp_path: Path,
    *,
    command: tuple[str, ...],
    secrets: str,
    others: int,
    kind: CertificateKind | None,
) -> None:
    """So many; each VERIFY comes behind the counter, and another application is selected at the end."""
    files = {name: tmp_path / f"{name}.txt" for name in ("TEXT", "OTHER", "THIRD")}
    for path in files.values():
        path.write_text("text", encoding="ascii")
    places = {**files, "PDF": contract, "OUT": tmp_path / "out"}
    words = [str(places[word]) if word in places else word for word in command]
    budget = others + reads(kind)
    apdus.clear()
    result = run_cli("--sim", "adult", *words, stdin=secrets)

    assert result.code == 0, result.stderr
    assert len(apdus) == budget, [apdu[:5].hex() for apdu in apdus]
    presented = [at for at, apdu in enumerate(apdus) if apdu[1] == 0x20 and len(apdu) > 5]
    assert len(presented) == ("--pin-stdin" in command)
    for at in presented:
        assert apdus[at - 1] == bytes.fromhex("00200080")
        assert apdus[-1][:4] == bytes.fromhex("00A4040C")


#: As above for a person: SELECT, fingerprint and counter before the question, and the fingerprint once more behind it;
#: for PINs of other applications two SELECTs besides. Before a change of ``juki`` both its counters are shown.
#: ``cert show sign`` looks first whether there is a certificate, which is a SELECT and a READ more; ``sign`` reads the
#: period of the user certificate in three READs besides, and here the CA certificate of an issuer that is not J-LIS's.
FOR_A_PERSON = [
    (("pin", "verify", "auth"), ["2846"], 5 + 4, None),
    (("pin", "verify", "sign"), ["SIMCARD1"], 5 + 4, None),
    (("pin", "verify", "input"), ["3957"], 5 + 6, None),
    (("pin", "verify", "juki"), ["4068"], 5 + 6, None),
    (("pin", "change", "auth", "--yes"), ["2846", "8517", "8517"], 6 + 4, None),
    (("pin", "change", "sign", "--yes"), ["SIMCARD1", "NEWCARD7", "NEWCARD7"], 6 + 4, None),
    (("pin", "change", "input", "--yes"), ["3957", "8053", "8053"], 6 + 6, None),
    (("pin", "change", "juki", "--yes"), ["4068", "9164", "9164"], 8 + 8, None),
    (("attributes",), ["3957"], 6 + 6, None),
    (("cert", "show", "sign", "--format", "pem"), ["SIMCARD1"], 5 + 4 + 2, CertificateKind.SIGN),
    (("sign", "--cms", "--yes", "TEXT"), ["SIMCARD1"], 7 + 4 + 5 + 6, CertificateKind.SIGN),
    (("auth", "sign", "--challenge", "0011223344556677", "-o", "OUT"), ["2846"], 8 + 4, CertificateKind.AUTH),
    (("auth", "test"), ["2846"], 8 + 4, CertificateKind.AUTH),
]


@pytest.mark.parametrize(("command", "secrets", "others", "kind"), FOR_A_PERSON, ids=lambda value: str(value)[:40])
def test_a_person_costs_a_few_more(
    run_cli: RunCli,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    *,
    command: tuple[str, ...],
    secrets: list[str],
    others: int,
    kind: CertificateKind | None,
) -> None:
    """So many, and a certificate is read once; the PIN goes out behind fingerprint and counter."""
    text = tmp_path / "TEXT.txt"
    text.write_text("text", encoding="ascii")
    places = {"TEXT": text, "OUT": tmp_path / "out"}
    desk = Desk(run_cli, monkeypatch)
    desk.secrets = list(secrets)
    budget = others + reads(kind)
    desk.reached.clear()
    result = desk.run(*(str(places.get(word, word)) for word in command))

    assert result.code == 0, result.stderr
    assert len(desk.reached) == budget, " ".join(apdu[:5].hex() for apdu in desk.reached)
    assert len(desk.presented) == 1
    at = desk.reached.index(desk.presented[0])
    assert desk.reached[at - 1] == bytes.fromhex("00200080")
    between = 7 if command[:3] == ("pin", "change", "juki") else 4  # its other counter is compared, too
    assert bytes.fromhex("00B08A0020") in desk.reached[at - between : at]


@pytest.mark.parametrize("persona", ["declined", "child"])
def test_a_script_is_told_of_a_certificate_that_is_not_there(run_cli: RunCli, apdus: list[bytes], persona: str) -> None:
    """Its secret is not sent: the counter, which is read anyhow, says that the PIN has no use."""
    result = run_cli("--sim", persona, "cert", "show", "sign", "--json", "--pin-stdin", stdin="SIMCARD1\n")
    assert (result.code, result.json["code"]) == (6, "certificate_absent")
    assert [apdu for apdu in apdus if apdu[1] == 0x20 and len(apdu) > 5] == []


def test_a_card_that_forgets_which_key_was_selected_is_told_again(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It refuses the second signature: the key is selected and asked once more, with no second VERIFY."""
    files = [tmp_path / name for name in ("a.txt", "b.txt")]
    for path in files:
        path.write_text("text", encoding="ascii")
    desk = Desk(run_cli, monkeypatch, faults="sw-before:sign#2=6985")
    result = desk.run("sign", "--cms", "--yes", "--pin-stdin", *map(str, files), stdin="SIMCARD1\n")
    assert result.code == 0, result.stderr
    assert [apdu[1] for apdu in desk.reached].count(0x2A) == 2
    assert len(desk.presented) == 1

    desk = Desk(run_cli, monkeypatch, faults="sw-before:sign#2+=6985")
    result = desk.run("sign", "--cms", "--yes", "--force", "--pin-stdin", *map(str, files), stdin="SIMCARD1\n")
    assert result.code == 6
    assert len(desk.presented) == 1
