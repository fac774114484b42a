"""The page for card holders followed from its beginning: the built wheel, an empty home, and nothing but the window.

What is pressed is what the page quotes, in its order, and in the end everything that it quotes has been on the screen.
Debian's package is installed by scripts/check-deb. It takes minutes, and runs where JPKI_LONG is set.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import sysconfig
import time
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="PySide6 is not installed (the extra `window`)", exc_type=ImportError)

import screenreader
from pdfsamples import plain
from screenreader import PATIENCE, session
from windowhand import Hand, check_names

from jpki.card import Pin, changed, correct
from jpki.words import CERTIFICATES, M
from jpki_sim.personas import personas
from jpki_window.look import capital

if TYPE_CHECKING:
    from screenreader import Session

LACKS: Final = screenreader.missing()
pytestmark = pytest.mark.skipif(LACKS is not None, reason=LACKS or "")

ROOT: Final = Path(__file__).parents[3]
PAGES: Final = {"en": ("window.md", r"“([^”]+)”"), "ja": ("ja/window.md", r"「([^」]+)」")}
#: Becomes the program that was installed, in the language of a computer; no service of this one is asked for cards.
START: Final = (
    "import os, sys; os.environ |= {'LANG': sys.argv[1], 'PCSCLITE_CSOCK_NAME': '/nowhere'}; "
    "os.execv(sys.argv[2], sys.argv[2:])"
)
#: Seconds that the way may take, on a busy machine too.
WALK: Final = 900.0
LOCALES: Final = {"en": "en_GB.UTF-8", "ja": "ja_JP.UTF-8"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it by itself, beside the libraries of the tests; the folder of its programs."""
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "own")
    programs = folder / "own" / "bin"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(programs / "python")]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    (packages,) = (folder / "own").glob("lib/python*/site-packages")
    # Only the libraries come from there: its own .pth file, which names this tree, is not read.
    (packages / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    where = [
        str(programs / "python"),
        "-P",
        "-c",
        "import jpki, jpki_window; print(jpki.__file__, jpki_window.__file__)",
    ]
    told = subprocess.run(where, cwd=folder, capture_output=True, text=True, check=True).stdout.split()
    assert [Path(file).is_relative_to(packages) for file in told] == [True, True]
    return programs


def plain_words(words: str) -> str:
    """What the page quotes of a title: without the letter that opens a menu."""
    return re.sub(r"\(&?[A-Z]\)|&", "", words)


class Holder(Hand):
    """Somebody who presses what the page quotes, and remembers what was on the screen."""

    def __init__(self, at: Session, language: str) -> None:
        """Open the page beside the window."""
        super().__init__(at, language, has_keyboard=False)
        page, pattern = PAGES[language]
        text = re.sub(r"\s+", " ", (ROOT / "docs" / page).read_text(encoding="utf-8"))
        self.quoted = set(re.findall(pattern, text))
        self.seen: set[str] = set()
        self._tree = at.tree
        setattr(at, "tree", self._look)  # noqa: B010 - so that every look is remembered

    def _look(self) -> list[dict[str, Any]]:
        nodes = self._tree()
        self.seen.update(str(node["name"]) for node in nodes)
        return nodes

    def quote(self, english: str) -> str:
        """Words of the window that the page quotes."""
        words = self.say(english)
        assert plain_words(words) in self.quoted, f"the page does not say {words}"
        return words

    def type(self, secret: str) -> None:
        """Enter a secret on the keyboard."""
        self.at.wait(lambda node: node["role"] == "password text")
        self.at.keys(*secret, "Return")

    def turn_to(self, page: str) -> None:
        """Open a page of the window that is quoted."""
        self.choose(self.quote(page), self.say("Pages"))

    def beside_pin(self, action: str) -> None:
        """Press a quoted button of the user certificate's PIN."""
        self.quote(action)
        self.press(self.name(action, "auth"))


@pytest.mark.skipif(not os.environ.get("JPKI_LONG"), reason="takes minutes: JPKI_LONG is not set")
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_for_card_holders_is_followed(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """From the first start, without a card, to the counter; in the language of the computer."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    program = ("-c", START, LOCALES[language], str(installed / "jpki-window"))
    with session(tmp_path, program=program, limit=WALK) as at:
        holder = Holder(at, language)
        put_a_card(holder)
        use_pins(holder)
        sign_and_check(holder, home)
        save_certificates(holder, home)
        read_guide_and_papers(holder, home)
        check_names(at.tree())
        begin_at_counter(holder, home)
    names = set(map(plain_words, holder.seen))
    # A button beside each PIN or certificate says of which one it is.
    missing = holder.quoted - names - {re.split(": |：", name)[0] for name in names}
    # A large file is needed for that.
    assert missing == {M("Stop").text(language)}


def put_a_card(holder: Holder) -> None:
    """Your card: nothing comes, the cause is looked for, and a simulated card is chosen."""
    holder.press(holder.quote("Look for the cause"))
    holder.at.wait(lambda node: node["role"] == "list item" and node["name"] == holder.say("What is in the way"))
    title = next(found.title[holder.language] for found in personas() if found.name == "renewal-window")
    for words in (holder.quote("&Card"), holder.quote("&Simulated card …")):
        item = holder._menu_item(words)
        assert holder.at.do("press", name=item["name"], role=item["role"]) is True
    holder.choose(title, holder.say("Simulated cards"))
    holder.press(holder.say("Use this card"))
    holder.at.wait_for(M("PINs").text(holder.language))
    holder.at.wait_for(holder.quote("What to do, and what to know"))


def use_pins(holder: Holder) -> None:
    """PINs: is this mine, and another one."""
    holder.beside_pin("Check PIN")
    holder.type("2846")
    holder.read(correct(Pin.AUTH).text(holder.language), "2846")
    holder.beside_pin("Change PIN")
    for secret in ("2846", "8517", "8517"):
        holder.type(secret)
    holder.read(changed(Pin.AUTH).text(holder.language), "8517")


def sign_and_check(holder: Holder, home: Path) -> None:
    """Signing a file, and checking a signed file."""
    contract = home / "contract.pdf"
    contract.write_bytes(plain(pages=2))
    holder.turn_to("Sign files")
    holder.press(holder.quote("Choose files …"))
    holder.choose_file(contract)
    holder.press(holder.quote("Show the signature on a page"))
    holder.press(holder.quote("More options"))
    holder.press(holder.say("I agree, and want to sign"))
    holder.press(holder.quote("Sign"))
    holder.type("SIMCARD1")
    holder.press(holder.say("Close"))
    signed = home / "contract-signed.pdf"
    holder.at.wait(lambda node: node["name"] == holder.say("Check the signature"))
    assert signed.exists()
    holder.turn_to("Check a signed file")
    holder.press(holder.quote("Choose files …"))
    holder.choose_file(signed)
    holder.at.wait_for(holder.say("No check failed."))


def save_certificates(holder: Holder, home: Path) -> None:
    """Certificates: copied, saved, and the calendar file."""
    holder.turn_to("Certificates")
    name = capital(CERTIFICATES["auth"].text(holder.language))
    holder.press(f"{holder.quote('Copy as PEM')}: {name}")
    holder.at.wait_for(holder.say("Copied."))
    for title, file in (("Save as PEM …", home / "a.pem"), ("Calendar file …", home / "a.ics")):
        holder.press(f"{holder.quote(title)}: {name}")
        holder.choose_file(file, is_new=True)
        holder.at.wait_for(str(file))
        assert file.exists()


def read_guide_and_papers(holder: Holder, home: Path) -> None:
    """The guide, and papers."""
    holder.open("Guide")
    holder.fill(holder.say("Search in the guide: a word, or the code of a failure"), "move")
    holder.choose(holder.say("A move"), holder.say("What was found"))
    holder.at.wait(lambda node: node["role"] == "panel" and node["name"] == holder.say("A move"))
    holder.turn_to("Papers to take along")
    for title, file in (("Save the sheet …", home / "sheet.html"), ("Save the report …", home / "report.html")):
        holder.press(holder.say(title))
        holder.choose_file(file, is_new=True)
        holder.at.wait_for(str(file))
        assert file.exists()


def begin_at_counter(holder: Holder, home: Path) -> None:
    """For a counter: this window closes, and a process of its own waits for cards."""
    holder.turn_to("About this program")
    holder.press(holder.quote("Begin at the counter"))
    end = time.monotonic() + PATIENCE
    while not (counters := counters_at(home)):
        assert time.monotonic() < end, "no counter begins"
        time.sleep(0.1)
    os.kill(counters[0], signal.SIGTERM)


def counters_at(home: Path) -> list[int]:
    """The processes of a counter that were started from this home."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except OSError:  # it has ended, or is another user's
            continue
        if b"--counter" in command and f"HOME={home}".encode() in environment.split(b"\0"):
            found.append(int(folder.name))
    return found
