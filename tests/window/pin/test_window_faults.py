"""What is on the screen after a PIN was used, against what the card holds, with a fault at each command of the host.

The cases are all products of the lists below. A part of them, chosen by a fixed seed, runs here; all of them where
JPKI_LONG is set.
"""

from __future__ import annotations

import itertools
import os
import random
from typing import TYPE_CHECKING, Final

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from pindesk import PinDesk
from screenlies import lies_about

from jpki.card import Pin
from jpki_window.pin.flows import change_pin, check_pin

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

RIGHT: Final = {Pin.AUTH: "2846", Pin.SIGN: "SIMCARD1", Pin.INPUT: "3957", Pin.JUKI: "4068"}
WRONG: Final = {Pin.AUTH: "7391", Pin.SIGN: "WRONGPW7", Pin.INPUT: "7392", Pin.JUKI: "7393"}
NEW: Final = {Pin.AUTH: "8517", Pin.SIGN: "CANARY57", Pin.INPUT: "8527", Pin.JUKI: "8537"}
WORDS: Final = (
    *("6100", "6200", "6281", "6300", "6381", "63C0", "63C1", "63C2", "63C3", "63C7", "63CF", "6400", "6401", "6581"),
    *("6700", "6881", "6981", "6982", "6983", "6984", "6985", "6A80", "6A82", "6A86", "6B00", "6C00", "6D00", "6E00"),
    *("6F00", "9001", "FFFF"),
)
PLACES: Final = ("select", "status", "verify", "change", "read")
FAULTS: Final = (
    *("remove:{at}", "remove-after:{at}", "mute:{at}", "mute-after:{at}", "truncate:{at}=1", "empty:{at}"),
    *("reset:{at}", "reader-gone:{at}"),
    *(f"{kind}:{{at}}={word}" for kind in ("sw", "sw-before") for word in WORDS),
)
COUNTERS: Final = ("63C", "6983", "6984")
PROOFS: Final = ("67", "68", "69", "6A", "6B", "6D", "6E")


def is_believable_lie(pin: Pin, place: str, fault: str) -> bool:
    """Whether the card's word cannot be told from the truth: a counter that fits, a proof that nothing was changed."""
    kind, _, word = fault.partition(":{at}=")
    if not kind.startswith("sw"):
        return False
    if place == "verify":
        return word == f"63C{pin.retry_limit - 1}"
    if place == "change":
        return kind == "sw" and word.startswith(PROOFS)
    return place == "status" and word.startswith(COUNTERS)


CASES: Final = [
    case
    for case in itertools.product((True, False), Pin, PLACES, FAULTS, (True, False), (True, False))
    if not is_believable_lie(case[1], case[2], case[3])
]
PART: Final = 160
IS_LONG: Final = bool(os.environ.get("JPKI_LONG"))
CHOSEN: Final = CASES if IS_LONG else random.Random(17).sample(CASES, PART)  # noqa: S311 - a fixed choice of cases
PARTS: Final = 4


def lies(screen: str, desk: PinDesk, pin: Pin, *, is_right: bool, before: int) -> list[str]:
    """Everything on the last screen that is not so."""
    is_changed = desk.holds(pin) == NEW[pin]
    return lies_about(screen, pin, is_changed=is_changed, left=desk.tries(pin), is_right=is_right, before=before)


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_untrue_is_on_the_screen(application: QApplication, tmp_path: Path, part: int) -> None:
    """Verdict and tries are the card's, or said to be unknown; one PIN is presented, and the new one if wanted."""
    found = []
    for is_change, pin, place, fault, is_right, is_helpful in CHOSEN[part::PARTS]:
        plan = fault.format(at=place)
        desk = PinDesk(tmp_path, "adult", plan)
        before = desk.tries(pin)
        secret = (RIGHT if is_right else WRONG)[pin]
        desk.secrets = [secret, NEW[pin], NEW[pin]] if is_change else [secret]
        desk.answers = [True] * 9 if is_helpful else [pin is Pin.JUKI]
        flow = (change_pin if is_change else check_pin)(desk, pin, notes=tmp_path)
        screen = desk.run(flow)
        told = lies(screen, desk, pin, is_right=is_right, before=before)
        presented = len(desk.presented)
        if presented > (2 if is_change and is_helpful else 1):
            told.append(f"presented {presented} times")
        if told:
            found.append((is_change, pin.value, plan, is_right, is_helpful, told, screen))
        desk.close(flow)
        desk.leave()
    assert found == []


def test_every_lie_is_found(application: QApplication, tmp_path: Path) -> None:
    """The comparison itself: a screen that says the opposite of what the card holds."""
    desk = PinDesk(tmp_path)
    said = "The PIN was changed.\nWrong PIN. You have 2 tries left.\nIt is locked.\n1 try is left."
    assert len(lies(said, desk, Pin.AUTH, is_right=True, before=3)) == 5
    assert lies("The PIN is unchanged.\n3 tries are left.", desk, Pin.AUTH, is_right=True, before=3) == []
    desk.set_tries(Pin.AUTH, 2)
    assert len(lies("Nothing was sent.\nCorrect: that is the", desk, Pin.AUTH, is_right=False, before=3)) == 2
    desk.leave()
