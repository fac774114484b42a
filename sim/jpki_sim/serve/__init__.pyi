from .apdulog import LoggedCard as LoggedCard, TracedCard as TracedCard
from .control import ControlError as ControlError, ControlServer as ControlServer, send_command as send_command
from .links import LINKS as LINKS, LinkedCard as LinkedCard
from .readers import SimulatedReaders as SimulatedReaders
from .result_types import SlotFacts as SlotFacts
from .serving import in_virtual_reader as in_virtual_reader, served as served
from .vpcd import (
    RETRY_SECONDS as RETRY_SECONDS,
    SlotEvent as SlotEvent,
    VpcdServer as VpcdServer,
    wait_for_ever as wait_for_ever,
)
