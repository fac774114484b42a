"""``jpki pin verify``, ``pin change`` and ``pin check-new`` with secrets from a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

Validate = "Callable[[dict[str, Any]], None]"
SECRETS = {"auth": "2846", "sign": "SIMCARD1", "input": "3957", "juki": "4068"}
NEW = {"auth": "7392", "sign": "NEWCARD7", "input": "8053", "juki": "9164"}


def _verifies(apdus: list[bytes]) -> list[bytes]:
    return [a for a in apdus if a[1] == 0x20 and len(a) > 5]


@pytest.mark.parametrize("pin", SECRETS)
def test_the_right_pin_is_right(run_cli: RunCli, validate: Callable[[dict[str, Any]], None], pin: str) -> None:
    """One VERIFY, outcome right, counter full."""
    result = run_cli("--sim", "adult", "pin", "verify", pin, "--pin-stdin", "--json", stdin=SECRETS[pin] + "\n")

    assert result.code == 0
    validate(result.json)
    assert result.json["outcome"] == "right"


@pytest.mark.parametrize("pin", SECRETS)
def test_a_wrong_pin_sends_one_verify_and_says_what_is_left(
    run_cli: RunCli, apdus: list[bytes], validate: Callable[[dict[str, Any]], None], pin: str
) -> None:
    """Exit 4 and one try less."""
    result = run_cli("--sim", "adult", "pin", "verify", pin, "--pin-stdin", "--json", stdin=NEW[pin] + "\n")

    assert result.code == 4
    validate(result.json)
    assert (result.json["outcome"], result.json["retries_remaining"]) == ("wrong", 4 if pin == "sign" else 2)
    assert len(_verifies(apdus)) == 1


@pytest.mark.parametrize("command", ["verify", "change"])
def test_a_locked_pin_is_left_alone(run_cli: RunCli, apdus: list[bytes], command: str) -> None:
    """Exit 5, nothing secret is sent, and the way out is named."""
    secrets = "2846\n7392\n" if command == "change" else "2846\n"
    result = run_cli("--sim", "locked-auth", "pin", command, "auth", "--pin-stdin", stdin=secrets)

    assert result.code == 5
    assert _verifies(apdus) == []
    assert "municipal office" in " ".join(result.stderr.split())
    assert "jpki guide locked" in result.stderr


@pytest.mark.parametrize("command", ["verify", "change"])
def test_the_last_try_needs_its_own_word(run_cli: RunCli, apdus: list[bytes], command: str) -> None:
    """Exit 5 and nothing sent without --use-last-try; with it the right PIN works."""
    secrets = "2846\n7392\n" if command == "change" else "2846\n"
    refused = run_cli("--sim", "last-try", "pin", command, "auth", "--pin-stdin", stdin=secrets)
    sent_before = len(_verifies(apdus))
    allowed = run_cli("--sim", "last-try", "pin", command, "auth", "--pin-stdin", "--use-last-try", stdin=secrets)

    assert (refused.code, sent_before, allowed.code) == (5, 0, 0)
    assert "--use-last-try" in refused.stderr


def test_a_wrong_last_try_locks_and_says_so(run_cli: RunCli, validate: Callable[[dict[str, Any]], None]) -> None:
    """Exit 5, outcome wrong, no try left."""
    arguments = ("--sim", "last-try", "pin", "verify", "auth", "--pin-stdin", "--use-last-try", "--json")
    result = run_cli(*arguments, stdin="1357\n")

    assert result.code == 5
    validate(result.json)
    assert (result.json["outcome"], result.json["retries_remaining"]) == ("wrong", 0)


@pytest.mark.parametrize("command", [("pin", "verify"), ("pin", "change"), ("auth", "test")])
def test_a_phone_whose_pin_locks_leads_to_its_app(run_cli: RunCli, command: tuple[str, ...]) -> None:
    """A phone can be closed by cutting its power only, and what to do is read from it after that."""
    pin = () if command == ("auth", "test") else ("auth",)
    typed = "7392\n8053\n" if command == ("pin", "change") else "7392\n"
    result = run_cli("--sim", "phone-last-try", *command, *pin, "--pin-stdin", "--use-last-try", stdin=typed)
    said = " ".join(result.stderr.split())
    assert result.code == 5
    assert "is now locked" in said
    assert "reset it in the Mynaportal app" in said
    assert "jpki guide phone" in said


@pytest.mark.parametrize(
    ("pin", "secret"),
    [("auth", "284"), ("auth", "28461"), ("auth", "28A6"), ("sign", "AB12"), ("sign", "ÄBCDE1"), ("juki", "")],
)
def test_a_pin_of_the_wrong_form_never_reaches_the_card(
    run_cli: RunCli, apdus: list[bytes], pin: str, secret: str
) -> None:
    """Exit 2 before the card is touched."""
    result = run_cli("--sim", "adult", "pin", "verify", pin, "--pin-stdin", stdin=secret + "\n")

    assert result.code == 2
    assert apdus == []
    assert not secret or secret not in result.stdout + result.stderr


@pytest.mark.parametrize("pin", SECRETS)
def test_a_change_is_kept_in_the_card_file(
    run_cli: RunCli, card_file: Path, validate: Callable[[dict[str, Any]], None], pin: str
) -> None:
    """Afterwards the new PIN is right and the old one is not."""
    sim = ("--sim", str(card_file))
    yes = ("--yes",) if pin == "juki" else ()
    both = f"{SECRETS[pin]}\n{NEW[pin]}\n"

    changed = run_cli(*sim, "pin", "change", pin, "--pin-stdin", "--json", *yes, stdin=both)
    new = run_cli(*sim, "pin", "verify", pin, "--pin-stdin", stdin=NEW[pin])
    old = run_cli(*sim, "pin", "verify", pin, "--pin-stdin", stdin=SECRETS[pin])

    assert (changed.code, new.code, old.code) == (0, 0, 4)
    validate(changed.json)
    assert changed.json["outcome"] == "changed"


@pytest.mark.parametrize(("pin", "budget"), [("auth", 12), ("input", 12), ("sign", 14), ("juki", 14)])
def test_a_change_stays_within_its_budget(run_cli: RunCli, apdus: list[bytes], pin: str, budget: int) -> None:
    """Commands of a whole change from a script."""
    both = f"{SECRETS[pin]}\n{NEW[pin]}\n"
    assert run_cli("--sim", "adult", "pin", "change", pin, "--pin-stdin", "--yes", stdin=both).code == 0

    assert len(apdus) <= budget
    assert len(_verifies(apdus)) == 1


def test_a_wrong_current_pin_leaves_it_unchanged(
    run_cli: RunCli, apdus: list[bytes], validate: Callable[[dict[str, Any]], None]
) -> None:
    """Exit 4, outcome unchanged, and no CHANGE is sent."""
    arguments = ("--sim", "adult", "pin", "change", "auth", "--pin-stdin", "--json")
    result = run_cli(*arguments, stdin="1357\n7392\n")

    assert result.code == 4
    validate(result.json)
    assert (result.json["outcome"], result.json["retries_remaining"]) == ("unchanged", 2)
    assert not [a for a in apdus if a[1] == 0x24]


@pytest.mark.parametrize("new", ["1234", "9999", "1231", "1985", "2846", "7373"])
def test_a_weak_new_pin_needs_a_word(run_cli: RunCli, apdus: list[bytes], new: str) -> None:
    """Exit 2 before the card is touched; --allow-weak takes it."""
    refused = run_cli("--sim", "adult", "pin", "change", "auth", "--pin-stdin", stdin=f"2846\n{new}\n")
    touched = len(apdus)
    allowed = run_cli("--sim", "adult", "pin", "change", "auth", "--pin-stdin", "--allow-weak", stdin=f"2846\n{new}\n")

    assert (refused.code, touched, allowed.code) == (2, 0, 0)


def test_the_basic_resident_register_pin_needs_a_yes(run_cli: RunCli, apdus: list[bytes]) -> None:
    """A script says --yes, having been told of the second copy."""
    result = run_cli("--sim", "adult", "pin", "change", "juki", "--pin-stdin", stdin="4068\n9164\n")

    assert result.code == 2
    assert apdus == []
    assert "twice" in result.stderr


def test_the_new_pin_is_read_back_on_request_only(run_cli: RunCli, apdus: list[bytes]) -> None:
    """--confirm costs one more VERIFY, of the new PIN."""
    arguments = ("--sim", "adult", "pin", "change", "auth", "--pin-stdin", "--confirm", "--json")
    result = run_cli(*arguments, stdin="2846\n7392\n")

    assert (result.code, result.json["confirmed"]) == (0, True)
    assert [a[5:] for a in _verifies(apdus)] == [b"2846", b"7392"]


@pytest.mark.parametrize("lines", ["2846\n", "2846\n7392\n1\n", "", "2846\n7392\n\n"])
def test_a_script_gives_exactly_two_lines(run_cli: RunCli, apdus: list[bytes], lines: str) -> None:
    """A line missing or too many is a usage error before the card is touched."""
    result = run_cli("--sim", "adult", "pin", "change", "auth", "--pin-stdin", stdin=lines)

    assert result.code == 2
    assert apdus == []


@pytest.mark.parametrize(("pin", "is_said"), [("auth", True), ("input", True), ("juki", True), ("sign", False)])
def test_a_note_that_pins_may_be_equal(run_cli: RunCli, pin: str, *, is_said: bool) -> None:
    """It is for the three 4-digit PINs, and is no warning; the birth date and the address are named for all four."""
    new = "KANARI73" if pin == "sign" else "7392"
    result = run_cli("pin", "check-new", pin, "--pin-stdin", stdin=new)

    assert result.code == 0
    assert ("The three 4-digit PINs may be the same." in result.stdout) == is_said
    assert "birth date or your address" in result.stdout
    assert "Weak" not in result.stdout


def test_small_letters_of_the_password_are_sent_as_capitals(run_cli: RunCli) -> None:
    """The card holds capitals; a right password in small letters costs no try."""
    result = run_cli("--sim", "adult", "pin", "verify", "sign", "--pin-stdin", stdin="simcard1\n")

    assert result.code == 0
    assert result.stderr == "Lower-case letters were converted to capitals: this password has capitals only.\n"


@pytest.mark.parametrize("command", [("pin", "change", "sign", "--yes"), ("pin", "check-new", "sign")])
def test_a_script_is_told_what_was_converted(run_cli: RunCli, command: tuple[str, ...]) -> None:
    """Once for each kind, of the shape of the input and nothing of its content; nothing where nothing was done."""
    count = 1 + ("change" in command)
    odd = run_cli("--sim", "adult", *command, "--pin-stdin", stdin="\n".join(["ｓimcard1", "ｋanari73"][-count:]))
    plain = run_cli("--sim", "adult", *command, "--pin-stdin", stdin="\n".join(["SIMCARD1", "KANARI73"][-count:]))

    assert (odd.code, plain.code) == (0, 0)
    assert odd.stderr.splitlines() == [
        "Full-width characters were converted to half-width.",
        "Lower-case letters were converted to capitals: this password has capitals only.",
    ]
    assert plain.stderr == ""


@pytest.mark.parametrize(
    ("pin", "new", "code", "form", "weaknesses"),
    [
        ("auth", "7392", 0, "right", []),
        ("auth", "1231", 0, "right", ["date"]),
        ("auth", "0000", 0, "right", ["repetition"]),
        ("auth", "123", 2, "not_four_digits", []),
        ("sign", "abc123", 0, "right", ["run"]),
        ("sign", "ABCDEFG", 2, "password_needs_letter_and_digit", []),
        ("sign", "KX7-QQ1", 2, "password_characters", []),
    ],
)
def test_the_rules_alone(  # one row of the table each
    run_cli: RunCli,
    validate: Callable[[dict[str, Any]], None],
    pin: str,
    new: str,
    code: int,
    form: str,
    weaknesses: list[str],
) -> None:
    """check-new judges form and weakness without a card."""
    result = run_cli("pin", "check-new", pin, "--pin-stdin", "--json", stdin=new + "\n")

    assert result.code == code
    validate(result.json)
    assert (result.json["form"], result.json["weaknesses"]) == (form, weaknesses)


@pytest.mark.parametrize(
    "arguments",
    [
        ("pin", "verify", "auth", "9731"),
        ("pin", "verify", "9731"),
        ("pin", "change", "auth", "2846", "9731"),
        ("pin", "verify", "auth", "--pin", "9731"),
        ("pin", "verify", "auth", "--pin=9731"),
        ("--pin=9731", "pin", "verify", "auth"),
        ("pin", "--password=9731", "change", "sign"),
        ("pin", "verify", "auth", "--pin-stdin=9731"),
        ("pin", "verify", "auth", "--pin-fd=x9731"),
        ("pin", "check-new", "auth", "9731"),
        ("pin", "status", "9731"),
        ("cert", "show", "sign", "9731"),
        ("cert", "show", "9731"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_a_pin_on_the_command_line_is_refused_and_not_echoed(
    run_cli: RunCli,
    apdus: list[bytes],
    arguments: tuple[str, ...],
    as_json: bool,  # noqa: FBT001 - parametrised
) -> None:
    """Exit 2, nothing sent, and the value is in no output."""
    result = run_cli("--sim", "adult", *arguments, *(["--json"] if as_json else []))

    assert result.code == 2
    assert apdus == []
    assert "9731" not in result.stdout + result.stderr
