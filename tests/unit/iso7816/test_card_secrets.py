"""Commands with a secret: sent once, never empty, and the buffer is overwritten whatever happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jpki.errors import ApduError, CardRemovedError, CardTimeoutError, FileNotFoundOnCardError, UnexpectedStatusError
from jpki.iso7816 import Iso7816Card, RetryState, StatusWord

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.iso7816.conftest import Answer, ScriptedConnection

    Send = Callable[[Iso7816Card, bytearray], StatusWord]

_SENDS: dict[str, Send] = {
    "0020008004": Iso7816Card.verify,
    "0024018004": Iso7816Card.change_reference_data,
    "8032008004": Iso7816Card.change_key,
}


@pytest.mark.parametrize(("header", "send"), _SENDS.items(), ids=_SENDS)
def test_a_secret_goes_out_once_as_it_is(scripted: type[ScriptedConnection], header: str, send: Send) -> None:
    """The data field is the secret without padding, there is no Le, and the status word comes back."""
    connection = scripted(["63C2"])
    assert send(Iso7816Card(connection), bytearray(b"2846")) == 0x63C2
    assert connection.sent_hex == [header + "32383436"]


@pytest.mark.parametrize("answer", ["9000", "63C2", "63C0", "6984", "6983", "6C04", "6104", "6700", "6F00", "6581"])
@pytest.mark.parametrize("send", _SENDS.values(), ids=_SENDS)
def test_no_status_word_brings_a_second_command(scripted: type[ScriptedConnection], send: Send, answer: str) -> None:
    """6Cxx, 61xx and every other status word are handed back after exactly one command."""
    connection = scripted([answer])
    assert send(Iso7816Card(connection), bytearray(b"2846")) == int(answer, 16)
    assert len(connection.sent) == 1


_FAILURES: dict[str, tuple[Answer, type[BaseException]]] = {
    "no answer": ("", ApduError),
    "one byte": ("90", ApduError),
    "data before the status word": ("AA9000", ApduError),
    "no status word": ("1234", ApduError),
    "zeros": ("0000", ApduError),
    "removed": (CardRemovedError("gone"), CardRemovedError),
    "mute": (CardTimeoutError("mute"), CardTimeoutError),
    "Ctrl-C": (KeyboardInterrupt(), KeyboardInterrupt),
    "terminated": (SystemExit(143), SystemExit),
}


@pytest.mark.parametrize(("answer", "error"), _FAILURES.values(), ids=_FAILURES)
@pytest.mark.parametrize("send", _SENDS.values(), ids=_SENDS)
def test_the_buffer_is_overwritten_after_a_failure(
    scripted: type[ScriptedConnection], send: Send, answer: Answer, error: type[BaseException]
) -> None:
    """The APDU's buffer holds zeros when the error arrives, and there is no second attempt."""
    connection = scripted([answer])
    with pytest.raises(error):
        send(Iso7816Card(connection), bytearray(b"2846"))
    assert connection.buffers == [bytearray(9)]
    assert isinstance(connection.buffers[0], bytearray)


@pytest.mark.parametrize("send", _SENDS.values(), ids=_SENDS)
@pytest.mark.parametrize("secret", [b"2846", b"SIMCARD1", bytes(range(1, 256))])
def test_the_buffer_is_overwritten_after_an_answer(
    scripted: type[ScriptedConnection], send: Send, secret: bytes
) -> None:
    """The APDU's buffer holds zeros after the exchange; the caller's own buffer is left to its owner."""
    connection = scripted(["9000"])
    owned = bytearray(secret)
    send(Iso7816Card(connection), owned)
    assert connection.buffers == [bytearray(5 + len(secret))]
    assert owned == secret


@pytest.mark.parametrize("secret", [b"", bytes(256)], ids=["empty", "too long"])
@pytest.mark.parametrize("send", _SENDS.values(), ids=_SENDS)
def test_a_secret_of_no_bytes_is_never_sent(scripted: type[ScriptedConnection], send: Send, secret: bytes) -> None:
    """An empty secret would be a status query that some cards answer 9000 (CVE-2023-40660); nothing is sent."""
    connection = scripted([])
    with pytest.raises(ValueError, match="1 to 255"):
        send(Iso7816Card(connection), bytearray(secret))
    assert connection.sent == []


@pytest.mark.parametrize(
    ("answer", "state", "remaining"),
    [
        ("63C3", RetryState.REMAINING, 3),
        ("63C1", RetryState.REMAINING, 1),
        ("63C0", RetryState.BLOCKED, None),
        ("6983", RetryState.BLOCKED, None),
        ("6984", RetryState.BLOCKED, None),
        ("9000", RetryState.VERIFIED, None),
        ("6300", RetryState.UNLIMITED, None),
    ],
)
@pytest.mark.parametrize("by_short_id", [True, False])
def test_counters_are_read(
    scripted: type[ScriptedConnection], answer: str, state: RetryState, remaining: int | None, *, by_short_id: bool
) -> None:
    """An empty VERIFY of four bytes tells the counter, by short EF identifier or after SELECT."""
    connection = scripted([answer] if by_short_id else ["9000", answer])
    status = Iso7816Card(connection, short_ef_ids=by_short_id).retry_status(0x18)
    assert (status.state, status.remaining) == (state, remaining)
    assert connection.sent_hex == (["00200098"] if by_short_id else ["00A4020C020018", "00200080"])


def test_an_answer_without_a_counter_is_an_error(scripted: type[ScriptedConnection]) -> None:
    """A status word that says nothing about tries is an error with the name of the command."""
    with pytest.raises(UnexpectedStatusError, match="VERIFY: 6700"):
        Iso7816Card(scripted(["9000", "6700"]), short_ef_ids=False).retry_status(0x18)
    with pytest.raises(FileNotFoundOnCardError):
        Iso7816Card(scripted(["6A82"]), short_ef_ids=False).retry_status(0x18)
    with pytest.raises(UnexpectedStatusError, match="VERIFY: 6986"):
        Iso7816Card(scripted(["6986"])).current_retry_status()
