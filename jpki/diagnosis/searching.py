"""What the guide finds: topics by their words and by what people call them, causes of faults by their codes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.advice import TITLES, TOPICS, lines
from jpki.diagnosis.causes import ALL_CAUSES, Cause
from jpki.words import TOPIC_WORDS, plain

from .rows import ROWS

if TYPE_CHECKING:
    from jpki.words import Message


#: The topic of a failure that is not a cause of a fault, by its code (:func:`jpki.words.failure_text`).
_TOPICS_OF_FAILURES: Final = {
    "wrong_pin": "forgot",
    "last_try": "forgot",
    "hidden_counter": "forgot",
    "pin_blocked": "locked",
    "pin_not_in_use": "pins",
    "pin_format": "pins",
    "weak_pin": "safety",
    "outcome_unknown": "change",
    "counter_changed": "pins",
    "another_card": "reader",
    "certificate_absent": "certificates",
    "not_on_card": "certificates",
    "pin_needed": "certificates",
    "key_not_supported": "certificates",
    "card_mute": "reader",
    "card_removed": "reader",
    "card_reset": "reader",
    "no_card": "reader",
    "no_reader": "reader",
    "reader_busy": "reader",
    "several_cards": "reader",
    "timeout": "reader",
    "transport": "reader",
    "bad_data": "reader",
    "not_my_number_card": "reader",
}


class Found(NamedTuple):
    """One thing that was found: a topic of the guide, or a cause of a fault; one of them is None."""

    topic: str | None
    cause: Cause | None

    def title(self) -> Message:
        """What it is called."""
        if self.topic is not None:
            return TITLES[self.topic]
        assert self.cause is not None  # noqa: S101 - one of them is there
        return self.cause.what.with_values(details="…")


def search(words: str, language: str) -> tuple[Found, ...]:
    """Find topics and causes: every word that was typed has to be in one; nothing typed: all topics."""
    wanted = [plain(word) for word in words.split()]
    if not wanted:
        return tuple(Found(topic, None) for topic in TOPICS)
    topics = [topic for topic in TOPICS if _has(_topic_text(topic, language), wanted) or _is_meant(topic, wanted)]
    best = [topic for topic in topics if _has(plain(f"{topic} {TITLES[topic].text(language)}"), wanted)]
    best += [topic for topic in topics if topic not in best and _is_meant(topic, wanted)]
    topics = best + [topic for topic in topics if topic not in best]
    causes = [cause for cause in ALL_CAUSES if _has(_cause_text(cause, language), wanted)]
    of_failure = _TOPICS_OF_FAILURES.get(words.strip())
    if of_failure is not None:
        topics = list(dict.fromkeys([of_failure, *topics]))
    found = [Found(topic, None) for topic in topics] + [Found(None, cause) for cause in causes]
    is_code = any(cause.value == words.strip() for cause in causes)
    return tuple(sorted(found, key=lambda one: one.cause is None)) if is_code else tuple(found)


def _has(text: str, wanted: list[str]) -> bool:
    return all(word in text for word in wanted)


def _is_meant(topic: str, wanted: list[str]) -> bool:
    return any(known in word for word in wanted for known in TOPIC_WORDS.get(topic, ()))


@cache
def _topic_text(topic: str, language: str) -> str:
    rules = lines(topic, with_examples=True)
    return plain(" ".join([topic, TITLES[topic].text(language), *(rule.text.text(language) for rule in rules)]))


@cache
def _cause_text(cause: Cause, language: str) -> str:
    rows = [row for row in ROWS if row.name in cause.rows]
    said = [row.symptom.text(language) for row in rows]
    shown = [code for row in rows for code in row.codes]
    texts = [cause.what.with_values(details="").text(language), cause.why.text(language)]
    return plain(" ".join([cause.value, *texts, *said, *shown]))
