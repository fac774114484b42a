"""How far the reading of a large file is: a bar on stderr, where a person looks at it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from jpki.files import Following, Progress

from . import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki_cli.words import Message

#: Smaller files are read before a bar could be looked at.
SHOWN_FROM: Final = 16 * 1024 * 1024


#: Asked at each step whether somebody wants to stop, where signals are remembered and not raised.
_checks: list[Callable[[], None]] = []


@contextmanager
def stoppable(check: Callable[[], None]) -> Iterator[None]:
    """Let long reading and writing inside the block be stopped: ``check`` raises where a signal was remembered."""
    _checks.append(check)
    try:
        yield
    finally:
        _checks.pop()


def _check() -> None:
    for check in _checks:
        check()


@contextmanager
def progress(label: Message, size: int) -> Iterator[Progress]:
    """Show a bar for a file of this size, if it is large and a person looks at stderr."""
    if size < SHOWN_FROM or not sys.stderr.isatty():
        yield Progress(lambda _: _check(), lambda _: None)
        return
    import click

    from jpki.outside_text import visible

    with click.progressbar(length=size, label=visible(str(label)), file=sys.stderr) as bar:

        def update(count: int) -> None:
            _check()
            left = (bar.length or 0) - bar.pos
            bar.update(min(count, left))

        def expect(length: int) -> None:
            bar.length = max(length, bar.pos + 1)  # the last step is made at the end

        yield Progress(update, expect)
        update(bar.length or 0)  # what was foretold is about what is read


def following() -> Following:
    """Work on files is shown on stderr, and done by the clock of the command line."""
    return Following(clock.now, progress)
