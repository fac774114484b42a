"""Canaries: secrets that are looked for everywhere, in every form that they could take."""

from __future__ import annotations

import base64
import re
import sys
import traceback
from typing import TYPE_CHECKING, Any, Final

import agentclient
import click
from clidesk import Desk
from commandtable import every_command

from jpki_cli.agent import TerminalJournal
from jpki_cli.app import failure_output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest
    from clitest import RunCli

    from jpki.agent.dialogs import Purpose
    from jpki.errors import JpkiError

#: What the card holds, what is typed wrongly, and new values; none of them occurs by chance.
HELD: Final = {"auth": "7391", "sign": "KANARI73", "input": "7519", "juki": "7682"}
WRONG: Final = {"auth": "8391", "sign": "WRKANA83", "input": "8519", "juki": "8682"}
NEW: Final = {"auth": "9537", "sign": "NEKANA95", "input": "9573", "juki": "9482"}
#: Of the wrong form: too long, with a letter, in small letters.
MISSHAPEN: Final = ("73915", "73K1", "kanari-73")
#: The command that takes a PIN and has no ``--pin-stdin``: it is asked for signatures on its socket.
AGENT: Final = ("ssh", "agent")
CANARIES: Final = (*HELD.values(), *WRONG.values(), *NEW.values(), *MISSHAPEN)


def spellings(secret: str) -> list[str]:
    """The spellings in which a secret could come out: as it is, in hex, as a list of numbers, in base64."""
    raw = secret.encode()
    as_numbers, as_base64 = repr(list(raw))[1:-1], base64.b64encode(raw).decode().rstrip("=")
    return [secret, raw.hex(), raw.hex(" "), raw.hex(":"), as_numbers, as_base64]


def forms(secret: str) -> list[re.Pattern[str]]:
    """The spellings as patterns."""
    plain, *others = spellings(secret)
    # Four digits can be a part of a serial number; by themselves they are a PIN.
    text = rf"(?<![0-9A-Za-z]){re.escape(plain)}(?![0-9A-Za-z])"
    return [re.compile(text, re.IGNORECASE), *(re.compile(re.escape(form), re.IGNORECASE) for form in others)]


_PATTERNS: Final = {secret: forms(secret) for secret in CANARIES}


def canaries_in(text: str) -> list[str]:
    """Which secrets a text holds, in whatever form."""
    return [secret for secret, forms in _PATTERNS.items() if any(form.search(text) for form in forms)]


def everything_in(error: BaseException, *, with_variables: bool) -> Iterator[str]:
    """Texts of an exception and of all behind it, and the local variables of this program's frames."""
    yield from traceback.format_exception(error)
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        exc = waiting.pop()
        if exc is None or exc in seen:
            continue
        seen.append(exc)
        yield f"{exc} {exc!r} {exc.args!r} {vars(exc)!r}"
        for frame, _ in traceback.walk_tb(exc.__traceback__):
            if with_variables and re.search(r"/jpki(_cli)?/", frame.f_code.co_filename):
                yield from (repr(value) for value in frame.f_locals.values())
        waiting += [exc.__cause__, exc.__context__]


class Leaf:
    """A command that takes a secret, with arguments that make it run."""

    def __init__(self, words: tuple[str, ...], command: click.Command) -> None:
        self.words = words
        self.command = command

    @property
    def is_change(self) -> bool:
        """Whether it takes two secrets."""
        return self.words[-1] == "change"

    def lines(self, file: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
        """For each choice of its argument: the PIN that it takes, and the words of a command line."""
        options = [word for p in self.command.params for word in _required(p)]
        options += ["--yes"] if any("--yes" in p.opts for p in self.command.params) else []
        if any("--with-pin" in p.opts for p in self.command.params):
            yield from ((pin, (*self.words, *options, "--with-pin", pin)) for pin in ("auth", "sign", "input"))
            return
        arguments = [p for p in self.command.params if isinstance(p, click.Argument)]
        choices = _choices(arguments[0]) if arguments else []
        for choice in choices or [str(file)] * bool(arguments) or [""]:
            yield _pin_of(self.words, choice), (*self.words, *options, *([choice] if choice else []))


def _required(param: click.Parameter) -> tuple[str, ...]:
    return (param.opts[0], "00112233") if isinstance(param, click.Option) and param.required else ()


def _choices(argument: click.Argument) -> list[str]:
    return [str(choice) for choice in getattr(argument.type, "choices", ())]


def _pin_of(words: tuple[str, ...], choice: str) -> str:
    if choice in HELD:
        return choice
    return {"sign": "sign", "attributes": "input"}.get(words[0], "auth")


def leaves() -> list[Leaf]:
    """Every command that reads a secret from a script."""
    taking = "--pin-stdin"
    return [Leaf(words, command) for words, command in every_command() if any(taking in p.opts for p in command.params)]


class Aviary:
    """Runs command lines on cards that hold canaries, and collects everything that comes out."""

    def __init__(
        self, run_cli: RunCli, monkeypatch: pytest.MonkeyPatch, folder: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        self._run_cli = run_cli
        self._monkeypatch = monkeypatch
        self._caplog = caplog
        self.folder = folder
        self.file = folder / "file"
        self.file.write_bytes(b"to be signed")
        self.errors: list[BaseException] = []
        self.codes: set[int] = set()
        original = failure_output.report

        def report(app: Any, exc: BaseException) -> int:
            self.errors.append(exc)
            return original(app, exc)

        monkeypatch.setattr(failure_output, "report", report)
        monkeypatch.setattr(TerminalJournal, "not_signed", self._listen_to(TerminalJournal.not_signed))
        caplog.set_level(0)

    def desk(self, persona: str = "adult", faults: str = "", tries: int | None = None) -> Desk:
        """A card whose PINs are canaries."""
        desk = Desk(self._run_cli, self._monkeypatch, persona, faults)
        for name, reference in desk.card.image.reference_data().items():
            if name in HELD:
                reference.value = HELD[name].encode()
                reference.retries_remaining = reference.retries_remaining if tries is None else tries
        return desk

    def _listen_to(self, original: Callable[[TerminalJournal, Purpose, JpkiError], None]) -> Callable[..., None]:
        def tell(journal: TerminalJournal, purpose: Purpose, exc: JpkiError) -> None:
            self.errors.append(exc)
            original(journal, purpose, exc)

        return tell

    def run_agent(self, desk: Desk, *options: str, requests: int = 1, agent_options: tuple[str, ...] = ()) -> list[str]:
        """Run the SSH agent with a client that asks for signatures, and shows the environment that it was given."""
        client = [sys.executable, agentclient.__file__, str(requests)]
        return self.run(desk, *options, *AGENT, *agent_options, "--", *client)

    def answer_with(self, secret: str) -> None:
        """Have the program of SSH_ASKPASS answer for the person."""
        program = self.folder / "askpass"
        (self.folder / "answer").write_text(f"{secret}\n")
        program.write_text(f"#!/bin/sh\nexec cat '{self.folder / 'answer'}'\n")
        program.chmod(0o700)
        self._monkeypatch.setenv("SSH_ASKPASS", str(program))
        self._monkeypatch.setenv("SSH_ASKPASS_REQUIRE", "force")

    def run(self, desk: Desk, *arguments: str, stdin: str | None = None, is_on_command_line: bool = False) -> list[str]:
        """Run one command line; which canaries came out, and where.

        Where one stands on the command line, the variables of the program hold it as the system does.
        """
        self.errors.clear()
        self._caplog.clear()
        before = set(self.folder.iterdir())
        result = desk.run(*arguments, stdin=stdin)
        self.codes.add(result.code)
        places = {"stdout": result.stdout, "stderr": result.stderr, "log": self._caplog.text}
        for record in self._caplog.records:
            places[f"log record {record.name}"] = f"{record.getMessage()} {record.args!r}"
        for error in self.errors:
            texts = everything_in(error, with_variables=not is_on_command_line)
            places |= {f"exception {number}": text for number, text in enumerate(texts)}
        for path in set(self.folder.iterdir()) - before:
            places[path.name] = path.read_bytes().decode(errors="replace")
            path.unlink()
        return [
            f"{' '.join(arguments)}: {canary} in {place}"
            for place, text in places.items()
            for canary in canaries_in(text)
        ]
