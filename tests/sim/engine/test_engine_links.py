"""Link speeds: time is charged as the standards' figures say, and nobody sleeps in a test."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jpki_sim.serve import LINKS, LinkedCard
from jpki_sim.serve.links import Link

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_sim.card import SimulatedCard

    Talk = Callable[[Callable[[bytes], bytes], str], str]


@pytest.mark.parametrize("name", ["contact-9600", "contact-115200", "nfc-106", "nfc-424"])
def test_more_bytes_take_longer(name: str) -> None:
    """Time grows with the number of bytes, and each byte adds at least its bits."""
    rates = {"contact-9600": 9600, "contact-115200": 115200, "nfc-106": 105_938, "nfc-424": 423_750}
    link = LINKS[name]
    assert link.seconds(5, 258) - link.seconds(5, 2) >= 256 * 8 / rates[name]


def test_contact_figures() -> None:
    """At 9600 bit/s a READ of 256 bytes takes a block of 9, one of 258, one of 4 and one of 8 characters of 11 etu."""
    etu = 1 / 9600
    # command 5 + 4; answer 258 in 254 + 4 and 4 + 4, the first acknowledged with 4; four blocks with 11 etu more each
    characters = 9 + 258 + 4 + 8
    expected = (characters * 11 + 4 * 11) * etu + LINKS["contact-9600"].turnaround
    assert LINKS["contact-9600"].seconds(5, 258) == pytest.approx(expected)


def test_contactless_figures() -> None:
    """At 106 kbit/s an exchange of 5 and 2 bytes takes two frames with SOF and EOF, and the delays between."""
    etu = 128 / 13.56e6
    expected = (8 + 5) * 10 * etu + 2 * (25 * etu + 144 * 16 / 13.56e6) + LINKS["nfc-106"].turnaround
    assert LINKS["nfc-106"].seconds(5, 2) == pytest.approx(expected)


@pytest.mark.parametrize("name", [name for name in LINKS if name != "none"])
def test_figures_in_the_documentation(name: str) -> None:
    """The documentation tells how long a READ of 256 bytes takes."""
    text = (Path(__file__).parents[3] / "docs" / "simulator-protocol.md").read_text(encoding="utf-8")
    assert f"| `{name}` | {LINKS[name].seconds(5, 258):.3f} s |" in text


def test_faster_links_are_faster() -> None:
    """A certificate arrives sooner over a faster link."""
    times = [LINKS[name].seconds(5, 258) for name in ("none", "nfc-424", "nfc-106", "contact-115200", "contact-9600")]
    assert times[0] == 0
    assert times[1] < times[2] < times[4]
    assert times[3] < times[4]


@pytest.mark.parametrize(("size", "blocks"), [(0, 1), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3)])
def test_blocks(size: int, blocks: int) -> None:
    """Bytes that do not fit one block go in several, each but the last acknowledged."""
    link = Link(character=1.0, overhead=100, block=10, acknowledgement=1000)
    assert link.seconds(size, 0) - link.seconds(0, 0) == size + (blocks - 1) * 1100


def test_card_at_the_end_of_a_link(card: SimulatedCard, talk: Talk) -> None:
    """Each exchange takes the time of its bytes, once."""
    slept: list[float] = []
    linked = LinkedCard(card, LINKS["nfc-106"], sleep=slept.append)
    assert talk(linked.process, "JPKI; EF 0008; 00B0000000") == "8F8F009000"
    assert slept == [LINKS["nfc-106"].seconds(*sizes) for sizes in ((15, 2), (7, 2), (5, 5))]
