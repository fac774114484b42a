"""Asking through the program of SSH_ASKPASS, by the rules of ssh(1)."""

from __future__ import annotations

import subprocess
from shutil import which
from typing import TYPE_CHECKING, Final

from jpki.errors import JpkiError
from jpki.pin import Secret
from jpki_cli.process import shield_memory

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEFAULT: Final = "ssh-askpass"
_MAX_BYTES: Final = 256
_LINE_ENDS: Final = b"\r\n"


class AskpassError(JpkiError):
    """The program of SSH_ASKPASS could not be run, or was left without an answer."""


def askpass_program(environment: Mapping[str, str], *, has_terminal: bool) -> str | None:
    """Find the program that is to be asked instead of the terminal; None: ask there, or nobody.

    SSH_ASKPASS_REQUIRE is ``never``, ``prefer`` (over the terminal) or ``force`` (even without a graphic display);
    else it is used where there is a display and no terminal.
    """
    require = environment.get("SSH_ASKPASS_REQUIRE", "").lower()
    has_display = bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
    if require == "never" or (require != "force" and not has_display):
        return None
    if require not in ("force", "prefer") and has_terminal:
        return None
    return environment.get("SSH_ASKPASS") or which(_DEFAULT)


def ask_program(program: str, question: str) -> Secret:
    """Have a program ask a question; its first line is the answer.

    Raises:
        AskpassError: it cannot be run, it was cancelled, or its answer is too long to be a PIN.
    """
    shield_memory()
    buffer = bytearray(_MAX_BYTES + 1)
    try:
        with subprocess.Popen(  # noqa: S603 - the program that the user's own environment names
            [program, question], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, bufsize=0
        ) as asked:
            try:
                used = _read(asked, buffer)
            except BaseException:
                asked.kill()
                raise
            if used > _MAX_BYTES:
                asked.kill()
        if used > _MAX_BYTES or asked.returncode != 0:
            raise AskpassError("the program of SSH_ASKPASS gave no answer")
        ends = [at for at in (buffer.find(end, 0, used) for end in _LINE_ENDS) if at >= 0]
        return Secret(buffer[: min([used, *ends])])
    except OSError as exc:
        raise AskpassError("the program of SSH_ASKPASS cannot be run") from exc
    finally:
        buffer[:] = bytes(len(buffer))


def _read(asked: subprocess.Popen[bytes], buffer: bytearray) -> int:
    """Read to the end of the answer, or until the buffer is full."""
    used = 0
    with memoryview(buffer) as view:
        while asked.stdout is not None and used < len(buffer):
            length = asked.stdout.readinto(view[used:])  # type: ignore[attr-defined]  # bufsize=0: a raw file
            if not length:
                break
            used += length
    return used
