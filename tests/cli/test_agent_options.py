"""Wrong values for the agent's commands: refused before a door is opened, with the option named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (("agent", "--cache", "nan", "--socket", "SOCKET"), "--cache"),
        (("agent", "--cache", "inf", "--socket", "SOCKET"), "--cache"),
        (("--wait", "inf", "status"), "--wait"),
        (("agent", "--cache", "-1", "--socket", "SOCKET"), "--cache"),
        (("ssh", "agent", "--cache", "NaN", "--socket", "SOCKET"), "--cache"),
        (("--wait", "nan", "status"), "--wait"),
        (("--timeout", "nan", "status"), "--timeout"),
        (("agent", "--dialog", "other", "--socket", "SOCKET"), "--dialog"),
    ],
)
def test_a_time_is_a_number(run_cli: RunCli, tmp_path: Path, command: tuple[str, ...], option: str) -> None:
    """A PIN that is kept for "nan" seconds would be kept without end: no comparison says that they are over."""
    (tmp_path / "file").write_bytes(b"")
    words = [str(tmp_path / "file" / "card.sock") if word == "SOCKET" else word for word in command]
    result = run_cli("--sim", "adult", *words)
    assert result.code == 2
    assert f"'{option}'" in result.stderr


@pytest.mark.parametrize("command", [("agent",), ("ssh", "agent"), ("pkcs11", "relay")])
@pytest.mark.parametrize("name", ["x" * 120, "file/card.sock"])
def test_a_place_where_no_socket_can_be(run_cli: RunCli, tmp_path: Path, command: tuple[str, ...], name: str) -> None:
    """A name that is too long for the system, and one below a file: exit 2 with the place; nothing is left there."""
    (tmp_path / "file").write_bytes(b"")
    result = run_cli("--sim", "adult", *command, "--socket", str(tmp_path / name))
    assert result.code == 2
    assert str(tmp_path / name) in result.stderr.replace("\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("kind", ["window", "pinentry", "askpass"])
@pytest.mark.parametrize("name", ["none", "./none", "file"])
def test_a_program_that_cannot_ask_is_refused_at_once(
    run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, name: str
) -> None:
    """Exit 2 with its name: else each request would be refused later, and nothing would say why."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    program = str(tmp_path / "file") if name == "file" else name
    options = ("--socket", str(tmp_path / "card.sock"), "--dialog", kind, "--dialog-program", program)
    result = run_cli("--sim", "adult", "agent", *options)
    assert result.code == 2
    assert program in result.stderr.replace("\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_pkcs11_forget_and_uninstall_have_nothing_to_do(
    run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a new home: exit 0, nothing written, and an argument is one too many."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    assert run_cli("pkcs11", "forget", "--json").json["removed"] == 0
    assert run_cli("pkcs11", "uninstall", "--json").json["removed"] == []
    assert run_cli("pkcs11", "forget", "all").code == 2
    assert run_cli("pkcs11", "uninstall", "--firefox", str(tmp_path)).code == 2
    assert list(tmp_path.iterdir()) == []
