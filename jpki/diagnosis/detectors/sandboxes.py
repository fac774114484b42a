"""Browsers in a sandbox of their own (snap, flatpak): which are installed, and to whose sandbox a folder belongs.

Where they put programs and their data: snapcraft.io/docs/data-locations, docs.flatpak.org (Conventions).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.diagnosis.causes import ProgramsCause
from jpki.diagnosis.findings import noted
from jpki.outside_text import OutsideText

if TYPE_CHECKING:
    from jpki.diagnosis.facts import Files
    from jpki.diagnosis.findings import Outcome

#: Names to show, by the name of the snap.
_SNAPS: Final = {"firefox": "Firefox", "chromium": "Chromium", "brave": "Brave"}
#: Names to show, by the id of the flatpak.
_FLATPAKS: Final = {
    "org.mozilla.firefox": "Firefox",
    "org.chromium.Chromium": "Chromium",
    "com.google.Chrome": "Chrome",
    "com.brave.Browser": "Brave",
}
#: Where snapd shows what is installed, on Debian and Ubuntu and on Fedora; it leaves a user's data behind.
_SNAP_PLACES: Final = ("/snap", "/var/lib/snapd/snap")
_FIREFOX: Final = "Firefox"


def installed_in_sandbox(files: Files, home: str, *, with_firefox: bool = True) -> tuple[str, ...]:
    """Name the browsers that are installed in a sandbox; ``with_firefox`` False: those of Chromium's kind only."""
    snaps = (
        f"{name} (snap)"
        for snap, name in _SNAPS.items()
        if any(
            files.exists(path) for place in _SNAP_PLACES for path in (f"{place}/{snap}/current", f"{place}/bin/{snap}")
        )
    )
    flatpaks = (
        f"{name} (flatpak)"
        for app, name in _FLATPAKS.items()
        if any(files.exists(f"{data}/flatpak/app/{app}") for data in ("/var/lib", f"{home}/.local/share"))
    )
    return tuple(name for name in (*snaps, *flatpaks) if with_firefox or not name.startswith(_FIREFOX))


def sandbox_of(folder: str, home: str) -> str | None:
    """Name the program in a sandbox to whose data a folder belongs; None if it is no sandbox's."""
    for start, names, kind in (("snap", _SNAPS, "snap"), (".var/app", _FLATPAKS, "flatpak")):
        root = f"{home}/{start}/"
        if folder.startswith(root):
            program = folder[len(root) :].partition("/")[0]
            return f"{names.get(program, OutsideText(program))} ({kind})"
    return None


def noted_sandboxes(browsers: tuple[str, ...]) -> Outcome:
    """What there is to know of browsers in a sandbox, by their names."""
    return noted(ProgramsCause.BROWSER_IN_SANDBOX, details=browsers)
