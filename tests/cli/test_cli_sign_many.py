"""``jpki sign`` with many files: what is found first, the turns at the card, and what a failure leaves."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from clidesk import Desk
from pdfsamples import plain
from signdesk import failed, sign, verify

from jpki.files import cms as signing
from jpki.signing.cms import build
from jpki_cli.app import AppContext

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli


def _files(folder: Path, count: int, suffix: str = ".txt") -> list[str]:
    paths = [folder / f"file-{number:02}{suffix}" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(plain(text=b"%%%d" % number) if suffix == ".pdf" else b"%d" % number)
    return [str(path) for path in paths]


def _presented(apdus: list[bytes]) -> int:
    return len([apdu for apdu in apdus if apdu[1] == 0x20 and len(apdu) > 5])


def _signed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".p7s")


@pytest.mark.parametrize(("count", "turns"), [(1, 1), (20, 1), (21, 2), (40, 2), (41, 3)])
def test_twenty_signatures_in_a_turn(
    run_cli: RunCli, tmp_path: Path, apdus: list[bytes], count: int, turns: int
) -> None:
    """One VERIFY in each turn, one signature for each file, another application selected at each turn's end."""
    files = _files(tmp_path, count)
    result = sign(run_cli, *files)

    assert result.code == 0
    assert _presented(apdus) == turns
    signatures = [place for place, apdu in enumerate(apdus) if apdu[1] == 0x2A]
    assert len(signatures) == count
    verifies = [place for place, apdu in enumerate(apdus) if apdu[1] == 0x20 and len(apdu) > 5]
    for begin, end in zip(verifies, [*verifies[1:], len(apdus)], strict=True):
        assert len([place for place in signatures if begin < place < end]) <= 20
        last = max(place for place in signatures if begin < place < end)
        assert any(apdu[:4] == bytes.fromhex("00a4040c") for apdu in apdus[last + 1 : end])
    assert ("The password is kept for" in result.stderr) is (turns > 1)
    assert [failed(verify(run_cli, name)) for name in (files[0], files[-1])] == [[[]], [[]]]


def test_there_is_a_line_for_each_file_and_a_summary(
    run_cli: RunCli, tmp_path: Path, validate: Callable[[dict[str, Any]], None]
) -> None:
    """On stdout; in JSON the list."""
    files = _files(tmp_path, 3)
    told = sign(run_cli, *files)
    listed = sign(run_cli, *files, "--force", "--json")

    assert told.stdout.count("Signed:") == 3
    assert told.stdout.endswith("3 files signed.\n")
    validate(listed.json)
    assert [entry["file"] for entry in listed.json["files"]] == files


def test_what_is_kept_is_said_before_the_password_is_asked_for(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A person who does not want that can stop; two questions in all, the first for a yes."""
    desk = Desk(run_cli, monkeypatch)
    said: list[str] = []
    desk.answers, desk.secrets = ["y"], ["SIMCARD1"]
    desk.on_question = said.append
    monkeypatch.setattr(AppContext, "note", lambda _, message: said.append(str(message)))
    result = desk.run("sign", *_files(tmp_path, 25))

    assert result.code == 0
    assert len(desk.asked) == 2
    assert len(desk.presented) == 2
    assert ["kept for 2 turns" in text for text in said].index(True) < said.index(desk.asked[1])


@pytest.mark.parametrize("bad", ["missing", "folder", "output", "locked"])
def test_one_bad_file_among_many_is_found_first(
    run_cli: RunCli, tmp_path: Path, apdus: list[bytes], bad: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2, nothing is signed, the card is not touched, whichever of them it is."""
    files = _files(tmp_path, 5)
    last = tmp_path / "last.txt"
    if bad == "folder":
        last.mkdir()
    elif bad != "missing":
        last.write_bytes(b"x")
    if bad == "output":
        last.with_name("last.txt.p7s").write_bytes(b"keep")
    if bad == "locked":
        original = type(last).open

        def refuse(self: Path, *arguments: Any, **options: Any) -> Any:
            if self.name == "last.txt":
                raise PermissionError(13, "Permission denied", str(self))
            return original(self, *arguments, **options)

        monkeypatch.setattr(type(last), "open", refuse)
    result = sign(run_cli, *files, str(last))

    assert result.code == 2
    assert "last.txt" in result.stderr
    assert apdus == []
    assert _signed(tmp_path) == (["last.txt.p7s"] if bad == "output" else [])


def test_one_broken_pdf_among_many_is_found_first(run_cli: RunCli, tmp_path: Path, apdus: list[bytes]) -> None:
    """Exit 2, and nothing is signed."""
    files = _files(tmp_path, 2, ".pdf")
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(plain()[:300])
    result = sign(run_cli, *files, str(broken), "--json")

    assert (result.code, result.json["code"]) == (2, "pdf_broken")
    assert apdus == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.pdf", "file-00.pdf", "file-01.pdf"]


@pytest.mark.parametrize("way", ["same", "dot", "link"])
def test_a_file_named_twice_is_refused(
    run_cli: RunCli, tmp_path: Path, apdus: list[bytes], monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Whatever it is called the second time."""
    monkeypatch.chdir(tmp_path)
    (name,) = _files(tmp_path, 1)
    (tmp_path / "link").symlink_to(tmp_path)
    again = {"same": name, "dot": "./file-00.txt", "link": "link/file-00.txt"}[way]

    assert sign(run_cli, name, again).code == 2
    assert apdus == []


@pytest.mark.parametrize("options", [("--force",), ("--force", "--attached")])
def test_no_file_to_be_signed_is_replaced(
    run_cli: RunCli, tmp_path: Path, apdus: list[bytes], options: tuple[str, ...]
) -> None:
    """Neither by its own signature nor by another file's."""
    path = tmp_path / "a"
    path.write_bytes(b"content")
    other = tmp_path / ("a.p7m" if "--attached" in options else "a.p7s")
    other.write_bytes(b"a signature of others")
    results = [
        sign(run_cli, str(path), "-o", str(path), *options, "--json"),
        sign(run_cli, str(path), str(other), *options, "--json"),
    ]

    assert [(result.code, result.json["code"]) for result in results] == [(2, "output_is_input")] * 2
    assert apdus == []
    assert (path.read_bytes(), other.read_bytes()) == (b"content", b"a signature of others")


def test_a_card_that_leaves_between_the_turns(
    run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, validate: Callable[[dict[str, Any]], None]
) -> None:
    """Exit 3; the twenty of the first turn are written and told, and no others; the same in JSON."""
    files = _files(tmp_path, 25)
    desk = Desk(run_cli, monkeypatch)
    assert desk.run("sign", *files, "--yes", "--pin-stdin", stdin="SIMCARD1\n").code == 0
    second = desk.reached.index(desk.presented[1], desk.reached.index(desk.presented[0]) + 1)
    for name in _signed(tmp_path):
        (tmp_path / name).unlink()

    desk = Desk(run_cli, monkeypatch, faults=f"remove:{second}")
    told = desk.run("sign", *files, "--yes", "--pin-stdin", stdin="SIMCARD1\n")

    assert told.code == 3
    assert told.stdout.count("Signed:") == 20
    assert "20 of 25 files were signed before this." in " ".join(told.stderr.split())
    assert len(_signed(tmp_path)) == 20
    assert failed(verify(run_cli, files[19])) == [[]]

    desk = Desk(run_cli, monkeypatch, faults=f"remove:{second}")
    listed = desk.run("sign", *files, "--force", "--yes", "--pin-stdin", "--json", stdin="SIMCARD1\n")
    validate(listed.json)
    assert [entry["file"] for entry in listed.json["files"]] == files[:20]


def test_a_file_that_changes_meanwhile_is_not_signed(
    run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a file that is another one by now, a signature would not be its: exit 1, and none is written."""
    (name,) = _files(tmp_path, 1)
    original = build.signed_attributes

    def change(*arguments: Any) -> Any:
        with open(name, "ab") as file:
            file.write(b"more")
        os.utime(name, ns=(0, 0))
        return original(*arguments)

    monkeypatch.setattr(signing, "signed_attributes", change)
    for options in ((), ("--attached",), ("--pem",)):
        result = sign(run_cli, name, *options, "--json")
        assert (result.code, result.json["code"]) == (1, "file_changed")
    assert [path.name for path in tmp_path.iterdir()] == ["file-00.txt"]
