"""Programs that have NSS, which keeps modules and certificates in a database: Firefox, Thunderbird, Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pkcs11bench import missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pkcs11bench import Bench

VERSIONS = {"1.2": "TLSv1.2", "1.3": "TLSv1.3"}


def only_login_pins(bench: Bench) -> bool:
    """Whether everything that was asked for is the login PIN."""
    return {question.pin.value for question in bench.desk.words.questions} == {"auth"}


def add_module(bench: Bench, folder: Path, server_certificate: Path) -> None:
    """Make an NSS database with the module, which trusts the test server."""
    folder.mkdir(parents=True)
    bench.run(f"certutil -N -d sql:{folder} --empty-password")
    bench.run(f"openssl x509 -in {server_certificate} -out trusted.pem")
    bench.run(f"certutil -A -d sql:{folder} -n server -t C,, -i trusted.pem")
    added = bench.run(f"modutil -dbdir sql:{folder} -add jpki -libfile {bench.module} -force")
    assert added.returncode == 0, added.stderr


@contextmanager
def running(bench: Bench, line: str) -> Iterator[None]:
    """Run a program, with whatever it starts, for the length of the block."""
    argv = line.split()
    if shutil.which(argv[0]) is None:
        missing(argv[0])
    with (bench.folder / "output.txt").open("wb") as output:
        started = subprocess.Popen(
            argv,
            env=bench.environment(),
            cwd=bench.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield
        finally:
            os.killpg(started.pid, signal.SIGTERM)
            started.wait(30)
