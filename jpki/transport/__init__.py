"""The way to a card: bytes in, bytes out."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "base": ("CardConnection", "RestartableConnection"),
        "choice": ("ReaderSystem", "open_connection", "find_reader"),
        "pcsc": ("PcscSystem",),
        "pcsc_errors": ("symbol_of",),
        "pcsc_host": ("load_library", "starts_with_a_reader"),
        "pinpad": ("PinPadReader", "ReaderControl", "find_pin_pad"),
        "reader_state": ("ReaderState", "has_changed"),
    },
)
