"""An OpenSSH server of the tests' own on loopback, which lets in whoever has the card's key."""

from __future__ import annotations

import contextlib
import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

UNPACKED = Path(__file__).parents[2] / ".venv" / "sshd"  # by scripts/setup
NAMESPACES = Path(__file__).parents[1] / "pcscd"
SYSTEM_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
SECONDS = 120.0
ATTEMPTS = 5
#: Programs that newer servers run beside themselves, by the setting that says where they are.
HELPERS = {"SshdSessionPath": "sshd-session", "SshdAuthPath": "sshd-auth"}


@dataclass(frozen=True)
class SshServer:
    """A running server; ``folder`` holds its files, ``host_key`` is the fingerprint of its key."""

    port: int
    folder: Path
    user: str
    host_key: str

    @property
    def log(self) -> str:
        """What the server said."""
        return (self.folder / "sshd.log").read_text(encoding="utf-8", errors="replace")

    def client(self, *options: str) -> list[str]:
        """The command line of a client that logs in here with the agent's keys; the command to run comes behind it."""
        fixed = {
            "UserKnownHostsFile": str(self.folder / "known_hosts"),
            "StrictHostKeyChecking": "yes",
            "PreferredAuthentications": "publickey",
            "IdentityFile": "none",
            "LogLevel": "ERROR",
        }
        settings = [f"-o{name}={value}" for name, value in fixed.items()]
        return ["ssh", "-F", "none", "-p", str(self.port), *settings, *options, f"{self.user}@127.0.0.1"]


def find_sshd() -> str | None:
    """The server: the system's, or the one that scripts/setup unpacked."""
    return shutil.which("sshd", path=os.pathsep.join([SYSTEM_PATH, str(UNPACKED / "usr/sbin")]))


@contextlib.contextmanager
def running_server(folder: Path, authorized_key: str, *settings: str) -> Iterator[SshServer]:
    """Run a server that takes one key; skips if sshd is missing, and fails where it must be there."""
    sshd = find_sshd()
    absent = [name for name in ("ssh", "ssh-keygen", "unshare", "setpriv") if shutil.which(name) is None]
    if sshd is None or absent:
        message = f"not installed: {', '.join([*absent, *([] if sshd else ['sshd'])])}"
        if os.environ.get("JPKI_REQUIRE_PCSCD") == "1":
            pytest.fail(message)
        pytest.skip(message)
    user = pwd.getpwuid(os.geteuid()).pw_name
    host_key = _make_host_key(folder)
    (folder / "authorized_keys").write_text(authorized_key + "\n", encoding="ascii")
    process, port = _start(folder, sshd, settings)
    try:
        public = (folder / "host_key.pub").read_text(encoding="ascii")
        (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {public}", encoding="ascii")
        yield SshServer(port, folder, user, host_key)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(SECONDS)


def _make_host_key(folder: Path) -> str:
    make: list[str | Path] = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "host_key"]
    subprocess.run(make, check=True)
    show: list[str | Path] = ["ssh-keygen", "-l", "-f", folder / "host_key.pub"]
    shown = subprocess.run(show, check=True, capture_output=True, text=True).stdout
    return shown.split()[1]


def _start(folder: Path, sshd: str, settings: tuple[str, ...]) -> tuple[subprocess.Popen[bytes], int]:
    """Start the server on a port that is free; another program may take it before the server does, so several times."""
    for _ in range(ATTEMPTS):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        (folder / "sshd_config").write_text("\n".join(_configuration(folder, port, settings)), encoding="utf-8")
        with (folder / "sshd.log").open("wb") as log:
            process = subprocess.Popen(_command(folder, sshd), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if _is_listening(process, folder):
            return process, port
    pytest.fail(f"no SSH server could be started: {(folder / 'sshd.log').read_text()}")


def _is_listening(process: subprocess.Popen[bytes], folder: Path) -> bool:
    deadline = time.monotonic() + SECONDS
    while process.poll() is None:
        if "Server listening on" in (folder / "sshd.log").read_text(encoding="utf-8", errors="replace"):
            return True
        assert time.monotonic() < deadline, "the SSH server does not get ready"
        time.sleep(0.02)
    return False


def _configuration(folder: Path, port: int, settings: tuple[str, ...]) -> list[str]:
    lines = [
        f"Port {port}",
        "ListenAddress 127.0.0.1",
        f"HostKey {folder / 'host_key'}",
        f"AuthorizedKeysFile {folder / 'authorized_keys'}",
        "PidFile none",
        "StrictModes no",
        "UsePAM no",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "PermitRootLogin prohibit-password",
        "PermitUserRC no",
        "PrintMotd no",
        "LogLevel VERBOSE",
        *settings,
    ]
    found = {name: next(UNPACKED.glob(f"usr/lib/**/{program}"), None) for name, program in HELPERS.items()}
    return [*lines, *(f"{name} {path}" for name, path in found.items() if path is not None), ""]


def _command(folder: Path, sshd: str) -> list[str]:
    """The command line of the server.

    Root's server wants an account of its own, an empty folder, and an account to log in to that is not locked; it gets
    them in a mount namespace where no other process sees them.
    """
    run = ["setpriv", "--pdeathsig=KILL", sshd, "-D", "-e", "-f", str(folder / "sshd_config")]
    if os.geteuid() != 0:
        return run
    (folder / "passwd").write_text(
        f"root:x:0:0::{folder}:/bin/sh\nsshd:x:65533:65534::/run/sshd:/usr/sbin/nologin\n", encoding="ascii"
    )
    (folder / "shadow").write_text("root:*:19000:0:99999:7:::\n", encoding="ascii")
    mounts = [
        f"mount --bind {shlex.quote(str(folder / 'passwd'))} /etc/passwd",
        f"mount --bind {shlex.quote(str(folder / 'shadow'))} /etc/shadow",
        "mount -t tmpfs -o mode=755 tmpfs /run",
        "mkdir -m 755 /run/sshd",
    ]
    script = " && ".join([*mounts, f"exec {shlex.join(run)}"])
    # As the PC/SC service of the tests does: in a chroot "/" cannot be told to be private.
    keep = f"import os, sys; sys.path.insert(0, {str(NAMESPACES)!r}); import hold_namespaces; "
    keep += f"hold_namespaces.keep_mounts_inside(); os.execvp('sh', ['sh', '-c', {script!r}])"
    return ["unshare", "--mount", "--propagation=unchanged", sys.executable, "-c", keep]
