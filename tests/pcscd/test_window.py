"""The window over the real PC/SC service: what is on the screen against what the card holds, whatever happens.

A part of the faults runs here; all of them where JPKI_LONG is set (``.ci/long``).
"""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

from faultworld import NEW, RIGHT, WRONG
from memoryscan import can_scan, is_in_memory
from pdfsamples import plain
from screenlies import lies_about

from jpki.card import Pin
from jpki.words import M, pin_short
from jpki_sim.pki import anchors
from jpki_sim.serve import send_command

from .test_jpki_crash_points import Cards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcscd.conftest import Pcscd

PERSON = Path(__file__).with_name("window_person.py")
READER = "Virtual PCD 00 00"
PLANS = (
    *("", "remove:verify", "remove-after:verify", "reset:verify", "sw:verify=6581", "truncate:verify=1"),
    *("remove:change", "remove-after:change", "reset:change", "sw:change=6F00", "sw-before:change=6982"),
)
#: Each is a use, a PIN, what goes wrong, and whether the right one is typed.
CASES = [
    (use, pin, plan, is_right)
    for use, pin, plan, is_right in product(("Check PIN", "Change PIN"), Pin, PLANS, (True, False))
    if use == "Change PIN" or ":change" not in plan
]
#: A password that occurs nowhere by chance, and that no card holds.
CANARY = "KANARI73QX"
CHOSEN = CASES if os.environ.get("JPKI_LONG") else CASES[::11]


@dataclass
class Window:
    """The window, run beside the service."""

    program: subprocess.Popen[str]

    def do(self, **command: Any) -> str:
        """Have the person do something; returns the screen."""
        self.begin(**command)
        return self.told()

    def begin(self, **command: Any) -> None:
        """Have the person begin with something."""
        assert self.program.stdin is not None
        self.program.stdin.write(json.dumps(command) + "\n")
        self.program.stdin.flush()

    def told(self) -> str:
        """Wait until that is done; returns the screen."""
        assert self.program.stdout is not None
        line = self.program.stdout.readline()
        assert line, self.program.communicate()[1]
        return "\n".join(json.loads(line))


def name(action: str, pin: Pin) -> str:
    """What the button beside a PIN is called."""
    return M("{action}: {what}", action=M(action), what=pin_short(pin.value)).text("en")


def opened(pcscd: Pcscd, *command: str | Path, **more: str) -> Window:
    """A window in a process of its own, with more in its environment."""
    pipe = subprocess.PIPE
    root = PERSON.parents[2]
    paths = [str(root / "tests" / "support"), str(root / "window"), str(root / "sim"), str(root)]
    environment = {"PYTHONPATH": os.pathsep.join(paths), "XDG_RUNTIME_DIR": str(pcscd.home), **more}
    return Window(pcscd.popen([sys.executable, *command], stdin=pipe, stdout=pipe, stderr=pipe, env=environment))


@pytest.fixture
def window(pcscd: Pcscd) -> Iterator[Window]:
    """A window that looks at the first reader."""
    found = opened(pcscd, PERSON, READER)
    yield found
    found.program.communicate(timeout=120)


@pytest.fixture
def only(pcscd: Pcscd, tmp_path: Path) -> Iterator[Cards]:
    """The only card, in the first reader; made anew for each case."""
    path = tmp_path / "cards.sock"
    program = PERSON.with_name("crash_cards.py")
    served = pcscd.start_card_process([sys.executable, program, path, "1"])
    link = Cards(path)
    yield link
    link.close()
    served.stop()


def test_cards_come_and_go(pcscd: Pcscd, window: Window) -> None:
    """No card, a card, none again, and another one: each is what the screen says."""
    window.do(until=M("Put the card on the reader.").text("en")[:12])
    card = pcscd.start_card("adult")
    assert window.do(until="5 of 5 tries left").count("3 of 3 tries left") == 3
    card.stop()
    assert "tries left" not in window.do(until="no card")
    pcscd.start_card("all-locked")
    assert window.do(until="locked").count("tries left") == 0


def test_a_mute_card_is_said_to_be_mute(pcscd: Pcscd, window: Window) -> None:
    """It lies there and does not answer; the one that is laid down after it is shown."""
    window.do(until="no card")
    mute = pcscd.start_card_process([sys.executable, PERSON.with_name("mute_card.py"), "35963", "3B" * 40])
    assert "tries left" not in window.do(until="Code: card_mute")
    mute.stop()
    pcscd.start_card("adult")
    window.do(until="5 of 5 tries left")


def test_a_pin_is_used_and_files_are_signed(pcscd: Pcscd, window: Window, tmp_path: Path) -> None:
    """Wrong, right, changed, and a file that is signed with its password."""
    pcscd.start_card("adult")
    window.do(until="5 of 5 tries left")
    button = name("Check PIN", Pin.AUTH)
    assert "Wrong" in window.do(press=button, secrets=[WRONG["auth"]], yes=0)
    assert "2 of 3 tries left" in window.do(until="2 of 3")
    assert "Correct" in window.do(press=button, secrets=[RIGHT["auth"]], yes=0)
    secrets = [RIGHT["auth"], NEW["auth"], NEW["auth"]]
    assert "was changed." in window.do(press=name("Change PIN", Pin.AUTH), secrets=secrets, yes=0)
    assert "Correct" in window.do(press=button, secrets=[NEW["auth"]], yes=0)
    file = tmp_path / "letter.txt"
    file.write_text("TEST")
    window.do(sign=str(file), secrets=[WRONG["sign"]], yes=0)
    assert not file.with_name("letter.txt.p7s").exists()
    assert "4 of 5 tries left" in window.do(until="4 of 5")


def verified(pcscd: Pcscd, file: Path) -> dict[str, Any]:
    """What `jpki verify` says."""
    done = pcscd.run([sys.executable, "-m", "jpki_cli", "verify", str(file), "--allow-test", "--json"])
    value: dict[str, Any] = json.loads(done.stdout)
    return value


def said(*command: str | Path) -> str:
    """What another program says."""
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120
    ).stdout


def test_a_file_and_a_pdf_are_signed(pcscd: Pcscd, window: Window, tmp_path: Path) -> None:
    """Each with one entry; `jpki verify`, OpenSSL and poppler's pdfsig find nothing wrong, and no try was used."""
    pcscd.start_card("adult")
    window.do(until="5 of 5 tries left")
    letter, contract = tmp_path / "letter.txt", tmp_path / "contract.pdf"
    letter.write_bytes(b"TEST")
    contract.write_bytes(plain())
    for file in (letter, contract):
        assert "1 file signed." in window.do(sign=str(file), secrets=[RIGHT["sign"]], yes=0)
    window.do(until="5 of 5 tries left")
    signed = contract.with_name("contract-signed.pdf")
    assert ["code" in verified(pcscd, file) for file in (letter, signed)] == [False, False]
    trusted = tmp_path / "trusted.pem"
    trusted.write_text("".join(map(ssl.DER_cert_to_PEM_cert, anchors())))
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-CAfile", str(trusted), "-purpose", "any"]
    command += ["-in", str(letter) + ".p7s", "-content", str(letter), "-out", os.devnull]
    assert "successful" in said(*command)
    if shutil.which("pdfsig") is not None:
        assert "Signature is Valid." in said("pdfsig", "-nocert", signed)


@pytest.mark.skipif(not can_scan(), reason="only root reads the memory of another process")
def test_no_pin_stays_in_the_memory_of_the_window(pcscd: Pcscd, window: Window) -> None:
    """Typed, sent over PC/SC and refused: as a whole it is nowhere, in UTF-8 or UTF-16; the reader's name is."""
    pcscd.start_card("adult")
    window.do(until="5 of 5 tries left")
    secret = [ord(character) + 1000 for character in CANARY]
    assert "Wrong" in window.do(press=name("Check PIN", Pin.SIGN), secrets=[secret], yes=0)
    pid = window.program.pid
    assert is_in_memory(pid, READER.encode())
    assert [code for code in ("utf-8", "utf-16-le") if is_in_memory(pid, CANARY.encode(code))] == []


def test_another_program_resets_the_card(pcscd: Pcscd, window: Window) -> None:
    """The card is shown as before, and its PIN can be used."""
    pcscd.start_card("adult")
    window.do(until="5 of 5 tries left")
    reset = "import smartcard.scard as s; h=s.SCardEstablishContext(2)[1]; "
    reset += f"c=s.SCardConnect(h,'{READER}',s.SCARD_SHARE_SHARED,3)[1]; print(s.SCardDisconnect(c,s.SCARD_RESET_CARD))"
    assert pcscd.run([sys.executable, "-c", reset]).stdout == "0\n"
    assert "Correct" in window.do(press=name("Check PIN", Pin.AUTH), secrets=[RIGHT["auth"]], yes=0)
    assert window.do(until="5 of 5 tries left").count("3 of 3 tries left") == 3


def test_a_lost_answer_is_found_out(pcscd: Pcscd, window: Window, tmp_path: Path) -> None:
    """The card goes away behind its change and is put back: that it was changed is what the screen says."""
    control = tmp_path / "control.sock"
    served = pcscd.start_card("adult", 35963, "--fault", "remove-after:change", "--control", str(control))
    window.do(until="5 of 5 tries left")

    def put_back() -> None:
        pcscd.await_empty()
        send_command(control, "insert")

    hand = Thread(target=put_back)
    hand.start()
    secrets = [RIGHT["auth"], NEW["auth"], NEW["auth"]]
    assert "was changed." in window.do(press=name("Change PIN", Pin.AUTH), secrets=secrets, yes=9)
    hand.join()
    window.do(until="5 of 5 tries left")
    assert "Correct" in window.do(press=name("Check PIN", Pin.AUTH), secrets=[NEW["auth"]], yes=0)
    served.stop()


def test_what_is_on_the_screen_is_what_the_card_holds(
    window: Window,
    only: Cards,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Verdict and tries are the card's or said to be unknown; no PIN is presented twice, and none stays open."""
    limits = {pin: pin.retry_limit for pin in Pin}
    found = []
    for use, pin, plan, is_right in CHOSEN:
        assert only.ask(0, new=plan)["ok"]
        window.do(until=f"{limits[Pin.SIGN]} of {limits[Pin.SIGN]} tries left")
        window.do(again=True)
        secret = (RIGHT if is_right else WRONG)[pin.value]
        secrets = [secret, NEW[pin.value], NEW[pin.value]] if use == "Change PIN" else [secret]
        screen = window.do(press=name(use, pin), secrets=secrets, yes=int(pin is Pin.JUKI and use == "Change PIN"))
        held = only.ask(0, state=pin.value)
        is_changed = held["value"] == NEW[pin.value]
        told = lies_about(screen, pin, is_changed=is_changed, left=held["tries"], is_right=is_right, before=limits[pin])
        told += ["presented again"] if held["presented"] > 1 else []
        told += ["something is open"] if held["is_open"] else []
        found += [f"{use} {pin.value}, {plan}, {is_right}: {told}: {screen}"] if told or not screen else []
    with capsys.disabled():
        print(f"\nthe window over PC/SC: {len(CHOSEN)} cases, {len(found)} misreports", end=" ")  # noqa: T201
    assert found == []
