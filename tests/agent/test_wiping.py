"""No PIN stays in the agent's memory: whatever ends its use, the buffer that held it is overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from agentdesk import PASSWORD, PIN, WRONG, Desk
from dialogprograms import OWN, script, wanted
from rpcclient import RpcClient, RvError

from jpki.agent import signing
from jpki.agent.dialogs import AskpassDialog, SecretText, process as dialog_process
from jpki.agent.errors import DialogDeclinedError
from jpki.agent.pkcs11.frames import FrameReader, write_frame
from jpki.agent.pkcs11.wire import Reader
from jpki.pin import Secret, normalise

if TYPE_CHECKING:
    from pathlib import Path

    from jpki.card import Pin
    from jpki.pin.rules import Normalised


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> list[bytearray]:
    """The buffers of PINs that programs pass, as they are read."""
    found: list[bytearray] = []

    def noting(pin: Pin, secret: Secret) -> Normalised:
        normalised = normalise(pin, secret)
        found.append(normalised.secret.reveal())
        return normalised

    monkeypatch.setattr(signing, "normalise", noting)
    return found


@pytest.mark.parametrize(("pin", "tries"), [(WRONG, 3), ("abcd", 3), (PIN, 2), (PIN, 0)])
def test_a_passed_pin_that_is_refused_is_overwritten(
    desk: Desk, client: RpcClient, passed: list[bytearray], pin: str, tries: int
) -> None:
    """By the card, for its form, or since its counter is not full."""
    session = client.open()
    desk.set_tries(tries)
    with pytest.raises(RvError):
        client.login(session, pin.encode())
    assert [bytes(buffer) for buffer in passed] == [b""]


def test_a_passed_pin_that_nobody_looks_at_is_overwritten(
    desk: Desk, client: RpcClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program has logged in already."""
    read: list[bytearray] = []
    secret = Reader.secret

    def noting(reader: Reader) -> Secret | None:
        found = secret(reader)
        assert found is not None
        read.append(found.reveal())
        return found

    session = client.open()
    client.login(session, PIN.encode())
    monkeypatch.setattr(Reader, "secret", noting)
    with pytest.raises(RvError):
        client.login(session, PIN.encode())
    assert [bytes(buffer) for buffer in read] == [b""]


def test_what_was_received_is_overwritten_when_it_was_read() -> None:
    """A PIN may be in it."""
    received = bytearray(b"\0" + write_frame(1, b"2846"))
    frames = list(FrameReader().feed(received))
    assert [bytes(frame.body or b"") for frame in frames] == [b"2846"]
    assert not any(received)


def test_what_a_dialog_wrote_before_it_failed_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that prints what was typed and then ends with another code than 0 said no."""
    read: list[bytearray] = []
    inner = dialog_process.DialogProcess.read_to_end

    def noting(process: dialog_process.DialogProcess) -> bytearray:
        read.append(inner(process))
        return read[-1]

    monkeypatch.setattr(dialog_process.DialogProcess, "read_to_end", noting)
    dialog = AskpassDialog(OWN, program=script(tmp_path, f"echo {PASSWORD}; exit 1"))
    with dialog.open(wanted) as talk, pytest.raises(DialogDeclinedError):
        talk.ask_secret(SecretText("Title", "Text", "PIN:", "OK", "Cancel"))
    assert len(read) == 1
    assert read[0].strip(b"\0") == b""
