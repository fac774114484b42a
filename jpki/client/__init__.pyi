from .card import Attributes as Attributes, Card as Card, connect as connect
from .diagnosing import Diagnosis as Diagnosis, diagnose as diagnose
from .service import CardService as CardService, use_service as use_service
from .watching import (
    ReaderChange as ReaderChange,
    ReaderEvent as ReaderEvent,
    Watch as Watch,
    readers as readers,
    watch as watch,
)
