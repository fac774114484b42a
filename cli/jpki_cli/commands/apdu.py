"""``jpki apdu``: commands that an expert wrote, sent as they are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from jpki_cli.app import AppContext, Command, Option, pass_app
from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jpki.card import RawExchange
    from jpki_cli.results.card import ApduResult, ExchangeFacts

_LEAST = 4
#: An extended command APDU of case 4: header, Lc of 3 bytes, data, Le of 2 bytes.
_MOST = 4 + 3 + 65535 + 2
_STDIN = "-"


@pass_app
def _apdu(app: AppContext, /, commands: tuple[str, ...], *, i_know: bool) -> None:
    from jpki.card import send_raw

    exchanges: list[ExchangeFacts] = []
    result: ApduResult = {"schema": "jpki.apdu/1", "exchanges": exchanges}
    app.start_result(result)
    parsed = [_parse(text, number) for number, text in enumerate(_texts(commands), 1)]
    if not parsed:
        raise usage_error(M("There is no command to send."))
    _check(app, parsed, is_allowed=i_know, is_visible=_STDIN not in commands)

    def show(exchange: RawExchange) -> None:
        exchanges.append(_facts(exchange))
        if not app.options.json:
            _print(exchange)

    with app.open_card() as card:
        send_raw(card, parsed, show)
    app.print_result()


def _texts(commands: tuple[str, ...]) -> Iterable[str]:
    """The commands as they were written, those of standard input in place of ``-``."""
    for text in commands:
        if text != _STDIN:
            yield text
            continue
        for line in sys.stdin:
            if line.strip() and not line.lstrip().startswith("#"):
                yield line


def _parse(text: str, number: int) -> bytearray:
    """Read hex with blanks or colons between the bytes; what was typed may hold a PIN and is never quoted."""
    try:
        command = bytearray.fromhex(text.replace(":", " "))
    except ValueError:
        command = None
    if command is None:
        raise usage_error(M("Command {number} is not hex.", number=number), code="not_hex")
    if not _LEAST <= len(command) <= _MOST:
        raise usage_error(
            M("Command {number} is not an APDU: it needs at least CLA, INS, P1 and P2.", number=number),
            code="not_hex",
            remedy=(M("One APDU is one argument: put quotes around it if it contains blanks."),),
        )
    return command


def _check(app: AppContext, commands: list[bytearray], *, is_allowed: bool, is_visible: bool) -> None:
    from jpki.card import is_risky
    from jpki.iso7816 import command_name

    risky = {number: c for number, c in enumerate(commands, 1) if is_risky(c)}
    if not risky:
        return
    number, command = next(iter(risky.items()))
    if not is_allowed:
        raise usage_error(
            M(
                "Command {number} ({name}) can use a try, change a PIN or reset a counter. Nothing was sent.",
                number=number,
                name=command_name(command[0], command[1]),
            ),
            code="needs_i_know",
            remedy=(
                M("To see how many tries are left without using one:\n  jpki pin status"),
                M("If you know what the command does, use --i-know. Even the last try can then be used up."),
            ),
        )
    if is_visible and any(len(c) > _LEAST for c in risky.values()):
        app.note(
            M(
                "Note: other programs can see arguments, and they stay in the history of the shell. Pass commands "
                "with a PIN on standard input: jpki apdu --i-know -"
            )
        )


def _facts(exchange: RawExchange) -> ExchangeFacts:
    from jpki_cli.screens import status_word_text

    sw = exchange.response.sw
    return {
        "command": exchange.name,
        "data": exchange.response.data.hex().upper(),
        "status_word": f"{sw:04X}",
        "text": status_word_text(sw).both(),
    }


def _print(exchange: RawExchange) -> None:
    from jpki_cli.screens import status_word_text

    sw = exchange.response.sw
    click.echo(f"{exchange.name}: {sw:04X} {status_word_text(sw)}")
    data = exchange.response.data
    for start in range(0, len(data), 16):
        row = data[start : start + 16]
        readable = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
        click.echo(f"  {start:04X}  {row.hex(' ').upper():47}  {readable}".rstrip())


command = Command(
    "apdu",
    params=[
        click.Argument(["commands"], nargs=-1, required=True, metavar="HEX..."),
        Option(
            ["--i-know"],
            is_flag=True,
            help=M("Also send commands that can use a try, change a PIN or reset a counter."),
        ),
    ],
    callback=_apdu,
    text=M(
        "For experts: send command APDUs to the card as they are, in one transaction, and show the answers with "
        "the status word in words.\n\nEach argument is one APDU in hex; - reads them from standard input, one per "
        "line. What the card answers may be personal data."
    ),
    examples=(
        "jpki apdu 00A4040C0AD392F000260100000001 00B0860020",
        'jpki apdu "00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01" "00 B0 86 00 20" --json',
        "jpki apdu - < commands.txt",
    ),
)
