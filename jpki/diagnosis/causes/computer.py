"""What can be wrong with the computer: Python, pyscard, the PC/SC library, where this program runs."""

from __future__ import annotations

from jpki.diagnosis.remedies import SetupRemedy
from jpki.words import M

from .record import Cause, Obstacle


class ComputerCause(Cause):
    """What is wrong with the computer."""

    PYTHON_TOO_OLD = (
        "python_too_old",
        ("17",),
        M("Python is too old: {details}."),
        M("This program needs Python 3.11 or newer."),
        (SetupRemedy.UPDATE_PYTHON,),
        Obstacle.SETUP,
    )
    PYSCARD_MISSING = (
        "pyscard_missing",
        ("17",),
        M("The Python module pyscard is not installed, or cannot be loaded."),
        M(
            "It is the bridge to card readers. On Linux it is compiled during installation, which requires some "
            "packages."
        ),
        (SetupRemedy.INSTALL_PYSCARD,),
    )
    PYSCARD_TOO_OLD = (
        "pyscard_too_old",
        ("17",),
        M("The Python module pyscard is too old: {details}."),
        M("Versions before 2.2.2 keep one connection to the service forever, which fails after a reader is unplugged."),
        (SetupRemedy.UPDATE_PYSCARD,),
        Obstacle.NONE,
    )
    SANDBOX = (
        "sandbox",
        ("13",),
        M("This program runs in a sandbox or container ({details})."),
        M(
            "A sandbox has its own copy of the PC/SC library, or cannot reach the service outside. If the versions "
            "of library and service do not match, it looks as if the service were not running."
        ),
        (SetupRemedy.LEAVE_SANDBOX,),
    )
    WSL = (
        "wsl",
        ("2d",),
        M("This is Linux inside Windows (WSL)."),
        M("USB devices are not visible unless Windows passes them on; after that, the service has to be restarted."),
        (SetupRemedy.WINDOWS_BUILD, SetupRemedy.WSL_ATTACH, SetupRemedy.RESTART_SERVICE),
    )
    REMOTE_DESKTOP = (
        "remote_desktop",
        ("2e",),
        M("This is a Remote Desktop session."),
        M(
            "Inside such a session Windows looks for readers at the computer that you sit at, not at the one that you "
            "logged in to."
        ),
        (SetupRemedy.REDIRECT_READER,),
    )
    LIBRARY_MISSING = (
        "pcsc_library_missing",
        ("1",),
        M("The PC/SC library {details} is not installed."),
        M("Programs reach card readers through this library. Without it, it looks as if the service were not running."),
        (SetupRemedy.INSTALL_LIBRARY,),
    )
