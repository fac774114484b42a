"""Changing the cards of a running server: a Unix socket that only its owner can open, one JSON object a line.

====================================================  =====================================================
request                                               effect
====================================================  =====================================================
``{"command": "status"}``                             none
``{"command": "insert", "slot": 0}``                  puts the card back that was in the slot
``{"command": "insert", "slot": 0, "card": "NAME"}``  puts another card into the empty slot
``{"command": "remove", "slot": 0}``                  takes the card out
``{"command": "swap", "slot": 0, "card": "NAME"}``    takes the card out and, a second later, puts another in
====================================================  =====================================================

The answer is ``{"ok": true, "slots": [{"slot": 0, "port": 35963, "inserted": true, "connected": true}]}``
with the state after the command, or ``{"ok": false, "error": "…"}``. ``slot`` may be left out for slot 0.
What a card's NAME means is up to whoever runs the server.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import stat
import sys
import threading
from typing import TYPE_CHECKING, Final

from jpki.errors import JpkiError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from jpki_sim.card import CardPort

    from .result_types import SlotFacts
    from .vpcd import VpcdServer, VpcdSlot

    Answer = dict[str, object]

_log = logging.getLogger(__name__)

#: Seconds that either side waits for the other.
TIMEOUT: Final = 5.0
_LINE_MAX: Final = 65536
_UMASK_OWNER_ONLY: Final = 0o177


class ControlError(JpkiError):
    """The server cannot be reached, cannot be started, or refuses the command."""


class ControlServer:
    """Listens for commands to the slots of a server; a context manager that starts and stops it."""

    def __init__(
        self,
        path: Path,
        server: VpcdServer,
        load: Callable[[str], CardPort],
        release: Callable[[CardPort], None] = lambda _: None,
    ) -> None:
        """Prepare to listen at ``path``.

        ``load`` makes a card from its name, or gives the one that it made of that name, and may raise a JpkiError;
        ``release`` hears of a card that has gone for good.
        """
        self._path = path
        self._server = server
        self._load = load
        self._release = release
        self._listener: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, name="sim-control", daemon=True)

    def __enter__(self) -> Self:
        """Begin to listen.

        Raises:
            ControlError: another server listens there, something else lies there, or there are no Unix sockets.
        """
        self._listener = _listen(self._path)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening and take the socket away."""
        if self._listener is None:
            return
        listener, self._listener = self._listener, None
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        self._thread.join()
        self._path.unlink(missing_ok=True)

    def _run(self) -> None:
        while (listener := self._listener) is not None:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            with link:
                self._talk(link)

    def _talk(self, link: socket.socket) -> None:
        link.settimeout(TIMEOUT)
        try:
            with link.makefile("rwb") as lines:
                while line := lines.readline(_LINE_MAX):
                    lines.write(json.dumps(self._answer(line)).encode() + b"\n")
                    lines.flush()
        except OSError as exc:
            _log.debug("a control connection ended: %s", exc)

    def _answer(self, line: bytes) -> Answer:
        try:
            self._execute(_request(line))
        except RecursionError:
            return {"ok": False, "error": "the request is nested too deeply"}
        except (JpkiError, ValueError, OSError) as exc:
            return {"ok": False, "error": str(exc) or type(exc).__name__}
        return {"ok": True, "slots": [_describe(index, slot) for index, slot in enumerate(self._server.slots)]}

    def _execute(self, request: dict[str, object]) -> None:
        command, name = request.get("command"), request.get("card")
        if name is not None and not isinstance(name, str):
            raise ValueError("card must be text")
        slot = self._slot(request.get("slot", 0))
        if command == "insert":
            if name is None:
                self._require_single(slot, slot.card)
                slot.insert()
            else:
                self._put(slot, name, slot.insert)
        elif command == "remove":
            slot.remove()
        elif command == "swap":
            if name is None:
                raise ValueError("swap needs a card")
            self._put(slot, name, slot.swap)
        elif command != "status":
            raise ValueError("command must be status, insert, remove or swap")

    def _put(self, slot: VpcdSlot, name: str, put: Callable[[CardPort], None]) -> None:
        """Put a card into a slot in place of the one that is or was there; it stays as it is where that fails."""
        before = slot.card
        card = self._load(name)
        try:
            self._require_single(slot, card)
            put(card)
        finally:
            for left in (before, card):
                if left is not None and all(other.card is not left for other in self._server.slots):
                    self._release(left)

    def _require_single(self, slot: VpcdSlot, card: CardPort | None) -> None:
        others = (other for other in self._server.slots if other is not slot)
        if card is not None and any(other.card is card and other.is_inserted for other in others):
            raise ValueError("that card is in another slot")

    def _slot(self, number: object) -> VpcdSlot:
        slots = self._server.slots
        if type(number) is not int or not 0 <= number < len(slots):
            raise ValueError(f"slot must be a number from 0 to {len(slots) - 1}")
        return slots[number]


def _request(line: bytes) -> dict[str, object]:
    request = json.loads(line)
    if not isinstance(request, dict):
        raise ValueError("a request is a JSON object")  # noqa: TRY004 # reported like every other bad request
    return request


def _describe(index: int, slot: VpcdSlot) -> SlotFacts:
    return {"slot": index, "port": slot.port, "inserted": slot.is_inserted, "connected": slot.is_connected}


def _unix_socket() -> socket.socket:
    if sys.platform == "win32":
        raise ControlError("this system has no Unix sockets")
    return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)


def _listen(path: Path) -> socket.socket:
    _clear(path)
    listener = _unix_socket()
    # It gets its name when it listens: a program that waits for the name can connect at once. The length of a socket's
    # path is limited, so the name before that is a short one.
    unready = path.with_name(f".{os.getpid()}")
    mask = os.umask(_UMASK_OWNER_ONLY)
    try:
        listener.bind(str(unready))
        listener.listen()
        unready.rename(path)
    except OSError as exc:
        listener.close()
        unready.unlink(missing_ok=True)
        raise ControlError(f"no control socket can be made at {path}: {exc.strerror or exc}") from exc
    finally:
        os.umask(mask)
    return listener


def _clear(path: Path) -> None:
    """Take away a socket that a server left behind; anything else that lies there is left alone.

    Raises:
        ControlError: a server listens there, or it is not a socket.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise ControlError(f"{path} exists and is no socket")
    with _unix_socket() as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            return
    raise ControlError(f"a server already listens at {path}")


def send_command(path: Path, command: str, *, slot: int = 0, card: str | None = None) -> list[SlotFacts]:
    """Have a running server execute a command; the state of its slots afterwards.

    Raises:
        ControlError: no server listens there, it gives no answer, or it refuses.
    """
    request: dict[str, object] = {"command": command, "slot": slot}
    if card is not None:
        request["card"] = card
    try:
        with _unix_socket() as link:
            link.settimeout(TIMEOUT)
            link.connect(str(path))
            link.sendall(json.dumps(request).encode() + b"\n")
            with link.makefile("rb") as lines:
                line = lines.readline(_LINE_MAX)
    except OSError as exc:
        raise ControlError(f"no server answers at {path}: {exc.strerror or exc}") from exc
    return _slots(line)


def _slots(line: bytes) -> list[SlotFacts]:
    try:
        answer = json.loads(line)
    except ValueError as exc:
        raise ControlError("the server gave no answer") from exc
    if not isinstance(answer, dict) or not answer.get("ok"):
        reason = answer.get("error") if isinstance(answer, dict) else None
        raise ControlError(str(reason or "the server refused the command"))
    slots = answer.get("slots")
    return slots if isinstance(slots, list) else []
