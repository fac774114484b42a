"""``jpki sim serve``: simulated cards in the virtual readers of vpcd."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any

import click

from jpki_cli.click_classes import Command, Option
from jpki_cli.context import AppContext, open_trace, pass_app
from jpki_cli.failures import usage_error
from jpki_cli.i18n import M

if TYPE_CHECKING:
    from jpki_sim.port import CardPort
    from jpki_sim.vpcd import SlotEvent, VpcdServer

_PORT_MAX = 65535
_EVENTS = {
    "connected": M("Slot {slot}: the card is in the reader (port {port})."),
    "disconnected": M("Slot {slot}: the card left the reader."),
    "unreachable": M("Slot {slot}: no virtual reader listens on port {port}; still trying."),
}


class _Dressing:
    """How each served card is dressed: log, link speed, staged faults."""

    def __init__(self, stack: ExitStack, /, *, fault: str | None, link: str, log: str | None, **log_form: Any) -> None:
        from jpki_sim.faultplan import FaultPlanError, parse_faults

        self._stack = stack
        self._link = link
        self._log_raw: bool = log_form["log_raw"]
        self._log_format: str = log_form["log_format"]
        if self._log_raw and self._log_format == "text":
            raise usage_error(M("--log-raw and --log-format text contradict each other."))
        self._log = None if log is None else stack.enter_context(open_trace(log))
        self._fault = fault
        if fault is not None:
            try:
                parse_faults(fault)
            except FaultPlanError as exc:
                raise usage_error(M("The fault plan cannot be read: {reason}", reason=exc)) from exc

    def load(self, name: str) -> CardPort:
        """Open a card that stays open until the server ends."""
        from jpki_cli.simulated import open_loaded

        card: CardPort = self._stack.enter_context(open_loaded(name)).card
        if self._fault is not None:
            from jpki_sim.faultplan import parse_faults
            from jpki_sim.faults import FaultyCard

            card = FaultyCard(card, parse_faults(self._fault))
        if self._link != "none":
            from jpki_sim.links import LINKS, LinkedCard

            card = LinkedCard(card, LINKS[self._link])
        return card if self._log is None else self._logged(card, self._log)

    def _logged(self, card: CardPort, log: IO[str]) -> CardPort:
        def write(line: str) -> None:
            log.write(line)
            log.flush()

        if self._log_format == "json":
            from jpki_sim.apdulog import LoggedCard

            return LoggedCard(card, write, is_raw=self._log_raw)
        from datetime import datetime

        from jpki.application.file_names import FileNamer
        from jpki.iso7816.trace import TraceWriter
        from jpki_sim.apdulog import TracedCard

        def write_line(line: str) -> None:
            write(line + "\n")

        return TracedCard(card, TraceWriter(write_line, now=lambda: datetime.now().astimezone(), namer=FileNamer()))


@pass_app
def _serve(
    app: AppContext, /, cards: tuple[str, ...], port: int, control: str | None, **dressing: str | bool | None
) -> None:
    from jpki_sim.vpcd import VpcdServer

    app.begin("jpki.sim-serve/1")
    with ExitStack() as stack:
        dress = _Dressing(stack, **dressing)  # type: ignore[arg-type]  # Click checked the types of the options
        opened = [dress.load(name) for name in cards]

        def tell(at_port: int, event: SlotEvent) -> None:
            app.note(_EVENTS[event].with_values(slot=at_port - port, port=at_port))

        server = VpcdServer(opened, port=port, on_event=tell)
        stack.enter_context(server)
        if control is not None:
            _listen(stack, server, control, dress)
        names = ", ".join(cards)
        app.note(M("Serving {names}; Ctrl-C ends.", names=names))
        threading.Event().wait()


def _listen(stack: ExitStack, server: VpcdServer, control: str, dress: _Dressing) -> None:
    from pathlib import Path

    from jpki_sim.control import ControlError, ControlServer

    try:
        stack.enter_context(ControlServer(Path(control), server, dress.load))
    except ControlError as exc:
        raise usage_error(M("The control socket cannot be used: {reason}", reason=exc)) from exc


_LOG_FORMATS = ("json", "text")
_LINKS = ("none", "contact-9600", "contact-115200", "nfc-106", "nfc-424")

command = Command(
    "serve",
    params=[
        click.Argument(["cards"], nargs=-1, required=True, metavar="CARD..."),
        Option(
            ["--port"],
            type=click.IntRange(1, _PORT_MAX),
            default=35963,
            metavar="N",
            help=M("Port of the first virtual reader. Default: 35963."),
        ),
        Option(["--control"], metavar="FILE", help=M("Take insert, remove and swap on this Unix socket.")),
        Option(["--fault"], metavar="PLAN", help=M("Let the card fail as planned, for example remove-after:5.")),
        Option(["--link"], type=click.Choice(_LINKS), default="none", help=M("Be as slow as a card on this link.")),
        Option(["--log"], metavar="FILE", help=M("Write each APDU to this file, secrets hidden; - is stderr.")),
        Option(
            ["--log-format"],
            type=click.Choice(_LOG_FORMATS),
            default="json",
            help=M("With --log: a line of JSON for each APDU (default), or the lines of --trace."),
        ),
        Option(["--log-raw"], is_flag=True, help=M("With --log: hide nothing, TEST PINs included.")),
    ],
    callback=_serve,
    text=M(
        "Put simulated cards into the virtual PC/SC readers of vpcd, so that every program can use them.\n\n"
        "Needs pcscd with vpcd (Debian: vsmartcard-vpcd). Several cards go into several readers. The first card's "
        "reader is “Virtual PCD 00 00”."
    ),
    examples=("jpki sim serve adult", "jpki sim serve card.json child --control ctl.sock", "opensc-tool -n"),
)
