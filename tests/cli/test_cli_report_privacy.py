"""``jpki report``: what it never holds, whoever the card is made out to."""

from __future__ import annotations

import platform
import re
from datetime import date
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest

import jpki
from jpki.diagnosis.system.this_platform import ThisPlatform
from jpki.report import facts as report_facts_module
from jpki_sim.files import load
from jpki_sim.personas import personas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from clitest import RunCli

    from jpki_sim.model import CardFile

    Validate = Callable[[dict[str, Any]], None]

PERSONAS = [p.name for p in personas() if not p.unavailable]
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
