"""The person at the terminal, as the library asks for one."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from jpki.pin import CardWanted, Decision
from jpki.words import pin_name
from jpki_cli.words import M

from .sentences import REFUSED_KEY

if TYPE_CHECKING:
    from jpki.pin import Notice, Question, Secret, SecretQuestion
    from jpki_cli.app import AppContext
    from jpki_cli.words import Message

_LAST_TRY_WORDS: Final = ("use the last try", "最後の1回を使う")
_LAST_TRIES: Final = frozenset({Decision.LAST_TRY, Decision.HIDDEN_COUNTER})
_QUESTIONS: Final = {
    Decision.WEAK: M("Use it anyway? [y/N] "),
    Decision.JUKI: M("Continue? [y/N] "),
    Decision.GO_ON: M("Continue? [y/N] "),
    Decision.GO_ON_TYPED: M("Continue with what you typed? [y/N] "),
    Decision.PRESENT_NEW: M("Try the new PIN once? [y/N] "),
}
#: Decisions whose notes have already been shown one by one.
_TOLD: Final = frozenset({Decision.WEAK, Decision.JUKI})
_WANTED: Final = {
    CardWanted.FIND_OUT: M("Put the same card on the reader, to find out? [Y/n] "),
    CardWanted.SEE_TRIES: M("Put the same card on the reader, to see the tries left? [Y/n] "),
    CardWanted.LOOK_AGAIN: M("Check again? [Y/n] "),
}


class TerminalPerson:
    """Asks at the terminal, and says the rest on standard error."""

    def __init__(self, app: AppContext, *, changes: bool = False) -> None:
        """Ask for one command; ``changes``: the PIN that is asked for first is to be changed."""
        self._app = app
        self._changes = changes

    def ask_secret(self, question: SecretQuestion) -> Secret:
        """Have it typed unseen, until no key was refused."""
        return ask_entry(self._app, self._prompt(question))

    def _prompt(self, question: SecretQuestion) -> Message:
        name = pin_name(question.pin.value)
        if question.is_repeated:
            return M("New {pin} again: ", pin=name)
        if question.is_new:
            return M("New {pin}: ", pin=name)
        return M("Current {pin}: ", pin=name) if self._changes else M("{pin}: ", pin=name)

    def confirm(self, question: Question) -> bool:
        """Ask; a last try takes typed words."""
        from jpki_cli.terminal import confirm

        if question.decision not in _TOLD:
            for note in question.notes:
                self._app.note(note)
        if question.decision in _LAST_TRIES:
            self._app.note_advice(question.pin.value)
            return _types_the_words()
        return confirm(str(_QUESTIONS[question.decision]))

    def tell(self, notice: Notice) -> None:
        """Say a paragraph."""
        self._app.note(notice.message)

    def await_card(self, wanted: CardWanted) -> bool:
        """Ask whether the card is to be waited for."""
        from jpki_cli.terminal import confirm

        return confirm(str(_WANTED[wanted]), default=True)


def _types_the_words() -> bool:
    from jpki_cli.terminal import prompt_line

    question = M("To go on, type “{words}”, or press Enter to stop: ", words=M("use the last try"))
    answer = unicodedata.normalize("NFKC", prompt_line(str(question))).strip().casefold()
    return answer in _LAST_TRY_WORDS


def ask_entry(app: AppContext, question: Message) -> Secret:
    """Ask until no key was refused, regardless of the form."""
    from jpki_cli.terminal import RefusedKeyError, prompt_secret

    while True:
        try:
            return prompt_secret(str(question))
        except RefusedKeyError:
            app.note(REFUSED_KEY)
