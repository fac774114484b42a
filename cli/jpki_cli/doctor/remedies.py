"""What to do, in words, and the exact commands for each system."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jpki.diagnosis.codes import Remedy
from jpki_cli.words.i18n import M, Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REMEDIES: Final[dict[Remedy, Message]] = {
    Remedy.UPDATE_PYTHON: M("Install Python 3.11 or newer."),
    Remedy.INSTALL_PYSCARD: M("Install what compiling takes, then this program again, so that pyscard comes with it."),
    Remedy.UPDATE_PYSCARD: M("Update pyscard."),
    Remedy.LEAVE_SANDBOX: M("Install this program outside the sandbox, from its folder with pipx."),
    Remedy.WINDOWS_BUILD: M("It is simplest to run this program in Windows itself."),
    Remedy.WSL_ATTACH: M(
        "Or hand the reader over to WSL: in Windows, list the devices, bind the reader (once, as administrator) and "
        "attach it."
    ),
    Remedy.REDIRECT_READER: M(
        "Connect the reader to the computer that you sit at, and turn on “Smart cards” under the local devices of the "
        "session; or run this program on that computer."
    ),
    Remedy.INSTALL_LIBRARY: M("Install the library."),
    Remedy.INSTALL_SERVICE: M("Install the service and the driver of readers."),
    Remedy.ENABLE_SERVICE: M(
        "Start the service, and let it start by itself from now on (on Windows: as administrator)."
    ),
    Remedy.RESTART_SERVICE: M("Start the service again (on Windows: as administrator)."),
    Remedy.SEE_LOG: M("If that does not help, look into its log."),
    Remedy.USE_OWN_SCREEN: M("Run this on the computer's own screen, not through SSH, cron or a service."),
    Remedy.POLKIT_RULE: M(
        "Or have an administrator allow it: this file, with your user name in the place of USER, as "
        "/etc/polkit-1/rules.d/50-pcsc.rules. Root is not needed for the program itself."
    ),
    Remedy.SHOW_PROC: M("Mount /proc without hidepid, or make polkit's user a member of the group named by gid=."),
    Remedy.CONNECT_READER: M("Connect the reader; try another USB port without a hub."),
    Remedy.REPLUG_READER: M("Unplug the reader and connect it again."),
    Remedy.USE_OTHER_READER: M("Use a reader of the common kind (CCID), for example the RC-S300."),
    Remedy.SONY_SOFTWARE: M("Install Sony's “NFC Port Software” and switch PC/SC on with its “PC/SC activator”."),
    Remedy.UNLOAD_NFC_DRIVERS: M("Unload the kernel's NFC drivers."),
    Remedy.BLOCK_NFC_DRIVERS: M("Keep them from being loaded again."),
    Remedy.GNUPG_WITHOUT_CCID: M("Let GnuPG use the smart card service, too, and start it again."),
    Remedy.INSTALL_DRIVER: M("Install the driver."),
    Remedy.UPDATE_DRIVER: M("Update the driver (ccid)."),
    Remedy.REINSTALL_WINDOWS_DRIVER: M(
        "Remove the drivers of other makers' readers, unplug the reader, install its driver again, restart Windows, "
        "and connect the reader."
    ),
    Remedy.CHOOSE_READER: M("Choose with --reader and a name or a number."),
    Remedy.ONE_CARD_ONLY: M("Or take the other cards away."),
    Remedy.PUT_CARD: M("Put the card on the reader, one card only; in a slot, with the gold chip first and facing up."),
    Remedy.TURN_CARD: M("Take the card out, turn it over, wipe its chip with a dry cloth, and put it in again."),
    Remedy.CLEAR_SURROUNDINGS: M(
        "On a contactless reader: take the card out of its case, away from metal, phones and other cards, and hold it "
        "still for some seconds."
    ),
    Remedy.TRY_OTHER_CARD: M("Try another card of this kind, to tell whether it is the reader or the card."),
    Remedy.CLOSE_PROGRAM: M(
        "Close that program. Usual ones: browsers, GnuPG, the JPKI client software, software of readers and keys."
    ),
    Remedy.HOLD_STILL: M("Put the card back and hold it still until the command is done."),
    Remedy.RUN_AGAIN: M("Then run this again."),
    Remedy.MACOS_OLD_DRIVER: M("If reading fails, switch to the driver that macOS used before."),
    Remedy.USE_KEYBOARD: M("Where that makes trouble, type PINs on the computer: --no-pinpad."),
    Remedy.USE_MY_NUMBER_CARD: M(
        "Lay a My Number Card on the reader: no residence card, driver's licence or bank card."
    ),
    Remedy.REPLACE_CARD: M("If no reader can read the card, ask your municipality for a new one."),
    Remedy.SHOW_CARD_AT_OFFICE: M(
        "If it stays so, show the card at the office of your municipality, and say that its certificate flags and its "
        "files differ: it can read the card, and issue a certificate or a card anew."
    ),
    Remedy.RESET_PIN: M(
        "It is reset at the office of the municipality that keeps your resident record. In some cases a convenience "
        "store can do it; jpki status says whether in this one."
    ),
    Remedy.WAITING_DOES_NOT_HELP: M("Waiting does not unlock it, and no program can."),
    Remedy.SEE_STATUS: M("All counters, and what to do next:"),
    Remedy.SHOW_SIGN_CERTIFICATE: M("To see them, with the signature password:"),
    Remedy.RENEW_CERTIFICATE: M("It is renewed at the office of your municipality, free of charge."),
    Remedy.CHECK_CLOCK: M("Check the date of this computer."),
    Remedy.SHORT_APDUS_ONLY: M(
        "If another program fails, use it with another reader, or with the reader's common driver."
    ),
    Remedy.SERVICE_WITHOUT_APDU_LOG: M("Take --apdu (-a) out of how pcscd is started, and remove logs that hold PINs."),
    Remedy.UNSET_SPY: M("Remove these variables from the environment before entering a PIN."),
    Remedy.DRIVER_LOG_LEVEL: M(
        "Remove the variable, or set the level back to 0x0003 in that file, before entering a PIN."
    ),
    Remedy.MACOS_LOGGING_OFF: M("Switch it off before entering a PIN."),
}

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

#: Commands by remedy, and in it by the first of these names that is there: package manager with service manager,
#: package manager, service manager, kind of system, "any". What is not there has no command.
COMMANDS: Final[dict[Remedy, Mapping[str, tuple[str, ...]]]] = {
    Remedy.UPDATE_PYTHON: {
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
    Remedy.INSTALL_PYSCARD: {
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
    Remedy.UPDATE_PYSCARD: {"any": ("pipx runpip jpki install --upgrade 'pyscard>=2.2.2,<3'",)},
    Remedy.LEAVE_SANDBOX: {"any": ("pipx install .",)},
    Remedy.WSL_ATTACH: {
        "any": ("usbipd list", "usbipd bind --busid BUSID", "usbipd attach --wsl --busid BUSID"),
    },
    Remedy.INSTALL_LIBRARY: {
        "apt": ("sudo apt install libpcsclite1",),
        "dnf": ("sudo dnf install pcsc-lite-libs",),
        "pacman": ("sudo pacman -S pcsclite",),
        "apk": ("doas apk add pcsc-lite-libs",),
        "zypper": ("sudo zypper install libpcsclite1",),
        "emerge": ("sudo emerge --ask sys-apps/pcsc-lite",),
        "xbps": ("sudo xbps-install -S libpcsclite",),
    },
    Remedy.INSTALL_SERVICE: _LINUX_INSTALL,
    Remedy.INSTALL_DRIVER: {
        "apt": ("sudo apt install libccid",),
        "dnf": ("sudo dnf install pcsc-lite-ccid",),
        "pacman": ("sudo pacman -S ccid",),
        "apk": ("doas apk add ccid",),
        "zypper": ("sudo zypper install pcsc-ccid",),
        "emerge": ("sudo emerge --ask app-crypt/ccid",),
        "xbps": ("sudo xbps-install -S pcsc-ccid",),
    },
    Remedy.UPDATE_DRIVER: {
        "apt": ("sudo apt update && sudo apt install --only-upgrade libccid",),
        "dnf": ("sudo dnf upgrade pcsc-lite-ccid",),
        "pacman": ("sudo pacman -Syu ccid",),
        "apk": ("doas apk add --upgrade ccid",),
        "zypper": ("sudo zypper update pcsc-ccid",),
        "emerge": ("sudo emerge --sync", "sudo emerge --ask --update app-crypt/ccid"),
        "xbps": ("sudo xbps-install -Su pcsc-ccid",),
        "nix": ("sudo nixos-rebuild switch --upgrade",),
    },
    Remedy.ENABLE_SERVICE: {
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
    Remedy.RESTART_SERVICE: {
        "systemd": ("sudo systemctl restart pcscd",),
        "apk openrc": ("doas rc-service pcscd restart",),
        "openrc": ("sudo rc-service pcscd restart",),
        "runit": ("sudo sv restart pcscd",),
        "windows": ("sc.exe stop SCardSvr", "sc.exe start SCardSvr"),
        "init_scripts": ("sudo service pcscd restart",),
    },
    Remedy.SEE_LOG: {
        "systemd": ("journalctl --unit pcscd --since today",),
        "linux": ("sudo grep -s pcscd /var/log/syslog /var/log/messages",),
        "windows": ("eventvwr /c:System",),
        "macos": (_MACOS_LOG,),
    },
    Remedy.POLKIT_RULE: {"nix": _NIX_POLKIT, "linux": (_POLKIT_RULE,)},
    Remedy.UNLOAD_NFC_DRIVERS: {
        "apk": ("doas modprobe -r pn533_usb pn533 nfc",),
        "linux": ("sudo modprobe -r pn533_usb pn533 nfc",),
    },
    Remedy.BLOCK_NFC_DRIVERS: {
        "apk": (_BLOCK_NFC.replace("sudo", "doas"),),
        "nix": (_NIX_BLOCK_NFC, _NIX_REBUILD),
        "linux": (_BLOCK_NFC,),
    },
    Remedy.GNUPG_WITHOUT_CCID: {"any": ("echo disable-ccid >> ~/.gnupg/scdaemon.conf", "gpgconf --kill scdaemon")},
    Remedy.MACOS_OLD_DRIVER: {"macos": (f"sudo defaults write {_SETTINGS} useIFDCCID -bool yes",)},
    Remedy.SEE_STATUS: {"any": ("jpki status",)},
    Remedy.SHOW_SIGN_CERTIFICATE: {"any": ("jpki cert show sign",)},
    Remedy.CHOOSE_READER: {"any": ("jpki readers",)},
    Remedy.SERVICE_WITHOUT_APDU_LOG: {"systemd": ("systemctl cat pcscd.service",)},
    Remedy.UNSET_SPY: {"any": ("unset LIBPCSCLITE_DELEGATE LIBPCSCLITE_SPY_DELEGATE LD_PRELOAD",)},
    Remedy.DRIVER_LOG_LEVEL: {"any": ("unset LIBCCID_ifdLogLevel",)},
    Remedy.MACOS_LOGGING_OFF: {"macos": (f"sudo defaults write {_SETTINGS} Logging -bool no",)},
}


def commands_for(remedy: Remedy, names: Sequence[str]) -> tuple[str, ...]:
    """The commands for a system that has these names, the most telling first; root is not told to become root."""
    table = COMMANDS.get(remedy, {})
    found = next((table[name] for name in (" ".join(names[:2]), *names, "any") if name in table), ())
    return tuple(_BECOME_ROOT.sub("", command) for command in found) if AS_ROOT in names else found
