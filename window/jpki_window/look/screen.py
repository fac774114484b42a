"""What is said in plain words where the window cannot be drawn: no toolkit, a library of the system missing, no screen.

The toolkit itself ends the process with a long line in English. Nothing of it is imported here before it is needed.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NoReturn

from jpki.words import M

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.words import Message

#: What the toolkit needs of Debian beside itself (packaging/debian/control has the same).
DEBIAN: Final = (
    *("libdbus-1-3", "libegl1", "libfontconfig1", "libgl1", "libx11-xcb1", "libxcb-cursor0", "libxcb-icccm4"),
    *("libxcb-image0", "libxcb-keysyms1", "libxcb-randr0", "libxcb-render-util0", "libxcb-shape0", "libxcb-util1"),
    *("libxcb-xkb1", "libxkbcommon-x11-0"),
)
#: The exit code of a window that cannot be shown, as of a command that is not installed.
CANNOT_SHOW: Final = 2
_OF_TOOLKIT: Final = ("PySide6", "shiboken6")
_NO_SCREEN: Final = "could not connect to display"


def missing_words(exc: ImportError) -> tuple[Message, ...] | None:
    """What it means that the toolkit cannot be imported; None where it is something else that cannot be."""
    if isinstance(exc, ModuleNotFoundError):
        if (exc.name or "").split(".")[0] not in _OF_TOOLKIT:
            return None
        return (
            M("The window is not installed: it needs the library PySide6."),
            M("In the folder of the project: pipx install --force '.[{extra}]'", extra="window"),
        )
    return _library_words(str(exc).split(":")[0]) if ".so" in str(exc) else None


def _library_words(library: str) -> tuple[Message, ...]:
    return (
        M("The window cannot be drawn: a library of the system is missing ({library}).", library=library),
        M("Debian, Ubuntu: sudo apt install {packages}", packages=" ".join(DEBIAN)),
    )


def _screen_words(said: list[str]) -> tuple[Message, ...]:
    """What it means that the toolkit found no way to draw, by what it said before."""
    missing = _missing_library()
    if missing is not None and not any(_NO_SCREEN in line for line in said):
        return _library_words(missing)
    return (
        M("The window cannot be drawn: there is no screen here that this user may draw on."),
        M("Start it on the computer's own screen, not through SSH or a scheduled job."),
    )


def _missing_library() -> str | None:
    """The library that keeps the toolkit's plugin for X from being loaded."""
    from PySide6.QtCore import QLibraryInfo

    plugins = QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)
    plugin = os.path.join(plugins, "platforms", "libqxcb.so")
    if not os.path.exists(plugin):
        return None
    try:
        ctypes.CDLL(plugin)
    except OSError as exc:
        return str(exc).split(":")[0]
    return None


@contextmanager
def explained(end: Callable[[tuple[Message, ...]], NoReturn]) -> Iterator[None]:
    """While the application is made, call ``end`` with what is the matter, in the place of the toolkit's abort."""
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler

    said: list[str] = []

    def hear(kind: QtMsgType, _context: object, line: str) -> None:
        if kind == QtMsgType.QtFatalMsg:
            end(_screen_words(said))
        said.append(line.strip())

    qInstallMessageHandler(hear)
    yield
    qInstallMessageHandler(None)
    for line in said:
        print(line, file=sys.stderr)  # noqa: T201 - as the toolkit itself does


def end_with(words: tuple[Message, ...], language: str) -> NoReturn:
    """Say it on stderr, and end the process: the toolkit would abort it at once."""
    for word in words:
        print(word.text(language), file=sys.stderr)  # noqa: T201 - there is no window to say it in
    sys.stderr.flush()
    os._exit(CANNOT_SHOW)


def system_language() -> str:
    """``ja`` or ``en``, where no setting can be asked."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "ja" if next(filter(None, names), "").startswith("ja") else "en"
