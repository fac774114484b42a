"""What is said about a smart card service that cannot be used is about this system and no other."""

from __future__ import annotations

import sys

import pytest

from jpki.errors import (
    PcscLibraryMissingError,
    PermissionDeniedError,
    ServiceHangsError,
    ServiceMissingError,
    ServiceStoppedError,
    TransportError,
)
from jpki_cli.failures import explain

_OTHERS = {
    "win32": ("sudo", "Linux", "Debian", "polkit", "Mac", "SSH"),
    "darwin": ("sudo", "Linux", "Debian", "polkit", "Windows", "sc.exe"),
    "linux": ("Windows", "sc.exe", "Mac"),
}


@pytest.mark.parametrize("platform", sorted(_OTHERS))
@pytest.mark.parametrize(
    "error",
    [PcscLibraryMissingError, PermissionDeniedError, ServiceHangsError, ServiceMissingError, ServiceStoppedError],
)
def test_no_command_of_another_system(
    monkeypatch: pytest.MonkeyPatch, platform: str, error: type[TransportError]
) -> None:
    """Commands and names of other systems stand in no sentence; jpki doctor always does."""
    monkeypatch.setattr(sys, "platform", platform)
    failure = explain(error("…", component="x") if error is PcscLibraryMissingError else error("…"))
    said = " ".join(map(str, (failure.message, *failure.remedy)))
    assert not [word for word in _OTHERS[platform] if word in said]
    assert "jpki doctor" in said
