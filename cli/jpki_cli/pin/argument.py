"""The argument PIN: which of the four is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jpki.card import Pin

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    _PinParamType = click.ParamType[Pin]
else:
    _PinParamType = click.ParamType  # not generic before Click 8.4


class PinType(_PinParamType):
    """One of ``auth``, ``sign``, ``input``, ``juki``; what was typed is never quoted, it may be a PIN."""

    name = "pin"
    choices = tuple(pin.value for pin in Pin)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show the choices in the usage line."""
        del param, ctx
        return f"[{'|'.join(self.choices)}]"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Complete a name in the shell."""
        from jpki_cli.app import names

        del ctx, param
        return names(self.choices, incomplete)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Pin:
        """Turn a name into a PIN."""
        from jpki.words import PIN_WORDS, meant

        if isinstance(value, Pin):
            return value
        try:
            return Pin(meant(str(value), self.choices, PIN_WORDS) or value)
        except ValueError:
            self.fail(", ".join(self.choices), param, ctx)


def pin_argument(*, required: bool = True) -> click.Argument:
    """Make the argument that names a PIN."""
    return click.Argument(["pin"], type=PinType(), required=required)
