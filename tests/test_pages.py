"""What is there to read: a page to start from for everybody, in both languages, and the page of measurements."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
#: Made of what `--help` says in Japanese. In English the man pages say it, and docs/cli.md has every option.
ONLY_JAPANESE = "reference-commands.md"
#: What somebody reads who uses the program, and the same in Japanese.
IN_JAPANESE = {
    "start/card-holders.md": "README.md",
    "start/support.md": "support.md",
    "start/developers.md": "developers.md",
    "install.md": "install.md",
    "cli.md": "cli.md",
    "troubleshooting.md": "troubleshooting.md",
    "signing.md": "signing.md",
    "ssh.md": "ssh.md",
    "pkcs11.md": "pkcs11.md",
    "security.md": "security.md",
    "survey.md": "survey.md",
    "window.md": "window.md",
}
JAPANESE = re.compile("[぀-ヿ一-鿿]")


def text_of(name: str) -> str:
    """A page of docs/."""
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(("english", "japanese"), IN_JAPANESE.items(), ids=IN_JAPANESE)
def test_what_users_read_is_there_in_both_languages(english: str, japanese: str) -> None:
    """Each page has its like in Japanese, which is mostly that."""
    assert len(JAPANESE.findall(text_of(english))) < len(text_of(english)) / 10
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", text_of(f"ja/{japanese}"), flags=re.DOTALL)
    assert len(JAPANESE.findall(prose)) > len(prose) / 3


def test_every_japanese_page_has_an_english_one() -> None:
    """None is forgotten in the table above."""
    assert sorted(path.name for path in (DOCS / "ja").glob("*.md")) == sorted([*IN_JAPANESE.values(), ONLY_JAPANESE])


def test_exit_codes_are_the_same_in_both_languages() -> None:
    """The table of each page has the same codes."""

    def codes(text: str, heading: str) -> list[str]:
        table = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0].partition("\n### ")[0]
        return [code for cell in re.findall(r"^\| ([\d、]+) \|", table, re.MULTILINE) for code in cell.split("、")]

    english = codes(text_of("cli.md"), "Exit codes")
    assert english
    assert codes(text_of("ja/cli.md"), "終了コード") == english


def test_the_readme_is_short_and_leads_on() -> None:
    """It has less than 150 lines, shows the screen of status, and links to the starting points and the library."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) < 150
    assert re.search(r"!\[[^\]]*jpki status[^\]]*\]\(docs/images/status\.png\)", readme)
    linked = set(re.findall(r"\]\((docs/[^)#]+)", readme))
    starts = {"card-holders.md", "developers.md", "support.md"}
    assert {f"docs/start/{name}" for name in starts} | {"docs/library.md", "docs/ja/README.md"} <= linked


@pytest.mark.parametrize("link", ["none", "contact-9600", "nfc-106"])
@pytest.mark.parametrize(
    "program",
    ["jpki status", "jpki cert show auth --format pem", "pkcs15-tool --list-pins", "pkcs15-tool --read-certificate 1"],
)
def test_the_measurements_have_every_program_at_every_link(program: str, link: str) -> None:
    """docs/performance.md has time, commands and bytes of each, as bench/clients wrote them."""
    section = text_of("performance.md").partition("<!-- clients: begin -->")[2].partition("<!-- clients: end -->")[0]
    rows = re.findall(rf"^\| [^|]+ \| {link} \| `{re.escape(program)}` \| (.+) \|$", section, re.MULTILINE)
    assert rows
    for row in rows:
        ms, _, apdus, size, ratio = row.split(" | ")
        assert all(float(number) > 0 for number in (ms, apdus, size, ratio))
    assert re.search(r"on \d{4}-\d\d-\d\d\.\n.+ CPUs, .*Python 3\.", section)
