"""``jpki ssh agent``: when it does not start, whom it asks, and what it says of requests."""

from __future__ import annotations

import errno
import os
import stat
import sys
from typing import TYPE_CHECKING

import click
import pytest

if sys.platform == "win32":
    pytest.skip("the agent is not offered on Windows", allow_module_level=True)

from jpki.agent import errors as agent_errors
from jpki.agent.dialogs import AskpassDialog, DialogQuestion, Grant, PinentryDialog, ProgramDialog, Purpose, Use
from jpki.agent.ssh.protocol import Login, SignRequest
from jpki.agent.ssh.service import purpose_of
from jpki.card import Pin, PinState, PinStatus
from jpki.crypto import Digest
from jpki.errors import JpkiError, NoCardError, PinBlockedError
from jpki_cli.agent import DialogWords, TerminalJournal, dialog_order as dialogs
from jpki_cli.agent.ssh_journal import purpose_sentence
from jpki_cli.app import AppContext
from jpki_cli.commands.ssh.serving import _place
from jpki_cli.words import set_language

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli

HOST_LOGIN = Purpose(Use.SSH_HOST_LOGIN, ("taro", "SHA256:abc"))
#: What a user could be called to look like the sentence of another program, or of another server.
HOSTILE = (
    "root”, asked for by “/usr/bin/ssh” (process 1), at the server with the host key SHA256:good",
    "root」としてのログインです。「/usr/bin/ssh」",
    "root’ ”\u202e“ \u200b",
)


def test_windows_is_told_so(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, apdus: list[bytes]) -> None:
    """Exit 2 before the card is touched."""
    monkeypatch.setattr("sys.platform", "win32")
    result = run_cli("--sim", "adult", "ssh", "agent")

    assert (result.code, apdus) == (2, [])
    assert "Windows" in result.stderr


@pytest.mark.parametrize(("persona", "code"), [("declined", 6), ("other-card", 6), ("truncated-der", 6)])
def test_a_card_without_a_usable_certificate_has_no_agent(run_cli: RunCli, persona: str, code: int) -> None:
    """Its own exit code, and no command is run."""
    result = run_cli("--sim", persona, "ssh", "agent", "--", "sh", "-c", "exit 99")

    assert result.code == code


def test_a_command_that_cannot_be_run_is_told(run_cli: RunCli) -> None:
    """Exit 2."""
    result = run_cli("--sim", "adult", "ssh", "agent", "--", "/no/such/program")

    assert result.code == 2


@pytest.mark.parametrize("name", ["missing/agent.sock/x", "x" * 200])
def test_a_place_that_cannot_be_had_is_a_usage_error(run_cli: RunCli, tmp_path: Path, name: str) -> None:
    """Exit 2, with the system's reason, and the card is not touched."""
    (tmp_path / "missing").write_text("a file", encoding="ascii")
    result = run_cli("--sim", "adult", "ssh", "agent", "--socket", str(tmp_path / name), "--", "true")

    assert result.code == 2
    assert name.split("/", maxsplit=1)[0] in result.stderr.replace("\n", "")


def test_the_socket_is_private_and_removed(
    run_cli: RunCli, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0600 in a folder of its own of 0700; both are gone afterwards."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    seen = tmp_path_factory.mktemp("seen") / "seen"
    script = f'stat -c "%a %F %n" "$SSH_AUTH_SOCK" "${{SSH_AUTH_SOCK%/*}}" >{seen}'
    assert run_cli("--sim", "adult", "ssh", "agent", "--", "sh", "-c", script).code == 0

    lines = seen.read_text(encoding="utf-8").splitlines()
    assert [line.rsplit(" ", 1)[0] for line in lines] == ["600 socket", "700 directory"]
    assert str(tmp_path) in lines[0]
    assert os.listdir(tmp_path) == []


_T, _A, _P = ProgramDialog, AskpassDialog, PinentryDialog


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"SSH_ASKPASS_REQUIRE": "force"}, [_A]),
        ({"SSH_ASKPASS_REQUIRE": "FORCE"}, [_A]),
        ({"SSH_ASKPASS_REQUIRE": "prefer"}, [_T, _P, _A]),
        ({"SSH_ASKPASS_REQUIRE": "prefer", "DISPLAY": ":0"}, [_A, _T, _P, _A]),
        ({"SSH_ASKPASS_REQUIRE": "prefer", "WAYLAND_DISPLAY": "wayland-0"}, [_A, _T, _P, _A]),
        ({"SSH_ASKPASS_REQUIRE": "never", "DISPLAY": ":0"}, [_T]),
        ({"DISPLAY": ":0"}, [_T, _A, _P, _A]),
        ({}, [_T, _P, _A]),
    ],
)
def test_who_is_asked_follows_ssh(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: list[type]
) -> None:
    """SSH_ASKPASS_REQUIRE and the display decide as ssh(1) says; the terminal comes first, where there is one."""
    monkeypatch.setattr(dialogs, "_window", lambda _program: None)
    monkeypatch.setattr(dialogs, "_own_terminal", lambda: "/dev/pts/9")
    found = dialogs.ssh_dialogs({"SSH_ASKPASS": "/bin/ask", **environment})
    assert [type(dialog) for dialog in found] == expected

    monkeypatch.setattr(dialogs, "_own_terminal", lambda: None)
    found = dialogs.ssh_dialogs({"SSH_ASKPASS": "/bin/ask", **environment})
    assert [type(dialog) for dialog in found] == [kind for kind in expected if kind is not _T]


def test_the_program_of_ssh_askpass_is_the_one_that_is_run(tmp_path: Path) -> None:
    """Without a display too, where it is forced."""
    program = tmp_path / "ask"
    program.write_text("#!/bin/sh\necho 2846\n", encoding="ascii")
    program.chmod(stat.S_IRWXU)
    [dialog] = dialogs.ssh_dialogs({"SSH_ASKPASS": str(program), "SSH_ASKPASS_REQUIRE": "force"})
    text = DialogWords().secret(question(HOST_LOGIN), Grant.ONCE)
    with dialog.open(lambda: True) as talk, talk.ask_secret(text) as secret:
        assert bytes(secret.reveal()) == b"2846"


def question(purpose: Purpose) -> DialogQuestion:
    """A question about the login PIN."""
    return DialogQuestion(Pin.AUTH, PinStatus("auth", PinState.FULL, 3, 3, None), purpose, "/usr/bin/program", 4711)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_user_name_cannot_fake_the_sentence(name: str, language: str) -> None:
    """It has one quotation, with none of the marks that could end it; program and process are those of the socket."""
    set_language(language)
    try:
        purpose = purpose_of(SignRequest(b"", Digest.SHA256, Login(name, "SHA256:abc")))
        for text in (
            str(purpose_sentence(purpose)),
            DialogWords().secret(question(purpose), Grant.ONCE).description,
            DialogWords().confirm(question(purpose)).description,
        ):
            quotes = [text.count(mark) for mark in "“”「」"]
            honest = purpose_of(SignRequest(b"", Digest.SHA256, Login("taro", "SHA256:abc")))
            usual = str(purpose_sentence(honest)), DialogWords().secret(question(honest), Grant.ONCE).description
            assert quotes in [[shown.count(mark) for mark in "“”「」"] for shown in usual]
            assert "SHA256:abc" in text
            assert "\u202e" not in text
            assert "\u200b" not in text
    finally:
        set_language("en")


def test_a_forwarded_request_says_so() -> None:
    """In the question and in the one for a PIN that is kept."""
    forwarded = question(Purpose(Use.SSH_LOGIN, ("taro",), is_forwarded=True))
    for text in (DialogWords().secret(forwarded, Grant.ONCE).description, DialogWords().confirm(forwarded).description):
        assert "another computer" in text
        assert "/usr/bin/program" in text


def test_a_hidden_counter_takes_a_yes_that_says_so() -> None:
    """As the last try does."""
    hidden = PinStatus("auth", PinState.VERIFIED, None, 3, None)
    asked = DialogQuestion(Pin.AUTH, hidden, HOST_LOGIN, "/usr/bin/program", 4711)
    assert "does not show how many tries are left" in DialogWords().last_try(asked).description
    certificate = question(Purpose(Use.CERTIFICATE))
    assert "to read the certificate" in DialogWords().secret(certificate, Grant.ONCE).description


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (agent_errors.DialogDeclinedError("no"), "no PIN was entered"),
        (agent_errors.RequesterGoneError("gone"), "no PIN was entered"),
        (agent_errors.NoDialogError("nobody"), "SSH_ASKPASS is not set to a program"),
        (agent_errors.CardAbsentError("away"), "There is no card on the reader"),
        (agent_errors.AnotherKeyError("key"), "nothing was signed"),
        (PinBlockedError("blocked", pin="auth"), "locked"),
    ],
)
def test_the_reason_is_told(capsys: pytest.CaptureFixture[str], error: JpkiError, said: str) -> None:
    """Behind the sentence that says what was wanted."""
    set_language("en")
    TerminalJournal(AppContext()).not_signed(HOST_LOGIN, error)
    shown = capsys.readouterr().err.replace("\n", " ")
    assert "“taro”" in shown
    assert said in shown


def test_what_was_signed_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Login with and without the server, and SSHSIG; a refusal with its reason."""
    set_language("en")
    journal = TerminalJournal(AppContext())
    journal.signed(Purpose(Use.SSH_LOGIN, ("taro",)))
    journal.signed(Purpose(Use.SSH_SIGNATURE, ("git",)))
    journal.refused("another key was asked for")
    shown = capsys.readouterr().err.replace("\n", " ")
    assert "does not name the server" in shown
    assert "(SSHSIG) for “git”" in shown
    assert shown.count("Signed.") == 2
    assert "refused: another key" in shown


def test_a_request_is_answered_when_nobody_can_be_told_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal is closed, or what read the notes has ended: a signature that was made must reach who asked."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(click, "echo", refuse)
    journal = TerminalJournal(AppContext())
    journal.signed(HOST_LOGIN)
    journal.not_signed(HOST_LOGIN, NoCardError("no card"))
    journal.refused("another key was asked for")


def test_a_relative_runtime_folder_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The XDG Base Directory Specification has it so; a command that goes elsewhere would not find the socket."""
    (tmp_path / "relative").mkdir()
    monkeypatch.chdir(tmp_path)
    with _place(None, {"XDG_RUNTIME_DIR": "relative"}) as place:
        assert place.is_absolute()
    assert list((tmp_path / "relative").iterdir()) == []
    with _place(None, {"XDG_RUNTIME_DIR": str(tmp_path)}) as place:
        assert place.parent.parent == tmp_path
