"""Completion in the shell: what may come next, in every group, and that nothing but the line is looked at."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.shell_completion import ShellComplete
from generated import install_shared

from jpki.transport import PcscSystem
from jpki_cli.main import make_root
from jpki_sim.card import SimulatedConnection

if TYPE_CHECKING:
    from pathlib import Path

PINS = ["auth", "sign", "input", "juki"]
CERTIFICATES = ["auth", "sign", "auth-ca", "sign-ca"]


@pytest.fixture(autouse=True)
def untouchable(monkeypatch: pytest.MonkeyPatch) -> None:
    """No reader and no card, not even a simulated one, may be reached."""

    def refuse(*_arguments: object, **_options: object) -> None:
        pytest.fail("completion reached for a card")

    monkeypatch.setattr(PcscSystem, "__init__", refuse)
    monkeypatch.setattr(SimulatedConnection, "__init__", refuse)


def proposals(line: str) -> list[str]:
    """What is proposed for the last word of a line."""
    *before, last = line.split(" ")
    shell = ShellComplete(make_root(), {}, "jpki", "_JPKI_COMPLETE")
    return [item.value for item in shell.get_completions(before, last)]


def kinds(line: str) -> set[str]:
    """Whether names are proposed ("plain") or the shell is to look for files ("file")."""
    *before, last = line.split(" ")
    shell = ShellComplete(make_root(), {}, "jpki", "_JPKI_COMPLETE")
    return {item.type for item in shell.get_completions(before, last)}


def ask(shell: str, words: str, index: str, **environment: str) -> str:
    """What a new process answers a shell."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JPKI_", "LANG", "LC_"))}
    asked = {"_JPKI_COMPLETE": f"{shell}_complete", "COMP_WORDS": words, "COMP_CWORD": index, **environment}
    command = [sys.executable, "-P", "-m", "jpki_cli"]
    done = subprocess.run(
        command, env={**kept, "PYTHONUTF8": "1", **asked}, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pi", ["pin"]),
        ("pin ch", ["check-new", "change"]),
        ("--sim adult pin s", ["status"]),
        ("--sim adult-", ["adult-ward"]),
        ("pin status --sim adult-", ["adult-ward"]),
        ("sim show adult-", ["adult-ward"]),
        ("sim serve child adult-", ["adult-ward"]),
        ("sim new card.json --persona adult-", ["adult-ward"]),
        ("pin status ", PINS),
        ("pin change s", ["sign"]),
        ("cert show ", CERTIFICATES),
        ("cert check auth", ["auth", "auth-ca"]),
        ("guide ph", ["phone"]),
        ("--lang ", ["ja", "en"]),
        ("pin verify auth --pin-s", ["--pin-stdin"]),
        ("--timeo", ["--timeout"]),
    ],
)
def test_next_word_is_proposed(line: str, expected: list[str]) -> None:
    """Commands, options, PINs, kinds of certificates, topics and personas complete, global options or not."""
    assert set(proposals(line)) >= set(expected)
    assert all(word.startswith(line.rpartition(" ")[2]) for word in proposals(line))


@pytest.mark.parametrize(
    "line",
    [
        "--sim ./my",
        "--trace ",
        "sign ",
        "sign a.txt b",
        "verify a.txt ",
        "cert show auth -o ",
        "sim show ./",
        "sim check ",
    ],
)
def test_files_are_left_to_the_shell(line: str) -> None:
    """Where a file is meant, and no persona is called like that, the shell completes names of files."""
    assert kinds(line) == {"file"}


def test_readers_are_not_asked_for() -> None:
    """Names of readers are not completed: that would start the service, or wake the reader."""
    assert proposals("--reader ") == []


def test_nothing_that_looks_like_a_secret_comes_back() -> None:
    """A PIN typed in the wrong place is proposed to nobody."""
    assert proposals("pin verify 2846") == []
    assert proposals("pin verify auth 2846") == []


def test_a_group_is_completed_without_its_commands() -> None:
    """Completing a command's name imports no command: each press of a key would wait for it."""
    script = (
        "import sys; from click.shell_completion import ShellComplete; from jpki_cli.main import make_root\n"
        "found = ShellComplete(make_root(), {}, 'jpki', '_JPKI_COMPLETE').get_completions([], 's')\n"
        "assert [item.value for item in found], found\n"
        "print([name for name in sys.modules if name.startswith(('jpki_cli.commands.', 'smartcard', 'jpki_sim'))])"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_shells_are_answered_by_the_program() -> None:
    """The variable that Click's scripts set gets an answer for bash, zsh and fish."""
    assert "plain,pin" in ask("bash", "jpki pi", "1").splitlines()
    assert ask("zsh", "jpki pi", "1").splitlines()[:2] == ["plain", "pin"]
    assert ask("fish", "jpki", "pi").startswith("plain")


def test_proposals_are_explained_in_the_language_of_the_system() -> None:
    """fish and zsh show a line beside each name; it is Japanese on a Japanese system."""
    assert "リーダー" in ask("fish", "jpki", "--reader", LC_ALL="ja_JP.UTF-8")
    assert "Reader" in ask("fish", "jpki", "--reader", LC_ALL="C")


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes_with_the_shipped_script(tmp_path: Path) -> None:
    """In a real bash the shipped file completes `jpki --sim adult-` to the persona's name."""
    program = tmp_path / "jpki"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m jpki_cli "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    shipped = install_shared(tmp_path) / "bash-completion" / "completions" / "jpki"
    line = "COMP_WORDS=(jpki --sim adult-); COMP_CWORD=2; _jpki_completion jpki; printf '%s\\n' \"${COMPREPLY[@]}\""
    done = subprocess.run(
        ["bash", "--norc", "-c", f'. "{shipped}"; {line}'],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout.split(), done.stderr) == (["adult-ward"], "")


@pytest.mark.skipif(shutil.which("fish") is None, reason="there is no fish")
def test_fish_completes_with_the_shipped_script(tmp_path: Path) -> None:
    """In a real fish the shipped file completes `jpki pin st`."""
    program = tmp_path / "jpki"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m jpki_cli "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    shipped = install_shared(tmp_path) / "fish" / "vendor_completions.d" / "jpki.fish"
    done = subprocess.run(
        ["fish", "--no-config", "-c", f'source "{shipped}"; complete -C "jpki pin st"'],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\t")[0].strip() == "status"


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh")
def test_zsh_reads_the_shipped_script(tmp_path: Path) -> None:
    """zsh finds no fault in the syntax of the shipped file."""
    shipped = install_shared(tmp_path) / "zsh" / "site-functions" / "_jpki"
    subprocess.run(["zsh", "-f", "-n", str(shipped)], check=True, capture_output=True)
