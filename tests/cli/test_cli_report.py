"""``jpki report``: what it holds, what it never holds, and its three forms."""

from __future__ import annotations

import json
import platform
import re
import sys
from contextlib import contextmanager
from datetime import date, datetime
from html.parser import HTMLParser
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest
from fakefacts import FakeFacts, FakePcsc, FakePlatform

import jpki
from jpki.diagnosis.system.this_platform import ThisPlatform
from jpki.errors import CardMuteError, NoReaderError, ServiceStoppedError
from jpki.report import document, facts as report_facts_module, html as report_html, report_facts
from jpki.report.privacy import shorten_paths, without_serial
from jpki.transport import ReaderState
from jpki_cli.screens import report as report_text
from jpki_cli.terminal import width
from jpki_cli.words import set_language
from jpki_sim.files import load
from jpki_sim.personas import personas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from clitest import RunCli

    from jpki_sim.model import CardFile

    Validate = Callable[[dict[str, Any]], None]

PERSONAS = [p.name for p in personas() if not p.unavailable]
# Where users' folders are; in one word a path would look like one of a machine that this was written on.
LINUX, MACOS = (f"/{name}" for name in ("home", "Users"))
# Not strftime's, which become Japanese when a test of the window has set the locale.
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
FORMATS = ("text", "json", "html")
CANARY = {
    "holder.name": "金糸雀　鳴子",
    "holder.address": "東京都架空市籠町７丁目８番９号",
    "holder.my_number": "900000000014",
    "holder.birth_date": "1990-04-21",
    "card.serial": "900000000077777",
    "certificates.auth.serial": "1592594996",
    "certificates.sign.serial": "1592612472",
    "certificates.auth.common_name": "CANARY014172603799999003A",
    "certificates.sign.common_name": "2024091301300700001CANARY0001",
}


def spellings(text: str | None) -> set[str]:
    """Every way in which a day is written: Western and Japanese calendar, with and without noughts, as on the card."""
    if text is None or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text[:10]) or "-00" in text:
        return set()
    day = date.fromisoformat(text[:10])
    y, m, d = day.year, day.month, day.day
    found = {f"{y}{sep}{m:02}{sep}{d:02}" for sep in ("-", "/", ".", " ", "")} | {
        f"{y}{sep}{m}{sep}{d}" for sep in "-/."
    }
    found |= {f"{y % 100:02}{m:02}{d:02}", f"{y % 100:02}-{m:02}-{d:02}", f"{y}年{m}月{d}日", f"{y}年{m:02}月{d:02}日"}
    for era, letter, code, first in (("昭和", "S", 3, 1926), ("平成", "H", 4, 1989), ("令和", "R", 5, 2019)):
        n = y - first + 1
        if n < 1:
            continue
        found |= {f"{era}{n}年{m}月{d}日", f"{era}{n:02}年{m:02}月{d:02}日", f"{letter}{n}.{m}.{d}"}
        found |= {f"{letter}{n:02}.{m:02}.{d:02}", f"{letter}{n:02}{m:02}{d:02}", f"{code}{n:02}{m:02}{d:02}"}
        found |= {f"{n}-{m:02}-{d:02}", f"{n:02}-{m:02}-{d:02}", f"{n}.{m}.{d}", f"{n:02}{m:02}{d:02}"}
    name = MONTHS[m - 1]
    found |= {f"{name} {d}", f"{name[:3]} {d}", f"{d} {name}", f"{d} {name[:3]}"}
    return found | {f"{m:02}-{d:02}", f"{m}月{d}日", f"{m:02}/{d:02}", f"{m}/{d}/{y}"}


def secrets(card: CardFile) -> set[str]:
    """Everything about a card and its holder that no report may hold."""
    holder = card.holder
    found = spellings(holder.birth_date) | spellings(card.card.expires) | {holder.my_number, card.card.serial}
    for text in (holder.name, holder.address, *(other.value for other in holder.other_names)):
        found |= {text, text.replace("\u3000", " "), text.replace("\u3000", ""), *text.split("\u3000")}
    for entry in card.certificates.values():
        if entry is not None:
            found |= spellings(entry.not_after) | spellings(entry.not_before) | {entry.common_name}
            found |= {str(entry.serial), f"{entry.serial:X}", f"{entry.serial:x}"}
    found |= {pin.value for pin in card.pins.values()}
    return {text for text in found if len(text) >= 2}


#: The days of the program itself: when the report was made, and until when a rule held for old tokens of phones.
OWN_DAYS = re.compile(
    r"(?:created\": \"|Made on |作成：)\d{4}-\d{2}-\d{2}[T ][\d:]+(?:\+09:00)?"
    r"|the last by\s+28\s+December\s+2025\."
    r"|" + r"\s*".join("すべて2025年12月28日までに")
)
#: A day in any spelling with a separator, of whomever; no month of a year, and no telephone number (0120-95-0178).
DAY_LIKE = re.compile(
    r"\d+([-./])\d{1,2}\1\d{1,2}(?!\d)|\d{1,2}\s*月\s*\d{1,2}\s*日"
    r"|\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"|(?:[a-z]ry|March|April|May|June|July|August|[a-z]ber) \d"
)


@pytest.fixture
def no_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words stand where the report has versions, so that every number that looks like a day is one.

    A version can be a birth date: 2.3.1 is 1 March of the second year of Heisei.
    """
    monkeypatch.setattr(jpki, "__version__", "VERSION")
    monkeypatch.setattr(platform, "python_version", lambda: "VERSION")
    monkeypatch.setattr(report_facts_module, "_version", lambda name: "VERSION")
    monkeypatch.setattr(ThisPlatform, "release", property(lambda self: "SYSTEM"))
    monkeypatch.setattr(ThisPlatform, "python", property(lambda self: (999, 999)))


def all_forms(run_cli: RunCli, card: str) -> Iterator[str]:
    """The report in every format and language, with what is said beside it."""
    for language in ("ja", "en"):
        for form in FORMATS:
            result = run_cli("--sim", card, "--lang", language, "report", "--format", form)
            assert result.code == 0, result.stderr
            yield OWN_DAYS.sub("", result.stdout + result.stderr)


def test_the_spellings_of_a_birth_date_are_known() -> None:
    """The test itself looks for every spelling that the project knows of."""
    wanted = {
        "1990-04-21",
        "19900421",
        "平成2年4月21日",
        "2-04-21",
        "H2.4.21",
        "H02.04.21",
        "4020421",
        "020421",
        "04-21",
    }
    assert wanted <= spellings("1990-04-21")


@pytest.mark.usefixtures("no_versions")
def test_nothing_of_the_canary_is_in_any_form(run_cli: RunCli, card_file: Path) -> None:
    """Name, address, birth date, My Number, subject, serial numbers and PINs: none is in any format or language."""
    changes = [f"{key}={value}" for key, value in CANARY.items()]
    set_up = run_cli("sim", "set", str(card_file), *changes)
    assert set_up.code == 0, set_up.stderr
    forbidden = secrets(load(card_file))
    assert {"金糸雀", "鳴子", "東京都架空市籠町７丁目８番９号", "900000000014", "平成2年4月21日", "2846"} <= forbidden
    for report in all_forms(run_cli, str(card_file)):
        assert len(report) > 500
        assert [text for text in forbidden if text in report] == []


@pytest.mark.usefixtures("no_versions")
@pytest.mark.parametrize("persona", PERSONAS)
def test_no_personas_data_are_in_any_form(run_cli: RunCli, tmp_path: Path, persona: str) -> None:
    """In whatever state a card is, expired, locked or broken, a report tells nothing of its holder and no day."""
    path = tmp_path / "card.json"
    assert run_cli("sim", "new", str(path), "--shared-keys", "--persona", persona).code == 0
    forbidden = secrets(load(path))
    for report in all_forms(run_cli, str(path)):
        assert [text for text in forbidden if text in report] == []
        assert DAY_LIKE.search(report) is None


@pytest.mark.usefixtures("no_versions")
def test_a_birth_date_in_the_place_of_a_version_is_seen(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test itself finds a day of the form that versions have, and every other form, wherever it stands."""
    for day in ("2.3.1", "1990-03-01", "90/3/1", "3月1日", "1 March", "March 1"):
        monkeypatch.setattr(ThisPlatform, "release", f"Linux {day}")
        assert all(DAY_LIKE.search(report) for report in all_forms(run_cli, "adult")), day
        assert day == "90/3/1" or day in spellings("1990-03-01")


def test_the_versions_of_this_machine_are_told(run_cli: RunCli) -> None:
    """The report has the real versions, of this program, of Python and of the libraries."""
    environment = run_cli("--sim", "adult", "report", "--json").json["environment"]
    assert environment["jpki"] == jpki.__version__
    assert environment["python"].endswith(platform.python_version())
    told = {library["name"]: library["version"] for library in environment["libraries"]}
    assert told["cryptography"] == metadata.version("cryptography")


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_object_is_the_published_one(run_cli: RunCli, validate: Validate, persona: str) -> None:
    """Every persona's report fits the schema, and exits with 0: a report of what is wrong is no failure."""
    result = run_cli("--sim", persona, "report", "--json")
    assert result.code == 0
    validate(result.json)


def test_what_support_needs_is_there(run_cli: RunCli) -> None:
    """Versions, checks, counters, states, months and advice of a card with a locked PIN near its renewal."""
    value = run_cli("--sim", "locked-auth", "report", "--json").json
    assert value["environment"]["jpki"]
    assert [p["state"] for p in value["pins"]] == ["blocked", "full", "full", "full"]
    assert (value["usable"], value["obstacle"]) == (False, "pins")
    assert "pin_blocked" in {check["cause"] for check in value["checks"]}
    assert value["advice"]
    auth = value["certificates"][0]
    assert re.fullmatch(r"\d{4}-\d{2}", auth["ends_month"])
    assert (auth["state"], auth["revocation"]) == ("in_period", "not_checked")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("persona", ["adult", "locked-auth", "expired", "phone", "other-card", "truncated-der"])
def test_text_fits_a_terminal(run_cli: RunCli, persona: str, language: str) -> None:
    """No line of the text needs more than 80 columns."""
    text = run_cli("--sim", persona, "--lang", language, "report").stdout
    assert [line for line in text.splitlines() if width(line) > 80] == []


def test_a_childs_pin_without_certificate_is_not_called_locked(run_cli: RunCli) -> None:
    """Neither in the text nor on the page; the card's own answer stays in JSON."""
    value = run_cli("--sim", "child", "report", "--json").json
    text = run_cli("--sim", "child", "report").stdout
    page = run_cli("--sim", "child", "report", "--format", "html").stdout

    assert [(pin["pin"], pin["state"]) for pin in value["pins"]][1] == ("sign", "blocked")
    assert value["usable"] is True
    assert "not in use" in text
    assert "<td>not in use</td>" in page
    assert "○" not in text + page


# Forms and files


def test_the_form_follows_the_name_of_the_file(run_cli: RunCli, tmp_path: Path) -> None:
    """FILE.html is HTML, FILE.json JSON, another name text; the file is for its owner alone and is not replaced."""
    page, value, text = (tmp_path / name for name in ("r.html", "r.json", "r.txt"))
    for path in (page, value, text):
        assert run_cli("--sim", "adult", "report", "-o", str(path)).code == 0
        assert sys.platform == "win32" or path.stat().st_mode & 0o777 == 0o600
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert json.loads(value.read_text(encoding="utf-8"))["schema"] == "jpki.report/1"
    assert "\nReport of jpki for support\n" in text.read_text(encoding="utf-8")
    refused = run_cli("--sim", "adult", "report", "-o", str(page), "--json")
    assert (refused.code, refused.json["code"]) == (2, "output_exists")
    assert run_cli("--sim", "adult", "report", "-o", str(page), "--force").code == 0


def test_json_and_another_form_contradict(run_cli: RunCli) -> None:
    """``--json`` with another format is a usage error."""
    assert run_cli("--sim", "adult", "report", "--json", "--format", "html").code == 2


class _Page(HTMLParser):
    """Keeps what an HTML file is made of, and fails where a tag is left open or fits no other."""

    VOID = frozenset({"meta", "br", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("persona", ["adult", "all-locked", "expired", "other-card"])
def test_html_is_one_file_that_fetches_nothing(run_cli: RunCli, persona: str, language: str) -> None:
    """No script, no event handler, no address of any kind; its language is named, and its tags fit."""
    text = run_cli("--sim", persona, "--lang", language, "report", "--format", "html").stdout
    page = _Page(text)
    assert ("html", {"lang": language}) in page.tags
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "form", "a", "base"}
    attributes = {name for _, attrs in page.tags for name in attrs}
    assert not [name for name in attributes if name.startswith("on") or name in ("src", "href", "action", "style")]
    assert not re.search(r"url\(|@import|https?:|//", re.sub(r"<!DOCTYPE.*?>", "", text))
    for wanted in ("prefers-color-scheme: dark", "size: A4", "@media print", "default-src 'none'"):
        assert wanted in text


# What the facts of a computer come to


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """The screens in a language."""
    set_language(language)
    try:
        yield
    finally:
        set_language("en")


def facts_of(pcsc: FakePcsc) -> dict[str, Any]:
    """A report's facts of a computer with these readers."""
    return {"schema": "jpki.report/1"} | report_facts(FakeFacts(pcsc=pcsc), "0.1")  # type: ignore[arg-type]  # as it is asked


HOSTILE = "<script>alert(\"x\")</script> & <b>'reader'</b> 00 00"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_readers_name_is_text_and_nothing_else(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    """A name with markup in it appears as it is, wherever it is said, and makes no element."""
    monkeypatch.setenv("LANGUAGE", language)
    hostile = ReaderState(HOSTILE, 0, is_card_present=True)
    facts = facts_of(FakePcsc(listed=(hostile, ReaderState("Other <i> 01 00", 1)), applications=(HOSTILE,)))
    with speaking(language):
        text = report_html.document_html(document(facts))
    page = _Page(text)
    assert page.text.count(HOSTILE) >= 2
    assert not {tag for tag, _ in page.tags} & {"script", "b", "i"}
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("SCM Microsystems Inc. SCR 3310 [CCID Interface] (53311437600843) 00 00", "(…) 00 00"),
        ("Gemalto PC Twin Reader (A1B2C3D4) 01 00", "Gemalto PC Twin Reader (…) 01 00"),
        ("SONY FeliCa RC-S300/P (1234567) 00 00", "SONY FeliCa RC-S300/P (…) 00 00"),
        ("ACS ACR122U PICC Interface 00 00", "ACS ACR122U PICC Interface 00 00"),
        ("ACS ACR1252 1S CL Reader [ACR1252 Reader PICC] 00 00", "[ACR1252 Reader PICC] 00 00"),
        ("NTT Communications Corp. SCR3310-NTTCom USB (not Windows) 00 00", "USB (not Windows) 00 00"),
        ("Identiv uTrust 4701 F Dual Interface Reader [CCID] (55271845602349) 02 01", "[CCID] (…) 02 01"),
        ("Virtual PCD 00 00", "Virtual PCD 00 00"),
        ("HID OMNIKEY 5022 CL 0", "HID OMNIKEY 5022 CL 0"),
        ("Reader 0012345678", "Reader (…)"),
        ("Windows Hello for Business 1", "Windows Hello for Business 1"),
    ],
)
def test_serial_numbers_of_readers_are_left_out(name: str, kept: str) -> None:
    """Model and slot of a reader stay, its serial number does not; every name is as PC/SC gives it."""
    shown = without_serial(name)
    assert shown.endswith(kept)
    assert not re.search(r"\d{7}|[0-9A-F]{8}", shown)
    facts = facts_of(FakePcsc(listed=(ReaderState(name, 0, is_card_present=True),), applications=(name,)))
    assert facts["readers"][0]["name"] == shown
    assert shown == name or name not in json.dumps(facts, ensure_ascii=False)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (f"{LINUX}/canary/.local/pipx/venvs/jpki/bin/python", "~/.local/pipx/venvs/jpki/bin/python"),
        (f"{MACOS}/canary/Library/x", "~/Library/x"),
        ("C:\\Users\\canary\\AppData\\x.exe", "~\\AppData\\x.exe"),
        (f"C:{MACOS}/canary/x", "~/x"),
        (f"/mnt/c{MACOS}/canary/x", "~/x"),
        ("/srv/people/canary/x", "~/x"),
        ("/srv/people/canary-two/x", "/srv/people/canary-two/x"),
        ("/usr/bin/python3", "/usr/bin/python3"),
        (f"PCSCD_ARGS in {LINUX}/canary/a and {LINUX}/other/b", "PCSCD_ARGS in ~/a and ~/b"),
    ],
)
def test_folders_of_users_are_shortened(path: str, shown: str) -> None:
    """Nobody's user name is in a path, this user's or another's, wherever the folder is."""
    assert shorten_paths(path, home="/srv/people/canary") == shown


def test_the_program_file_is_shortened(monkeypatch: pytest.MonkeyPatch, run_cli: RunCli) -> None:
    """The path of Python in a user's folder does not tell the user."""
    monkeypatch.setattr(sys, "executable", f"{LINUX}/canary/.venv/bin/python")
    value = run_cli("--sim", "adult", "report", "--json")
    assert value.json["environment"]["executable"] == "~/.venv/bin/python"
    assert "canary" not in value.stdout


@pytest.mark.parametrize(
    ("pcsc", "cause"),
    [
        (FakePcsc(listed=ServiceStoppedError("stopped", pcsc_code=0x8010001D)), "pcsc_service_stopped"),
        (FakePcsc(listed=NoReaderError("none")), "no_reader"),
        (FakePcsc(listed=(ReaderState("R 00 00", 0),), applications=()), "no_card"),
        (FakePcsc(listed=(ReaderState("R 00 00", 0, is_card_present=True, is_mute=True),)), "card_mute"),
        (FakePcsc(opened=CardMuteError("mute"), card=CardMuteError("mute")), "card_mute"),
    ],
    ids=["service", "reader", "card", "mute", "mute when opened"],
)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_report_is_made_of_every_fault(
    monkeypatch: pytest.MonkeyPatch, validate: Validate, pcsc: FakePcsc, cause: str, language: str
) -> None:
    """Where no card can be read the report says what is in the way, in all three forms."""
    monkeypatch.setenv("LANGUAGE", language)
    facts = facts_of(pcsc)
    validate(facts)
    assert facts["card"] is None
    assert cause in {check["cause"] for check in facts["checks"]}
    with speaking(language):
        page = document(facts)
        assert _Page(report_html.document_html(page)).text
        text = report_text.document_text(page)
    what = next(check["text"][language] for check in facts["checks"] if check["cause"] == cause)
    assert re.sub(r"\s", "", what) in re.sub(r"\s", "", text)


def test_the_instant_is_that_of_japan() -> None:
    """Whenever and wherever it is made, the report has Japan's time."""
    facts = report_facts(FakeFacts(platform=FakePlatform()), "0.1")  # type: ignore[arg-type]  # as it is asked
    assert datetime.fromisoformat(facts["created"]).isoformat() == "2026-11-22T12:00:00+09:00"


@pytest.mark.parametrize("form", ["text", "html"])
def test_a_certificate_that_ends_with_its_card_is_not_renewable_in_one_place(run_cli: RunCli, form: str) -> None:
    """The table does not offer what the advice above it denies."""
    ending = " ".join(run_cli("--sim", "card-ends-soon", "report", "--format", form).stdout.split())
    assert "apply for a new one now" in ending
    assert "can be renewed now" not in ending
    assert "expires with the card" in ending
    other = " ".join(run_cli("--sim", "renewal-window", "report", "--format", form).stdout.split())
    assert "can be renewed now" in other
    assert "expires with the card" not in other
