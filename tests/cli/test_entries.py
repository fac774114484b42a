"""Entries at a hidden prompt that cannot be the PIN that was asked for: refused, overwritten, and asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clidesk import Desk

from jpki.pin import Secret, asking, normalise
from jpki_cli.terminal import RefusedKeyError, prompts

if TYPE_CHECKING:
    from clitest import RunCli

    from jpki.card import Pin
    from jpki.pin.rules import Normalised


@pytest.fixture
def desk(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with an adult's card."""
    return Desk(run_cli, monkeypatch)


@pytest.mark.parametrize(
    ("pin", "typed", "said"),
    [
        (
            "sign",
            "2846",
            "What you typed has four digits, like the card's other PINs. This one is the signature password",
        ),
        (
            "sign",
            "２８４６",
            "What you typed has four digits, like the card's other PINs. This one is the signature password",
        ),
        ("auth", "simcard1", "What you typed looks like the signature password. This one is the user certificate PIN"),
        (
            "juki",
            "SIMCARD1",
            "What you typed looks like the signature password. This one is the Basic Resident Register PIN",
        ),
        ("sign", "SIM1", ""),
        ("sign", "28463957!", ""),
        ("auth", "284", ""),
        ("auth", "28462846", ""),  # typed twice, more likely than a password without a letter
    ],
)
def test_the_form_of_another_pin_is_named(desk: Desk, pin: str, typed: str, said: str) -> None:
    """Whoever typed another of the card's PINs is told so; nothing of it is sent."""
    right = {"sign": "SIMCARD1", "auth": "2846", "juki": "4068"}[pin]
    desk.secrets = [typed, right]
    result = desk.run("pin", "verify", pin)
    assert result.code == 0
    assert len(desk.presented) == 1
    told = " ".join(result.stderr.split())
    assert ("What you typed" in told) is bool(said)
    assert said in told


def test_an_entry_of_the_wrong_form_is_overwritten_before_the_next(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the question is asked again, nothing is left of what was typed before."""
    seen: list[Secret] = []

    def kept(pin: Pin, entered: Secret) -> Normalised:
        result = normalise(pin, entered)
        seen.extend((entered, result.secret))
        return result

    def look(_question: str) -> None:
        for secret in seen:
            with pytest.raises(ValueError, match="wiped"):
                secret.reveal()

    monkeypatch.setattr(asking, "normalise", kept)
    desk.on_question = look
    desk.secrets = ["284", "SIMCARD1", "2846"]
    assert desk.run("pin", "verify", "auth").code == 0
    assert len(seen) == 6


@pytest.mark.parametrize("arguments", [("pin", "verify", "auth"), ("pin", "check-new", "auth")])
def test_after_a_refused_key_the_entry_is_asked_for_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """A function key amid an entry costs no try: it is said, and the whole entry is typed again."""
    answers: list[Secret | RefusedKeyError] = [RefusedKeyError("refused"), Secret("2846")]

    def secret(_question: str) -> Secret:
        answer = answers.pop(0)
        if isinstance(answer, RefusedKeyError):
            raise answer
        return answer

    monkeypatch.setattr(prompts, "prompt_secret", secret)
    result = desk.run(*arguments)
    assert result.code == 0
    assert " ".join(result.stderr.split()).count("the number pad with NumLock off") == 1
    assert not answers
