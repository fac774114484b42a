"""The argument PIN: which of the four is meant."""

from __future__ import annotations

import click

from jpki.application.pin import Pin


class PinType(click.ParamType[Pin]):
    """One of ``auth``, ``sign``, ``input``, ``juki``; what was typed is never quoted, it may be a PIN."""

    name = "pin"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show the choices in the usage line."""
        del param, ctx
        return f"[{'|'.join(pin.value for pin in Pin)}]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Pin:
        """Turn a name into a PIN."""
        if isinstance(value, Pin):
            return value
        try:
            return Pin(value)
        except ValueError:
            self.fail(", ".join(pin.value for pin in Pin), param, ctx)


def pin_argument(*, required: bool = True) -> click.Argument:
    """Make the argument."""
    return click.Argument(["pin"], type=PinType(), required=required)
