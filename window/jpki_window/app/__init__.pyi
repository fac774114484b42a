from .context import Context as Context
from .pages import (
    CARD_ACTIONS as CARD_ACTIONS,
    PIN_ACTIONS as PIN_ACTIONS,
    CardAction as CardAction,
    PinAction as PinAction,
)
from .parts import (
    Beside as Beside,
    Body as Body,
    Buttons as Buttons,
    Choices as Choices,
    Columns as Columns,
    button as button,
    capital as capital,
    clear as clear,
    column as column,
    row as row,
    scrolled as scrolled,
    text as text,
    tile as tile,
    without_commands as without_commands,
)
from .settings import Settings as Settings
from .speaking import announce as announce
from .start import main as main
from .theme import Look as Look
