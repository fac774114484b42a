"""The guide: topics to search and choose from, for whoever acts, and what a code of a failure leads to."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QWidget

from jpki.advice import TITLES, Applicant, Part, Scope, freshness, lines, origin, usual_applicant
from jpki.diagnosis import Found, search
from jpki.words import M
from jpki_window.look import Beside, Choices, Look, announce, button, clear, column, line, text, tile
from jpki_window.showing import Page, heading, rule_words, way_buttons

if TYPE_CHECKING:
    from jpki.advice import GuideRule
    from jpki.diagnosis.causes import Cause
    from jpki_window.reading import Context

_APPLICANTS: Final = (
    (None, M("Whoever usually acts")),
    (Applicant.SELF, M("The holder")),
    (Applicant.REPRESENTATIVE, M("A legal representative (parent or guardian)")),
    (Applicant.PROXY, M("Somebody whom the holder has chosen")),
)
_NOTHING: Final = M("Nothing was found. Try another word.")
_BESIDE: Final = 50.0
_ROWS: Final = 14
_LIST: Final = 26
_LETTERS: Final = 18


class GuidePage(Page):
    """Shows one topic, or one cause of a fault, beside the list of what was found."""

    def __init__(self, context: Context) -> None:
        """Show the first topic."""
        super().__init__(context)
        self._words = ""
        self._shown: Found | None = None
        self._found: tuple[Found, ...] = ()
        self._acting: Applicant | None = None
        self._with_examples = False
        self.retranslate()

    def receive(self, words: str) -> None:
        """Show a topic by its name, or what is found by a word or the code of a failure."""
        if words in TITLES:
            self.search.setText("")
            self._choose(next(found for found in self._found if found.topic == words))
        else:
            self.search.setText(words)
        self.search.setFocus()

    def build(self) -> None:
        """Lay out search, applicant, list and text."""
        self.column.addWidget(heading(self.say(M("Guide")), scale=1.5))
        self.search = QLineEdit(self._words)
        self.search.setAccessibleName(self.say(M("Search in the guide: a word, or the code of a failure")))
        self.search.setPlaceholderText(self.say(M("A word, or the code of a failure")))
        self.search.setMinimumWidth(12 * Look.em)
        self.search.setClearButtonEnabled(True)
        label = QLabel(self.say(M("&Search")))
        label.setBuddy(self.search)
        self.search.textChanged.connect(self._search)
        self.column.addWidget(line(label, self.search))
        self.column.addWidget(line(*self._choices()))
        self.list = Choices()
        self.list.setAccessibleName(self.say(M("What was found")))
        self.list.setMinimumHeight(int(_ROWS * 1.2 * Look.em))
        self.list.setMaximumWidth(_LIST * Look.em)
        self.list.currentRowChanged.connect(self._show_row)
        self.panel = tile("")
        self._inside = column(self.panel, margin=1.0, spacing=0.4)
        self.column.addWidget(Beside(self.list, self.panel, _BESIDE))
        self._search(self._words)

    def _choices(self) -> tuple[QWidget, ...]:
        self.applicant = QComboBox()
        for _, words in _APPLICANTS:
            self.applicant.addItem(self.say(words))
        self.applicant.setCurrentIndex([acting for acting, _ in _APPLICANTS].index(self._acting))
        self.applicant.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.applicant.setMinimumContentsLength(_LETTERS)
        self.applicant.setAccessibleName(self.say(M("Who acts")))
        self.applicant.currentIndexChanged.connect(self._set_applicant)
        label = QLabel(self.say(M("&Who acts")))
        label.setBuddy(self.applicant)
        self.examples = QCheckBox(self.say(M("Two towns as examples")))
        self.examples.setChecked(self._with_examples)
        self.examples.toggled.connect(self._set_examples)
        return label, self.applicant, self.examples

    def _set_applicant(self, place: int) -> None:
        self._acting = _APPLICANTS[place][0]
        self._show()

    def _set_examples(self, with_examples: bool) -> None:  # noqa: FBT001 - a signal's slot
        self._with_examples = with_examples
        self._show()

    def _search(self, words: str) -> None:
        self._words = words
        self._found = search(words, self.context.language)
        self.list.blockSignals(True)  # noqa: FBT003 - Qt's
        self.list.clear()
        for found in self._found:
            self.list.addItem(self.say(found.title()))
        self.list.blockSignals(False)  # noqa: FBT003 - Qt's
        self._choose(next(iter(self._found), None))

    def _choose(self, found: Found | None) -> None:
        self._shown = found
        if found is not None:
            self.list.setCurrentRow(self._found.index(found))
        self._show()

    def _show_row(self, row: int) -> None:
        if 0 <= row < len(self._found):
            self._shown = self._found[row]
            self._show()

    def _show(self) -> None:
        clear(self._inside)
        found = self._shown
        if found is None:
            parts: list[QWidget] = [text(self.say(_NOTHING))]
        elif found.topic is not None:
            parts = self._topic(found.topic)
        else:
            assert found.cause is not None  # noqa: S101 - one of them is there
            parts = self._cause(found.cause)
        for part in parts:
            self._inside.addWidget(part)
        self._inside.addStretch(1)
        title = self.say(_NOTHING if found is None else found.title())
        self.panel.setAccessibleName(title)
        announce(self.panel, title)

    def _topic(self, topic: str) -> list[QWidget]:
        acting = self._acting or usual_applicant(topic)
        rules = lines(topic, acting, with_examples=self._with_examples)
        parts: list[QWidget] = [text(self.say(TITLES[topic]), scale=1.2, is_bold=True)]
        national = [rule for rule in rules if rule.scope is Scope.NATIONAL]
        for part, group in groupby(national, key=lambda rule: rule.part):
            parts.append(text(self.say(part.label), is_bold=True, is_muted=True))
            for rule in group:
                parts += self._rule(rule)
        towns = [rule for rule in rules if rule.scope is Scope.EXAMPLE]
        for town, group in groupby(towns, key=lambda rule: rule.town):
            rules_of_town = list(group)
            name = "" if town is None else town.label
            title = M("Example, this town only: {town} ({origin})", town=name, origin=origin(rules_of_town[0]))
            parts.append(text(self.say(title), is_bold=True, is_muted=True))
            for rule in rules_of_town:
                parts += self._rule(rule)
        return [*parts, text(self.say(freshness(self.context.now())), is_muted=True)]

    def _rule(self, rule: GuideRule) -> list[QWidget]:
        """A line, and a button for each command that the library names there."""
        words = rule_words(self.context, rule)
        if rule.part is Part.CALL and rule.scope is Scope.NATIONAL:
            words = self.say(M("{text} ({origin})", text=words, origin=origin(rule)))
        label = text(f"・{words}" if self.context.language == "ja" else f"• {words}")
        label.setToolTip(self.say(origin(rule)))
        label.setAccessibleDescription(self.say(origin(rule)))
        buttons = way_buttons(self.context, rule.text)
        return [label, line(*buttons)] if buttons else [label]

    def _cause(self, cause: Cause) -> list[QWidget]:
        parts: list[QWidget] = [
            text(self.say(cause.what.with_values(details="…")), scale=1.2, is_bold=True),
            text(self.say(cause.why)),
            text(self.say(M("Code: {code}", code=cause.value)), is_muted=True),
        ]
        parts += [text(f"→ {self.say(remedy.text)}") for remedy in cause.remedies]
        look = button(self.say(M("Look for the cause")), lambda: self.context.open_page("doctor", "look"))
        return [*parts, line(look)]
