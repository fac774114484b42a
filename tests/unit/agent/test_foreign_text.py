"""Names that come from outside, as a dialog shows them."""

from __future__ import annotations

import pytest

from jpki.agent.foreign_text import MAX_SHOWN, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/usr/bin/firefox", "/usr/bin/firefox"),
        ("/opt/太郎/アプリ", "/opt/太郎/アプリ"),
        ("/usr/bin/firef\u043ex", "/usr/bin/firef\\u{43e}x"),
        ("a\nb\r\x1b[2J", "a\\u{a}b\\u{d}\\u{1b}[2J"),
        ("\u202egnp.exe", "\\u{202e}gnp.exe"),
        ("zero\u200bwidth", "zero\\u{200b}width"),
        ("ｆｉｒｅｆｏｘ"[:2], "\\u{ff46}\\u{ff49}"),
        ("back\\slash", "back\\\\slash"),
        ("100%", "100%"),
    ],
)
def test_foreign_text_is_seen_as_it_is(text: str, shown: str) -> None:
    """Look-alike letters, directions, invisible characters and line ends show; Japanese stays."""
    assert visible(text) == shown


def test_long_text_is_cut_in_the_middle() -> None:
    """Both ends are seen, at most 64 characters of it."""
    found = visible("/usr/bin/" + "x" * 200 + "/evil")
    assert len(found) == MAX_SHOWN
    assert found.startswith("/usr/bin/")
    assert found.endswith("/evil")
