"""What to do about what is installed: Python, pyscard, and the smart card service."""

from __future__ import annotations

from typing import Final

from jpki.words import M

from .record import NIX_REBUILD, Remedy

_POLKIT_RULE: Final = """\
polkit.addRule(function(action, subject) {
  if ((action.id == "org.debian.pcsc-lite.access_pcsc" || action.id == "org.debian.pcsc-lite.access_card") &&
      subject.user == "USER") {
    return polkit.Result.YES;
  }
});"""
_NIX_SERVICE: Final = ("services.pcscd.enable = true;  # in /etc/nixos/configuration.nix", NIX_REBUILD)
_NIX_POLKIT: Final = (
    f"security.polkit.extraConfig = ''  # in /etc/nixos/configuration.nix\n{_POLKIT_RULE}\n'';",
    NIX_REBUILD,
)
_LINUX_INSTALL: Final = {
    "apt": ("sudo apt install pcscd libccid",),
    "dnf": ("sudo dnf install pcsc-lite pcsc-lite-ccid",),
    "pacman": ("sudo pacman -S pcsclite ccid",),
    "apk": ("doas apk add pcsc-lite ccid",),
    "zypper": ("sudo zypper install pcsc-lite pcsc-ccid",),
    "emerge": ("sudo emerge --ask sys-apps/pcsc-lite app-crypt/ccid",),
    "xbps": ("sudo xbps-install -S pcsclite pcsc-ccid",),
    "nix": _NIX_SERVICE,
}
_MACOS_LOG: Final = (
    "log show --last 10m --predicate "
    '\'process == "usbsmartcardreaderd" || process == "com.apple.ifdreader" || process == "com.apple.ctkpcscd"\''
)


class SetupRemedy(Remedy):
    """What to do about the programs and the service that the way to a card needs."""

    UPDATE_PYTHON = (
        "update_python",
        M("Install Python 3.11 or newer."),
        {
            "apt": ("sudo apt install python3.11",),
            "dnf": ("sudo dnf install python3.12",),
            "pacman": ("sudo pacman -Syu python",),
            "apk": ("doas apk add --upgrade python3",),
            "zypper": ("sudo zypper install python313",),
            "emerge": ("sudo emerge --ask dev-lang/python:3.13",),
            "xbps": ("sudo xbps-install -Su python3",),
            "brew": ("brew install python@3.13",),
            "windows": ("winget install Python.Python.3.13",),
        },
    )
    INSTALL_PYSCARD = (
        "install_pyscard",
        M(
            "Install what compiling takes (Windows and macOS: nothing, with Python 3.11 to 3.13), then this program "
            "again, so that pyscard comes with it."
        ),
        {
            "apt": ("sudo apt install pipx gcc python3-dev libpcsclite-dev", "pipx install --force ."),
            "dnf": ("sudo dnf install pipx gcc python3-devel pcsc-lite-devel", "pipx install --force ."),
            "pacman": ("sudo pacman -S python-pipx gcc pcsclite", "pipx install --force ."),
            "apk": ("doas apk add pipx gcc musl-dev python3-dev pcsc-lite-dev swig", "pipx install --force ."),
            "zypper": ("sudo zypper install python3-pipx gcc python3-devel pcsc-lite-devel", "pipx install --force ."),
            "emerge": ("sudo emerge --ask dev-python/pipx sys-apps/pcsc-lite", "pipx install --force ."),
            "xbps": ("sudo xbps-install -S python3-pipx gcc python3-devel pcsclite-devel", "pipx install --force ."),
            "brew": ("pipx install --force --python python3.13 .",),
            "windows": ("py -3.13 -m pipx install --force .",),
            "any": ("pipx install --force .",),
        },
    )
    UPDATE_PYSCARD = (
        "update_pyscard",
        M("Update pyscard."),
        {
            "windows": ('py -3.13 -m pipx runpip jpki install --upgrade "pyscard>=2.2.2,<3"',),
            "any": ('pipx runpip jpki install --upgrade "pyscard>=2.2.2,<3"',),
        },
    )
    LEAVE_SANDBOX = (
        "leave_sandbox",
        M("Install this program outside the sandbox, from its folder with pipx."),
        {"any": ("pipx install .",)},
    )
    WINDOWS_BUILD = (
        "windows_build",
        M("The simplest way is to run this program in Windows itself."),
    )
    WSL_ATTACH = (
        "wsl_attach",
        M(
            "Or pass the reader on to WSL: in Windows, list the devices, bind the reader (once, as administrator) "
            "and attach it."
        ),
        {
            "any": ("usbipd list", "usbipd bind --busid BUSID", "usbipd attach --wsl --busid BUSID"),
        },
    )
    REDIRECT_READER = (
        "redirect_reader",
        M(
            "Connect the reader to the computer that you sit at, and turn on “Smart cards” under the local devices "
            "of the session. Or run this program on that computer."
        ),
    )
    INSTALL_LIBRARY = (
        "install_library",
        M("Install the library."),
        {
            "apt": ("sudo apt install libpcsclite1",),
            "dnf": ("sudo dnf install pcsc-lite-libs",),
            "pacman": ("sudo pacman -S pcsclite",),
            "apk": ("doas apk add pcsc-lite-libs",),
            "zypper": ("sudo zypper install libpcsclite1",),
            "emerge": ("sudo emerge --ask sys-apps/pcsc-lite",),
            "xbps": ("sudo xbps-install -S libpcsclite",),
        },
    )
    INSTALL_SERVICE = (
        "install_service",
        M("Install the service and the driver for readers."),
        _LINUX_INSTALL,
    )
    ENABLE_SERVICE = (
        "enable_service",
        M("Start the service, and have it started automatically from now on (on Windows: as administrator)."),
        {
            "nix": _NIX_SERVICE,
            "systemd": ("sudo systemctl enable --now pcscd.socket",),
            "apk openrc": ("doas rc-update add pcscd", "doas rc-service pcscd start"),
            "openrc": ("sudo rc-update add pcscd default", "sudo rc-service pcscd start"),
            "runit": ("sudo ln -s /etc/sv/pcscd /var/service/",),
            "windows": ("sc.exe config SCardSvr start= demand", "sc.exe start SCardSvr"),
            "init_scripts": ("sudo service pcscd start",),
            "apk": ("doas pcscd",),
            "linux": ("sudo pcscd",),
        },
    )
    RESTART_SERVICE = (
        "restart_service",
        M("Restart the service (on Windows: as administrator)."),
        {
            "systemd": ("sudo systemctl restart pcscd",),
            "apk openrc": ("doas rc-service pcscd restart",),
            "openrc": ("sudo rc-service pcscd restart",),
            "runit": ("sudo sv restart pcscd",),
            "windows": ("sc.exe stop SCardSvr", "sc.exe start SCardSvr"),
            "init_scripts": ("sudo service pcscd restart",),
        },
    )
    SEE_LOG = (
        "see_log",
        M("If that does not help, look at its log."),
        {
            "systemd": ("journalctl --unit pcscd --since today",),
            "linux": ("sudo grep -s pcscd /var/log/syslog /var/log/messages",),
            "windows": ("eventvwr /c:System",),
            "macos": (_MACOS_LOG,),
        },
    )
    USE_OWN_SCREEN = (
        "use_own_screen",
        M("Run this on the computer's own screen, not through SSH, cron or a service."),
    )
    POLKIT_RULE = (
        "polkit_rule",
        M(
            "Or have an administrator allow it: this file, with your user name in the place of USER, as "
            "/etc/polkit-1/rules.d/50-pcsc.rules. Root is not needed for the program itself."
        ),
        {"nix": _NIX_POLKIT, "linux": (_POLKIT_RULE,)},
    )
    SHOW_PROC = (
        "show_proc",
        M("Mount /proc without hidepid, or add polkit's user to the group given by gid=."),
    )


#: What to try first with a service that runs and does not do its work.
RESTART_AND_LOG: Final = (SetupRemedy.RESTART_SERVICE, SetupRemedy.SEE_LOG)
