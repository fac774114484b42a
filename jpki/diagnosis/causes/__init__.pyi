from .all_causes import ALL_CAUSES as ALL_CAUSES
from .card import CardCause as CardCause
from .computer import ComputerCause as ComputerCause
from .programs import ProgramsCause as ProgramsCause
from .reader import ReaderCause as ReaderCause
from .record import Cause as Cause, Details as Details, Obstacle as Obstacle
from .service import ServiceCause as ServiceCause
