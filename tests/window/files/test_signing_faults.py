"""What is on the screen after files were signed, against the files and the card, with a fault at each command."""

from __future__ import annotations

import os
import random
from itertools import product
from typing import TYPE_CHECKING, Final

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

import givenday
from pindesk import PinDesk
from PySide6.QtWidgets import QApplication

import jpki
from jpki.card import Pin
from jpki.certificate import Issuers
from jpki.client import FilesToSign, signing_job
from jpki.files import Following
from jpki_sim.pki import anchors
from jpki_window.files.signing import sign_flow
from jpki_window.reading import Glance

if TYPE_CHECKING:
    from pathlib import Path

#: By the number of the command: more than a signature of two files sends.
FAULTS: Final = ("remove", "remove-after", "mute-after", "reset", "truncate", "sw-before")
PLACES: Final = range(1, 31)
VALUES: Final = {"truncate": "=1", "sw-before": "=6F00"}
CASES: Final = [
    (f"{kind}:{place}{VALUES.get(kind, '')}", is_right)
    for kind, place, is_right in product(FAULTS, PLACES, (True, False))
]
IS_LONG: Final = bool(os.environ.get("JPKI_LONG"))
CHOSEN: Final = CASES if IS_LONG else random.Random(17).sample(CASES, 60)  # noqa: S311 - a fixed choice of cases
PARTS: Final = 4


class SignDesk(PinDesk):
    """A desk that shows a simulated card, as a page sees it."""

    glance = Glance(is_simulated=True)


@pytest.fixture(scope="module", autouse=True)
def _application() -> QApplication:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication(["tests"])


@pytest.mark.parametrize("part", range(PARTS))
def test_the_screen_says_what_is_so(tmp_path: Path, part: int) -> None:
    """Signed is said of files that are there and verify, and of no others; a try is used by a wrong password only."""
    found = {}
    for number, (fault, is_right) in enumerate(CHOSEN[part::PARTS]):
        folder = tmp_path / str(number)
        folder.mkdir()
        lies = _lies(folder, fault, is_right=is_right)
        if lies:
            found[fault, is_right] = lies
    assert found == {}


def _lies(folder: Path, fault: str, *, is_right: bool) -> list[str]:
    sources = [folder / "a.txt", folder / "b.txt"]
    for source in sources:
        source.write_text("TEST")
    desk = SignDesk(folder / "notes", faults=fault)
    desk.secrets = ["SIMCARD1" if is_right else "WRONGPW7"]
    written: list[Path] = []
    with FilesToSign([signing_job(source) for source in sources], Following(givenday.now)) as files:
        flow = sign_flow(desk, files, lambda job: written.append(job.source), notes=desk.notes)  # type: ignore[arg-type]  # as far as it is asked
        screen = desk.run(flow)
        desk.close(flow)
    desk.leave()
    return _differences(desk, screen, sources, written, is_right=is_right)


def _differences(desk: SignDesk, screen: str, sources: list[Path], written: list[Path], *, is_right: bool) -> list[str]:
    results = [source.with_name(f"{source.name}.p7s") for source in sources]
    made = [result for result in results if result.exists()]
    is_good = all(
        jpki.verify_file(source, issuers=Issuers(test=anchors()), at=givenday.now()).passed
        for source, result in zip(sources, results, strict=True)
        if result.exists()
    )
    left = desk.tries(Pin.SIGN)
    facts = {
        "a signature that does not verify": not is_good,
        "said to be signed": ("2 files signed." in screen) != (len(made) == len(results)),
        "told of each": [path.name for path in written] != [path.stem for path in made],
        "something else is left": len(list(sources[0].parent.glob("*.p7s"))) != len(made)
        or bool(list(sources[0].parent.glob(".jpki-*"))),
        "signed with a wrong password": bool(made) and not is_right,
        "more than one try": left < Pin.SIGN.retry_limit - 1,
        "a try for a right password": left < Pin.SIGN.retry_limit and is_right,
        "wrong is said of a right one": "Wrong" in screen and is_right,
        "presented twice": len(desk.presented) > 1,
    }
    return [name for name, is_so in facts.items() if is_so]
