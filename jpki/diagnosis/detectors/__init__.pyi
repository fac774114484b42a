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
from .sandboxes import (
    installed_in_sandbox as installed_in_sandbox,
    noted_sandboxes as noted_sandboxes,
    sandbox_of as sandbox_of,
)
