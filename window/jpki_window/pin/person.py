"""The person at the window, as the library asks for one: each question is a page of one dialog.

The library calls in the thread that talks to the card; the dialog is in the thread of the windows. Whoever leaves a
question has said no, and nothing more is sent to the card.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jpki.errors import DeclinedError
from jpki.pin import CardWanted, Decision, NoticeKind
from jpki.words import M, pin_name

from .pages import Choice, ChoicePage, SecretPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.pin import Notice, Question, Secret, SecretQuestion
    from jpki.words import Message
    from jpki_window.reading import GuiThread, Reply

    from .dialog import PinDialog

_WARNINGS: Final = frozenset({NoticeKind.ENTRY, NoticeKind.FAILURE})
_CANCEL: Final = M("Cancel")
#: Title, yes and no of each decision; the library says what has to be known for it.
_DECISIONS: Final[dict[Decision, tuple[Message, Message, Message]]] = {
    Decision.LAST_TRY: (M("One try is left"), M("Use the last try"), _CANCEL),
    Decision.HIDDEN_COUNTER: (M("The tries left are not known"), M("Use a try anyway"), _CANCEL),
    Decision.WEAK: (M("This PIN is easily guessed"), M("Use it anyway"), M("Choose another one")),
    Decision.JUKI: (M("Before you change this PIN"), M("Change it here"), _CANCEL),
    Decision.GO_ON_TYPED: (M("Another program used this PIN"), M("Go on with what was typed"), _CANCEL),
    Decision.GO_ON: (M("Another program used this PIN"), M("Go on"), _CANCEL),
    Decision.PRESENT_NEW: (M("Find out whether it was changed"), M("Present the new PIN once"), M("Leave it")),
}
_SURE: Final = {
    Decision.LAST_TRY: M("I am sure of this PIN"),
    Decision.HIDDEN_COUNTER: M("I am sure of this PIN"),
}
_WANTED: Final = {
    CardWanted.FIND_OUT: M("Put the same card on the reader, to find out whether the PIN was changed."),
    CardWanted.SEE_TRIES: M("Put the same card on the reader, to see how many tries are left."),
    CardWanted.LOOK_AGAIN: M("Put the same card on the reader and look again."),
}


class WindowPerson:
    """Asks in a dialog; ``changes`` tells that the PIN which is asked for first is to become another."""

    def __init__(self, gui: GuiThread, dialog: PinDialog, *, changes: bool = False) -> None:
        """Ask in this dialog, which belongs to the thread of ``gui``."""
        self._gui = gui
        self._dialog = dialog
        self._changes = changes
        self._open: Reply[Any] | None = None
        self._leave: Callable[[Reply[Any]], None] = lambda _reply: None
        self._is_gone = False
        self._pad_text = ""
        dialog.left.connect(self._left)

    # In the thread that talks to the card.

    def ask_secret(self, question: SecretQuestion) -> Secret:
        """Have a PIN typed; the request that asked wipes it."""
        return self._gui.ask(lambda reply: self._show_secret(question, reply))

    def confirm(self, question: Question) -> bool:
        """Have something decided."""
        return self._gui.ask(lambda reply: self._show_decision(question, reply))

    def tell(self, notice: Notice) -> None:
        """Say something."""
        self._gui.post(lambda: self._show_notice(notice))

    def await_card(self, wanted: CardWanted) -> bool:
        """Have the same card put back."""
        return self._gui.ask(lambda reply: self._show_wanted(wanted, reply))

    # In the thread of the windows.

    def give_up(self) -> None:
        """Say no to what is asked, and to everything that will be: the window is closing."""
        self._is_gone = True
        self._left()

    def _left(self) -> None:
        if self._open is not None:
            self._leave(self._open)

    def _begin(self, reply: Reply[Any], leave: Callable[[Reply[Any]], None]) -> None:
        self._open, self._leave = reply, leave
        if self._is_gone:
            leave(reply)

    def _end(self) -> None:
        """Nothing is asked any more; the card is talked to until the next question."""
        self._open = None
        self._dialog.told.clear()
        self._dialog.wait()

    def _show_secret(self, question: SecretQuestion, reply: Reply[Secret]) -> None:
        dialog = self._dialog
        page = SecretPage(dialog.say, question, dialog.say(self._prompt(question)))

        def take(secret: Secret) -> None:
            if reply.is_given:  # nobody waits for it any more
                secret.wipe()
                return
            self._end()
            reply.answer(secret)

        def leave(reply: Reply[Any]) -> None:
            page.field.wipe()
            self._end()
            reply.refuse(DeclinedError("the person said no", pin=question.pin.value))

        page.entered.connect(take)
        page.cancelled.connect(lambda: leave(reply))
        if self._pad_text:  # of keys that cannot take a new PIN
            dialog.tell(self._pad_text)
        dialog.hints.setVisible(question.is_new and bool(dialog.hints.texts))
        dialog.show_page(page)
        self._begin(reply, leave)

    def _prompt(self, question: SecretQuestion) -> Message:
        name = pin_name(question.pin.value)
        if question.is_repeated:
            return M("New {pin}, once more", pin=name)
        if question.is_new:
            return M("New {pin}", pin=name)
        return M("Current {pin}", pin=name) if self._changes else name

    def _show_decision(self, question: Question, reply: Reply[bool]) -> None:
        say = self._dialog.say
        title, yes, no = (say(word) for word in _DECISIONS[question.decision])
        sure = _SURE.get(question.decision)
        notes = tuple(say(note) for note in question.notes)
        self._show_choice(Choice(title, notes, yes, no, None if sure is None else say(sure)), reply)
        if question.decision is Decision.JUKI:
            self._dialog.hints.clear()

    def _show_wanted(self, wanted: CardWanted, reply: Reply[bool]) -> None:
        say = self._dialog.say
        title = say(M("The connection to the card was lost"))
        self._show_choice(
            Choice(title, (say(_WANTED[wanted]),), say(M("Look at the card")), say(M("Stop here"))), reply
        )

    def _show_choice(self, choice: Choice, reply: Reply[bool]) -> None:
        page = ChoicePage(choice)

        def decide(is_yes: bool) -> None:  # noqa: FBT001 - a signal's slot
            self._end()
            reply.answer(is_yes)

        page.decided.connect(decide)
        self._dialog.hints.hide()
        self._dialog.show_page(page)
        self._begin(reply, lambda _reply: decide(False))  # noqa: FBT003

    def _show_notice(self, notice: Notice) -> None:
        dialog, text = self._dialog, self._dialog.say(notice.message)
        if notice.kind is NoticeKind.COUNTER:
            dialog.counter.setText(text)
        elif notice.kind is NoticeKind.HINT:
            dialog.hints.add(text)
        elif notice.kind is NoticeKind.PIN_PAD:
            self._pad_text = text
            dialog.wait(text)
        elif notice.kind is not NoticeKind.WEAKNESS:  # which is said while typing, and with the decision
            dialog.tell(text, is_warning=notice.kind in _WARNINGS)
