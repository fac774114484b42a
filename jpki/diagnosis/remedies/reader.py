"""What to do about a reader, and a card that it does not read."""

from __future__ import annotations

from typing import Final

from jpki.words import M

from .record import MACOS_SETTINGS, NIX_REBUILD, Remedy

_BLOCK_NFC: Final = (
    r"printf 'blacklist pn533_usb\nblacklist pn533\nblacklist nfc\n' | sudo tee /etc/modprobe.d/no-kernel-nfc.conf"
)
_NIX_BLOCK_NFC: Final = (
    'boot.blacklistedKernelModules = [ "pn533_usb" "pn533" "nfc" ];  # in /etc/nixos/configuration.nix'
)


class ReaderRemedy(Remedy):
    """What to do about a reader, or about how a card lies on it."""

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
            "nix": (_NIX_BLOCK_NFC, NIX_REBUILD),
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
        {"macos": (f"sudo defaults write {MACOS_SETTINGS} useIFDCCID -bool yes",)},
    )
    USE_KEYBOARD = (
        "use_keyboard",
        M("If that causes problems, type PINs on the computer: --no-pinpad."),
    )
