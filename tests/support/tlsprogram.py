"""Runs :func:`tlsserver.tls_server` as a program, for clients in namespaces of their own.

Usage: tlsprogram.py FOLDER ISSUER VERSION

ISSUER is a file (DER). The first line of stdout is the port; then each page and each handshake that fails is a line.
It ends with its stdin.
"""

import sys
from pathlib import Path

from tlsserver import tls_server


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    folder, issuer, version = sys.argv[1:]
    with tls_server(Path(folder), Path(issuer).read_bytes(), version, seconds=300, note=say) as server:
        say(str(server.port))
        sys.stdin.read()
