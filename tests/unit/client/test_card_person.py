"""A person who is asked for a PIN by the library: what is asked and said, what reaches the card, what is true then."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

import jpki
from jpki.errors import (
    AnotherCardError,
    DeclinedError,
    HiddenCounterError,
    LastTryError,
    OutcomeUnknownError,
    PinChangeError,
    WrongPinError,
)
from jpki_sim.card import SimulatedConnection
from jpki_sim.faults import FaultyCard, parse_faults
from jpki_sim.files import open_card

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki_sim.card import SimulatedCard

AUTH, NEW, WRONG = "2846", "7351", "9999"


class Somebody:
    """Types what was written down, says yes to some decisions, and remembers all that was asked and said."""

    def __init__(self, *typed: str, yes: tuple[jpki.Decision, ...] = (), puts_back: int = 0) -> None:
        self.typed = list(typed)
        self.yes = yes
        self.puts_back = puts_back
        self.questions: list[jpki.SecretQuestion] = []
        self.decisions: list[jpki.Decision] = []
        self.said: list[jpki.Notice] = []
        self.given: list[jpki.Secret] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def ask_secret(self, question: jpki.SecretQuestion) -> jpki.Secret:
        """Type the next one; nothing more to type is a person who goes away."""
        self.questions.append(question)
        self.meanwhile()
        if not self.typed:
            raise DeclinedError("does not want to", pin=question.pin.value)
        self.given.append(jpki.Secret(self.typed.pop(0)))
        return self.given[-1]

    def confirm(self, question: jpki.Question) -> bool:
        """Say yes where that was written down."""
        self.decisions.append(question.decision)
        return question.decision in self.yes

    def tell(self, notice: jpki.Notice) -> None:
        """Remember it."""
        self.said.append(notice)

    def await_card(self, _wanted: jpki.CardWanted) -> bool:
        """Put it back as often as was written down."""
        self.puts_back -= 1
        return self.puts_back >= 0

    def heard(self, kind: jpki.NoticeKind) -> list[str]:
        """What was said of one kind, in English."""
        return [notice.message.text("en") for notice in self.said if notice.kind is kind]


class Table:
    """A reader on which cards are laid, with the faults that were asked for."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.cards: list[SimulatedCard] = []

    def lay(self, persona: str = "adult", faults: str = "", *, reopen: bool = True) -> jpki.Card:
        """Lay a card and open it; with ``reopen`` it can be reached again, without the faults, when it was lost."""
        loaded = self._stack.enter_context(open_card(persona))
        self.cards.append(loaded.card)

        @contextmanager
        def again(_seconds: float) -> Iterator[jpki.MyNumberCard]:
            port.insert()
            connection = SimulatedConnection(port)
            yield jpki.MyNumberCard(connection)
            connection.close()

        port = FaultyCard(loaded.card, parse_faults(faults), sleep=lambda _: None)
        card = jpki.Card(SimulatedConnection(port), reopen=again if reopen else None)
        self._stack.callback(card.close)
        return card

    def tries(self, pin: str = "auth") -> int:
        """Tries left on the card that was laid last."""
        return self.cards[-1].image.reference_data()[pin].retries_remaining

    def set_tries(self, left: int, pin: str = "auth") -> None:
        """Let another program have used tries."""
        self.cards[-1].image.reference_data()[pin].retries_remaining = left

    def holds(self, pin: str = "auth") -> str:
        """The PIN as the card holds it."""
        return self.cards[-1].image.reference_data()[pin].value.decode()


@pytest.fixture
def table() -> Iterator[Table]:
    """An empty reader."""
    with ExitStack() as stack:
        yield Table(stack)


def test_a_person_is_a_person() -> None:
    """Any object with the four methods is one; plain text is none."""
    assert isinstance(Somebody(), jpki.Person)
    assert not isinstance("2846", jpki.Person)


def test_the_tries_are_said_before_the_pin_is_asked_for(table: Table) -> None:
    """The question holds the state of the PIN, and the counter is said before."""
    person = Somebody(AUTH)
    report = table.lay().verify_pin(jpki.Pin.AUTH, person)
    assert (report.outcome, report.try_used, report.was_sent) == (jpki.PinOutcome.RIGHT, jpki.TryUse.NO, True)
    assert person.said[0].kind is jpki.NoticeKind.COUNTER
    assert [(q.pin, q.status.retries_remaining, q.is_new) for q in person.questions] == [(jpki.Pin.AUTH, 3, False)]


def test_what_was_typed_is_overwritten_afterwards(table: Table) -> None:
    """Nothing that a person typed is left in the library, whether its form was right or not."""
    person = Somebody("28", AUTH)
    table.lay().verify_pin(jpki.Pin.AUTH, person)
    for secret in person.given:
        with pytest.raises(ValueError, match="wiped"):
            secret.reveal()


def test_an_entry_of_the_wrong_form_is_asked_for_again(table: Table) -> None:
    """The next question names the fault; the card is sent nothing."""
    person = Somebody("284", "SIMCARD1", WRONG)
    with pytest.raises(WrongPinError):
        table.lay().verify_pin(jpki.Pin.AUTH, person)
    assert [question.fault and question.fault.value for question in person.questions] == [
        None,
        "not_four_digits",
        "not_four_digits",
    ]
    assert any("signature password" in text for text in person.heard(jpki.NoticeKind.ENTRY))
    assert table.tries() == 2


@pytest.mark.parametrize(("yes", "left"), [((), 1), ((jpki.Decision.LAST_TRY,), 0)])
def test_the_last_try_is_asked_for(table: Table, yes: tuple[jpki.Decision, ...], left: int) -> None:
    """Without a yes no PIN is even asked for."""
    card, person = table.lay(), Somebody(WRONG, yes=yes)
    table.set_tries(1)
    with pytest.raises(jpki.JpkiError) as caught:
        card.verify_pin(jpki.Pin.AUTH, person)
    assert isinstance(caught.value, LastTryError) is not bool(yes)
    assert person.decisions == [jpki.Decision.LAST_TRY]
    assert len(person.questions) == len(yes)
    assert table.tries() == left


def test_a_keyword_answers_the_question_for_the_last_try(table: Table) -> None:
    """Who gave leave for this call is not asked."""
    card, person = table.lay(), Somebody(AUTH)
    table.set_tries(1)
    assert card.verify_pin(jpki.Pin.AUTH, person, use_last_try=True).outcome is jpki.PinOutcome.RIGHT
    assert person.decisions == []


@pytest.mark.parametrize("yes", [(), (jpki.Decision.HIDDEN_COUNTER,)])
def test_a_hidden_counter_is_asked_for(table: Table, yes: tuple[jpki.Decision, ...]) -> None:
    """A card that hides the counter may be at its last try."""
    person = Somebody(AUTH, yes=yes)
    card = table.lay(faults="sw-before:status+=6300")
    if yes:
        assert card.verify_pin(jpki.Pin.AUTH, person).outcome is jpki.PinOutcome.RIGHT
    else:
        with pytest.raises(HiddenCounterError):
            card.verify_pin(jpki.Pin.AUTH, person)
    assert person.decisions == [jpki.Decision.HIDDEN_COUNTER]
    assert len(person.questions) == len(yes)


def test_a_counter_that_changed_meanwhile_is_said_and_the_pin_asked_for_again(table: Table) -> None:
    """Nothing was sent with the old counter on the screen."""
    card, person = table.lay(), Somebody(AUTH, AUTH)
    person.meanwhile = lambda: table.set_tries(2)
    report = card.verify_pin(jpki.Pin.AUTH, person)
    assert report.outcome is jpki.PinOutcome.RIGHT
    assert [question.status.retries_remaining for question in person.questions] == [3, 2]
    assert len(person.heard(jpki.NoticeKind.PROGRESS)) == 1


def test_who_does_not_type_sends_nothing(table: Table) -> None:
    """The report on the exception says so."""
    card, person = table.lay(), Somebody()
    with pytest.raises(DeclinedError) as caught:
        card.verify_pin(jpki.Pin.AUTH, person)
    report = jpki.pin_report(caught.value)
    assert report is not None
    assert (report.outcome, report.was_sent, report.retries_remaining) == (jpki.PinOutcome.NOT_SENT, False, 3)


def test_both_pins_are_asked_for_and_the_change_is_made(table: Table) -> None:
    """The new one twice, with hints before it."""
    card, person = table.lay(), Somebody(AUTH, NEW, NEW)
    report = card.change_pin(jpki.Pin.AUTH, person)
    assert report.outcome is jpki.PinOutcome.CHANGED
    assert table.holds() == NEW
    asked = [(question.is_new, question.is_repeated) for question in person.questions]
    assert asked == [(False, False), (True, False), (True, True)]
    assert len(person.heard(jpki.NoticeKind.HINT)) == 2


def test_entries_that_differ_are_typed_again(table: Table) -> None:
    """Nothing is sent meanwhile."""
    card, person = table.lay(), Somebody(AUTH, NEW, "7352", NEW, NEW)
    assert card.change_pin(jpki.Pin.AUTH, person).outcome is jpki.PinOutcome.CHANGED
    assert table.holds() == NEW


@pytest.mark.parametrize("yes", [(), (jpki.Decision.WEAK,)])
def test_a_weak_new_pin_is_a_decision(table: Table, yes: tuple[jpki.Decision, ...]) -> None:
    """Without a yes another one is asked for."""
    typed = ("9999", "9999") if yes else ("9999", NEW, NEW)
    card, person = table.lay(), Somebody(AUTH, *typed, yes=yes)
    card.change_pin(jpki.Pin.AUTH, person)
    assert table.holds() == ("9999" if yes else NEW)
    assert person.decisions == [jpki.Decision.WEAK]
    assert person.heard(jpki.NoticeKind.WEAKNESS) == ["Weak: it repeats itself."]


def test_the_basic_resident_register_pin_is_changed_after_a_yes_only(table: Table) -> None:
    """Its holder is told first that the card holds it twice."""
    card, person = table.lay(), Somebody("4068", NEW, NEW)
    with pytest.raises(DeclinedError):
        card.change_pin(jpki.Pin.JUKI, person)
    assert person.decisions == [jpki.Decision.JUKI]
    assert person.questions == []
    assert table.holds("juki") == "4068"


def test_a_lost_answer_to_verify_is_found_out_by_the_counter(table: Table) -> None:
    """A counter that is full again says that the entry was right; one that is not says nothing of it."""
    card, person = table.lay(faults="remove-after:verify"), Somebody(AUTH, puts_back=1)
    table.set_tries(2)
    report = card.verify_pin(jpki.Pin.AUTH, person)
    assert (report.outcome, report.try_used) == (jpki.PinOutcome.RIGHT, jpki.TryUse.NO)


def test_a_lost_answer_without_the_card_stays_unknown(table: Table) -> None:
    """A person who does not put it back is told what was known before."""
    card, person = table.lay(faults="remove-after:verify"), Somebody(WRONG)
    with pytest.raises(OutcomeUnknownError) as caught:
        card.verify_pin(jpki.Pin.AUTH, person)
    report = jpki.pin_report(caught.value)
    assert report is not None
    assert (report.outcome, report.try_used) == (jpki.PinOutcome.UNKNOWN, jpki.TryUse.UNKNOWN)


def test_work_behind_a_right_pin_whose_answer_was_lost_is_not_done(table: Table) -> None:
    """The error says that the PIN was right, and that nothing else was done."""
    card, person = table.lay(faults="remove-after:verify"), Somebody(AUTH, puts_back=1)
    table.set_tries(2)
    with pytest.raises(OutcomeUnknownError) as caught:
        card.sign(jpki.CertificateKind.AUTH, b"challenge", person)
    assert caught.value.was_right
    said = jpki.failure_text(caught.value)
    assert said is not None
    assert "nothing else was done" in said.message.text("en")


@pytest.mark.parametrize(
    ("faults", "yes", "held"),
    [
        ("remove-after:change", (jpki.Decision.PRESENT_NEW,), NEW),
        ("remove-after:change", (), NEW),
        ("remove:change", (jpki.Decision.PRESENT_NEW,), AUTH),
        ("remove:change", (), AUTH),
    ],
)
def test_a_lost_answer_to_change(table: Table, faults: str, yes: tuple[jpki.Decision, ...], held: str) -> None:
    """Presenting the new PIN tells for certain, and is the person's decision; without it nobody knows."""
    card, person = table.lay(faults=faults), Somebody(AUTH, NEW, NEW, yes=yes, puts_back=1)
    outcome: jpki.PinOutcome | None = None
    try:
        outcome = card.change_pin(jpki.Pin.AUTH, person).outcome
    except jpki.JpkiError as exc:
        report = jpki.pin_report(exc)
        outcome = report and report.outcome
    assert table.holds() == held
    sure = jpki.PinOutcome.CHANGED if held == NEW else jpki.PinOutcome.UNCHANGED
    assert outcome is (sure if yes else jpki.PinOutcome.UNKNOWN)


_NOT_CERTAIN = (
    "The card's reply was lost, so it is not certain whether the user certificate PIN (4 digits) was correct."
)
_CHANGE_NOT_CERTAIN = (
    "It is not certain whether the user certificate PIN (4 digits) was changed: the card's reply was lost."
)


@pytest.mark.parametrize(
    ("use", "faults", "said"),
    [
        ("verify", "remove-after:verify", f"{_NOT_CERTAIN} A try may have been used."),
        ("verify", "remove:verify", f"{_NOT_CERTAIN} A try may have been used."),
        ("change", "remove-after:verify", f"{_NOT_CERTAIN} A try may have been used."),
        ("change", "remove:verify", f"{_NOT_CERTAIN} A try may have been used."),
        ("change", "remove-after:change", _CHANGE_NOT_CERTAIN),
    ],
)
def test_before_the_card_is_asked_back_it_is_said_what_happened(table: Table, use: str, faults: str, said: str) -> None:
    """First what is not certain, then why, and nothing else."""
    card, person = table.lay(faults=faults), Somebody(AUTH, NEW, NEW)
    with pytest.raises(jpki.JpkiError):
        card.verify_pin(jpki.Pin.AUTH, person) if use == "verify" else card.change_pin(jpki.Pin.AUTH, person)
    removed = "The card or the reader was removed while it was in use."
    assert person.heard(jpki.NoticeKind.FAILURE) == [said, removed]


def test_a_card_that_cannot_be_reached_again_leaves_it_unknown(table: Table) -> None:
    """A caller who gave a connection only is not asked to put the card back."""
    card, person = table.lay(faults="remove-after:change", reopen=False), Somebody(AUTH, NEW, NEW, puts_back=1)
    with pytest.raises(PinChangeError) as caught:
        card.change_pin(jpki.Pin.AUTH, person)
    assert caught.value.is_unknown
    assert person.puts_back == 1


def test_another_card_gets_nothing(table: Table) -> None:
    """What was typed for the card that was shown does not go to the one that lies there now."""
    card, person = table.lay(), Somebody(AUTH)
    other = table._stack.enter_context(open_card("partly-used")).card
    before = other.image.reference_data()["auth"].retries_remaining

    connection = card.raw.card.connection
    assert isinstance(connection, SimulatedConnection)

    def swap() -> None:
        connection._card, connection._epoch = other, other.epoch

    person.meanwhile = swap
    with pytest.raises(AnotherCardError):
        card.verify_pin(jpki.Pin.AUTH, person)
    assert other.image.reference_data()["auth"].retries_remaining == before


def test_a_request_is_for_one_use(table: Table) -> None:
    """Its second use is a mistake of the program, and nothing is sent."""
    card = table.lay()
    request = card.request(jpki.Pin.AUTH, jpki.Secret(WRONG))
    with suppress(WrongPinError):
        request.run(lambda _card: None)
    with pytest.raises(RuntimeError, match="one use"):
        request.run(lambda _card: None)
    assert table.tries() == 2
    assert request.report.outcome is jpki.PinOutcome.WRONG


def test_work_of_ones_own_is_done_behind_the_pin(table: Table) -> None:
    """What the function returns is returned, and the card is closed again."""
    card = table.lay()
    request = card.request(jpki.Pin.SIGN, jpki.Secret("SIMCARD1"))
    der = request.run(lambda opened: opened.read_certificate(jpki.CertificateKind.SIGN))
    assert der[:1] == b"\x30"
    with pytest.raises(jpki.JpkiError):
        card.certificate(jpki.CertificateKind.SIGN)


@pytest.mark.parametrize("new", [None, "7351"])
def test_plain_text_is_refused(table: Table, new: str | None) -> None:
    """A mistake of the program is found before the card is touched."""
    with pytest.raises(TypeError, match=r"jpki\.Secret"):
        table.lay().change_pin(jpki.Pin.AUTH, jpki.Secret(AUTH), new)  # type: ignore[arg-type]
