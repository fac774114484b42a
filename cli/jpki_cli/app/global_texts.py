"""Help texts of the options that every command takes."""

from __future__ import annotations

from typing import Final

from jpki_cli.words import M

TEXTS: Final = {
    "reader": M("Reader to use: its name, a part of it, or its number. Default: the one with a My Number Card."),
    "sim": M("Use a simulated card instead of a reader: a persona's name or a card file."),
    "wait": M("Wait this long for a card to be put on the reader. Default: do not wait."),
    "json": M("Print the result as JSON."),
    "timeout": M("How long to wait for the card, or for another program to release it. Default: 30."),
    "extended": M("Read files of the card with one extended-length command. Not every reader supports that."),
    "lang": M("Language. Default: that of the system."),
    "trace": M("Write every APDU to this file, secrets hidden; - is stderr."),
    "trace_data": M("With --trace: also show what the card answers, up to the first PIN."),
    "verbose": M("Show more details."),
    "debug": M("Show where an unexpected error happened."),
    "version": M("Show the version."),
}
COMMANDS: Final = M("Commands")
EXAMPLES: Final = M("Examples")
