"""Where a command's secrets come from: a person at the terminal, or a script whose secrets are read beforehand.

A script's secret is read and checked before the card is touched, and is used for one attempt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jpki.pin import normalise, require_form
from jpki_cli.app import Option
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Collection

    import click

    from jpki.card import Pin
    from jpki.pin import Conversion, Secret
    from jpki_cli.app import AppContext


@dataclass(frozen=True, slots=True)
class SecretOptions:
    """Where secrets come from, whether the last try may be used, and whether a reader's own keys must not be."""

    pin_stdin: bool
    pin_fd: int | None
    use_last_try: bool
    no_pinpad: bool = True
    hidden_counter: bool = False

    @property
    def is_script(self) -> bool:
        """Whether a script gives the secrets."""
        return self.pin_stdin or self.pin_fd is not None


def secret_options(*, on_keys: bool = False) -> list[click.Parameter]:
    """The options of every command that takes a secret; ``on_keys``: one that may be typed on a reader's own keys."""
    keys = Option(["--no-pinpad"], is_flag=True, help=M("Type the PIN on this computer, not on the reader's keys."))
    return [
        *([keys] if on_keys else []),
        Option(["--pin-stdin"], is_flag=True, help=M("Read secrets from standard input, one per line.")),
        Option(["--pin-fd"], type=int, metavar="N", help=M("Read secrets from this file descriptor, one per line.")),
        Option(["--use-last-try"], is_flag=True, help=M("Continue although only one try is left.")),
        Option(
            ["--hidden-counter"],
            is_flag=True,
            help=M("Continue although the card does not show how many tries are left."),
        ),
    ]


def take_secret_options(values: dict[str, Any]) -> SecretOptions:
    """Take the values of :func:`secret_options` out of a command's parameters."""
    return SecretOptions(
        values.pop("pin_stdin"),
        values.pop("pin_fd"),
        values.pop("use_last_try"),
        values.pop("no_pinpad", True),
        values.pop("hidden_counter"),
    )


def read_script_secrets(pins: list[tuple[Pin, bool]], options: SecretOptions) -> list[Secret]:
    """Read a script's secrets and check their form before the card is touched; the flag says that one is new."""
    import click

    from jpki_cli.app import app_of
    from jpki_cli.process import read_secrets

    entered = read_secrets(pin_stdin=options.pin_stdin, pin_fd=options.pin_fd, count=len(pins))
    secrets = []
    conversions: set[Conversion] = set()
    for (pin, is_new), raw in zip(pins, entered, strict=True):
        normalised = normalise(pin, raw)
        require_form(pin, normalised.secret, is_new=is_new)
        conversions |= normalised.conversions
        secrets.append(normalised.secret)
    note_conversions(app_of(click.get_current_context()), conversions)
    return secrets


def note_conversions(app: AppContext, conversions: Collection[Conversion]) -> None:
    """Say what was done to an input so that it has the form of a PIN: of its shape, and nothing of its content."""
    from jpki.pin import conversion_texts

    for text in conversion_texts(conversions):
        app.note(text)


def require_person() -> None:
    """Refuse, before the card is touched, if there is no one to ask.

    Raises:
        NoTerminalError: and why.
    """
    from jpki_cli.terminal import require_terminal

    require_terminal()
