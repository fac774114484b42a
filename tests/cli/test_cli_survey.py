"""``jpki survey``: consent, PINs one by one, the two files, and a result beside docs/card.md."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from clidesk import Desk

from jpki.survey.facts import FACTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli

    Validate = Callable[[dict[str, Any]], None]


@pytest.fixture
def desk(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A person, and an adult's card."""
    return Desk(run_cli, monkeypatch)


def test_it_says_what_it_does_before_it_touches_the_card(desk: Desk) -> None:
    """A person who says no has lost nothing: the card got no command."""
    desk.answers = ["n"]
    result = desk.run("survey", "--with-pin", "auth", "--with-reset")

    assert result.code == 2
    assert desk.reached == []
    for words in ("never writes", "one try", "powered off", "Nothing is sent anywhere", "15 seconds"):
        assert words in " ".join(result.stderr.split()), words
    assert result.stdout == ""


def test_without_a_pin_no_secret_reaches_the_card(desk: Desk, validate: Validate) -> None:
    """No question but the consent; JSON as its schema says, and no word of the reader."""
    desk.answers = ["y"]
    result = desk.run("survey", "--json")

    assert result.code == 0
    validate(result.json)
    assert desk.asked == ["Continue? [y/N] "]
    assert desk.presented == []
    assert "reader" not in result.json
    assert result.json["pins"] == []


def test_each_pin_is_asked_for_by_itself_and_presented_once(desk: Desk, validate: Validate) -> None:
    """Three PINs, three questions, three VERIFY; with a reset the powered off."""
    desk.secrets = ["3957", "SIMCARD1", "2846"]
    result = desk.run(
        "survey", "--yes", "--json", "--with-reset", *(f"--with-pin={p}" for p in ("auth", "sign", "input", "auth"))
    )

    assert result.code == 0
    validate(result.json)
    assert len(desk.presented) == 3
    assert result.json["pins"] == ["input", "sign", "auth"]
    assert result.json["answers"]["auth.pss_of_hash"] == "salt of 32 bytes, mask with SHA-256"
    assert result.json["was_restarted"]
    assert not desk.card.is_powered
    assert [desk.tries(p) for p in ("auth", "sign", "input")] == [3, 5, 3]


def test_a_pin_with_tries_missing_is_not_asked_for(desk: Desk) -> None:
    """It is said so, and the survey goes on."""
    desk.set_tries("auth", 2)
    result = desk.run("survey", "--yes", "--with-pin", "auth", "--json")

    assert result.code == 0
    assert "is not tried" in result.stderr
    assert desk.asked == []
    assert desk.presented == []
    assert result.json["pins"] == []


def test_a_mistyped_pin_is_told_and_the_rest_is_kept(desk: Desk, validate: Validate, tmp_path: Path) -> None:
    """Exit 4, one try less, nothing presented after it, and the files hold what was found without it."""
    desk.secrets = ["3958"]
    path = tmp_path / "s.json"
    result = desk.run("survey", "--yes", "--with-pin", "auth", "--with-pin", "input", "-o", str(path), "--json")

    assert result.code == 4
    assert desk.tries("input") == 2
    assert len(desk.presented) == 1
    validate(result.json)
    assert result.json["code"] == "wrong_pin"
    value = json.loads(path.read_text(encoding="utf-8"))
    validate(value)
    assert "code" not in value
    assert value["answers"]["locked.status"] == "63C0"


def test_a_script_gives_pins_in_the_order_of_their_options(run_cli: RunCli, validate: Validate) -> None:
    """One a line; --yes, since nobody can be asked."""
    result = run_cli(
        *("--sim", "adult", "--json", "survey", "--yes", "--pin-stdin", "--with-pin", "auth", "--with-pin", "input"),
        stdin="2846\n3957\n",
    )
    refused = run_cli("--sim", "adult", "survey", "--pin-stdin", "--with-pin", "auth", stdin="2846\n")

    assert result.code == 0
    validate(result.json)
    assert result.json["pins"] == ["input", "auth"]
    assert refused.code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("--with-reset",),
        ("--with-reset", "--with-pin", "sign"),
        ("--pin-stdin",),
        ("-o", "result.txt"),
        ("--compare", "there-is-none.json"),
        ("--compare", "x.json", "--with-pin", "auth"),
        ("--with-pin", "juki"),
    ],
)
def test_what_does_not_fit_together_is_refused(desk: Desk, arguments: tuple[str, ...]) -> None:
    """Exit 2, before the card is touched."""
    result = desk.run("survey", "--yes", *arguments, stdin="2846\n")

    assert result.code == 2
    assert desk.reached == []


@pytest.mark.parametrize("arguments", [(), ("--with-pin", "auth", "--pin-stdin")])
def test_without_a_terminal_the_yes_is_an_option(run_cli: RunCli, arguments: tuple[str, ...]) -> None:
    """It is the yes that is asked for, not a PIN."""
    result = run_cli("--sim", "adult", "survey", *arguments, stdin="2846\n")

    assert result.code == 2
    assert "Scripts give it with --yes." in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(("persona", "code"), [("phone", "not_surveyed"), ("other-card", "not_my_number_card")])
def test_another_card_is_left_alone(
    run_cli: RunCli, validate: Validate, tmp_path: Path, persona: str, code: str
) -> None:
    """Exit 6, and no file."""
    path = tmp_path / "s.json"
    result = run_cli("--sim", persona, "survey", "--yes", "--json", "-o", str(path))

    assert (result.code, result.json["code"]) == (6, code)
    validate(result.json)
    assert not path.exists()


def test_the_result_is_a_json_file_and_a_text_beside_it(run_cli: RunCli, validate: Validate, tmp_path: Path) -> None:
    """Both with the same answers, for the eyes of their owner; neither is replaced without --force."""
    path = tmp_path / "survey.json"
    arguments = ("--sim", "adult", "survey", "--yes", "-o", str(path))
    result = run_cli(*arguments)
    text = path.with_suffix(".txt").read_text(encoding="utf-8")
    value = json.loads(path.read_text(encoding="utf-8"))

    assert (result.code, result.stdout) == (0, "")
    validate(value)
    for key, answer in value["answers"].items():
        assert any(key in line and answer in line for line in text.splitlines()), key
    assert sys.platform == "win32" or path.stat().st_mode & 0o777 == 0o600
    assert run_cli(*arguments).code == 2
    assert run_cli(*arguments, "--force").code == 0


def test_compare_lists_every_statement(run_cli: RunCli, validate: Validate, tmp_path: Path) -> None:
    """Without a card: confirmed, contradicted or open, in JSON and for people."""
    path = tmp_path / "survey.json"
    assert run_cli("--sim", "adult", "survey", "--yes", "-o", str(path)).code == 0
    result = run_cli("survey", "--compare", str(path), "--json")
    text = run_cli("survey", "--compare", str(path))

    validate(result.json)
    assert [fact["key"] for fact in result.json["facts"]] == [fact.key for fact in FACTS]
    assert result.json["counts"]["contradicted"] == 0
    assert result.json["issue"] is None
    assert "not asked" in text.stdout


def test_answers_that_the_program_does_not_expect_fill_in_an_issue(
    run_cli: RunCli, validate: Validate, tmp_path: Path
) -> None:
    """The text names the answer and the section; what the program accepts both ways is in none."""
    path = tmp_path / "survey.json"
    assert run_cli("--sim", "adult", "survey", "--yes", "-o", str(path)).code == 0
    value = json.loads(path.read_text(encoding="utf-8"))
    value["answers"] |= {"auth.power_cut": "open", "locked.status": "6983"}
    path.write_text(json.dumps(value), encoding="utf-8")
    result = run_cli("survey", "--compare", str(path), "--json")
    text = run_cli("survey", "--compare", str(path), "--lang", "ja")

    validate(result.json)
    assert "auth.power_cut: open" in result.json["issue"]
    assert "locked.status" not in result.json["issue"]
    assert result.json["counts"]["contradicted"] == 2
    assert "auth.power_cut" in text.stdout


@pytest.mark.parametrize("content", ["", "{}", "[" * 100000, '{"schema": "jpki.survey/1"}', "\udcff", "x" * 100000])
def test_a_file_that_is_no_result_is_refused(run_cli: RunCli, tmp_path: Path, content: str) -> None:
    """Exit 2, whatever is in it."""
    path = tmp_path / "file.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    result = run_cli("survey", "--compare", str(path), "--json")

    assert (result.code, result.json["code"]) == (2, "not_a_survey")


def test_a_card_that_goes_away_leaves_no_file(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Exit 3, and nothing half-made."""
    desk = Desk(run_cli, monkeypatch, faults="remove:60")
    result = desk.run("survey", "--yes", "-o", str(tmp_path / "s.json"))

    assert result.code == 3
    assert list(tmp_path.iterdir()) == []


def test_extended_length_is_asked_where_it_is_wished(run_cli: RunCli) -> None:
    """--extended as everywhere: the answer is there, and else it is not."""
    wished = run_cli("--sim", "adult", "survey", "--yes", "--json", "--extended").json["answers"]
    usual = run_cli("--sim", "adult", "survey", "--yes", "--json").json["answers"]

    assert wished["read.extended"] == "taken"
    assert "read.extended" not in usual
