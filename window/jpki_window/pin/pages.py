"""The pages of the PIN dialog: a secret to be typed, a decision, a wait, an outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from jpki.words import M
from jpki_window.look import announce
from jpki_window.showing import GOOD_SIGN, WARNING_SIGN, paragraph

from .judging import judge
from .keypad import KeysOnScreen
from .secret_field import Refusal, SecretField

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from jpki.pin import Secret, SecretQuestion
    from jpki_window.showing import Say

_REFUSALS: Final = {
    Refusal.PASTE: M("Nothing is pasted here: a PIN on the clipboard can be read by other programs. Type it."),
    Refusal.CHARACTER: M("A character was typed that no PIN has. Turn the Japanese input off and type it again."),
    Refusal.FULL: M("No PIN is as long as that."),
    Refusal.OUTSIDE: M("Another program tried to fill this field. That is refused; type the PIN."),
}
#: Drawn as letters, so that they are as large and as dark as the words behind them.
_EMPTY: Final = "☐"
_TICKED: Final = "☑"
#: Milliseconds without a key after which a screen reader is told what is wrong, so that it does not talk into typing.
_PAUSE: Final = 800


class Page(QWidget):
    """A part of the dialog that is shown by itself; its ``buttons`` stand at the bottom of the dialog."""

    #: It is on the screen.
    painted = Signal()
    #: It shows more than before.
    grown = Signal()
    #: The person has read it.
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with an empty column."""
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.buttons: list[QPushButton] = []
        self._drawn = QTimer(self)  # its own, which ends with it
        self._drawn.setSingleShot(True)
        self._drawn.timeout.connect(self.painted)

    def add_button(self, text: str, *, is_default: bool = False) -> QPushButton:
        """Add a button for the bottom of the dialog."""
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setAutoDefault(is_default)
        button.setDefault(is_default)
        self.buttons.append(button)
        return button

    def paintEvent(self, event: QPaintEvent, /) -> None:  # noqa: N802 - Qt's name
        """Tell that it is on the screen."""
        super().paintEvent(event)
        self._drawn.start()

    def first_focus(self) -> QWidget | None:
        """What has the keyboard when the page comes up."""
        return next((button for button in self.buttons if button.isDefault()), None)


class SecretPage(Page):
    """Takes a secret, and says what is wrong or weak while it is typed."""

    #: The secret is typed: a :class:`jpki.Secret`, which its receiver wipes.
    entered = Signal(object)
    cancelled = Signal()

    def __init__(self, say: Say, question: SecretQuestion, prompt: str) -> None:
        """Lay out label, field, judgement and the keys that may be shown."""
        super().__init__()
        self._say = say
        self._question = question
        self.field = SecretField()
        label = paragraph(prompt, is_strong=True)
        label.setBuddy(self.field)
        self.field.setAccessibleName(prompt)
        self.judgement = paragraph()
        self.keys = KeysOnScreen(say, self.field, has_letters=question.pin.is_password)
        for part in (label, self.field, self.judgement, self.keys):
            self.column.addWidget(part)
        self._enter = self.add_button(say(M("OK")), is_default=True)
        self._cancel = self.add_button(say(M("Cancel")))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._connect()
        self._judge()

    def _connect(self) -> None:
        self.field.edited.connect(self._judge)
        self.field.edited.connect(self._pause.start)
        self.field.refused.connect(self._refuse)
        self.keys.grown.connect(self.grown)
        self.field.returnPressed.connect(self._enter.click)
        self._enter.clicked.connect(self._take)
        self._cancel.clicked.connect(self.cancelled)
        self._pause.timeout.connect(lambda: announce(self.field, self.judgement.text()))

    def first_focus(self) -> QWidget:
        """The field."""
        return self.field

    def describe(self, text: str) -> None:
        """What a screen reader reads with the field: the tries left, and what was said."""
        self.field.setAccessibleDescription(text)

    def _judge(self) -> None:
        found = judge(self._question.pin, self.field.peek(), is_new=self._question.is_new)
        sign = WARNING_SIGN if found.is_bad else GOOD_SIGN if found.is_fit else ""
        lines = " ".join(self._say(sentence) for sentence in found.sentences)
        self.judgement.setText(f"{sign} {lines}".strip())
        self._enter.setEnabled(self.field.count > 0)
        self.grown.emit()

    def _refuse(self, refusal: Refusal) -> None:
        text = self._say(_REFUSALS[refusal])
        self.judgement.setText(f"{WARNING_SIGN} {text}")
        announce(self.field, text)

    def _take(self) -> None:
        self._pause.stop()
        secret: Secret = self.field.take()
        self.entered.emit(secret)


class Choice(NamedTuple):
    """The words of a decision; ``sure`` has to be ticked before the yes, None where that is not asked for."""

    title: str
    notes: tuple[str, ...]
    yes: str
    no: str
    sure: str | None = None


class ChoicePage(Page):
    """A decision; Enter is the no."""

    decided = Signal(bool)

    def __init__(self, choice: Choice) -> None:
        """Lay out the sentences and the buttons."""
        super().__init__()
        self.title = paragraph(f"{WARNING_SIGN} {choice.title}", is_strong=True)
        self.column.addWidget(self.title)
        for note in choice.notes:
            self.column.addWidget(paragraph(note))
        self._no = self.add_button(choice.no, is_default=True)
        self._yes = self.add_button(choice.yes)
        said = " ".join((choice.title, *choice.notes))
        self._no.setAccessibleDescription(said)
        if choice.sure is not None:
            self._yes.setEnabled(False)
            self._sure = choice.sure
            self.sure = QPushButton(f"{_EMPTY} {choice.sure}")
            self.sure.setCheckable(True)
            self.sure.setAutoDefault(False)
            self.sure.setAccessibleName(choice.sure)
            self.sure.toggled.connect(self._tick)
            self.column.addWidget(self.sure, alignment=Qt.AlignmentFlag.AlignLeft)
        self._yes.clicked.connect(lambda: self.decided.emit(True))  # noqa: FBT003 - a signal has no names
        self._no.clicked.connect(lambda: self.decided.emit(False))  # noqa: FBT003

    def _tick(self, is_ticked: bool) -> None:  # noqa: FBT001 - a signal's slot
        self.sure.setText(f"{_TICKED if is_ticked else _EMPTY} {self._sure}")
        self._yes.setEnabled(is_ticked)


class WaitPage(Page):
    """Something happens that the person waits for, or does elsewhere."""

    def __init__(self, text: str) -> None:
        """Say what."""
        super().__init__()
        self.text = paragraph(text, is_strong=True)
        self.column.addWidget(self.text)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(text)
        self.column.addWidget(bar)


class Outcome(NamedTuple):
    """What is true in the end; ``code`` is that of a failure."""

    verdict: str
    notes: tuple[str, ...] = ()
    code: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether it did what it was to do."""
        return self.code is None


class OutcomePage(Page):
    """What is true in the end."""

    def __init__(self, say: Say, outcome: Outcome) -> None:
        """Lay out the verdict in large type, and what else there is to know."""
        super().__init__()
        sign = GOOD_SIGN if outcome.is_good else WARNING_SIGN
        self.verdict = paragraph(f"{sign} {outcome.verdict}", is_large=True)
        self.column.addWidget(self.verdict)
        for note in outcome.notes:
            self.column.addWidget(paragraph(note))
        if outcome.code is not None:
            code = QLabel(say(M("Code: {code}", code=outcome.code)))
            code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            code.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.column.addWidget(code)
        close = self.add_button(say(M("Close")), is_default=True)
        close.setAccessibleDescription(" ".join((outcome.verdict, *outcome.notes)))
        close.clicked.connect(self.closed)
