"""``jpki sim serve``: simulated cards in the virtual readers of vpcd."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from jpki_cli.app import AppContext, Command, Option, open_trace, pass_app
from jpki_cli.failures import usage_error
from jpki_cli.words import M

if TYPE_CHECKING:
    from jpki_cli.results.simulator import SimServeResult
    from jpki_sim.card import CardPort
    from jpki_sim.files import LoadedCard
    from jpki_sim.serve import SlotEvent, VpcdServer

_PORT_MAX = 65535
_EVENTS = {
    "connected": M("Slot {slot}: the card is in the reader (port {port})."),
    "disconnected": M("Slot {slot}: the card left the reader."),
    "unreachable": M(
        "Slot {slot}: no virtual reader is listening on port {port}. This keeps trying every {seconds} seconds "
        "until Ctrl-C, so the reader can be started later."
    ),
}
#: Said once, however many slots there are.
_NO_READER = (
    M(
        "The virtual reader is vpcd, a driver of the smart card service. Other systems than Debian and Ubuntu have to "
        "build it from the sources of vsmartcard. Debian, Ubuntu:\n  sudo apt install pcscd vsmartcard-vpcd\n  sudo "
        "systemctl restart pcscd\nWithout systemd, instead of the last:\n  sudo service pcscd restart"
    ),
    M("This program alone needs no reader:\n  jpki --sim {card} status"),
)


@dataclass(frozen=True, slots=True)
class _Form:
    """How cards are to be served: log, link speed, staged faults; as the options have them."""

    fault: str | None
    link: str
    log: str | None
    log_raw: bool
    log_format: str


class _Cards:
    """The cards that are served, each open until it is taken away for good."""

    def __init__(self, stack: ExitStack, form: _Form) -> None:
        from jpki_sim.faults import FaultPlanError, parse_faults

        self._form = form
        if form.log_raw and form.log_format == "text":
            raise usage_error(M("--log-raw cannot be used with --log-format text."))
        self._log = None if form.log is None else stack.enter_context(open_trace(form.log))
        if form.fault is not None:
            try:
                parse_faults(form.fault)
            except FaultPlanError as exc:
                raise usage_error(M("The fault plan cannot be read: {reason}", reason=exc)) from exc
        self._opened: dict[CardPort, LoadedCard] = {}
        stack.callback(self._close_all)

    def open(self, name: str) -> CardPort:
        """Open a card as the command line names it; a file that is named twice is in use the second time."""
        from jpki_cli.app import sim_errors

        with sim_errors():
            return self._open(name)

    def load(self, name: str) -> CardPort:
        """Open a card; one whose file is open here already is the same card.

        Raises:
            JpkiError: there is no such card, or it cannot be used.
        """
        from jpki_sim.files import is_path

        if is_path(name):
            file = Path(name).resolve()
            for card, loaded in self._opened.items():
                if loaded.path is not None and loaded.path.resolve() == file:
                    return card
        return self._open(name)

    def _open(self, name: str) -> CardPort:
        from jpki_sim.files import open_card

        loaded = open_card(name)
        card = self._dressed(loaded.card)
        self._opened[card] = loaded
        return card

    def release(self, card: CardPort) -> None:
        """Let go of a card that is in no slot any more, so that other programs can use its file."""
        loaded = self._opened.pop(card, None)
        if loaded is not None:
            loaded.close()

    def _close_all(self) -> None:
        for card in list(self._opened):
            self.release(card)

    def _dressed(self, card: CardPort) -> CardPort:
        if self._form.fault is not None:
            from jpki_sim.faults import FaultyCard, parse_faults

            card = FaultyCard(card, parse_faults(self._form.fault))
        if self._form.link != "none":
            from jpki_sim.serve import LINKS, LinkedCard

            card = LinkedCard(card, LINKS[self._form.link])
        return card if self._log is None else self._logged(card, self._log)

    def _logged(self, card: CardPort, log: IO[str]) -> CardPort:
        def write(line: str) -> None:
            log.write(line)
            log.flush()

        if self._form.log_format == "json":
            from jpki_sim.serve import LoggedCard

            return LoggedCard(card, write, is_raw=self._form.log_raw)
        from datetime import datetime

        from jpki.card import FileNamer
        from jpki.iso7816 import TraceWriter
        from jpki_sim.serve import TracedCard

        def write_line(line: str) -> None:
            write(line + "\n")

        return TracedCard(card, TraceWriter(write_line, now=lambda: datetime.now().astimezone(), namer=FileNamer()))


@pass_app
def _serve(app: AppContext, /, cards: tuple[str, ...], port: int, control: str | None, **form: Any) -> None:
    from jpki_cli.process import insistent
    from jpki_sim.serve import VpcdServer, wait_for_ever

    result: SimServeResult = {"schema": "jpki.sim-serve/1"}
    app.start_result(result)
    with ExitStack() as stack:
        served = _Cards(stack, _Form(**form))
        opened = [served.open(name) for name in cards]

        tell = _Teller(app, port, cards[0])
        server = VpcdServer(opened, port=port, on_event=tell)
        stack.enter_context(server)
        if control is not None:
            _listen(stack, server, control, served)
        names = ", ".join(cards)
        app.note(M("Serving {names}. Press Ctrl-C to stop.", names=names))
        with insistent():
            wait_for_ever()


class _Teller:
    """Says what happens to the slots, from their threads."""

    def __init__(self, app: AppContext, port: int, card: str) -> None:
        self._app = app
        self._port = port
        self._card = card
        self._lock = threading.Lock()
        self._is_reader_known = False

    def __call__(self, at_port: int, event: SlotEvent) -> None:
        from jpki_sim.serve import RETRY_SECONDS

        seconds = f"{RETRY_SECONDS:g}"
        with self._lock:
            self._app.note(_EVENTS[event].with_values(slot=at_port - self._port, port=at_port, seconds=seconds))
            if event == "unreachable" and not self._is_reader_known:
                for line in _NO_READER:
                    self._app.note(line.with_values(card=self._card))
            self._is_reader_known = True


def _listen(stack: ExitStack, server: VpcdServer, control: str, served: _Cards) -> None:
    from jpki_sim.serve import ControlError, ControlServer

    try:
        stack.enter_context(ControlServer(Path(control), server, served.load, served.release))
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
        Option(["--control"], metavar="FILE", help=M("Accept insert, remove and swap on this Unix socket.")),
        Option(["--fault"], metavar="PLAN", help=M("Make the card fail as planned, for example remove-after:5.")),
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
