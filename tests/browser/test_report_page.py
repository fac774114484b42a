"""The HTML report as a browser shows it: layout, two widths, light and dark, and its accessibility."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zlib
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from browser.conftest import Browser

WIDTHS = (360, 1280)
DARK = "--blink-settings=preferredColorScheme=0"
# Measures a report in frames of several widths. A frame made from text is of the same origin, and its own policy holds.
MEASURE = """<!DOCTYPE html><meta charset="utf-8"><body>{frames}<pre id="result"></pre><script>
addEventListener("load", () => {{
  const found = [...document.querySelectorAll("iframe")].map(frame => {{
    const page = frame.contentDocument;
    const all = [...page.body.querySelectorAll("*")];
    return {{
      client: page.documentElement.clientWidth,
      scroll: page.documentElement.scrollWidth,
      right: Math.max(...all.map(one => one.getBoundingClientRect().right)),
      height: page.body.getBoundingClientRect().height,
      rows: [...page.querySelectorAll("tr, li, p, h2")].filter(one => one.getBoundingClientRect().height > 8).length,
      hidden: all.filter(one => one.getBoundingClientRect().width === 0).length,
      ink: frame.contentWindow.getComputedStyle(page.body).color,
      paper: frame.contentWindow.getComputedStyle(page.body).backgroundColor,
    }};
  }});
  document.getElementById("result").textContent = JSON.stringify(found);
}});
</script>"""
AXE = """<script>
axe.run(document, {{resultTypes: ["violations", "incomplete"]}}).then(found => {{
  const result = document.createElement("pre");
  result.id = "result";
  const short = one => ({{id: one.id, nodes: one.nodes.map(node => node.html)}});
  result.textContent = JSON.stringify({{
    violations: found.violations.map(short), unsure: found.incomplete.map(short), passes: found.passes.length}});
  document.body.append(result);
}});
</script>"""


def report(persona: str, language: str, *more: str) -> str:
    """The report of a persona's card, or with ``--for-holder`` its holder's sheet."""
    command = [
        sys.executable,
        "-m",
        "jpki_cli",
        "--sim",
        persona,
        "--lang",
        language,
        "report",
        "--format",
        "html",
        *more,
    ]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def measure(browser: Browser, page: str, *flags: str) -> list[dict[str, Any]]:
    """What a report looks like at each width."""
    frames = "".join(
        f'<iframe width="{w}" height="2000" style="border:0" srcdoc="{escape(page)}"></iframe>' for w in WIDTHS
    )
    found: list[dict[str, Any]] = json.loads(browser.result(MEASURE.format(frames=frames), *flags))
    return found


def judge(browser: Browser, page: str, *flags: str) -> dict[str, Any]:
    """What axe-core says of a report; for it the policy that forbids scripts is taken out."""
    axe = (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
    open_page, count = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n', "", page)
    assert count == 1
    script = f"<script>{axe}</script>{AXE.format()}"
    found: dict[str, Any] = json.loads(browser.result(open_page.replace("</body>", f"{script}</body>"), *flags))
    return found


def picture_rows(png: bytes) -> tuple[int, int, set[bytes]]:
    """Width, height, and the different rows of a PNG's picture."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    data, at, size = b"", 8, (0, 0)
    while at < len(png):
        length, kind = int.from_bytes(png[at : at + 4]), png[at + 4 : at + 8]
        body = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            size = (int.from_bytes(body[:4]), int.from_bytes(body[4:8]))
        elif kind == b"IDAT":
            data += body
        at += 12 + length
    raw = zlib.decompress(data)
    row = len(raw) // size[1]
    return *size, {raw[i : i + row] for i in range(0, len(raw), row)}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("persona", ["locked-auth", "other-card"])
def test_layout_at_two_widths(browser: Browser, persona: str, language: str) -> None:
    """At 360 and 1280 pixels everything has a size and nothing reaches past the right edge."""
    page = report(persona, language)
    found = measure(browser, page)
    assert [one["client"] for one in found] == list(WIDTHS)
    for one in found:
        assert one["scroll"] <= one["client"]
        assert one["right"] <= one["client"]
        assert one["height"] > 1000
        assert one["rows"] > 40
        assert one["hidden"] == 0
    assert found[0]["height"] > found[1]["height"]


def test_a_long_word_does_not_widen_the_page(browser: Browser) -> None:
    """A name without a blank is broken rather than pushed past the edge."""
    page = report("adult", "en").replace("Simulated reader", "R" * 200)
    assert "R" * 200 in page
    for one in measure(browser, page):
        assert one["right"] <= one["client"]


def test_light_and_dark(browser: Browser) -> None:
    """The page follows the browser's setting."""
    page = report("adult", "en")
    light, dark = measure(browser, page)[0], measure(browser, page, DARK)[0]
    assert (light["paper"], dark["paper"]) == ("rgb(255, 255, 255)", "rgb(22, 22, 22)")
    assert (light["ink"], dark["ink"]) == ("rgb(26, 26, 26)", "rgb(236, 236, 236)")


@pytest.mark.parametrize("setting", [[], [DARK]], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("persona", "language"), [("locked-auth", "en"), ("renewal-window", "ja"), ("other-card", "ja")]
)
def test_accessibility(browser: Browser, persona: str, language: str, setting: list[str]) -> None:
    """axe-core objects to nothing: contrast, tables, headings, language. It is unsure of the drawn circles only."""
    found = judge(browser, report(persona, language), *setting)
    assert found["violations"] == []
    unsure = [node for one in found["unsure"] for node in one["nodes"]]
    assert [
        node for node in unsure if not re.fullmatch('<span class="drawn" aria-hidden="true">[●○]+</span>', node)
    ] == []
    assert found["passes"] > 15


def test_the_checker_would_object(browser: Browser) -> None:
    """A page with weak contrast, without a language and with an empty heading does not pass."""
    page = report("adult", "en").replace(' lang="en"', "").replace("--ink: #1a1a1a", "--ink: #cccccc")
    found = {one["id"] for one in judge(browser, page)["violations"]}
    assert {"html-has-lang", "color-contrast"} <= found


@pytest.mark.parametrize("width", WIDTHS)
def test_a_picture_of_it_is_not_empty(browser: Browser, width: int) -> None:
    """The picture has the size asked for, and as many different rows as a page of text has."""
    found_width, height, rows = picture_rows(browser.screenshot(report("locked-auth", "ja"), width, 1400))
    assert (found_width, height) == (width, 1400)
    assert len(rows) > 300


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("persona", ["adult", "all-locked", "locked-sign", "child-locked", "card-expired-locked"])
def test_the_sheets_that_are_printed_are_counted(browser: Browser, persona: str, language: str) -> None:
    """The report takes two sheets of A4, and what the holder takes along one."""
    assert browser.printed(report(persona, language)) <= 2
    assert browser.printed(report(persona, language, "--for-holder")) == 1


def test_more_sheets_would_be_noticed(browser: Browser) -> None:
    """A page in larger type takes more of them."""
    large = report("locked-sign", "ja", "--for-holder").replace("font-size: 13pt", "font-size: 22pt")
    assert browser.printed(large) == 2


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("persona", ["locked-sign", "phone-locked"])
def test_the_holders_sheet_at_two_widths(browser: Browser, persona: str, language: str) -> None:
    """Nothing of it reaches past the right edge of a phone or of a desk's screen, in light and dark."""
    page = report(persona, language, "--for-holder")
    for flags in ((), (DARK,)):
        for one in measure(browser, page, *flags):
            assert one["scroll"] <= one["client"]
            assert one["right"] <= one["client"]
            assert one["hidden"] == 0
            assert one["ink"] != one["paper"]
