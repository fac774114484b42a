"""What the SSH agent does for one request: which card, which PIN, and how often."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from jpki.agent.ssh import Login, SignRequest
from jpki.agent.ssh.protocol import DataSignature
from jpki.card import MyNumberCard
from jpki.certificate import split
from jpki.crypto import Digest, check_signature
from jpki.errors import AnswerLostError, NoCardError
from jpki.identifiers import CertificateKind
from jpki.pin import Secret
from jpki_cli.app import AppContext
from jpki_cli.process import Terminated
from jpki_cli.ssh import CardSigner, OfferedKey, PinCache
from jpki_cli.words import set_language
from jpki_sim.card import SimulatedConnection
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LOGIN = SignRequest(b"what a client wants signed", Digest.SHA256, Login("taro", "SHA256:abc"))


def certificate_of(persona: str) -> bytes:
    """The auth certificate of a simulated card."""
    with open_card(persona) as loaded:
        card = MyNumberCard(SimulatedConnection(loaded.card))
        with card.transaction():
            return card.read_certificate(CertificateKind.AUTH)


def fingerprint_of(persona: str = "adult") -> bytes:
    """By which the agent knows a card again."""
    return certificate_of(persona)[:32]


@pytest.fixture
def askpass(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Have a program answer for the person; gives the environment that names it."""

    def answer(pin: str) -> dict[str, str]:
        program = tmp_path / "askpass"
        program.write_text(f"#!/bin/sh\necho asked >>'{tmp_path / 'asked'}'\necho {pin}\n", encoding="utf-8")
        program.chmod(0o700)
        return {"SSH_ASKPASS": str(program), "SSH_ASKPASS_REQUIRE": "force"}

    return answer


def secrets_sent(apdus: list[bytes]) -> int:
    """How many VERIFY commands carried something."""
    return len([a for a in apdus if a[1] == 0x20 and len(a) > 5])


@contextmanager
def signer(persona: str, environment: dict[str, str], cache: PinCache, *, of: str = "adult") -> Iterator[CardSigner]:
    """A signer with the certificate of one card before another, or the same."""
    with open_card(persona) as loaded:

        @contextmanager
        def reach() -> Iterator[MyNumberCard]:
            yield MyNumberCard(SimulatedConnection(loaded.card))

        yield CardSigner(AppContext(), reach, OfferedKey(certificate_of(of), fingerprint_of(of)), cache, environment)


@pytest.mark.parametrize("digest", Digest)
def test_the_signature_is_that_of_the_data(askpass: Callable[[str], dict[str, str]], digest: Digest) -> None:
    """With the hash that was asked for."""
    request = SignRequest(b"data", digest, DataSignature("git"))
    with signer("adult", askpass("2846"), PinCache(0)) as made:
        signature = made.sign(request)

    assert signature is not None
    public_key = split(certificate_of("adult")).public_key
    check_signature(public_key, signature, digest, hashlib.new(digest.value, b"data").digest())


def test_another_card_gets_no_pin(askpass: Callable[[str], dict[str, str]], apdus: list[bytes], tmp_path: Path) -> None:
    """Nobody is asked, and nothing is sent to a card whose certificate is not the one that was offered."""
    with signer("youth", askpass("2846"), PinCache(0)) as made:
        assert made.sign(LOGIN) is None

    assert secrets_sent(apdus) == 0
    assert not (tmp_path / "asked").exists()


def test_a_kept_pin_that_is_refused_is_forgotten(
    askpass: Callable[[str], dict[str, str]], apdus: list[bytes], tmp_path: Path
) -> None:
    """One attempt with it, and none with another PIN in the same request."""
    cache = PinCache(600)
    cache.keep(Secret(b"2845"), fingerprint_of())
    with signer("adult", askpass("2846"), cache) as made:
        assert made.sign(LOGIN) is None
        assert (secrets_sent(apdus), cache.get(fingerprint_of())) == (1, None)
        assert not (tmp_path / "asked").exists()
        assert made.sign(LOGIN) is not None

    assert secrets_sent(apdus) == 2


@pytest.mark.parametrize("persona", ["last-try-auth", "locked-auth"])
def test_a_kept_pin_is_not_used_where_it_must_not_be(
    askpass: Callable[[str], dict[str, str]], apdus: list[bytes], persona: str
) -> None:
    """Not with the last try, and not on a locked card."""
    cache = PinCache(600)
    cache.keep(Secret(b"2846"), fingerprint_of(persona))
    with signer(persona, askpass("2846"), cache, of=persona) as made:
        assert made.sign(LOGIN) is None

    assert (secrets_sent(apdus), cache.get(fingerprint_of(persona))) == (0, None)


@pytest.mark.parametrize("fault", [AnswerLostError("lost"), KeyboardInterrupt()])
def test_a_lost_answer_refuses_the_request(
    askpass: Callable[[str], dict[str, str]], monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    """Nothing is sent again, and no PIN is kept."""
    original = SimulatedConnection.transmit
    sent: list[bytes] = []

    def transmit(self: SimulatedConnection, command: bytes | bytearray) -> bytes:
        answer = original(self, command)
        if command[1] == 0x20 and len(command) > 5:
            sent.append(bytes(command[:4]))
            raise fault
        return answer

    monkeypatch.setattr(SimulatedConnection, "transmit", transmit)
    cache = PinCache(600)
    with signer("adult", askpass("2846"), cache) as made:
        assert made.sign(LOGIN) is None

    assert (len(sent), cache.get(fingerprint_of())) == (1, None)


def test_no_card_is_told_and_the_agent_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    """The reason stands on stderr."""

    def reach() -> Any:
        raise NoCardError("no card")

    set_language("en")  # another test may have left Japanese
    made = CardSigner(AppContext(), reach, OfferedKey(b"", None), PinCache(0), {})
    assert made.sign(LOGIN) is None
    said = capsys.readouterr().err
    assert "“taro”" in said
    assert "There is no card on the reader" in said


def test_a_termination_is_not_swallowed() -> None:
    """SIGTERM while a request is served ends the agent."""

    def reach() -> Any:
        raise Terminated

    with pytest.raises(Terminated):
        CardSigner(AppContext(), reach, OfferedKey(b"", None), PinCache(0), {}).sign(LOGIN)


def test_the_card_is_left_closed(askpass: Callable[[str], dict[str, str]], apdus: list[bytes]) -> None:
    """Another application is selected after the signature, while the PIN is kept."""
    with signer("adult", askpass("2846"), PinCache(600)) as made:
        assert made.sign(LOGIN) is not None

    assert apdus[-1].startswith(bytes.fromhex("00A4040C0AD3921000310001010100"))
