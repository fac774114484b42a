"""Where a socket may lie: in a folder in whose place, or in which, no other user can put anything."""

from __future__ import annotations

import os
import socket
import stat
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jpki.agent import SocketInUseError, UnsafeFolderError, connect_to_agent, sockets
from jpki.agent.folders import require_own_folder
from jpki.agent.sockets import listening

if TYPE_CHECKING:
    from collections.abc import Callable

NOBODYS = 12345
#: An upper bound; nothing is timed.
SECONDS = 30
pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="for POSIX systems")


def folder(path: Path, mode: int) -> Path:
    """Make a folder of a mode, whatever the umask is."""
    path.mkdir()
    path.chmod(mode)
    return path


@pytest.fixture
def give_away(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Have a file belong to another user: by chown for root, else by being another user from then on."""

    def give(path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, NOBODYS, NOBODYS, follow_symlinks=False)
        else:
            monkeypatch.setattr("os.geteuid", lambda: NOBODYS)

    return give


def refused(place: Path) -> UnsafeFolderError:
    """What the listening side says of a place, and the connecting side with it; nothing was made there."""
    with pytest.raises(UnsafeFolderError) as listened, listening(place):
        pytest.fail("it was opened")
    with pytest.raises(UnsafeFolderError) as connected:
        connect_to_agent(place)
    assert (connected.value.path, connected.value.is_foreign) == (listened.value.path, listened.value.is_foreign)
    assert not place.exists()
    return listened.value


@pytest.mark.parametrize("mode", [0o777, 0o775, 0o757, 0o730, 0o702, 0o1777, 0o1775, 0o1757])
def test_a_folder_that_others_can_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    """By the group or by all, with the sticky bit too, which keeps nobody from being there first."""
    shared = folder(tmp_path / "shared", mode)
    error = refused(shared / "card.sock")
    assert (error.path, error.is_foreign) == (shared, False)


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o711, 0o1755, 0o2750])
def test_a_folder_that_only_its_user_can_write_to_is_taken(tmp_path: Path, mode: int) -> None:
    """Reading it does no harm; the socket is the owner's alone."""
    place = folder(tmp_path / "own", mode) / "card.sock"
    with listening(place):
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
        connection = connect_to_agent(place)
        assert connection is not None
        connection.close()


@pytest.mark.parametrize(("mode", "is_taken"), [(0o1777, True), (0o1775, True), (0o777, False), (0o775, False)])
def test_above_it_the_sticky_bit_is_enough(tmp_path: Path, mode: int, *, is_taken: bool) -> None:
    """Others cannot exchange a folder of this user in /tmp; without that bit they can."""
    above = folder(tmp_path / "above", mode)
    own = folder(above / "own", 0o700)
    if is_taken:
        with listening(own / "card.sock"):
            pass
    else:
        assert refused(own / "card.sock").path == above


def test_a_folder_of_another_user_is_refused(tmp_path: Path, give_away: Callable[[Path], None]) -> None:
    """He can put anything into it, whatever its mode."""
    other = folder(tmp_path / "other", 0o755)
    give_away(other)
    assert refused(other / "card.sock").is_foreign


def test_a_folder_below_one_of_another_user_is_refused(tmp_path: Path, give_away: Callable[[Path], None]) -> None:
    """He can exchange it."""
    other = folder(tmp_path / "other", 0o755)
    own = folder(other / "own", 0o700)
    give_away(other)
    assert refused(own / "card.sock").is_foreign


@pytest.mark.parametrize("is_relative", [False, True])
def test_a_link_is_followed(tmp_path: Path, *, is_relative: bool) -> None:
    """What it leads to is judged, by names with dots too."""
    shared = folder(tmp_path / "shared", 0o777)
    own = folder(tmp_path / "own", 0o700)
    link = tmp_path / "link"
    link.symlink_to("own/../shared" if is_relative else shared)
    assert refused(link / "card.sock").path == shared
    link.unlink()
    link.symlink_to("shared/../own" if is_relative else own)
    if is_relative:  # the way leads through a folder in which others could put something else
        assert refused(link / "card.sock").path == shared
    else:
        require_own_folder(link)


def test_a_link_of_another_user_is_refused(tmp_path: Path, give_away: Callable[[Path], None]) -> None:
    """He can have it lead elsewhere at any time; so it is in /tmp."""
    temporary = folder(tmp_path / "tmp", 0o1777)
    link = temporary / "link"
    link.symlink_to(folder(tmp_path / "own", 0o700))
    give_away(link)
    assert refused(link / "card.sock").is_foreign


def test_links_in_a_circle_are_no_folder(tmp_path: Path) -> None:
    """An error of the system, as of any name that leads nowhere."""
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    with pytest.raises(OSError, match=r"links|exists"), listening(tmp_path / "one" / "card.sock"):
        pytest.fail("it was opened")
    assert connect_to_agent(tmp_path / "one" / "card.sock") is None


def test_folders_that_are_made_are_the_users_alone(tmp_path: Path) -> None:
    """Each of them, under a umask that would let all write."""
    place = tmp_path / "one" / "two" / "card.sock"
    before = os.umask(0)
    try:
        with listening(place):
            modes = [stat.S_IMODE(path.stat().st_mode) for path in (place.parents[1], place.parent)]
    finally:
        os.umask(before)
    assert modes == [0o700, 0o700]


def test_nobody_at_all_listens(tmp_path: Path) -> None:
    """No socket, no folder, and a file that is none: no connection, no error."""
    assert connect_to_agent(tmp_path / "card.sock") is None
    assert connect_to_agent(tmp_path / "none" / "card.sock") is None
    (tmp_path / "file").write_bytes(b"")
    assert connect_to_agent(tmp_path / "file") is None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="only Linux tells who listens")
def test_a_socket_on_which_another_user_listens_is_refused(tmp_path: Path) -> None:
    """The kernel keeps who it was that began to listen."""
    place = tmp_path / "card.sock"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as listener:
        listener.bind(str(place))
        os.seteuid(NOBODYS)
        try:
            listener.listen()
        finally:
            os.seteuid(0)
        with pytest.raises(UnsafeFolderError) as raised:
            connect_to_agent(place)
        assert (raised.value.path, raised.value.is_foreign) == (place, True)


def test_a_socket_that_a_killed_agent_has_left_is_replaced(tmp_path: Path) -> None:
    """Nobody listens on it; one on which somebody listens stays, and so does a file that is no socket."""
    place = tmp_path / "card.sock"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as left_behind:
        left_behind.bind(str(place))
    with listening(place):
        with pytest.raises(SocketInUseError), listening(place):
            pytest.fail("it was opened twice")
        connection = connect_to_agent(place)
        assert connection is not None
        connection.close()
    assert not place.exists()
    place.write_bytes(b"mine")
    with pytest.raises(OSError, match="in use"), listening(place):
        pytest.fail("it was opened in the place of a file")
    assert place.read_bytes() == b"mine"


def test_of_two_agents_that_start_at_once_one_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both find the socket of a killed agent: the second must not remove the first one's new socket as that one's."""
    place = tmp_path / "card.sock"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as left_behind:
        left_behind.bind(str(place))
    refused: list[bool] = []
    may_end = threading.Event()

    def second() -> None:
        try:
            with listening(place):
                may_end.wait(SECONDS)
        except SocketInUseError:
            refused.append(True)

    other = threading.Thread(target=second)
    original = sockets.is_alive

    def looked(found: Path) -> bool:
        answer = original(found)
        if other.ident is None:
            other.start()
            other.join(0.3)  # so long the other has the place for itself, unless it waits
        return answer

    monkeypatch.setattr(sockets, "is_alive", looked)
    with listening(place):
        may_end.set()
        other.join(SECONDS)
        assert refused == [True]
        connection = connect_to_agent(place)
        assert connection is not None
        connection.close()


def test_the_root_of_the_file_system_is_no_place() -> None:
    """A folder is in the way there; it is an error of the system's like that of any other folder."""
    with pytest.raises((OSError, UnsafeFolderError)), listening(Path("/")):
        pytest.fail("it was opened")
