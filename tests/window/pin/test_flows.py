"""PINs are checked and changed through the dialog: what is asked and sent, and what is on the screen in the end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from pindesk import PinDesk, press_keys
from pinpadreader import VERIFY_ONLY
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from jpki.card import Pin
from jpki_window.pin.flows import change_pin, check_pin
from jpki_window.pin.outcomes import failed_outcome
from jpki_window.pin.pages import ChoicePage, SecretPage
from jpki_window.pin.secret_field import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from jpki_window.pin.pages import Page

    Sit = Callable[..., PinDesk]

RIGHT = {Pin.AUTH: "2846", Pin.SIGN: "SIMCARD1", Pin.INPUT: "3957", Pin.JUKI: "4068"}
NEW = {Pin.AUTH: "8517", Pin.SIGN: "CANARY57", Pin.INPUT: "8527", Pin.JUKI: "8537"}


@pytest.fixture
def sit(application: QApplication, tmp_path: Path) -> Iterator[Callable[..., PinDesk]]:
    """Sit down at a desk with a persona's card and a plan of faults."""
    made: list[PinDesk] = []

    def sit_down(persona: str = "adult", faults: str = "", language: str = "en") -> PinDesk:
        made.append(PinDesk(tmp_path / "notes", persona, faults, language))
        return made[-1]

    yield sit_down
    for desk in made:
        desk.leave()


@pytest.mark.parametrize("pin", list(Pin))
def test_a_right_pin(sit: Sit, pin: Pin) -> None:
    """The tries left are shown before anything is typed, and the verdict says that it is right."""
    desk = sit()
    desk.secrets = [RIGHT[pin]]
    flow = check_pin(desk, pin, notes=desk.notes)
    screen = desk.run(flow)
    assert f"{pin.retry_limit} of {pin.retry_limit} tries left" in desk.asked[0]
    assert "✓ Correct: that is the" in screen
    assert len(desk.presented) == 1
    desk.close(flow)


def test_a_wrong_pin(sit: Sit) -> None:
    """The verdict says so with the tries left, and that waiting does not help; its code is there."""
    desk = sit()
    desk.secrets = ["7391"]
    flow = check_pin(desk, Pin.AUTH, notes=desk.notes)
    screen = desk.run(flow)
    assert "⚠ Wrong user certificate PIN (4 digits). You have 2 tries left." in screen
    assert "Code: wrong_pin" in screen
    assert desk.tries(Pin.AUTH) == 2
    desk.close(flow)


def test_cancel_sends_nothing(sit: Sit) -> None:
    """Escape closes the dialog, and nothing reached the card but reading."""
    desk = sit()
    flow = check_pin(desk, Pin.AUTH, notes=desk.notes)
    desk.run(flow)
    assert desk.presented == []
    assert not flow.dialog.isVisible()
    assert list(desk.notes.glob("*")) == []


def test_a_wrong_form_is_sent_nowhere(sit: Sit) -> None:
    """What cannot be this PIN is asked for again, with what was probably meant."""
    desk = sit()
    desk.secrets = ["28461", RIGHT[Pin.AUTH]]
    flow = check_pin(desk, Pin.AUTH, notes=desk.notes)
    assert "✓ Correct" in desk.run(flow)
    assert "⚠ This PIN has exactly four digits. Nothing was sent; type it again." in desk.asked[1]
    assert len(desk.presented) == 1
    desk.close(flow)


@pytest.mark.parametrize("hiding", ["9000", "6300"])
@pytest.mark.parametrize("is_yes", [True, False])
def test_a_counter_that_the_card_hides_takes_a_yes(sit: Sit, hiding: str, *, is_yes: bool) -> None:
    """It may be the last try; a no sends nothing, and no option of the terminal is named."""
    desk = sit(faults=f"sw-before:status+={hiding}")
    desk.answers = [is_yes]
    desk.secrets = [RIGHT[Pin.AUTH]]
    flow = check_pin(desk, Pin.AUTH, notes=desk.notes)
    screen = desk.run(flow)
    assert "The tries left are not known" in desk.asked[0]
    assert ("✓ Correct" in screen) is is_yes
    assert "--" not in screen
    assert len(desk.presented) == int(is_yes)
    desk.close(flow)


@pytest.mark.parametrize("is_yes", [True, False])
def test_the_last_try_takes_a_second_yes(sit: Sit, *, is_yes: bool) -> None:
    """Before anything is typed; a no sends nothing, and the yes is not pressed before its box is ticked."""
    desk = sit()
    desk.set_tries(Pin.AUTH, 1)
    desk.answers = [is_yes]
    desk.secrets = [RIGHT[Pin.AUTH]]
    states: list[bool] = []

    def look(page: Page) -> None:
        if isinstance(page, ChoicePage):
            states.append(page.buttons[1].isEnabled())

    desk.on_page = look
    flow = check_pin(desk, Pin.AUTH, notes=desk.notes)
    screen = desk.run(flow)
    assert states == [False]
    assert "One try is left" in desk.asked[0]
    assert ("✓ Correct" in screen) is is_yes
    assert ("nothing was sent" in screen) is not is_yes
    assert "--use-last-try" not in screen
    assert len(desk.presented) == int(is_yes)
    desk.close(flow)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    ("persona", "way"),
    [
        ("last-try-auth", {"en": "a convenience store", "ja": "コンビニエンスストアの端末でもできます"}),
        ("child", {"en": "the legal representative goes", "ja": "法定代理人がおいでください"}),
        ("phone", {"en": "in the Mynaportal app", "ja": "マイナポータルアプリ"}),
    ],
)
def test_who_locks_a_pin_is_told_at_once_what_to_do(sit: Sit, persona: str, way: dict[str, str], language: str) -> None:
    """As the command line does, and as this card's state has it; without a command."""
    desk = sit(persona, language=language)
    desk.set_tries(Pin.AUTH, 1)
    desk.answers = [True]
    desk.secrets = ["7391"]
    flow = check_pin(desk, Pin.AUTH, notes=desk.notes)
    screen = desk.run(flow)
    assert "pin_blocked" in screen
    assert way[language] in screen
    assert "jpki guide" not in screen
    desk.close(flow)


@pytest.mark.parametrize("pin", list(Pin))
def test_a_change(sit: Sit, pin: Pin) -> None:
    """The current one, the new one twice; the verdict is what the card holds."""
    desk = sit()
    desk.secrets = [RIGHT[pin], NEW[pin], NEW[pin]]
    desk.answers = [True]
    flow = change_pin(desk, pin, notes=desk.notes)
    screen = desk.run(flow)
    assert "was changed." in screen
    assert desk.holds(pin) == NEW[pin]
    if pin is Pin.JUKI:
        assert "The card holds this PIN twice." in desk.asked[0]
    desk.close(flow)


def test_juki_can_be_left(sit: Sit) -> None:
    """Whoever does not want to after the warning has typed nothing."""
    desk = sit()
    flow = change_pin(desk, Pin.JUKI, notes=desk.notes)
    desk.run(flow)
    assert desk.presented == []
    assert desk.holds(Pin.JUKI) == RIGHT[Pin.JUKI]


def test_a_weak_pin_is_named_while_typing_and_takes_a_yes(sit: Sit) -> None:
    """It is said before the field is left; another one can be chosen; two entries that differ are asked for again."""
    desk = sit()
    desk.secrets = [RIGHT[Pin.AUTH], "1234", "8517", "8516", "8517", "8517"]
    desk.answers = [False]
    said: list[str] = []

    def look(page: Page) -> None:
        if isinstance(page, SecretPage) and desk.secrets[0] == "1234":
            press_keys(page.field, "1234")
            said.append(page.judgement.text())
            page.field.wipe()

    desk.on_page = look
    flow = change_pin(desk, Pin.AUTH, notes=desk.notes)
    assert "was changed." in desk.run(flow)
    assert said == ["⚠ Weak: it is a sequence of characters."]
    assert "This PIN is easily guessed" in desk.asked[2]
    assert any("The two entries differ" in screen for screen in desk.asked)
    assert desk.holds(Pin.AUTH) == "8517"
    desk.close(flow)


def test_another_program_used_a_try_meanwhile(sit: Sit) -> None:
    """Nothing was sent; what was typed is used only after a yes."""
    desk = sit()
    desk.secrets = [RIGHT[Pin.AUTH], NEW[Pin.AUTH], NEW[Pin.AUTH]]
    desk.answers = [True]
    calls: list[Page] = []

    def use_a_try(page: Page) -> None:
        calls.append(page)
        if len(calls) == 3:
            desk.set_tries(Pin.AUTH, 2)

    desk.on_page = use_a_try
    flow = change_pin(desk, Pin.AUTH, notes=desk.notes)
    assert "was changed." in desk.run(flow)
    assert "Another program used this PIN" in desk.asked[3]
    assert "2 tries are left now" in desk.asked[3]
    desk.close(flow)


@pytest.mark.parametrize(
    ("plan", "answers", "verdict", "holds"),
    [
        ("remove-after:change", [True, True], "was changed.", "8517"),
        ("remove:change", [True, True], "unchanged", "2846"),
        ("remove-after:change", [False], "not certain whether", "8517"),
        ("remove-after:change", [True, False], "not certain whether", "8517"),
        ("remove-after:verify", [True], "unchanged", "2846"),
        ("sw:change=6F00", [], "not certain whether", "8517"),
    ],
)
def test_a_card_that_was_lost_amid_a_change(sit: Sit, plan: str, answers: list[bool], verdict: str, holds: str) -> None:
    """The same card is asked for; what is on the screen in the end is what it holds, or that nobody knows."""
    desk = sit(faults=plan)
    desk.secrets = ["2846", "8517", "8517"]
    desk.answers = answers
    flow = change_pin(desk, Pin.AUTH, notes=desk.notes)
    screen = desk.run(flow)
    assert verdict in screen
    assert "jpki pin" not in screen
    assert desk.holds(Pin.AUTH) == holds
    desk.close(flow)


def test_a_reader_with_keys(sit: Sit) -> None:
    """The person is told what to type there, and no field is shown."""
    desk = sit()
    desk.put_keys("2846", "8517", "8517")
    flow = change_pin(desk, Pin.AUTH, notes=desk.notes)
    assert "was changed." in desk.run(flow)
    assert desk.asked == []
    desk.close(flow)


def test_a_note_is_on_the_disk_while_the_pin_is_sent_and_gone_afterwards(sit: Sit) -> None:
    """It holds the name of the PIN and the time, and nothing else; seeing the outcome removes it."""
    desk = sit()
    desk.secrets = ["2846", "8517", "8517"]
    found: list[dict[str, str]] = []
    process = desk.port.process

    def spy(command: bytes) -> bytes:
        if command[:2] == b"\x00\x20" and len(command) > 5:
            found.extend(json.loads(path.read_text(encoding="utf-8")) for path in desk.notes.glob("*.json"))
        return process(command)

    desk.port.process = spy  # type: ignore[method-assign]
    flow = change_pin(desk, Pin.AUTH, notes=desk.notes)
    desk.run(flow)
    assert [set(note) for note in found] == [{"pin", "time"}]
    assert found[0]["pin"] == "auth"
    QTest.qWait(20)
    assert list(desk.notes.glob("*")) == []
    desk.close(flow)


def test_where_no_note_can_be_written_nothing_is_sent(sit: Sit, tmp_path: Path) -> None:
    """A disk that takes nothing costs no try."""
    desk = sit()
    desk.notes = tmp_path / "file"
    desk.notes.write_text("", encoding="utf-8")
    desk.secrets = ["2846"]
    flow = check_pin(desk, Pin.AUTH, notes=desk.notes)
    assert "so the PIN was not sent" in desk.run(flow)
    assert desk.presented == []
    desk.close(flow)


def test_a_window_that_closes_sends_nothing_more(sit: Sit) -> None:
    """Whoever closes the window while a question is open has said no to everything."""
    desk = sit()
    desk.secrets = ["2846"]
    flow = check_pin(desk, Pin.AUTH, notes=desk.notes)
    desk.on_page = lambda _page: flow.give_up()
    desk.run(flow)
    assert desk.presented == []


def test_the_dialog_stays_while_the_card_is_talked_to(sit: Sit) -> None:
    """Escape and the window's own button do nothing then: a command cannot be taken back."""
    desk = sit()
    flow = check_pin(desk, Pin.AUTH, notes=desk.notes)
    flow.dialog.show()
    assert flow.dialog.is_at_work
    QTest.keyClick(flow.dialog, Qt.Key.Key_Escape)
    flow.dialog.close()
    assert flow.dialog.isVisible()
    flow.dialog.finish()
    flow.dialog.close()
    assert not flow.dialog.isVisible()


def test_a_failure_that_nobody_expected_says_its_class(sit: Sit) -> None:
    """Its text stays out of the window: it may hold anything."""
    desk = sit()
    outcome = failed_outcome(OSError(5, "secret text"), Pin.AUTH, desk.say)
    assert outcome.verdict == "Something happened that this program does not expect: OSError"
    assert outcome.code == "unexpected"
    assert outcome.notes == ()


def test_a_lost_answer_whose_counter_tells_is_a_right_pin(sit: Sit) -> None:
    """The counter is full again: the entry was right, and a try was not lost."""
    desk = sit(faults="remove-after:verify")
    desk.set_tries(Pin.AUTH, 2)
    desk.secrets = [RIGHT[Pin.AUTH]]
    desk.answers = [True]
    flow = check_pin(desk, Pin.AUTH, notes=desk.notes)
    screen = desk.run(flow)
    assert "✓ Correct" in screen
    assert "all tries are available again" in screen
    assert desk.tries(Pin.AUTH) == 3
    desk.close(flow)


def test_keys_that_cannot_take_a_new_pin_are_not_used_for_a_change(sit: Sit) -> None:
    """That is said beside the field in which it is typed instead."""
    desk = sit()
    desk.put_keys(features=VERIFY_ONLY)
    desk.secrets = ["2846", "8517", "8517"]
    flow = change_pin(desk, Pin.AUTH, notes=desk.notes)
    assert "was changed." in desk.run(flow)
    assert "A new PIN cannot be entered on the keys of this reader" in desk.asked[0]
    desk.close(flow)


def test_what_is_not_taken_is_said_beside_the_field(sit: Sit) -> None:
    """A pasted PIN, and one that an assistive program fills in as a whole; keys on the screen type and delete."""
    desk = sit()
    said: list[str] = []

    def look(page: Page) -> None:
        if isinstance(page, SecretPage):
            page.field.refused.emit(Refusal.PASTE)
            said.append(page.judgement.text())
            keys = {key.accessibleName(): key for key in page.findChildren(QPushButton)}
            for name in ("2", "8", "4", "5", "Delete the last one", "6"):
                keys[name].click()
            page.buttons[0].click()

    desk.on_page = look
    desk.secrets = []
    flow = check_pin(desk, Pin.AUTH, notes=desk.notes)
    assert "✓ Correct" in desk.run(flow)
    assert "Nothing is pasted here" in said[0]
    desk.close(flow)
