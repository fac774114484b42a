from .base import CardConnection as CardConnection, RestartableConnection as RestartableConnection
from .choice import ReaderSystem as ReaderSystem, find_reader as find_reader, open_connection as open_connection
from .pcsc import PcscSystem as PcscSystem
from .pcsc_errors import symbol_of as symbol_of
from .pcsc_host import load_library as load_library, starts_with_a_reader as starts_with_a_reader
from .pinpad import PinPadReader as PinPadReader, ReaderControl as ReaderControl, find_pin_pad as find_pin_pad
from .reader_state import ReaderState as ReaderState, has_changed as has_changed
