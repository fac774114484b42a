from .device import NoTerminalError as NoTerminalError, TerminalFault as TerminalFault
from .opening import open_terminal as open_terminal
from .prompts import (
    RefusedKeyError as RefusedKeyError,
    confirm as confirm,
    prompt_line as prompt_line,
    prompt_secret as prompt_secret,
    require_terminal as require_terminal,
)
from .text import (
    colour as colour,
    columns_of as columns_of,
    described as described,
    laid_out as laid_out,
    pad as pad,
    table as table,
    width as width,
    wrap as wrap,
)
