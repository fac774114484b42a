"""A headless browser that shows one file and fetches nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from html import unescape
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
SECONDS = 180
REQUIRED = os.environ.get("JPKI_REQUIRE_BROWSER") == "1"


class Browser:
    """One program, started anew with an empty profile for each page."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._count = 0

    def dump(self, page: str, *flags: str) -> str:
        """What the page has become when its scripts are done."""
        return self._run(page, "--dump-dom", "--virtual-time-budget=20000", *flags)

    def result(self, page: str, *flags: str) -> str:
        """The text of the element ``result`` that the page's script fills."""
        dom = self.dump(page, *flags)
        _, found, rest = dom.partition('<pre id="result">')
        assert found, f"no result in: {dom[-2000:]}"
        return unescape(rest.partition("</pre>")[0])

    def screenshot(self, page: str, width: int, height: int) -> bytes:
        """A picture of the page, PNG."""
        picture = self._folder / f"picture-{self._count}.png"
        self._run(page, f"--screenshot={picture}", f"--window-size={width},{height}")
        return picture.read_bytes()

    def printed(self, page: str) -> int:
        """How many sheets the page takes where it is printed, by the size that it asks for."""
        paper = self._folder / f"paper-{self._count}.pdf"
        self._run(page, f"--print-to-pdf={paper}", "--no-pdf-header-footer")
        pages = re.search(rb"/Type\s*/Pages\s*/Count (\d+)", paper.read_bytes())
        assert pages is not None
        return int(pages[1])

    def _run(self, page: str, *flags: str) -> str:
        self._count += 1
        path = self._folder / f"page-{self._count}.html"
        path.write_text(page, encoding="utf-8")
        profile = self._folder / f"profile-{self._count}"
        # Chromium's sandbox needs rights that root in a container has not; the page is our own.
        sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [self._program, *FLAGS, *sandbox, f"--user-data-dir={profile}", *flags, path.as_uri()]
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        if b"No usable sandbox" in done.stderr:
            pytest.skip("Chromium may not lock itself in here, and is not started otherwise but by root")
        assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
        return done.stdout.decode()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Makes a skipped test of this folder fail where JPKI_REQUIRE_BROWSER says that all of them must run."""
    report = yield
    if REQUIRED and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"JPKI_REQUIRE_BROWSER=1 and yet skipped: {report.longrepr}"
    return report


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    """The browser of this computer."""
    program = next((path for name in NAMES if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip(f"no browser: {', '.join(NAMES)}")
    return Browser(program, tmp_path)
