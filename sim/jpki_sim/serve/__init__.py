"""The card behind a reader: vpcd, its control socket, links, and readers in this process."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "apdulog": ("LoggedCard", "TracedCard"),
        "control": ("ControlError", "ControlServer", "send_command"),
        "links": ("LINKS", "LinkedCard"),
        "readers": ("SimulatedReaders",),
        "result_types": ("SlotFacts",),
        "serving": ("in_virtual_reader", "served"),
        "vpcd": ("RETRY_SECONDS", "SlotEvent", "VpcdServer", "wait_for_ever"),
    },
)
