"""The window shows at once what lies on the readers, or what is in the way of a card, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from dataclasses import replace

from PySide6.QtWidgets import QPushButton, QWidget
from windowdesk import Desk, heard, settle, wait_until

from jpki.errors import ServiceMissingError
from jpki_sim.serve import SimulatedReaders

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.transport import ReaderState

    OpenDesk = Callable[..., Desk]


def said(desk: Desk) -> list[str]:
    """What a screen reader is told of the page of the card."""
    page = desk.window.page("card")
    assert page is not None
    return [one.name for one in heard(page)]


def press(desk: Desk, words: str) -> None:
    """Press the button that is called so."""
    page = desk.window.page("card")
    assert page is not None
    settle()
    found = [
        button for button in page.findChildren(QPushButton) if button.accessibleName() == words and button.isVisible()
    ]
    assert len(found) == 1, [button.accessibleName() for button in page.findChildren(QPushButton)]
    found[0].click()


@pytest.mark.parametrize(
    ("cards", "code", "words", "step"),
    [
        ({}, "no_reader", "No card reader is connected.", "Connect the reader."),
        ({"A": None}, "no_card", "There is no card on the reader.", "Put the card on the reader, one card only"),
        ({"A": "other-card"}, "not_my_number_card", "This is not a My Number Card", "Place a My Number Card"),
    ],
)
def test_what_is_in_the_way(open_desk: OpenDesk, cards: dict[str, Any], code: str, words: str, step: str) -> None:
    """The first line says what is the matter; the steps, the code and the button that looks for the cause follow."""
    desk = open_desk(cards)
    desk.wait_for_failure(code)
    found = said(desk)
    first = next(line for line in found if line)
    assert first.startswith(words)
    assert any(line.startswith(step) for line in found)
    assert f"Code: {code}" in found
    assert "Look for the cause" in found
    assert not any("jpki " in line or "--" in line for line in found)


def test_a_card_comes_and_goes(open_desk: OpenDesk) -> None:
    """A card that is put down is shown, and one that is taken off is not shown any more."""
    desk = open_desk({"A": None})
    desk.wait_for_failure("no_card")
    desk.readers.insert("A", "adult")
    desk.wait_for_card()
    assert "Nothing to do now, as far as can be seen without a PIN." in said(desk)
    desk.readers.remove("A")
    desk.wait_for_failure("no_card")
    assert not any("tries left" in line for line in said(desk))


def test_an_exchanged_card_is_not_shown_under_the_name_of_the_other(open_desk: OpenDesk) -> None:
    """Between two cards nothing of the first is told."""
    desk = open_desk({"A": "adult"})
    desk.wait_for_card()
    told: list[bool] = []
    desk.context.status_changed.connect(lambda glance: told.append(glance.status is not None))
    desk.readers.insert("A", "locked-auth")
    wait_until(lambda: bool(told and told[-1]), desk.context.status_changed)
    assert told[0] is False
    assert any("locked" in line for line in said(desk))


def test_of_several_cards_one_is_chosen(open_desk: OpenDesk) -> None:
    """Each reader with a card is a button; the card of the chosen one is shown, and the choice ends with its card."""
    desk = open_desk({"A": "adult", "B": "locked-auth", "C": None})
    desk.wait_for_failure("several_cards")
    assert "There are My Number Cards on several readers. Which one do you want to see?" in said(desk)
    press(desk, "B")
    desk.wait_for_card()
    assert desk.context.reader == "B"
    assert any("locked" in line for line in said(desk))
    desk.readers.remove("B")
    wait_until(lambda: desk.context.reader == "A" and desk.glance.status is not None, desk.context.status_changed)


def test_the_only_my_number_card_of_several_is_shown(open_desk: OpenDesk) -> None:
    """Another kind of card beside it does not matter."""
    desk = open_desk({"A": "other-card", "B": "adult"})
    desk.wait_for_card()
    assert desk.context.reader == "B"


def test_a_reader_is_asked_for_by_name(open_desk: OpenDesk) -> None:
    """A part of a name is enough; a name that no reader has is passed over."""
    desk = open_desk({"Alpha": "adult", "Beta": "child"})
    desk.wait_for_failure("several_cards")
    desk.context.choose_reader("bet")
    desk.wait_for_card()
    assert desk.context.reader == "Beta"
    desk.context.choose_reader("Gamma")
    desk.wait_for_failure("several_cards")


def test_a_phone_is_called_a_phone(open_desk: OpenDesk) -> None:
    """What lies on the reader is named, and PINs that no phone has are said to be none of its."""
    desk = open_desk({"A": "phone"})
    desk.wait_for_card()
    found = said(desk)
    assert any(line.startswith("JPKI on an Android phone") for line in found)
    assert found.count("not on a phone") == 2


class MuteReaders(SimulatedReaders):
    """A card lies there and does not answer."""

    def _states(self) -> tuple[ReaderState, ...]:
        return tuple(replace(state, is_mute=state.is_card_present, atr=b"") for state in super()._states())


def test_a_mute_card_is_not_asked(open_desk: OpenDesk) -> None:
    """PC/SC tells that it is mute: nothing is connected to."""
    with MuteReaders({"A": "adult"}) as mute:
        desk = open_desk({}, service=mute)
        desk.wait_for_failure("card_mute")
        assert "There is a card on the reader, but it does not answer." in said(desk)


class MissingService(SimulatedReaders):
    """No smart card service, until somebody starts it."""

    is_there = False

    def readers(self) -> tuple[ReaderState, ...]:
        """Refuse to, until then."""
        if not self.is_there:
            raise ServiceMissingError("no service")
        return super().readers()


def test_a_service_that_is_started_is_found(open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a service the window says so once, looks again after a while, and then shows the card."""
    monkeypatch.setattr("jpki_window.reading.watcher._WITHOUT_SERVICE", 0.01)
    service = MissingService({"A": "adult"})
    with service:
        desk = open_desk({}, service=service)
        told: list[object] = []
        desk.context.status_changed.connect(told.append)
        desk.wait_for_failure("pcsc_service_missing")
        assert "The smart card service (pcscd) is not installed." in said(desk)
        service.is_there = True
        desk.wait_for_card()
        assert len(told) == 3  # the service, a card that is looked at, its status


class EndingService(SimulatedReaders):
    """A service that is stopped, and a reader that is unplugged, when the test says so."""

    is_stopped = False
    is_unplugged = False

    def wait_for_change(self, known: tuple[ReaderState, ...], timeout: float) -> tuple[ReaderState, ...]:
        """Tell of it as PC/SC does: by an error, or by a reader less."""
        if self.is_stopped:
            raise ServiceMissingError("stopped")
        return super().wait_for_change(known, timeout)

    def readers(self) -> tuple[ReaderState, ...]:
        """None while it is stopped."""
        if self.is_stopped:
            raise ServiceMissingError("stopped")
        return super().readers()

    def _states(self) -> tuple[ReaderState, ...]:
        return () if self.is_unplugged else super()._states()


def test_a_reader_is_unplugged_and_plugged_in_again(open_desk: OpenDesk) -> None:
    """Its card is shown no more, at once, and again when it is back."""
    with EndingService({"A": "adult"}) as service:
        desk = open_desk({}, service=service)
        desk.wait_for_card()
        service.is_unplugged = True
        desk.wait_for_failure("no_reader")
        assert not any("tries left" in line for line in said(desk))
        service.is_unplugged = False
        desk.wait_for_card()


def test_a_service_that_is_stopped_is_told_of(open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a card is shown; the card is shown again when the service is."""
    monkeypatch.setattr("jpki_window.reading.watcher._WITHOUT_SERVICE", 0.01)
    with EndingService({"A": "adult"}) as service:
        desk = open_desk({}, service=service)
        desk.wait_for_card()
        service.is_stopped = True
        desk.wait_for_failure("pcsc_service_missing")
        assert not any("tries left" in line for line in said(desk))
        service.is_stopped = False
        desk.wait_for_card()


def test_the_button_for_the_cause_opens_the_doctor(open_desk: OpenDesk) -> None:
    """Its page is asked for by name."""
    desk = open_desk({})
    desk.wait_for_failure("no_reader")
    wanted: list[str] = []
    desk.context.page_wanted.connect(lambda name, _argument: wanted.append(name))
    press(desk, "Look for the cause")
    assert wanted == ["doctor"]


def focus_on_button(desk: Desk, name: str) -> None:
    """Lead the keyboard to a button of the card's page."""
    page = desk.window.page("card")
    assert page is not None
    next(button for button in page.findChildren(QPushButton) if button.accessibleName() == name).setFocus()


def focused_after_reading_again(desk: Desk) -> str:
    """What has the keyboard once the card was read anew."""
    before = desk.glance
    desk.context.look_again()
    wait_until(lambda: desk.glance is not before, desk.context.status_changed)
    settle()
    focused = desk.window.focusWidget()
    assert focused is not None
    return focused.accessibleName()


def test_the_keyboard_stays_where_it_was(open_desk: OpenDesk) -> None:
    """Also when the card is read while another window is in front, such as the dialog that has just used a PIN."""
    desk = open_desk({"A": "adult"})
    desk.wait_for_card()
    focus_on_button(desk, "Check PIN: signature password")
    other = QWidget()
    other.show()
    other.activateWindow()
    settle()
    assert focused_after_reading_again(desk) == "Check PIN: signature password"
    other.close()


def test_the_keyboard_stays_on_the_page_when_its_button_is_gone(open_desk: OpenDesk) -> None:
    """A PIN that is locked now can be neither checked nor changed; the list of pages is not where somebody was."""
    desk = open_desk({"A": "adult"})
    desk.wait_for_card()
    loaded = desk.readers._cards["A"]
    assert loaded is not None
    focus_on_button(desk, "Change PIN: user certificate PIN")
    loaded.card.image.reference_data()["auth"].retries_remaining = 0
    assert focused_after_reading_again(desk) == "Read the card again"


def test_reading_again_shows_what_changed(open_desk: OpenDesk) -> None:
    """A card that another program used is read anew when somebody asks for it; the focus stays where it was."""
    desk = open_desk({"A": "partly-used"})
    desk.wait_for_card()
    loaded = desk.readers._cards["A"]
    assert loaded is not None
    next(iter(loaded.card.image.reference_data().values())).retries_remaining = 1
    desk.window.activateWindow()
    page = desk.window.page("card")
    assert page is not None
    button = next(b for b in page.findChildren(QPushButton) if b.text() == "Read the card again")
    button.setFocus()
    before = desk.glance
    button.click()
    wait_until(lambda: desk.glance is not before, desk.context.status_changed)
    assert desk.glance.status is not None
    assert before.status is not None
    assert desk.glance.status.pins != before.status.pins
    settle()
    focused = desk.window.focusWidget()
    assert focused is not None
    assert (focused.accessibleName(), focused.isVisible()) == ("Read the card again", True)


def test_an_error_of_the_program_is_shown_and_not_swallowed(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no error of the library is has words and a code too."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("jpki.client.card.Card.status", broken)
    desk = open_desk({"A": "adult"})
    wait_until(lambda: desk.glance.failure is not None, desk.context.status_changed)
    found = said(desk)
    assert "Something happened that this program does not expect: ZeroDivisionError" in found
    assert "Code: unexpected" in found


def test_a_fault_of_the_card_is_told_beside_what_could_be_read(open_desk: OpenDesk) -> None:
    """A certificate that makes no sense does not keep the rest from being shown."""
    desk = open_desk({"A": "truncated-der"})
    desk.wait_for_card()
    found = said(desk)
    assert "The card's reply could not be understood." in found
    assert sum("tries left" in line for line in found) == 4


@pytest.mark.parametrize(
    ("card", "unfit", "fit"),
    [
        ("child-locked", "a convenience store may reset the other", "At the municipal office where you are registered"),
        ("all-locked", "a convenience store may reset the other", "At the municipal office where you are registered"),
        ("card-expired", "Certificate: ask for a new one", "Card: after its last day"),
        ("expired", "Card: after its last day", "Certificate: ask for a new one"),
    ],
)
def test_guidance_beside_an_advice_does_not_contradict_it(open_desk: OpenDesk, card: str, unfit: str, fit: str) -> None:
    """Of its topic there is what holds for this card, as `jpki guide` chooses it."""
    desk = open_desk({"A": card})
    desk.wait_for_card()
    found = " ".join(said(desk))
    assert unfit not in found
    assert fit in found


def test_advice_opens_its_topic_beside(open_desk: OpenDesk) -> None:
    """The first advice's guidance stands there already; another button shows its own, and the way to the whole."""
    desk = open_desk({"A": "last-try"})
    desk.wait_for_card()
    assert said(desk).count("Guide: A forgotten PIN") == 2  # beside the advice, and what is open
    assert "Show the card" not in said(desk)  # it is shown here
    assert "Guide: Resetting a PIN at a convenience store" in said(desk)
    press(desk, "Show the guide: The four PINs")
    assert said(desk).count("Guide: The four PINs") == 2
    assert said(desk).count("Guide: A forgotten PIN") == 1
    wanted: list[tuple[str, object]] = []
    desk.context.page_wanted.connect(lambda name, argument: wanted.append((name, argument)))
    press(desk, "The whole guide")
    assert wanted == [("guide", "pins")]
