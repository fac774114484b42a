"""A user of whom no account is known: in a container, or while the directory with the accounts does not answer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jpki.agent import home_folder
from jpki.agent.dialogs.process import dialog_environment
from jpki_cli.agent import own_places
from jpki_cli.agent.locations import learned_folder

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="for POSIX systems")


@pytest.fixture(autouse=True)
def _unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(number: int) -> None:
        raise KeyError(f"getpwuid(): uid not found: {number}")

    monkeypatch.setattr("pwd.getpwuid", unknown)


def test_a_dialog_is_opened_with_the_names_of_the_agent_itself() -> None:
    """Its home and its name, where they are known, and nothing else of the environment."""
    own = {"HOME": "/work", "USER": "somebody", "LD_PRELOAD": "/evil.so"}
    found = dialog_environment(own)
    assert found == {"HOME": "/work", "USER": "somebody", "PATH": "/usr/local/bin:/usr/bin:/bin"}
    assert set(dialog_environment({})) == {"PATH"}


def test_a_home_that_nothing_names_is_one_that_is_not_there() -> None:
    """So that what is to be made there is refused with its place, and nothing lands in the folder of now."""
    assert home_folder({"HOME": "/work"}) == Path("/work")
    assert home_folder({}) == Path("/nonexistent")
    assert learned_folder({}).is_relative_to("/nonexistent")
    assert own_places().relay.is_absolute()
