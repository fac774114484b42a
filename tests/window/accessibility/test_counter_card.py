"""A card at the counter, in its own process and on a real screen: it fills it, in large type, and is gone at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

import screenreader
from screenreader import PATIENCE, session
from windowhand import check_names

from jpki.words import M, pin_short
from jpki_window.look import capital

if TYPE_CHECKING:
    from pathlib import Path

    from screenreader import Session

LACKS: Final = screenreader.missing()
pytestmark = pytest.mark.skipif(LACKS is not None, reason=LACKS or "")
#: Of the type of an ordinary window; 1.75 is what is asked for, and heights are whole dots.
LARGER: Final = 1.6


def height_of(at: Session, words: str) -> int:
    """How high a label is that has one line."""
    found: int = at.wait(lambda node: node["name"] == words and node["role"] == "label")["box"][3]
    return found


@pytest.mark.parametrize(("size", "language"), [("800x600", "ja"), ("1280x1024", "en")])
def test_a_card_fills_the_screen_in_large_type(tmp_path: Path, size: str, language: str) -> None:
    """Beside no window manager too; Esc closes it, its process ends, and the counter has the card taken away."""
    words = capital(pin_short("auth").text(language))
    with session(tmp_path / "ordinary", "--sim", "locked-auth", "--lang", language) as at:
        ordinary = height_of(at, words)
    with session(tmp_path / "counter", "--counter", "--sim", "locked-auth", "--lang", language, size=size) as at:
        assert at.do("go_to_child") is True
        assert height_of(at, words) >= LARGER * ordinary
        nodes = at.tree()
        check_names(nodes)
        (frame,) = (node for node in nodes if node["role"] == "frame")
        assert frame["box"] == [0, 0, *map(int, size.split("x"))]
        assert any(M("locked").text(language) in node["name"] for node in nodes)
        at.keys("Escape")
        end = time.monotonic() + PATIENCE
        while at.do("is_over") is not True:
            assert time.monotonic() < end, "the process of the card goes on"
        assert at.do("go_back") is True
        at.wait_for(M("Take the card away.").text(language))
        (frame,) = (node for node in at.tree() if node["role"] == "frame")
        assert frame["box"] == [0, 0, *map(int, size.split("x"))]
        verdict = M("locked").text(language)
        assert [node["name"] for node in at.tree() if verdict in node["name"]] == []
