"""A secret goes to the card whose state was shown, and to no other: the card is exchanged while a person types."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from clidesk import Desk
from exchangingreader import ExchangingReader
from pinpadreader import PinPadConnection

from jpki.certificate import split
from jpki.client import Card
from jpki.crypto import Digest, check_signature
from jpki.identifiers import CertificateKind
from jpki.pin.snapshot import snapshot
from jpki_sim.card import SimulatedConnection
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from collections.abc import Callable

    from clitest import CliResult, RunCli

    from jpki.transport import CardConnection
    from jpki_sim.card import SimulatedCard

OLD = {"auth": "2846", "sign": "SIMCARD1", "input": "3957", "juki": "4068"}
NEW = {"auth": "7392", "sign": "NEWCARD7", "input": "8053", "juki": "9164"}
AGENT_CLIENT = Path(__file__).parents[1] / "support" / "agentclient.py"

#: Commands that present a PIN, with the PIN; the file to sign is put in the place of FILE.
COMMANDS = [
    *((("pin", "verify", pin), pin) for pin in OLD),
    *((("pin", "change", pin, "--yes"), pin) for pin in OLD),
    (("cert", "show", "sign"), "sign"),
    (("attributes",), "input"),
    (("auth", "test"), "auth"),
    (("auth", "sign", "--challenge", "0011223344556677"), "auth"),
    (("sign", "--cms", "--yes", "FILE"), "sign"),
    (("sign", "--yes", "FILE"), "sign"),
]


class Exchange:
    """A desk at which the card is exchanged at the last hidden question, or when it is told."""

    def __init__(self, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, first: str, second: str) -> None:
        self.desk = Desk(run_cli, monkeypatch, first)
        self.other: SimulatedCard = open_card(second).card
        self.reached: list[bytes] = []
        self.other.command_log = self.reached
        self.reader: ExchangingReader | None = None
        self.desk.lay(self._lay)
        self.desk.on_question = self._at

    def _lay(self, inner: CardConnection) -> CardConnection:
        self.reader = ExchangingReader(inner)
        return self.reader

    def _at(self, question: str) -> None:
        if question.startswith("Current") or "again" in question or not self.desk.secrets[1:]:
            self.exchange()

    def exchange(self) -> None:
        """Lay the other card there."""
        assert self.reader is not None
        self.reader.exchange(self.other)

    def put_keys(self, *typed: str) -> None:
        """Give the reader keys; the card is exchanged when the transaction is over in which the counter was shown."""

        def lay(inner: CardConnection) -> CardConnection:
            self._lay(inner)
            assert self.reader is not None
            return PinPadConnection(self.reader, typed)

        self.desk.lay(lay)

    @property
    def secrets_sent(self) -> list[bytes]:
        """Commands that carried a secret, to either card."""
        return [raw for raw in (*self.desk.reached, *self.reached) if raw[1] in (0x20, 0x24, 0x32) and len(raw) > 5]

    def run(self, command: tuple[str, ...], pin: str, document: Path) -> CliResult:
        """Run a command with what a person types for the first card."""
        self.desk.secrets = [OLD[pin], NEW[pin], NEW[pin]] if "change" in command else [OLD[pin]]
        self.desk.answers = ["y"]
        return self.desk.run(*(str(document) if word == "FILE" else word for word in command), "--json")


@pytest.fixture
def exchange(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Exchange]:
    """Exchange one persona's card for another's."""
    return lambda first, second: Exchange(run_cli, monkeypatch, first, second)


@pytest.mark.parametrize(("command", "pin"), COMMANDS)
def test_another_card_gets_nothing(
    exchange: Callable[[str, str], Exchange],
    validate: Callable[[dict[str, Any]], None],
    contract: Path,
    command: tuple[str, ...],
    pin: str,
) -> None:
    """Two cards with the same PINs: neither is sent a secret, exit 3, and nothing is changed on either."""
    table = exchange("adult", "youth")
    result = table.run(command, pin, contract)
    assert (result.code, result.json["code"]) == (3, "another_card")
    assert "There is another card on the reader" in result.json["message"]["en"]
    assert table.secrets_sent == []
    assert table.other.image.reference_data()[pin].value == OLD[pin].encode()
    validate(result.json)


@pytest.mark.parametrize("second", ["other-card", "phone", "child", "declined"])
def test_something_else_than_a_card_with_these_pins(
    exchange: Callable[[str, str], Exchange], contract: Path, second: str
) -> None:
    """Another card altogether, a phone, a card without this certificate: nothing is sent either."""
    table = exchange("adult", second)
    result = table.run(("pin", "verify", "auth"), "auth", contract)
    assert (result.code, result.json["code"]) == (3, "another_card")
    assert table.secrets_sent == []


@pytest.mark.parametrize(
    ("command", "pin"),
    [
        (("pin", "verify", "auth"), "auth"),
        (("pin", "change", "sign"), "sign"),
        (("cert", "show", "auth"), "auth"),
        (("auth", "test"), "auth"),
    ],
)
def test_a_phone_in_the_place_of_a_phone(
    exchange: Callable[[str, str], Exchange], contract: Path, command: tuple[str, ...], pin: str
) -> None:
    """What shows nothing that it could be known again by is another card once it was away or reset."""
    table = exchange("phone", "phone")
    result = table.run(command, pin, contract)
    assert (result.code, result.json["code"]) == (3, "another_card")
    assert "could be recognised" in result.json["message"]["en"]
    assert table.secrets_sent == []


def test_a_phone_that_stays_is_the_same(exchange: Callable[[str, str], Exchange], contract: Path) -> None:
    """Neither removed nor reset since it was shown: the PIN goes to it."""
    table = exchange("phone", "phone")
    table.desk.on_question = lambda _question: None
    assert table.run(("pin", "verify", "auth"), "auth", contract).code == 0


@pytest.mark.parametrize(("command", "pin"), COMMANDS)
def test_the_same_card_that_was_reset(
    exchange: Callable[[str, str], Exchange], contract: Path, command: tuple[str, ...], pin: str
) -> None:
    """Another program's reset while a person types is no failure of a card that is known again."""
    table = exchange("adult", "youth")
    table.desk.on_question = lambda _question: table.reader.exchange() if table.reader is not None else None
    assert table.run(command, pin, contract).code == 0
    assert table.reached == []


class _OutOfOrder:
    """A card that answers SELECT with 6F00 as soon as it is told."""

    def __init__(self, inner: CardConnection) -> None:
        self._inner = inner
        self.is_out_of_order = False

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Pass on, or not."""
        return b"\x6f\x00" if self.is_out_of_order and command[1] == 0xA4 else self._inner.transmit(command)


def test_a_card_that_is_out_of_order_is_not_called_another(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not let itself be looked at while a person types: nothing is sent, and that is what is told."""
    desk = Desk(run_cli, monkeypatch)
    cards: list[_OutOfOrder] = []

    def lay(inner: CardConnection) -> CardConnection:
        cards.append(_OutOfOrder(inner))
        return cards[-1]  # type: ignore[return-value] # the rest is passed on

    def at(_question: str) -> None:
        cards[-1].is_out_of_order = True

    desk.lay(lay)
    desk.on_question = at
    desk.secrets = [OLD["auth"]]
    result = desk.run("pin", "verify", "auth", "--json")
    assert (result.code, result.json["code"], result.json["outcome"]) == (6, "not_my_number_card", "not_sent")
    assert desk.presented == []


@pytest.mark.parametrize(("command", "pin"), [case for case in COMMANDS if case[1] in ("auth", "input", "juki")])
def test_on_the_keys_of_a_reader(
    exchange: Callable[[str, str], Exchange],
    monkeypatch: pytest.MonkeyPatch,
    contract: Path,
    command: tuple[str, ...],
    pin: str,
) -> None:
    """Nothing is typed for a card that was not shown."""
    table = exchange("adult", "youth")
    table.put_keys(OLD[pin], NEW[pin], NEW[pin])
    _exchange_when_shown(monkeypatch, table)
    result = table.run(command, pin, contract)
    assert (result.code, result.json["code"]) == (3, "another_card")
    assert table.secrets_sent == []
    assert table.desk.asked == []


def _exchange_when_shown(monkeypatch: pytest.MonkeyPatch, table: Exchange) -> None:
    """Exchange the card when the counter is printed."""
    _exchange_when_told(monkeypatch, table, "3 of 3 tries left")


def _exchange_when_told(monkeypatch: pytest.MonkeyPatch, table: Exchange, sentence: str) -> None:
    from jpki_cli.app import AppContext

    note = AppContext.note

    def noted(self: AppContext, message: object) -> None:
        note(self, message)
        if sentence in str(message):
            table.exchange()

    monkeypatch.setattr(AppContext, "note", noted)


@pytest.mark.parametrize("second", ["youth", "adult"])
def test_a_card_exchanged_before_it_is_shown_signs_by_its_own_certificate(
    exchange: Callable[[str, str], Exchange], monkeypatch: pytest.MonkeyPatch, contract: Path, second: str
) -> None:
    """The certificate that was looked at before belongs to another card, so that of the card shown is read."""
    table = exchange("adult", second)
    table.desk.on_question = lambda _question: None

    def late(*arguments: Any) -> Any:
        table.exchange()
        return snapshot(*arguments)

    monkeypatch.setattr("jpki.pin.request.snapshot", late)
    result = table.run(("auth", "sign", "--challenge", "0011223344556677"), "auth", contract)

    assert result.code == 0, result.stderr
    whole = [raw for raw in table.reached if raw == bytes.fromhex("00B08A0000")]
    assert len(whole) == (1 if second == "youth" else 0)
    certificate = Card(SimulatedConnection(table.other)).certificate(CertificateKind.AUTH)
    digest = Digest.SHA256.of(bytes.fromhex("0011223344556677"))
    check_signature(split(certificate.der).public_key, bytes.fromhex(result.json["signature"]), Digest.SHA256, digest)


def test_what_was_typed_for_one_card_is_not_offered_to_another(
    exchange: Callable[[str, str], Exchange], contract: Path
) -> None:
    """The counter changed and the person was asked whether to go on; meanwhile the card was exchanged."""
    table = exchange("adult", "youth")

    def meanwhile(question: str) -> None:
        if "again" in question:
            table.desk.set_tries("auth", 2)
        if question.startswith("Continue"):
            table.exchange()

    table.desk.on_question = meanwhile
    result = table.run(("pin", "change", "auth"), "auth", contract)
    assert (result.code, result.json["code"], result.json["outcome"]) == (3, "another_card", "unchanged")
    assert table.secrets_sent == []


def test_nor_is_the_other_cards_counter_shown_for_it(
    exchange: Callable[[str, str], Exchange], monkeypatch: pytest.MonkeyPatch, contract: Path
) -> None:
    """The counter changed, and before it is looked at again the card is exchanged: that is the end, without a yes."""
    table = exchange("adult", "youth")
    asked: list[str] = []

    def meanwhile(question: str) -> None:
        asked.append(question)
        if "again" in question:
            table.desk.set_tries("auth", 2)

    table.desk.on_question = meanwhile
    _exchange_when_told(monkeypatch, table, "another program used this PIN")
    result = table.run(("pin", "change", "auth"), "auth", contract)
    assert (result.code, result.json["code"], result.json["outcome"]) == (3, "another_card", "unchanged")
    assert table.secrets_sent == []
    assert not [question for question in asked if question.startswith("Continue")]


def test_a_script_gives_its_secret_to_the_card_that_lies_there(exchange: Callable[[str, str], Exchange]) -> None:
    """It was shown nothing: no command more than before, and no comparison."""
    table = exchange("adult", "youth")
    result = table.desk.run("pin", "change", "auth", "--pin-stdin", stdin="2846\n7392\n")
    assert result.code == 0
    assert [raw[1] for raw in table.desk.reached] == [0xA4, 0xA4, 0x20, 0x20, 0x24, 0xA4]


@pytest.mark.parametrize(("requests", "second"), [(1, "youth"), (2, "youth"), (2, "phone")])
def test_the_ssh_agent(exchange: Callable[[str, str], Exchange], requests: int, second: str) -> None:
    """The card is exchanged while the PIN is typed, or while one is kept: the other card gets nothing."""
    table = exchange("adult", second)
    asked: list[str] = []

    def at(question: str) -> None:
        asked.append(question)
        if requests == 1:
            table.desk.lay(lambda inner: _exchanged(inner, table.other))

    table.desk.on_question = at
    if requests == 2:
        _exchange_after_signing(table)
    table.desk.secrets = [OLD["auth"], OLD["auth"]]
    client = (sys.executable, str(AGENT_CLIENT), str(requests))
    result = table.desk.run("ssh", "agent", "--cache", "600", "--", *client)
    assert result.code == 4
    said = "this may be another card" if second == "phone" else "There is another card on the reader"
    assert said in result.stderr.replace("\n", " ")
    assert len(table.secrets_sent) == requests - 1
    assert not [raw for raw in table.reached if raw[1] == 0x20 and len(raw) > 5]
    assert len(asked) == 1


def _exchanged(inner: CardConnection, other: SimulatedCard) -> CardConnection:
    connection = ExchangingReader(inner)
    connection.exchange(other)
    return connection


def _exchange_after_signing(table: Exchange) -> None:
    """From the second request on the other card lies on the reader."""

    def lay(inner: CardConnection) -> CardConnection:
        has_signed = any(raw[1] == 0x2A for raw in table.desk.reached)
        return _exchanged(inner, table.other) if has_signed else inner

    table.desk.lay(lay)


def test_a_phones_pin_is_not_kept(exchange: Callable[[str, str], Exchange]) -> None:
    """What shows nothing that it could be known again by is asked for at each request."""
    table = exchange("phone", "phone")
    asked: list[str] = []
    table.desk.on_question = asked.append
    table.desk.secrets = [OLD["auth"]] * 3
    result = table.desk.run("ssh", "agent", "--cache", "600", "--", sys.executable, str(AGENT_CLIENT), "2")
    assert result.code == 0
    assert len(asked) == 3  # once for the certificate at the start


def test_more_than_one_turn_is_at_one_card(
    exchange: Callable[[str, str], Exchange], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A script's password for 21 files: the card of the first turn gets it again, another one does not."""
    from jpki.files import signing

    monkeypatch.setattr(signing, "MAX_SIGNATURES", 1)
    names = [str(tmp_path / name) for name in ("a.txt", "b.txt")]
    for name in names:
        Path(name).write_text("text", encoding="ascii")
    table = exchange("adult", "youth")
    table.desk.lay(lambda inner: _Once(inner, table.other))
    result = table.desk.run("sign", "--yes", "--json", "--pin-stdin", *names, stdin="SIMCARD1")
    assert (result.code, result.json["code"], len(result.json["files"])) == (3, "another_card", 1)
    assert len(table.secrets_sent) == 1


class _Once(ExchangingReader):
    """The card is exchanged as soon as it has signed."""

    def __init__(self, inner: CardConnection, other: SimulatedCard) -> None:
        super().__init__(inner)
        self._other: SimulatedCard | None = other
        self._has_signed = False

    def transmit(self, command: bytes | bytearray) -> bytes:
        self._has_signed |= command[1] == 0x2A
        if self._has_signed and self._other is not None and bytes(command[:4]) == bytes.fromhex("00A4040C"):
            answer = super().transmit(command)
            self.exchange(self._other)
            self._other = None
            return answer
        return super().transmit(command)
