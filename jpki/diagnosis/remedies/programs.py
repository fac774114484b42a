"""What to do about other programs: those that log PINs, and those that do not find the card."""

from __future__ import annotations

from jpki.words import M

from .record import MACOS_SETTINGS, Remedy


class ProgramsRemedy(Remedy):
    """What to do about a program that logs PINs, or one that does not find the card."""

    SERVICE_WITHOUT_APDU_LOG = (
        "service_without_apdu_log",
        M("Remove --apdu (-a) from the way pcscd is started, and delete logs that contain PINs."),
        {"systemd": ("systemctl cat pcscd.service",)},
    )
    UNSET_SPY = (
        "unset_spy",
        M("Remove these variables from the environment before entering a PIN."),
        {"any": ("unset LIBPCSCLITE_DELEGATE LIBPCSCLITE_SPY_DELEGATE LD_PRELOAD",)},
    )
    DRIVER_LOG_LEVEL = (
        "driver_log_level",
        M("Remove the variable, or set the level back to 0x0003 in that file, before entering a PIN."),
        {"any": ("unset LIBCCID_ifdLogLevel",)},
    )
    MACOS_LOGGING_OFF = (
        "macos_logging_off",
        M("Switch it off before entering a PIN."),
        {"macos": (f"sudo defaults write {MACOS_SETTINGS} Logging -bool no",)},
    )
    INSTALL_P11_KIT = (
        "install_p11_kit",
        M("Install p11-kit's module."),
        {
            "apt": ("sudo apt install p11-kit-modules",),
            "dnf": ("sudo dnf install p11-kit-server",),
            "pacman": ("sudo pacman -S p11-kit",),
            "apk": ("doas apk add p11-kit-server",),
            "zypper": ("sudo zypper install p11-kit-server",),
            "emerge": ("sudo emerge --ask app-crypt/p11-kit",),
            "xbps": ("sudo xbps-install -S p11-kit",),
            "brew": ("brew install p11-kit",),
        },
    )
    START_AGENT = (
        "start_agent",
        M("Start the agent; without systemd leave it running in a window of its own."),
        {
            "systemd": ("systemctl --user daemon-reload", "systemctl --user start jpki-agent.service"),
            "any": ("jpki agent",),
        },
    )
    INSTALL_AGAIN = (
        "install_again",
        M("Write the file again, on a terminal of the desktop and without sudo or su."),
        {"any": ("jpki pkcs11 install",)},
    )
    RESTART_PROGRAM = (
        "restart_program",
        M("Then close the browser or other program, and start it again."),
    )
    GIVE_MODULE_PATH = (
        "give_module_path",
        M("Run the program as an ordinary user, or give it the path that this names:"),
        {"any": ("jpki pkcs11 install",)},
    )
    USE_BROWSER_OF_SYSTEM = (
        "use_browser_of_system",
        M(
            "If it does not find the card, install the browser from the system's own packages or from its maker. On "
            "Ubuntu apt installs Firefox and Chromium as snaps: get the .deb of Firefox from Mozilla, or that of "
            "Chrome from Google."
        ),
    )
