"""``jpki attributes`` on simulated cards."""

from __future__ import annotations

import json
import stat
import sys
from typing import TYPE_CHECKING, Any

import pytest

from jpki_sim.files import open_card
from jpki_sim.personas import personas

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

PERSONAS = [p.name for p in personas() if p.recipe.kind == "card" and not p.unavailable]
LOCKED = {"locked-input", "all-locked", "locked-in-vaccination-app", "last-try", "last-try-input"}
NUMBER = "000000000019"
EF_0001 = bytes.fromhex("00B08100")


def secrets_sent(apdus: list[bytes]) -> list[bytes]:
    """The VERIFY commands that carried something."""
    return [a for a in apdus if a[1] == 0x20 and len(a) > 5]


def reads_the_number(apdus: list[bytes]) -> bool:
    """Whether EF 0001 of the text application was read."""
    current = b""
    for apdu in apdus:
        if apdu[:3] == b"\x00\xa4\x04":
            current = apdu[5:]
        elif apdu.startswith(EF_0001) and current == bytes.fromhex("D3921000310001010408"):
            return True
    return False


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_persona_is_shown(run_cli: RunCli, validate: Callable[[dict[str, Any]], None], persona: str) -> None:
    """What the card file says, by its schema, or the guard of the PIN."""
    result = run_cli("--sim", persona, "attributes", "--integrity", "--pin-stdin", "--json", stdin="3957\n")
    validate(result.json)
    if persona in LOCKED:
        assert result.code == 5
        assert "name" not in result.json
        return
    with open_card(persona) as loaded:
        holder = loaded.card_file.holder
    assert result.code == 0
    assert (result.json["name"], result.json["address"]) == (holder.name, holder.address)
    assert result.json["sex"]["code"] == holder.sex
    assert {result.json["integrity"][part]["verdict"] for part in ("attributes", "signature")} == {"match"}
    assert result.json["integrity"]["my_number"] == {"verdict": "not_checked", "reason": "not_read"}


@pytest.mark.parametrize("persona", ["adult", "permanent-resident", "other-sex", "unknown-birth-date"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_screen_has_whole_values(run_cli: RunCli, persona: str, language: str) -> None:
    """Name and address stand on one line each, however long."""
    result = run_cli("--sim", persona, "--lang", language, "attributes", "--pin-stdin", stdin="3957\n")
    with open_card(persona) as loaded:
        holder = loaded.card_file.holder

    assert result.code == 0
    assert any(line.endswith(holder.name) for line in result.stdout.splitlines())
    assert any(line.endswith(holder.address) for line in result.stdout.splitlines())


def test_one_attempt_and_the_card_is_left_closed(run_cli: RunCli, apdus: list[bytes]) -> None:
    """One VERIFY; EF 0001 is not read; another application is selected at the end."""
    assert run_cli("--sim", "adult", "attributes", "--pin-stdin", stdin="3957\n").code == 0

    assert len(secrets_sent(apdus)) == 1
    assert not reads_the_number(apdus)
    assert apdus[-1].startswith(bytes.fromhex("00A4040C0AD392F000260100000001"))


def test_a_wrong_pin_gives_nothing(
    run_cli: RunCli, apdus: list[bytes], validate: Callable[[dict[str, Any]], None]
) -> None:
    """Exit 4 after one attempt, and no attribute."""
    result = run_cli("--sim", "adult", "attributes", "--pin-stdin", "--json", stdin="3958\n")

    assert result.code == 4
    validate(result.json)
    assert (result.json["pin"], result.json["retries_remaining"]) == ("wrong", 2)
    assert "name" not in result.json
    assert len(secrets_sent(apdus)) == 1


@pytest.mark.parametrize(
    ("persona", "words"),
    [
        ("phone", "smartphone"),
        ("iphone", "smartphone"),
        ("old-juki-card", "cannot be read from this card"),
        ("other-card", "not a My Number Card"),
    ],
)
def test_what_does_not_hold_them_is_told_before_the_pin(
    run_cli: RunCli, apdus: list[bytes], persona: str, words: str
) -> None:
    """Exit 6, and no secret is sent."""
    result = run_cli("--sim", persona, "attributes", "--pin-stdin", stdin="3957\n")

    assert result.code == 6
    assert words in result.stderr.replace("\n", " ")
    assert secrets_sent(apdus) == []


def test_a_script_needs_the_option_for_the_number(run_cli: RunCli, apdus: list[bytes]) -> None:
    """Exit 2 with the law's limits, before the card is touched."""
    result = run_cli("--sim", "adult", "attributes", "--pin-stdin", "--my-number", stdin="3957\n")

    assert (result.code, apdus) == (2, [])
    assert "articles 15, 19 and 20" in result.stderr.replace("\n", " ")


def test_the_number_is_shown_where_it_may_be(run_cli: RunCli, apdus: list[bytes]) -> None:
    """With its check digit, and the hash that covers it."""
    options = ("--my-number", "--i-may-collect", "--pin-stdin")
    result = run_cli("--sim", "adult", "attributes", *options, stdin="3957\n")

    assert result.code == 0
    assert NUMBER in result.stdout
    assert reads_the_number(apdus)


@pytest.mark.parametrize("wanted", [True, False])
def test_the_number_is_in_json_on_request_only(
    run_cli: RunCli, validate: Callable[[dict[str, Any]], None], *, wanted: bool
) -> None:
    """Without the option the object has the verdicts alone."""
    options = ("--integrity", "--my-number", "--i-may-collect", *(("--my-number-in-json",) if wanted else ()))
    result = run_cli("--sim", "adult", "attributes", *options, "--pin-stdin", "--json", stdin="3957\n")

    assert result.code == 0
    validate(result.json)
    assert (NUMBER in result.stdout) == wanted
    assert result.json["my_number"]["check_digit"] == "right"
    assert result.json["integrity"]["my_number"]["verdict"] == "match"


@pytest.mark.parametrize(
    "options",
    [
        ("--i-may-collect",),
        ("--my-number-in-json", "--json"),
        ("--my-number", "--i-may-collect", "--my-number-in-json"),
    ],
)
def test_options_that_make_no_sense_are_usage_errors(
    run_cli: RunCli, apdus: list[bytes], options: tuple[str, ...]
) -> None:
    """Exit 2 before the card is touched."""
    result = run_cli("--sim", "adult", "attributes", *options, "--pin-stdin", stdin="3957\n")

    assert (result.code, apdus) == (2, [])


def test_a_wrong_check_digit_fails(
    run_cli: RunCli, card_file: Path, validate: Callable[[dict[str, Any]], None]
) -> None:
    """Exit 7; the rest is shown."""
    assert run_cli("sim", "set", str(card_file), "holder.my_number=000000000010").code == 0
    options = ("--my-number", "--i-may-collect", "--pin-stdin", "--json")
    result = run_cli("--sim", str(card_file), "attributes", *options, stdin="3957\n")

    assert result.code == 7
    validate(result.json)
    assert result.json["my_number"] == {"check_digit": "wrong"}
    assert result.json["name"]


@pytest.mark.parametrize("is_json", [True, False])
def test_a_file_is_private_and_has_it_all(run_cli: RunCli, tmp_path: Path, *, is_json: bool) -> None:
    """Mode 0600; nothing personal is printed beside it."""
    out = tmp_path / "me"
    options = ("-o", str(out), "--pin-stdin", *(("--json",) if is_json else ()))
    result = run_cli("--sim", "adult", "attributes", *options, stdin="3957\n")

    assert result.code == 0
    assert sys.platform == "win32" or stat.S_IMODE(out.stat().st_mode) == 0o600
    text = out.read_text(encoding="utf-8")
    assert "テスト　太郎" in (json.loads(text)["name"] if is_json else text)
    assert "テスト" not in result.stdout + result.stderr


@pytest.mark.parametrize("is_failing", [True, False])
def test_nothing_personal_is_in_traces_and_messages(
    run_cli: RunCli, tmp_path: Path, card_file: Path, *, is_failing: bool
) -> None:
    """With --trace-data and --debug, on success and on failure: not the name, not the number, in no encoding."""
    if is_failing:
        assert run_cli("sim", "set", str(card_file), "holder.my_number=000000000010").code == 0
    trace, out = tmp_path / "trace.txt", tmp_path / "out"
    options = ("--trace", str(trace), "--trace-data", "--debug", "-v")
    more = ("--my-number", "--i-may-collect", "--pin-stdin", "-o", str(out))
    result = run_cli("--sim", str(card_file), *options, "attributes", *more, stdin="3957\n")

    assert result.code == (7 if is_failing else 0)
    told = trace.read_text(encoding="utf-8") + result.stdout + result.stderr
    for canary in ("テスト", "太郎", "架空市", "19900421", NUMBER, "000000000010", "3957"):
        raw = canary.encode()
        for form in (canary, raw.hex(), raw.hex().upper(), raw.hex(" ").upper()):
            assert form not in told
    assert "READ BINARY" in told


def test_a_record_that_does_not_match_is_told(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, validate: Callable[[dict[str, Any]], None]
) -> None:
    """Exit 7, and which of the checks it was."""
    from jpki_sim.contents import files as contents

    original = contents.integrity_file

    def changed(*arguments: Any) -> bytes:
        whole = bytearray(original(*arguments))
        whole[60] ^= 1
        return bytes(whole)

    monkeypatch.setattr(contents, "integrity_file", changed)
    result = run_cli("--sim", "adult", "attributes", "--integrity", "--pin-stdin", "--json", stdin="3957\n")
    in_words = run_cli("--sim", "adult", "attributes", "--integrity", "--pin-stdin", stdin="3957\n")

    assert (result.code, in_words.code) == (7, 7)
    validate(result.json)
    assert result.json["integrity"]["attributes"]["verdict"] == "mismatch"
    assert "DOES NOT MATCH" in in_words.stdout


@pytest.mark.parametrize(
    "content", [b"", b"\xff" * 512, b"\xff\x20\x82\xff\xff" + bytes(300), b"\xff\x20\x03\xdf\x22\x7f"]
)
def test_nonsense_is_a_sentence(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Exit 6, one attempt, no traceback."""
    from jpki_sim.contents import files as contents

    monkeypatch.setattr(contents, "attributes_file", lambda *_arguments: content)
    result = run_cli("--sim", "adult", "attributes", "--integrity", "--pin-stdin", "--json", stdin="3957\n")

    assert result.code == 6
    assert "Traceback" not in result.stderr
    assert "name" not in result.json


def test_the_cards_record_is_read_on_request_only(
    run_cli: RunCli, validate: Callable[[dict[str, Any]], None], apdus: list[bytes]
) -> None:
    """Else no check is said to have been made, on the screen and in JSON, and the two files are not read."""
    result = run_cli("--sim", "adult", "attributes", "--pin-stdin", "--json", stdin="3957\n")
    validate(result.json)
    parts = ("attributes", "my_number", "signature")
    not_asked = {"verdict": "not_checked", "reason": "not_asked"}
    assert [result.json["integrity"][part] for part in parts] == [not_asked] * 3
    assert [apdu for apdu in apdus if apdu[:3] in (b"\x00\xb0\x83", b"\x00\xb0\x84")] == []
    assert "--integrity" in run_cli("--sim", "adult", "attributes", "--pin-stdin", stdin="3957\n").stdout
