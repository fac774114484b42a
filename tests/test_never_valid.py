"""No sentence calls a certificate valid, in either language (architecture, invariant 7)."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUE = Path(__file__).parent.parent / "jpki/words/locale/ja/LC_MESSAGES/jpki.po"
# 有効期限 is the authorities' word for the last day, and 有効期間 for the period; neither says that it is good. 有効に
# is to switch something on.
FORBIDDEN = (
    re.compile(r"\b(?:in)?valid(?:ity|ly)?\b", re.IGNORECASE),
    re.compile("有効(?!期限|期間|性|に)"),
)
#: Sentences about something else than a certificate.
ALLOWED = re.compile(r"Invalid value|is not a valid \{number_type\}")


def _sentences() -> list[str]:
    with CATALOGUE.open("rb") as file:
        messages = list(read_po(file, locale="ja"))
    found: list[str] = []
    for message in messages:
        for text in (message.id, message.string):
            found += list(text) if isinstance(text, (tuple, list)) else [str(text)]
    return found


def test_no_sentence_says_valid() -> None:
    """In period, issuer known, signature good, revocation not checked: each by itself, never one word for all."""
    sentences = _sentences()
    said = [text for text in sentences for word in FORBIDDEN if word.search(text) and not ALLOWED.search(text)]

    assert len(sentences) > 500
    assert said == []
