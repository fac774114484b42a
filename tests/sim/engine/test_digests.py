"""The simulator's digests are those of the standard, and a card that is looked at loads no OpenSSL for them."""

from __future__ import annotations

import os
import subprocess
import sys

from jpki_sim.digests import sha1, sha256

PROGRAM = """
import sys
from jpki_sim.serve import SimulatedReaders
from jpki import connect
with SimulatedReaders({"Reader": "adult"}) as readers, connect(service=readers) as card:
    print(card.status().card_expires is not None, "_hashlib" in sys.modules)
"""


def test_digests_are_those_of_the_standard() -> None:
    """FIPS 180-4: of "abc"."""
    assert sha256(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha1(b"abc").hex() == "a9993e364706816aba3e25717850c26c9cd0d89d"


def test_a_status_loads_no_openssl() -> None:
    """It takes 3 MB, which are the window's too."""
    # Coverage, where these tests are measured, is begun in every Python, and loads it.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == ["True", "False"]
