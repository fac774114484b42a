"""Names of files and applications in a trace."""

from __future__ import annotations

import pytest

from jpki.card import FileNamer
from jpki.identifiers import Application

OK = 0x9000
NOT_FOUND = 0x6A82


def about(namer: FileNamer, command: str, sw: int = OK) -> str:
    """What a command is about, and its answer noted."""
    raw = bytes.fromhex(command)
    data = raw[5:] if raw[1] == 0xA4 else b""
    text = namer.about(raw[:4], data)
    namer.answered(sw)
    return text


def in_jpki() -> FileNamer:
    """With the JPKI application selected."""
    namer = FileNamer()
    about(namer, "00A4040C0A" + Application.JPKI.df_name.hex())
    return namer


@pytest.mark.parametrize(
    ("application", "name"),
    [
        (Application.JPKI, "application JPKI"),
        (Application.TEXT, "application card-info input"),
        (Application.VISUAL, "application card-face check"),
        (Application.JUKI, "application Basic Resident Register"),
        (Application.COMMON, "application common"),
    ],
)
def test_applications_are_named(application: Application, name: str) -> None:
    """A SELECT by name tells which application it is."""
    assert about(FileNamer(), "00A4040C0A" + application.df_name.hex()) == name


def test_files_are_named_in_their_application() -> None:
    """The same identifier is another file in another application."""
    namer = in_jpki()
    assert about(namer, "00A4020C02001B") == "JPKI: sign password"
    about(namer, "00A4040C0A" + Application.JUKI.df_name.hex())
    assert about(namer, "00A4020C02001C") == "Basic Resident Register: pin"
    assert about(namer, "00A4020C020042") == "Basic Resident Register: EF 0042"


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("00B08A0000", "JPKI: auth certificate"),
        ("00B0860020", "JPKI: token"),
        ("00B08A40", "JPKI: auth certificate, from byte 64"),
        ("00200098", "JPKI: auth pin"),
        ("0024019B", "JPKI: sign password"),
        ("00B2010C00", "JPKI: sign certificate, record 1"),
        ("00840000", ""),
        ("0C2000980432", ""),
    ],
)
def test_short_identifiers_are_named(command: str, name: str) -> None:
    """A command that names its file by a short EF identifier is about that file; others are not guessed at."""
    assert about(in_jpki(), command) == name


def test_the_current_file_is_remembered() -> None:
    """Commands without a name are about the file that was selected last, in whatever way."""
    namer = in_jpki()
    about(namer, "00B08A0000")
    assert about(namer, "00B0010000") == "JPKI: auth certificate, from byte 256"
    about(namer, "00A4020C020018")
    assert about(namer, "00200080") == "JPKI: auth pin"
    assert about(namer, "80320080") == "JPKI: auth pin"


def test_a_select_that_failed_selects_nothing() -> None:
    """After 6A82 the file before it is still the current one."""
    namer = in_jpki()
    about(namer, "00A4020C020018")
    about(namer, "00A4020C02001B", NOT_FOUND)
    assert about(namer, "00200080") == "JPKI: auth pin"


def test_a_reset_selects_nothing() -> None:
    """After a reset no file is current, and a file has no application."""
    namer = in_jpki()
    about(namer, "00A4020C020018")
    namer.reset()
    assert about(namer, "00B0000000") == ""
    assert about(namer, "00A4020C020018") == "EF 0018"


def test_an_unknown_application_is_said_to_be_unknown() -> None:
    """Files of an application that is not known are told by their identifiers."""
    namer = in_jpki()
    assert about(namer, "00A4040C05A000000003") == "unknown application"
    assert about(namer, "00A4020C020018") == "EF 0018"
