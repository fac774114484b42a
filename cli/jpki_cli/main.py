"""Entry point: chooses the language, runs the command, and turns every failure into words and an exit code."""

from __future__ import annotations

import gc
import os
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NoReturn

import click

from jpki_cli.app import AppContext, Group
from jpki_cli.words import M, detect_language, set_language

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

COMMANDS = {
    "status": ("jpki_cli.commands.status", M("Show the tries left for the four PINs, and the certificates")),
    "readers": ("jpki_cli.commands.readers", M("List the readers and what is on them")),
    "cert": ("jpki_cli.commands.cert", M("Show and check certificates")),
    "pin": ("jpki_cli.commands.pin", M("Show, check and change PINs")),
    "doctor": ("jpki_cli.commands.doctor", M("Find out why the card cannot be used, and what to do")),
    "guide": ("jpki_cli.commands.guide", M("Show what to do: a locked PIN, a renewal, a loss and more")),
    "report": ("jpki_cli.commands.report", M("Make a report for support, without personal data")),
    "sign": ("jpki_cli.commands.sign", M("Sign files with the signature certificate")),
    "verify": ("jpki_cli.commands.verify", M("Check a signed file, without a card")),
    "window": ("jpki_cli.commands.window", M("Open the window")),
    "apdu": ("jpki_cli.commands.apdu", M("For experts: send APDUs to the card")),
    "attributes": ("jpki_cli.commands.attributes", M("Show name, address, birth date and sex from the card")),
    "auth": ("jpki_cli.commands.auth", M("Log in with the auth key: test it, sign a challenge")),
    "agent": ("jpki_cli.commands.agent", M("Let browsers and other programs use the card")),
    "pkcs11": ("jpki_cli.commands.pkcs11", M("Use the card in browsers and other programs")),
    "ssh": ("jpki_cli.commands.ssh", M("Use the card with SSH")),
    "survey": ("jpki_cli.commands.survey", M("Find out what is not known about the chip, without harm")),
    "sim": ("jpki_cli.commands.sim", M("Make, show and serve simulated cards")),
}
#: New objects after which Python looks for cycles; its own 700 make it look dozens of times through what is imported.
_COLLECT_AFTER: Final = 20_000


def make_root() -> click.Group:
    """Build the command ``jpki``; no command module is imported."""
    return Group("jpki", COMMANDS, M("Show, check and change what is on the chip of a My Number Card."), is_root=True)


def choose_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Find the language before anything is parsed, so that help and usage errors are in it too."""
    chosen = environment.get("JPKI_LANG")
    for before, after in pairwise([*arguments, ""]):
        if before == "--lang":
            chosen = after
        elif before.startswith("--lang="):
            chosen = before.removeprefix("--lang=")
    return chosen if chosen in ("ja", "en") else detect_language(environment)


def use_language(app: AppContext, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Set the language; English with a note where Japanese could not be read."""
    language = choose_language(arguments, environment)
    set_language(language)
    if language == "en":
        return
    from jpki_cli.process import lacks_japanese

    is_chosen = language == choose_language(arguments, {**environment, "LC_ALL": "C"})
    if lacks_japanese(environment, is_chosen=is_chosen):
        set_language("en")
        app.note(M("Note: this terminal cannot show Japanese, so the output is in English."))


def _columns() -> int:
    """Width of the terminal; Click would load shutil, and with it three compressors, to find out."""
    from jpki_cli.process import named_columns

    named = named_columns()
    if named is not None:
        return min(named, 100) or 80
    try:
        return min(os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).columns, 100)
    except (OSError, ValueError):
        return 80


def run(
    arguments: Sequence[str],
    environment: Mapping[str, str] = os.environ,
    *,
    begin: Callable[[], None] = lambda: None,
) -> int:
    """Run one command line and return its exit code; the only place where failures are printed.

    ``begin`` has signals become exceptions, here, where each becomes words.
    """
    from jpki_cli.process import finish

    app = AppContext()
    try:
        try:
            begin()
            return _invoke(app, arguments, environment)
        finally:
            finish()  # here, so that a signal hides no failure that is on its way to being told
    except BaseException as exc:  # noqa: BLE001 - the one handler: every failure becomes words and a code
        from jpki_cli.app import report

        return report(app, exc)


def _invoke(app: AppContext, arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    use_language(app, arguments, environment)
    # A failure while options are still being parsed is printed as JSON too.
    app.options.json = "--json" in arguments
    app.in_json_lines = "--watch" in arguments
    try:
        with make_root().make_context("jpki", list(arguments), obj=app, terminal_width=_columns()) as context:
            context.command.invoke(context)
    except click.exceptions.Exit as exc:
        return exc.exit_code
    return 0


def main() -> NoReturn:
    """Run the command line of this process."""
    from jpki.hygiene import harden_process
    from jpki_cli.process import can_flush, discard, install_excepthook, make_streams_lenient, raise_on_termination

    gc.set_threshold(_COLLECT_AFTER)
    harden_process()
    make_streams_lenient()
    install_excepthook(debug="--debug" in sys.argv)
    if "_JPKI_COMPLETE" in os.environ:
        from jpki_cli.app import complete

        set_language(choose_language([], os.environ))
        complete(make_root())
    code = run(sys.argv[1:], begin=raise_on_termination)
    if not can_flush(sys.stderr):  # Python would end with 120
        discard(sys.stderr)
    # Python ends with more searches for cycles, through everything that was imported; what they find is of no use.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
