"""Where the agent's sockets and what it keeps lie: the one place that the commands of the agent agree on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Places(NamedTuple):
    """The sockets: ``p11_kit`` is where p11-kit-client.so looks by itself."""

    p11_kit: Path
    pkcs11: Path
    signature: Path
    relay: Path
    relay_signature: Path
    ssh: Path


def places(environment: Mapping[str, str]) -> Places:
    """Find the sockets of this user."""
    from jpki.agent import runtime_folder

    folder = runtime_folder(environment)
    own = folder / "jpki"
    return Places(
        folder / "p11-kit" / "pkcs11",
        own / "pkcs11",
        own / "pkcs11-signature",
        own / "relay",
        own / "relay-signature",
        own / "ssh",
    )


def own_places() -> Places:
    """Find the sockets without any environment variable, which would be a client's."""
    return places({})


def learned_folder(environment: Mapping[str, str]) -> Path:
    """Find the folder of signature certificates that programs may see (XDG Base Directory Specification)."""
    from jpki.agent import home_folder

    named = environment.get("XDG_DATA_HOME", "")
    data = Path(named) if named.startswith("/") else home_folder(environment) / ".local" / "share"
    return data / "jpki" / "signature-certificates"
