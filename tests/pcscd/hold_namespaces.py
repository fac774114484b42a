"""Prepares the namespaces that unshare made it in, says so on stdout, and keeps them until its stdin ends.

Inside, /run is empty, so that this PC/SC service's socket and lock meet no other's and nobody's D-Bus is asked; no USB
device can be opened, so that a reader of the machine stays with whoever uses it; and the network is a loopback of
its own, which is where the virtual reader listens.
"""

import fcntl
import os
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

SIOCSIFFLAGS = 0x8914  # linux/sockios.h
IFF_UP = 0x1  # linux/if.h


def hide(folder: str) -> None:
    """Covers a folder with an empty one that ends with the namespace."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", folder], check=True)


def keep_mounts_inside() -> None:
    """Sees to it that what is mounted from here on is not seen by others; ends the process where it would be."""
    private = subprocess.run(["mount", "--make-rprivate", "/"], capture_output=True, text=True, check=False)
    if private.returncode == 0:
        return
    # In a chroot "/" need not be a mount point, and cannot be told to be private. Then a harmless mount shows how it
    # is: the parent, which is outside, must not see it.
    with tempfile.TemporaryDirectory(dir="/run") as folder:
        hide(folder)
        is_seen = Path(f"/proc/{os.getppid()}/root{folder}").stat().st_dev == Path(folder).stat().st_dev
        subprocess.run(["umount", folder], check=True)
    if is_seen:
        sys.exit(f"mounts would be seen by the whole machine, and it cannot be changed: {private.stderr.strip()}")


def raise_loopback() -> None:
    """Brings up the interface that a new network namespace has, but down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", IFF_UP))


if __name__ == "__main__":
    keep_mounts_inside()
    hide("/run")
    Path("/run/pcscd").mkdir()
    if Path("/dev/bus/usb").is_dir():
        hide("/dev/bus/usb")
    raise_loopback()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
