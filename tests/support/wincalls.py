"""The calls of the tests' winscard.dll (winscard.c): a line of words each, over loopback."""

from __future__ import annotations

import socketserver
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from winservice import ScardError, Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class ScardServer(socketserver.ThreadingTCPServer):
    """The service, where winscard.dll finds it; ``address`` is for the environment of a program."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, service: Service) -> None:
        """Listen, and answer from now on."""
        super().__init__(("127.0.0.1", 0), _Call)
        self.service = service
        self.address = f"127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening and unplug every reader."""
        self.shutdown()
        self.server_close()
        for reader in tuple(self.service.readers):
            self.service.unplug(reader)


class _Call(socketserver.StreamRequestHandler):
    """One call; that of SCardEstablishContext lasts as long as its context."""

    server: ScardServer

    def handle(self) -> None:
        """Carry the call out and answer."""
        words = self.rfile.readline().decode("ascii").split()
        service = self.server.service
        service.calls.append(words[0].rstrip("AW"))
        context = None
        try:
            answer = f"0 {self._carry_out(service, words)}"
            if words[0] == "establish":
                context = int(answer.split()[1], 16)
        except ScardError as exc:
            answer = f"{exc.code:x}"
        with suppress(OSError):
            self.wfile.write(answer.strip().encode("ascii") + b"\n")
            if context is not None:
                self.rfile.read()
        if context is not None:
            service.forget(context)

    @staticmethod
    def _carry_out(service: Service, words: list[str]) -> str:
        name, arguments = words[0], words[1:]
        kind = name[-1] if name[-1] in "AW" else ""
        plain = name.removesuffix(kind) if kind else name
        queue = service.rules.failures.get(plain)
        if queue:
            raise ScardError(queue.pop(0))
        encoding = service.rules.code_page if kind == "A" else "utf-16-le"
        if plain == "list":
            return service.list_readers(arguments[0], lambda text: text.encode(encoding, "replace"))
        if plain == "change":
            pairs: Iterator[str] = iter(arguments[2:])
            asked = [
                (bytes.fromhex(name[1:]).decode(encoding), int(state, 16))
                for name, state in zip(pairs, pairs, strict=True)
            ]
            return service.change(arguments[0], arguments[1], asked)
        if plain == "connect":
            arguments[1] = bytes.fromhex(arguments[1][1:]).decode(encoding)
        call: Callable[..., str] = getattr(service, plain)
        return call(*arguments)
