"""Files that are made: found out before anything is done whether they can be, never replaced, never lost."""

from __future__ import annotations

import errno
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jpki.errors import FileError
from jpki.files import placing
from jpki.files.placing import KeptError, is_name_forbidden, write_beside
from jpki_cli.app import OutputTarget
from jpki_cli.failures import explain

if TYPE_CHECKING:
    from collections.abc import Callable

    from clitest import RunCli


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system without hard links, as exFAT is."""

    def link(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", link)


def _names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_file_system_without_hard_links(tmp_path: Path, no_links: None) -> None:
    """The file is there, whole, for its owner alone, and nothing beside it."""
    write_beside(tmp_path / "made", [b"a" * 100_000, b"b"], force=False)
    assert (tmp_path / "made").read_bytes() == b"a" * 100_000 + b"b"
    assert _names(tmp_path) == ["made"]
    if sys.platform != "win32":
        assert (tmp_path / "made").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("no_links")
def test_without_hard_links_no_file_is_replaced(tmp_path: Path) -> None:
    """A file that came to exist meanwhile stays as it is; what was made gets another name, which is told."""
    (tmp_path / "letter.p7s").write_bytes(b"first")
    with pytest.raises(KeptError) as caught:
        write_beside(tmp_path / "letter.p7s", [b"second"], force=False)
    assert (tmp_path / "letter.p7s").read_bytes() == b"first"
    assert caught.value.kept == tmp_path / "letter-1.p7s"
    assert caught.value.kept.read_bytes() == b"second"
    assert _names(tmp_path) == ["letter-1.p7s", "letter.p7s"]


def test_a_name_as_long_as_a_name_can_be(tmp_path: Path) -> None:
    """What is made beside the target has a short name of its own."""
    path = tmp_path / ("x" * 255)
    write_beside(path, [b"made"], force=False)
    assert path.read_bytes() == b"made"


def test_what_has_no_place_at_all_stays_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no name can be given, the temporary file is the file, and is told."""

    def place(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "gone")

    monkeypatch.setattr(placing, "place", place)
    with pytest.raises(KeptError) as caught:
        write_beside(tmp_path / "made", [b"made"], force=False)
    assert caught.value.kept.read_bytes() == b"made"
    assert caught.value.strerror == "gone"


def test_a_failure_amid_writing_leaves_nothing(tmp_path: Path) -> None:
    """Neither the file nor what was written of it stays."""

    def pieces() -> list[bytes]:
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        write_beside(tmp_path / "made", (pieces() for _ in range(1)), force=False)  # type: ignore[misc]  # it raises
    assert _names(tmp_path) == []


def test_a_full_disk_takes_no_signature_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be made again goes into the folder for temporary files, and the place is told."""
    spare, place = tmp_path / "spare", tmp_path / "place"
    spare.mkdir()
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spare))
    target = OutputTarget(str(place / "letter.p7s"), force=False, is_binary=True)
    original = os.fsync

    def fsync(descriptor: int) -> None:
        if _names(place):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        original(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(FileError) as caught:
        target.write_made(lambda: [b"made"])
    (kept,) = spare.iterdir()
    assert (kept.read_bytes(), kept.suffix, _names(place)) == (b"made", ".p7s", [])
    assert str(kept) in " ".join(map(str, explain(caught.value).remedy))


@pytest.mark.parametrize("made", [lambda path: path.mkdir(), lambda path: path.write_bytes(b"")])
def test_a_name_that_is_taken_is_found_out_first(tmp_path: Path, made: Callable[[Path], object]) -> None:
    """A folder or a file of that name is refused before anything is done."""
    made(tmp_path / "taken")
    with pytest.raises(FileError) as caught:
        OutputTarget(str(tmp_path / "taken"), force=False, is_binary=True)
    assert explain(caught.value).exit_code == 2


def test_what_the_system_refuses_is_found_out_first(run_cli: RunCli, tmp_path: Path) -> None:
    """A name that is too long is told before the password is asked for, and leaves nothing behind."""
    (tmp_path / "letter.txt").write_bytes(b"TEST")
    output = tmp_path / ("x" * 300)
    arguments = ("sign", str(tmp_path / "letter.txt"), "-o", str(output), "--pin-stdin", "--yes", "--json")
    result = run_cli("--sim", "adult", *arguments, stdin="WRONGPW1\n")
    assert (result.code, json.loads(result.stdout)["code"]) == (2, "cannot_write")
    assert _names(tmp_path) == ["letter.txt"]


def test_a_file_that_another_program_has_open_is_found_out_first(
    run_cli: RunCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Windows does not let be replaced is told before the password is asked for, with --force, and stays."""
    (tmp_path / "letter.txt").write_bytes(b"TEST")
    output = tmp_path / "letter.p7s"
    output.write_bytes(b"old")

    def replace(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    if sys.platform != "win32":
        monkeypatch.setattr(os, "replace", replace)
    arguments = ("sign", str(tmp_path / "letter.txt"), "-o", str(output), "--force", "--pin-stdin", "--yes", "--json")
    with output.open("rb"):
        result = run_cli("--sim", "adult", *arguments, stdin="WRONGPW1\n")
    assert (result.code, json.loads(result.stdout)["code"]) == (2, "cannot_write")
    assert output.read_bytes() == b"old"


@pytest.mark.parametrize("name", ["nul.p7s", "letter.p7s ", "LPT1"])
def test_a_name_that_windows_forbids_is_found_out_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Nothing is done, and the sentence has the name."""
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(FileError) as caught:
        OutputTarget(str(tmp_path / name), force=False, is_binary=True)
    assert explain(caught.value).exit_code == 2
    assert caught.value.fault == "name_forbidden"


def test_looking_leaves_nothing_behind(tmp_path: Path) -> None:
    """Trying an output out makes no file, and does not touch one that may be replaced."""
    (tmp_path / "old").write_bytes(b"old")
    OutputTarget(str(tmp_path / "new"), force=False, is_binary=True)
    OutputTarget(str(tmp_path / "old"), force=True, is_binary=True)
    assert _names(tmp_path) == ["old"]
    assert (tmp_path / "old").read_bytes() == b"old"


@pytest.mark.parametrize(
    ("name", "is_forbidden"),
    [
        ("letter.p7s", False),
        ("CON", True),
        ("nul.txt", True),
        ("com7", True),
        ("aux.p7s", True),
        ("NUL .p7s", True),
        ("LPT¹.p7s", True),
        ("con-tract.p7s", False),
        ("console", False),
        ("a:b", True),
        ("what?.p7s", True),
        ("ends with a dot.", True),
        ("ends with a blank ", True),
        ("a\tb", True),
        ("手紙.p7s", False),
    ],
)
def test_names_that_windows_takes(monkeypatch: pytest.MonkeyPatch, name: str, is_forbidden: bool) -> None:  # noqa: FBT001 - a parameter
    """Devices, forbidden characters, and ends that Windows drops are no names there; elsewhere they are."""
    monkeypatch.setattr(sys, "platform", "win32")
    assert is_name_forbidden(name) is is_forbidden
    monkeypatch.setattr(sys, "platform", "linux")
    assert not is_name_forbidden(name)


def test_windows_renames_without_replacing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There a rename refuses a name that is taken, and no hard link is needed."""
    monkeypatch.setattr(sys, "platform", "win32")
    renamed: list[Path] = []

    def rename(self: Path, target: Path) -> None:
        renamed.append(target)
        os.replace(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    write_beside(tmp_path / "made", [b"made"], force=False)
    assert renamed == [tmp_path / "made"]
