"""A PIN whose certificate is not on the card answers as a locked one does, and is never called locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from clidesk import Desk

from jpki_sim.personas import personas

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

#: READ BINARY of EF 0008 by its short identifier.
FLAGS = bytes.fromhex("00B0880003")
#: Personas by the PINs of theirs that are not in use.
NOT_IN_USE = {"child": ["sign"], "declined": ["auth", "sign"], "pinless": ["sign"], "adult": [], "locked-auth": []}
CARDS = [p.name for p in personas() if not p.unavailable and p.name != "other-card"]


def _flag_reads(apdus: list[bytes]) -> int:
    return sum(apdu[:4] == FLAGS[:4] for apdu in apdus)


@pytest.mark.parametrize("persona", NOT_IN_USE)
def test_pin_status_tells_not_in_use_from_locked(
    run_cli: RunCli, validate: Callable[[dict[str, Any]], None], persona: str
) -> None:
    """As ``status`` does: in the table without dots, and in JSON beside the card's own answer."""
    result = run_cli("--sim", persona, "pin", "status", "--json")
    text = run_cli("--sim", persona, "pin", "status").stdout
    table = {line.split()[0]: line for line in text.splitlines() if line.split()[0] in ("auth", "sign")}

    assert result.code == 0
    validate(result.json)
    unused = [pin["pin"] for pin in result.json["pins"] if pin.get("in_use") is False]
    assert unused == NOT_IN_USE[persona]
    assert all(pin["state"] == "blocked" for pin in result.json["pins"] if pin["pin"] in unused)
    assert [name for name, line in table.items() if line.endswith("not in use")] == unused
    assert text.count("Not in use: this card does not have the certificate for it") == bool(unused)
    assert ("locked  " in text) == (persona in ("pinless", "locked-auth"))


@pytest.mark.parametrize("pin", ["auth", "sign"])
def test_one_pin_alone_is_told_apart_as_well(run_cli: RunCli, apdus: list[bytes], pin: str) -> None:
    """``pin status PIN`` of a card without certificates: SELECT, the counter, the flags."""
    result = run_cli("--sim", "declined", "--lang", "ja", "pin", "status", pin)

    assert "証明書がなく使いません" in result.stdout
    assert "ロックされています" not in result.stdout
    assert len(apdus) == 3
    assert _flag_reads(apdus) == 1


@pytest.mark.parametrize("persona", CARDS)
def test_the_flags_cost_one_command_and_only_where_a_certificate_pin_is_blocked(
    run_cli: RunCli, apdus: list[bytes], persona: str
) -> None:
    """Four PINs take 7 commands, and 8 where the auth or the sign PIN, or both, answer as blocked."""
    result = run_cli("--sim", persona, "pin", "status", "--json")
    blocked = [p for p in result.json["pins"] if p["state"] == "blocked" and p["pin"] in ("auth", "sign")]

    assert result.code == 0
    assert _flag_reads(apdus) == bool(blocked)
    assert len(apdus) <= 7 + bool(blocked)


def test_personas_of_both_sorts_are_there() -> None:
    """The test above looks at cards with a blocked certificate PIN, and at cards without one."""
    assert {"child", "declined", "locked-sign", "locked-auth-and-sign", "adult", "locked-input"} <= set(CARDS)


def test_flags_that_cannot_be_read_excuse_nothing(run_cli: RunCli, card_file: Path) -> None:
    """A locked PIN whose flag the card does not give in a known form is called locked."""
    changes = ("pins.sign.retries_remaining=0", "certificate_flags=778F00")
    assert run_cli("sim", "set", str(card_file), *changes).code == 0
    result = run_cli("--sim", str(card_file), "pin", "status", "sign")

    assert "locked" in result.stdout
    assert "not in use" not in result.stdout.lower()


@pytest.mark.parametrize("command", ["verify", "change"])
def test_a_script_is_told_that_the_pin_is_not_in_use(
    run_cli: RunCli, apdus: list[bytes], validate: Callable[[dict[str, Any]], None], command: str
) -> None:
    """Exit 5 with a word of its own: nothing secret is sent, one READ more, and nobody is sent to an office."""
    secrets = "SIMCARD1\nXB7Q2K9\n" if command == "change" else "SIMCARD1\n"
    result = run_cli("--sim", "child", "pin", command, "sign", "--pin-stdin", "--json", stdin=secrets)
    read = _flag_reads(apdus)
    told = run_cli("--sim", "child", "pin", command, "sign", "--pin-stdin", stdin=secrets)

    assert (result.code, result.json["code"]) == (5, "pin_not_in_use")
    validate(result.json)
    assert result.json["retries_remaining"] == 0
    assert read == 1
    assert [a for a in apdus if a[1] in (0x20, 0x24) and len(a) > 4] == []
    assert told.code == 5
    assert "is not in use on this card; nothing" in " ".join(told.stderr.split())
    assert "municipality" not in told.stderr
    assert "is locked" not in told.stderr


@pytest.mark.parametrize("command", ["verify", "change"])
def test_a_locked_pin_with_its_certificate_stays_locked(run_cli: RunCli, apdus: list[bytes], command: str) -> None:
    """The flags are read, again for what can be done about it, and the way out is named."""
    secrets = "SIMCARD1\nXB7Q2K9\n" if command == "change" else "SIMCARD1\n"
    result = run_cli("--sim", "locked-sign", "pin", command, "sign", "--pin-stdin", stdin=secrets)

    assert result.code == 5
    assert _flag_reads(apdus) == 2
    assert "is locked" in result.stderr
    assert "municipal office" in " ".join(result.stderr.split())


@pytest.mark.parametrize("command", ["verify", "change"])
def test_a_person_is_asked_for_nothing(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """At a terminal, too, the counter's place says it, before any question."""
    desk = Desk(run_cli, monkeypatch, "child", "")
    result = desk.run("pin", command, "sign")

    assert result.code == 5
    assert desk.asked == []
    assert desk.presented == []
    assert _flag_reads(desk.reached) == 1
    assert "characters): not in use" in " ".join(result.stderr.replace("letters and digits", "characters").split())
    assert "municipality" not in result.stderr


@pytest.mark.parametrize("persona", ["adult", "child", "declined", "locked-sign", "locked-auth"])
def test_three_commands_give_one_answer(run_cli: RunCli, persona: str) -> None:
    """``status``, ``pin status`` and ``report`` agree on which PIN has no use, and each keeps the card's own answer."""
    found = [
        [(pin["state"], pin.get("in_use", True)) for pin in run_cli("--sim", persona, *command, "--json").json["pins"]]
        for command in (("status",), ("pin", "status"), ("report",))
    ]
    assert found[0] == found[1] == found[2][:4]
    unused = {"child": [1], "declined": [0, 1]}.get(persona, [])
    assert [place for place, pin in enumerate(found[0]) if pin == ("blocked", False)] == unused
    assert all(is_used for _, is_used in found[0]) is (not unused)
