"""The card is lost between a command and its answer: at a terminal the same card is waited for, and asked."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from jpki_sim.dates import japan_today
from jpki_sim.files import load, save
from jpki_sim.personas import find_persona, new_card
from jpki_sim.serve import send_command
from terminal import TerminalSession

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pcscd.conftest import Pcscd, ServedCard

JPKI = [sys.executable, "-m", "jpki_cli"]
AUTH = "user certificate PIN (4 digits)"
OLD, NEW = "2846", "7392"
PORT = 35963
#: What is said of a service that ended, or was started anew, while a PIN was typed.
ENDED = {
    "en": "The smart card service ended or was restarted in the meantime.",
    "ja": "スマートカードのサービスが、途中で終了したか、再起動されました。",
}
QUESTION = {"en": f"\r{AUTH}: ", "ja": "\r利用者証明用の暗証番号（利用者証明用パスワード、数字4桁）："}
NOTHING = {"en": "Nothing was sent to the card.", "ja": "カードには何も送信していません。"}


class Lost:
    """A card whose server takes it away as planned, and a program at a terminal."""

    def __init__(self, pcscd: Pcscd, folder: Path, persona: str = "adult") -> None:
        self._pcscd = pcscd
        self.file = folder / "card.json"
        self.control = folder / "control.sock"
        save(new_card(find_persona(persona), today=japan_today(), generate_keys=False), self.file)
        self.served: ServedCard | None = None

    def serve(self, fault: str) -> None:
        """Put the card into the reader, with a fault at one of its commands."""
        self.served = self._pcscd.start_card(self.file, PORT, "--fault", fault, "--control", str(self.control))

    def insert(self) -> None:
        """Put the card back."""
        send_command(self.control, "insert")

    def held(self) -> tuple[str, int]:
        """Value and tries of the auth PIN, once the card is out of its server's hands."""
        assert self.served is not None
        self.served.stop()
        pin = load(self.file).pins["auth"]
        return pin.value, pin.retries_remaining

    @contextmanager
    def program(self, *arguments: str) -> Iterator[TerminalSession]:
        """Run jpki at a terminal; its stdout goes to a file beside the card."""
        with (self.file.parent / "stdout").open("w") as out:
            command = [*JPKI, "--timeout", "5", *arguments]
            with TerminalSession(lambda fd: self._pcscd.popen(command, terminal=fd, stdout=out, stderr=fd)) as session:
                yield session

    def json(self) -> dict[str, object]:
        """The JSON object of the program."""
        value = json.loads((self.file.parent / "stdout").read_text(encoding="utf-8"))
        assert isinstance(value, dict)
        return value

    def change(self, session: TerminalSession) -> None:
        """Type what a change needs."""
        session.answer(f"Current {AUTH}: ", OLD)
        session.answer(f"New {AUTH}: ", NEW)
        session.answer(f"New {AUTH} again: ", NEW)


@pytest.fixture
def lost(pcscd: Pcscd, tmp_path: Path) -> Lost:
    """An adult's card."""
    return Lost(pcscd, tmp_path)


@pytest.mark.parametrize(
    ("fault", "code", "outcome", "held"),
    [("remove-after:change", 0, "changed", (NEW, 3)), ("remove:change", 3, "unchanged", (OLD, 2))],
)
def test_the_same_card_says_what_became_of_a_change(
    lost: Lost, fault: str, code: int, outcome: str, held: tuple[str, int]
) -> None:
    """Unknown at first; with consent the new PIN is presented once, and what is told is what the card holds."""
    lost.serve(fault)
    with lost.program("pin", "change", "auth", "--json") as session:
        lost.change(session)
        session.expect("It is not certain whether")
        session.answer("to find out?", "y")
        session.expect("Waiting for a card")
        lost.insert()
        session.expect("It is the same card.")
        session.expect("3 of 3 tries left")
        session.answer("Try the new PIN once?", "y")
        assert session.end() == code
    value = lost.json()
    assert (value["outcome"], value["retries_remaining"]) == (outcome, held[1])
    assert lost.held() == held
    assert NEW not in session.shown


def test_without_consent_nothing_is_presented(lost: Lost) -> None:
    """The tries are read and told; the outcome stays unknown, exit 8."""
    lost.serve("remove:change")
    with lost.program("pin", "change", "auth", "--json") as session:
        lost.change(session)
        session.answer("to find out?", "")
        session.expect("Waiting for a card")
        lost.insert()
        session.expect("It is the same card.")
        session.answer("Try the new PIN once?", "")
        assert session.end() == 8
    value = lost.json()
    assert (value["outcome"], value["code"], value["retries_remaining"]) == ("unknown", "outcome_unknown", 3)
    assert lost.held() == (OLD, 3)


def test_whoever_declines_is_told_that_it_is_unknown(lost: Lost) -> None:
    """Nothing is waited for."""
    lost.serve("remove-after:change")
    with lost.program("pin", "change", "auth", "--json") as session:
        lost.change(session)
        session.answer("to find out?", "n")
        assert session.end() == 8
    assert lost.json()["outcome"] == "unknown"
    assert "Waiting for a card" not in session.shown


@pytest.mark.parametrize("stop", ["\x03", "SIGTERM"])
def test_whoever_stops_waiting_is_told_that_it_is_unknown(lost: Lost, stop: str) -> None:
    """Ctrl-C and SIGTERM end the wait, not the truth: exit 8."""
    lost.serve("remove-after:change")
    with lost.program("pin", "change", "auth", "--json") as session:
        lost.change(session)
        session.answer("to find out?", "y")
        session.expect("Waiting for a card")
        if stop == "SIGTERM":
            session.process.terminate()
        else:
            session.type(stop)
        assert session.end() == 8
    assert lost.json()["outcome"] == "unknown"


def test_another_card_is_not_taken_for_it(lost: Lost, pcscd: Pcscd) -> None:
    """Another card is told apart and asked nothing; when the first one is back, it answers."""
    lost.serve("remove-after:change")
    with lost.program("pin", "change", "auth", "--json") as session:
        lost.change(session)
        session.answer("to find out?", "y")
        session.expect("Waiting for a card")
        other = pcscd.start_card("youth", PORT + 1)
        session.expect("That is another card.")
        other.stop()
        session.answer("Check again?", "y")
        session.expect("Waiting for a card")
        lost.insert()
        session.expect("It is the same card.")
        session.answer("Try the new PIN once?", "y")
        assert session.end() == 0
    assert lost.json()["outcome"] == "changed"


def test_a_card_that_cannot_be_compared_stays_unknown(pcscd: Pcscd, tmp_path: Path) -> None:
    """A phone does not show its certificate: that is said, and nothing is waited for."""
    lost = Lost(pcscd, tmp_path, "phone")
    lost.serve("remove-after:change")
    with lost.program("pin", "change", "auth", "--json") as session:
        lost.change(session)
        session.expect("cannot be checked here")
        assert session.end() == 8
    assert lost.json()["outcome"] == "unknown"


def test_a_script_is_not_asked(lost: Lost, pcscd: Pcscd) -> None:
    """With --pin-stdin, even at a terminal, the program ends with exit 8 and no question."""
    lost.serve("remove-after:change")
    secrets = lost.file.with_name("secrets")
    secrets.write_text(f"{OLD}\n{NEW}\n")
    command = " ".join([*JPKI, "pin change auth --json --pin-stdin", f"< {secrets}"])
    start: Callable[[int], subprocess.Popen[str]] = lambda fd: pcscd.popen(  # noqa: E731 - what a session is given
        ["sh", "-c", command], terminal=fd, stdout=fd, stderr=fd
    )
    with TerminalSession(start) as session:
        assert session.end() == 8
    assert "find out?" not in session.shown


def test_a_lost_verify_leaves_the_pin_unchanged_and_its_counter_is_read(lost: Lost) -> None:
    """The PIN is unchanged for certain; the tries left are read when the card is back, with no further VERIFY."""
    lost.serve("remove-after:verify")
    with lost.program("pin", "change", "auth", "--json") as session:
        session.answer(f"Current {AUTH}: ", "1357")
        session.answer(f"New {AUTH}: ", NEW)
        session.answer(f"New {AUTH} again: ", NEW)
        session.answer("to find out?", "y")
        session.expect("Waiting for a card")
        lost.insert()
        session.expect("2 of 3 tries left")
        assert session.end() == 8
    value = lost.json()
    assert (value["outcome"], value["retries_remaining"], value["try_used"]) == ("unchanged", 2, "yes")
    assert lost.held() == (OLD, 2)


@pytest.mark.parametrize(
    ("tries", "entry", "code", "outcome", "left"),
    [(2, OLD, 0, "right", 3), (3, OLD, 8, "unknown", 3), (3, "1357", 8, "unknown", 2)],
)
def test_the_counter_says_what_it_can_of_a_lost_verify(
    lost: Lost, tries: int, entry: str, code: int, outcome: str, left: int
) -> None:
    """A counter that is full again was filled by a right entry; anything else stays unknown, with the tries left."""
    card = load(lost.file)
    card.pins["auth"].retries_remaining = tries
    save(card, lost.file)
    lost.serve("remove-after:verify")
    with lost.program("pin", "verify", "auth", "--json") as session:
        session.expect("tries left")
        session.answer(f"{AUTH}: ", entry)
        session.answer("to see the tries left?", "y")
        session.expect("Waiting for a card")
        lost.insert()
        session.expect(f"{left} of 3 tries left")
        assert session.end() == code
    value = lost.json()
    assert (value["outcome"], value["retries_remaining"]) == (outcome, left)
    assert lost.held() == (OLD, left)


def test_a_reset_while_a_prompt_is_open_loses_nothing(lost: Lost, pcscd: Pcscd) -> None:
    """Another program resets the card at each prompt: nothing had been sent, so the change goes through."""
    lost.serve("slow:1=0")
    with lost.program("pin", "change", "auth", "--json") as session:
        session.expect(f"Current {AUTH}: ")
        pcscd.reset_card()
        session.type(OLD + "\n")
        session.answer(f"New {AUTH}: ", NEW)
        session.expect(f"New {AUTH} again: ")
        pcscd.reset_card()
        session.type(NEW + "\n")
        assert session.end() == 0, session.shown
    assert lost.json()["outcome"] == "changed"
    assert lost.held() == (NEW, 3)


@pytest.mark.parametrize("is_started", [True, False], ids=["restarted", "ended"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_who_types_a_pin_meanwhile_is_told(lost: Lost, pcscd: Pcscd, language: str, *, is_started: bool) -> None:
    """And has lost no try."""
    lost.serve("slow:1=0")
    with lost.program("--lang", language, "pin", "verify", "auth") as session:
        session.expect(QUESTION[language])
        pcscd.stop_daemon()
        if is_started:
            pcscd.start_daemon()
        session.type(OLD + "\n")
        assert session.end() == 3, session.shown
        assert ENDED[language] in session.shown
        assert NOTHING[language] in session.shown
        assert "installed" not in session.shown
    pcscd.start_daemon()
    assert lost.held() == (OLD, 3)


@pytest.mark.parametrize("is_started", [True, False], ids=["restarted", "ended"])
def test_a_change_meanwhile_is_told_to_have_changed_nothing(lost: Lost, pcscd: Pcscd, *, is_started: bool) -> None:
    """The current PIN was not sent either."""
    lost.serve("slow:1=0")
    with lost.program("pin", "change", "auth") as session:
        session.answer(f"Current {AUTH}: ", OLD)
        session.answer(f"New {AUTH}: ", NEW)
        session.expect(f"New {AUTH} again: ")
        pcscd.stop_daemon()
        if is_started:
            pcscd.start_daemon()
        session.type(NEW + "\n")
        assert session.end() == 3, session.shown
        assert ENDED["en"] in session.shown
        assert NOTHING["en"] in session.shown
    pcscd.start_daemon()
    assert lost.held() == (OLD, 3)
