"""One program at a time uses a card file."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jpki_sim.errors import CardFileError, CardFileInUseError
from jpki_sim.files import CardFileLock, cardfile, cardlock, open_card

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki_sim.model import CardFile

#: Holds the lock until its input ends.
HOLDER = """
import sys
from pathlib import Path
from jpki_sim.files.cardlock import CardFileLock
lock = CardFileLock(Path(sys.argv[1]))
print("locked", flush=True)
sys.stdin.read()
"""
#: Takes one try from a counter, forty times, waiting for its turn without any pause.
COUNTER = """
import sys
from pathlib import Path
from jpki_sim.files.cardlock import CardFileLock
from jpki_sim.errors import CardFileInUseError
path = Path(sys.argv[1])
done = 0
while done < 40:
    try:
        with CardFileLock(path):
            path.write_text(str(int(path.read_text()) + 1))
            done += 1
    except CardFileInUseError:
        pass
"""


@pytest.fixture
def path(tmp_path: Path, card_of: Callable[[str], CardFile]) -> Path:
    """A card file of an ordinary adult."""
    path = tmp_path / "card.json"
    cardfile.save(card_of("adult"), path)
    return path


@pytest.fixture
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another program that uses the card file."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        yield process
        process.kill()


def test_a_second_program_is_told(path: Path, holder: subprocess.Popen[str]) -> None:
    """While another program uses a card file, opening it fails with a sentence that says so, and changes nothing."""
    before = path.read_bytes()
    with pytest.raises(CardFileInUseError, match="another program uses the card file") as caught:
        open_card(str(path))
    assert str(path) in str(caught.value)
    assert path.read_bytes() == before
    assert holder.poll() is None


def test_a_file_is_free_after_its_user_ended(path: Path, holder: subprocess.Popen[str]) -> None:
    """A program that ends, gives the card file free and leaves nothing beside it."""
    holder.communicate("")
    with open_card(str(path)):
        pass
    assert [entry.name for entry in path.parent.iterdir()] == ["card.json"]


def test_a_file_is_free_after_its_user_was_killed(path: Path, holder: subprocess.Popen[str]) -> None:
    """A program that was killed keeps no card file, though it could not tidy up."""
    holder.kill()
    holder.wait()
    with open_card(str(path)):
        pass
    assert [entry.name for entry in path.parent.iterdir()] == ["card.json"]


def test_one_program_uses_a_file_once(path: Path) -> None:
    """The same program cannot open a card file twice either; after the first is closed it can."""
    with open_card(str(path)) as first:
        with pytest.raises(CardFileInUseError):
            open_card(str(path))
        first.close()
        first.close()
        open_card(str(path)).close()


def test_two_names_of_a_file_have_one_lock(path: Path, tmp_path: Path) -> None:
    """A symbolic link to a card file in use is in use."""
    link = tmp_path / "link.json"
    link.symlink_to(path)
    with CardFileLock(path), pytest.raises(CardFileInUseError):
        CardFileLock(link)


def test_no_two_programs_ever_hold_the_lock(tmp_path: Path) -> None:
    """Three programs that count in one file under the lock lose no count, though each removes the lock file."""
    path = tmp_path / "count"
    path.write_text("0")
    command = [sys.executable, "-c", COUNTER, str(path)]
    programs = [subprocess.Popen(command) for _ in range(3)]
    assert [program.wait() for program in programs] == [0, 0, 0]
    assert path.read_text() == "120"


def test_the_card_keeps_the_lock_without_its_wrapper(path: Path) -> None:
    """A card taken out of what open_card returned still has its file for itself."""
    card = open_card(str(path)).card
    with pytest.raises(CardFileInUseError):
        CardFileLock(path)
    del card
    CardFileLock(path).release()


def test_a_broken_file_is_not_kept(path: Path) -> None:
    """After a card file was refused, it is free, for instance to be repaired."""
    path.write_text("{}")
    with pytest.raises(CardFileError, match="schema is missing"):
        open_card(str(path))
    CardFileLock(path).release()


def test_a_folder_without_room_for_a_lock_is_an_error(tmp_path: Path) -> None:
    """Where no lock can be made, the error says so."""
    with pytest.raises(CardFileError, match="cannot be locked"):
        CardFileLock(tmp_path / "none" / "card.json")


def test_a_lock_that_another_program_is_removing_is_tried_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses access to it for a moment; after the time for that it is an error."""
    refused = [PermissionError(errno.EACCES, "being removed")] * 3
    original = os.open

    def opens(*arguments: object, **more: object) -> int:
        if refused:
            raise refused.pop()
        return original(*arguments, **more)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(cardlock, "_PATIENCE", 30.0)
    monkeypatch.setattr(cardlock, "_PAUSE", 0.0)
    monkeypatch.setattr(os, "open", opens)
    CardFileLock(path).release()
    assert not refused
    monkeypatch.setattr(cardlock, "_PATIENCE", 0.0)
    refused.append(PermissionError(errno.EACCES, "for good"))
    with pytest.raises(CardFileError, match="for good"):
        CardFileLock(path)


def test_a_lock_that_goes_while_it_is_taken_is_taken_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One whose name cannot be looked at any more is another file's by now."""
    asked: list[Path] = []
    original = Path.stat

    def stat(self: Path, **more: bool) -> os.stat_result:
        asked.append(self)
        if len(asked) == 1:
            raise PermissionError(errno.EACCES, "about to go")
        return original(self, **more)

    monkeypatch.setattr(Path, "stat", stat)
    with CardFileLock(path):
        assert len(asked) == 2
