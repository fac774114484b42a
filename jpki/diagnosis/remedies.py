"""What to do, in words, and the exact commands for each system."""

from __future__ import annotations

import enum
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from jpki.words import M

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from jpki.words import Message

_POLKIT_RULE: Final = """\
polkit.addRule(function(action, subject) {
  if ((action.id == "org.debian.pcsc-lite.access_pcsc" || action.id == "org.debian.pcsc-lite.access_card") &&
      subject.user == "USER") {
    return polkit.Result.YES;
  }
});"""
_BLOCK_NFC: Final = (
    r"printf 'blacklist pn533_usb\nblacklist pn533\nblacklist nfc\n' | sudo tee /etc/modprobe.d/no-kernel-nfc.conf"
)
_NIX_REBUILD: Final = "sudo nixos-rebuild switch"
_NIX_SERVICE: Final = ("services.pcscd.enable = true;  # in /etc/nixos/configuration.nix", _NIX_REBUILD)
_NIX_BLOCK_NFC: Final = (
    'boot.blacklistedKernelModules = [ "pn533_usb" "pn533" "nfc" ];  # in /etc/nixos/configuration.nix'
)
_NIX_POLKIT: Final = (
    f"security.polkit.extraConfig = ''  # in /etc/nixos/configuration.nix\n{_POLKIT_RULE}\n'';",
    _NIX_REBUILD,
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
_SETTINGS: Final = "/Library/Preferences/com.apple.security.smartcard"
_MACOS_LOG: Final = (
    "log show --last 10m --predicate "
    '\'process == "usbsmartcardreaderd" || process == "com.apple.ifdreader" || process == "com.apple.ctkpcscd"\''
)


#: Among the names of a system: this program runs as root, who need not become it.
AS_ROOT: Final = "root"
_BECOME_ROOT: Final = re.compile(r"\b(?:sudo|doas) ")


class Remedy(enum.Enum):
    """One thing to do about a cause.

    ``commands`` are those by a name of a system: package manager with service manager, package manager, service
    manager, kind of system, "any".
    """

    _value_: str
    text: Message
    commands: Mapping[str, tuple[str, ...]]

    def __new__(cls, code: str, text: Message, commands: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> Self:
        """Make a record, which always has its sentence."""
        member = object.__new__(cls)
        member._value_ = code
        member.text, member.commands = text, commands
        return member

    def commands_for(self, names: Sequence[str]) -> tuple[str, ...]:
        """The commands for a system that has these names, the most specific first; root is not asked to become root."""
        wanted = (" ".join(names[:2]), *names, "any")
        found = next((self.commands[name] for name in wanted if name in self.commands), ())
        return tuple(_BECOME_ROOT.sub("", command) for command in found) if AS_ROOT in names else found

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
    CONNECT_READER = (
        "connect_reader",
        M("Connect the reader; try another USB port without a hub."),
    )
    REPLUG_READER = (
        "replug_reader",
        M("Unplug the reader and connect it again."),
    )
    USE_OTHER_READER = (
        "use_other_reader",
        M("Use a reader of the common kind (CCID), for example the RC-S300."),
    )
    SONY_SOFTWARE = (
        "sony_software",
        M("Install Sony's “NFC Port Software” and switch PC/SC on with its “PC/SC activator”."),
    )
    UNLOAD_NFC_DRIVERS = (
        "unload_nfc_drivers",
        M("Unload the kernel's NFC drivers."),
        {
            "apk": ("doas modprobe -r pn533_usb pn533 nfc",),
            "linux": ("sudo modprobe -r pn533_usb pn533 nfc",),
        },
    )
    BLOCK_NFC_DRIVERS = (
        "block_nfc_drivers",
        M("Prevent them from being loaded again."),
        {
            "apk": (_BLOCK_NFC.replace("sudo", "doas"),),
            "nix": (_NIX_BLOCK_NFC, _NIX_REBUILD),
            "linux": (_BLOCK_NFC,),
        },
    )
    GNUPG_WITHOUT_CCID = (
        "gnupg_without_ccid",
        M("Let GnuPG use the smart card service as well, and restart it."),
        {"any": ("echo disable-ccid >> ~/.gnupg/scdaemon.conf", "gpgconf --kill scdaemon")},
    )
    INSTALL_DRIVER = (
        "install_driver",
        M("Install the driver."),
        {
            "apt": ("sudo apt install libccid",),
            "dnf": ("sudo dnf install pcsc-lite-ccid",),
            "pacman": ("sudo pacman -S ccid",),
            "apk": ("doas apk add ccid",),
            "zypper": ("sudo zypper install pcsc-ccid",),
            "emerge": ("sudo emerge --ask app-crypt/ccid",),
            "xbps": ("sudo xbps-install -S pcsc-ccid",),
        },
    )
    UPDATE_DRIVER = (
        "update_driver",
        M("Update the driver (ccid)."),
        {
            "apt": ("sudo apt update && sudo apt install --only-upgrade libccid",),
            "dnf": ("sudo dnf upgrade pcsc-lite-ccid",),
            "pacman": ("sudo pacman -Syu ccid",),
            "apk": ("doas apk add --upgrade ccid",),
            "zypper": ("sudo zypper update pcsc-ccid",),
            "emerge": ("sudo emerge --sync", "sudo emerge --ask --update app-crypt/ccid"),
            "xbps": ("sudo xbps-install -Su pcsc-ccid",),
            "nix": ("sudo nixos-rebuild switch --upgrade",),
        },
    )
    REINSTALL_WINDOWS_DRIVER = (
        "reinstall_windows_driver",
        M(
            "Remove the drivers of other makers' readers, unplug the reader, install its driver again, restart "
            "Windows, and connect the reader."
        ),
    )
    CHOOSE_READER = (
        "choose_reader",
        M("Choose one with --reader and its name or number."),
        {"any": ("jpki readers",)},
    )
    ONE_CARD_ONLY = (
        "one_card_only",
        M("Or remove the other cards."),
    )
    PUT_CARD = (
        "put_card",
        M("Put the card on the reader, one card only; in a slot, with the gold chip first and facing up."),
    )
    TURN_CARD = (
        "turn_card",
        M("Take the card out, turn it over, wipe its chip with a dry cloth, and put it in again."),
    )
    CLEAR_SURROUNDINGS = (
        "clear_surroundings",
        M(
            "On a contactless reader: take the card out of its case, keep it away from metal, phones and other "
            "cards, and do not move it for some seconds."
        ),
    )
    TRY_OTHER_CARD = (
        "try_other_card",
        M("Try another card of this kind to find out whether the cause is the reader or the card."),
    )
    CLOSE_PROGRAM = (
        "close_program",
        M(
            "Close that program. Common ones are browsers, GnuPG, the JPKI client software, and the software of "
            "readers and security keys."
        ),
    )
    HOLD_STILL = (
        "hold_still",
        M("Put the card back and hold it still until the command is done."),
    )
    RUN_AGAIN = (
        "run_again",
        M("Then run this again."),
    )
    MACOS_OLD_DRIVER = (
        "macos_old_driver",
        M("If reading fails, switch to the driver that macOS used before."),
        {"macos": (f"sudo defaults write {_SETTINGS} useIFDCCID -bool yes",)},
    )
    USE_KEYBOARD = (
        "use_keyboard",
        M("If that causes problems, type PINs on the computer: --no-pinpad."),
    )
    USE_MY_NUMBER_CARD = (
        "use_my_number_card",
        M("Place a My Number Card on the reader. Residence cards, driving licences and bank cards do not work."),
    )
    REPLACE_CARD = (
        "replace_card",
        M("If no reader can read the card, ask your municipality for a new one."),
    )
    SHOW_CARD_AT_OFFICE = (
        "show_card_at_office",
        M(
            "If nothing changes, show the card at your municipal office and say that its certificate flags and its "
            "files do not agree. The office can read the card, and issue a new certificate or a new card."
        ),
    )
    SEE_STATUS = (
        "see_status",
        M("To see all remaining tries and what to do next:"),
        {"any": ("jpki status",)},
    )
    SHOW_SIGN_CERTIFICATE = (
        "show_sign_certificate",
        M("To see them (needs the signature password):"),
        {"any": ("jpki cert show sign",)},
    )
    CHECK_CLOCK = (
        "check_clock",
        M("Check the date of this computer."),
    )
    SHORT_APDUS_ONLY = (
        "short_apdus_only",
        M("If another program fails, use it with another reader, or with the reader's common driver."),
    )
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
        {"macos": (f"sudo defaults write {_SETTINGS} Logging -bool no",)},
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
        M("If it does not find the card, use a browser from the system's own packages or from its maker."),
    )
