"""``jpki report``: what it holds, and its three forms; tests/cli/test_cli_report_privacy.py has what it never holds."""

from __future__ import annotations

import json
import re
import sys
from contextlib import contextmanager
from datetime import datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from fakefacts import FakeFacts, FakePcsc, FakePlatform

from jpki.errors import CardMuteError, NoReaderError, ServiceStoppedError
from jpki.report import document, html as report_html, report_facts
from jpki.report.privacy import shorten_paths, without_serial
from jpki.transport import ReaderState
from jpki_cli.screens import report as report_text
from jpki_cli.terminal import width
from jpki_cli.words import set_language
from jpki_sim.personas import personas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from clitest import RunCli

    Validate = Callable[[dict[str, Any]], None]

PERSONAS = [p.name for p in personas() if not p.unavailable]
# Where users' folders are; in one word a path would look like one of a machine that this was written on.
LINUX, MACOS = (f"/{name}" for name in ("home", "Users"))


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
