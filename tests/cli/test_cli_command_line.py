"""What is typed before a command runs: which card is meant, and names that are nearly right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki_sim.files import open_card

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli

JAPANESE = {"LANG": "ja_JP.UTF-8"}


@pytest.mark.parametrize(
    "line",
    [
        ("--sim", "adult", "--reader", "0", "status"),
        ("--sim", "adult", "status", "--reader", "0"),
        ("status", "--reader", "0", "--sim", "adult"),
    ],
)
def test_a_reader_and_a_simulated_card_exclude_each_other(
    run_cli: RunCli, apdus: list[bytes], line: tuple[str, ...]
) -> None:
    """Nobody is told about a simulated card who asked for a reader: exit 2, in both languages."""
    answer = run_cli(*line)
    assert (answer.code, answer.stdout) == (2, "")
    assert "--reader, --sim: Only one of them can be used." in answer.stderr
    assert "どちらか一方だけ" in run_cli(*line, environment=JAPANESE).stderr
    assert apdus == []


@pytest.mark.parametrize("line", [("--sim", "adult", "status"), ("status", "--sim", "adult")])
def test_what_is_typed_replaces_the_environment(run_cli: RunCli, line: tuple[str, ...]) -> None:
    """A reader set once for all calls does not stand in the way of a simulated card."""
    answer = run_cli(*line, environment={"LANG": "C.UTF-8", "JPKI_READER": "no such reader"})
    assert answer.code == 0
    assert "Simulated reader" in answer.stdout


def test_a_typed_reader_is_not_replaced_by_a_simulated_card_of_the_environment(
    run_cli: RunCli, apdus: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The readers are asked, whatever JPKI_SIM says."""
    from jpki.errors import NoReaderError
    from jpki.transport import PcscSystem

    def no_readers(system: PcscSystem) -> None:
        raise NoReaderError("none")

    monkeypatch.setattr(PcscSystem, "readers", no_readers)
    answer = run_cli("status", "--reader", "0", environment={"LANG": "C.UTF-8", "JPKI_SIM": "adult"})
    assert answer.code == 3
    assert apdus == []


@pytest.mark.parametrize(
    ("line", "typed", "name"),
    [
        (("staus",), "staus", "status"),
        (("cert", "shwo", "auth"), "shwo", "show"),
        (("status", "--jsno"), "--jsno", "--json"),
    ],
)
def test_a_name_that_is_nearly_right_is_suggested(
    run_cli: RunCli, line: tuple[str, ...], typed: str, name: str
) -> None:
    """The program's own name is said, never what was typed."""
    answer = run_cli(*line)
    assert answer.code == 2
    assert f"Similar: {name}." in answer.stderr
    assert typed not in answer.stderr
    assert f"似た名前：{name}。" in run_cli(*line, environment=JAPANESE).stderr


def test_what_resembles_nothing_gets_the_whole_list(run_cli: RunCli) -> None:
    """A list of what there is, as long as it is short."""
    assert "Possible: status, verify, change, check-new." in run_cli("pin", "zzzz").stderr


@pytest.mark.parametrize(
    "line",
    [
        ("sim", "show", "none.json"),
        ("sim", "check", "none.json"),
        ("sim", "set", "none.json", "pins.auth.retries_remaining=1"),
        ("sim", "serve", "none.json"),
        ("--sim", "none.json", "status"),
    ],
)
def test_a_card_file_that_is_not_there_is_called_that(run_cli: RunCli, line: tuple[str, ...]) -> None:
    """Exit 2 and how to make one, in one language at a time."""
    answer = run_cli(*line)
    assert (answer.code, answer.stdout) == (2, "")
    assert "There is no card file none.json." in answer.stderr
    assert "jpki sim new none.json" in answer.stderr
    assert "カードファイル none.json がありません。" in run_cli(*line, environment=JAPANESE).stderr


def test_a_card_file_in_use_is_called_that(run_cli: RunCli, tmp_path: Path) -> None:
    """Two programs never write one card: the second is told, in its language."""
    file = tmp_path / "card.json"
    assert run_cli("sim", "new", str(file)).code == 0
    with open_card(str(file)):
        answer = run_cli("--sim", str(file), "status")
        japanese = run_cli("--sim", str(file), "status", environment=JAPANESE)
    assert answer.code == 2
    assert "Another program is using this card file." in answer.stderr
    assert "ほかのソフト" in japanese.stderr


def test_help_has_the_colons_of_its_language(run_cli: RunCli) -> None:
    """The usage line and the headings: Japanese with the wide colon and no blank, English as ever."""
    japanese, english = run_cli("pin", "--help", "--lang", "ja").stdout, run_cli("pin", "--help").stdout

    assert japanese.startswith("使い方：jpki pin")
    assert "\nオプション：\n" in japanese
    assert "\nコマンド：\n" in japanese
    assert english.startswith("Usage: jpki pin")
    assert "\nOptions:\n" in english
