"""The desk: one dialog at a time, whom it is for, what a "no" is good for, and what is asked again."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from agentdesk import PIN, Desk as AgentDesk, ListedPerson, PlainWords
from dialogprograms import OWN, script, wanted

from jpki.agent.dialogs import AskpassDialog, Desk, DialogQuestion, Grant, Purpose, Use
from jpki.agent.dialogs.desk import MAX_WAITING
from jpki.agent.dialogs.questions import CannotOpenError, Conversation
from jpki.agent.errors import DialogDeclinedError, NoDialogError, RequesterGoneError
from jpki.card import Pin, PinState, PinStatus
from jpki.errors import PinFormatError
from jpki.pin import Secret, normalise
from jpki_cli.agent import run_until_end

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from jpki.pin.rules import Normalised


#: An upper bound; nothing is timed.
SECONDS = 120
QUESTION = DialogQuestion(
    Pin.AUTH, PinStatus("auth", PinState.FULL, 3, 3, None), Purpose(Use.LOGIN_KEY), "/bin/program", 1
)


def test_a_no_at_the_agent_ends_a_dialog_on_the_screen(tmp_path: Path) -> None:
    """Ctrl-C at the agent's terminal does not reach a window: the question ends, and it counts as a no."""
    shown = tmp_path / "shown"
    desk = Desk([AskpassDialog(OWN, program=script(tmp_path, f"echo >'{shown}'; exec sleep 600"))], PlainWords())
    assert not desk.decline()

    def ask() -> None:
        with desk.turn("client", wanted):
            desk.ask(QUESTION, [Grant.ONCE], lambda: not shown.exists() or desk.decline() or True)

    for _ in range(2):
        with pytest.raises(DialogDeclinedError):
            ask()
    assert not desk.decline()


def test_a_second_ctrl_c_at_one_question_ends_the_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one is the no; a dialog that does not go away keeps nobody from ending the agent."""
    with AgentDesk() as desk, desk.agent.desk.turn("client", wanted):

        def interrupted() -> None:
            declined.append(desk.agent.desk._is_declined)
            raise KeyboardInterrupt

        declined: list[bool] = []
        monkeypatch.setattr(desk.agent, "run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run_until_end(desk.agent)
        assert declined == [False, True]


class Broken:
    """A dialog that cannot be opened."""

    def open(self, is_wanted: Callable[[], bool]) -> AbstractContextManager[Conversation]:
        """Not here."""
        raise CannotOpenError("not here")


def test_a_dialog_that_cannot_open_is_passed_over() -> None:
    """The next one is asked; where there is none, nothing is."""
    person = ListedPerson([PIN])
    with Desk([Broken(), person], PlainWords()).ask(QUESTION, [Grant.ONCE], wanted).secret as secret:
        assert secret == Secret(PIN)
    with pytest.raises(NoDialogError):
        Desk([Broken()], PlainWords()).ask(QUESTION, [Grant.ONCE], wanted)


def test_three_entries_of_a_wrong_form_end_the_dialog() -> None:
    """None of them is kept."""
    person = ListedPerson(["1", "22", "abcd", PIN])
    with pytest.raises(PinFormatError):
        Desk([person], PlainWords()).ask(QUESTION, [Grant.ONCE], wanted)
    assert person.secrets == [PIN]


def test_one_dialog_at_a_time_and_few_that_wait() -> None:
    """While one has its turn, eight wait and the ninth is refused; one that goes away leaves the queue."""
    desk = Desk([], PlainWords())
    begun, done = threading.Event(), threading.Event()
    seen: list[str] = []
    at_once: list[int] = []

    def take(name: str) -> None:
        try:
            with desk.turn(name, wanted):
                at_once.append(1)
                seen.append(f"{name} {sum(at_once)}")
                begun.set()
                done.wait(30)
                at_once.pop()
        except NoDialogError:
            seen.append("refused")
            begun.set()

    first = threading.Thread(target=take, args=("first",))
    first.start()
    assert begun.wait(30)
    with pytest.raises(RequesterGoneError), desk.turn("gone", lambda: False):
        pass
    others = [threading.Thread(target=take, args=(str(number),)) for number in range(MAX_WAITING)]
    for thread in others:
        thread.start()
    while desk._waiting <= MAX_WAITING:
        first.join(0.01)
    with pytest.raises(NoDialogError), desk.turn("one too many", wanted):
        pass
    done.set()
    for thread in [first, *others]:
        thread.join(30)
    assert len(seen) == MAX_WAITING + 1
    assert {line.split()[-1] for line in seen} == {"1"}


def test_a_no_is_remembered_for_a_minute() -> None:
    """By the clock; another client is not refused."""
    now = [0.0]
    desk = Desk([], PlainWords(), lambda: now[0])

    def turn(client: str) -> None:
        with desk.turn(client, wanted):
            raise DialogDeclinedError("no")

    for moment in (0.0, 59.0):
        now[0] = moment
        with pytest.raises(DialogDeclinedError):
            turn("a")
    with pytest.raises(DialogDeclinedError, match="moment ago"), desk.turn("a", wanted):
        pass
    with desk.turn("b", wanted):
        pass
    now[0] = 61.0
    with desk.turn("a", wanted):
        pass


def test_a_no_is_remembered_while_others_ask() -> None:
    """One is said while another request looks whether it was refused."""
    desk = Desk([], PlainWords())

    def refuse(client: Hashable) -> None:
        with pytest.raises(DialogDeclinedError), desk.turn(client, wanted):
            raise DialogDeclinedError("no")

    other = threading.Thread(target=refuse, args=("b",))

    class Slow:
        """A client of which the other thread hears whenever its refusal is looked at."""

        is_looked_at = False

        def __hash__(self) -> int:
            if self.is_looked_at and other.ident is None:
                other.start()
                other.join(0.3)  # so long it has the refusals for itself, unless it waits
            return 1

    slow = Slow()
    refuse(slow)
    slow.is_looked_at = True
    with desk.turn("c", wanted):
        pass
    other.join(SECONDS)
    with pytest.raises(DialogDeclinedError, match="moment ago"), desk.turn("b", wanted):
        pass


def test_of_one_program_that_asks_twice_at_once_a_no_ends_both() -> None:
    """The request that waited does not open the dialog again that was just refused."""
    desk = Desk([], PlainWords())
    is_waiting = threading.Event()
    told: list[str] = []

    def still_wanted() -> bool:
        is_waiting.set()
        return True

    def ask() -> None:
        try:
            with desk.turn("program", still_wanted):
                told.append("asked")
        except DialogDeclinedError:
            told.append("refused")

    second = threading.Thread(target=ask)

    def refuse() -> None:
        with desk.turn("program", wanted):
            second.start()
            assert is_waiting.wait(30)
            raise DialogDeclinedError("no")

    with pytest.raises(DialogDeclinedError):
        refuse()
    second.join()
    assert told == ["refused"]


def test_an_entry_of_the_wrong_form_is_overwritten_before_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it is in the memory while the next one is typed."""
    typed: list[bytearray] = []
    seen: list[list[bytes]] = []

    def noting(pin: Pin, secret: Secret) -> Normalised:
        found = normalise(pin, secret)
        typed.append(found.secret.reveal())
        return found

    monkeypatch.setattr("jpki.agent.dialogs.desk.normalise", noting)
    person = ListedPerson(["123", "28461", PIN], on_ask=lambda: seen.append([bytes(buffer) for buffer in typed]))
    with Desk([person], PlainWords()).ask(QUESTION, [Grant.ONCE], wanted).secret as secret:
        assert secret == Secret(PIN)
    assert seen == [[], [b""], [b"", b""]]
