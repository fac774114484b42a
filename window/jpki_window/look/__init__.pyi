from .breaking import WholeCopies as WholeCopies, breakable as breakable
from .collecting import Collector as Collector
from .flowing import line as line
from .marks import Dots as Dots, Lock as Lock, Sign as Sign, TimeBar as TimeBar
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
    end as end,
    resize_on_screen as resize_on_screen,
    row as row,
    scrolled as scrolled,
    text as text,
    tile as tile,
    without_commands as without_commands,
)
from .screen import (
    DEBIAN as DEBIAN,
    end_with as end_with,
    explained as explained,
    missing_words as missing_words,
    system_language as system_language,
)
from .settings import TEXT_SIZES as TEXT_SIZES, THEMES as THEMES, Settings as Settings
from .speaking import announce as announce
from .theme import Look as Look
