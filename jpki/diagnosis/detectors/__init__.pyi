from . import (
    card as card,
    computer as computer,
    other_programs as other_programs,
    privacy as privacy,
    reader as reader,
    service as service,
    usb as usb,
)
from .other_programs import CLIENT_MODULES as CLIENT_MODULES
from .reader import target as target
